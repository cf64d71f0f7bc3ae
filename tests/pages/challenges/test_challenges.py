"""Challenges: networks that are broken, goals that are measured."""

import pytest
from visiting import asked, healthy, visit

from pages.challenges import CHALLENGES
from pages.challenges.entry import read


@pytest.mark.parametrize("name", CHALLENGES)
def test_a_challenge_is_broken_and_can_be_repaired(name: str) -> None:
    """By its own solution, with the controls that it has."""
    challenge = CHALLENGES[name]
    assert challenge.label.endswith("?")
    assert set(challenge.solution) <= set(challenge.controls)
    repaired = challenge.broken.changed(**challenge.solution)
    for experiment, good in ((challenge.broken, False), (repaired, True)):
        number = challenge.quantity.number(challenge.page.question.measure(experiment))
        assert challenge.repaired(number) is good
        assert challenge.quantity.said(number)
    assert challenge.fair(repaired)
    assert not challenge.fair(repaired.changed(seed=7))


def test_a_challenge_is_repaired_in_the_page() -> None:
    """Not yet, then repaired; the address says so, and the list; another setting in a link does not count."""
    app = healthy(visit("challenges", {"fix": "gate"}))
    assert any("Not yet" in each.value for each in app.info)
    app = healthy(app.slider(key="fix-gate-forget_bias").set_value(3.0).run())
    assert any("Repaired" in each.value for each in app.success)
    assert asked(app)["solved"] == "gate" and asked(app)["fix"] == "gate"
    app = healthy(visit("challenges", {"solved": "gate-nothing-gate"}))
    assert any("1 of 8" in each.value for each in app.markdown)
    app = healthy(visit("challenges", {"fix": "gate", "gap": "5", "forget_bias": "3"}))
    assert any("don't count" in each.value for each in app.warning)
    app = healthy(visit("challenges", {"fix": "<b>"}))
    assert any("no challenge" in each.value for each in app.warning)


@pytest.mark.parametrize(
    ("change", "wrong"),
    [(("e1", "e99"), "e99"), (("word", "heat"), "heat"), (("gain", "nothing"), "nothing"), (("hint", "tip"), "tip")],
)
def test_a_wrong_challenge_is_named(change: tuple[str, str], wrong: str) -> None:
    """With what is wrong in it."""
    text = """[new]
label = "?"
lesson = "."
row = "e1"
controls = ["gain"]
quantity = "word"
low = 0
high = 1
hint = "."
then = "."
solution = { gain = 2.0 }
"""
    assert read(text)[0].name == "new"
    with pytest.raises(ValueError, match=f"the challenge “new”: .*{wrong}"):
        read(text.replace(*change))
