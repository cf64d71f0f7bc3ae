"""Mean-field theory of plain recurrent cells (Chen et al. 2018): ½ ln χ with χ = σ_w² E[φ′(u)²].

u has the variance q* that the network settles at: q* = σ_w² E h² + σ_x², with σ_x² from inputs and biases. This takes a fresh
matrix at each step for granted. Weights of each step's own are that; of tied ones only orthogonal matrices behave so: others
have directions that they stretch again and again.
"""

import numpy as np
from numpy import ndarray

from ..gradients.profile import Prediction
from ..networks import Recurrent
from .gaussian import moments

PLAIN = ("tanh", "relu", "sigmoid")  # cells called like their activation
NAME = "mean field"
HOLDS = "untrained plain cells of 32 units or more with orthogonal matrices, or with weights of each step's own"
LARGEST, MOST = 1.5**2, 500  # σ_w² of tied matrices; steps to settle in


def mean_field_steps(network: Recurrent, weights: dict[str, ndarray], inputs: ndarray) -> list[Prediction]:
    """The prediction for an untrained plain cell in one layer; none for other cells. weights (1, …), inputs (1, B, T[, d])."""
    if network.cell not in PLAIN or network.layers > 1 or network.recurrent_norm != "none":
        return []
    if (
        network.hidden < 32
        or network.initialiser == "identity"
        or (network.tied and network.initialiser != "orthogonal")
    ):
        return [Prediction(NAME, np.nan, f"{HOLDS}; not here")]
    matrices = weights["recurrent.weight_hh_l0"]
    weight = float(np.square(matrices).mean() * matrices.shape[-1])
    q = settled(network.cell, weight, driven(weights, inputs))
    if not np.isfinite(q) or (network.tied and weight > LARGEST):
        return [
            Prediction(NAME, np.nan, f"{HOLDS}, while h stays bounded and the gain of tied ones below 1.5; not here")
        ]
    return [Prediction(NAME, float(0.5 * np.log(weight * moments(network.cell, q).slope_square)), HOLDS)]


def settled(activation: str, weight: float, drive: float) -> float:
    """q*: the variance of the pre-activations after many steps; ∞ if it does not settle."""
    q = drive
    for _ in range(MOST):
        q, last = weight * moments(activation, q).square + drive, q
        if abs(q - last) <= 1e-9 * q:
            return float(q)
    return np.inf


def driven(weights: dict[str, ndarray], inputs: ndarray) -> float:
    """σ_x²: mean square of what inputs and biases give to a unit."""
    x = inputs
    if "embedding.weight" in weights:
        x = weights["embedding.weight"][0][inputs]
    own = {name: weights[f"recurrent.{name}_l0"][0] for name in ("weight_ih", "bias_ih", "bias_hh")}
    return float(np.mean((x @ own["weight_ih"].T + own["bias_ih"] + own["bias_hh"]) ** 2))
