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

from . import networks, tasks
from .experiment.sampling import build, held_out, sample
from .experiment.specs import Experiment, Training, from_query, read_query
from .fields import SpecError
from .gradients.measure import measure_many
from .gradients.profile import Fit, GradientProfile, Prediction
from .instruments.itemised import GradientMap
from .instruments.measure import gradient_map, measure, predict
from .networks import *  # noqa: F403 (each kind of network by its name)
from .recording import GradientRecorder, Recording, RecordingError, read_recording
from .tasks import *  # noqa: F403 (each task by its name)
from .training.run import Frame, Run, advance, start

__all__ = [
    "Experiment",
    "Fit",
    "Frame",
    "GradientMap",
    "GradientProfile",
    "GradientRecorder",
    "Prediction",
    "Recording",
    "RecordingError",
    "Run",
    "SpecError",
    "Training",
    "advance",
    "build",
    "from_query",
    "gradient_map",
    "held_out",
    "measure",
    "measure_many",
    "predict",
    "read_query",
    "read_recording",
    "sample",
    "start",
    *vars(networks)["__all__"],
    *vars(tasks)["__all__"],
]
