"""Batches and networks of an experiment: pure functions of the experiment and a step, with private generators."""

import numpy as np
import torch
from torch import nn

from ..networks.base import Parameters
from ..tasks import Batch
from .specs import Experiment

TEST_SIZE = 256
_TRAIN, _TEST = 1, 2  # the two streams of data; weights have streams of their own


def sample(experiment: Experiment, step: int = 0, size: int | None = None) -> Batch:
    """Training batch number ``step`` (≥ 0), of ``size`` examples (default: the training's batch size)."""
    rng = np.random.default_rng([experiment.seed, _TRAIN, step])
    return experiment.task.draw(rng, size or experiment.training.batch, experiment.seed, training=True)


def held_out(experiment: Experiment, size: int = TEST_SIZE) -> Batch:
    """The fixed examples that accuracy and profiles are measured on; mixed-gap tasks are tested at their full gap."""
    rng = np.random.default_rng([experiment.seed, _TEST])
    return experiment.task.draw(rng, size, experiment.seed, training=False)


def build(experiment: Experiment, parameters: Parameters | None = None) -> nn.Module:
    """The network as a torch module (float32), untrained unless ``parameters`` are given.

    Recurrent ones hold a ``torch.nn.RNN``, ``GRU`` or ``LSTM`` called ``recurrent``.
    """
    shape = experiment.task.shape()
    with torch.device("meta"):  # torch's own initialisation would draw from the process-wide generator
        module = experiment.network.build(shape)
    module.to_empty(device="cpu")
    values = parameters or initial(experiment)
    with torch.no_grad():
        for name, parameter in module.named_parameters():
            parameter.copy_(torch.from_numpy(values[name]))
    return module


def initial(experiment: Experiment) -> Parameters:
    """The untrained parameters by name, float32, each drawn from a stream of its own."""
    return experiment.network.draw(experiment.task.shape(), experiment.seed)
