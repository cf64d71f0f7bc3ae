"""Trains a pasted list of layers on its toy task for a moment, with a gradient recorder attached."""

import math
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn.functional import cross_entropy

from ..experiment.specs import Training
from ..fields import SpecError
from ..recording.recorder import GradientRecorder
from ..recording.recording import Recording
from .base import SEQUENCE, SIGNAL
from .descent import Descent
from .modules import build_list
from .plan import Plan
from .reading import read_list
from .toys import SAMPLES, Toy

MOMENTS = 50  # that are recorded of a training
AFFORDABLE, FEWEST = 4.0, 20  # seconds on one core, about; steps below which a training tells nothing
# seconds on one core: per weight and place it is used at, per weight (optimiser, recorder), per module, per time step
_PLACE, _WEIGHT, _CALL, _STEP = 5e-11, 1e-8, 8e-5, 5e-5
AFTERMATH = 2  # steps that go on after a loss that is not finite


@dataclass(frozen=True)
class Practice:
    """A recorded training: the task, the steps that were trained, and remarks on how the list was understood."""

    recording: Recording
    toy: Toy
    steps: int
    notes: tuple[str, ...]


def practise(text: str, training: Training, length: int, seed: int) -> Practice:
    """Trains the list of layers in ``text``, and records every so many of its steps, at most about ``MOMENTS``.

    Of ``training`` it takes optimiser, learning_rate, clip, batch and steps (fewer where the list is large). Equal arguments give
    equal numbers; torch's process-wide generator is put back afterwards. Raises SpecError for a list that can't be built or
    is too large.
    """
    plan = read_list(text)
    model, toy = _fresh(plan, length, seed)
    steps = min(training.steps, _affordable(model, toy, training.batch))
    recording, done = _trained(plan, training, length, seed, steps, max(1, steps // MOMENTS))
    if done < min(steps, MOMENTS):  # it ended early: once more, every step of it
        recording, done = _trained(plan, training, length, seed, done, 1)
    notes = list(plan.notes)
    if done < steps:
        notes.append(f"It was stopped after {done} steps, because the loss was not finite any more.")
    elif steps < training.steps:
        notes.append(f"It was trained for {steps} steps only, because it is a large one for this server.")
    return Practice(recording, toy, done, tuple(notes))


def _fresh(plan: Plan, length: int, seed: int) -> tuple[nn.Module, Toy]:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return build_list(plan, length, seed)


def _trained(plan: Plan, training: Training, length: int, seed: int, steps: int, every: int) -> tuple[Recording, int]:
    """Returns the recording, and the steps done until the end or shortly after the loss was not finite."""
    model, toy = _fresh(plan, length, seed)
    optimizer = Descent(model.parameters(), training.optimiser, training.learning_rate)
    left, done = AFTERMATH, 0
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed + 1)  # dropout
        with GradientRecorder(model, optimizer, layers="*", every=every) as recorder:
            while done < steps and left:
                inputs, targets = toy.batch(seed, done, training.batch)
                model.zero_grad()
                loss = cross_entropy(model(inputs), targets)
                loss.backward()
                if training.clip:
                    nn.utils.clip_grad_norm_(model.parameters(), training.clip)
                optimizer.step()
                recorder.step(loss)
                done += 1
                left -= not math.isfinite(loss.detach())
    return recorder.recording(), done


def _affordable(model: nn.Module, toy: Toy, batch: int) -> int:
    """Counts the steps that fit into the time, by counting multiplications. Raises SpecError where that is too few."""
    places = {SEQUENCE: toy.length, SIGNAL: SAMPLES}.get(toy.flow, 1)
    weights = sum(parameter.numel() for parameter in model.parameters())
    recurrent = sum(module.num_layers for module in model.modules() if isinstance(module, nn.RNNBase))
    modules = sum(1 for _ in model.modules())
    second = weights * (_PLACE * places * batch + _WEIGHT) + _CALL * modules + _STEP * recurrent * toy.length
    steps = int(AFFORDABLE / second)
    if steps < FEWEST:
        raise SpecError(
            f"this list ({weights:,} weights{f', {places} places' if places > 1 else ''}) is too large to be trained here: "
            "make it smaller, or attach the recorder to your own training"
        )
    return steps
