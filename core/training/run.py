"""Training in resumable pieces: ``advance`` is a pure function of a small, picklable ``Run`` and a number of steps.

Chopping a run into pieces of any size, in any process, gives bit-identical results: a batch depends on (seed, step)
alone, and the parameters and the optimiser's state travel inside the Run as plain arrays.
"""

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy import ndarray

from ..experiment.sampling import held_out, initial, sample
from ..experiment.specs import Experiment
from ..gradients.extras import Extras
from ..gradients.measure import differentiate, measure_weights, of_positions, predict_logits
from ..gradients.recurrence import RESCALE
from ..networks.base import Parameters
from ..parts.losses import Loss
from ..parts.optimisers import OPTIMISERS
from ..tasks import Batch

_NOISE = 3  # stream of the dropout masks, besides those of the data


@dataclass(frozen=True)
class Frame:
    """What is seen at one training step: on held-out examples, before the step is taken.

    accuracy, loss: on 256 held-out examples; accuracy of the target that matters (see ``Shape.chance``), local of the others
    (NaN where there are none). log_norm (P,): the gradient profile (see GradientProfile). probability (answers,): what the
    network says at the end of the shown example; for numbers the number itself. radius: spectral radius of the bottom
    layer's recurrent matrix (NaN where there is none, or several gates). movement: ‖W − W₀‖/‖W₀‖ of each weight
    matrix by name.
    """

    step: int
    accuracy: float
    local: float
    loss: float
    log_norm: ndarray
    probability: ndarray
    radius: float
    movement: Mapping[str, float]


@dataclass(frozen=True)
class Run:
    """A training on its way: everything that is needed to go on, and everything that was seen so far.

    ``loss``: training loss of every step taken. ``reach``: at every step taken, ln of the share of the training batch's
    signal that arrives at its cue (at its first position where there is none), as ``GradientProfile.relative``, but in the
    float32 that trains: −inf where that reads 0. With a target at every step all of them count, near ones too. ``film``: a
    frame every ``film_every`` steps and one at the end. ``trouble``: why it ended early ("" if it did not).
    """

    experiment: Experiment
    step: int
    parameters: Parameters
    optimiser: Mapping[str, ndarray] = field(default_factory=dict)
    film: tuple[Frame, ...] = ()
    loss: tuple[float, ...] = ()
    reach: tuple[float, ...] = ()
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
    return Run(experiment, 0, initial(experiment))


def advance(run: Run, steps: int) -> Run:
    """The same run up to ``steps`` training steps later. Does nothing to a run that is done."""
    if run.done:
        return run
    training = run.experiment.training
    weights = Flat(run.parameters)
    slots = dict(run.optimiser)
    kept = weights.trained(training.train_last)
    film, losses, reach, trouble = list(run.film), list(run.loss), list(run.reach), ""
    step = run.step
    last = min(run.step + steps, training.steps)
    while not trouble:
        if (step % training.film_every == 0 or step == training.steps) and not _filmed(film, step):
            frame = _frame(run.experiment, weights.parameters, step)
            if not np.isfinite(frame.loss):
                trouble = _blown_up(frame.loss, step)
                break
            film.append(frame)
        if step >= last:
            break
        loss, arrived, gradient = step_gradient(run.experiment, weights.parameters, step)
        if not np.isfinite(loss):
            trouble = _blown_up(loss, step)
            break
        with np.errstate(all="ignore"):  # what leaves float32 is named below or shows in the next loss
            used = clipped(np.where(kept, gradient, np.float32(0)), training.clip)
            direction, slots = OPTIMISERS[training.optimiser].step(used, slots, step)
            weights.vector -= np.float32(training.learning_rate) * direction
        losses.append(loss)
        reach.append(arrived)
        step += 1
        if not all(np.isfinite(each).all() for each in slots.values()):
            trouble = f"The gradient's square left float32 after {step} training steps: the run blew up."
    return dataclasses.replace(
        run,
        step=step,
        parameters=weights.parameters,
        optimiser=slots,
        film=tuple(film),
        loss=tuple(losses),
        reach=tuple(reach),
        trouble=trouble,
    )


