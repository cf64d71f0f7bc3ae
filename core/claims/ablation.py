"""What did ResNets fix? Row C6: initialisation × normalisation × a way past the layers, each on or off."""

from itertools import product

import numpy as np

from core.claims.base import Claim, Verdict
from core.claims.measures import LEARNED, decay, layered
from core.claims.settings import changed, trained
from core.fields import SpecError
from core.networks import FeedForward
from core.specs import Experiment, Training
from core.tasks import Blobs
from core.wording import scientific

HEALTHY = float(np.log(100))  # the first layer gets between a hundredth and a hundred times of the signal
RATES = (0.1, 0.01)  # learning rates: each network gets the one that suits it
DEEP = 3  # times deeper
MOST_LAYERS = 200


def c6(experiment: Experiment) -> Verdict:
    """Gradient and trainability of all eight: initialisation × normalisation × way past the layers."""
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
        names = [name for name, on in (("init", initialised), ("norm", normalised), ("skip", skipped)) if on]
        eight[" + ".join(names) or "nothing"] = _trial(changed(experiment, sigma=0.01, **settings))
    deep = changed(experiment, depth=min(DEEP * depth, MOST_LAYERS))
    deeper = {name: _trial(changed(deep, skip=each)) for name, each in (("plain", "none"), ("skip", skip))}
    good = [name for name, trial in eight.items() if trial["good"] and "skip" not in name]
    verdict = "holds" if "init + norm" in good else "only_when" if good else "fails"
    both, none = eight["init + norm"], eight["nothing"]
    return Verdict(
        verdict,
        both["rate"],
        "times per layer back, with initialisation and normalisation but no way past",
        f"At {depth} layers without a way past them, {' / '.join(good) or 'nothing'} suffices: a gradient within a factor "
        f"of 100 over all layers, and at least {LEARNED:.0%} right. With nothing {scientific(none['ln arrives'])} of the "
        f"gradient arrives and {none['accuracy']:.0%} are right. Right: "
        + ", ".join(f"{name} {trial['accuracy']:.0%}" for name, trial in eight.items())
        + ".",
        f"At {layered(deep).depth} layers {scientific(deeper['plain']['ln arrives'])} still arrives with both, and "
        f"{deeper['plain']['accuracy']:.0%} are right, with a way past the layers {deeper['skip']['accuracy']:.0%}.",
        {f"{name}, {what}": trial[what] for name, trial in eight.items() for what in ("rate", "accuracy")}
        | {f"deep {name}, {what}": trial[what] for name, trial in deeper.items() for what in ("rate", "accuracy")},
        when=f"it is {' or '.join(good)}" if verdict == "only_when" else "",
    )


def _trial(experiment: Experiment) -> dict[str, float]:
    """Gradient of the untrained network, and accuracy with the learning rate that suits it best."""
    gradient, accuracy = decay(experiment, 3), 0.0
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
    Experiment(
        FeedForward(depth=20, width=32, activation="relu", initialiser="he", normalisation="layer"),
        Blobs(),
        Training(optimiser="momentum", learning_rate=0.1, steps=100, film_every=500),
    ),
    c6,
    ("He et al. 2016", "Ioffe & Szegedy 2015", "Balduzzi et al. 2017"),
    3.0,
)
