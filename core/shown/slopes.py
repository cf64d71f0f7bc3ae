"""Where the units sit on their activation's slope, and whether a deep MLP is as bad as an RNN: what row C5 shows."""

from dataclasses import dataclass

from ..claims.settings import changed
from ..experiment.specs import Experiment
from ..gradients.measure import measure_many
from ..instruments.saturation import Saturation, saturation
from ..networks import FeedForward, Recurrent
from ..tasks import Blobs

LAYERS = 200  # an MLP with more is no comparison any more


@dataclass(frozen=True)
class Slopes:
    """units: on the curve. factors: per step or layer back before training, of the RNN and of MLPs with a layer for each of its
    steps, by name; none for cells that no MLP is like."""

    units: Saturation
    factors: dict[str, float]


def slopes(experiment: Experiment) -> Slopes:
    """Both. Raises SpecError for a network that has no activation."""
    rnn, steps = experiment.network, experiment.task.shape().steps
    units = saturation(experiment)
    if not isinstance(rnn, Recurrent) or rnn.cell not in ("tanh", "sigmoid", "relu") or not 2 <= steps <= LAYERS:
        return Slopes(units, {})
    usual, label = ("he", "He") if rnn.cell == "relu" else ("xavier", "Xavier")
    layers = FeedForward(depth=steps, width=rnn.hidden, activation=rnn.cell, sigma=rnn.sigma, shear=rnn.shear)
    mlp = Experiment(layers, Blobs(inputs=rnn.embedding), seed=experiment.seed)
    compared = {
        "this RNN": experiment,
        f"an MLP of {steps} layers with the same kind of weights": changed(
            mlp, initialiser=rnn.initialiser, gain=rnn.gain
        ),
        f"one with {label} weights": changed(mlp, initialiser=usual, gain=1.0),
    }
    return Slopes(units, {name: measure_many([each])[0].rate for name, each in compared.items()})
