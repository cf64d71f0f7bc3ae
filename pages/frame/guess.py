"""Predict first: say what you expect, then see. Off unless the visitor, or a teacher's link, switches it on."""

import math
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any

import streamlit as st

from core.wording import LN10
from pages.charts.numbers import fraction
from pages.frame.settings import Settings

# least decades of each answer, largest first
SHARES = {
    "as much or more": 0.0,
    "a tenth to all of it": -1.0,
    "a thousandth to a tenth": -3.0,
    "a millionth to a thousandth": -6.0,
    "less than a millionth": -math.inf,
}


FEW = 8  # answers that stand beside each other; more of them are a list


def guess(
    settings: Settings,
    question: str,
    options: Iterable[str],
    about: Hashable,
    label: Callable[[str], str] = str,
    then: str = "the picture appears",
) -> str | None:
    """Draws the question and its answers; returns the visitor's answer, None as long as there is none.

    about: what the question is about: it is asked once for each. label(option): what an answer is called. then: what happens
    when one is chosen.
    """
    st.markdown(f"**Your guess first.** {question}")
    names, key = list(options), f"{settings.page.name}-guess-{hash(about)}"
    given: dict[str, Any] = {"label": "Your guess", "options": names, "format_func": label, "key": key}
    choice: str | None = (
        st.segmented_control(**given, label_visibility="collapsed", wrap=True)
        if len(names) <= FEW
        else st.selectbox(**given, label_visibility="collapsed", index=None, placeholder="Choose your answer")
    )
    if choice is None:
        st.caption(f"Choose, and {then}. The switch “Guess first” turns this off.")
    return choice


def answered(said: str, right: bool, otherwise: str, so: str = ": right.") -> None:
    """Says whether an answer was right; otherwise, so: how the sentence ends if it was not, and if it was."""
    if right:
        st.success(f"You said {said}{so}", icon=":material/check:")
    else:
        st.info(f"You said {said}{otherwise}", icon=":material/lightbulb:")


def compared(choice: str, share: float | None, options: Mapping[str, float] = SHARES) -> None:
    """Says whether the answer was right. share: the measured one (ln), None while it is not known yet.

    options: answer → its least decades, largest first.
    """
    if share is None:
        st.info(f"You said {choice}. The answer comes as soon as all is known.", icon=":material/lightbulb:")
        return
    if math.isnan(share) or share == math.inf:
        st.info("The numbers blew up on the way, so there is no share to be right about.", icon=":material/lightbulb:")
        return
    right = next(name for name, least in options.items() if round(share / LN10, 2) >= least)
    measured = f" Measured: {fraction(share)}."
    answered(choice, choice == right, f"; it is {right}.{measured}", f": right.{measured}")
