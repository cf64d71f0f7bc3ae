"""E5. ReLU with and without the penalty, from its own start and from the identity, and tanh, at one gap."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..experiment.sampling import held_out
from ..experiment.specs import Experiment, Training
from ..fields import SpecError
from ..instruments.evaluation import hidden_states
from ..instruments.learning_curves import LearningCurve, MeanCurve, learning_curve, observed
from ..instruments.starts import STARTS, decay, starts
from ..networks import Recurrent
from ..tasks import France
from ..training.finished import survived
from ..wording import number
from .base import Contrasts, Instrument, Question, Verdict
from .settings import CELLS, KEEPERS, NEAR, near, recurrent, right, sentences
from .thresholds import LEARNED

TRAINED = 2  # random starts of each network
RESTS = 1e-6  # below this |h| a unit is silent
IDENTITY, BARE = "from the identity", "from the identity, no penalty"
_mean_curve = MeanCurve(TRAINED)


@dataclass(frozen=True)
class Activity:
    """size: mean |h| after training. silent: share of the units that are 0. Both are means over the random starts."""

    size: float
    silent: float


@dataclass(frozen=True)
class ReLUs:
    """curves: by name, means of ``TRAINED`` random starts. sparse, bare: activity from the identity, with penalty and without."""

    curves: Mapping[str, LearningCurve]
    sparse: Activity
    bare: Activity


def measure(experiment: Experiment) -> ReLUs:
    """Trains a ReLU network as it is, without the penalty, from the identity with and without it, and a tanh network."""
    entries = _entries(experiment)
    curves = {name: _mean_curve(entry) for name, entry in entries.items()}
    return ReLUs(curves, _activity(entries[IDENTITY]), _activity(entries[BARE]))


def contrasts(experiment: Experiment, result: ReLUs) -> Contrasts:
    """Returns what multiplies the gradient before training, small weights, and a short gap where nothing is learned."""
    sentences(experiment)
    for curve in result.curves.values():
        survived(curve)
    entries, small = _entries(experiment), _small(experiment)
    found: dict[str, tuple[Instrument, Experiment]] = {
        f"rate, {name}": (decay, entries[name]) for name in ("as set above", IDENTITY, "tanh")
    }
    found["rate, from small weights"] = decay, small
    if small != experiment:
        found["from small weights"] = _mean_curve, small
    if max(curve.final for curve in result.curves.values()) < LEARNED:
        found["near"] = learning_curve, near(experiment)
    return found


def judge(experiment: Experiment, result: ReLUs, found: Mapping[str, Any]) -> Verdict:
    """Decides by whether this network learns it, and a tanh network does not."""
    gap, penalty = sentences(experiment).gap, experiment.training.sparsity
    own = result.curves["as set above"]
    small = survived(found.get("from small weights", own)).final
    finals = {name: curve.final for name, curve in result.curves.items()} | {"from small weights": small}
    rates = {name: back.rate for name, back in found.items() if name.startswith("rate")}
    works, too, from_identity = (finals[name] >= LEARNED for name in ("as set above", "tanh", IDENTITY))
    untrained = "near" in found and max(small, found["near"].final) < LEARNED
    verdict = "holds" if works and not too else "only_when" if works or from_identity or untrained else "fails"
    sparse, bare = result.sparse, result.bare
    return Verdict(
        verdict,
        own.final,
        f"With {gap} words in between this ReLU network is right in {right(own.final)}.",
        f"Mean of {TRAINED} random starts, penalty {penalty:g}; without penalty {right(finals['the same, no penalty'])}, a tanh "
        f"network {right(finals['tanh'])}. Before training each step back multiplies its gradient by "
        f"{rates['rate, as set above']:.3f}, the tanh network's by {rates['rate, tanh']:.3f} (mean of {STARTS} random starts). "
        f"From the identity, the penalty brings the mean |h| from {number(bare.size)} to {number(sparse.size)} and the silent "
        f"units from {bare.silent:.0%} to {sparse.silent:.0%}.",
        f"From small random weights it is right in {right(small)} (gradient times {rates['rate, from small weights']:.3f} per "
        "step back)."
        if verdict == "holds" or _entries(experiment)[IDENTITY] == experiment
        else f"From the identity it is right in {right(finals[IDENTITY])}, and without penalty in {right(finals[BARE])} "
        f"(gradient times {rates[f'rate, {IDENTITY}']:.3f} per step back).",
        {**finals, **rates}
        | {"mean |h|, penalty": sparse.size, "mean |h|": bare.size}
        | {"silent, penalty": sparse.silent, "silent": bare.silent},
        when=""
        if verdict != "only_when"
        else "the gap is longer: here a tanh network learns it too"
        if works
        else NEAR
        if untrained
        else "it starts from the identity",
    )


def _entries(experiment: Experiment) -> dict[str, Experiment]:
    if recurrent(experiment).cell != "relu":
        raise SpecError("this claim is about ReLU networks: choose cell=relu")
    identity = experiment.changed(**KEEPERS["ReLU from the identity"])
    return {
        "as set above": experiment,
        "the same, no penalty": experiment.changed(sparsity=0.0),
        IDENTITY: identity,
        BARE: identity.changed(sparsity=0.0),
        "tanh": experiment.changed(sparsity=0.0, **CELLS["plain RNN"]),
    }


def _small(experiment: Experiment) -> Experiment:
    return experiment.changed(initialiser="default", gain=1.0, radius=0.0)


def _activity(experiment: Experiment) -> Activity:
    states = [
        np.abs(hidden_states(start, observed(start).parameters, held_out(start)))
        for start in starts(experiment, TRAINED)
    ]
    return Activity(float(np.mean([h.mean() for h in states])), float(np.mean([(h < RESTS).mean() for h in states])))


QUESTION = Question(
    "e5_relu_and_sparsity",
    "ReLU and sparsity",
    "ReLU is more robust; a ReLU RNN with a sparsity penalty works well.",
    Experiment(Recurrent(cell="relu"), France(gap=20), Training(steps=400, sparsity=0.1, film_every=500)),
    measure,
    contrasts,
    judge,
    ("Le, Jaitly & Hinton 2015", "Bengio, Boulanger-Lewandowski & Pascanu 2013"),
    3.0,
)
