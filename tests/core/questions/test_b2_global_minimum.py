"""B2: the verdict, and what overturns it; how balls and trainings end, in words."""

from dataclasses import replace

import numpy as np
import pytest
from verdicts import misfits, overturned, stands

import core
from core.instruments.balls import STARTS, roll
from core.instruments.curves import CURVES
from core.instruments.loss_curves import LossCurve
from core.questions.b2_global_minimum import QUESTION, SMALL, TOO_LARGE, large_said, measure, networks_said
from core.wording import listed

DOWN = np.geomspace(2.0, 0.01, 21)
PLAIN = core.Experiment()


def curve(*loss: float) -> LossCurve:
    """Makes a training that was looked at as often as there are losses."""
    return LossCurve(np.arange(len(loss)), np.array(loss), True)


def test_own_settings() -> None:
    """Some of five networks lie flat."""
    stands("b2", "fails", 0.2, 0.8)  # 2 of 3 seeds at gap 10 with Adam


def test_other_settings_overturn_it() -> None:
    """With two words in between nobody lies flat."""
    overturned("b2", "only_when", gap=2, steps=120)


def test_what_does_not_fit_gets_advice() -> None:
    """Neither layers nor sentences that ask at each word."""
    misfits("b2", core.Experiment(core.FeedForward(), core.Blobs()), replace(PLAIN, task=core.Roles()).changed(steps=2))


def test_told_in_words() -> None:
    """Numbers and verbs agree; the sum is what there is."""
    flat = curve(*[0.6] * 8)
    assert (
        networks_said([curve(*DOWN), flat]) == "1 of 2 networks arrives at a loss near 0, 1 lies flat at a loss of 0.60"
    )
    assert networks_said([curve(*DOWN[:11])] * 2) == "2 of 2 networks are still falling at the end, at 0.14 and 0.14"
    assert networks_said([flat, flat, curve(*[0.7] * 8)]) == "3 of 3 networks lie flat at a loss of 0.60 to 0.70"
    assert listed(["1"]) == "1" and listed(["1", "2", "3"]) == "1, 2 and 3"


def test_the_start_decides_and_large_steps_undo_it() -> None:
    """Left of the ridge into the lower valley, right of it into the upper one; with η = 1 some fly away, others never rest."""
    small, large = roll("sgd", SMALL), roll("sgd", TOO_LARGE)
    ridge = CURVES["valleys"].stops[0]
    assert small.ends == tuple("lower" if start < ridge else "upper" for start in STARTS)
    assert large.ends[0] == large.ends[-1] == "thrown out"
    assert large.count("restless") > 0
    assert f"{large.count('thrown out')} are thrown out" in large_said(small, large)
    assert large_said(small, small) == "with η = 1, they end where they did"
    assert roll("sgd", SMALL, "bowl").count("lower") == len(STARTS)


def test_the_verdict_is_on_the_drawn_trainings() -> None:
    """Five starts, 20 looks and one at the end; the share that arrives is the verdict's."""
    experiment = QUESTION.base.changed(gap=1, hidden=8, steps=100)
    result, verdict = measure(experiment), QUESTION.verdict(experiment)
    assert [list(network.steps) for network in result.networks] == [list(range(0, 101, 5))] * 5
    assert len({network.loss[0] for network in result.networks}) == 5
    assert verdict.number == np.mean([network.end == "arrived" for network in result.networks])
    assert result.networks_said in verdict.headline


@pytest.mark.parametrize("optimiser", ["sgd", "adam"])
def test_the_balls_are_the_drawn_ones(optimiser: str) -> None:
    """With the small and the large η the card counts two of the picture's scenes."""
    experiment = QUESTION.base.changed(gap=1, hidden=4, steps=5, optimiser=optimiser)
    result, numbers = measure(experiment), QUESTION.verdict(experiment).numbers
    assert numbers["balls"] == result.balls[SMALL].count("lower") / len(STARTS)
    assert numbers["balls thrown out"] == result.balls[TOO_LARGE].count("thrown out") / len(STARTS)
