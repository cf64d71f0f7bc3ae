"""D8. The gradient with one recurrent matrix for all steps, and with one for each step."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ..experiment.remedies import AS_TORCH
from ..experiment.specs import Experiment
from ..fields import SpecError
from ..instruments.starts import STARTS, Decay, Fan, Profiles, decay, decay_of
from ..networks import Recurrent
from ..tasks import France
from ..wording import signed
from .base import Contrasts, Question, Verdict
from .settings import KEEPERS, recurrent

SHEARED = {"cell": "tanh", "initialiser": "nonnormal", "shear": 2.0, "gain": 0.9, "radius": 0.0}
ALIKE = 0.5  # of the slope with one matrix: from here on sharing is not what does it


@dataclass(frozen=True)
class Sharing:
    """Five starts each: with one matrix for all steps, with one for each, and with orthogonal ones (gain 1.3), one for each."""

    shared: Profiles
    own: Profiles
    kept: Profiles


def measure(experiment: Experiment) -> Sharing:
    """Measures all three. Raises SpecError for a cell without a recurrent matrix."""
    if not recurrent(experiment).entry.matrix:
        raise SpecError("this claim is about a recurrent matrix, and this cell has none")
    shared, own = (experiment.changed(tied=tied) for tied in (True, False))
    kept = experiment.changed(**KEEPERS["tanh, orthogonal with gain 1.3"], tied=False)
    fan = Fan(STARTS, theory=False)
    return Sharing(fan(shared), fan(own), fan(kept))


def contrasts(experiment: Experiment, result: Sharing) -> Contrasts:
    """Returns non-normal matrices, whose powers shrink more slowly than their products, and PyTorch's own weights."""
    slope = decay_of(result.shared).slope
    if slope >= 0:
        raise SpecError(
            f"the gradient of this network does not vanish ({signed(slope, 3)} nats per step), so nothing is to blame"
        )
    return {
        f"{name}, {'shared' if tied else 'own'}": (decay, experiment.changed(**settings, tied=tied))
        for name, settings in (("sheared", SHEARED), ("torch", AS_TORCH))
        for tied in (True, False)
    }


def judge(_experiment: Experiment, result: Sharing, found: Mapping[str, Decay]) -> Verdict:
    """Decides by whether the gradient vanishes with a matrix for each step as well."""
    shared, own, kept = (decay_of(each).slope for each in (result.shared, result.own, result.kept))
    slopes = {name: each.slope for name, each in found.items()}
    vanishes = own <= ALIKE * shared
    return Verdict(
        "fails" if vanishes else "holds",
        own,
        f"Each step back multiplies the gradient by {np.exp(shared):.3f} with one matrix for all steps, by {np.exp(own):.3f} "
        "with one for each.",
        f"Mean of {STARTS} random starts. "
        + (
            f"A product of many small factors vanishes whether or not they are the same; their size counts: orthogonal with gain "
            f"1.3, a matrix for each step, it is {np.exp(kept):.3f}."
            if vanishes
            else "With one for each it vanishes less than half as fast: here the sharing does it."
        ),
        "Sharing matters where powers of one matrix shrink and products of different ones do not: non-normal with shear 2, it "
        f"is {np.exp(slopes['sheared, shared']):.3f} with one matrix and {np.exp(slopes['sheared, own']):.3f} with one for each."
        if vanishes
        else f"With PyTorch's weights it vanishes either way: {np.exp(slopes['torch, shared']):.3f} with one matrix, "
        f"{np.exp(slopes['torch, own']):.3f} with one for each.",
        {
            "shared": shared,
            "own": own,
            "orthogonal": kept,
            "non-normal": slopes["sheared, shared"],
            "non-normal, own": slopes["sheared, own"],
            "PyTorch's weights": slopes["torch, shared"],
            "PyTorch's weights, own": slopes["torch, own"],
        },
    )


QUESTION = Question(
    "d8_same_matrix",
    "Because it is the same matrix",
    "Gradients vanish because the same matrix is applied again and again.",
    Experiment(Recurrent(hidden=64), France(gap=40)),
    measure,
    contrasts,
    judge,
    ("Bengio, Simard & Frasconi 1994",),
)
