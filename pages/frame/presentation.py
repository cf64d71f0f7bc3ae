"""How a teacher has set the pages up: on a projector or not, which controls are hidden, which can't be moved.

It comes with an address, like all settings, and stays for the visit: whoever opens such a link has it on all pages.
"""

from collections.abc import Container
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

import streamlit as st

from core.fields import Spec, flag, read, rules, words

_KEY = "presentation"
FOLDED = "more"  # stands for the controls behind “More settings”


@dataclass(frozen=True)
class Presentation(Spec):
    """What an address can ask for on any page."""

    present: bool = flag(
        False, "For the projector", "Large type, nothing but the experiment; PageUp and PageDown go on."
    )
    hide: str = words("", "Hide these controls")
    lock: str = words("", "Show these controls, but don't let them be moved")

    @property
    def hidden(self) -> frozenset[str]:
        """Names of settings whose controls are not drawn."""
        return frozenset(self.hide.split())

    @property
    def locked(self) -> frozenset[str]:
        """Names of settings whose controls can't be moved."""
        return frozenset(self.lock.split())

    def query(self) -> dict[str, str]:
        """What is not as usual, as an address spells it."""
        return {
            name: rule.text(value)
            for name, rule in rules(self).items()
            if (value := getattr(self, name)) != getattr(USUAL, name)
        }


USUAL = Presentation()


def presentation() -> Presentation:
    """The visit's; an address that asks for another one sets it."""
    asked = {name: st.query_params[name] for name in rules(Presentation) if name in st.query_params}
    if asked:
        st.session_state[_KEY] = read(USUAL, asked)[0]
    found: Presentation = st.session_state.get(_KEY, USUAL)
    return found


def complaints(query: dict[str, str], known: Container[str]) -> list[str]:
    """Takes the presentation's part out of an address; what can't be used of it, in words. ``known``: names of controls."""
    wanted, found = read(USUAL, query)
    named = {"hide": wanted.hidden, "lock": wanted.locked}
    return found + [
        f"{way}: there is no control called “{name}”"
        for way, names in named.items()
        for name in sorted(names)
        if name not in known
    ]


def set_presentation(wanted: Presentation) -> None:
    """Sets the visit's; for use in a callback: the address is told as well."""
    st.session_state[_KEY] = wanted
    for name in rules(Presentation):
        st.query_params.pop(name, None)
    st.query_params.update(wanted.query())


def with_presentation(query: dict[str, str], wanted: Presentation) -> dict[str, str]:
    """An address's settings with another presentation."""
    return {name: text for name, text in query.items() if name not in rules(Presentation)} | wanted.query()


def address(query: dict[str, str]) -> str:
    """The page in view with these settings, as a whole address."""
    here = urlsplit(st.context.url or "http://localhost:8501")
    return f"{here.scheme}://{here.netloc}{here.path}" + (f"?{urlencode(query)}" if query else "")
