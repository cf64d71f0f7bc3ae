"""Linear diagonal recurrences: the one case in which theory is exact (Orvieto et al. 2023)."""

import numpy as np
from numpy import ndarray

from ..gradients.profile import Prediction, fit_line
from ..networks import Recurrent

NAME = "|λ| to the distance"


def diagonal(network: Recurrent, weights: dict[str, ndarray], steps: int) -> Prediction | None:
    """In one layer of LRU ∂h_T/∂h_t = λ^(T − t): the gradient's square is Σ_i |λ_i|^(2(T − t)) of what unit i gets at the end.

    weights (1, …), untrained or trained. What a unit gets is taken from its read-out weights; exact but for the directions
    of the logits that the batch's loss happens to pull at. None for other networks.
    """
    if network.cell != "lru" or network.layers > 1:
        return None
    log_modulus = -np.exp(weights["recurrent.nu_l0"][0])
    read = (weights["readout.weight"][0] ** 2).sum(0).reshape(2, -1).sum(0)  # of both parts of each complex unit
    lag = np.arange(steps)[::-1]
    squares = 2 * np.outer(lag, log_modulus) + np.log(read)
    curve = 0.5 * (np.logaddexp.reduce(squares, axis=1) - np.logaddexp.reduce(np.log(read)))
    if not np.isfinite(curve).all():
        return Prediction(NAME, np.nan, "networks that neither blow up nor die")
    return Prediction(
        NAME, fit_line(lag, curve).slope, "linear diagonal recurrences in one layer, trained or not", curve
    )
