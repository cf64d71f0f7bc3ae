"""The depth scale ξ against closed forms, against the map's own slope, and against wide random networks."""

import math

import numpy as np
import pytest

import core
from core.parts.activations import ACTIVATIONS
from core.theory.gaussian import grid, moments
from core.theory.recurrent import settled
from core.theory.scales import depth_scale, trainable_depth


def overlap(activation: str, weight: float, bias: float, q: float, c: float) -> float:
    """One layer's map of the overlap, on another grid: Gauss-Legendre in both directions."""
    z, w = grid()
    value = ACTIVATIONS[activation].value
    first = value(np.sqrt(q) * z)[:, None]
    second = value(np.sqrt(q) * (c * z[:, None] + np.sqrt(max(0.0, 1 - c * c)) * z[None]))
    return float((weight * (w[:, None] * w[None] * first * second).sum() + bias) / q)


@pytest.mark.parametrize("weight", [0.5, 1.0, 1.9])
def test_relu_below_its_edge(weight: float) -> None:
    """c* = 1, and the overlap's slope there is χ = σ_w²/2."""
    assert depth_scale("relu", weight, 0.01) == pytest.approx(-1 / math.log(weight / 2), rel=1e-6)


def test_relu_beyond_its_edge_settles_nowhere() -> None:
    """The variance grows without bound, so there is no fixed point to speak of."""
    assert math.isnan(depth_scale("relu", 2.5, 0.01))
    assert math.isnan(depth_scale("identity", 1.5, 0.01))


@pytest.mark.parametrize(("activation", "weight"), [("tanh", 0.7), ("sigmoid", 4.0), ("identity", 0.8)])
def test_ordered_networks(activation: str, weight: float) -> None:
    """All inputs end up alike, as fast as χ says."""
    q = settled(activation, weight, 0.02)
    chi = weight * moments(activation, q).slope_square
    assert chi < 1
    assert depth_scale(activation, weight, 0.02) == pytest.approx(-1 / math.log(chi))


@pytest.mark.parametrize(("weight", "bias"), [(2.0, 0.01), (4.0, 0.05), (9.0, 0.3)])
def test_chaotic_networks(weight: float, bias: float) -> None:
    """c* < 1 is where the map stands still, and its slope there, by finite differences, is e^(−1/ξ)."""
    q, c = settled("tanh", weight, bias), 0.5
    for _ in range(300):
        c = overlap("tanh", weight, bias, q, c)
    assert c < 0.99
    h = 1e-4
    slope = (overlap("tanh", weight, bias, q, c + h) - overlap("tanh", weight, bias, q, c - h)) / (2 * h)
    assert depth_scale("tanh", weight, bias) == pytest.approx(-1 / math.log(slope), rel=1e-3)


def test_chaotic_networks_without_biases() -> None:
    """c* = 0, where the slope is σ_w² (E φ′)²."""
    z, w = grid()
    q = 1.0
    for _ in range(500):
        q = 4.0 * moments("tanh", q).square
    slope = 4.0 * float(w @ (1 - np.tanh(np.sqrt(q) * z) ** 2)) ** 2
    assert depth_scale("tanh", 4.0, 0.0) == pytest.approx(-1 / math.log(slope), rel=1e-4)


def test_the_edge_of_the_paper() -> None:
    """tanh with σ_b² = .05 is critical at σ_w² = 1.76 (Schoenholz et al. 2017): there a network may be as deep as it likes."""
    at_edge = trainable_depth(core.FeedForward(activation="tanh", gain=math.sqrt(1.76), **_gaussian(math.sqrt(0.05))))
    assert at_edge > 1000
    for weight in (1.2, 2.6):
        assert trainable_depth(core.FeedForward(activation="tanh", gain=math.sqrt(weight), **_gaussian(0.2236))) < 100


def _gaussian(bias_std: float) -> dict[str, object]:
    return {"initialiser": "gaussian", "bias_std": bias_std, "width": 64}


@pytest.mark.parametrize(("weight", "beyond"), [(0.64, -0.1), (4.0, 0.15)])
def test_pairs_of_inputs_in_a_wide_random_network(weight: float, beyond: float) -> None:
    """What is left of their way to c* shrinks by e^(−1/ξ) per layer, on both sides of the edge."""
    rng, width, bias, draws, pairs = np.random.default_rng(0), 500, 0.02, 12, 40
    q, c = settled("tanh", weight, bias), 0.5
    for _ in range(200):
        c = overlap("tanh", weight, bias, q, c)
    begin, distance = c + beyond, []
    one, other = math.sqrt(q) * rng.standard_normal((2, draws, width, pairs))
    h = np.stack([one, begin * one + math.sqrt(1 - begin**2) * other])
    for _ in range(5):
        u = math.sqrt(weight / width) * rng.standard_normal((draws, width, width)) @ np.tanh(h)
        h = u + math.sqrt(bias) * rng.standard_normal((draws, width, 1))
        angle = (h[0] * h[1]).sum(1) / np.sqrt((h[0] ** 2).sum(1) * (h[1] ** 2).sum(1))
        distance.append(abs(float(angle.mean()) - c))
    rate = math.log(distance[-1] / distance[0]) / 4
    assert rate == pytest.approx(-1 / depth_scale("tanh", weight, bias), rel=0.1)


@pytest.mark.parametrize("how", [{"normalisation": "layer"}, {"skip": "residual"}, {"initialiser": "identity"}])
def test_where_the_theory_has_no_say(how: dict[str, str]) -> None:
    """It says so."""
    settings = {"activation": "tanh", "initialiser": "gaussian"} | how
    assert math.isnan(trainable_depth(core.FeedForward(**settings)))


def test_six_times_xi() -> None:
    """Of the weights as they are drawn: gain² times the initialiser's variance."""
    network = core.FeedForward(activation="tanh", initialiser="xavier", gain=0.8, bias_std=0.1)
    assert trainable_depth(network) == pytest.approx(6 * depth_scale("tanh", 0.64, 0.01))
