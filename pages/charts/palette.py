"""One colour per thing on every page, told apart by the colour-blind and on light and dark ground (after Okabe and Ito)."""

from zlib import crc32

import altair as alt

ACCENT = "#D55E00"  # the cue: the word that decides
THEORY = "#8A8F98"  # always dashed
# the colour of the ground a chart stands on and one to write with on it, whatever the theme: Vega knows the first
GROUND = alt.expr("background || '#FFFFFF'")
INK = alt.expr("luminance(background || '#FFFFFF') > 0.2 ? '#1F2328' : '#E6E6E1'")
# for what has no colour of its own yet (after Paul Tol; those that show on light and on dark ground)
CYCLE = ("#4477AA", "#EE6677", "#228833", "#AA3377", "#44AA99", "#999933")


class Colours(dict[str, str]):
    """Name → colour. A name that has none gets one of the cycle, the same one everywhere and always."""

    def __missing__(self, name: str) -> str:
        return CYCLE[crc32(name.encode()) % len(CYCLE)]


CELLS = Colours(
    {
        "tanh": "#C8443A",
        "gru": "#2F83C5",
        "lstm": "#12936B",
        "relu": "#A8629B",
        "leaky": "#D98A6A",
        "peephole": "#5FA88C",
        "lru": "#7A6BC4",
        "mingru": "#6FA3CF",
    }
)
REMEDIES = Colours(
    {  # the one that stands for a cell has the cell's colour
        "adam": CELLS["tanh"],
        "gru": CELLS["gru"],
        "lstm3": CELLS["lstm"],
        "irnn": CELLS["relu"],
        "leaky": CELLS["leaky"],
        "lru": CELLS["lru"],
        "mingru": CELLS["mingru"],
        "omega": "#BF9000",
        "sgd": "#6E7781",
        "momentum": "#8A6D3B",
        "nesterov": "#B99B5F",
        "rmsprop": "#9C5A1A",
        "unclipped": "#E58B7F",
        "orthogonal": "#0F9FB5",
        "gain": "#7CC4D0",
        "sparse": "#D59CCB",
        "dropout": "#8F8F5A",
        "lstm1": "#7CC9A8",
        "chrono": "#5B8F22",
        "layernorm": "#5B70C9",
        "attention": "#E377A2",
    }
)
ACTIVATIONS = Colours(
    {"sigmoid": "#B07A10", "tanh": "#C8443A", "relu": "#A8629B", "gelu": "#2F83C5", "identity": "#6E7781"}
)


def colour(name: str) -> str:
    """The colour of a cell or an activation."""
    return CELLS[name] if name in CELLS else ACTIVATIONS[name]


WEIGHT_SETS = {"input": "#2F83C5", "recurrent": "#C8443A", "output": "#12936B"}
