"""Do gradients agree? From step to step, from example to example, and from one input to its neighbour.

Diagnosis: gradients that point the same way add up; gradients without any relation average to nothing, however large they
are (the step takes a random walk). In deep plain networks the gradient of the output with respect to the *input* even loses
its relation between neighbouring inputs and becomes white noise: Balduzzi et al. 2017, "The shattered gradients problem".
"""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch
from numpy import ndarray

from ..experiment.sampling import initial, sample
from ..experiment.specs import Experiment, SpecError
from ..networks.layered import Layered
from ..tasks import Batch
from ..training.run import Run, flat, start
from .clipping import cosine, parts_of, step_on, training_gradient
from .evaluation import as_tensors, parameter_gradients


@dataclass(frozen=True)
class Coherence:
    """names (P,): every parameter tensor, and last "all" as one long vector. Cosines, NaN where a gradient is exactly 0:

    steps (K − 1, P + 1): between the gradients of consecutive training steps, each at the weights of its time. examples
    (P + 1,): the mean over all pairs of examples of one batch. norm (K, P + 1): ‖∂L/∂W‖ before clipping.
    """

    names: tuple[str, ...]
    steps: ndarray
    examples: ndarray
    norm: ndarray


@dataclass(frozen=True)
class Shattering:
    """depth (D,). angle (N,): places on a circle of radius √d through the inputs' space, in radians. gradient (D, N):
    ∂y/∂angle of the first output y. correlation (D, N // 2): mean cosine between ∂y/∂x (all d inputs) at places that lie 0,
    1, 2 … steps apart: 1 in a linear network, 0 for white noise."""

    depth: ndarray
    angle: ndarray
    gradient: ndarray
    correlation: ndarray


def coherence(experiment: Experiment, run: Run | None = None, steps: int = 8, examples: int = 16) -> Coherence:
    """Over the next ``steps`` training steps (which are really taken), and over examples of the first one's batch."""
    now, gradients = run or start(experiment), []
    batch = sample(experiment, now.step, examples)
    apart = [
        parts_of(flat(parameter_gradients(experiment, now.parameters, _one(batch, i))), now) for i in range(examples)
    ]
    for _ in range(steps):
        gradients.append(parts_of(training_gradient(now), now))
        now = step_on(now)
    parts = range(len(gradients[0]))
    units = [np.stack([_unit(each[p]) for each in apart]) for p in parts]
    # Σ over pairs i ≠ j of cosines = ‖Σ units‖² − number of examples
    pairs = [(np.sum(unit.sum(0) ** 2) - examples) / (examples * (examples - 1)) for unit in units]
    return Coherence(
        (*now.parameters, "all"),
        np.array([[cosine(a[p], b[p]) for p in parts] for a, b in pairwise(gradients)]),
        np.array(pairs),
        np.array([[np.linalg.norm(part) for part in each] for each in gradients]),
    )


def shattering(experiment: Experiment, depths: Sequence[int] = (1, 2, 5, 10, 20, 50), places: int = 256) -> Shattering:
    """The experiment's untrained network at each depth. Raises SpecError for networks that read sequences."""
    network, inputs = experiment.network, experiment.task.shape().inputs
    if not isinstance(network, Layered):
        raise SpecError("shattering is measured on networks of layers, between neighbouring points")
    if inputs < 2:
        raise SpecError("a circle needs points of at least two dimensions")
    angle = np.linspace(0, 2 * np.pi, places, endpoint=False)
    plane, _ = np.linalg.qr(np.random.default_rng([experiment.seed, 3]).standard_normal((inputs, 2)))
    circle = np.sqrt(inputs) * np.stack([np.cos(angle), np.sin(angle)], -1) @ plane.T
    tangent = np.sqrt(inputs) * np.stack([-np.sin(angle), np.cos(angle)], -1) @ plane.T
    along, correlation = [], []
    for depth in depths:
        deep = dataclasses.replace(experiment, network=dataclasses.replace(network, depth=depth))
        x = torch.from_numpy(circle).requires_grad_()
        output = deep.network.chain(as_tensors(initial(deep)), x).logits()[:, 0].sum()
        gradient = torch.autograd.grad(output, x)[0].numpy()
        along.append((gradient * tangent).sum(-1))
        unit = np.stack([_unit(each) for each in gradient])
        # mean over the circle of unit_i · unit_{i+lag}, all lags at once
        power = np.abs(np.fft.fft(unit, axis=0)) ** 2
        correlation.append(np.fft.ifft(power.sum(-1)).real[: places // 2] / places)
    return Shattering(np.array(depths), angle, np.stack(along), np.stack(correlation))


def _one(batch: Batch, i: int) -> Batch:
    """The batch's example number i alone."""
    return dataclasses.replace(batch, inputs=batch.inputs[i : i + 1], targets=batch.targets[i : i + 1])


def _unit(vector: ndarray) -> ndarray:
    """The vector brought to length 1; NaN if it is 0."""
    largest = np.abs(vector).max()
    scaled = vector / largest if largest > 0 else np.full_like(vector, np.nan)
    return scaled / np.linalg.norm(scaled)
