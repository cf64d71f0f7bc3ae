"""An RNN as a very deep MLP, and when a product of matrices shrinks: rows C1 to C3; C4 to C7 are in ``layers``."""

from functools import partial

import numpy as np
import torch

from ..experiment.sampling import held_out, initial
from ..experiment.specs import Experiment
from ..fields import SpecError
from ..gradients.measure import MEASURED
from ..instruments.contraction import Contraction, contraction
from ..instruments.evaluation import as_tensors, unrolled
from ..instruments.grid import grid
from ..instruments.tied import tied_twin
from ..networks import Recurrent
from ..parts.activations import ACTIVATIONS
from ..tasks import France, Noise
from ..wording import number, scientific
from .base import Claim, Verdict
from .layers import CLAIMS_LAYERS
from .measures import ARRIVES, CELLS, SEEDS, called, others, seeds
from .settings import changed, recurrent

SAME = 1e-9  # relative: sums of float64 in another order
TINY = 1e-9  # relative growth that is rounding
CONTRACTS = 0.95  # σ₁γ that the contrast is scaled to
NUDGE = 0.5  # of h, in units of its own spread


def c1(experiment: Experiment) -> Verdict:
    """The unrolled network against the same thing built as a feed-forward network with tied weights; or how far it is none."""
    recurrent(experiment)
    cell = called(experiment)
    if held_out(experiment, 1).inputs.shape[1] < 2:
        raise SpecError("a single step is not unrolled: take a task with more of them")
    if recurrent(experiment).cell in ACTIVATIONS:
        apart, bend = _twin(experiment), _bend(changed(experiment, **CELLS["GRU"], layers=1))
        headline = f"The unrolled {cell} and the MLP built like it are the same, to {number(apart)}."
        finding = (
            "Built as a feed-forward network with tied weights, a layer for each step, it has the same outputs and the same "
            f"gradients: the largest difference is {number(apart)} of their size."
        )
        overturned = (
            f"A step of a GRU is no layer of an MLP, for its gates multiply: before the nonlinearity, {bend:.1%} of what a small "
            "change of h does is not linear."
        )
        here = apart
    else:
        apart, bend = _twin(changed(experiment, **CELLS["plain RNN"], layers=1)), _bend(experiment)
        headline = f"A step of the {cell} is no layer of an MLP: {bend:.1%} of what it does is not linear."
        finding = (
            "A layer is a linear map and then a nonlinearity. Before the nonlinearity, the step's answer to a small change of "
            f"h departs from a straight line by {bend:.1%}: gates multiply."
        )
        overturned = f"Without gates it is one: a plain RNN and its feed-forward twin differ by {number(apart)}."
        here = bend
    return Verdict(
        "holds" if here <= SAME else "fails", here, headline, finding, overturned, {"twin": apart, "bent": bend}
    )


def _twin(experiment: Experiment) -> float:
    """Largest difference of outputs and gradients, relative to the largest gradient of each parameter."""
    twin = tied_twin(experiment)
    gradients = [gap / twin.largest[name] for name, gap in twin.gradients.items() if twin.largest[name] > 0]
    return max(twin.outputs, *gradients)


def _bend(experiment: Experiment) -> float:
    """How far one step is from φ(affine): second difference of φ⁻¹(h) under a nudge of the old h, relative to the first.

    For cells with tanh at their end, whose h lies in (−1, 1).
    """
    network = recurrent(experiment)
    if network.cell not in ("tanh", "gru", "lstm", "leaky", "peephole"):
        raise SpecError("this claim compares a step with a layer of an MLP: choose a plain cell, GRU or LSTM")
    chain = unrolled(experiment, as_tensors(initial(experiment)), held_out(experiment, MEASURED).inputs)
    with torch.no_grad():
        state = chain.state
        for step in chain.maps[: network.layers]:
            state = step(state)
        nudge = NUDGE * state[0].std() * torch.from_numpy(np.random.default_rng(0).standard_normal(state[0].shape))
        low, here, high = (
            torch.atanh(chain.maps[network.layers]((state[0] + sign * nudge, *state[1:]))[0]) for sign in (-1, 0, 1)
        )
        return float((high + low - 2 * here).norm() / (high - low).norm())


def c2(experiment: Experiment) -> Verdict:
    """Nonlinearities on the shortest and longest path from the last loss to the first input, against k · n."""
    layers = recurrent(experiment).layers
    single = not others(experiment, {"": CELLS["plain RNN"] | {"layers": 1}})
    stack = 3 if single else 1
    simpler = changed(experiment, layers=stack, **({} if single else CELLS["plain RNN"]))
    here, other = grid(experiment), grid(simpler)
    steps = here.log_norm.shape[1]
    fewest, most = (int(count) for count in here.lengths.onto_input[1, :, -1])
    products = int(here.lengths.onto_input[0, 1, -1]) - 1
    claimed, lost = layers * steps, float(here.log_norm[0, 0] - here.log_norm[-1, -1])
    same = fewest == most == claimed
    plain = recurrent(experiment).cell in ACTIVATIONS and recurrent(experiment).written_out
    built = tied_twin(experiment) if plain and steps > 1 else None
    why = "there is one recurrent layer" + ("" if plain else " of plain units: past gates there are shorter ways")
    return Verdict(
        "holds" if same else "only_when",
        float(most),
        f"The longest path back passes {most} nonlinearities, {'as claimed' if most == claimed else f'not {claimed}'}.",
        f"{_stack(layers)} over {steps} steps: {claimed} times the work of one step. A path from the last loss to the "
        f"first input passes {fewest}{'' if fewest == most else f' to {most}'} nonlinearities and at most {products} "
        f"matrices below the read-out. {scientific(lost)} of the gradient gets to its end."
        + (f" A plain network of {built.depth} layers gives the same, up to {number(built.outputs)}." if built else ""),
        f"{_stack(stack)}{'' if plain else ' of plain units'} over {steps} steps: {other.depth} nonlinearities, "
        f"{'as claimed' if other.depth == stack * steps else f'not {stack * steps}'}.",
        {"claimed": float(claimed), "fewest": float(fewest), "most": float(most), "products": float(products)}
        | {"ln arrives": lost, "most, other stack": float(other.depth)},
        when="" if same else why,
    )


