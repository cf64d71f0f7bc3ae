"""One colour per thing on every page, told apart by the colour-blind and on light and dark ground (after Okabe and Ito)."""

ACCENT = "#D55E00"  # the cue: the word that decides
THEORY = "#8A8F98"  # always dashed
CELLS = {
    "tanh": "#C8443A",
    "gru": "#2F83C5",
    "lstm": "#12936B",
    "relu": "#A8629B",
    "leaky": "#D98A6A",
    "peephole": "#5FA88C",
    "lru": "#7A6BC4",
    "mingru": "#6FA3CF",
}
ACTIVATIONS = {"sigmoid": "#B07A10", "tanh": "#C8443A", "relu": "#A8629B", "gelu": "#2F83C5", "identity": "#6E7781"}


def colour(name: str) -> str:
    """The colour of a cell or an activation; a neutral grey for a name without one."""
    return {**ACTIVATIONS, **CELLS}.get(name, "#6E7781")
