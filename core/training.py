"""Training in resumable pieces: ``advance`` is a pure function of a small, picklable ``Run`` and a number of steps.

Chopping a run into pieces of any size, in any process, gives bit-identical results: a batch depends on (seed, step)
alone, and the parameters and the optimiser's state travel inside the Run as plain arrays.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy
from torch.nn.utils import clip_grad_norm_

from core.gradients.measure import measure_weights
from core.networks import Recurrent
from core.networks.base import Parameters
from core.optimisers import OPTIMISERS
from core.sampling import build, held_out, initial, sample
from core.specs import Experiment


@dataclass(frozen=True)
class Frame:
    """What is seen at one training step: on held-out examples, before the step is taken.

    accuracy, loss: on 256 held-out examples. log_norm (P,): the gradient profile (see GradientProfile). probability
    (answers,): what the network says after the shown sentence (the first held-out example). radius: spectral radius of
    the bottom layer's recurrent matrix (NaN where there is none, or several gates).
    """

    step: int
    accuracy: float
    loss: float
    log_norm: np.ndarray
    probability: np.ndarray
    radius: float


@dataclass(frozen=True)
class Run:
    """A training on its way: everything that is needed to go on, and everything that was seen so far.

    ``loss``: training loss of every step taken. ``film``: a frame every ``film_every`` steps and one at the end.
    ``trouble``: why it ended early ("" if it did not).
    """

    experiment: Experiment
    step: int
    parameters: Parameters
    optimiser: Mapping[str, Any]
    film: tuple[Frame, ...] = ()
    loss: tuple[float, ...] = ()
    trouble: str = ""

    @property
    def done(self) -> bool:
        """Nothing is left to be trained."""
        return bool(self.trouble) or self.step >= self.experiment.training.steps

    @property
    def accuracy(self) -> float:
        """The newest held-out accuracy, 0 to 1; NaN before the first frame."""
        return self.film[-1].accuracy if self.film else float("nan")


def start(experiment: Experiment) -> Run:
    """The untrained run; nothing has been measured yet."""
    return Run(experiment, 0, initial(experiment), {})


def advance(run: Run, steps: int) -> Run:
    """The same run up to ``steps`` training steps later. Does nothing to a run that is done."""
    if run.done:
        return run
    training = run.experiment.training
    module = build(run.experiment, run.parameters)
    optimiser = OPTIMISERS[training.optimiser].make(module.parameters(), training.learning_rate)
    if run.optimiser:
        optimiser.load_state_dict(_map(torch.tensor, np.ndarray, run.optimiser))
    film, losses, trouble = list(run.film), list(run.loss), ""
    step = run.step
    last = min(run.step + steps, training.steps)
    while not trouble:
        if (step % training.film_every == 0 or step == training.steps) and not _filmed(film, step):
            frame = _frame(run.experiment, module, step)
            if not np.isfinite(frame.loss):
                trouble = _blown_up(frame.loss, step)
                break
            film.append(frame)
        if step >= last:
            break
        loss = _train_step(run.experiment, module, optimiser, step)
        if np.isfinite(loss):
            losses.append(loss)
            step += 1
        else:
            trouble = _blown_up(loss, step)
    return dataclasses.replace(
        run,
        step=step,
        parameters=_parameters(module),
        optimiser=_map(lambda tensor: tensor.numpy().copy(), Tensor, optimiser.state_dict()),
        film=tuple(film),
        loss=tuple(losses),
        trouble=trouble,
    )


def _blown_up(loss: float, steps: int) -> str:
    return f"The loss became {loss} after {steps} training steps: the run blew up."


def _train_step(experiment: Experiment, module: nn.Module, optimiser: torch.optim.Optimizer, step: int) -> float:
    """One update; returns the batch's loss. Weights are left alone when the loss is not finite."""
    inputs, targets = tensors(sample(experiment, step))
    optimiser.zero_grad()
    loss = cross_entropy(module(inputs), targets)
    value = float(loss.detach())
    if np.isfinite(value):
        loss.backward()
        if experiment.training.clip:
            clip_grad_norm_(module.parameters(), experiment.training.clip)
        optimiser.step()
    return value


def _frame(experiment: Experiment, module: nn.Module, step: int) -> Frame:
    inputs, targets = tensors(held_out(experiment))
    with torch.no_grad():
        logits = module(inputs)
    parameters = _parameters(module)
    return Frame(
        step,
        accuracy=float((logits.argmax(-1) == targets).double().mean()),
        loss=float(cross_entropy(logits, targets)),
        log_norm=measure_weights(experiment, parameters).log_norm,
        probability=logits[0].softmax(-1).numpy(),
        radius=spectral_radius(experiment, parameters),
    )


def spectral_radius(experiment: Experiment, parameters: Parameters) -> float:
    """Largest absolute eigenvalue of the bottom layer's recurrent matrix; NaN for gated and feed-forward networks."""
    network = experiment.network
    if not isinstance(network, Recurrent) or network.entry.gates > 1:
        return float("nan")
    matrix = parameters["recurrent.weight_hh_l0"]
    return float(np.abs(np.linalg.eigvals(matrix)).max()) if np.isfinite(matrix).all() else float("nan")


def tensors(batch: Any) -> tuple[Tensor, Tensor]:
    """A batch as a torch module takes it: float32 numbers or whole word numbers, and the classes."""
    inputs = torch.from_numpy(batch.inputs)
    return (inputs.float() if inputs.is_floating_point() else inputs), torch.from_numpy(batch.targets)


def _filmed(film: list[Frame], step: int) -> bool:
    return bool(film) and film[-1].step == step


def _parameters(module: nn.Module) -> Parameters:
    return {name: parameter.detach().numpy().copy() for name, parameter in module.named_parameters()}


def _map(function: Any, kind: type, value: Any) -> Any:
    """``function`` applied to every ``kind`` inside nested dicts and lists."""
    if isinstance(value, kind):
        return function(value)
    if isinstance(value, dict):
        return {key: _map(function, kind, each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_map(function, kind, each) for each in value]
    return value
