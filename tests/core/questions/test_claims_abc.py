"""Rows A1 to C7: the verdict with their own settings, and another one with settings that overturn it."""

import math
import re
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from in_force import named_in_force

import core
from core.claims import CLAIMS, VERDICTS, Verdict
from core.claims.__main__ import as_markdown, main, said
from core.claims.depth import _bend
from core.claims.descent import _along_gradient, _on_its_way, _too_large, arrivals
from core.claims.measures import decay, right, seeds
from core.instruments.descent import descend
from core.wording import number, signed

ROWS = [name for name in CLAIMS if name[0] in "abc"]
PAGE = Path(__file__).parents[3] / "docs" / "claims.md"

# with their own settings: the verdict, and between what the deciding number lies (../shared/science.md where it has one)
OWN = {
    "a1": ("holds", 0.55, 0.60),  # science.md, 2: .576 for torch's default tanh, 64 units
    "a2": ("only_when", 0.0, 1e-8),
    "a3": ("fails", 1e-9, 1e-5),
    "a4": ("only_when", 0.5, 0.75),  # science.md, 3: 6e-4, 8e-4, 1e-3, 3e-3 of eight
    "a5": ("only_when", -1e-3, 1e-3),
    "a6": ("holds", 0.0, 0.0),
    "b1": ("holds", 0.0, 1e-5),
    "b2": ("fails", 0.2, 0.8),  # science.md, 3: 2 of 3 seeds at gap 10
    "b3": ("holds", 1.0, 1.0),
    "b4": ("holds", 0.0, 1e-6),
    "b5": ("only_when", 0.0, 0.4),
    "b6": ("holds", 0.99, 1.01),
    "c1": ("holds", 0.0, 1e-12),
    "c2": ("only_when", 51.0, 51.0),
    "c3": ("only_when", 1.5, 6.0),
    "c4": ("holds", 0.2, 0.35),
    "c5": ("only_when", 0.67, 1.1),
    "c6": ("holds", 0.9, 1.1),
    "c7": ("only_when", 8.0, 19.0),
}
# settings that lead to another verdict; steps and sizes are the smallest that do
OVERTURNED = [
    ("a1", "fails", {"cell": "relu", "initialiser": "identity"}),
    ("a1", "only_when", {"length": 12}),
    ("a2", "fails", {"gain": 0.3, "hidden": 8, "gap": 60}),
    ("a2", "holds", {"cell": "lstm", "forget_bias": 3.0, "hidden": 8, "gap": 6}),
    ("a3", "holds", {"gap": 2, "hidden": 16, "steps": 60}),
    ("a4", "fails", {"activation": "tanh", "steps": 60}),
    ("a5", "fails", {"activation": "tanh", "steps": 60}),
    ("a6", "fails", {"gap": 2, "steps": 100}),
    ("b1", "fails", {"optimiser": "adam"}),
    ("b1", "fails", {"optimiser": "momentum"}),
    ("b1", "fails", {"clip": 0.01}),
    ("b1", "only_when", {"learning_rate": 10.0}),
    ("b2", "only_when", {"gap": 2, "steps": 120}),
    ("b3", "fails", {"gain": 0.0}),
    ("b4", "fails", {"cell": "lstm", "forget_bias": 3.0}),
    ("b4", "only_when", {"gap": 8}),
    ("b5", "holds", {"gap": 2, "steps": 100}),
    ("b6", "fails", {"optimiser": "adam"}),
    ("c1", "fails", {"cell": "gru"}),
    ("c1", "fails", {"cell": "lstm"}),
    ("c2", "holds", {"layers": 1}),
    ("c3", "holds", {"shear": 0.0}),
    ("c3", "fails", {"shear": 2.0, "length": 50}),
    ("c4", "fails", {"activation": "tanh"}),
    ("c5", "holds", {"cell": "sigmoid"}),
    ("c5", "fails", {"initialiser": "orthogonal"}),
    ("c6", "fails", {"activation": "sigmoid", "depth": 15, "width": 8, "steps": 30}),
    ("c7", "holds", {"gap": 60}),
    ("c7", "fails", {"cell": "relu", "initialiser": "identity"}),
]
PLAIN, MLP, NOISE = core.Experiment(), core.Experiment(core.FeedForward(), core.Blobs()), core.Noise(length=9)
MISFITS = {  # row → experiments that its question can't be asked of
    "a1": [MLP, replace(PLAIN, task=core.Noise(length=1))],
    "a2": [MLP, replace(PLAIN, task=core.Roles()), PLAIN.changed(tied=False)],
    "a3": [MLP, replace(PLAIN, task=NOISE)],
    "a4": [PLAIN],
    "a5": [PLAIN],
    "a6": [MLP, replace(PLAIN, task=NOISE), PLAIN.changed(hidden=1)],
    "b2": [MLP, replace(PLAIN, task=core.Roles())],
    "b3": [MLP, PLAIN.changed(tied=False)],
    "b4": [replace(PLAIN, task=core.Noise(length=1)), PLAIN.changed(layers=2), MLP.changed(depth=1)],
    "b5": [MLP, replace(PLAIN, task=NOISE)],
    "b6": [MLP, PLAIN.changed(optimiser="sgd", learning_rate=1e-5)],
    "c1": [MLP, PLAIN.changed(tied=False), PLAIN.changed(cell="lru"), replace(PLAIN, task=core.Noise(length=1))],
    "c2": [MLP],
    "c3": [MLP, PLAIN.changed(cell="gru"), PLAIN.changed(radius=1.2), PLAIN.changed(gain=0.0)],
    "c4": [PLAIN, MLP.changed(depth=1)],
    "c5": [MLP, PLAIN.changed(cell="gru"), replace(PLAIN, task=core.Noise(length=300))],
    "c6": [PLAIN, MLP, MLP.changed(normalisation="layer", initialiser="normal")],
    "c7": [MLP, replace(PLAIN, task=NOISE)],
}


