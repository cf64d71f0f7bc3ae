"""The maps: which two settings are swept around which network, and what can be seen on each."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core import Blobs, Experiment, FeedForward, France, Noise, Recurrent, Training
from core.maps.sweeps import AxisValue, SweepAxis, along
from core.parts.activations import ACTIVATIONS
from core.parts.initialisers import INITIALISERS
from core.questions.settings import CELLS, KEEPERS
from core.registry import Named, registry

SHOWN = registry(
    Named("rate", "factor per {unit}", "What one step back does to the gradient, before training: 1 is the edge."),
    Named("share", "share that arrives", "What is left of the gradient at the far end, or at the word that decides."),
    Named("learned", "learned by training", "Every cell is trained; the colour is its accuracy on new data."),
)


@dataclass(frozen=True)
class Level:
    """A share that arrives, in powers of ten, and what is known of networks above or below it."""

    decades: float
    above: bool
    known: str


@dataclass(frozen=True)
class Map:
    """``lesson`` is shown above the map. shows: names in SHOWN, the first of them first; fade, decades: nats and powers of ten
    of full colour; levels: to be outlined; more: folded settings; page: where a cell is looked at closely, and what it is called;
    span: powers of ten that its curve is drawn over; symbol: of ``x`` in a sentence; no_line: why no theory has a line here.
    """

    name: str
    label: str
    lesson: str
    base: Experiment
    x: SweepAxis
    y: SweepAxis
    shows: tuple[str, ...]
    more: tuple[str, ...]
    page: tuple[str, str]
    fade: float = math.log(2)
    decades: int = 12
    span: tuple[int, int] = (-20, 2)
    sources: tuple[str, ...] = ()
    levels: tuple[Level, ...] = ()
    symbol: str = ""
    no_line: str = "no theory holds for these settings"

    @property
    def reads(self) -> bool:
        """Whether something can be read off its networks before training that differs from one to the other."""
        return self.shows != ("learned",)


_TRAINING = ("optimiser", "learning_rate", "clip", "steps", "seed", "guess")
_LAYERS = ("width", "normalisation", "skip", "bias_std")


def _cell(label: str, like: Mapping[str, Any], **settings: object) -> AxisValue:
    """A row that says all that cells may differ in."""
    return AxisValue(label, tuple(sorted(({"forget_bias": 1.0} | dict(like) | settings).items())))


MAPS = registry(
    Map(
        "radius",
        "Radius × input",
        "A plain RNN at each point: the spectral radius of its matrix against how many random inputs push it at each step. "
        "**Is the edge at radius 1, as the textbook has it?**",
        Experiment(Recurrent(initialiser="orthogonal", radius=1.0), Noise(length=60)),
        along("spectral radius ρ", "radius", [round(0.5 + 0.1 * i, 1) for i in range(16)]),
        along("inputs per step", "inputs", (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128)),
        ("rate", "share"),
        ("cell", "initialiser", "hidden", "length", "seed", "guess"),
        ("pages/time.py", "Time"),
        symbol="ρ",
        sources=("Chen, Pennington & Schoenholz 2018", "Pascanu, Mikolov & Bengio 2013"),
    ),
    Map(
        "depth",
        "Depth × weights",
        "A tanh network at each point: how widely its weights are drawn against how many layers it has. "
        "**How deep can it be and still learn?** The closer to the edge, the deeper.",
        Experiment(
            FeedForward(activation="tanh", initialiser="gaussian", width=32, bias_std=0.05, depth=20),
            Blobs(),
            Training(optimiser="sgd", learning_rate=0.03, steps=300, film_every=100),
        ),
        along(
            "spread of the weights σ (in 1/√width)",
            "gain",
            (0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.4, 1.7, 2, 2.5, 3, 4),
        ),
        along("layers", "depth", (2, 5, 10, 15, 20, 30, 40, 60)),
        ("share", "rate", "learned"),
        ("activation", *_LAYERS, *_TRAINING),
        ("pages/depth.py", "Depth"),
        symbol="σ",
        span=(-20, 10),
        sources=("Schoenholz, Gilmer, Ganguli & Sohl-Dickstein 2017",),
    ),
    Map(
        "gap",
        "Cell × gap",
        "*France*, with more and more words between the country and the blank. **Which cell still learns it**, and could "
        "that have been read off the gradient before training?",
        Experiment(Recurrent(), France(gap=20), Training(steps=300, film_every=100)),
        along("words between the country and “I speak”", "gap", (2, 5, 10, 15, 20, 30, 40, 60, 80)),
        SweepAxis(
            "cell",
            (
                _cell("plain RNN", CELLS["plain RNN"]),
                _cell("RNN, orthogonal", CELLS["plain RNN"], initialiser="orthogonal"),
                _cell("ReLU, identity", KEEPERS["ReLU from the identity"]),
                _cell("GRU", CELLS["GRU"]),
                *(
                    _cell(f"LSTM, bias {b}", CELLS["LSTM with forget bias 1"], forget_bias=float(b))
                    for b in (0, 1, 3, 5)
                ),
            ),
        ),
        ("share", "learned"),
        ("hidden", "embedding", "mixed", "fillers", *_TRAINING),
        ("pages/sentences.py", "Sentences"),
        decades=8,
        span=(-12, 2),
        sources=("Jozefowicz, Zaremba & Sutskever 2015", "Le, Jaitly & Hinton 2015", "Hochreiter & Schmidhuber 1997"),
        levels=(
            Level(-1.7, True, "of 47 networks tried, nearly all above it learned"),
            Level(-4.0, False, "none below it did"),
        ),
        no_line="no one theory holds for all of these cells",
    ),
    Map(
        "start",
        "Activation × start",
        "Twenty layers at each point: the activation against how the weights are drawn. **Which go together?** An initialisation "
        "is good or bad only for an activation.",
        Experiment(
            FeedForward(width=64, depth=20),
            Blobs(),
            Training(optimiser="sgd", learning_rate=0.1, steps=200, film_every=100),
        ),
        along(
            "initial weights",
            "initialiser",
            tuple(INITIALISERS),
            [each.label.split(" (")[0] for each in INITIALISERS.values()],
        ),
        along(
            "activation", "activation", tuple(ACTIVATIONS), [each.label.split(" (")[0] for each in ACTIVATIONS.values()]
        ),
        ("rate", "share", "learned"),
        ("depth", *_LAYERS, *_TRAINING),
        ("pages/depth.py", "Depth"),
        fade=math.log(4),
        span=(-20, 10),
        sources=("Glorot & Bengio 2010", "He, Zhang, Ren & Sun 2015", "Saxe, McClelland & Ganguli 2013"),
        no_line="between choices there is none; theory has a number for each cell instead",
    ),
    Map(
        "clip",
        "Learning rate × clip",
        "One RNN whose gradient arrives, and only the training differs. **Does a larger learning rate help?** And what does "
        "clipping have to do with it?",
        Experiment(
            Recurrent(initialiser="orthogonal", gain=1.2),
            France(gap=10),
            Training(optimiser="sgd", learning_rate=0.1, steps=300, film_every=100),
        ),
        along("learning rate", "learning_rate", (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)),
        along(
            "clip the gradient at",
            "clip",
            (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 1000.0),
            ("0.01", "0.03", "0.1", "0.3", "1", "3", "10", "never"),
        ),
        ("learned",),
        ("cell", "gain", "initialiser", "hidden", "gap", "optimiser", "steps", "seed", "guess"),
        ("pages/sentences.py", "Sentences"),
        sources=("Hochreiter 1998", "Pascanu, Mikolov & Bengio 2013"),
        no_line="the theories here are about networks before training",
    ),
)
