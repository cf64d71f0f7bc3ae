"""Dropout in recurrent networks: what it does to the gradient, to learning, and to a network whose units fail (row E7)."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np
import torch

from ..experiment.sampling import held_out, initial
from ..experiment.specs import Experiment, Training
from ..fields import SpecError
from ..gradients.measure import MEASURED, differentiate
from ..gradients.profile import fit_line
from ..instruments.evaluation import as_tensors
from ..networks import Recurrent
from ..parts.dropouts import DROPOUTS
from ..parts.losses import Loss
from ..tasks import France
from .base import Claim, Verdict
from .measures import KEEPERS, LEARNED, right, seeds, sentences
from .settings import changed, recurrent, survived, trained

GAIN = 0.05  # of the answers: two standard deviations of the difference of two guesses at 512 of them
TESTED = 512
TRIES = 2


def e7(experiment: Experiment) -> Verdict:
    """Trained with each kind of dropout: accuracy, accuracy when units fail, and the gradient's slope under the noise."""
    network = recurrent(experiment)
    sentences(experiment)
    if not network.drops:
        raise SpecError("this claim is about dropout: choose dropout=fast, naive or variational and drop above 0")
    kinds = {name: [changed(each, dropout=name) for each in seeds(experiment, TRIES)] for name in DROPOUTS}
    clean = {name: float(np.mean([survived(trained(each)).accuracy for each in some])) for name, some in kinds.items()}
    worst = {name: float(np.mean([_under_noise(each) for each in some])) for name, some in kinds.items()}
    slopes = {name: float(np.mean([_noisy_slope(each) for each in some])) for name, some in kinds.items()}
    measured = {"right": clean, "right when units fail": worst, "slope": slopes}
    robust = [
        name for name in DROPOUTS if name != "none" and clean[name] >= LEARNED and worst[name] >= worst["none"] + GAIN
    ]
    costs = clean[network.dropout] < clean["none"] - GAIN
    untrained = clean["none"] < LEARNED
    others = not costs and (robust or untrained)
    verdict = "holds" if network.dropout in robust else "only_when" if others else "fails"
    cell = "LSTM with forget bias 3" if verdict == "fails" else "ReLU from the identity"
    other = changed(experiment, **KEEPERS[cell])
    if other == experiment:  # the cell keeps its memories apart, and does not learn for another reason
        other = replace(experiment, training=BASE.training, task=BASE.task)
        cell = f"{cell}, {BASE.training.steps} training steps, {sentences(other).gap} words in between"
    apart = {name: survived(trained(changed(other, dropout=name))).accuracy for name in ("none", network.dropout)}
    contrast = (
        f"It depends on whether memories go through what is dropped. {cell}: right in {right(apart['none'])} trained without "
        f"dropout, in {right(apart[network.dropout])} with it."
    )
    return Verdict(
        verdict,
        worst[network.dropout],
        f"When {network.drop:.0%} of the units fail, the network trained with {network.dropout} dropout is right in "
        f"{right(worst[network.dropout])}, without dropout in {right(worst['none'])}.",
        f"Mean of {TRIES} random starts, trained with {_listed(DROPOUTS)} dropout: right in {_shares(clean)}, and when units "
        f"fail for a whole sentence in {_shares(worst)}. Each step back multiplies the gradient, under that noise, by "
        f"{', '.join(f'{np.exp(slope):.2f}' for slope in slopes.values())}.",
        contrast,
        {"when units fail": worst[network.dropout]}
        | {f"{name}, {what}": value for what, each in measured.items() for name, value in each.items()}
        | {f"{cell}, {name}": value for name, value in apart.items()},
        when=""
        if verdict != "only_when"
        else f"the dropout is {' or '.join(robust)}"
        if robust
        else "the network learns its task without dropout",
    )


def _under_noise(experiment: Experiment) -> float:
    """Accuracy of the trained network when in each sentence other units are silent all along."""
    batch, noise = held_out(experiment, TESTED), torch.Generator().manual_seed(experiment.seed)
    network, weights = recurrent(changed(experiment, dropout="variational")), as_tensors(trained(experiment).parameters)
    with torch.no_grad():
        outputs = network.chain(weights, torch.from_numpy(batch.inputs), noise).logits()
    return batch.score(outputs.numpy()).accuracy


def _noisy_slope(experiment: Experiment) -> float:
    """Nats per step of the untrained network's gradient as training meets it, with its dropout."""
    batch, noise = held_out(experiment, MEASURED), torch.Generator().manual_seed(experiment.seed)
    weights, loss = {name: each.astype(float) for name, each in initial(experiment).items()}, Loss.of(batch.targets)
    logs = differentiate(experiment.network, weights, batch.inputs, loss, parameters=False, noise=noise).log_norm[-1]
    return fit_line(np.arange(len(logs))[::-1], logs).slope


def _shares(found: Mapping[str, float]) -> str:
    return ", ".join(right(value) for value in found.values())


def _listed(names: Iterable[str]) -> str:
    *rest, last = ("no" if name == "none" else name for name in names)
    return f"{', '.join(rest)} and {last}"


BASE = Experiment(
    Recurrent(cell="lstm", forget_bias=3.0, dropout="fast", drop=0.5),
    France(gap=10),
    Training(steps=150, film_every=500),
)


CLAIMS_DROPOUT = (
    Claim(
        "e7",
        "Dropout",
        "Dropout makes training robust; for RNNs fast dropout.",
        BASE,
        e7,
        ("Wang & Manning 2013", "Bayer et al. 2013", "Gal & Ghahramani 2016"),
        4.5,
    ),
)
