"""How large an experiment is: the two numbers that decide what it costs."""

from ..networks import Recurrent
from .specs import Experiment


def extent(experiment: Experiment) -> int:
    """The longest way that a gradient goes back: time steps, or layers."""
    return experiment.network.extent(experiment.task.shape())


def widest(experiment: Experiment) -> int:
    """Units of the widest layer."""
    network = experiment.network
    return network.hidden if isinstance(network, Recurrent) else network.width
