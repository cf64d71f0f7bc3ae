"""C5. Slopes of an RNN and of an MLP as deep as it has steps, from the same weights and from the usual ones."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..experiment.remedies import AS_TORCH
from ..experiment.specs import Experiment
from ..fields import SpecError
from ..instruments.saturation import Saturation, saturation
from ..instruments.starts import STARTS, Decay, decay
from ..networks import FeedForward, Recurrent
from ..tasks import Blobs, Noise
from .base import Contrasts, Question, Verdict
from .settings import recurrent

AS_BAD = 2 / 3  # the MLP's slope against the RNN's: from here on their half-lives differ by less than a half
MOST_LAYERS = 200
CELLS = ("tanh", "sigmoid", "relu")


@dataclass(frozen=True)
class Slopes:
    """units: where they sit on their activation's slope. rnn: how the gradient decays before training, the mean of five starts.

    same, usual: the same of an MLP with a layer for each step, with the RNN's kind of weights and with the usual ones; None for
    cells that no MLP is like.
    """

    units: Saturation
    rnn: Decay | None = None
    same: Decay | None = None
    usual: Decay | None = None


def measure(experiment: Experiment) -> Slopes:
    """Measures units and decays. Raises SpecError for a network that has no activation."""
    units, network = saturation(experiment), experiment.network
    if not isinstance(network, Recurrent) or not _comparable(experiment):
        return Slopes(units)
    same, usual = mlp(experiment, network.initialiser, network.gain), mlp(experiment, usual_weights(network), 1.0)
    return Slopes(units, decay(experiment), decay(same), decay(usual))


def _comparable(experiment: Experiment) -> bool:
    return recurrent(experiment).cell in CELLS and 2 <= experiment.task.shape().steps <= MOST_LAYERS


def usual_weights(network: Recurrent) -> str:
    """Returns the initialiser made for the cell's activation."""
    return "he" if network.cell == "relu" else "xavier"


def mlp(experiment: Experiment, initialiser: str, gain: float) -> Experiment:
    """Returns an MLP with a layer for each of the RNN's steps."""
    rnn = recurrent(experiment)
    network = FeedForward(
        depth=experiment.task.shape().steps,
        width=rnn.hidden,
        activation=rnn.cell,
        initialiser=initialiser,
        gain=gain,
        sigma=rnn.sigma,
        shear=rnn.shear,
    )
    return Experiment(network, Blobs(inputs=rnn.embedding), seed=experiment.seed)


def contrasts(experiment: Experiment, _result: Slopes) -> Contrasts:
    """Returns a tanh MLP, PyTorch's weights in both kinds of network, and the slopes of the three activations."""
    if not _comparable(experiment):
        raise SpecError(f"an MLP like this RNN needs cell tanh, sigmoid or relu, and 2 to {MOST_LAYERS} steps")
    torchs = experiment.changed(**AS_TORCH)
    return {
        "tanh": (decay, mlp(experiment.changed(cell="tanh"), "xavier", 1.0)),
        "torch": (decay, torchs),
        "torch, mlp": (decay, mlp(torchs, "default", 1.0)),
    } | {f"{kind}, slope": (mean_slope, experiment.changed(cell=kind)) for kind in CELLS}


def mean_slope(experiment: Experiment) -> float:
    """Returns the mean slope that the gradient meets."""
    return float(np.nanmean(saturation(experiment).slope))


def judge(experiment: Experiment, result: Slopes, found: Mapping[str, Any]) -> Verdict:
    """Decides by the MLP's slope against the RNN's."""
    network, rnn, same, usual = recurrent(experiment), result.rnn, result.same, result.usual
    assert rnn and same and usual
    flat, slope = float(np.nanmean(result.units.saturated)), float(np.nanmean(result.units.slope))
    as_bad = [rnn.slope < 0 and each.slope <= AS_BAD * rnn.slope for each in (same, usual)]
    verdict = "fails" if not as_bad[0] else "holds" if as_bad[1] else "only_when"
    tanh, small = found["tanh"].rate, [found[name].rate for name in ("torch", "torch, mlp")]
    weights = usual_weights(network).capitalize()
    contrast = {
        "only_when": f"From an MLP's usual weights ({weights}) it is {usual.rate:.3f} per layer.",
        "holds": f"A deep tanh MLP from its usual weights (Xavier) is not as bad: {tanh:.3f} per layer.",
        "fails": f"From PyTorch's weights for an RNN it is {small[0]:.3f} per step and, in an MLP, {small[1]:.3f} per layer.",
    }[verdict]
    shares = {kind: found[f"{kind}, slope"] for kind in CELLS}
    return Verdict(
        verdict,
        same.slope / rnn.slope,
        f"Each step back multiplies the RNN's gradient by {rnn.rate:.3f}; each layer of an MLP from the same kind of weights by "
        f"{same.rate:.3f}.",
        f"The factors are means of {STARTS} random starts, {network.cell}, {experiment.task.shape().steps} steps or layers. Of "
        f"this RNN's units {flat:.2%} are saturated, and their mean slope is {slope:.2f}: the weights do the rest (mean slopes "
        f"with these weights: {', '.join(f'{kind} {value:.2f}' for kind, value in shares.items())}).",
        contrast,
        {
            "ratio": same.slope / rnn.slope,
            "rnn": rnn.rate,
            "mlp": same.rate,
            "mlp, usual": usual.rate,
            "mlp, tanh and Xavier": tanh,
            "rnn, PyTorch's weights": small[0],
            "mlp, PyTorch's weights": small[1],
            "saturated": flat,
        }
        | {f"{kind}, slope": value for kind, value in shares.items()},
        when="it starts from the same small weights as the RNN" if verdict == "only_when" else "",
    )


QUESTION = Question(
    "c5_slopes",
    "tanh MLP against RNN",
    "tanh has slopes near 0 at its ends, and a deep tanh MLP is as bad as an RNN.",
    Experiment(Recurrent(cell="tanh"), Noise(length=50)),
    measure,
    contrasts,
    judge,
    ("Glorot & Bengio 2010",),
    0.5,
)
