"""Ready lists of layers with a training each: one healthy network, and others with one illness each."""

from dataclasses import dataclass

from ..experiment.specs import Training
from ..registry import registry


@dataclass(frozen=True)
class Example:
    """``listing`` is text as a student would write it; ``ill``: the ailment that it is here for ("" for none)."""

    name: str
    label: str
    lesson: str
    listing: str
    training: Training
    ill: str
    length: int = 40


def _training(optimiser: str, learning_rate: float, steps: int = 200, clip: float = 0.0) -> Training:
    return Training(optimiser=optimiser, learning_rate=learning_rate, steps=steps, clip=clip, batch=64)


EXAMPLES = registry(
    Example(
        "sigmoid",
        "20 sigmoid layers",
        "The network that nobody could train for twenty years.",
        "init xavier\nrepeat 20 { linear 32  sigmoid }",
        _training("momentum", 0.1),
        "vanishing",
    ),
    Example(
        "residual",
        "A residual network (healthy)",
        "Normalisation, ReLU and a way around every block.",
        "linear 32\nrepeat 8 {\n  residual { layernorm  linear 32  relu  linear 32 }\n}",
        _training("adam", 1e-3),
        "",
    ),
    Example(
        "lstm",
        "An LSTM on 40 steps",
        "The first step decides; the forget gates are as torch makes them.",
        "lstm 32",
        _training("adam", 3e-3, 300),
        "vanishing_time",
    ),
    Example(
        "nan",
        "One that blows up to NaN",
        "ReLU layers and a learning rate that is far too large.",
        "init he\nrepeat 6 { linear 64  relu }",
        _training("sgd", 5.0),
        "nonfinite",
    ),
    Example(
        "tanh",
        "20 tanh layers, weights too large",
        "Weights of standard deviation 1, whatever the width.",
        "init normal 1\nrepeat 20 { linear 32  tanh }",
        _training("sgd", 1e-6),
        "exploding",
    ),
    Example(
        "dead",
        "Dead ReLUs",
        "Steps so large that soon every unit is 0 for every example; nothing wakes them again.",
        "init he\nrepeat 4 { linear 64  relu }",
        _training("adam", 0.3),
        "dead",
    ),
    Example(
        "saturated",
        "Saturated tanh units",
        "Inputs that nobody has normalised.",
        "scale 100\nlinear 32  tanh\nlinear 32  tanh",
        _training("sgd", 0.05),
        "saturated",
    ),
)
