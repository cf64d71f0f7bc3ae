"""The forecast, held against a simulation by small slices of time, and against what must be true of any schedule."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.execution.forecast import schedule

WORK = st.lists(st.floats(0, 100), max_size=12)
SLICE = 0.01  # seconds


def simulated(left: list[float], workers: int, turns: int) -> list[tuple[float, float]]:
    """Slice by slice, those that take turns each get an even share of the workers, a whole one at most."""
    rest, found, now = dict(enumerate(left)), [(0.0, 0.0)] * len(left), 0.0
    begun: dict[int, float] = {}
    while rest:
        active = list(rest)[:turns]
        for i in active:
            begun.setdefault(i, now)
            rest[i] -= SLICE * min(1, workers / len(active))
        now += SLICE
        for i in active:
            if rest[i] <= 0:
                del rest[i]
                found[i] = (begun[i], now)
    return found


@given(st.lists(st.integers(1, 300).map(lambda n: n / 100), max_size=8), st.integers(1, 4), st.integers(1, 6))
def test_the_simulation_says_the_same(left: list[float], workers: int, turns: int) -> None:
    """But for the slices, of which each end and each start may be off by some."""
    for mine, its in zip(schedule(left, workers, turns), simulated(left, workers, turns), strict=True):
        assert mine == pytest.approx(its, abs=SLICE * (len(left) + 2) * len(left))


@given(WORK, st.integers(1, 6), st.integers(1, 8))
def test_what_is_true_of_any_schedule(left: list[float], workers: int, turns: int) -> None:
    """Starts in the order of the queue, ends never before start + work; the whole takes as long as the work needs."""
    found = schedule(left, workers, turns)
    starts, ends = [start for start, _ in found], [end for _, end in found]
    assert starts == sorted(starts)
    assert all(start == 0 for start in starts[:turns])
    for work, (start, end) in zip(left, found, strict=True):
        assert end >= start + work * (1 - 1e-9)
    if left:
        assert max(ends) >= max(sum(left) / min(workers, turns, len(left)), max(left)) * (1 - 1e-9)
        assert max(ends) <= (sum(left) / min(workers, turns) + max(left)) * (1 + 1e-9)
        for start in starts[turns:]:
            assert any(start == pytest.approx(end) for end in ends), "somebody made room"


@given(st.lists(st.floats(0.1, 100), min_size=1, max_size=12), st.integers(1, 6))
def test_nothing_is_left_idle(left: list[float], workers: int) -> None:
    """With everybody taking turns, the workers do as much as they can until the ends thin out: work is conserved."""
    ends = sorted(end for _, end in schedule(left, workers, len(left)))
    moments = [0.0, *ends]
    spans = [after - before for before, after in pairwise(moments)]
    done = sum(span * min(workers, len(left) - i) for i, span in enumerate(spans))
    assert done == pytest.approx(sum(left))


@given(st.floats(0, 100), st.integers(1, 6), st.integers(1, 6))
def test_alone(work: float, workers: int, turns: int) -> None:
    """It takes as long as it takes, and begins now."""
    assert schedule([work], workers, turns) == [(0.0, work)]


def test_by_hand() -> None:
    """Two take turns on one worker, a third waits; the first is done after 2 s, when the third takes its place."""
    assert schedule([1.0, 3.0, 1.0], 1, 2) == [(0.0, 2.0), (0.0, 5.0), (2.0, 4.0)]
    assert schedule([], 2, 2) == []
    assert schedule([0.0, 0.0, 0.0], 1, 1) == [(0.0, 0.0)] * 3
