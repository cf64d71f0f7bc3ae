"""E7. Dropout in recurrent networks: what it does to learning, to a network whose units fail, and to the gradient."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import torch

from ..experiment.sampling import held_out, initial
from ..experiment.specs import Experiment, Training
from ..fields import SpecError
from ..gradients.measure import MEASURED, differentiate
from ..gradients.profile import fit_line
from ..instruments.evaluation import as_tensors
from ..instruments.learning_curves import LearningCurve, MeanCurve, learning_curve, observed
from ..instruments.starts import starts
from ..networks import Recurrent
from ..parts.dropouts import DROPOUTS
from ..parts.losses import Loss
from ..tasks import France
from ..training.finished import survived
from .base import Contrasts, Question, Verdict
from .settings import KEEPERS, recurrent, right, sentences
from .thresholds import LEARNED

GAIN = 0.05  # of the answers: two standard deviations of the difference of two guesses at 512 of them
TESTED = 512
TRAINED = 2  # random starts of each network


@dataclass(frozen=True)
class Dropped:
    """One kind of dropout, all means over ``TRAINED`` random starts.

    curve: accuracy with all units at work. failing: right in the end when in each sentence other units are silent all along.
    slope: nats per step of the untrained network's gradient under the noise.
    """

    curve: LearningCurve
    failing: float
    slope: float


Kinds = Mapping[str, Dropped]  # by name in ``DROPOUTS``


def measure(experiment: Experiment) -> Kinds:
    """Trains the network without and with each kind of dropout, and lets its units fail."""
    recurrent(experiment)
    return {name: _dropped(experiment.changed(dropout=name)) for name in DROPOUTS}


def contrasts(experiment: Experiment, result: Kinds) -> Contrasts:
    """Returns a network whose memories go another way, without dropout and with it."""
    sentences(experiment)
    kind = recurrent(experiment).dropout
    if not recurrent(experiment).drops:
        raise SpecError("this claim is about dropout: choose dropout=fast, naive or variational and drop above 0")
    for dropped in result.values():
        survived(dropped.curve)
    other = _elsewhere(experiment, result)[1]
    return {name: (learning_curve, other.changed(dropout=name)) for name in ("none", kind)}


def judge(experiment: Experiment, result: Kinds, found: Mapping[str, LearningCurve]) -> Verdict:
    """Decides by whether a network that learned with dropout does better than others when units fail."""
    kind, drop = recurrent(experiment).dropout, recurrent(experiment).drop
    clean = {name: dropped.curve.final for name, dropped in result.items()}
    failing = {name: dropped.failing for name, dropped in result.items()}
    slopes = {name: dropped.slope for name, dropped in result.items()}
    measured = {"right": clean, "right when units fail": failing, "slope": slopes}
    apart = {name: survived(curve).final for name, curve in found.items()}
    cell, _ = _elsewhere(experiment, result)
    verdict, robust = _decided(experiment, result), _robust(result)
    return Verdict(
        verdict,
        failing[kind],
        f"When {drop:.0%} of the units fail, the network trained with {kind} dropout is right in {right(failing[kind])}, "
        f"without dropout in {right(failing['none'])}.",
        f"Mean of {TRAINED} random starts, trained with {_listed(DROPOUTS)} dropout: right in {_shares(clean)}, and when units "
        f"fail for a whole sentence in {_shares(failing)}. Each step back multiplies the gradient, under that noise, by "
        f"{', '.join(f'{np.exp(slope):.2f}' for slope in slopes.values())}.",
        f"It depends on whether memories go through what is dropped. {cell}: right in {right(apart['none'])} trained without "
        f"dropout, in {right(apart[kind])} with it.",
        {"when units fail": failing[kind]}
        | {f"{name}, {what}": value for what, values in measured.items() for name, value in values.items()}
        | {f"{cell}, {name}": value for name, value in apart.items()},
        when=""
        if verdict != "only_when"
        else f"the dropout is {' or '.join(robust)}"
        if robust
        else "the network learns its task without dropout",
    )


def _dropped(experiment: Experiment) -> Dropped:
    networks = starts(experiment, TRAINED)
    return Dropped(
        MeanCurve(TRAINED)(experiment),
        float(np.mean([right_when_units_fail(network) for network in networks])),
        float(np.mean([slope_under_noise(network) for network in networks])),
    )


def _robust(result: Kinds) -> list[str]:
    """Returns the kinds that learn, and lose less when units fail."""
    least = result["none"].failing + GAIN
    return [
        name
        for name, kind in result.items()
        if name != "none" and kind.curve.final >= LEARNED and kind.failing >= least
    ]


def _decided(experiment: Experiment, result: Kinds) -> str:
    kind, robust, without = recurrent(experiment).dropout, _robust(result), result["none"].curve.final
    if kind in robust:
        return "holds"
    costs = result[kind].curve.final < without - GAIN
    return "only_when" if not costs and (robust or without < LEARNED) else "fails"


def _elsewhere(experiment: Experiment, result: Kinds) -> tuple[str, Experiment]:
    """Returns a network whose memories go another way, with its name."""
    cell = "LSTM with forget bias 3" if _decided(experiment, result) == "fails" else "ReLU from the identity"
    other = experiment.changed(**KEEPERS[cell])
    if other == experiment:  # the cell keeps its memories apart, and does not learn for another reason
        other = replace(experiment, training=BASE.training, task=BASE.task)
        cell = f"{cell}, {BASE.training.steps} training steps, {sentences(other).gap} words in between"
    return cell, other


def right_when_units_fail(experiment: Experiment) -> float:
    """Returns the accuracy of the trained network when in each sentence other units are silent all along."""
    batch, noise = held_out(experiment, TESTED), torch.Generator().manual_seed(experiment.seed)
    network, weights = recurrent(experiment.changed(dropout="variational")), as_tensors(observed(experiment).parameters)
    with torch.no_grad():
        outputs = network.chain(weights, torch.from_numpy(batch.inputs), noise).logits()
    return batch.score(outputs.numpy()).accuracy


def slope_under_noise(experiment: Experiment) -> float:
    """Returns nats per step of the untrained network's gradient as training meets it, with its dropout."""
    batch, noise = held_out(experiment, MEASURED), torch.Generator().manual_seed(experiment.seed)
    weights = {name: values.astype(float) for name, values in initial(experiment).items()}
    loss = Loss.of(batch.targets)
    logs = differentiate(experiment.network, weights, batch.inputs, loss, parameters=False, noise=noise).log_norm[-1]
    return fit_line(np.arange(len(logs))[::-1], logs).slope


def _shares(shares: Mapping[str, float]) -> str:
    return ", ".join(right(share) for share in shares.values())


def _listed(names: Iterable[str]) -> str:
    *rest, last = ("no" if name == "none" else name for name in names)
    return f"{', '.join(rest)} and {last}"


BASE = Experiment(
    Recurrent(cell="lstm", forget_bias=3.0, dropout="fast", drop=0.5),
    France(gap=10),
    Training(steps=150, film_every=500),
)
QUESTION = Question(
    "e7_dropout",
    "Dropout",
    "Dropout makes training robust; for RNNs fast dropout.",
    BASE,
    measure,
    contrasts,
    judge,
    ("Wang & Manning 2013", "Bayer et al. 2013", "Gal & Ghahramani 2016"),
    4.5,
)
