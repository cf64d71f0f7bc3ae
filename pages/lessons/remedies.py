"""Half an hour: what helps against vanishing gradients, and what does not?"""

from collections.abc import Mapping

import numpy as np

from core import Experiment
from core.claims.measures import LEARNED
from core.instruments.contraction import Contraction
from core.instruments.saturation import Saturation
from core.shown.mechanics import Gates, Trial
from core.shown.races import Lap
from core.wording import LN10
from pages.lessons.entry import Lesson, Step, among

GROWS = 1.05  # times its first size: more than rounding


def _learned(seen: Mapping[str, Lap]) -> set[str]:
    return {name for name, lap in seen.items() if lap.accuracy[-1] >= LEARNED}


def _slope(_experiment: Experiment, seen: Saturation) -> int:
    return among(float(np.nanmean(seen.slope)), (0.6, 0.3))


def _grows(_experiment: Experiment, seen: Contraction) -> int:
    if np.exp(seen.log_measured.max()) < GROWS:
        return 0
    return 1 if seen.log_measured[-1] < seen.log_measured.max() - np.log(2) else 2


def _alone(_experiment: Experiment, seen: Mapping[str, Trial]) -> int:
    good = sum(trial.accuracy >= LEARNED for name, trial in seen.items() if "+" not in name and name != "nothing")
    return 0 if good == 3 else 1 if good else 2


def _start_or_penalty(_experiment: Experiment, seen: Mapping[str, Lap]) -> int:
    good = _learned(seen)
    penalty, start = "as set above" in good, "from the identity, no penalty" in good
    return {(True, False): 0, (False, True): 1, (True, True): 2, (False, False): 3}[penalty, start]


def _tricks(_experiment: Experiment, seen: Mapping[str, Lap]) -> int:
    good = _learned(seen)
    others = {"leaky units", "penalty Ω"}
    return 0 if good - others else 1 if good else 2


def _hundred(_experiment: Experiment, seen: Gates) -> int:
    return among(float(seen.paths.log_carried[0] - seen.paths.log_total[-1]) / LN10, (-1, -6))


def _later(_experiment: Experiment, seen: Mapping[str, Lap]) -> int:
    good = _learned(seen)
    return 3 if not good else 0 if good == {"attention"} else 2 if len(good) == len(seen) else 1


REMEDIES = Lesson(
    "remedies",
    "What helps, and what does not?",
    "Seven cures on trial: activations, matrices, skips, penalties, optimisers, gates, and what came later.",
    30,
    (
        Step(
            "e3",
            "The oldest suspect is the activation. A sigmoid's slope is ¼ at most, and a step back multiplies by it.",
            "Which slope does the gradient meet in a sigmoid network, in the mean?",
            "Choose tanh and look again: its slope is 1 in the middle, where small weights keep the units. Then raise the gain "
            "until they saturate.",
            ("More than .6", "Between .3 and .6", "Less than .3"),
            _slope,
        ),
        Step(
            "c3",
            "Next suspect: the matrix. “If its largest eigenvalue is below 1 it shrinks everything.” Here the spectral radius "
            "is below 1.",
            "What becomes of a nudge of the state on its way?",
            "The largest eigenvalue tells the end, the largest singular value what one step may do at most. They agree for "
            "normal matrices only. Take the shear away and see.",
            ("It shrinks from the first step on", "It grows first and shrinks in the end", "It grows and stays large"),
            _grows,
        ),
        Step(
            "c6",
            "A network of 20 layers with ReLU units. Three cures: an initialisation that keeps lengths, a normalisation layer, "
            "a residual way past each layer. All eight combinations are trained.",
            "Is one of the three enough by itself?",
            "The left bars are the factor per layer: near 1 the network trains. ResNets came when "
            "initialisation and normalisation had already done much of that (He et al. 2015). Give it more steps, and 60 layers.",
            ("Each of them", "Some, but not all", "None alone"),
            _alone,
        ),
        Step(
            "e5",
            "A recurrent network with ReLU units: its slope is 1 wherever a unit is active. An L1 penalty keeps few of them "
            "active; or the matrix starts as the identity.",
            "What makes it learn over 20 words?",
            "With small random weights ReLU loses the signal even faster than tanh, since half of its units are silent. It is "
            "the start that opens the way (Le, Jaitly & Hinton 2015).",
            ("The penalty", "The start from the identity", "Either of them", "Neither"),
            _start_or_penalty,
        ),
        Step(
            "e6",
            "Six ways to use a gradient, from plain descent to Adam; and two that change the gradient itself: leaky units and a "
            "penalty Ω on its loss on the way.",
            "Which of them learn over 20 words?",
            "An optimiser can only use what arrives. Set 10 words in between: there enough arrives, and the tricks count.",
            (
                "At least one of the optimiser tricks",
                "None of the tricks, but one that changes the gradient",
                "None of the eight",
            ),
            _tricks,
        ),
        Step(
            "e4",
            "The LSTM's cell is multiplied by its forget gate and by nothing else. With forget bias 1, a common advice, the gate "
            "stands near .73.",
            "How much of the signal is left on the cell's path after 100 words?",
            "“The LSTM solved it” is a statement about a gate. Which forget bias lets a tenth through, over 100 words?",
            ("More than a tenth", "A tenth to a millionth", "Less than a millionth"),
            _hundred,
            {"forget_bias": 1.0},
            ("forget_bias", "gap"),
        ),
        Step(
            "e8",
            "And what came later: orthogonal weights, LayerNorm, chrono biases, linear recurrences, attention, beside a plain "
            "network. 25 words in between.",
            "Who learns it?",
            "Attention has a path of length 1; linear recurrences and chrono gates have factors near 1 by design. LayerNorm "
            "steadies the sizes, and does not make a path. Try 40 words.",
            ("Attention alone", "Attention or others, but not all", "All of them", "None"),
            _later,
        ),
    ),
)
