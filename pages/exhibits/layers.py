"""Layers, slopes and what ResNets fixed: rows C4 to C6 and E3."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from core import Experiment, GradientProfile
from core.instruments.saturation import Saturation, saturation
from core.parts.activations import ACTIVATIONS
from core.shown.mechanics import Trial, ablation, mlp_and_cnn
from core.shown.slopes import Slopes, slopes
from pages.charts import bars
from pages.charts.lines import Axis, Line, chart, frame
from pages.charts.palette import ACCENT, colour
from pages.charts.profile import Axes, Curve
from pages.charts.profile import chart as profile_chart
from pages.charts.profile import frame as profile_frame
from pages.frame.phrases import journey
from pages.frame.profile_picture import main
from pages.frame.question_page import Exhibit, Picture, Pinned, bulky

LAYERS = Axes(60, -35, 7, "layers")
Z = Axis("what goes into the activation (z)", -8, 8)
SLOPE = Axis("slope; units (tallest = 1)", 0, 1.3)
RATE = Axis("factor per layer back", -3, 1, decades=True)
RIGHT = Axis("share right after training", 0, 1, format="%")
GATES = ("#2F83C5", "#12936B", "#B07A10", "#A8629B", "#6E7781")
TANH: dict[str, Any] = {"cell": "tanh"}


def _c4_pictures(experiment: Experiment, seen: Mapping[str, GradientProfile], _pins: Sequence[Pinned]) -> list[Picture]:
    shades = {"MLP": colour(main(experiment)), "CNN": "#2F83C5"}
    curves = [Curve(name, each, shades[name], theory=name == "MLP") for name, each in seen.items()]
    said = "Line chart: share of the signal against layers back, for an MLP and for a convolutional network."
    return [Picture(profile_chart, (LAYERS,), profile_frame(curves, LAYERS), said)]


def _c4_said(_experiment: Experiment, seen: Mapping[str, GradientProfile]) -> str:
    return " ".join(journey(each, name) for name, each in seen.items())


def _slopes(experiment: Experiment, seen: Saturation, _pins: Sequence[Pinned]) -> list[Picture]:
    middle = (seen.edges[1:] + seen.edges[:-1]) / 2
    curves = dict(zip(seen.activations, seen.curve, strict=True))  # gates share them
    lines = [
        Line(f"slope of {ACTIVATIONS[name].label}", middle, curve, kind="theory") for name, curve in curves.items()
    ]
    own = colour(main(experiment))
    shades = [own, *(each for each in GATES if each != own)]
    for g, (name, shade) in enumerate(zip(seen.names, shades, strict=False)):
        counts = seen.counts[..., g, :].sum(axis=(0, 1))
        lines.append(Line(f"units: {name}", middle, counts / max(1, counts.max()), shade))
    said = "Line chart: the activation's slope, and how many units sit at each place of it."
    return [Picture(chart, (Z, SLOPE), frame(lines, Z, SLOPE, corner="top right"), said)]


def _slopes_said(_experiment: Experiment, seen: Saturation) -> str:
    mean, flat = float(np.nanmean(seen.slope)), float(np.nanmean(seen.saturated))
    steepest = max(ACTIVATIONS[name].steepest for name in seen.activations)
    return (
        f"The mean slope that the gradient meets is **{mean:.2f}** (steepest: {steepest:.2f}); **{flat:.0%}** of the units are "
        "saturated, with less than a tenth of the steepest slope."
    )


def _c5_pictures(experiment: Experiment, seen: Slopes, pins: Sequence[Pinned]) -> list[Picture]:
    return _slopes(experiment, seen.units, pins)


def _c5_said(experiment: Experiment, seen: Slopes) -> str:
    factors = ", ".join(f"**{factor:.3f}** in {name}" for name, factor in seen.factors.items())
    compared = f" Factor per step or layer back: {factors}." if factors else ""
    return _slopes_said(experiment, seen.units) + compared


def _c6_pictures(experiment: Experiment, seen: Mapping[str, Trial], _pins: Sequence[Pinned]) -> list[Picture]:
    right = [bars.Bar(name, each.accuracy, f"{each.accuracy:.0%}", "#12936B") for name, each in seen.items()]
    rates = [
        bars.Bar(name, np.log10(each.rate) if each.rate > 0 else RATE.low, f"{each.rate:.3f}", ACCENT)
        for name, each in seen.items()
    ]
    return [
        Picture(
            bars.chart,
            (RATE, tuple(seen), bars.Level(0.0, "1: neither grows nor shrinks")),
            bars.frame(rates, RATE),
            "Bar chart: factor per layer back before training, for all eight combinations. The dashed line is 1.",
            "The gradient, before training",
        ),
        Picture(
            bars.chart,
            (RIGHT, tuple(seen), bars.Level(experiment.task.shape().chance, "guessing")),
            bars.frame(right, RIGHT),
            "Bar chart: share right after training, for all eight combinations. The dashed line is guessing.",
            "What is learned",
        ),
    ]


def _c6_said(experiment: Experiment, seen: Mapping[str, Trial]) -> str:
    good = [name for name, each in seen.items() if each.accuracy >= 0.9]
    return (
        f"Learned at learning rate {experiment.training.learning_rate:g}: **{'; '.join(good) or 'none of the eight'}**. A "
        f"factor of 1 "
        "per layer is where the gradient neither vanishes nor explodes."
    )


LAYERED = (
    Exhibit(
        "c4",
        "depth",
        "Do MLPs and CNNs suffer as well?",
        "An MLP and a convolutional network with the same settings. **Watch whether the two slopes differ.**",
        ("activation", "initialiser", "depth", "normalisation", "skip"),
        mlp_and_cnn,
        _c4_pictures,
        _c4_said,
        {
            "ReLU with He": {"activation": "relu", "initialiser": "he"},
            "Residual": {"skip": "residual"},
            "LayerNorm": {"normalisation": "layer"},
        },
        """
