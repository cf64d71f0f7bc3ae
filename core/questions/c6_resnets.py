"""C6. Initialisation × normalisation × residual connection, each on or off: gradient and trainability of all eight."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from ..experiment.specs import Experiment, Training
from ..fields import SpecError
from ..instruments.starts import decay
from ..networks import FeedForward
from ..tasks import Blobs
from ..training.finished import trained
from ..wording import scientific
from .base import Contrasts, Question, Verdict
from .settings import layered, right
from .thresholds import LEARNED

HEALTHY = float(np.log(100))  # the first layer gets between a hundredth and a hundred times of the signal
GENTLER = 0.1  # of the learning rate: each network gets the rate that suits it
DEEP = 3  # times deeper
STARTS = 3  # random starts that a factor is the mean of
MOST_LAYERS = 200
OFF = {"initialiser": "normal", "normalisation": "none", "skip": "none"}
USUAL = {"initialiser": "he", "normalisation": "layer", "skip": "residual"}
WORDS = {"initialiser": "initialisation", "normalisation": "normalisation", "skip": "residual"}
NOTHING, ALONE, BOTH = "nothing", "normalisation", "initialisation + normalisation"
BASE = Experiment(
    FeedForward(depth=20, width=32, activation="relu", initialiser="he", normalisation="layer"),
    Blobs(),
    Training(optimiser="momentum", learning_rate=0.1, steps=100, film_every=500),
)


@dataclass(frozen=True)
class Trial:
    """rate: factor per layer back before training, reach: ln of the share of the signal at the first layer, means of ``STARTS``.

    accuracies: learning rate → share of right answers after training; the gentler rate only where the first did not do.
    """

    rate: float
    reach: float
    accuracies: Mapping[float, float]

    @property
    def accuracy(self) -> float:
        """Returns the best accuracy."""
        return max(self.accuracies.values())

    @property
    def good(self) -> bool:
        """Tells whether the gradient arrives and the task is learned."""
        return abs(self.reach) <= HEALTHY and self.accuracy >= LEARNED


def measure(experiment: Experiment) -> dict[str, Trial]:
    """Measures and trains all eight, by what is on. Raises SpecError unless it is a network of layers."""
    network = layered(experiment)
    on = {name: each if (each := getattr(network, name)) != OFF[name] else usual for name, usual in USUAL.items()}
    found = {}
    for chosen in product((False, True), repeat=3):
        settings = {name: (on if here else OFF)[name] for name, here in zip(on, chosen, strict=True)}
        label = " + ".join(WORDS[name] for name, here in zip(on, chosen, strict=True) if here) or NOTHING
        found[label] = trial(experiment.changed(sigma=0.01, **settings))
    return found


def trial(experiment: Experiment) -> Trial:
    """Measures one network, and trains it with its learning rate and, if that does not do, with a tenth of it."""
    gradient, rate, accuracies = decay(experiment, STARTS), experiment.training.learning_rate, {}
    for each in (rate, rate * GENTLER):
        accuracies[each] = trained(experiment.changed(learning_rate=each)).accuracy
        if accuracies[each] >= LEARNED:
            break
    return Trial(gradient.rate, gradient.reach, accuracies)


def rates(experiment: Experiment) -> str:
    """Says which learning rates are tried."""
    rate = experiment.training.learning_rate
    return f"{rate:g} and {rate * GENTLER:g}"


def contrasts(experiment: Experiment, result: Mapping[str, Trial]) -> Contrasts:
    """Returns a network three times as deep, with and without residual connections; the usual network if no plain one learns."""
    network = layered(experiment)
    if network.normalisation == "none" or network.initialiser == "normal":
        raise SpecError(
            "an ablation needs something to take away: choose a normalisation, and another initialiser than normal"
        )
    deep = _deeper(experiment)
    skip = "residual" if network.skip == "none" else network.skip
    deeper = {"plain": (trial, deep.changed(skip="none")), "residual": (trial, deep.changed(skip=skip))}
    usual = replace(BASE, seed=experiment.seed).changed(sigma=0.01)
    return deeper if _good(result) else {**deeper, "usual": (trial, usual)}


def _good(result: Mapping[str, Trial]) -> list[str]:
    return [name for name, each in result.items() if each.good and "residual" not in name]


def _deeper(experiment: Experiment) -> Experiment:
    return experiment.changed(depth=min(DEEP * layered(experiment).depth, MOST_LAYERS))


def judge(experiment: Experiment, result: Mapping[str, Trial], found: Mapping[str, Trial]) -> Verdict:
    """Decides by which networks without residual connections pass on the gradient and learn."""
    good = _good(result)
    verdict = "holds" if BOTH in good else "only_when" if good else "fails"
    both, none, alone = result[BOTH], result[NOTHING], result[ALONE]
    arrives = abs(alone.reach) <= HEALTHY and not alone.good
    deeper = {name: found[name] for name in ("plain", "residual")}
    usual = layered(BASE)
    return Verdict(
        verdict,
        both.rate,
        f"Without a residual, {BOTH} has a factor of {both.rate:.2f} per layer back and is right in "
        f"{right(both.accuracy)}.",
        f"{layered(experiment).depth} layers. The factor is the mean of {STARTS} random starts; accuracies are this network's, "
        f"with the better of two learning rates ({rates(experiment)}): "
        + ", ".join(f"{name} {right(each.accuracy)}" for name, each in result.items())
        + f". With nothing, {scientific(none.reach)} of the gradient arrives. A factor near 1 is necessary, not "
        "sufficient: it says that a gradient arrives, not that following it leads anywhere"
        + (f" (normalisation alone: factor {alone.rate:.2f})." if arrives else "."),
        f"In {usual.depth} layers of {usual.width} ReLU units with He weights and LayerNorm, trained for "
        f"{BASE.training.steps} steps, {right(found['usual'].accuracy)} are right with {BOTH} alone."
        if verdict == "fails"
        else f"At {layered(_deeper(experiment)).depth} layers {scientific(deeper['plain'].reach)} of the gradient still arrives "
        f"with both, but {right(deeper['plain'].accuracy)} are right; with a residual {right(deeper['residual'].accuracy)}.",
        {f"{name}, {what}": getattr(each, what) for name, each in result.items() for what in ("rate", "accuracy")}
        | {
            f"deep {name}, {what}": getattr(each, what)
            for name, each in deeper.items()
            for what in ("rate", "accuracy")
        },
        when=f"it is {' or '.join(good)} alone" if verdict == "only_when" else "",
    )


QUESTION = Question(
    "c6_resnets",
    "What ResNets fixed",
    "ResNets were not introduced against vanishing gradients: normalised initialisation and normalisation layers had "
    "largely solved that.",
    BASE,
    measure,
    contrasts,
    judge,
    ("He et al. 2016", "Ioffe & Szegedy 2015", "Balduzzi et al. 2017"),
    3.0,
)
