"""Claims D1 to D8: verdicts come out differently where they should, and nothing is judged that was not shown."""

import pytest

import core
from core.claims import CLAIMS


def base(name: str, **settings: object) -> core.Experiment:
    """The claim's own experiment with other settings."""
    return CLAIMS[name].base.changed(**settings)


@pytest.mark.parametrize("name", ["d1", "d6", "d7"])
def test_a_network_that_has_learned_nothing_shows_nothing(name: str) -> None:
    """After one step every answer is a guess: that is not because of the distance."""
    verdict = CLAIMS[name].judge(base(name, steps=1))
    assert verdict.verdict == "only_when"
    assert "learned" in verdict.when


@pytest.mark.parametrize("name", ["d1", "d5", "d6", "d7"])
def test_a_network_that_blew_up_is_not_judged(name: str) -> None:
    """What it answered before it was trained is not what it learned."""
    settings = {"cell": "relu", "gain": 3.0, "optimiser": "sgd", "learning_rate": 10.0, "clip": 0.0}
    with pytest.raises(core.SpecError, match="blew up"):
        CLAIMS[name].judge(base(name, **settings))


def test_one_way_back_does_for_all_words_unless_it_is_cut() -> None:
    """Exactly equal without windows, something else with them; numbers as answers have no word-by-word loss."""
    assert CLAIMS["d4"].judge(base("d4")).verdict == "only_when"
    cut = CLAIMS["d4"].judge(base("d4", truncate=3))
    assert cut.verdict == "fails"
    assert cut.numbers["exact"] < 1e-12 < cut.number
    with pytest.raises(core.SpecError, match="classes"):
        CLAIMS["d4"].judge(core.Experiment(task=core.Adding(length=8)))


def test_one_matrix_for_all_steps_or_one_for_each() -> None:
    """D2 counts the matrices that are really there."""
    assert CLAIMS["d2"].judge(base("d2")).number == 1
    untied = CLAIMS["d2"].judge(base("d2", tied=False))
    assert (untied.verdict, untied.number) == ("fails", 26)


def test_roles_need_a_way_back() -> None:
    """D3: without recurrent weights there is no second role; a short sentence has no long range."""
    assert CLAIMS["d3"].judge(base("d3", gain=0.0)).verdict == "fails"
    assert CLAIMS["d3"].judge(base("d3", cell="relu", initialiser="identity")).verdict == "holds"
    with pytest.raises(core.SpecError, match="longer"):
        CLAIMS["d3"].judge(base("d3", gap=2))


def test_sharing_is_judged_only_where_something_vanishes() -> None:
    """D8: also with the largest seed; a product that is zero at once vanishes, one that grows is no example."""
    small = {"hidden": 8, "gap": 10}
    assert CLAIMS["d8"].judge(base("d8", **small, seed=999_999)).verdict == "fails"
    assert CLAIMS["d8"].judge(base("d8", **small, gain=0.0)).verdict == "fails"
    with pytest.raises(core.SpecError, match="does not vanish"):
        CLAIMS["d8"].judge(base("d8", **small, radius=4.0))
    with pytest.raises(core.SpecError, match="has none"):
        CLAIMS["d8"].judge(base("d8", **small, cell="lru"))