class Flat:
    """Parameters by name that are views of one float32 ``vector``: what moves the vector moves them."""

    def __init__(self, parameters: Parameters) -> None:
        self.vector = flat(parameters)
        ends = np.cumsum([values.size for values in parameters.values()])
        pieces = np.split(self.vector, ends[:-1])
        self.parameters: Parameters = {
            name: piece.reshape(values.shape) for piece, (name, values) in zip(pieces, parameters.items(), strict=True)
        }

    def trained(self, last: int) -> ndarray:
        """1 for parameters that are trained and 0 for the others: the ``last`` layers and the read-out (0: all)."""
        number = {name: layer_of(name) for name in self.parameters}
        top = max((each for each in number.values() if each is not None), default=0)
        kept = [not last or name.startswith("readout") or (number[name] or 0) > top - last for name in self.parameters]
        sizes = [values.size for values in self.parameters.values()]
        return np.repeat(np.array(kept, np.float32), sizes)


def flat(parameters: Parameters) -> ndarray:
    """All values one after the other, as a new vector."""
    return np.concatenate([values.reshape(-1) for values in parameters.values()])


def layer_of(name: str) -> int | None:
    """The layer, counted from 1 at the input, that a parameter belongs to; None for word vectors and the read-out."""
    found = re.search(r"(?:hidden\.|gate\.|layers\.|_l)(\d+)", name)
    return int(found[1]) + 1 if found else None


def step_gradient(experiment: Experiment, parameters: Parameters, step: int) -> tuple[float, float, ndarray]:
    """Loss, reach (see ``Run``) and gradient vector of training batch ``step``, before clipping."""
    training, batch = experiment.training, sample(experiment, step)
    noise = torch.Generator().manual_seed(int(np.random.default_rng([experiment.seed, _NOISE, step]).integers(2**62)))
    found = differentiate(
        experiment.network,
        parameters,
        batch.inputs,
        Loss.of(batch.targets),
        extras=Extras(training.truncate, training.sparsity, training.omega),
        noise=noise,
        rescale=RESCALE if training.omega else 0,  # Ω's ratios need δ where training itself may lose it
    )
    logs = of_positions(experiment.network, found.log_norm)
    with np.errstate(invalid="ignore"):
        arrived = float(logs[batch.cue or 0] - logs[-1])
    return float(found.loss), arrived, flat({name: found.parameters[name] for name in parameters})


def clipped(gradient: ndarray, longest: float) -> ndarray:
    """The gradient, shortened to ``longest`` if it is longer (0: never); Pascanu et al. 2013."""
    length = float(np.linalg.norm(gradient.astype(float)))
    return gradient * np.float32(longest / length) if longest and length > longest else gradient


def _blown_up(loss: float, steps: int) -> str:
    return f"The loss became {loss} after {steps} training steps: the run blew up."


def _frame(experiment: Experiment, parameters: Parameters, step: int) -> Frame:
    batch, before = held_out(experiment), initial(experiment)
    loss = Loss.of(batch.targets)
    outputs = predict_logits(experiment.network, parameters, batch.inputs, loss.each_step)
    with np.errstate(all="ignore"):
        value, _ = loss.value_and_gradient(outputs)
    score = batch.score(outputs)
    return Frame(
        step,
        accuracy=score.accuracy,
        local=score.local,
        loss=float(value),
        log_norm=measure_weights(experiment, parameters).log_norm,
        probability=_answer(outputs[-1, 0] if loss.each_step else outputs[0], batch),
        radius=spectral_radius(experiment, parameters),
        movement={name: moved(values, before[name]) for name, values in parameters.items() if values.ndim > 1},
    )


def moved(after: ndarray, before: ndarray) -> float:
    """‖W − W₀‖/‖W₀‖; NaN or infinite for weights that blew up or began as zero."""
    with np.errstate(all="ignore"):
        start = before.astype(float)
        return float(np.linalg.norm(after - start) / np.linalg.norm(start))


def _answer(logits: ndarray, batch: Batch) -> ndarray:
    if batch.targets.dtype.kind == "f":
        return logits
    shifted = np.exp(logits - logits.max())
    return shifted / shifted.sum()


def spectral_radius(experiment: Experiment, parameters: Parameters) -> float:
    """Largest absolute eigenvalue of the bottom layer's recurrent matrix; NaN for gated and feed-forward networks."""
    matrix = parameters.get("recurrent.weight_hh_l0")
    if matrix is None or matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or not np.isfinite(matrix).all():
        return float("nan")
    return float(np.abs(np.linalg.eigvals(matrix)).max())


def _filmed(film: list[Frame], step: int) -> bool:
    return bool(film) and film[-1].step == step
