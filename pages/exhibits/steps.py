"""Step by step: rows B3, B4, C1, C2, C7 and E4."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from core import Experiment, GradientProfile
from core.instruments.grid import Grid, grid
from core.instruments.itemised import GradientMap, map_gradients
from core.instruments.tied import Twin, tied_twin
from core.shown.mechanics import Gates, Way, gates, rnn_and_mlps, way_back
from core.wording import LN10, number, scientific
from pages.charts import bars
from pages.charts import grid as cells
from pages.charts.lines import Axis, Line, chart, frame
from pages.charts.palette import ACCENT, colour
from pages.frame.question_page import Exhibit, Picture, Pinned

BACK = Axis("← further back · steps back from the loss", 0, 110, reverse=True)
WORDS = Axis("← further back · words back from the blank", 0, 60, reverse=True)
FACTOR = Axis("factor of one step back", -2, 1, decades=True)
ARRIVES = Axis("share of the signal that arrives", -30, 4, decades=True)
FAR = Axis("share of the signal that arrives", -40, 10, decades=True)
REAL = Axis("real part", -3.6, 3.6)
IMAGINARY = Axis("imaginary part", -1.9, 1.9)
GAP = Axis("largest difference", -20, 0, decades=True)
PARTS = {"slope": "#B07A10", "weights": "#2F83C5", "carried": "#12936B"}
SHADES = ("#C8443A", "#B07A10", "#2F83C5", "#A8629B")
KEEPS: dict[str, dict[str, Any]] = {
    "ReLU from the identity": {"cell": "relu", "initialiser": "identity"},
    "LSTM with forget bias 3": {"cell": "lstm", "forget_bias": 3.0},
}


def _b3_pictures(_experiment: Experiment, seen: GradientMap, _pins: Sequence[Pinned]) -> list[Picture]:
    words = [f"{i + 1} {word}" for i, word in enumerate(seen.words)]
    table = cells.frame(seen.log_norm / LN10, words, words, -20, 0, True)
    axes = (
        len(words),
        -20,
        0,
        True,
        "length of the gradient",
        "… reaches the state after this word",
        "this word's error …",
    )
    return [
        Picture(
            cells.chart, axes, table, "Grid: how strongly each word's error (row) reaches each word's state (column)."
        )
    ]


def _b3_said(_experiment: Experiment, seen: GradientMap) -> str:
    share = float(seen.log_norm[-1, 0] - seen.log_norm[-1, -1])
    way = "it travels all the way" if np.isfinite(share) else "nothing is handed back"
    much = ", and hardly anything arrives" if share < -2 * LN10 and np.isfinite(share) else ""
    return (
        f"There is an error at each of the {len(seen.words)} words. The last one's reaches the first word with "
        f"**{scientific(share)}** of its strength: {way}{much}."
    )


def _b4_pictures(_experiment: Experiment, seen: Way, _pins: Sequence[Pinned]) -> list[Picture]:
    parts, words = seen.factors.log_parts, seen.profile.words
    lag = np.arange(len(parts), 0, -1)
    lines = [
        Line(
            f"due to the {name}" if name != "carried" else "carried past them",
            lag,
            parts[:, k] / LN10,
            PARTS[name],
            places=words[:-1],
        )
        for k, name in enumerate(seen.factors.names)
        if name != "carried" or np.abs(parts[:, k]).max() > 0
    ]
    lines.append(Line("the whole factor", lag, seen.factors.log_factor / LN10, ACCENT, places=words[:-1]))
    running = Line("running product", lag, seen.factors.running[:-1] / LN10, ACCENT, places=words[:-1])
    return [
        Picture(
            chart,
            (WORDS, FACTOR),
            frame(lines, WORDS, FACTOR),
            "Line chart: each step's factor and its parts.",
            "Each step's factor",
        ),
        Picture(
            chart,
            (WORDS, ARRIVES),
            frame([running], WORDS, ARRIVES),
            "Line chart: the product of all factors so far.",
            "Their product",
        ),
    ]


def _b4_said(_experiment: Experiment, seen: Way) -> str:
    mean = np.exp(np.nanmean(np.where(np.isfinite(seen.factors.log_parts), seen.factors.log_parts, np.nan), axis=0))
    said = " × ".join(f"{value:.3f} ({name})" for value, name in zip(mean, seen.factors.names, strict=True))
    factor = float(np.exp(np.mean(seen.factors.log_factor)))
    left = scientific(float(seen.factors.running[0]))
    return (
        f"In the mean a step back multiplies by **{factor:.3f}** = {said}. After {len(seen.factors.log_factor)} of them "
        f"**{left}** is left."
    )


def _c1_pictures(_experiment: Experiment, seen: Twin, _pins: Sequence[Pinned]) -> list[Picture]:
    gaps = {"outputs": seen.outputs} | {f"∂L/∂ {name}": gap for name, gap in seen.gradients.items()}
    rows = [
        bars.Bar(name, np.log10(gap) if gap > 0 else GAP.low, number(gap) if gap > 0 else "0", colour("tanh"))
        for name, gap in gaps.items()
    ]
    said = "Bar chart: largest difference between the recurrent network and the feed-forward one, in outputs and gradients."
    return [Picture(bars.chart, (GAP, tuple(gaps)), bars.frame(rows, GAP), said)]


def _c1_said(_experiment: Experiment, seen: Twin) -> str:
    worst = max(seen.outputs, *seen.gradients.values())
    return (
        f"The same network as a plain feed-forward one has **{seen.depth} layers** and {seen.connections:,} connections. "
        f"Outputs and "
        f"gradients differ by **{number(worst)}** at most: rounding. An RNN *is* a very deep MLP that shares its weights."
    )


def _c2_pictures(_experiment: Experiment, seen: Grid, _pins: Sequence[Pinned]) -> list[Picture]:
    layers, steps = seen.log_norm.shape
    values = (seen.log_norm - seen.log_norm[-1, -1])[::-1] / LN10
    across = [str(i + 1) for i in range(steps)]
    down = [str(layers - i) for i in range(layers)]
    axes = (layers, -20, 0, True, "share of the signal", "time step", "layer", 0)
    return [
        Picture(
            cells.chart, axes, cells.frame(values, across, down, -20, 0, True), "Grid: gradient at each layer and step."
        )
    ]


def _c2_said(_experiment: Experiment, seen: Grid) -> str:
    layers, steps = seen.log_norm.shape
    fewest, most = (int(count) for count in seen.lengths.onto_input[1, :, -1])
    share = scientific(float(seen.log_norm[0, 0] - seen.log_norm[-1, -1]))
    return (
        f"{layers} layers over {steps} steps: between the loss and the first input lie **{fewest}** nonlinearities on the "
        f"shortest "
        f"path and **{most}** on the longest (k·n would be {layers * steps}). The far corner receives **{share}**."
    )


def _c7_pictures(
    _experiment: Experiment, seen: Mapping[str, GradientProfile], _pins: Sequence[Pinned]
) -> list[Picture]:
    lines = [
        Line(name, each.lag, each.relative / LN10, shade)
        for (name, each), shade in zip(seen.items(), SHADES, strict=True)
    ]
    said = (
        "Line chart: share of the signal against steps or layers back, for the RNN and for MLPs as deep as it is long."
    )
    return [Picture(chart, (WORDS, ARRIVES), frame(lines, WORDS, ARRIVES, corner="bottom left"), said)]


def _c7_said(_experiment: Experiment, seen: Mapping[str, GradientProfile]) -> str:
    return (
        "Factor per step or layer back: "
        + ", ".join(f"**{each.rate:.3f}** ({name})" for name, each in seen.items())
        + "."
    )


def _e4_pictures(_experiment: Experiment, seen: Gates, _pins: Sequence[Pinned]) -> list[Picture]:
    lag = np.arange(len(seen.paths.log_total))[::-1]

    def share(logs: np.ndarray) -> np.ndarray:
        return np.asarray((logs - seen.paths.log_total[-1]) / LN10)

    lines = [
        Line("on the cell path alone", lag, share(seen.paths.log_carried), "#12936B"),
        Line("without it", lag, share(seen.paths.log_hidden), "#C8443A"),
        Line("on all paths", lag, share(seen.paths.log_total), "#2F83C5", "ghost"),
        Line("product of the forget gates", lag, seen.paths.log_mean / LN10, kind="theory"),
    ]
    said = "Line chart: how much of the gradient of the cell arrives, on the cell's own path, without it, and on all."
    return [Picture(chart, (BACK, ARRIVES), frame(lines, BACK, ARRIVES, corner="bottom left"), said)]


def _e4_said(_experiment: Experiment, seen: Gates) -> str:
    paths = seen.paths
    alone, hidden = (scientific(float(each[0] - paths.log_total[-1])) for each in (paths.log_carried, paths.log_hidden))
    gate = float(np.exp(np.mean(paths.log_gate)))
    return (
        f"With forget bias {seen.bias:g} the gates stand at {gate:.3f} in the mean. Over {len(paths.log_total) - 1} steps "
        f"**{alone}** "
        f"arrives on the cell path alone, and {hidden} without it."
    )


STEPS = (
    Exhibit(
        "b3",
        "sentences",
        "Is there an error at each word?",
        "A network that must say something after every word. **Watch how each word's error, a row, fades on its way back to "
        "the "
        "left.**",
        ("cell", "gap", "initialiser"),
        map_gradients,
        _b3_pictures,
        _b3_said,
        {"No recurrent matrix (gain 0)": {"gain": 0.0}, **KEEPS},
        """
