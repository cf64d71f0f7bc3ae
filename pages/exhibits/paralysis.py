"""Who moves, who matters, and what the loss looks like from the weights: rows A4 to A6."""

from collections.abc import Sequence

import numpy as np

from core import Experiment
from core.claims.paralysis import redrawn
from core.shown.matters import Moved, Noise, Surface, moved, noise, surface
from core.wording import number
from pages.charts import surface as surface_chart
from pages.charts.lines import Axis, Line, chart, frame
from pages.charts.palette import colour
from pages.frame.profile_picture import main
from pages.frame.question_page import Exhibit, Picture, Pinned

LAYER = Axis("layer (1: next to the input)", 1, 20)
MOVED = Axis("relative movement ‖ΔW‖/‖W₀‖", -6, 2, decades=True)
UNDONE = Axis("first layers drawn anew after training", 0, 20)
LOSS = Axis("loss on new examples", 0, 8)
BLUE = "#2F83C5"


def _a4_pictures(experiment: Experiment, seen: Moved, pins: Sequence[Pinned]) -> list[Picture]:
    shades = {"here": colour(main(experiment)), "tanh, Xavier": colour("tanh"), "here, with Adam": BLUE}
    lines = []
    for name, found in seen.by_name.items():
        inner = (found.layers >= 1) & (found.layers < found.layers.max())
        with np.errstate(divide="ignore"):
            lines.append(Line(name, found.layers[inner], np.log10(found.by_layer[inner]), shades[name]))
    lines += [
        Line(pin.name, found.layers[1:-1], np.log10(found.by_layer[1:-1]), kind="ghost")
        for pin in pins
        for found in [pin.result.by_name["here"]]
    ]
    said = "Line chart: how far each layer's weights move in training, as a share of their own length."
    return [Picture(chart, (LAYER, MOVED), frame(lines, LAYER, MOVED, corner="bottom right"), said)]


def _a4_said(_experiment: Experiment, seen: Moved) -> str:
    found = seen.by_name["here"]
    inner = found.by_layer[(found.layers >= 1) & (found.layers < found.layers.max())]
    return (
        f"In training, layer 1 moves by **{number(float(inner[0]))}** of its own length, the last layer by "
        f"**{number(float(inner[-1]))}**; {float((inner < 0.01).mean()):.0%} of the layers move by less than a hundredth. The "
        f"network is right in {seen.accuracy:.0%}."
    )


def _a5_pictures(_experiment: Experiment, seen: Noise, _pins: Sequence[Pinned]) -> list[Picture]:
    lines = [
        Line("here", seen.here.layers, seen.here.redrawn_loss, colour("sigmoid")),
        Line("the same with tanh and Xavier weights", seen.healthy.layers, seen.healthy.redrawn_loss, colour("tanh")),
        Line("guessing", [0, 20], [seen.guess, seen.guess], kind="theory"),
    ]
    said = "Line chart: loss after training when the first layers are replaced by random ones, here and in a healthy network."
    return [Picture(chart, (UNDONE, LOSS), frame(lines, UNDONE, LOSS, corner="top right"), said)]


def _a5_said(_experiment: Experiment, seen: Noise) -> str:
    half = len(seen.here.layers) // 2
    before, after = (float(seen.here.redrawn_loss[count]) for count in (0, half))
    healthy = float(seen.healthy.redrawn_loss[half] - seen.healthy.redrawn_loss[0])
    return (
        f"Of all weights **{seen.share:.0%}** have moved. **{redrawn(half, before, after)}** In the healthy network the same "
        f"raises it by {healthy:.2f}."
    )


def _a6_pictures(_experiment: Experiment, seen: Surface, _pins: Sequence[Pinned]) -> list[Picture]:
    found = seen.slice
    table = surface_chart.frame(found.x, found.y, found.loss, found.path, found.steps)
    said = "Map of the loss on the plane of recurrent weights in which training moved most, with its path."
    return [Picture(surface_chart.chart, (len(found.x), 3.0), table, said)]


