"""How much work a measurement is, from sizes alone: to be known before it is begun.

Counted in multiplications of large matrices, forwards and back, of which one core does about ten in a nanosecond. What else costs
time is counted as so many of them; ``benchmarks/effort.py`` prints how well that goes (mostly within a factor of two).
"""

from ..experiment.specs import Experiment
from ..gradients.measure import MEASURED
from ..networks import FeedForward, Recurrent

UNIT = 150  # what one unit's gates, slopes and copies cost for one example
DRAWN = 64  # what it takes to draw one weight
LINK = 1_500_000  # what NumPy and Python spend on one step of one layer before they multiply; autograd twice that


def multiplications(experiment: Experiment, networks: int = 1) -> int:
    """Counts those of measuring ``networks`` random starts of an experiment side by side; theory is about one network more.

    For recurrent networks and multilayer perceptrons: those whose profiles are measured while a slider moves.
    """
    network, shape = experiment.network, experiment.task.shape()
    if isinstance(network, Recurrent):
        links, rows = shape.steps * network.layers, network.entry.gates * network.hidden
        inputs = network.embedding if shape.vocabulary else shape.inputs
        reads = inputs + (network.layers - 1) * network.width  # by all layers together, from below
        recurrent = network.layers * network.width if network.entry.matrix else 0  # from the step before
        drawn = 0 if network.tied else recurrent * DRAWN
        start = shape.steps * rows * (MEASURED * (reads + recurrent + network.layers * UNIT) + drawn)
    else:
        assert isinstance(network, FeedForward)
        links = network.depth * (2 if network.skip == "highway" else 1)  # a gate is another matrix
        start = links * network.width * (MEASURED * (network.width + UNIT) + network.width * DRAWN)
    return links * LINK * (1 if network.written_out else 2) + networks * start
