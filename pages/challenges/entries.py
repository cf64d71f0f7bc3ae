"""“Fix this network”: broken settings, a few controls, and a goal that is measured. A new one is an entry here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from core import Experiment, GradientProfile
from core.claims.measures import LEARNED
from core.registry import registry
from core.shown.matters import Moved
from core.shown.mechanics import Ball
from core.shown.races import Opening
from core.wording import LN10, scientific
from pages.exhibits import EXHIBITS
from pages.frame.question_page import Exhibit, Result


@dataclass(frozen=True)
class Challenge:
    """The exhibit of ``row`` with ``settings``, broken, to be repaired with ``controls`` alone.

    label: a question. lesson: what is wanted. number: what is judged, from the measurement; reached from ``low`` to ``high``.
    said: that number in words. hint: for those who are stuck. then: what it shows. solution: settings that reach it; others may.
    """

    name: str
    label: str
    lesson: str
    row: str
    controls: tuple[str, ...]
    number: Callable[[Result], float]
    said: Callable[[float], str]
    low: float
    high: float
    hint: str
    then: str
    solution: Mapping[str, Any]
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def exhibit(self) -> Exhibit:
        """What shows it."""
        return EXHIBITS[self.row]

    @property
    def broken(self) -> Experiment:
        """As it is found."""
        return self.exhibit.claim.base.changed(**self.settings)

    def repaired(self, number: float) -> bool:
        """Whether the goal is reached."""
        return self.low <= number <= self.high

    def fair(self, experiment: Experiment) -> bool:
        """Whether nothing but the controls has been moved (a link could do that)."""
        parts = (experiment.network, experiment.task, experiment.training, experiment)
        own = {name: getattr(part, name) for name in self.controls for part in parts if hasattr(part, name)}
        return type(experiment.network) is type(self.broken.network) and self.broken.changed(**own) == experiment


def _first_layer(seen: Mapping[str, GradientProfile]) -> float:
    return float(seen["MLP"].relative[0]) / LN10


def _at_cue(seen: list[GradientProfile]) -> float:
    return float(seen[0].relative[seen[0].cue or 0]) / LN10


def _layer_said(decades: float) -> str:
    return f"layer 1 receives {scientific(decades * LN10)} of the signal"


def _word_said(decades: float) -> str:
    return f"*France* receives {scientific(decades * LN10)} of the signal"


def _distance(seen: Ball) -> float:
    return float(abs(seen.path.w[-1]))


def _accuracy(seen: Opening) -> float:
    return float(seen.accuracy[-1])


def _learned(seen: Moved) -> float:
    return seen.accuracy


def _right(share: float) -> str:
    return f"{share:.0%} of its answers are right"


CHALLENGES = registry(
    Challenge(
        "valley",
        "Why does the ball fly out of its valley?",
        "Let it come to rest: after 30 steps the weight shall be nearer than .01 to the lowest point.",
        "b1",
        ("learning_rate",),
        _distance,
        lambda w: f"after 30 steps the weight is {w:.3g} away from the lowest point",
        0,
        0.01,
        "Each step multiplies w by 1 − η. For which η does that get smaller?",
        "A gradient tells the direction. How far to go is yours to choose, and both too much and too little fail.",
        {"learning_rate": 0.5},
        {"learning_rate": 2.15},
    ),
    Challenge(
        "fifty",
        "Fifty layers, and the first one hears nothing. Can you wake it?",
        "Layer 1 shall receive between a tenth of the signal and ten times as much; without normalisation or skips.",
        "c4",
        ("activation", "initialiser", "gain"),
        _first_layer,
        _layer_said,
        -1,
        1,
        "How long are the weights that are drawn? Some initialisations were made to keep lengths, each for its activation.",
        "Depth alone is no fate: the factor per layer is set by how weights are drawn (Glorot & Bengio 2010; He et al. 2015).",
        {"initialiser": "xavier"},
        {"activation": "tanh", "initialiser": "normal"},
    ),
    Challenge(
        "sigmoid",
        "Can fifty layers of sigmoid units be saved?",
        "Keep the sigmoids. Layer 1 shall receive between a tenth of the signal and ten times as much.",
        "c4",
        ("normalisation", "skip"),
        _first_layer,
        _layer_said,
        -1,
        1,
        "A factor of ¼ at each layer can't be avoided on the way *through*. Is there a way past? Or something that rescales?",
        "A way past each layer adds 1 to its factor (He et al. 2016). BatchNorm rescales what goes forwards, and with it what "
        "comes back.",
        {"skip": "residual"},
        {"activation": "sigmoid", "initialiser": "xavier"},
    ),
    Challenge(
        "gate",
        "An LSTM that forgets?",
        "At least a hundredth of the signal shall reach *France*, 42 words back. Only its gate's bias may be moved.",
        "e1",
        ("forget_bias",),
        _at_cue,
        _word_said,
        -2,
        1,
        "The gate stands at σ(bias) and multiplies the cell at every word. What is ½ to the power of 42?",
        "What makes an LSTM remember is not its name but a gate near 1 (Gers et al. 2000; Jozefowicz et al. 2015).",
        {"forget_bias": 3.0},
        {"cell": "lstm", "gap": 40, "forget_bias": 0.0},
    ),
    Challenge(
        "gateless",
        "Can a plain network hear France without any gate?",
        "Between a hundredth of the signal and ten times as much shall reach *France*, 42 words back; the cell stays as it is.",
        "e1",
        ("initialiser", "gain", "radius"),
        _at_cue,
        _word_said,
        -2,
        1,
        "The matrix shortens what comes through it. Make it longer, or draw one that keeps lengths; tanh takes a little, too.",
        "At the edge between fading and exploding a signal goes far. It is a narrow edge, and training moves the network off it.",
        {"gain": 2.2},
        {"cell": "tanh", "gap": 40},
    ),
    Challenge(
        "explosion",
        "What if the signal grows with every word?",
        "Between a tenth of the signal and ten times as much shall reach *France*, 42 words back; the cell stays ReLU.",
        "e1",
        ("initialiser", "gain"),
        _at_cue,
        _word_said,
        -1,
        1,
        "1.5 to the power of 42 is twenty-five million. Which number stays the same, however often it is multiplied by itself?",
        "Exploding is vanishing's twin: the same product, with factors above 1. Clipping cuts its length, and can't "
        "mend the product.",
        {"gain": 1.0},
        {"cell": "relu", "gap": 40, "initialiser": "identity", "gain": 1.5},
    ),
    Challenge(
        "paralysis",
        "Eight layers that won't learn: what is missing?",
        "At least nine of ten answers shall be right after training; the activation stays sigmoid.",
        "a4",
        ("normalisation", "skip", "initialiser", "optimiser"),
        _learned,
        _right,
        LEARNED,
        1,
        "Adam makes every layer move. Look at the accuracy: is moving enough?",
        "Where the signal arrives, plain momentum suffices. Where it does not, a cleverer step moves weights in directions "
        "that are mostly noise.",
        {"normalisation": "layer"},
    ),
    Challenge(
        "teach",
        "Can you teach a plain network to say French?",
        "Twenty words in between, no gate: at least nine of ten answers shall be right after training.",
        "e2",
        ("initialiser", "gain", "learning_rate"),
        _accuracy,
        _right,
        LEARNED,
        1,
        "You have made the signal arrive before. Let it arrive first, and train then.",
        "The same task, network and optimiser: only the start is another. A gradient that arrives is what learning needs first.",
        {"gain": 2.0},
        {"gap": 20},
    ),
)