def _a6_said(_experiment: Experiment, seen: Surface) -> str:
    loss = seen.slice.loss
    return (
        f"On **{seen.heard:.0%}** of this plane the loss is clearly below guessing: there the early word is heard. It goes "
        f"from {loss.min():.2f} to {loss.max():.2f}; the plane holds {seen.slice.explained:.0%} of the path. After training "
        f"the network is right in {seen.accuracy:.0%}."
    )


PARALYSIS = (
    Exhibit(
        "a4",
        "matters",
        "Do only the last layers learn?",
        "A deep network is trained on four clouds of points. **Watch how far each layer's weights have moved** from where they "
        "were drawn.",
        ("activation", "depth", "initialiser", "optimiser"),
        moved,
        _a4_pictures,
        _a4_said,
        {
            "tanh": {"activation": "tanh"},
            "Adam": {"optimiser": "adam", "learning_rate": 0.003},
            "LayerNorm": {"normalisation": "layer"},
            "Residual": {"skip": "residual"},
        },
        """
A layer's weights move by the learning rate times their gradient. If the gradient falls by a factor per layer, so does the
movement: the first layers stay as they were drawn. With sigmoid units the slope is at most ¼ (Glorot & Bengio 2010).

**Why SGD?** Adam divides each weight's step by the size of its own past gradients, so that every layer moves, whatever its
gradient. Moving is not learning, though: in which direction do they go? Look at the accuracy.
        """,
        more=("normalisation", "skip", "width", "learning_rate", "steps"),
        highs={"depth": 20, "steps": 2000},
        slow=True,
        pins=True,
    ),
    Exhibit(
        "a5",
        "matters",
        "Is most of a deep network left as random as it was drawn?",
        "After training, the first layers are thrown away and replaced by random ones. **Watch whether the loss notices.**",
        ("activation", "depth", "initialiser", "optimiser"),
        noise,
        _a5_pictures,
        _a5_said,
        {"tanh": {"activation": "tanh"}, "3 layers": {"depth": 3}, "LayerNorm": {"normalisation": "layer"}},
        """
Two tests of “not used”. *Redraw*: give the first layers the weights of another random start. If nothing changes, these weights
carried nothing that training put there. *Freeze* (in the verdict): train the last layers only. If the loss comes out the same,
the first ones were not needed. Layers that may be re-randomised without harm were found in large trained networks, too
(Zhang, Bengio & Singer 2019: “ambient” layers), so this alone is no proof of vanishing. Compare with the healthy network.
        """,
        more=("normalisation", "skip", "width", "learning_rate", "steps"),
        highs={"depth": 20, "steps": 2000},
        slow=True,
    ),
    Exhibit(
        "a6",
        "matters",
        "Or is it the loss surface that is flat?",
        "This is the loss, seen from above, on the plane of recurrent weights in which training moved most; dark is low. "
        "**Watch "
        "where the path goes**: plain, valley or cliff?",
        ("cell", "gap", "learning_rate", "steps"),
        surface,
        _a6_pictures,
        _a6_said,
        {
            "5 words in between": {"gap": 5},
            "LSTM with forget bias 3": {"cell": "lstm", "forget_bias": 3.0},
        },
        """
Both are true, and they are one thing: where the gradient vanishes at every point of a region, the surface is flat there. The
plain RNN's plane is level at the loss of guessing: the early word changes nothing, whichever way the recurrent weights are
turned (within the plane). With a short gap valleys appear, and with them cliffs, where gradients explode (Pascanu et al. 2013).

**The caveat.** A plane is two of more than a thousand directions: the ones in which this training moved most. The share of the
path that lies in it is given. What is flat here may have a valley elsewhere.
        """,
        more=("forget_bias", "initialiser", "hidden", "clip"),
        highs={"gap": 40, "steps": 800, "learning_rate": 0.05},
        slow=True,
    ),
)
