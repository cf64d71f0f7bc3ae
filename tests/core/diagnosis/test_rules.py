"""The rules by themselves, on recordings made by hand: on both sides of each threshold, and on whatever a file may hold."""

import io
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.diagnosis import AILMENTS, FINE, FOUND, QUANTITIES, Check, diagnose, flow
from core.diagnosis.grids import Grids, median, picked, thinned
from core.recording import Finding, Recording, read_recording
from core.recording.kinds import ORDER
from core.recording.ledger import ROW
from core.wording import LN10

Row = tuple[int, int, str, int, float, float]  # step, layer, kind, position, log_norm, zeros


def made(
    rows: list[Row], layers: tuple[str, ...], losses: tuple[tuple[int, float], ...] = (), **more: object
) -> Recording:
    """A recording of these rows."""
    table = np.array([(s, i, ORDER.index(kind), at, log, zeros, 0, 10) for s, i, kind, at, log, zeros in rows], ROW)
    return Recording(1, layers, table, losses, **more)  # type: ignore[arg-type]


def chain(*decades: float, steps: int = 1, **kinds: float) -> Recording:
    """Layers a, b, c … whose signals are these powers of ten; ``kinds``: ln-norms of other kinds, the same in all layers."""
    rows: list[Row] = []
    for step in range(steps):
        for layer, decade in enumerate(decades):
            rows.append((step, layer, "output", -1, decade * LN10, 0.0))
            for kind, value in ({"weight": 0.0, "update": math.log(1e-3), "gradient": 0.0} | kinds).items():
                rows.append((step, layer, kind, -1, value, 0.0))
    return made(rows, tuple("abcdefgh"[: len(decades)]))


def state(recording: Recording, ailment: str) -> str:
    """What the check of one ailment says."""
    return next(check.state for check in diagnose(recording).checks if check.ailment == ailment)


@pytest.mark.parametrize(("decades", "found"), [(-2.99, ""), (-3.01, "vanishing"), (2.99, ""), (3.01, "exploding")])
def test_a_thousandth_and_a_thousandfold(decades: float, found: str) -> None:
    """Through layers and, the same, through time."""
    along = chain(decades, 0.0, 0.0)
    for name in ("vanishing", "exploding"):
        assert state(along, name) == (FOUND if name == found else FINE)
    rows: list[Row] = [(0, 0, "input", t, decades * LN10 * (9 - t) / 9, 0.0) for t in range(10)]
    for name in ("vanishing", "exploding"):
        assert state(made(rows, ("lstm",)), f"{name}_time") == (FOUND if name == found else FINE)


@pytest.mark.parametrize(("ratio", "found"), [(0.11, "wild"), (0.09, ""), (1.1e-6, ""), (0.9e-6, "still")])
def test_how_far_a_step_may_go(ratio: float, found: str) -> None:
    """All layers alike, a loss that does not fall."""
    recording = chain(0.0, 0.0, 0.0, steps=8, update=math.log(ratio))
    recording = Recording(1, recording.layers, recording.rows, tuple((i, 1.0) for i in range(8)))
    for name in ("wild", "still"):
        assert state(recording, name) == (FOUND if name == found else FINE)


@pytest.mark.parametrize(("output", "weights", "found"), [(0.81, 0.51, True), (0.79, 0.51, False), (0.81, 0.49, False)])
def test_how_many_zeros_are_too_many(output: float, weights: float, found: bool) -> None:
    """In the first of two layers, whose read-out is alive."""
    rows: list[Row] = []
    for layer in (0, 1):
        rows += [(0, layer, "output", -1, 0.0, output if layer == 0 else 0.0)]
        rows += [(0, layer, "gradient", -1, 0.0, weights if layer == 0 else 0.0), (0, layer, "weight", -1, 0.0, 0.0)]
    assert state(made(rows, ("a", "b")), "dead") == (FOUND if found else FINE)
    assert state(made(rows, ("a", "b"), types=("Embedding", "Linear")), "dead") != FOUND
    assert state(made(rows, ("a", "b"), types=("Linear", "Tanh")), "dead") != FOUND


def test_the_middle_of_the_steps_decides() -> None:
    """Not the first, not the last, and no step that is not finite."""
    rows: list[Row] = []
    for step, decades in enumerate((-9.0, -1.0, -1.0, -1.0, -9.0)):
        rows += [(step, layer, "output", -1, value * LN10, 0.0) for layer, value in enumerate((decades, 0.0, 0.0))]
    assert state(made(rows, ("a", "b", "c")), "vanishing") == FINE
    rows += [(5 + step, layer, "output", -1, math.nan, 0.0) for step in range(9) for layer in range(3)]
    assert state(made(rows, ("a", "b", "c")), "vanishing") == FINE


def test_containers_and_the_model_are_no_layers_of_the_way() -> None:
    """Only what lies inside of them."""
    rows: list[Row] = [(0, layer, "output", -1, value, 0.0) for layer, value in enumerate((-9.0, 0.0, 0.0, 5.0, 9.0))]
    grids = Grids(made(rows, ("body.0", "body.1", "head", "body", "(model)")))
    assert [grids.layers[i] for i in grids.chain] == ["body.0", "body.1", "head"]


