"""Where the units sit on their activation's curve: pre-activations, slopes there, and how many are saturated (question C5).

Diagnosis: every step back multiplies the gradient by φ′(z). Saturated tanh and sigmoid units (φ′ near 0 at both ends), and
ReLUs on their flat side, pass nothing on; sigmoid passes at most ¼ even in its middle. Histograms of pre-activations on the
slope curve: Glorot & Bengio 2010, figs. 2–4; Pascanu et al. 2013, §2.1.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy import ndarray
from torch import Tensor
from torch.overrides import TorchFunctionMode

from ..experiment.sampling import held_out
from ..experiment.specs import Experiment, SpecError
from ..gradients.measure import MEASURED
from ..networks import Recurrent
from ..parts.activations import ACTIVATIONS, Activation
from ..training.run import Run
from .evaluation import as_tensors, parameters_of, unrolled

FLAT = 0.1  # saturated: the slope is below this share of the steepest one
EDGES = np.linspace(-8.0, 8.0, 65)
_SEEN = {entry.function: entry for entry in ACTIVATIONS.values() if entry.name != "identity"}


@dataclass(frozen=True)
class Saturation:
    """For T steps (1 without time), layers and G nonlinearities in each; ``names`` (G,) say what for, ``activations`` (G,)
    which. Over 32 held-out examples and all units:

    saturated (T, layers, G): share with |φ′(z)| below a tenth of the steepest slope. slope (T, layers, G): mean φ′(z).
    counts (T, layers, G, bins): pre-activations z in each bin of ``edges`` (bins + 1,), the outer bins taking what lies
    beyond. curve (G, bins): φ′ in the middle of each bin. NaN (and counts 0) where a layer lacks that nonlinearity.
    """

    names: tuple[str, ...]
    activations: tuple[str, ...]
    saturated: ndarray
    slope: ndarray
    counts: ndarray
    edges: ndarray
    curve: ndarray


def saturation(experiment: Experiment, run: Run | None = None) -> Saturation:
    """Every nonlinearity of the network, watched while it runs. Raises SpecError for a network that has none."""
    network = experiment.network
    inputs = held_out(experiment, MEASURED).inputs
    with torch.no_grad():
        chain = unrolled(experiment, as_tensors(parameters_of(experiment, run)), inputs)
        state, seen = chain.state, []
        for step in chain.maps:
            with _Watch() as watch:
                state = step(state)
            seen.append([one for activation, z in watch.seen for one in _split(activation, z, network)])
    fullest = max(seen, key=len)
    if not fullest:
        raise SpecError("this network is linear in its state: it has no activation that could saturate")
    shape = (len(chain.ends), len(seen) // len(chain.ends), len(fullest))
    share, slope = np.full(shape, np.nan), np.full(shape, np.nan)
    counts = np.zeros((*shape, len(EDGES) - 1), dtype=int)
    for k, found in enumerate(seen):
        for gate, (activation, z) in enumerate(found):
            at = (*divmod(k, shape[1]), gate)
            slopes = activation.slope(z, activation.value(z))
            share[at], slope[at] = (np.abs(slopes) < FLAT * activation.steepest).mean(), slopes.mean()
            counts[at] = np.histogram(np.clip(z, EDGES[0], EDGES[-1]), EDGES)[0]
    middle = (EDGES[1:] + EDGES[:-1]) / 2
    kinds = [activation for activation, _ in fullest]
    names = network.entry.nonlinearities if isinstance(network, Recurrent) else ()
    return Saturation(
        names if len(names) == len(kinds) else tuple(kind.label for kind in kinds),
        tuple(kind.name for kind in kinds),
        share,
        slope,
        counts,
        EDGES,
        np.stack([kind.slope(middle, kind.value(middle)) for kind in kinds]),
    )


class _Watch(TorchFunctionMode):
    """Keeps what goes into every known activation while it is active."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[Activation, ndarray]] = []

    def __torch_function__(self, func: Callable, types: Any, args: tuple = (), kwargs: dict | None = None) -> Any:
        if func in _SEEN and isinstance(args[0], Tensor):
            self.seen.append((_SEEN[func], args[0].numpy()))
        return func(*args, **(kwargs or {}))


def _split(activation: Activation, z: ndarray, network: Any) -> list[tuple[Activation, ndarray]]:
    """Gates that a cell computes in one go, apart."""
    gates = z.shape[-1] // network.width if isinstance(network, Recurrent) else 1
    return [(activation, part) for part in np.split(z, gates, -1)]
