"""B1. One step of gradient descent: of a ball on a bowl, and of a network in training."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from ..experiment.specs import Experiment, Training
from ..instruments.clipping import Update, one_step
from ..instruments.descent import Descent, descend
from ..instruments.downhill import Downhill, downhill
from ..networks import Recurrent
from ..parts.optimisers import OPTIMISERS
from ..tasks import France
from ..training.run import advance, start
from ..wording import minus, number, signed
from .base import Contrasts, Question, Verdict

STARTS = tuple(np.linspace(-4, 4, 17).tolist())  # of the ball
START = 3.0  # one of them
STEPS = 30
BEFORE = 5  # training steps: the first step of momentum is still that of plain descent
FORMULA = 1e-3  # relative: the weights are float32, and a small step of a large weight loses digits


@dataclass(frozen=True)
class Ball:
    """paths: start → path of a ball on the bowl L = w²/2, by the experiment's optimiser and learning rate."""

    paths: Mapping[float, Descent]

    @property
    def path(self) -> Descent:
        """Returns the one from w = 3."""
        return self.paths[START]


def measure(experiment: Experiment) -> Ball:
    """Rolls a ball from each of ``STARTS``, 30 steps."""
    training = experiment.training
    return Ball(
        {w: descend("bowl", w, training.learning_rate, STEPS, optimiser=training.optimiser) for w in STARTS},
    )


@dataclass(frozen=True)
class NetworkStep:
    """update: the step that a network in training really takes next. downhill: what a step along the gradient would do."""

    update: Update
    downhill: Downhill

    @property
    def ratio(self) -> float:
        """Returns how many times as long as the gradient the step is."""
        return float(self.update.ratio[-1])

    @property
    def cosine(self) -> float:
        """Returns the cosine between the step and straight downhill."""
        return float(self.update.cosine[-1])


def network_step(experiment: Experiment) -> NetworkStep:
    """Measures the step that comes after a few steps of training."""
    training = replace(experiment.training, steps=BEFORE)
    run = advance(start(replace(experiment, training=training)), BEFORE)
    return NetworkStep(one_step(experiment, run), downhill(run))


def contrasts(experiment: Experiment, _result: Ball) -> Contrasts:
    """Returns the network's own step, with which the verdict is given, and that of another optimiser."""
    other = experiment.changed(optimiser=_other(experiment))
    return {"network": (network_step, experiment), "other": (network_step, other)}


def _other(experiment: Experiment) -> str:
    return "sgd" if experiment.training.optimiser == "adam" else "adam"


def judge(experiment: Experiment, _result: Ball, found: Mapping[str, NetworkStep]) -> Verdict:
    """Decides by whether the step is η times the gradient, straight downhill, and whether that lowers the loss."""
    step, contrast, rate, other = (
        found["network"],
        found["other"],
        experiment.training.learning_rate,
        _other(experiment),
    )
    error, limit = abs(step.ratio / rate - 1), step.downhill
    exact = error <= FORMULA and 1 - step.cosine <= FORMULA
    verdict = "fails" if not exact else "holds" if limit.change < 0 else "only_when"
    headline = {
        "holds": f"The network's step is η times its gradient, straight downhill, to within {number(error)}.",
        "fails": f"The network's step is not η times its gradient: it is {step.ratio / rate:.3g} times as long as that, and its "
        f"cosine with straight downhill is {_figure(step.cosine, 2)}.",
        "only_when": f"With η = {rate:g} the step adds {number(max(limit.change, 0.0))} nats to the loss.",
    }[verdict]
    return Verdict(
        verdict,
        limit.change if verdict == "only_when" else error,
        headline,
        f"Measured after {BEFORE} steps of training: the next one is {step.ratio:.4g} times as long as the gradient, with "
        f"η = {rate:g}, and the cosine between it and straight downhill is {_figure(step.cosine)}. A step of η along the "
        f"gradient changes the batch's loss by {signed(limit.change, 4)} nats.",
        f"With η = {limit.other:.3g} a step along the gradient {'raises' if limit.other > rate else 'lowers'} the loss, by "
        f"{abs(limit.other_change):.3f} nats. With {OPTIMISERS[other].label} the step is {contrast.ratio:.3g} times as long as "
        f"the gradient, and its cosine with straight downhill is {_figure(contrast.cosine, 2)}.",
        {"error": error, "cosine": step.cosine, "change of the loss": limit.change, "too large": limit.too_large}
        | {f"{other}, ratio": contrast.ratio, f"{other}, cosine": contrast.cosine},
        when=f"η is small enough: here below about {limit.too_large:.3g}" if verdict == "only_when" else "",
    )


def _figure(value: float, digits: int = 4) -> str:
    """A number that may be below 0, with a proper minus."""
    return minus(f"{value:.{digits}f}")


QUESTION = Question(
    "b1_one_step",
    "W − η·∂L/∂W",
    "W_new = W_old − η·∂L/∂W: the slope's sign gives the direction, η the step.",
    Experiment(Recurrent(), France(gap=10), Training(optimiser="sgd", learning_rate=0.1, clip=0.0)),
    measure,
    contrasts,
    judge,
    ("Rumelhart, Hinton & Williams 1986",),
    0.1,
)
