"""The ailments that a recording can show, each with its rule and what usually helps. The order is that of a doctor's questions.

Where a threshold comes from: 10⁻³ of the signal lies in the middle of what was tried here (47 networks on tasks with a cue: from
10^−1.7 on nearly all learned, from 10⁻² to 10⁻⁴ some, below 10⁻⁴ none; docs/science.md). An update of 10⁻³ of the weights is
a common rule of thumb. The others are round numbers that the healthy networks in the tests keep a distance from.
"""

import math

from ..registry import registry
from .base import Ailment

FAR = 3.0  # decades of signal lost or gained on the way
DEAD_OUTPUT, DEAD_WEIGHTS = 0.8, 0.5  # shares of exact zeros
FLAT = 0.25  # of the activation's steepest slope
WILD, STILL, FEW = math.log(1e-1), math.log(1e-6), math.log(1e-2)
CLIPPED = math.log(0.1)

AILMENTS = registry(
    Ailment(
        "nonfinite",
        "NaN or ∞",
        "A number left the range of floating point; all that is computed from it is lost, and so is the training.",
        "Any output, gradient, weight or loss that is NaN or ∞; the first one of a step is named.",
        (
            "Divide the learning rate by 10; with SGD by more.",
            "Clip the gradient's norm before the update (clip_grad_norm_(parameters, 1.0)).",
            "Look at the batch of that step: NaN in the data, log or division of 0, the square root's slope at 0.",
            "Start from smaller weights, or put a normalisation layer before the module that is named.",
        ),
    ),
    Ailment(
        "exploding",
        "Exploding through the layers",
        "Each layer hands on more signal than it gets: the first layers are thrown about by an error that is not theirs.",
        "The first layer's ∂L/∂h is more than 10³ times the last one's (median over the recorded steps).",
        (
            "An initialisation that fits the activation: Xavier for tanh, He for ReLU.",
            "Normalisation: LayerNorm, or scaled-down residual branches.",
            "Clip the gradient: it bounds the step, but keeps the wrong proportion between the layers.",
        ),
    ),
    Ailment(
        "exploding_time",
        "Exploding through time",
        "Each step back in time enlarges the signal: the oldest inputs drown all others, until a step throws the weights off.",
        "∂L/∂h at the first time step is more than 10³ times that at the last (median over the recorded steps).",
        (
            "Clip the gradient's norm (Pascanu et al. 2013): for this it was invented.",
            "Scale the recurrent matrix down, or start it orthogonal.",
            "A gated cell: GRU or LSTM.",
        ),
    ),
    Ailment(
        "dead",
        "Dead units",
        "These units are at 0 for every example, so no gradient reaches their weights and nothing will wake them.",
        "At least 80 % of the gradient at a layer's output, and 50 % of that of its weights, is exactly 0 "
        "(median over the last quarter of the recorded steps).",
        (
            "Lower the learning rate: one step too large is what usually kills a ReLU.",
            "Start again: dead units stay dead. He initialisation, biases at 0.",
            "LeakyReLU, ELU or GELU, whose negative side has a slope.",
            "A normalisation layer before the activation, and inputs of about unit size.",
        ),
    ),
    Ailment(
        "saturated",
        "Saturated activations",
        "The units sit at the flat ends of their curve, where a change of the input changes nothing.",
        "An activation lets less than a quarter of its steepest slope through (1 for tanh, ¼ for sigmoid; root mean square over "
        "units and examples, median over the last quarter of the recorded steps).",
        (
            "Scale the inputs to zero mean and unit variance.",
            "Start from smaller weights (Xavier).",
            "Lower the learning rate: it may have driven the units there.",
            "Normalise before the activation (LayerNorm, BatchNorm), or use ReLU or GELU.",
        ),
    ),
    Ailment(
        "vanishing",
        "Vanishing through the layers",
        "Each layer takes its share of the signal: the first layers hardly learn, or learn noise.",
        "The first layer's ∂L/∂h is less than 10⁻³ of the last one's (median over the recorded steps).",
        (
            "ReLU or GELU with He initialisation instead of sigmoid; tanh with Xavier.",
            "Residual connections around every one or two layers: x + f(x).",
            "LayerNorm or BatchNorm between the layers.",
            "Adam moves the first layers all the same, but in the direction that little signal and much noise give.",
        ),
    ),
    Ailment(
        "vanishing_time",
        "Vanishing through time",
        "What was read early gets next to nothing of the error: the layer can't learn to keep it. If the task doesn't need it, "
        "nothing is wrong.",
        "∂L/∂h at the first time step is less than 10⁻³ of that at the last (median over the recorded steps).",
        (
            "A gated cell, and its forget gate open at the start: an LSTM's forget bias at 1 to 3.",
            "An orthogonal or identity recurrent matrix for a plain RNN.",
            "A shorter way: attention, skip connections through time, shorter sequences at first.",
        ),
    ),
    Ailment(
        "wild",
        "Weights thrown about",
        "A step changes the weights by a large part of themselves, so what was learned is overwritten by the next batch.",
        "‖ΔW‖ / ‖W‖ of a layer is above 10⁻¹ (median over the recorded steps); about 10⁻³ is usual.",
        (
            "Divide the learning rate by 10.",
            "Warm up: begin with a small learning rate and raise it over the first few hundred steps.",
            "Clip the gradient (it helps SGD; Adam divides the gradient's size out anyway).",
        ),
    ),
    Ailment(
        "still",
        "Layers that stand still",
        "These weights hardly change while others do: they stay the noise that they were initialised with.",
        "‖ΔW‖ / ‖W‖ of a layer is below 10⁻⁶ and below a hundredth of the busiest layer's, or below 10⁻⁶ everywhere while the "
        "loss does not fall (medians over the recorded steps).",
        (
            "If they are meant to stand still, nothing is wrong.",
            "Look for vanishing and dead units first: then this is only a consequence.",
            "A larger learning rate, Adam instead of SGD, or learning rates by layer.",
            "In bfloat16 or float16 weights: keep a float32 copy, for such updates are rounded away.",
        ),
    ),
    Ailment(
        "clipped",
        "Clipping does the work",
        "The optimiser hardly ever sees the gradient's own length, so the learning rate is not what it seems to be.",
        "The optimiser sees less than a tenth of the gradient's norm (median over the recorded steps).",
        (
            "With SGD: lower the learning rate, or raise the clipping threshold, until it strikes now and then only.",
            "With Adam a constant factor changes nothing, so it may stay.",
        ),
    ),
)
