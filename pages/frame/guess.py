"""Predict first: say what you expect, then see. Off unless the visitor, or a teacher's link, switches it on."""

import math
from collections.abc import Hashable, Mapping

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


def guessed(
    settings: Settings,
    question: str,
    share: float | None,
    options: Mapping[str, float] = SHARES,
    about: Hashable | None = None,
) -> bool:
    """True when the picture may be shown. ``share`` is the measured answer (ln), None while it is not known yet.

    ``about``: what the question is about, to be asked once for each; by default the experiment.
    """
    if not settings.view.guess:
        return True
    key = f"{settings.page.name}-guess-{hash(about or settings.experiment)}"
    st.markdown(f"**Your guess first.** {question}")
    choice = st.segmented_control("Your guess", list(options), key=key, label_visibility="collapsed")
    if choice is None:
        st.caption("Choose, and the picture appears. The switch “Guess first” turns this off.")
        return False
    if share is None:
        st.info(f"You said {choice}. The answer comes as soon as all is known.", icon=":material/lightbulb:")
        return True
    if math.isnan(share) or share == math.inf:
        st.info("The numbers blew up on the way, so there is no share to be right about.", icon=":material/lightbulb:")
        return True
    said = fraction(share)
    right = next(name for name, least in options.items() if round(share / LN10, 2) >= least)
    if choice == right:
        st.success(f"You said {choice}: right. Measured: {said}.", icon=":material/check:")
    else:
        st.info(f"You said {choice}; it is {right}. Measured: {said}.", icon=":material/lightbulb:")
    return True