def _stack(layers: int) -> str:
    return "One recurrent layer" if layers == 1 else f"{layers} recurrent layers"


def c3(experiment: Experiment) -> Verdict:
    """Radius and norm of the recurrent matrix, and how ‖∂s_T/∂s_{T−lag}‖ really goes."""
    network = recurrent(experiment)
    if not network.written_out or network.entry.steepest is None or network.layers > 1:
        raise SpecError(
            "this claim is about one matrix: choose one layer of tanh, ReLU or sigmoid units, tied and without extras"
        )
    here = _seen(experiment)
    radius, norm, steepest = (here[name] for name in ("radius", "norm", "steepest"))
    if radius >= 1:
        raise SpecError(
            f"the claim speaks of matrices with a radius below 1, this one has {radius:.2f}: set radius to 0.9"
        )
    if norm == 0:
        raise SpecError("a matrix of zeros passes nothing back: set gain to more than 0")
    gain = network.gain * CONTRACTS / (norm * steepest)
    small, torchs = _seen(changed(experiment, gain=gain, radius=0.0)), _seen(changed(experiment, **CELLS["plain RNN"]))
    sheared = _seen(changed(experiment, initialiser="nonnormal", shear=1.0, gain=1.0, radius=0.0))
    contracts, gone = here["growth"] <= 1 + TINY, here["ln end"] <= ARRIVES
    verdict = "fails" if not gone else "holds" if contracts else "only_when"
    return Verdict(
        verdict,
        here["growth"],
        "On its way back the gradient "
        + ("never grows" if contracts else f"grows to {here['growth']:.2f} times before it falls")
        + f"; {scientific(here['ln end'])} of it is left in the end.",
        f"Mean of {SEEDS} random starts. The largest eigenvalue is {radius:.2f}, the largest singular value {norm:.2f}. "
        f"PyTorch's plain RNN has singular values up to {torchs['norm']:.2f}, so that nothing forces it to shrink, and falls to "
        f"{scientific(torchs['ln end'])} all the same.",
        f"A non-normal matrix whose largest eigenvalue is {sheared['radius']:.2f} as well has a singular value of "
        f"{sheared['norm']:.2f}, and the gradient grows to {sheared['growth']:.2f} times."
        if verdict == "holds"
        else f"With the largest singular value brought to {small['norm']:.2f} it never grows, and "
        f"{scientific(small['ln end'])} is left.",
        here
        | {"norm, sheared": sheared["norm"], "growth, sheared": sheared["growth"]}
        | {"norm, scaled": small["norm"], "growth, scaled": small["growth"]}
        | {"norm, torch": torchs["norm"], "ln end, torch": torchs["ln end"]},
        when="“largest eigenvalue” is replaced by “largest singular value”" if verdict == "only_when" else "",
    )


def _seen(experiment: Experiment) -> dict[str, float]:
    """Means over seeds; growth and end of the measured products."""
    found: list[Contraction] = [contraction(each) for each in seeds(experiment)]
    mean = partial(np.mean, dtype=float)
    return {
        "radius": float(mean([each.weights[0].radius for each in found])),
        "norm": float(mean([each.weights[0].norm for each in found])),
        "steepest": found[0].steepest,
        "growth": float(np.exp(mean([each.log_measured.max() for each in found]))),
        "ln end": float(mean([each.log_measured[-1] for each in found])),
    }


CLAIMS_C = (
    Claim(
        "c1",
        "An RNN is a recursive MLP",
        "An RNN is a recursive MLP: unroll it and it is a very deep one.",
        Experiment(Recurrent(), France(gap=22)),
        c1,
        ("Rumelhart, Hinton & Williams 1986",),
        0.2,
    ),
    Claim(
        "c2",
        "k layers over n steps",
        "k recurrent layers over n steps are a k·n-layer MLP; a string of 50 characters makes 1 layer 50 deep.",
        Experiment(Recurrent(layers=2), Noise(length=50)),
        c2,
        (),
        0.2,
    ),
    Claim(
        "c3",
        "Below 1 it contracts",
        "If the spectral norm (largest eigenvalue) of the matrices is below 1 they contract, and the gradient goes to 0.",
        Experiment(Recurrent(initialiser="nonnormal", shear=1.0), Noise(length=100, inputs=1)),
        c3,
        ("Pascanu, Mikolov & Bengio 2013", "Trefethen & Embree 2005"),
        0.5,
    ),
    *CLAIMS_LAYERS,
)
