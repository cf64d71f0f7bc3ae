"""What did ResNets fix? Row C6: initialisation × normalisation × residual, each on or off."""

from dataclasses import replace
from itertools import product

import numpy as np

from ..experiment.specs import Experiment, Training
from ..fields import SpecError
from ..networks import FeedForward
from ..tasks import Blobs
from ..wording import scientific
from .base import Claim, Verdict
from .measures import LEARNED, decay, layered, right
from .settings import changed, trained

HEALTHY = float(np.log(100))  # the first layer gets between a hundredth and a hundred times of the signal
RATES = (0.1, 0.01)  # learning rates: each network gets the one that suits it
DEEP = 3  # times deeper
TRIES = 3  # random starts that a factor is the mean of
WORDS = ("initialisation", "normalisation", "residual")
BOTH = "initialisation + normalisation"
BASE = Experiment(
    FeedForward(depth=20, width=32, activation="relu", initialiser="he", normalisation="layer"),
    Blobs(),
    Training(optimiser="momentum", learning_rate=0.1, steps=100, film_every=500),
)
MOST_LAYERS = 200


def c6(experiment: Experiment) -> Verdict:
    """Gradient and trainability of all eight: initialisation × normalisation × residual."""
    network = layered(experiment)
    if network.normalisation == "none" or network.initialiser == "normal":
        raise SpecError(
            "an ablation needs something to take away: choose a normalisation, and another initialiser than normal"
        )
    depth, skip = network.depth, "residual" if network.skip == "none" else network.skip
    eight = {}
    for initialised, normalised, skipped in product((False, True), repeat=3):
        settings = {
            "initialiser": network.initialiser if initialised else "normal",
            "normalisation": network.normalisation if normalised else "none",
            "skip": skip if skipped else "none",
        }
        names = [name for name, on in zip(WORDS, (initialised, normalised, skipped), strict=True) if on]
        eight[" + ".join(names) or "nothing"] = _trial(changed(experiment, sigma=0.01, **settings))
    deep = changed(experiment, depth=min(DEEP * depth, MOST_LAYERS))
    deeper = {name: _trial(changed(deep, skip=each)) for name, each in (("plain", "none"), ("residual", skip))}
    good = [name for name, trial in eight.items() if trial["good"] and "residual" not in name]
    verdict = "holds" if BOTH in good else "only_when" if good else "fails"
    both, none, alone = eight[BOTH], eight["nothing"], eight["normalisation"]
    usual = replace(BASE, seed=experiment.seed)
    healthy = _trial(usual) if verdict == "fails" else both
    arrives = abs(alone["ln arrives"]) <= HEALTHY and not alone["good"]
    return Verdict(
        verdict,
        both["rate"],
        f"Without a residual, {BOTH} has a factor of {both['rate']:.2f} per layer back and is right in "
        f"{right(both['accuracy'])}.",
        f"{depth} layers. The factor is the mean of {TRIES} random starts; accuracies are this network's, with the better of two "
        f"learning rates ({' and '.join(f'{rate:g}' for rate in RATES)}): "
        + ", ".join(f"{name} {right(trial['accuracy'])}" for name, trial in eight.items())
        + f". With nothing, {scientific(none['ln arrives'])} of the gradient arrives. A factor near 1 is necessary, not "
        "sufficient: it says that a gradient arrives, not that following it leads anywhere"
        + (f" (normalisation alone: factor {alone['rate']:.2f})." if arrives else "."),
        f"In {layered(usual).depth} layers of {layered(usual).width} ReLU units with He weights and LayerNorm, trained for "
        f"{usual.training.steps} steps, {right(healthy['accuracy'])} are right with {BOTH} alone."
        if verdict == "fails"
        else f"At {layered(deep).depth} layers {scientific(deeper['plain']['ln arrives'])} of the gradient still arrives with "
        f"both, but {right(deeper['plain']['accuracy'])} are right; with a residual {right(deeper['residual']['accuracy'])}.",
        {f"{name}, {what}": trial[what] for name, trial in eight.items() for what in ("rate", "accuracy")}
        | {f"deep {name}, {what}": trial[what] for name, trial in deeper.items() for what in ("rate", "accuracy")},
        when=f"it is {' or '.join(good)} alone" if verdict == "only_when" else "",
    )


def _trial(experiment: Experiment) -> dict[str, float]:
    """Gradient of the untrained network, and accuracy with the learning rate that suits it best."""
    gradient, accuracy = decay(experiment, TRIES), 0.0
    for rate in RATES:
        accuracy = max(accuracy, trained(changed(experiment, learning_rate=rate)).accuracy)
        if accuracy >= LEARNED:
            break
    good = abs(gradient.reach) <= HEALTHY and accuracy >= LEARNED
    return {"rate": gradient.rate, "ln arrives": gradient.reach, "accuracy": accuracy, "good": float(good)}


CLAIM_C6 = Claim(
    "c6",
    "What ResNets fixed",
    "ResNets were not introduced against vanishing gradients: normalised initialisation and normalisation layers had "
    "largely solved that.",
    BASE,
    c6,
    ("He et al. 2016", "Ioffe & Szegedy 2015", "Balduzzi et al. 2017"),
    3.0,
)