@lru_cache
def judged(row: str) -> Verdict:
    """The verdict with the row's own settings."""
    return CLAIMS[row].judge(CLAIMS[row].base)


def test_every_row_is_there_in_order() -> None:
    """A1 to A6, B1 to B6, C1 to C7, and then D and E."""
    assert [f"{letter}{i + 1}" for letter, count in (("a", 6), ("b", 6), ("c", 7)) for i in range(count)] == ROWS
    assert list(CLAIMS) == sorted(CLAIMS)
    assert list(OWN) == ROWS


@pytest.mark.parametrize("row", ROWS)
def test_own_settings(row: str) -> None:
    """Verdict and number as expected, and texts that end like sentences, with all numbers in them finite."""
    verdict, (expected, low, high) = judged(row), OWN[row]
    assert verdict.verdict == expected
    assert low <= verdict.number <= high
    for text in (CLAIMS[row].lesson, verdict.headline, verdict.finding, verdict.overturned_by):
        assert text.endswith("."), text
        assert not re.search(r"\bnan\b|\binf\b|not a number|\de[-+]\d|  ", text), text
    assert verdict.headline[0].isupper() or verdict.headline[0].isdigit()
    assert all(isinstance(value, float | int) for value in verdict.numbers.values())
    assert verdict.number in verdict.numbers.values()


@pytest.mark.parametrize(
    ("row", "expected", "other"), OVERTURNED, ids=[f"{row}-{e}-{i}" for i, (row, e, _) in enumerate(OVERTURNED)]
)
def test_other_settings_overturn_it(row: str, expected: str, other: dict[str, object]) -> None:
    """Nothing is decided beforehand: the same function comes to another verdict."""
    assert expected != OWN[row][0]
    verdict = CLAIMS[row].judge(CLAIMS[row].base.changed(**other))
    assert verdict.verdict == expected
    assert named_in_force(CLAIMS[row].base.changed(**other), verdict) == []


@pytest.mark.parametrize("row", ROWS)
def test_what_is_in_force_overturns_nothing(row: str) -> None:
    """With the row's own settings."""
    assert named_in_force(CLAIMS[row].base, judged(row)) == []


def test_what_is_in_force_would_be_noticed() -> None:
    """A planted text that offers what is set already, and one that offers something else."""
    verdict, here = judged("a1"), CLAIMS["a1"].base.changed(cell="relu", initialiser="identity")
    assert named_in_force(here, verdict) == ["ReLU from the identity"]
    assert named_in_force(here, replace(verdict, overturned_by="With a plain RNN: 0.572.")) == []


def test_every_row_can_be_overturned() -> None:
    """There is such a test for each."""
    assert {row for row, _, _ in OVERTURNED} == set(ROWS)


@pytest.mark.parametrize(("row", "experiment"), [(row, each) for row, some in MISFITS.items() for each in some])
def test_what_does_not_fit_gets_advice(row: str, experiment: core.Experiment) -> None:
    """A SpecError that says what to choose."""
    with pytest.raises(core.SpecError, match=r"needs|choose|take|set |is about|compares|is checked|is counted"):
        CLAIMS[row].judge(experiment)


def test_decay_is_the_mean_of_single_measurements() -> None:
    """Side by side or one by one: the same."""
    experiment = core.Experiment(core.Recurrent(hidden=8), core.France(gap=9), seed=3)
    profiles = [core.measure(each) for each in seeds(experiment, 3)]
    found = decay(experiment, 3)
    assert found.slope == pytest.approx(np.mean([profile.fit.slope for profile in profiles]))
    assert found.reach == pytest.approx(np.mean([profile.relative[3] for profile in profiles]))
    assert found.steps_to(-1.0) == pytest.approx(-1 / found.slope)


