"""Turns: whoever has waited longest comes next, and nobody waits for ever."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.execution import jobs as module
from core.execution.jobs import Job
from core.execution.turns import Turns


class Chore(Job):
    """A job that is over when the test says so."""

    def __init__(self, name: str, long: bool = False) -> None:
        super().__init__()
        self.name, self.over = name, False
        self.long = long  # type: ignore[misc]

    def __repr__(self) -> str:
        return self.name

    @property
    def finished(self) -> bool:
        """As the test says."""
        return self.over


class Room:
    """Turns, and a clock that stands still unless it is told to go on."""

    def __init__(self, patch: pytest.MonkeyPatch, runs: int = 0, per_student: int = 8) -> None:
        self.now = 0.0
        patch.setattr(module.time, "monotonic", lambda: self.now)
        self.parked: list[Job] = []
        self.turns = Turns(runs, per_student, self.parked.append)
        self.chores: dict[str, Chore] = {}

    def want(self, student: str, *names: str) -> None:
        """The student looks at these (and goes on looking at others)."""
        for name in names:
            self.turns.want(student, name, self.chores.setdefault(name, Chore(name)))

    def next(self, long: bool = True) -> str:
        """Whose turn it is; "" if nobody's. The piece is done at once."""
        return repr(self.turns.next(1, lambda job: long or not job.long) or "").strip("'")

    def split(self) -> tuple[str, str]:
        """Names of those that take turns, and of the queue."""
        active, queue = self.turns.split(1)
        return " ".join(map(repr, active)), " ".join(map(repr, queue))


Make = Callable[..., Room]


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Make:
    """``room(runs=2)``: a room with such limits."""
    return lambda **limits: Room(monkeypatch, **limits)


def test_students_take_turns_not_runs(room: Make) -> None:
    """Ada has eight runs, Bob one: every second piece is Bob's, and Ada's eight get one each."""
    here = room()
    here.want("ada", *(f"a{i}" for i in range(8)))
    here.want("bob", "b")
    served = [here.next() for _ in range(16)]
    assert served[1::2] == ["b"] * 8 or served[::2] == ["b"] * 8
    assert Counter(served) == {"b": 8, **{f"a{i}": 1 for i in range(8)}}


def test_a_newcomer_comes_first_once(room: Make) -> None:
    """Whoever presses Train sees something at once; then all take turns."""
    here = room()
    for name in "abc":
        here.want(name, name)
    assert [here.next() for _ in range(7)] == list("abcabca")
    here.want("new", "n")
    assert [here.next() for _ in range(8)] == list("nbcanbca")


def test_equal_work_is_done_once_for_all(room: Make) -> None:
    """Thirty who share one run and one who has their own: turn and turn about."""
    here = room()
    for i in range(30):
        here.want(f"student {i}", "shared")
    here.want("alone", "own")
    assert Counter(here.next() for _ in range(20)) == {"shared": 10, "own": 10}


def test_what_is_shared_does_not_put_off_what_is_not(room: Make) -> None:
    """Eve shares two runs with Bob and Carl, who wait for nothing else; her own one is served all the same."""
    here = room()
    here.want("eve", "x", "y", "own")
    here.want("bob", "x")
    here.want("carl", "y")
    served = Counter(here.next() for _ in range(30))
    assert min(served[name] for name in ("x", "y", "own")) >= 5


def test_limits_and_the_queue(room: Make) -> None:
    """Two of one student, three in all; the others queue in the order in which they came."""
    here = room(runs=3, per_student=2)
    here.want("ada", "a1", "a2", "a3")
    assert here.split() == ("a1 a2", "a3")
    here.want("bob", "b1", "b2")
    assert here.split() == ("a1 a2 b1", "a3 b2")
    assert {here.next() for _ in range(9)} == {"a1", "a2", "b1"}
    here.chores["a1"].over = True
    assert here.split() == ("a2 a3 b1", "b2")
    here.chores["a2"].over = True
    assert here.split() == ("a3 b1 b2", "")
    assert [here.chores[name] for name in ("a1", "a2")] == here.parked


