"""Ten minutes: why are early words forgotten?"""

import numpy as np

from core import Experiment, GradientProfile, held_out
from core.claims.measures import LEARNED
from core.instruments.influence import Influence
from core.shown.mechanics import Gates, Way
from core.shown.races import Lap
from core.wording import LN10
from pages.lessons.entry import Lesson, Step, among

SAME = 0.1  # nats per step between two parts of a factor that nobody could tell apart in the picture


def _arrives(_experiment: Experiment, seen: list[GradientProfile]) -> int:
    own = seen[0]
    return among(own.relative[own.cue or 0] / LN10, (-1, -3, -6))


def _part(_experiment: Experiment, seen: Way) -> int:
    factors = seen.factors
    mean = dict(
        zip(factors.names, np.mean(np.where(np.isfinite(factors.log_parts), factors.log_parts, 0), axis=0), strict=True)
    )
    lead = mean["slope"] - mean["weights"]  # above 0: the weights shrink it more
    return 2 if abs(lead) < SAME else 0 if lead > 0 else 1


def _noticed(experiment: Experiment, seen: Influence) -> int:
    cue = held_out(experiment, 1).cue or 0
    return 2 if seen.decides < 0.5 else int(seen.size[cue] < 0.01)


def _learners(_experiment: Experiment, seen: dict[str, Lap]) -> int:
    good = sum(lap.accuracy[-1] >= LEARNED for lap in seen.values())
    return 0 if good == len(seen) else 1 if good else 2


def _carried(_experiment: Experiment, seen: Gates) -> int:
    return among(float(seen.paths.log_carried[0] - seen.paths.log_total[-1]) / LN10, (np.log10(0.5), -2))


FORGOTTEN = Lesson(
    "forgotten",
    "Why are early words forgotten?",
    "From the first sentence to the gate that remembers: how a learning signal gets lost, and what it takes to keep it.",
    10,
    (
        Step(
            "e1",
            "*I went to France and met friends … so now I speak ____.* A plain network reads the sentence word by word. At the "
            "blank its error is sent back, one word at a time, to tell the network what it should have remembered.",
            "How much of that signal reaches *France*, 22 words back?",
            "On this axis a straight line means: each word back takes the same share. Move *words in between* and see that "
            "the slope stays and only the end point moves. That is what “exponentially” means.",
            (
                "More than a tenth",
                "A tenth to a thousandth",
                "A thousandth to a millionth",
                "Less than a millionth",
            ),
            _arrives,
            controls=("gap", "cell"),
        ),
        Step(
            "b4",
            "Each word back multiplies the signal by one factor. Two things are in it: the recurrent weights, and the slope of "
            "tanh at the place where each unit happens to be.",
            "Which of the two takes more of the signal?",
            "Many textbooks blame the slope of tanh. At these starting weights it is the matrix that shortens. Now raise the "
            "gain: at which value does the product stop falling?",
            ("The weights", "The slopes of tanh", "Both about the same"),
            _part,
            controls=("gain", "gap"),
        ),
        Step(
            "a3",
            "Perhaps *France* gets so little signal because it does not matter? Let us put another country there and see what "
            "changes.",
            "*France* is replaced by another country. What happens?",
            "To the **task** the word decides everything. To the **network**, as it is, it makes no difference yet, and this "
            "is what the tiny gradient says. It is right about the network, and of no help in learning the task.",
            (
                "Another answer is right, and the network's loss changes clearly",
                "Another answer is right, but the network hardly notices",
                "The same answer is right",
            ),
            _noticed,
            controls=("gap", "cell"),
        ),
        Step(
            "b5",
            "Enough of looking at untrained networks. Five of them are now trained on such sentences, with 20 words in between. "
            "The dashed line is guessing.",
            "Which of the five learn to say *French*?",
            "Look at the bars: what arrived before training foretells much of who learns it. Not all: a path is necessary, not "
            "sufficient. Try five words in between.",
            ("All of them", "Only some", "None"),
            _learners,
            controls=("gap", "steps"),
        ),
        Step(
            "e4",
            "An LSTM keeps a cell beside its state. From word to word the cell is multiplied by one number only, its forget "
            "gate. A *forget bias* of 3 holds the gate at about .95.",
            "How much of the signal is left on the cell's own path at the first word, 43 words back?",
            "Even .95 multiplied by itself 43 times is not much more than a tenth. Move the forget bias: at 0 the gate stands at "
            "½ and an LSTM forgets as fast as the plain network; at 5 it carries hundreds of steps. **It is the factor, not the "
            "name.**",
            ("More than half", "Between a hundredth and a half", "Less than a hundredth"),
            _carried,
            {"gap": 38, "forget_bias": 3.0},
            ("forget_bias", "gap"),
        ),
    ),
)
