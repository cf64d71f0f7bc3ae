"""A challenge in view: the broken network, the controls that may be moved, and whether the goal is reached."""

from functools import partial

import streamlit as st

from core.execution.jobs import Answer
from pages.challenges.entries import CHALLENGES, Challenge
from pages.frame.live import lab
from pages.frame.page import Page
from pages.frame.presentation import stage
from pages.frame.settings import Settings
from pages.questions.show import controls, look
from pages.share.row import actions


def solved() -> list[str]:
    """The challenges that this visitor has solved, here or, as the address says, before."""
    found = dict.fromkeys([*_address().get("solved", "").split("-"), *st.query_params.get("solved", "").split("-")])
    return [name for name in found if name in CHALLENGES]


def open_challenge(name: str | None) -> None:
    """To a challenge, or to the list; for use in a callback."""
    st.query_params.from_dict(_told(name, solved()) | stage().query())


def _told(name: str | None, done: list[str]) -> dict[str, str]:
    return ({"fix": name} if name else {}) | ({"solved": "-".join(done)} if done else {})


def _address() -> dict[str, str]:
    """What the address says besides settings: one mapping for the visit, so that what is solved is in it at once."""
    found: dict[str, str] = st.session_state.setdefault("challenges", {})
    return found


def trial(challenge: Challenge) -> None:
    """Draws it."""
    name = challenge.name
    _address().update(_told(name, solved()))
    exhibit = challenge.exhibit
    page = Page(f"fix-{name}", challenge.label, challenge.lesson, challenge.broken, address=_address())
    st.title(challenge.label, anchor=False)
    st.markdown(f"**{challenge.lesson}**")

    def choose(settings: Settings) -> None:
        controls(exhibit, settings, challenge.controls)

    def draw(settings: Settings) -> None:
        look(exhibit, settings, partial(_judged, challenge, settings))

    lab(page, choose, draw)
    with st.expander("A hint"):
        st.markdown(challenge.hint)
    actions(page, pins=exhibit.pins, trains=exhibit.slow is True)


def _judged(challenge: Challenge, settings: Settings, answer: Answer) -> None:
    """Measured against the goal."""
    if not challenge.fair(settings.experiment):
        st.warning(
            "These settings differ in more than the controls that may be moved, so they don't count. *Reset* begins anew.",
            icon=":material/gavel:",
        )
        return
    number = challenge.number(answer.value)
    said = challenge.said(number)
    said = said[:1].upper() + said[1:]
    if challenge.repaired(number):
        _address().update(_told(challenge.name, [*dict.fromkeys([*solved(), challenge.name])]))
        st.success(f"**Repaired.** {said}. {challenge.then}", icon=":material/check_circle:")
    else:
        st.info(f"Not yet: {said}.", icon=":material/build:")
