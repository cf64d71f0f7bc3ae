"""Remedies against a gradient that vanishes: each is a plain RNN, trained with Adam, in which one thing is changed.

REMEDIES["lstm3"].on(experiment)   # the same task and sizes, with an LSTM whose forget bias is 3
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from ..networks import Attention
from ..registry import registry
from .specs import Experiment

AS_TORCH: Mapping[str, Any] = {"initialiser": "default", "gain": 1.0, "radius": 0.0, "chrono": 0}
PLAIN: Mapping[str, Any] = {"cell": "tanh", **AS_TORCH, "recurrent_norm": "none", "dropout": "none", "tied": True}
BARE: Mapping[str, Any] = {"optimiser": "adam", "omega": 0.0, "sparsity": 0.0, "truncate": 0, "train_last": 0}
MOST = 6  # side by side: more lines than that are not told apart
KINDS: Mapping[str, str] = {
    "optimiser": "Another use of the same gradient",
    "start": "Another start",
    "loss": "Something else asked of it in training",
    "unit": "Another unit, or another network",
}


@dataclass(frozen=True)
class Remedy:
    """``settings``: what differs from a plain RNN with Adam, by the flat names of an Experiment's settings.

    short: the label where there is little room. kind: one of ``KINDS``. memory: whether chrono biases are set for as many steps
    as the task has. network: instead of a recurrent one.
    """

    name: str
    short: str
    label: str
    kind: str
    lesson: str
    source: str
    settings: Mapping[str, Any] = field(default_factory=dict, hash=False)
    memory: bool = False
    network: Attention | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "settings", MappingProxyType(dict(self.settings)))

    def on(self, experiment: Experiment) -> Experiment:
        """The experiment with this remedy and no other one: its task, sizes, seed, batch, steps, learning rate and clipping
        stay, unless they are what the remedy changes. The experiment's network must be recurrent."""
        chrono = {"chrono": experiment.task.shape().steps} if self.memory else {}
        found = experiment.changed(**{**PLAIN, **BARE, **self.settings, **chrono})
        return found if self.network is None else replace(found, network=self.network)


def entered(experiment: Experiment, names: Sequence[str]) -> list[Experiment]:
    """One experiment for each remedy that takes part, in the order of the names."""
    return [REMEDIES[name].on(experiment) for name in names]


