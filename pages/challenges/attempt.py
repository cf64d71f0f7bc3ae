"""A challenge in view: the broken network, the controls that may be moved, and whether the goal is reached."""

from functools import partial

import streamlit as st

from core.execution.jobs import Answer
from pages.challenges import CHALLENGES
from pages.challenges.entry import Challenge
from pages.frame.live import live_part
from pages.frame.page import Page
from pages.frame.presentation import presentation
from pages.frame.settings import Settings
from pages.questions.show import controls, look
from pages.share.row import actions


def solved() -> list[str]:
    """The challenges that this visitor has solved, here or, as the address says, before."""
    names = dict.fromkeys([*_address().get("solved", "").split("-"), *st.query_params.get("solved", "").split("-")])
    return [name for name in names if name in CHALLENGES]


def open_challenge(name: str | None) -> None:
    """Goes to a challenge, or to the list; for use in a callback."""
    st.query_params.from_dict(_query(name, solved()) | presentation().query())


def attempt(challenge: Challenge) -> None:
    """Draws the challenge."""
    _address().update(_query(challenge.name, solved()))
    shown = challenge.page
    name = f"fix-{challenge.name}"
    page = Page(name, challenge.label, challenge.lesson, challenge.broken, address=_address())
    st.title(challenge.label, anchor=False)
    st.markdown(f"**{challenge.lesson}**")

    def choose(settings: Settings) -> None:
        controls(shown, settings, challenge.controls)

    def draw(settings: Settings) -> None:
        look(shown, settings, partial(_judged, challenge, settings))

    live_part(page, choose, draw)
    with st.expander("A hint"):
        st.markdown(challenge.hint)
    actions(page, pins=shown.pins, trains=shown.trains)


def _judged(challenge: Challenge, settings: Settings, answer: Answer) -> None:
    """Says whether what was measured reaches the goal."""
    if not challenge.fair(settings.experiment):
        st.warning(
            "These settings differ in more than the controls that may be moved, so they don't count. *Reset* begins anew.",
            icon=":material/gavel:",
        )
        return
    if not answer.finished:
        return
    number = challenge.quantity.number(answer.value)
    said = challenge.quantity.said(number)
    said = said[:1].upper() + said[1:]
    if challenge.repaired(number):
        _address().update(_query(challenge.name, [*dict.fromkeys([*solved(), challenge.name])]))
        st.success(f"**Repaired.** {said}. {challenge.then}", icon=":material/check_circle:")
    else:
        st.info(f"Not yet: {said}.", icon=":material/build:")


def _query(name: str | None, done: list[str]) -> dict[str, str]:
    """The address of a challenge, or of the list, with what has been solved."""
    return ({"fix": name} if name else {}) | ({"solved": "-".join(done)} if done else {})


def _address() -> dict[str, str]:
    """What the address says besides settings: one mapping for the visit, so that what is solved is in it at once."""
    address: dict[str, str] = st.session_state.setdefault("challenges", {})
    return address