Nothing in the chain rule is about time: a layer multiplies by its matrix and its slopes, whatever the matrix is made of. A
convolution
is a matrix with equal entries along its diagonals; drawn with the same variance per input it keeps lengths as well or as badly.
(Dashed: mean field theory for the MLP, Schoenholz et al. 2017; for CNNs Xiao et al. 2018.)
        """,
        more=("gain", "width", "bias_std"),
        highs={"depth": 60},
    ),
    Exhibit(
        "c5",
        "depth",
        "Do the slopes make it vanish, or the weights?",
        "The activation's slope (dashed), and where this network's units really are on it. **Watch how many sit where it is "
        "flat** as "
        "the weights grow.",
        ("cell", "gain", "radius", "length"),
        slopes,
        _c5_pictures,
        _c5_said,
        {"Gain 3": {"gain": 3.0}, "ReLU": {"cell": "relu"}, "Sigmoid": {"cell": "sigmoid"}},
        """
tanh is flat at its ends, the sigmoid everywhere (its slope is ¼ at most), ReLU is 1 or 0. But with the usual small weights
most units
sit near 0, where tanh's slope is almost 1: then it is the *weights* that shrink the signal. With large weights it is the
slopes. For
one gain in between the two balance: the edge of chaos.
        """,
        more=("initialiser", "hidden"),
        highs={"gain": 5, "radius": 3, "length": 100},
        slow=bulky,
    ),
    Exhibit(
        "c6",
        "depth",
        "What did ResNets fix?",
        "Initialisation, normalisation and residual connections, each on or off: eight networks. **Watch which of them "
        "learn**, and whether residual connections are needed.",
        ("depth", "activation", "learning_rate", "steps"),
        ablation,
        _c6_pictures,
        _c6_said,
        {
            "60 layers": {"depth": 60},
            "Sigmoid": {"activation": "sigmoid", "initialiser": "xavier"},
            "tanh": {"activation": "tanh", "initialiser": "xavier"},
        },
        """
At 20 layers a fitting initialisation and a normalisation layer suffice: the gradient arrives without residual connections.
He et al. (2016) said so themselves: their plain 34-layer network had healthy gradients and still trained worse. At 60 layers only
the networks with residual connections learn here. What these add is shorter paths (Veit et al. 2016) and gradients that do not
look like noise (Balduzzi et al. 2017).
        """,
        more=("initialiser", "normalisation", "skip", "optimiser"),
        highs={"depth": 60, "steps": 300, "learning_rate": 0.5},
        slow=True,
    ),
    Exhibit(
        "e3",
        "remedies",
        "Do sigmoid slopes kill the signal?",
        "The slope of the activation (dashed), and where the units are. **Compare the highest point of the dashed curve with "
        "1.**",
        ("cell", "gap", "gain"),
        saturation,
        _slopes,
        _slopes_said,
        {"ReLU": {"cell": "relu"}, "tanh": TANH, "LSTM": {"cell": "lstm"}},
        """
The sigmoid's slope is ¼ at most, at 0, and fades towards both ends. So a step back keeps a quarter at best, unless the
weights make up
for it: with |w| < 4 they can't (Hochreiter 1991). Going back over T steps passes T of these slopes; in an LSTM the cell's
path passes
none but the gate's own value.
        """,
        more=("hidden", "initialiser", "forget_bias"),
        highs={"gap": 50, "gain": 10},
    ),
)