def test_a_shared_run_counts_for_whoever_has_room(room: Make) -> None:
    """Ada has her share already, but Bob waits for it, too."""
    here = room(per_student=1)
    here.want("ada", "a1", "a2")
    assert here.split() == ("a1", "a2")
    here.want("bob", "a2")
    assert here.split() == ("a1 a2", "")


def test_by_default_as_many_as_move_on_within_five_seconds(room: Make) -> None:
    """For each worker."""
    here = room(per_student=1000)
    here.want("ada", *(str(i) for i in range(100)))
    for workers in (1, 3):
        active, queue = here.turns.split(workers)
        assert len(active) == Turns.PER_WORKER * workers == min(100, int(5 / module.PIECE) - 1) * workers
        assert len(active) + len(queue) == 100


def test_who_does_not_look_any_more_is_parked(room: Make) -> None:
    """After a while; who comes back stands at the end of the queue."""
    here = room(runs=1)
    here.want("ada", "a")
    here.want("bob", "b")
    here.want("carl", "c")
    here.now += module.PATIENCE - 0.1
    here.want("bob", "b")
    here.want("carl", "c")
    assert here.split() == ("a", "b c")
    here.now += 0.2
    here.want("ada", "a")
    assert here.split() == ("b", "c a")
    assert not here.parked
    here.now += module.PATIENCE
    assert here.split() == ("", "") and here.next() == ""
    assert sorted(map(repr, here.parked)) == ["a", "b", "c"]
    assert not any(chore.watchers for chore in here.chores.values()), "nobody's name is kept"


def test_stopping_and_leaving(room: Make) -> None:
    """Stop drops what is not wanted any more; others go on waiting for it."""
    here = room()
    here.want("ada", "a", "both")
    here.want("bob", "both")
    here.turns.drop("ada", Chore, but=[here.chores["a"]])
    assert here.split() == ("a both", "")
    here.turns.forget("ada")
    assert here.split() == ("both", "") and here.parked == [here.chores["a"]]
    here.turns.forget("bob")
    assert here.split() == ("", "")


def test_a_busy_job_is_not_parked(room: Make) -> None:
    """Its piece comes back; until then it is neither served nor forgotten."""
    here = room()
    here.want("ada", "a")
    here.chores["a"].busy = True
    assert here.next() == ""
    here.turns.forget("ada")
    assert here.split() == ("", "") and not here.parked
    here.chores["a"].busy = False
    assert here.split() == ("", "") and here.parked


def test_long_ones_and_those_that_failed_wait(room: Make) -> None:
    """Long ones until there is a worker to spare, others until it is time to try again."""
    here = room()
    here.chores["long"] = Chore("long", long=True)
    here.want("ada", "long")
    here.want("bob", "b")
    assert [here.next(long=False) for _ in range(2)] == ["b", "b"]
    here.chores["b"].not_before = here.now + 1
    assert [here.next(long=False), here.next(long=True)] == ["", "long"]
    here.now += 1
    assert here.next(long=False) == "b"


WISHES = st.lists(st.sets(st.integers(0, 9), min_size=1, max_size=5), min_size=1, max_size=8)


@settings(max_examples=200)
@given(WISHES, st.integers(1, 4), st.data())
def test_nothing_starves(wishes: Sequence[set[int]], workers: int, data: Any) -> None:
    """Whoever wants what, however pieces come back: each run is served once in (students × runs of one) pieces."""
    with pytest.MonkeyPatch.context() as patch:
        here = Room(patch)
        for i, names in enumerate(wishes):
            here.want(f"student {i}", *map(str, sorted(names)))
        bound = len(wishes) * max(map(len, wishes)) + 2 * workers
        since, busy = Counter[str](), list[Job]()
        for _ in range(4 * bound):
            job = here.turns.next(workers, lambda _: True)
            if job:
                job.busy = True
                busy.append(job)
                since.update(name for name, chore in here.chores.items() if not chore.busy)
                since[repr(job)] = 0
                assert max(since.values()) <= bound, (since, wishes)
            if not job or len(busy) == workers:
                busy.pop(data.draw(st.integers(0, len(busy) - 1))).busy = False
