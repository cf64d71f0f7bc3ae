"""E1: the verdict, what overturns it, and each paper's number."""

from dataclasses import replace
from math import log

import numpy as np
import pytest
from decided import decided
from verdicts import judged, misfits, stands

import core
from core.questions.base import measured
from core.questions.e1_papers import QUESTION
from core.questions.reproductions import Reproduction, pascanu_2013

PLAIN = core.Experiment()


def test_own_settings() -> None:
    """A plain RNN loses it, and all four papers are seen again."""
    stands("e1", "holds", 1e-8, 1e-5)


@pytest.mark.parametrize(
    ("expected", "settings"), [("fails", {"cell": "relu", "initialiser": "identity"}), ("only_when", {"gap": 11})]
)
def test_other_settings_overturn_it(expected: str, settings: dict[str, object]) -> None:
    """A start that keeps it, and a word that is nearer."""
    decided("e1", expected, **settings)


def test_what_does_not_fit_gets_advice() -> None:
    """Layers, a task without a word that decides, a gap that is not long."""
    mlp = core.Experiment(core.FeedForward(), core.Blobs())
    misfits("e1", mlp, replace(PLAIN, task=core.Noise(length=12)), PLAIN.changed(gap=10))


def test_a_paper_that_is_not_confirmed_is_named() -> None:
    """The claim rests on all four."""
    result = measured(QUESTION.measure, QUESTION.base)
    found = {name: measured(*contrast) for name, contrast in QUESTION.contrasts(QUESTION.base, result).items()}
    found["Bengio et al. 1994"] = Reproduction(False, "seen 0 times")
    assert QUESTION.judge
    verdict = QUESTION.judge(QUESTION.base, result, found)
    assert verdict.verdict == "only_when"
    assert "Bengio et al. 1994" in verdict.when


def test_each_paper_has_its_number() -> None:
    """Against earlier measurements and closed forms."""
    numbers = judged("e1").numbers
    assert log(0.25) <= numbers["Hochreiter 1991, logistic, w = 3.9"] < log(3.9 / 4)
    assert numbers["Hochreiter 1991, long paths, 10 η : η"] == pytest.approx(1, abs=0.1)
    assert numbers["Bengio et al. 1994, latch after"] < -0.5 < numbers["Bengio et al. 1994, latch before"] < 0
    assert numbers["Hochreiter et al. 2001, product against gradient"] < 1e-12
    assert numbers["Pascanu et al. 2013, above ln σ₁γ"] <= 0 < numbers["Pascanu et al. 2013, above ln ρ"]


def test_the_sufficient_condition_is_really_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """With σ₁ replaced by the spectral radius the same function finds steps that keep more."""
    assert pascanu_2013(QUESTION.base).seen
    monkeypatch.setattr(np.linalg, "norm", lambda matrix, _: np.abs(np.linalg.eigvals(matrix)).max())
    assert not pascanu_2013(QUESTION.base).seen