def test_nothing_arrives_where_nothing_is_passed_on() -> None:
    """A recurrent matrix of zeros: a share of exactly 0, and no straight line."""
    found = decay(PLAIN.changed(gain=0.0), 2)
    assert found.reach == -np.inf
    assert found.rate == 0.0


@given(layers=st.integers(1, 4), steps=st.integers(2, 30), cell=st.sampled_from(["tanh", "relu", "sigmoid"]))
@settings(max_examples=10, deadline=None)
def test_paths_have_as_many_nonlinearities_as_moves(layers: int, steps: int, cell: str) -> None:
    """n + k − 1 with plain cells, which is k · n for one layer alone."""
    experiment = core.Experiment(core.Recurrent(cell=cell, layers=layers, hidden=4), core.Noise(length=steps))
    verdict = CLAIMS["c2"].judge(experiment)
    assert verdict.number == steps + layers - 1
    assert (verdict.verdict == "holds") == (layers == 1)


def test_past_gates_there_are_shorter_paths() -> None:
    """One LSTM layer over n steps: paths of many lengths, so that there is no one depth."""
    verdict = CLAIMS["c2"].judge(PLAIN.changed(cell="lstm"))
    assert verdict.verdict == "only_when"
    assert verdict.numbers["fewest"] < 10 < verdict.numbers["most"]


def test_a_layer_is_straight_and_a_gate_is_not() -> None:
    """The test that finds gates bent finds φ(W h + b) straight, up to rounding."""
    assert _bend(PLAIN) < 1e-10
    assert _bend(PLAIN.changed(cell="gru")) > 1e-3


@pytest.mark.parametrize("rate", [0.1, 0.02])
def test_arrivals_are_those_of_plain_descent(rate: float) -> None:
    """The same numbers of steps as the ball on the curve takes."""
    expected = [descend("bowl", 3.0, rate, 10_000, decades).arrival for decades in (0, 1)]
    assert arrivals("sgd", rate)[:2].tolist() == expected


def test_too_large_a_rate_raises_the_loss_and_half_of_it_does_not() -> None:
    """From below and from above."""
    change = _along_gradient(_on_its_way(CLAIMS["b1"].base))
    for rate in (0.01, 1000.0):
        edge = _too_large(change, rate)
        assert change(edge) >= 0 > change(edge / 2)


def test_a_fading_gradient_follows_theory() -> None:
    """C4's MLP against mean field (science.md, 2: .236 with Xavier weights and sigmoid)."""
    assert judged("c4").numbers["MLP"] == pytest.approx(0.236, rel=0.03)
    theory = core.measure(CLAIMS["c4"].base).predicted[0].slope
    assert math.log(judged("c4").numbers["MLP"]) == pytest.approx(theory, abs=0.02)


def test_the_command_prints_verdicts(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows by name, as text and as a table; an unknown row is an error that names the known ones."""
    monkeypatch.setattr("sys.argv", ["claims", "C1", "b4"])
    main()
    text = capsys.readouterr().out
    assert "→ holds: " in text
    assert text.index("C1  An RNN") < text.index("B4  Backprop")
    assert "2 claims in" in text
    monkeypatch.setattr("sys.argv", ["claims", "--markdown", "c1"])
    main()
    assert as_markdown(CLAIMS["c1"], judged("c1")) in capsys.readouterr().out
    monkeypatch.setattr("sys.argv", ["claims", "z9"])
    with pytest.raises(SystemExit):
        main()
    assert "there is no row z9: there are a1 a2" in capsys.readouterr().err


@pytest.mark.parametrize("row", ROWS)
def test_the_page_says_the_same(row: str) -> None:
    """docs/claims.md is what the command prints: claim and verdict of every row."""
    (line,) = [
        line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith(f"| **{row.upper()}** ")
    ]
    assert f"{CLAIMS[row].lesson} | **{said(judged(row))}** |" in line


def test_words_for_numbers() -> None:
    """Verdicts in words, numbers without e-07."""
    one = Verdict("only_when", -2.6e-6, "It fell.", "Seen.", "Turned.", when="it rains")
    assert said(one) == "holds only when it rains"
    assert said(replace(one, verdict="fails", when="")) == VERDICTS["fails"].label
    with pytest.raises(ValueError, match="not a sentence"):
        replace(one, headline="nats")
    assert [right(share) for share in (0.127, 0.894, 0.896, 0.89999, 0.9, 1.0)] == [
        "13%",
        "89%",
        "89.6%",
        "89.9%",
        "90%",
        "100%",
    ]
    assert (number(0.0), number(2.1e-10), signed(-0.00534, 4)) == ("0", "2.1·10⁻¹⁰", "−0.0053")
