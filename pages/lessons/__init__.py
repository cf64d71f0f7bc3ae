"""All lessons by name. A new one is a TOML file, named here; the page, its list and the tests find it."""

from pathlib import Path

from core.registry import registry
from pages.lessons.entry import read

NAMES = ("forgotten", "remedies", "reasoning")
HERE = Path(__file__).parent
LESSONS = registry(*(read(name, (HERE / f"{name}.toml").read_text(encoding="utf-8")) for name in NAMES))