_ADVICE = "Bengio, Boulanger-Lewandowski & Pascanu 2013"
_LSTM = "Hochreiter & Schmidhuber 1997; Jozefowicz, Zaremba & Sutskever 2015"
# learning rates of the tricks: the best of .1, .3, 1 (SGD), .01, .03, .1 (momentum), 1e-3, 3e-3, 1e-2 (RMSProp)
REMEDIES = registry(
    Remedy(
        "sgd",
        "SGD",
        "SGD",
        "optimiser",
        "No remedy at all: the gradient times .3, so what has vanished moves nothing, whatever the learning rate.",
        "Bengio, Simard & Frasconi 1994",
        {"optimiser": "sgd", "learning_rate": 0.3},
    ),
    Remedy(
        "momentum",
        "momentum",
        "momentum",
        "optimiser",
        "Averages past gradients: it goes faster along a steady slope, and the share from far back stays what it was.",
        "Sutskever, Martens, Dahl & Hinton 2013",
        {"optimiser": "momentum", "learning_rate": 0.03},
    ),
    Remedy(
        "nesterov",
        "Nesterov",
        "Nesterov",
        "optimiser",
        "Momentum that looks ahead before it measures the slope; the slope itself is the same.",
        _ADVICE,
        {"optimiser": "nesterov", "learning_rate": 0.1},
    ),
    Remedy(
        "rmsprop",
        "RMSProp",
        "RMSProp",
        "optimiser",
        "Divides by the gradient's usual size: all is made larger, the part from near by as well as the part from far back.",
        "Tieleman & Hinton 2012",
        {"optimiser": "rmsprop", "learning_rate": 3e-3},
    ),
    Remedy(
        "adam",
        "Adam",
        "Adam",
        "optimiser",
        "The plain RNN with RMSProp and momentum in one, clipped: what all the others here are trained with.",
        "Kingma & Ba 2015",
        {"optimiser": "adam"},
    ),
    Remedy(
        "unclipped",
        "Adam, no clip",
        "Adam without clipping",
        "optimiser",
        "Clipping shortens a gradient that explodes; against one that vanishes it can do nothing, so little is lost without it.",
        "Pascanu, Mikolov & Bengio 2013",
        {"optimiser": "adam", "clip": 0.0},
    ),
    Remedy(
        "orthogonal",
        "orthogonal",
        "orthogonal",
        "start",
        "The recurrent matrix starts as a rotation, which keeps every length: only the slope of tanh shrinks the gradient.",
        "Saxe, McClelland & Ganguli 2013; Arjovsky, Shah & Bengio 2016",
        {"initialiser": "orthogonal"},
    ),
    Remedy(
        "gain",
        "orthogonal 1.3",
        "tanh, orthogonal with gain 1.3",
        "start",
        "A rotation that stretches by 1.3, to make up for what the slope of tanh takes.",
        "Chen, Pennington & Schoenholz 2018",
        {"initialiser": "orthogonal", "gain": 1.3},
    ),
    Remedy(
        "irnn",
        "ReLU identity",
        "ReLU from the identity",
        "start",
        "Starts as “copy the last state”, with slope 1 wherever a unit is active: the gradient hardly decays (IRNN).",
        "Le, Jaitly & Hinton 2015",
        {"cell": "relu", "initialiser": "identity"},
    ),
    Remedy(
        "sparse",
        "ReLU, sparse",
        "ReLU from the identity, sparse",
        "loss",
        "The same, with a penalty on activations that makes units fall silent and keeps numbers from running away.",
        _ADVICE,
        {"cell": "relu", "initialiser": "identity", "sparsity": 0.1},
    ),
    Remedy(
        "omega",
        "penalty Ω",
        "penalty Ω",
        "loss",
        "Also asks that the gradient keep its length at each step back: a plain RNN then opens its own path in training.",
        "Pascanu, Mikolov & Bengio 2013",
        {"omega": 1.0},
    ),
    Remedy(
        "dropout",
        "dropout",
        "variational dropout",
        "loss",
        "Drops the same units at all steps of a sentence: it is against learning by heart, not against vanishing.",
        "Gal & Ghahramani 2016",
        {"dropout": "variational", "drop": 0.2},
    ),
    Remedy(
        "leaky",
        "leaky units",
        "leaky units",
        "unit",
        "Each unit keeps nine tenths of its old value, so most of the gradient goes past the matrix and the slope.",
        _ADVICE,
        {"cell": "leaky", "leak": 0.1},
    ),
    Remedy(
        "gru",
        "GRU",
        "GRU",
        "unit",
        "A gate mixes old state and new; half open, as it starts, it still halves the signal in one or two steps.",
        "Cho et al. 2014",
        {"cell": "gru"},
    ),
    Remedy(
        "lstm1",
        "LSTM, bias 1",
        "LSTM with forget bias 1",
        "unit",
        "The cell state goes through a forget gate that starts nearly three quarters open: good for some ten steps.",
        _LSTM,
        {"cell": "lstm", "forget_bias": 1.0},
    ),
    Remedy(
        "lstm3",
        "LSTM, bias 3",
        "LSTM with forget bias 3",
        "unit",
        "The same with a gate that starts 95 % open: it is the bias, not the name LSTM, that carries the signal.",
        _LSTM,
        {"cell": "lstm", "forget_bias": 3.0},
    ),
    Remedy(
        "chrono",
        "LSTM, chrono",
        "LSTM with chrono",
        "unit",
        "Forget biases drawn so that each unit holds on for a time of its own, up to as long as the task is.",
        "Tallec & Ollivier 2018",
        {"cell": "lstm"},
        memory=True,
    ),
    Remedy(
        "mingru",
        "minGRU, chrono",
        "minGRU with chrono",
        "unit",
        "The gate sees the word and not the state, so that no matrix comes in between on the way back.",
        "Feng et al. 2024",
        {"cell": "mingru"},
        memory=True,
    ),
    Remedy(
        "lru",
        "LRU",
        "LRU",
        "unit",
        "Each unit multiplies its past by a number λ of its own near 1: the gradient decays exactly as λ to the distance.",
        "Orvieto et al. 2023",
        {"cell": "lru"},
    ),
    Remedy(
        "layernorm",
        "LayerNorm",
        "LayerNorm",
        "unit",
        "Normalises each step's pre-activations: far more arrives before training, and training soon loses it again.",
        "Ba, Kiros & Hinton 2016",
        {"recurrent_norm": "layer"},
    ),
    Remedy(
        "attention",
        "attention",
        "attention",
        "unit",
        "Every position reads all earlier ones directly: the way back is one step long, however far it goes.",
        "Vaswani et al. 2017",
        network=Attention(),
    ),
)
