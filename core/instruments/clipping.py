"""One training step under the lens: the gradient, what clipping leaves of it, and what the optimiser makes of that (E6).

Diagnosis: clipping (Pascanu et al. 2013: g ← g · θ/‖g‖ when ‖g‖ > θ) shortens the gradient and keeps its direction; with plain
SGD the step is that, times η. Adam and RMSProp divide each weight's gradient by its own usual size: the direction changes, the
size of the step says nothing about the size of the gradient, and a weight whose gradient has all but vanished moves as far as
any other. A norm recorded after clipping is not the gradient.
"""

import dataclasses
from dataclasses import dataclass

import numpy as np
from numpy import ndarray

from ..experiment.specs import Experiment
from ..training.run import Flat, Run, advance, clipped, flat, start, step_gradient


@dataclass(frozen=True)
class Update:
    """names (P,): every parameter tensor, and last "all" of them as one long vector. Each other array is (P + 1,).

    gradient, clipped: ‖g‖ of the training batch before and after clipping, with all that the training adds to the loss;
    frozen parameters have none. update: ‖ΔW‖ of the step really taken. cosine: between −g and ΔW, 1 = straight downhill;
    NaN where one of them is 0. factor: what clipping multiplied g with (1: left alone).
    """

    names: tuple[str, ...]
    gradient: ndarray
    clipped: ndarray
    update: ndarray
    cosine: ndarray
    factor: float

    @property
    def ratio(self) -> ndarray:
        """‖ΔW‖/‖g‖: the learning rate that this tensor really had."""
        with np.errstate(all="ignore"):
            return self.update / self.gradient


def one_step(experiment: Experiment, run: Run | None = None) -> Update:
    """The step that training would take next, from the run's weights and optimiser state (or from the start)."""
    before = run or start(experiment)
    gradient = training_gradient(before)
    short = clipped(gradient, experiment.training.clip)
    moved = flat(step_on(before).parameters).astype(float) - flat(before.parameters)
    parts = [parts_of(vector, before) for vector in (gradient, short, moved)]
    gradients, shorts, changes = ([np.linalg.norm(part) for part in each] for each in parts)
    return Update(
        (*before.parameters, "all"),
        np.array(gradients),
        np.array(shorts),
        np.array(changes),
        np.array([cosine(-g, change) for g, change in zip(parts[0], parts[2], strict=True)]),
        float(shorts[-1] / gradients[-1]) if gradients[-1] > 0 else 1.0,
    )


def training_gradient(run: Run) -> ndarray:
    """The gradient of the run's next training step before clipping, as one vector in float64."""
    experiment = run.experiment
    _, _, gradient = step_gradient(experiment, run.parameters, run.step)
    return gradient.astype(float) * Flat(run.parameters).trained(experiment.training.train_last)


def parts_of(vector: ndarray, run: Run) -> list[ndarray]:
    """A vector of all parameters cut into their pieces, and last the whole of it."""
    ends = np.cumsum([values.size for values in run.parameters.values()])
    return [*np.split(vector, ends[:-1]), vector]


def step_on(run: Run) -> Run:
    """One training step further, also of a run that has had all of its steps (up to the most that there can be)."""
    if run.done:
        training = dataclasses.replace(run.experiment.training, steps=run.step + 1)
        run = dataclasses.replace(run, experiment=dataclasses.replace(run.experiment, training=training))
    return advance(run, 1)


def cosine(a: ndarray, b: ndarray) -> float:
    """a·b/(‖a‖ ‖b‖), scaled first so that vectors of 10⁻²⁰⁰ have one too; NaN where one of them is 0."""
    a, b = (v / np.abs(v).max() if v.any() else v for v in (a, b))
    norms = np.linalg.norm(a) * np.linalg.norm(b)
    return float(a @ b / norms) if norms > 0 else np.nan
