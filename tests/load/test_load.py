"""Every scenario at a quarter of its size (GDL_LOAD for another): nothing fails and all numbers are right. Nothing is timed."""

import asyncio
import os

import pytest

from tests.load.report import Result, scale
from tests.load.scenarios import SCENARIOS

pytestmark = pytest.mark.load
WITHOUT_ERRORS = ("sliding", "training", "soak", "room", "fuzz")


def run(name: str, monkeypatch: pytest.MonkeyPatch) -> list[Result]:
    """A scenario's results, printed; none of them has an error."""
    if "GDL_LOAD" not in os.environ:
        monkeypatch.setenv("GDL_LOAD", "short")
    results = asyncio.run(SCENARIOS[name](scale()))
    print(*results, sep="\n")
    assert results
    assert [error for each in results for error in each.errors] == []
    return results


@pytest.mark.parametrize("name", WITHOUT_ERRORS)
def test_nothing_fails(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No exception or error on a page, no traceback in the log, no answer that never came, no wrong number."""
    run(name, monkeypatch)


def test_all_scenarios_are_here() -> None:
    """Those that the other tests name."""
    assert {*WITHOUT_ERRORS, "kill", "leave", "same", "equal"} == set(SCENARIOS)


def test_no_killed_worker_costs_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """All end, with the numbers of an undisturbed run (compared by the scenario), although workers were killed."""
    (result,) = run("kill", monkeypatch)
    assert result.numbers["workers killed"] > 0
    assert result.numbers["runs lost"] == 0


def test_who_leaves_in_the_middle_goes_on_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """No step back, and no work for nobody."""
    (result,) = run("leave", monkeypatch)
    steps = [result.numbers[name] for name in ("left at step", "back in the same tab, step", "back in a new one, step")]
    assert steps == sorted(steps) and steps[0] > 0


def test_equal_settings_give_equal_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    """For 40 at once, and those of ``core`` (compared by the scenario)."""
    (result,) = run("same", monkeypatch)
    assert result.numbers["charts compared"] == 240


def test_equal_trainings_are_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """40 who train the same have the workers do what one has: counted in training steps."""
    (result,) = run("equal", monkeypatch)
    assert result.numbers["work ratio"] == 1
