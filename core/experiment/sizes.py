"""How large an experiment is: the two numbers that decide what it costs."""

from ..networks import Attention, Recurrent
from .specs import Experiment


def extent(experiment: Experiment) -> int:
    """The longest way that a gradient goes back: time steps, or layers."""
    if isinstance(experiment.network, Recurrent | Attention):
        return experiment.task.shape().steps
    return experiment.network.depth


def widest(experiment: Experiment) -> int:
    """Units of the widest layer."""
    network = experiment.network
    return network.hidden if isinstance(network, Recurrent) else network.width