def test_padding_is_not_the_end_of_a_sequence() -> None:
    """Behind the last step that the loss asks for, the signal is 0."""
    rows: list[Row] = [(0, 0, "input", t, -1.0 if t < 8 else -math.inf, 0.0) for t in range(12)]
    (found,) = [check for check in diagnose(made(rows, ("lstm",))).checks if check.ailment == "vanishing_time"]
    assert found.state == FINE and found.value == 0.0


def test_a_loss_alone_can_tell() -> None:
    """NaN in the losses, or counted in the rows, without a finding of the recorder's."""
    assert state(Recording(1, ("a",), chain(0.0).rows, ((0, 1.0), (3, math.nan))), "nonfinite") == FOUND
    rows = chain(0.0, 0.0).rows.copy()
    rows["nonfinite"][3] = 2
    assert state(Recording(1, ("a", "b"), rows), "nonfinite") == FOUND


def test_picked_and_thinned() -> None:
    """Evenly, both ends among them; the rows of the rest are gone."""
    assert picked(5, 9).tolist() == [0, 1, 2, 3, 4]
    assert picked(101, 5).tolist() == [0, 25, 50, 75, 100]
    recording = chain(*range(8), steps=30)
    few = thinned(recording, steps=4, layers=3)
    assert few.steps.tolist() == [0, 10, 19, 29]
    assert np.unique(few.rows["layer"]).tolist() == [0, 4, 7]
    assert few.layers == recording.layers


def test_the_median_knows_zero() -> None:
    """−∞ counts as the smallest number, NaN not at all."""
    assert median(np.array([-np.inf, -np.inf, 0.0])) == -math.inf
    assert median(np.array([np.nan, 1.0, 3.0])) == 2.0
    assert median(np.array([-np.inf, 1.0])) == -math.inf
    assert math.isnan(median(np.array([np.nan])))


def test_flow_marks_what_is_no_number() -> None:
    """−∞ for a zero, +∞ for NaN and ∞, NaN where nothing was recorded."""
    rows: list[Row] = [
        (0, i, "output", -1, value, 0.25) for i, value in enumerate((-math.inf, math.nan, math.inf, 1.0))
    ]
    rows.append((1, 3, "output", -1, 2.0, 0.5))
    signal = flow(made(rows, ("a", "b", "c", "d"))).grids["signal"]
    assert signal[0].tolist() == [-math.inf, math.inf, math.inf, 1.0]
    assert np.isnan(signal[1, :3]).all() and signal[1, 3] == 2.0


def test_flow_is_small_and_keeps_the_ends() -> None:
    """Whatever the size of the recording."""
    rows: list[Row] = []
    names = tuple(f"layer{i}" for i in range(200))
    for step in range(300):
        rows += [(step, layer, "output", -1, float(step + layer), 0.0) for layer in range(200)]
    drawn = flow(made(rows, names))
    assert drawn.recorded == (300, 200)
    assert len(drawn.steps) <= 50 and drawn.steps[[0, -1]].tolist() == [0, 299]
    assert len(drawn.layers) <= 40 and (drawn.layers[0], drawn.layers[-1]) == ("layer0", "layer199")
    assert drawn.grids["signal"][-1, -1] == 299 + 199
    assert set(drawn.grids) == set(QUANTITIES)


anything = st.one_of(st.floats(-800, 800), st.sampled_from([-math.inf, math.inf, math.nan, 0.0]))
lines = st.tuples(
    st.sampled_from([0, 1, 2, 7, 1000]),
    st.integers(0, 3),
    st.sampled_from(ORDER),
    st.sampled_from([-1, -1, 0, 1, 2, 3, 4, 5, 9]),
    anything,
    st.floats(0, 1),
)


@given(
    st.lists(lines, max_size=60),
    st.lists(st.tuples(st.sampled_from([0, 1, 7]), anything), max_size=4),
    st.sampled_from([(), ("Tanh",) * 4, ("Linear", "Sigmoid", "Linear", "Sequential")]),
    st.sampled_from([(), (Finding(1, "forward", "b", "NaN"),), (Finding(0, "gradient", "b.weight", "∞"),)]),
)
def test_nothing_that_a_file_may_hold_breaks_it(
    rows: list[Row], losses: list[tuple[int, float]], types: tuple[str, ...], findings: tuple[Finding, ...]
) -> None:
    """Every recording that can be written and read has one check of each ailment and a flow; no warning, no exception."""
    recording = made(rows, ("a", "b", "a.c", "(model)"), tuple(losses), findings=findings, types=types)
    recording = read_recording(io.BytesIO(recording.as_bytes("x.parquet")))
    checks = diagnose(recording).checks
    assert [check.ailment for check in checks] == list(AILMENTS)
    assert all(isinstance(check, Check) and check.said for check in checks)
    assert "nan" not in " ".join(check.said for check in checks).replace("NaN", "")
    assert flow(recording).recorded[0] == len(recording.steps)
