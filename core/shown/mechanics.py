"""How a gradient goes back, step by step and layer by layer: what the pictures of rows B1 to B4, B6, C1 to C7, E3, E4 are "
"made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from numpy import ndarray

from ..claims.descent import (
    BALL_RATE,
    BALL_START,
    TOO_LARGE,
    Ends,
    Fall,
    arrivals,
    decades_lost,
    falls,
    per_decade,
    roll,
)
from ..claims.measures import LAYERS, decay
from ..claims.settings import changed, recurrent, trained
from ..experiment.specs import Experiment
from ..fields import SpecError
from ..gradients.measure import measure_many
from ..gradients.profile import GradientProfile
from ..instruments.contraction import Contraction, contraction
from ..instruments.descent import Descent, descend
from ..instruments.factors import Factors, step_factors
from ..instruments.measure import predict
from ..instruments.paths import CarriedPaths, carried_paths
from ..networks import Convolutional, FeedForward
from ..networks.layered import Layered
from ..tasks import Blobs

BALL_STEPS = 30
BALL_STARTS = tuple(np.linspace(-4, 4, 17).tolist())  # BALL_START is one of them
BALL_RATES = (0.03, BALL_RATE, 0.3, TOO_LARGE)


@dataclass(frozen=True)
class Ball:
    """paths: start → path of a ball on the bowl L = w²/2, by the experiment's optimiser and learning rate."""

    paths: Mapping[float, Descent]

    @property
    def path(self) -> Descent:
        """The one from w = 3."""
        return self.paths[BALL_START]


def ball(experiment: Experiment) -> Ball:
    """From each of ``BALL_STARTS``, 30 steps."""
    training = experiment.training
    return Ball(
        {
            start: descend("bowl", start, training.learning_rate, BALL_STEPS, optimiser=training.optimiser)
            for start in BALL_STARTS
        }
    )


@dataclass(frozen=True)
class Valleys:
    """balls: η → where balls on a curve with two valleys end by the experiment's optimiser; falls: the network's trainings."""

    balls: Mapping[float, Ends]
    falls: Sequence[Fall]


def valleys(experiment: Experiment) -> Valleys:
    """Nine balls with each of ``BALL_RATES``, and the experiment trained from five random starts."""
    recurrent(experiment)
    return Valleys({rate: roll(experiment.training.optimiser, rate) for rate in BALL_RATES}, falls(experiment))


@dataclass(frozen=True)
class Needed:
    """counts: optimiser → steps until the ball is there for the first time, with the gradient scaled by 10⁰ … 10⁻³ (inf: not
    within 100 000), the experiment's optimiser first. growth: by how many powers of ten its steps grow when the gradient loses
    one (NaN: fewer than two arrived). lost: powers of ten that the signal has lost at the word that decides.
    """

    counts: Mapping[str, ndarray]
    growth: float
    lost: float

    @property
    def forecast(self) -> float:
        """Steps with a gradient smaller by ``lost`` powers of ten, if the last count grows on tenfold with each of them."""
        own = next(iter(self.counts.values()))
        last = np.flatnonzero(np.isfinite(own))[-1]
        return float(own[last] * 10.0 ** (self.lost - last))


def steps_needed(experiment: Experiment) -> Needed:
    """By the experiment's optimiser, plain descent, momentum and Adam."""
    training = experiment.training
    names = dict.fromkeys((training.optimiser, "sgd", "momentum", "adam"))
    counts = {name: arrivals(name, training.learning_rate) for name in names}
    own = counts[training.optimiser]
    growth = per_decade(own) if np.isfinite(own).sum() > 1 else np.nan
    return Needed(counts, growth, decades_lost(experiment))


@dataclass(frozen=True)
class Way:
    """factors: of the last loss's way back. profile: the same network's, with theory."""

    factors: Factors
    profile: GradientProfile


def way_back(experiment: Experiment) -> Way:
    """Both. Raises SpecError for cells that are not written out."""
    return Way(step_factors(experiment), measure_many([experiment])[0])


def contracts(experiment: Experiment) -> Contraction:
    """Eigenvalues, bound, prediction and measurement of one example."""
    return contraction(experiment)


def mlp_and_cnn(experiment: Experiment) -> dict[str, GradientProfile]:
    """The network of layers, and a convolutional one with the same settings. Raises SpecError unless it is one of layers."""
    network = experiment.network
    if not isinstance(network, FeedForward):
        raise SpecError("this picture compares an MLP with a CNN: choose network=mlp")
    same = ("depth", "activation", "initialiser", "normalisation", "skip", "gain", "sigma", "bias_std")
    other = replace(experiment, network=Convolutional(**{name: getattr(network, name) for name in same}))
    return {name: _with_theory(each) for name, each in (("MLP", experiment), ("CNN", other))}


def rnn_and_mlps(experiment: Experiment) -> dict[str, GradientProfile]:
    """The recurrent network, and MLPs with a layer for each of its steps. Raises SpecError unless it is recurrent."""
    rnn = recurrent(experiment)
    steps = min(200, experiment.task.shape().steps)
    found = {f"{rnn.entry.label}, {steps} steps": measure_many([experiment])[0]}
    for name, settings in LAYERS.items():
        mlp = changed(Experiment(FeedForward(depth=steps, width=rnn.hidden), Blobs(), seed=experiment.seed), **settings)
        found[f"MLP, {steps} layers, {name}"] = measure_many([mlp])[0]
    return found


def _with_theory(experiment: Experiment) -> GradientProfile:
    return measure_many([experiment])[0].with_predictions(*predict(experiment))


@dataclass(frozen=True)
class Trial:
    """rate: factor per layer back before training; accuracy after it."""

    rate: float
    accuracy: float


def ablation(experiment: Experiment) -> dict[str, Trial]:
    """All eight of initialisation × normalisation × residual, on or off. Raises SpecError unless it is a network of layers."""
    network = experiment.network
    if not isinstance(network, Layered):
        raise SpecError("an ablation is about networks of layers: choose network=mlp")
    on = {
        "initialiser": network.initialiser if network.initialiser != "normal" else "he",
        "normalisation": network.normalisation if network.normalisation != "none" else "layer",
        "skip": network.skip if network.skip != "none" else "residual",
    }
    off = {"initialiser": "normal", "normalisation": "none", "skip": "none"}
    words = {"initialiser": "initialisation", "normalisation": "normalisation", "skip": "residual"}
    found = {}
    for chosen in product((False, True), repeat=3):
        settings = {name: (on if here else off)[name] for name, here in zip(on, chosen, strict=True)}
        label = " + ".join(words[name] for name, here in zip(on, chosen, strict=True) if here) or "nothing"
        each = changed(experiment, sigma=0.01, **settings)
        found[label] = Trial(decay(each, 3).rate, trained(each).accuracy)
    return found


@dataclass(frozen=True)
class Gates:
    """paths: ∂L/∂c split into what goes along the cell alone and the rest; bias: the forget bias in force."""

    paths: CarriedPaths
    bias: float


def gates(experiment: Experiment) -> Gates:
    """Raises SpecError unless the cell carries a state."""
    return Gates(carried_paths(experiment), recurrent(experiment).forget_bias)
