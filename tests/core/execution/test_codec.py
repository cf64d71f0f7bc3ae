"""A run as bytes: every bit comes back, and what is not the run asked for is refused."""

import io
import json
import os
import pickle
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import core
from core.execution.codec import Corrupt, decode, encode
from core.parts.cells import CELLS
from core.parts.optimisers import OPTIMISERS
from tests.core.execution.by_hand import SMALL, same, trained
from tests.core.execution.test_pieces import BLOWS_UP
from tests.core.experiment.test_specs import experiments

ADAM = replace(SMALL, training=replace(SMALL.training, steps=10, film_every=3))
Arrays = dict[str, np.ndarray]


@settings(max_examples=60)
@given(experiments(), st.integers(1, 9), st.integers(0, 8))
def test_every_bit_comes_back(experiment: core.Experiment, film_every: int, steps: int) -> None:
    """Any network, task and optimiser, at any moment; and the training goes on as if nothing had been."""
    own = replace(experiment, training=replace(experiment.training, film_every=film_every))
    run = trained(own, steps)
    again = decode(encode(run), own)
    assert same(again, run)
    assert same(core.advance(again, 8), trained(own, steps + 8))


@pytest.mark.parametrize("optimiser", OPTIMISERS)
@pytest.mark.parametrize("cell", CELLS)
def test_cells_and_optimisers(cell: str, optimiser: str) -> None:
    """All of them, half-way."""
    training = core.Training(optimiser=optimiser, steps=6, film_every=4, batch=4)
    run = trained(core.Experiment(core.Recurrent(cell=cell, hidden=3, embedding=2), core.Roles(gap=2), training), 3)
    assert same(decode(encode(run), run.experiment), run)


@pytest.mark.parametrize("run", [core.start(SMALL), trained(BLOWS_UP), trained(SMALL)], ids=["new", "wild", "done"])
def test_the_beginning_and_the_end(run: core.Run) -> None:
    """Untouched, blown up (with infinities in its weights), and done."""
    assert same(decode(encode(run), run.experiment), run)


def test_a_run_that_blows_up_before_its_first_step() -> None:
    """Nothing but its weights and what happened."""
    wild = core.Experiment(core.FeedForward(depth=200, activation="relu", gain=10.0), core.Blobs())
    run = trained(wild)
    assert run.trouble and run.step < 3
    assert same(decode(encode(run), wild), run)


DATA = encode(trained(ADAM, 7))


@given(st.integers(0, len(DATA) - 1), st.integers(1, 255))
def test_a_changed_byte_never_does_harm(at: int, by: int) -> None:
    """It is refused, or comes to a run of this experiment with other numbers: no other exception."""
    damaged = bytearray(DATA)
    damaged[at] ^= by
    try:
        run = decode(bytes(damaged), ADAM)
    except Corrupt:
        return
    assert run.experiment == ADAM and run.step <= ADAM.training.steps


@pytest.mark.parametrize(
    "data", [b"", b"no run", DATA[:100], DATA[: len(DATA) // 2], DATA[:-1], DATA[40:], b"\0" * 999]
)
def test_no_run_at_all(data: bytes) -> None:
    """Empty, foreign, cut off."""
    with pytest.raises(Corrupt):
        decode(data, ADAM)


@pytest.mark.parametrize(
    "other",
    [replace(ADAM, seed=1), replace(ADAM, training=replace(ADAM.training, steps=11)), core.Experiment()],
)
def test_another_experiments_run(other: core.Experiment) -> None:
    """However whole it is."""
    with pytest.raises(Corrupt, match="another experiment"):
        decode(DATA, other)


def rewritten(change: Callable[[Arrays, dict[str, Any]], object]) -> bytes:
    """The run's bytes with something changed by somebody who knows the format."""
    with np.load(io.BytesIO(DATA)) as file:
        arrays = dict(file)
    text = json.loads(arrays.pop("text").tobytes())
    change(arrays, text)
    file = io.BytesIO()
    np.savez(file, text=np.frombuffer(json.dumps(text).encode(), np.uint8), **arrays)  # type: ignore[arg-type]
    return file.getvalue()


CHANGES: dict[str, Callable[[Arrays, dict[str, Any]], object]] = {
    "steps": lambda arrays, text: text.update(step=8),
    "too many steps": lambda arrays, text: text.update(step=10**9),
    "negative": lambda arrays, text: text.update(step=-1),
    "no steps": lambda arrays, text: text.pop("step"),
    "frame": lambda arrays, text: text.update(frames=[0, 3, 7]),
    "frames": lambda arrays, text: (text.update(frames=[0, 3]), text["movement"].pop()),
    "movement": lambda arrays, text: text["movement"].pop(),
    "list": lambda arrays, text: text.update(movement=[[], [], []]),
    "loss": lambda arrays, text: arrays.update(loss=arrays["loss"][1:]),
    "weight": lambda arrays, text: arrays.pop("parameter readout.bias"),
    "one more": lambda arrays, text: arrays.update({"parameter new": np.zeros(2, np.float32)}),
    "shape": lambda arrays, text: arrays.update({"parameter readout.bias": np.zeros(3, np.float32)}),
    "type": lambda arrays, text: arrays.update({"parameter readout.bias": np.zeros(8, np.float64)}),
    "slot": lambda arrays, text: arrays.pop("optimiser mean"),
    "long slot": lambda arrays, text: arrays.update({"optimiser mean": np.zeros(9, np.float32)}),
    "answers": lambda arrays, text: arrays.update({"film probability": np.zeros((3, 2), np.float32)}),
    "profile": lambda arrays, text: arrays.update({"film log_norm": np.zeros(3)}),
    "accuracy": lambda arrays, text: arrays.update({"film accuracy": np.array(["high"] * 3)}),
}


@pytest.mark.parametrize("name", CHANGES)
def test_parts_that_do_not_fit(name: str) -> None:
    """What the experiment itself can tell is not believed."""
    assert same(decode(rewritten(lambda arrays, text: None), ADAM), trained(ADAM, 7))
    with pytest.raises(Corrupt):
        decode(rewritten(CHANGES[name]), ADAM)


class Planted:
    """Leaves a sign when it is unpickled."""

    def __init__(self, sign: Path) -> None:
        self.sign = sign

    def __reduce__(self) -> Any:
        return os.mkdir, (str(self.sign),)


def test_pickles_are_never_opened(tmp_path: Path) -> None:
    """Neither alone nor inside the arrays, where NumPy would open them if it were asked to."""
    sign, planted = tmp_path / "sign", np.array([Planted(tmp_path / "sign")])
    inside = rewritten(lambda arrays, text: arrays.update({"parameter readout.bias": planted}))
    with np.load(io.BytesIO(inside), allow_pickle=True) as file:
        assert len(file["parameter readout.bias"]) == 1 and sign.exists()
    sign.rmdir()
    for data in (inside, pickle.dumps(planted[0]), rewritten(lambda arrays, text: arrays.update(loss=planted))):
        with pytest.raises(Corrupt):
            decode(data, ADAM)
    assert not sign.exists()


def test_a_small_file_can_not_swell() -> None:
    """64 MB of zeros in 64 kB: not even unpacked."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        array = io.BytesIO()
        np.save(array, np.zeros(2**23))
        archive.writestr("loss.npy", array.getvalue())
    with pytest.raises(Corrupt) as found:
        decode(file.getvalue(), ADAM)
    assert "compressed" in repr(found.value.__cause__)
