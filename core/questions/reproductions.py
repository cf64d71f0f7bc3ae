"""The central claims of four papers on vanishing gradients, each as an instrument with its number (question E1)."""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ..experiment.sampling import held_out, initial
from ..experiment.specs import Experiment, Training
from ..gradients.measure import MEASURED, measure_many, measure_weights
from ..instruments.evaluation import hidden_states, score
from ..instruments.factors import step_factors
from ..instruments.roles import split_roles
from ..instruments.starts import decay, starts
from ..networks import Recurrent
from ..tasks import Latch
from ..training.finished import survived, trained
from ..wording import number, signed
from .settings import recurrent
from .thresholds import LEARNED, LONG

ROUNDING = 1e-9  # nats that a sum of a hundred logarithms may be off
STRAIGHT = 0.99  # r² of an exponential decay
SAME = 2.0  # factor that leaves a ratio where it was (weights move a little meanwhile), the learning rate's being ten
STEPS = 100  # of plain SGD, to see what a larger learning rate does
SETTLED = 1e-3  # relative movement of h in one step, below which it rests
LATCH = Experiment(Recurrent(hidden=8), Latch(length=10), Training(steps=300, learning_rate=1e-2, film_every=500))
FAR = 60  # steps that a latch must hold: six times as many as it was trained for


@dataclass(frozen=True)
class Reproduction:
    """seen: whether the paper's claim was. text: in a sentence, numbers: with what was measured by name."""

    seen: bool
    text: str
    numbers: dict[str, float] = field(default_factory=dict)


def _plain(experiment: Experiment, **settings: Any) -> Experiment:
    """Returns one layer of plain units, of the experiment's width and with its task and seed."""
    plain = Recurrent(hidden=recurrent(experiment).hidden)
    return replace(experiment, network=plain).changed(**settings)


def hochreiter_1991(experiment: Experiment) -> Reproduction:
    """Measures logistic units below |w| = 4, here σ₁ = 3.9; and the share of long paths after SGD with η and with ten times η."""
    gains = (1.0, 2.0, 3.9)
    logistic = _plain(experiment, cell="sigmoid", initialiser="orthogonal")
    fits = [[profile.fit.slope for profile in measure_many(starts(logistic.changed(gain=gain)))] for gain in gains]
    excess = max(max(slopes) - float(np.log(gain / 4)) for slopes, gain in zip(fits, gains, strict=True))
    shares = []
    for rate in (0.03, 0.3):
        slow = _plain(experiment, cell="sigmoid", optimiser="sgd", learning_rate=rate, steps=STEPS, film_every=500)
        shares.append(split_roles(slow, survived(trained(slow)).parameters).beyond("recurrent.weight_hh_l0", LONG))
    ratio = shares[1] / shares[0] if shares[0] else np.nan
    return Reproduction(
        excess <= ROUNDING and max(fits[-1]) < 0 and 1 / SAME < ratio < SAME,
        f"logistic units with weights of 3.9 change the gradient by {signed(max(fits[-1]), 2)} nats per step at most, and ten "
        f"times the learning rate leaves the share of paths of {LONG} steps or more at {number(shares[1])} "
        f"({number(shares[0])} without)",
        {"logistic, w = 3.9": max(fits[-1]), "above ln w/4": excess, "long paths, 10 η : η": ratio},
    )


def bengio_1994(experiment: Experiment) -> Reproduction:
    """Shows that a bit latched in a fixed point is kept, and the gradient is not. Latches that oscillate are another matter."""
    before: list[float] = []
    resting: list[float] = []
    moving: list[float] = []
    for kind in ("identity", "default"):  # from the first they come to rest, from the second they mostly oscillate
        for latch in starts(LATCH.changed(initialiser=kind, seed=experiment.seed)):
            weights = survived(trained(latch)).parameters
            far, still = latch.changed(length=FAR), latch.changed(length=FAR, noise=0.0)
            if score(far, weights, held_out(far))[1] < LEARNED:
                continue
            *_, late, last = hidden_states(still, weights, held_out(still, MEASURED))
            rests = np.linalg.norm(last - late) < SETTLED * np.linalg.norm(last)
            (resting if rests else moving).append(measure_weights(far, weights).fit.slope)
            before += [measure_many([far])[0].fit.slope] if rests else []
    if not resting:
        return Reproduction(False, "no network held a bit in a fixed point")
    start, end, weakest = float(np.mean(before)), float(np.mean(resting)), max(resting)
    oscillating = {"oscillating, at most": max(moving)} if moving else {}
    return Reproduction(
        weakest < 0 and end < start,
        f"{len(resting)} networks that hold a bit for {FAR} steps in a fixed point went from {signed(start, 2)} to "
        f"{signed(end, 2)} nats per step by learning it ({signed(weakest, 2)} at most)"
        + "".join(
            f", though of {len(moving)} that oscillate one keeps {signed(top, 2)}" for top in oscillating.values()
        ),
        {"latch before": start, "latch after": end, "latch, at most": weakest, **oscillating},
    )


def hochreiter_2001(experiment: Experiment) -> Reproduction:
    """Tests the decay formula: the product of weights and slopes, step by step, is the gradient; and it falls exponentially."""
    plain = _plain(experiment)
    product, profile = step_factors(plain), measure_many([plain])[0]
    error = float(np.abs(product.running - profile.relative).max())
    return Reproduction(
        error <= ROUNDING and profile.fit.r2 >= STRAIGHT and profile.fit.slope < 0,
        f"the product of {len(product.log_factor)} factors is the gradient to {number(error)} nats, and falls exponentially "
        f"(r² {profile.fit.r2:.3f}, {signed(profile.fit.slope, 2)} nats per step)",
        {"product against gradient": error, "r²": profile.fit.r2},
    )


def pascanu_2013(experiment: Experiment) -> Reproduction:
    """Tests whether σ₁γ < 1 is sufficient, step by step; the largest eigenvalue in σ₁'s place, as the paper words it, is not."""
    excess, bounded = -np.inf, 0
    for cell, steepest in (("tanh", 1.0), ("sigmoid", 0.25)):
        for kind in ("default", "orthogonal", "nonnormal"):
            for share in (0.25, 0.5, 0.8):
                networks = starts(_plain(experiment, cell=cell, initialiser=kind, gain=share / steepest))
                for network, profile in zip(networks, measure_many(networks), strict=True):
                    sigma = np.linalg.norm(initial(network)["recurrent.weight_hh_l0"].astype(float), 2)
                    if sigma * steepest < 1:
                        bounded += 1
                        excess = max(excess, float(-np.diff(profile.log_norm).min() - np.log(sigma * steepest)))
    sheared = _plain(experiment, initialiser="nonnormal", shear=2.0)
    slope, radius = decay(sheared).slope, float(np.log(0.9))  # a non-normal matrix's eigenvalues have modulus .9
    return Reproduction(
        excess <= ROUNDING,
        f"in {bounded} networks with σ₁γ < 1 no step ever keeps more than that (largest excess {signed(excess, 2)} nats), "
        f"whereas eigenvalues of .9 would promise {signed(radius, 2)} nats per step and give {signed(slope, 2)}",
        {"above ln σ₁γ": excess, "eigenvalues .9": slope, "above ln ρ": slope - radius},
    )


PAPERS = {
    "Hochreiter 1991": hochreiter_1991,
    "Bengio et al. 1994": bengio_1994,
    "Hochreiter et al. 2001": hochreiter_2001,
    "Pascanu et al. 2013": pascanu_2013,
}
