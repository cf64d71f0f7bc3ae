"""The instruments that a page calls: one function, one result."""

from ..experiment.specs import Experiment
from ..gradients.measure import measure_many
from ..gradients.profile import GradientProfile, Prediction
from ..networks import Recurrent
from ..networks.layered import Layered
from ..theory.layers import predict_layers
from ..theory.steps import predict_steps
from ..training.run import Run
from .itemised import GradientMap, map_gradients


def measure(experiment: Experiment, run: Run | None = None) -> GradientProfile:
    """The gradient profile of an experiment with theory beside it; of the trained weights if a run is given.

    ‖∂L/∂h‖ per time step (recurrent) or per layer (feed-forward), L the mean loss of 32 held-out examples. float64 in a
    log domain.
    """
    (profile,) = measure_many([experiment], run.parameters if run else None)
    return profile.with_predictions(*predict(experiment, run))


def predict(experiment: Experiment, run: Run | None = None) -> tuple[Prediction, ...]:
    """What theory says about the decay, the most trustworthy prediction first.

    Nothing for attention, nor for a trained network of layers.
    """
    if isinstance(experiment.network, Recurrent):
        return predict_steps(experiment, run.parameters if run else None)
    return predict_layers(experiment) if run is None and isinstance(experiment.network, Layered) else ()


def gradient_map(experiment: Experiment, run: Run | None = None) -> GradientMap:
    """T×T: ‖∂L_t/∂h_k‖, whose loss reaches which step; of the trained weights if a run is given."""
    return map_gradients(experiment, run.parameters if run else None)
