"""What several claims measure alike, and the limits that they share."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..experiment.changes import changed
from ..experiment.remedies import AS_TORCH, REMEDIES
from ..experiment.specs import Experiment, next_seed
from ..fields import SpecError
from ..gradients.measure import measure_many
from ..networks import Recurrent
from ..networks.layered import Layered
from ..tasks import France, WasWere

SEEDS = 5  # single draws of 32 units stray by up to .06 nats per step
LOST = float(np.log(1e-4))  # share of the signal below which none of 47 cell × gap points was ever learned
# share of the signal at the cue with which a task was nearly always learned (the same 47 points)
FLOWS = float(np.log(10**-1.7))
ARRIVES = float(np.log(0.1))  # with a tenth or more, nothing worth the name has vanished
LEARNED = 0.9  # accuracy: nobody guesses that

_PLAIN = {"cell": "tanh", **AS_TORCH}


def _started(*names: str) -> dict[str, dict[str, Any]]:
    """Label → settings of the remedies called so, which are as torch starts them but for what is the remedy."""
    return {REMEDIES[name].label: {**_PLAIN, **REMEDIES[name].settings} for name in names}


CELLS: dict[str, dict[str, Any]] = {"plain RNN": _PLAIN, **_started("gru", "lstm1", "lstm3")}
KEEPERS = _started("gain", "irnn", "lstm3")  # known for keeping the gradient: what overturns a claim that it vanishes
LAYERS = {  # activations with the weights made for them
    "sigmoid with Xavier weights": {"activation": "sigmoid", "initialiser": "xavier", "gain": 1.0},
    "tanh with Xavier weights": {"activation": "tanh", "initialiser": "xavier", "gain": 1.0},
    "ReLU with He weights": {"activation": "relu", "initialiser": "he", "gain": 1.0},
}


@dataclass(frozen=True)
class Decay:
    """How an untrained network's gradient ‖∂L/∂h‖ falls, averaged over seeds.

    slope: nats per step (layer) back. reach: ln of the share of the last position's that arrives at the cue, or at the
    first position where there is no cue. r2: of the straight line. below: share of the single factors that are below 1.
    """

    slope: float
    reach: float
    r2: float
    below: float

    @property
    def rate(self) -> float:
        """Factor per step back."""
        return float(np.exp(self.slope))

    def steps_to(self, share: float) -> float:
        """Steps back until e^``share`` is left, by the slope; inf where it does not fall."""
        return share / self.slope if self.slope < 0 else np.inf


def decay(experiment: Experiment, count: int = SEEDS) -> Decay:
    """Of ``count`` seeds, side by side in one pass. Raises SpecError for a network of one step (layer)."""
    profiles = measure_many(seeds(experiment, count))
    if len(profiles[0].position) < 2:
        raise SpecError(f"with a single {profiles[0].axis} nothing goes back: take more of them")
    slopes = [profile.fit.slope for profile in profiles]
    with np.errstate(invalid="ignore"):
        factors = [np.diff(profile.log_norm) for profile in profiles]
    return Decay(
        float(np.mean(np.nan_to_num(slopes, nan=-np.inf))),  # nothing at all arrives: no line, infinitely steep
        float(np.mean([profile.relative[profile.cue or 0] for profile in profiles])),
        float(np.mean([profile.fit.r2 for profile in profiles])),
        float(np.mean([each > 0 for each in factors])),
    )


def seeds(experiment: Experiment, count: int = SEEDS) -> list[Experiment]:
    """The experiment with its own seed and the next ones."""
    return [replace(experiment, seed=next_seed(experiment.seed, i)) for i in range(count)]


def others(experiment: Experiment, table: Mapping[str, Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """The table without what is in force already: that overturns nothing."""
    return {name: each for name, each in table.items() if changed(experiment, **each) != experiment}


def farther(experiment: Experiment, least: int) -> Experiment:
    """Twice as many words in between, ``least`` or more (and 200 at most)."""
    return changed(experiment, gap=min(200, max(least, 2 * sentences(experiment).gap)))


def called(experiment: Experiment) -> str:
    """The recurrent network within a sentence: "plain RNN", "LSTM"."""
    assert isinstance(experiment.network, Recurrent)
    label = experiment.network.entry.label
    return label[:1].lower() + label[1:] if label.split()[0][1:].islower() else label


def right(share: float) -> str:
    """A share of right answers as "13%"; never a number on the wrong side of what counts as learned: "89.8%"."""
    if share < LEARNED <= round(share, 2):
        return f"{np.floor(1000 * share) / 10:.1f}%"
    return f"{share:.0%}"


def layered(experiment: Experiment) -> Layered:
    """The experiment's network. Raises SpecError unless it is one of layers."""
    if not isinstance(experiment.network, Layered):
        raise SpecError("this claim is about networks of layers: choose network=mlp and task=blobs")
    return experiment.network


def sentences(experiment: Experiment) -> France | WasWere:
    """The experiment's task. Raises SpecError unless one word in a sentence decides one answer at its end."""
    if type(experiment.task) not in (France, WasWere):  # Roles is a WasWere that asks at every step
        raise SpecError("this claim is about a word that decides a far answer: choose task=france or task=waswere")
    assert isinstance(experiment.task, France | WasWere)
    return experiment.task
