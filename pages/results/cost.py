"""Which measurements take too long to be done while a slider moves: estimated from the sizes alone."""

from core import Experiment, Recurrent
from core.execution.effort import multiplications
from pages.results.measured import Slow

HEAVY = 2_300_000_000  # multiplications that take about a quarter of a second, and are left to a worker
PAIRS = 1_000_000  # pairs of steps × multiplications that take some 30 ms
PRODUCTS = 4_000_000  # multiplications of whole Jacobians that do


def profiles(count: int) -> Slow:
    """Tells for profiles of ``count`` starts, with theory."""
    return lambda experiment: multiplications(experiment, count + 1) > HEAVY


def always(_experiment: Experiment) -> bool:
    """Tells that networks are trained for it."""
    return True


def lengthy(_experiment: Experiment) -> bool:
    """Tells that it takes long, though nothing is trained."""
    return True


def never(_experiment: Experiment) -> bool:
    """Tells that it is always quick."""
    return False


def heavy(experiment: Experiment) -> bool:
    """Tells for what goes over all pairs of steps of a recurrent network: quick up to about 30 steps of 32 units."""
    network, steps = _recurrent(experiment)
    return steps**2 * network.layers * network.entry.gates * network.width**2 > PAIRS


def bulky(experiment: Experiment) -> bool:
    """Tells for what multiplies whole Jacobians of a recurrent network: quick up to about 100 steps of 32 units."""
    network, steps = _recurrent(experiment)
    return gated(experiment) or steps * (network.layers * network.entry.states * network.width) ** 3 > PRODUCTS


def gated(experiment: Experiment) -> bool:
    """Tells for theory that has to be simulated for cells with gates."""
    return _recurrent(experiment)[0].entry.gates > 1


def _recurrent(experiment: Experiment) -> tuple[Recurrent, int]:
    assert isinstance(experiment.network, Recurrent)
    return experiment.network, experiment.task.shape().steps
