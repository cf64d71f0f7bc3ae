"""A question's texts: Markdown beside its code, with the same name.

# The question, in a student's words

One or two sentences on what to watch.

## Why

The mathematics, the papers, the caveats.
"""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Texts:
    """question: in a student's words. watch: what to look at. why: the mathematics, the papers, the caveats."""

    question: str
    watch: str
    why: str


def texts(module: str) -> Texts:
    """Reads the Markdown file beside a module (its ``__file__``). Raises ValueError if a part of it is missing."""
    path = Path(module).with_suffix(".md")
    head, _, why = path.read_text(encoding="utf-8").partition("\n## Why\n")
    title, _, watch = head.strip().partition("\n")
    question, watch, why = title.removeprefix("# ").strip(), watch.strip(), why.strip()
    if not (title.startswith("# ") and question and watch and why):
        raise ValueError(f"{path.name}: needs a heading, what to watch, and a part “## Why”")
    return Texts(question, watch, why)
