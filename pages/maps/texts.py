"""The maps' longer texts: what the marks mean, and why the map looks as it does (a Markdown file for each map)."""

from collections.abc import Sequence
from pathlib import Path

from core.maps.surveys import PREFERRED
from pages.charts.heatmap import Side, TheoryLine
from pages.maps.entries import MAPS, Map
from pages.maps.sentences import share_of


def legend(
    entry: Map, shown: str, lines: Sequence[TheoryLine], sides: Sequence[tuple[int, Side]], here: bool, measuring: bool
) -> str:
    """What the marks on a map mean; of lines that are missing nothing is said while it is still being measured."""
    names = {line.name for line in lines}
    theory = []
    if "χ = 1" in names:
        theory.append(f"where {PREFERRED} theory has a factor of 1 (χ = 1), as far as it holds")
    if "theory: factor 1" in names:
        theory.append(f"where theory has a factor of 1 ({PREFERRED} where that holds, else the Lyapunov exponent)")
    if "6 ξ" in names:
        theory.append("6 ξ, the depth down to which theory lets a network learn")
    parts = ["Framed: the chosen network." if here else "The chosen network is not on this map."]
    if theory or not measuring:
        parts.append(f"Dashed grey: {'; '.join(theory)}." if theory else f"No line of theory: {entry.no_line}.")
    if sides:
        marks = [
            f"{mark}: {share_of(level)} of the signal arrives before training ({level.known})"
            for mark, level in zip(("Solid", "dotted"), entry.levels, strict=False)
        ]
        parts.append(f"{'; '.join(marks)}.")
    parts.append("Click a tile to choose its network.")
    return " ".join(parts)


WHY = {name: Path(__file__).with_name(f"{name}.md").read_text(encoding="utf-8") for name in MAPS}
