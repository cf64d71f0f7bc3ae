"""The initial weights of one recurrent layer, each tensor from a stream of its own."""

import numpy as np

from ..parts.initialisers import INITIALISERS
from .base import Parameters, draw, stream
from .recurrent_settings import RecurrentSettings


def draw_layer(spec: RecurrentSettings, layer: int, inputs: int, steps: int, seed: int) -> Parameters:
    """Tensors by torch's names without layer number; ``steps`` matrices weight_hh if they are not tied."""
    n, entry = spec.hidden, spec.entry
    rng = stream(seed, f"layer {layer}")
    bound = 1.0 / np.sqrt(n)  # torch's default for all that is not recurrent
    own = {"weight_ih": rng.uniform(-bound, bound, (entry.gates * n, inputs))}
    biases = rng.uniform(-bound, bound, (2, entry.gates, n))
    if entry.forget is not None:
        biases[:, entry.forget] = [[spec.forget_bias], [0.0]]
    if spec.chrono:
        # Tallec & Ollivier 2018: a gate with bias ln τ keeps a memory for about τ steps
        memory = stream(seed, f"layer {layer} chrono").uniform(1, max(1, spec.chrono - 1), n)
        for gate, sign in entry.chrono:
            biases[:, gate] = sign * np.log(memory), np.zeros(n)
    if entry.matrix:
        blocks = [_block(spec, f"layer {layer} gate {gate}", steps, seed) for gate in range(entry.gates)]
        own["weight_hh"] = np.concatenate(blocks, axis=-2)
    own["bias_ih"] = biases[0].ravel()
    if entry.matrix:
        own["bias_hh"] = biases[1].ravel()
    if entry.draw is not None:
        own |= entry.draw(stream(seed, f"layer {layer} own"), n, (spec.r_min, spec.r_max))
    return own


def _block(spec: RecurrentSettings, name: str, steps: int, seed: int) -> np.ndarray:
    """One gate's initial recurrent matrix (hidden, hidden), or one for each step."""
    entry, n = INITIALISERS[spec.initialiser], spec.hidden
    number = getattr(spec, entry.setting)
    if spec.tied:
        return _scaled(spec, draw(spec.initialiser, seed, name, n, n, number))
    rng = stream(seed, f"{name} untied")
    return np.stack([_scaled(spec, entry.draw(rng, n, n, number)) for _ in range(steps)])


def _scaled(spec: RecurrentSettings, matrix: np.ndarray) -> np.ndarray:
    """The matrix with the wanted spectral radius, if one is wanted, times gain."""
    if spec.radius:
        largest = np.abs(np.linalg.eigvals(matrix)).max()
        matrix = matrix * (spec.radius / largest) if largest > 0 else matrix
    return spec.gain * matrix
