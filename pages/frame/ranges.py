"""Vertical ranges for profile charts: fixed, so that the picture does not jump while a slider moves."""

from dataclasses import dataclass

from core.fields import choice
from core.registry import registry
from pages.frame.page import View


@dataclass(frozen=True)
class Range:
    """Decades from ``floor`` to ``top``."""

    name: str
    label: str
    lesson: str
    floor: int
    top: int


RANGES = registry(
    Range("near", "down to 10⁻¹²", "For curves that lose little.", -12, 2),
    Range("deep", "down to 10⁻³⁵", "About what float32 can hold.", -35, 7),
    Range("abyss", "down to 10⁻²⁰⁰", "Far below what float32 can hold.", -200, 40),
    Range("up", "up to 10⁶⁰", "For explosions.", -12, 60),
)


@dataclass(frozen=True)
class ProfileView(View):
    """A page about profiles: how far down its picture goes."""

    axis: str = choice("deep", RANGES, "Vertical axis")
