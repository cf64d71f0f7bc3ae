"""Broken networks to be repaired, by name."""

from pathlib import Path

from core.registry import registry
from pages.challenges.entry import read

CHALLENGES = registry(*read(Path(__file__).with_name("challenges.toml").read_text(encoding="utf-8")))
