"""Gradient Decay Lab's library: build a small network, differentiate it, see how far its gradient gets.

    import core
    experiment = core.Experiment(network=core.Recurrent(cell="tanh"), task=core.France(gap=22))
    profile = core.measure(experiment)          # ‖∂L/∂h_t‖ for every word
    profile.rate, profile.half_life             # factor per step back, steps until half is left
    run = core.advance(core.start(experiment), 500)
    core.measure(experiment, run).relative[3]   # what reaches “France” after training (ln)

Specs are frozen: equal ones mean equal numbers. Nothing here knows the screen, draws from process-wide random numbers, or
keeps state between calls.
"""

from core.fields import SpecError
from core.gradients.itemised import GradientMap
from core.gradients.measure import measure_many
from core.gradients.profile import Fit, GradientProfile, Prediction
from core.instruments import gradient_map, measure, predict
from core.networks import NETWORKS, FeedForward, Recurrent
from core.sampling import build, held_out, sample
from core.specs import Experiment, Training, from_query, read_query
from core.tasks import TASKS, Batch, Blobs, France, Noise, WasWere
from core.training import Frame, Run, advance, start

__all__ = [
    "NETWORKS",
    "TASKS",
    "Batch",
    "Blobs",
    "Experiment",
    "FeedForward",
    "Fit",
    "Frame",
    "France",
    "GradientMap",
    "GradientProfile",
    "Noise",
    "Prediction",
    "Recurrent",
    "Run",
    "SpecError",
    "Training",
    "WasWere",
    "advance",
    "build",
    "from_query",
    "gradient_map",
    "held_out",
    "measure",
    "measure_many",
    "predict",
    "read_query",
    "sample",
    "start",
]
