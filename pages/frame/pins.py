"""Pin this curve, change one thing: pinned experiments stay as ghosts, and what differs is named."""

from typing import Any

import streamlit as st

from core import Experiment
from core.fields import Choice, Flag, rules
from pages.frame.page import Page
from pages.frame.phrases import plain
from pages.frame.settings import Settings

MOST = 4


def pinned(settings: Settings) -> list[Experiment]:
    """The pinned experiments other than the one in view."""
    return [each for each in _all(settings.page.name) if each != settings.experiment]


def differences(settings: Settings) -> None:
    """One line per pinned curve: what differs from the one in view, and whether that is one thing only."""
    for each in pinned(settings):
        changed = difference(each, settings.experiment)
        one = "One thing differs" if len(changed) == 1 else f"{len(changed)} things differ, so who knows which did it"
        st.caption(f"{one}: {plain('; '.join(changed))}.")


def difference(old: Any, new: Any) -> list[str]:
    """What changed from one experiment to the other, in the words of the controls."""
    changes = []
    for (part, before), after in zip(old.specs().items(), new.specs().values(), strict=True):
        if type(before) is not type(after):
            changes.append(f"{part}: {before.label} → {after.label}")
            continue
        changes += _changed(before, after)
    return changes + _changed(old, new)


def _changed(before: Any, after: Any) -> list[str]:
    return [
        f"{rule.label}: {_say(rule, getattr(before, name))} → {_say(rule, getattr(after, name))}"
        for name, rule in rules(after).items()
        if getattr(before, name) != getattr(after, name)
    ]


def _say(rule: Any, value: Any) -> str:
    if isinstance(rule, Choice):
        return rule.options[value].label
    if isinstance(rule, Flag):
        return "on" if value else "off"
    return str(rule.text(value)) or "the built-in ones"


def name_by(experiment: Experiment, others: list[Experiment]) -> str:
    """A short name for a curve: what is special about it among others."""
    special = {}
    for other in others:
        for change in difference(other, experiment):
            label, _, now = change.partition(": ")
            special[label] = now.rpartition(" → ")[2]
    return ", ".join(now if label in ("Cell", "Activation") else f"{label} {now}" for label, now in special.items())


def _all(page: str) -> list[Experiment]:
    found: list[Experiment] = st.session_state.setdefault(f"pins {page}", [])
    return found


def pin(page: Page) -> None:
    """Keeps the experiment in view, the oldest pin making room; for use in a callback."""
    experiment = Settings(page).experiment
    kept = [each for each in _all(page.name) if each != experiment]
    _all(page.name)[:] = [*kept, experiment][-MOST:]


def unpin(page: Page) -> None:
    """Forgets all pins; for use in a callback."""
    _all(page.name).clear()


def any_pinned(page: Page) -> bool:
    """Whether there is something to unpin."""
    return bool(_all(page.name))
