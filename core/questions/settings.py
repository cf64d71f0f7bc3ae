"""Settings by name that verdicts compare with, and what an experiment must be for a question to be asked of it."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..experiment.remedies import AS_TORCH, PLAIN, REMEDIES
from ..experiment.specs import Experiment, Training
from ..fields import SpecError
from ..networks import FeedForward, Recurrent
from ..networks.layered import Layered
from ..tasks import Blobs, France, Roles, WasWere
from .thresholds import LEARNED

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

SMALL_MLP = Experiment(  # deep enough to lose its gradient, small enough to train in half a second
    FeedForward(depth=8, width=32, activation="sigmoid", initialiser="xavier"),
    Blobs(classes=4, inputs=16, points=512),
    Training(optimiser="momentum", learning_rate=0.1, steps=800, film_every=500),
)

TWO_ROLES = Experiment(Recurrent(), Roles(gap=21), Training(steps=400, learning_rate=5e-3, film_every=500))
FIRST_ROLE = "training goes on until the first role is learned"  # before that, nothing is learned and nothing shown
FAR = 21  # words in between over which a plain RNN loses nearly all


NEAR = "training goes on until short distances are learned"  # before that, nothing is shown by failing


def recurrent(experiment: Experiment) -> Recurrent:
    """Returns the experiment's network. Raises SpecError unless it is a recurrent one."""
    if not isinstance(experiment.network, Recurrent):
        raise SpecError("this claim is about recurrent networks: choose network=rnn and a task of sequences")
    return experiment.network


def not_in_force(experiment: Experiment, table: Mapping[str, Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Returns the table without what is in force already: that overturns nothing."""
    return {name: settings for name, settings in table.items() if experiment.changed(**settings) != experiment}


def farther(experiment: Experiment, least: int) -> Experiment:
    """Twice as many words in between, ``least`` or more (and 200 at most)."""
    return experiment.changed(gap=min(200, max(least, 2 * sentences(experiment).gap)))


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


def scores(shares: Mapping[str, float]) -> str:
    """Shares of right answers by name: "SGD 14%, momentum 13%"."""
    return ", ".join(f"{name} {right(share)}" for name, share in shares.items())


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


def opposite(experiment: Experiment, verdict: str) -> tuple[str, Experiment]:
    """Returns name and settings of a network with two roles for which the verdict is another."""
    fails = verdict == "fails"
    name = "plain RNN" if fails else "ReLU from the identity"
    other = experiment.changed(**(CELLS if fails else KEEPERS)[name])
    if other == experiment:
        other = other.changed(gap=max(2 * other.setting("gap"), FAR) if fails else 2)
    return f"{name[0].upper()}{name[1:]} with {other.setting('gap')} words in between", other


def near(experiment: Experiment) -> Experiment:
    """Returns a plain RNN with three words in between, which any network learns to look back, and as many training steps."""
    return experiment.changed(gap=3, sparsity=0.0, **PLAIN)