Forwards, each word changes the state, and the state is handed on: information travels. Backwards, each word's error asks the
states
before it how they should have been different. A task like *France* asks only at the end; this one (translate each word, then
*was*
or *were*) asks at each word, so that there are as many errors as words, added up.
        """,
        more=("hidden", "forget_bias", "gain"),
        highs={"gap": 21},
    ),
    Exhibit(
        "b4",
        "time",
        "Which factors are multiplied again and again?",
        "Every step back multiplies by a matrix and by slopes. **Watch which of the two takes more**, and what becomes of "
        "the product.",
        ("cell", "gap", "initialiser", "gain"),
        way_back,
        _b4_pictures,
        _b4_said,
        {"Orthogonal, gain 1.3": {"initialiser": "orthogonal", "gain": 1.3}, **KEEPS},
        """
One step takes δ to $W^\\top(\\delta\\odot\\varphi')$: first the slopes, then the matrix, and what a gate carries past both. The
logarithms of the three parts add up to that of the factor, and the factors' to that of the product (Hochreiter 1991; Pascanu
et al.
2013, eq. 5). The parts depend on where δ points: the same matrix takes less from the directions that survive.
        """,
        more=("radius", "hidden", "forget_bias"),
        highs={"gap": 50},
    ),
    Exhibit(
        "c1",
        "unrolled",
        "Is an RNN a very deep MLP?",
        "The same network built twice: as a recurrent one, and as a plain feed-forward one with a layer for each step. "
        "**Watch the "
        "differences.**",
        ("cell", "gap", "layers"),
        tied_twin,
        _c1_pictures,
        _c1_said,
        {"GRU": {"cell": "gru"}, "Two layers": {"layers": 2}, "60 words in between": {"gap": 60}},
        """
