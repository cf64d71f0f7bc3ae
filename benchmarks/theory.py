"""Theory beside measurement, family by family: median and worst error of every prediction where it claims to hold.

    PYTHONPATH=. python benchmarks/theory.py          (one core, about two minutes)

A row is one prediction on one family of networks. Errors are in nats per layer or step: the mean fitted slope of SEEDS draws,
less the mean prediction. "withheld" counts the settings in which the prediction says that it does not hold; of a bound the
error is what the fastest loss falls short of it, and must be 0.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import torch

import core
from core.networks import Convolutional
from core.parts.activations import ACTIVATIONS
from core.parts.initialisers import INITIALISERS
from core.parts.normalisations import NORMALISATIONS
from core.parts.skips import SKIPS

SEEDS = 5
Families = Iterator[tuple[str, Sequence[core.Experiment]]]


@dataclass(frozen=True)
class Row:
    """One prediction on one family: an error for each setting in which it holds, and how many it is withheld in."""

    family: str
    prediction: str
    errors: Sequence[float]
    withheld: int

    def __str__(self) -> str:
        count = f"{self.family:34s}{self.prediction:31s}{len(self.errors):6d}{self.withheld:10d}"
        if not self.errors:
            return f"{count}{'–':>9s}{'–':>9s}"
        return f"{count}{np.median(self.errors):9.4f}{max(self.errors):9.4f}"


def layers() -> Families:
    """Every activation, initialiser, normalisation and skip: 30 layers of 64; convolutions of 20 layers with 32 channels."""
    for skip, normalisation in product(SKIPS, NORMALISATIONS):
        kinds = {"skip": skip, "normalisation": normalisation}
        mlp, cnn = core.FeedForward(**kinds), Convolutional(depth=20, width=32, pooled=True, **kinds)
        each = [{"activation": a, "initialiser": i} for a, i in product(ACTIVATIONS, INITIALISERS)]
        name = f"skip {skip}, norm {normalisation}"
        yield f"MLP, {name}", [core.Experiment(replace(mlp, **own), core.Blobs()) for own in each]
        random = [own for own in each if own["initialiser"] in ("xavier", "he", "orthogonal")]
        yield f"CNN, {name}", [core.Experiment(replace(cnn, **own), core.Blobs()) for own in random]


def steps() -> Families:
    """Cells over a range of matrices and biases: 60 steps of noise, 64 units."""
    noise = core.Noise(length=60)
    scales = [{"gain": gain} for gain in (0.5, 1.0, 1.5, 2.0)]
    scales += [{"initialiser": name} for name in ("gaussian", "orthogonal", "identity", "nonnormal")]
    scales += [{"radius": radius} for radius in (0.8, 1.0, 1.25)]
    biases = [{"forget_bias": bias} for bias in (-2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 5.0)]
    families = {
        "plain RNN (tanh)": ({"cell": "tanh"}, scales),
        "plain RNN (ReLU)": ({"cell": "relu"}, scales),
        "plain RNN (sigmoid)": ({"cell": "sigmoid"}, scales),
        "leaky RNN": ({"cell": "leaky"}, scales + [{"leak": leak} for leak in (0.05, 0.3, 0.7)]),
        "GRU": ({"cell": "gru"}, scales),
        "LSTM": ({"cell": "lstm"}, [*biases, {"forget_bias": 2.0, "gain": 0.25}, {"forget_bias": 4.0, "gain": 0.25}]),
        "LSTM with peepholes": ({"cell": "peephole"}, biases[2:5]),
        "LRU": (
            {"cell": "lru"},
            [{"r_min": low, "r_max": high} for low, high in ((0.5, 0.9), (0.9, 0.99), (0.99, 0.999))],
        ),
        "minGRU": ({"cell": "mingru"}, [{}, {"chrono": 60}]),
        "untied (tanh)": ({"tied": False}, scales),
        "untied (ReLU)": ({"tied": False, "cell": "relu"}, scales),
        "recurrent LayerNorm (tanh)": ({"recurrent_norm": "layer"}, scales[:5]),
        "two layers (tanh)": ({"layers": 2}, scales[:5]),
        "two layers (LSTM)": ({"layers": 2, "cell": "lstm"}, biases[2:5]),
    }
    for name, (base, each) in families.items():
        yield name, [core.Experiment(core.Recurrent(hidden=64, **(base | own)), noise) for own in each]


def rows(families: Families) -> Iterator[Row]:
    """One row per family and prediction."""
    for family, experiments in families:
        errors: dict[str, list[float]] = {}
        withheld: dict[str, int] = {}
        for experiment in experiments:
            draws = [replace(experiment, seed=seed) for seed in range(SEEDS)]
            profiles = core.measure_many(draws)
            if not all(np.isfinite(profile.log_norm).all() for profile in profiles):
                continue
            slope = np.mean([profile.fit.slope for profile in profiles])
            for name, said in _by_name(core.predict(draw) for draw in draws):
                errors.setdefault(name, [])
                if np.isnan(said).any():
                    withheld[name] = withheld.get(name, 0) + 1
                elif "bound" in name:
                    errors[name].append(max(0.0, float(slope - np.mean(said))))
                else:
                    errors[name].append(abs(float(slope - np.mean(said))))
        for name, own in errors.items():
            yield Row(family, name, own, withheld.get(name, 0))


def _by_name(draws: Iterable[tuple[core.Prediction, ...]]) -> Iterator[tuple[str, list[float]]]:
    for of_one in zip(*draws, strict=False):
        yield of_one[0].name, [each.slope for each in of_one]


def main() -> None:
    """Prints the table."""
    torch.set_num_threads(1)
    print(f"{'family':34s}{'prediction':31s}{'holds':>6s}{'withheld':>10s}{'median':>9s}{'worst':>9s}")
    for families in (layers(), steps()):
        for row in rows(families):
            print(row, flush=True)


if __name__ == "__main__":
    main()
