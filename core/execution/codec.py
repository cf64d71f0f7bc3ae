"""A run as bytes and back, without pickle: a JSON text and plain arrays in NumPy's own file format.

Bytes may come from a damaged disk or from somebody else: ``decode`` believes nothing that the experiment itself can tell.
"""

import io
import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import numpy as np
from numpy import ndarray

from ..experiment.sampling import initial
from ..experiment.specs import Experiment, from_query
from ..parts.optimisers import OPTIMISERS
from ..training.run import Frame, Run, flat

_SCALARS = tuple(field.name for field in fields(Frame) if field.type in (float, "float"))
_ARRAYS = ("log_norm", "probability")


class Corrupt(ValueError):
    """Bytes that are not a run of the experiment asked for."""


def encode(run: Run) -> bytes:
    """Writes the whole run, every number to the last bit."""
    movement = [dict(frame.movement) for frame in run.film]
    text = {
        "query": run.experiment.to_query(),
        "step": run.step,
        "trouble": run.trouble,
        "frames": [frame.step for frame in run.film],
        "movement": movement,
    }
    arrays: dict[str, ndarray] = {"loss": np.array(run.loss, float), "reach": np.array(run.reach, float)}
    arrays |= {f"parameter {name}": values for name, values in run.parameters.items()}
    arrays |= {f"optimiser {name}": values for name, values in run.optimiser.items()}
    for name in (*_SCALARS, *_ARRAYS) if run.film else ():
        arrays[f"film {name}"] = np.array([getattr(frame, name) for frame in run.film])
    file = io.BytesIO()
    np.savez(file, text=np.frombuffer(json.dumps(text).encode(), np.uint8), **arrays)  # type: ignore[arg-type]
    return file.getvalue()


def decode(data: bytes, experiment: Experiment) -> Run:
    """Reads the run that was encoded. Raises Corrupt when it is not one of this experiment."""
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            if any(member.compress_type for member in file.zip.infolist()):
                raise Corrupt("compressed: a few bytes could swell to fill the memory")
            arrays = {name: file[name] for name in file.files}
        text = json.loads(arrays.pop("text").tobytes())
        film = {name: arrays.pop(f"film {name}") for name in (*_SCALARS, *_ARRAYS)} if text["frames"] else {}
        frames = tuple(
            _frame(int(step), moved, {name: values[i] for name, values in film.items()})
            for i, (step, moved) in enumerate(zip(text["frames"], text["movement"], strict=True))
        )
        run = Run(
            from_query(text["query"]),
            int(text["step"]),
            {name.partition(" ")[2]: values for name, values in arrays.items() if name.startswith("parameter ")},
            {name.partition(" ")[2]: values for name, values in arrays.items() if name.startswith("optimiser ")},
            frames,
            tuple(arrays["loss"].tolist()),
            tuple(arrays["reach"].tolist()),
            str(text["trouble"]),
        )
    except Exception as error:  # whatever strange bytes lead to
        raise Corrupt(f"not a run: {type(error).__name__}") from error
    _check(run, experiment)
    return run


def _frame(step: int, movement: Mapping[str, float], numbers: Mapping[str, Any]) -> Frame:
    parts: dict[str, Any] = {name: float(numbers[name]) for name in _SCALARS}
    parts |= {name: numbers[name] for name in _ARRAYS}
    return Frame(step, movement={str(name): float(value) for name, value in movement.items()}, **parts)


def _check(run: Run, experiment: Experiment) -> None:
    """Raises Corrupt unless everything fits the experiment and itself."""
    if run.experiment != experiment:
        raise Corrupt("a run of another experiment")
    start = initial(experiment)
    same = list(run.parameters) == list(start) and all(
        (values.shape, values.dtype) == (start[name].shape, start[name].dtype)
        for name, values in run.parameters.items()
    )
    size, training = flat(start).size, experiment.training
    _, first = OPTIMISERS[training.optimiser].step(np.zeros(1, np.float32), {}, 0)
    slots = run.optimiser.keys() == (first.keys() if run.step else set()) and all(
        values.shape == (size,) and values.dtype == np.float32 for values in run.optimiser.values()
    )
    answers = (experiment.task.shape().outputs,)
    shots = all(shot.probability.shape == answers and shot.log_norm.ndim == 1 for shot in run.film)
    counted = len(run.loss) == len(run.reach) == run.step <= training.steps
    if not (same and slots and shots and counted and _filmed(run)):
        raise Corrupt("its parts do not fit together")


def _filmed(run: Run) -> bool:
    """Tells whether the frames are those of a run that has come so far; the newest may be missing where it blew up."""
    training = run.experiment.training
    due = [step for step in range(run.step + 1) if step % training.film_every == 0 or step == training.steps]
    steps = [frame.step for frame in run.film]
    return steps == due or (steps == due[:-1] and (bool(run.trouble) or not run.step))
