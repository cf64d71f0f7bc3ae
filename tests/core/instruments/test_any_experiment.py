"""Whatever a page may ask for: every instrument answers every kind of network and task, or says in words why not."""

import dataclasses
from collections.abc import Callable

import numpy as np
import pytest

import core
from core.instruments.clipping import one_step
from core.instruments.coherence import coherence, shattering
from core.instruments.exactness import check
from core.instruments.influence import influence
from core.instruments.many_digits import check_digits
from core.instruments.movement import movement, undo
from core.instruments.probe import probe
from core.instruments.saturation import saturation
from core.instruments.slices import loss_slice
from core.instruments.underflow import underflow

SEQUENCES = [
    core.France(gap=2),
    core.Roles(gap=2),
    core.Adding(length=6),
    core.Noise(length=5),
    core.Copy(symbols=2, pause=2),
]
EXPERIMENTS = [
    *(
        (core.Recurrent(hidden=4, embedding=3, cell=cell), task)
        for cell in ("tanh", "lstm", "lru")
        for task in SEQUENCES
    ),
    *((core.Recurrent(hidden=4, embedding=3, layers=2, tied=False, dropout="naive"), task) for task in SEQUENCES[:2]),
    *((core.Attention(heads=2, head_width=3), task) for task in SEQUENCES),
    (core.FeedForward(depth=3, width=5), core.Blobs()),
    (core.FeedForward(depth=3, width=5, normalisation="batch", skip="highway"), core.Blobs()),
    (core.Convolutional(depth=2, width=2), core.Blobs()),
]
INSTRUMENTS: dict[str, Callable[[core.Run], object]] = {
    "exactness": lambda run: check(run.experiment, run),
    "digits": lambda run: check_digits(run.experiment, run),
    "underflow": lambda run: underflow(run.experiment, run, ("float16",)),
    "influence": lambda run: influence(run.experiment, run),
    "movement": movement,
    "undo": lambda run: undo(run, draws=1),
    "slice": lambda run: loss_slice(run.experiment, [run], size=2, examples=4),
    "clipping": lambda run: one_step(run.experiment, run),
    "probe": lambda run: probe(run.experiment, run, examples=32),
    "saturation": lambda run: saturation(run.experiment, run),
    "coherence": lambda run: coherence(run.experiment, run, steps=2, examples=2),
    "shattering": lambda run: shattering(run.experiment, (1, 2), places=8),
}


def name(pair: object) -> str:
    return "-".join(part.name for part in pair) if isinstance(pair, tuple) else ""


@pytest.fixture(autouse=True)
def shorter_stories(monkeypatch: pytest.MonkeyPatch) -> None:
    """2000 steps are tried elsewhere."""
    monkeypatch.setattr("core.instruments.underflow.FARTHEST", 60)


@pytest.mark.parametrize("instrument", INSTRUMENTS)
@pytest.mark.parametrize("pair", EXPERIMENTS, ids=name)
def test_an_answer_or_a_reason(pair: tuple[core.Recurrent, core.France], instrument: str) -> None:
    """Untrained, and after a run that blew up: numbers (perhaps NaN), and not all of them NaN where nothing blew up."""
    run = core.start(core.Experiment(*pair, core.Training(batch=8, steps=6)))
    ruined = {each: np.full_like(values, np.nan) for each, values in run.parameters.items()}
    for tried in (run, dataclasses.replace(run, parameters=ruined, trouble="The loss became nan.")):
        try:
            result = INSTRUMENTS[instrument](tried)
        except core.SpecError as reason:
            assert len(str(reason)) > 30
            continue
        arrays = [getattr(result, field.name) for field in dataclasses.fields(result)]
        numbers = np.concatenate([np.ravel(each) for each in arrays if isinstance(each, np.ndarray)])
        assert not np.isnan(numbers).all() or tried.trouble