Unroll the loop: step $t$ is a layer that reads $x_t$ and the layer below. All layers share $W$; the gradient of the shared
weights is
the sum over the copies. So whatever is true of very deep networks is true of RNNs, and a sentence of 28 words makes 28 layers.
        """,
        more=("hidden", "initialiser"),
        highs={"gap": 60},
    ),
    Exhibit(
        "c2",
        "unrolled",
        "How deep is a stack of recurrent layers?",
        "Layers up, time to the right; the loss is in the upper right corner. **Watch how the gradient fades to the far "
        "corner.**",
        ("layers", "length", "cell"),
        grid,
        _c2_pictures,
        _c2_said,
        {
            "One layer": {"layers": 1},
            "Four layers": {"layers": 4},
            "LSTM with forget bias 3": {"cell": "lstm", "forget_bias": 3.0},
        },
        """
$k$ layers over $n$ steps are $k\\cdot n$ cells, but no path visits all of them: from the loss down to the first input each
path goes
$n-1$ steps to the left and $k-1$ down, $n+k-1$ nonlinearities whichever way it takes. In an LSTM the cell's path to the left
passes
none at all. What grows with $k$ is the *number* of paths.
        """,
        more=("hidden", "initialiser", "forget_bias"),
        highs={"length": 50},
    ),
    Exhibit(
        "c7",
        "unrolled",
        "Is it only that RNNs are deep and MLPs are not?",
        "An RNN, and MLPs with as many layers as it has steps. **Build the counter-example**: make the RNN keep its "
        "gradient, or find "
        "the MLP that loses it.",
        ("cell", "gap", "initialiser", "gain"),
        rnn_and_mlps,
        _c7_pictures,
        _c7_said,
        {
            **KEEPS,
            "No words in between": {"gap": 0},
            "Orthogonal, gain 1.3": {"initialiser": "orthogonal", "gain": 1.3},
        },
        """
At the same depth an MLP with the initialisation made for it loses little, since each layer's matrix was drawn to keep
lengths (Xavier,
He). The RNN's default weights shrink, and its one matrix is used at every step. With sigmoid units, or weights that small,
the MLP
is as bad; with an orthogonal matrix the RNN is as good. It is the factors, not the name.
        """,
        more=("radius", "hidden", "forget_bias"),
        highs={"gap": 50},
    ),
    Exhibit(
        "e4",
        "time",
        "What does the constant error carousel carry?",
        "An LSTM's cell is multiplied by its forget gate and by nothing else. **Move the forget bias and watch the green "
        "curve**: it "
        "should follow the dashed product.",
        ("forget_bias", "gap", "cell"),
        gates,
        _e4_pictures,
        _e4_said,
        {
            "Forget bias 5": {"forget_bias": 5.0},
            "Forget bias 3": {"forget_bias": 3.0},
            "Forget bias 0": {"forget_bias": 0.0},
        },
        """
$c_t = f_t\\odot c_{t-1} + i_t\\odot g_t$, so on the cell's own path $\\partial c_T/\\partial c_t = \\prod f$. In the LSTM of
1997 there was
no forget gate, $f = 1$: the “constant error carousel” (Hochreiter & Schmidhuber 1997). Gers et al. 2000 added the gate,
which can
forget, and so lets the gradient vanish: at PyTorch's bias it stands at about ½. A bias of 1 or more opens it (Jozefowicz et
al. 2015).
        """,
        more=("hidden", "chrono"),
        highs={"gap": 100},
    ),
)
