"""Closed forms for gated cells: what a glance at the settings says about the decay, before anything is computed.

With its gates half open a GRU's Jacobian is ½ + ½·½ W_n, whose largest eigenvalue is ½ + ¼ρ; at rest an LSTM's cell state goes
through σ(b_f) + ½·½ W_g. ρ is the spectral radius of a gate's block: gain · √(n Var W) by the circular law, 1/√3 by default.
Each form's range is where the mean slope of three draws lay within .05 nats per step (docs/science.md).
"""

import numpy as np

from ..gradients.profile import Prediction
from ..networks import Recurrent
from ..parts.activations import sigmoid
from ..parts.initialisers import INITIALISERS, MODULUS


def closed_forms(network: Recurrent) -> list[Prediction]:
    """Slopes in nats per step of an untrained GRU or LSTM of one layer, NaN outside their ranges; none for other networks."""
    if not network.written_out or network.chrono or network.layers > 1 or network.initialiser == "identity":
        return []
    rho, n, bias = radius_of(network), network.hidden, network.forget_bias
    if network.cell == "gru":
        within = n >= 32 and 0.28 <= rho <= 1.05
        return [_form("½ + ¼ρ", 0.5 + 0.25 * rho, within, "untrained GRUs of 32 units or more, ρ from .28 to 1.05")]
    if network.cell != "lstm":
        return []
    keep = float(sigmoid(np.array(bias)))
    both = n >= 64 and -1 <= bias <= 1 and rho <= 0.9
    alone = n >= 32 and bias >= 2 and rho <= 0.25
    return [
        _form("σ(b) + ¼ρ", keep + 0.25 * rho, both, "untrained LSTMs of 64 units or more, b from −1 to 1, ρ up to .9"),
        _form(
            "σ(b)", keep, alone, "the cell path alone: untrained LSTMs of 32 units or more, b of 2 or more, ρ up to .25"
        ),
    ]


def radius_of(network: Recurrent) -> float:
    """Spectral radius ρ of a gate's block in a wide network."""
    if network.radius or network.initialiser == "nonnormal":
        return network.gain * (network.radius or MODULUS)
    entry, n = INITIALISERS[network.initialiser], network.hidden
    return float(network.gain * np.sqrt(entry.variance(n, n, getattr(network, entry.setting))))


def _form(name: str, factor: float, within: bool, holds: str) -> Prediction:
    return Prediction(name, float(np.log(factor)) if within else np.nan, holds if within else f"{holds}; not here")
