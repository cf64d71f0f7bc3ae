"""A diagnosis in words: the verdict as a sentence, a card for each finding, and a table of everything that was checked."""

from collections.abc import Hashable, Mapping

import pandas as pd
import streamlit as st

from core.diagnosis import AILMENTS, FINE, FOUND, NOTED, UNKNOWN, Check, Diagnosis
from core.wording import number
from pages.frame.guess import answered, guess
from pages.frame.in_view import tell
from pages.frame.phrases import plain
from pages.frame.settings import Settings

HEALTHY = "Nothing"
STATES = {  # state → icon, words
    FOUND: (":material/error:", "found"),
    NOTED: (":material/info:", "worth knowing"),
    FINE: (":material/check_circle:", "fine"),
    UNKNOWN: (":material/help:", "not recorded"),
}
MOST_NAMES = 6  # layers that a card lists
Link = tuple[str, str, Mapping[str, str]]  # page file, words, query


def guessed(settings: Settings, diagnosis: Diagnosis, about: Hashable) -> bool:
    """Asks the visitor for their own diagnosis first, if they or their teacher want that. True when it may be shown."""
    if not settings.view.guess:
        return True
    question = "What is wrong with this network? The picture has all that it takes to tell."
    choice = guess(settings, question, [HEALTHY, *AILMENTS], about, _called, "the diagnosis appears")
    if choice is None:
        return False
    right = [check.ailment for check in diagnosis.found] or [HEALTHY]
    answered(f"“{_called(choice)}”", choice in right, ". The rules say something else:")
    return True


def _called(name: str) -> str:
    return AILMENTS[name].label if name in AILMENTS else name


def verdict(diagnosis: Diagnosis, key: str) -> None:
    """Draws one line: the first cause with its numbers, or that nothing was found, with numbers as well."""
    told = diagnosis.found and diagnosis.found[0].ailment == "nonfinite"  # that says so itself
    loss = (
        f" The loss went from {number(diagnosis.loss[0])} to {number(diagnosis.loss[1])}."
        if diagnosis.loss and not told
        else ""
    )
    if diagnosis.found:
        first, *others = diagnosis.found
        labels = ", ".join(_lower(AILMENTS[check.ailment].label) for check in others)
        more = f" Found as well: {labels}." if others else ""
        tell(f"**{AILMENTS[first.ailment].label}.** {plain(first.said)}{loss}{more}", key)
        return
    checked = diagnosis.of(FINE, NOTED)
    signal = [check for check in checked if check.ailment in ("vanishing", "vanishing_time", "wild")]
    said = " ".join(plain(check.said) for check in signal)
    tell(f"**Nothing wrong found** in {len(checked)} checks. {said}{loss}", key)


def cards(diagnosis: Diagnosis, links: Mapping[str, Link]) -> None:
    """Draws each finding with its numbers, rule, remedies and an experiment that shows it; then what is worth knowing."""
    for check in (*diagnosis.found, *diagnosis.of(NOTED)):
        with st.container(border=True, key=f"yours-{check.ailment}"):
            _card(check, links.get(check.ailment))


def _card(check: Check, link: Link | None) -> None:
    ailment, (icon, state) = AILMENTS[check.ailment], STATES[check.state]
    because = f", a consequence of: {_lower(AILMENTS[check.because].label)}" if check.because else ""
    st.markdown(f"{icon} **{ailment.label}** ({state}{because})")
    st.markdown(plain(check.said))
    if len(check.layers) > 1:
        more = f" and {len(check.layers) - MOST_NAMES} more" if len(check.layers) > MOST_NAMES else ""
        st.caption(f"Layers, the worst first: {plain(', '.join(check.layers[:MOST_NAMES]))}{more}.")
    st.caption(f"{plain(ailment.lesson)} Rule: {_within(plain(ailment.rule))}")
    if not check.because:
        remedies = check.remedies or ailment.remedies
        st.markdown(
            "**What usually helps, in this order**\n\n" + "\n".join(f"1. {plain(remedy)}" for remedy in remedies)
        )
    if link:
        page, words, query = link
        st.page_link(
            page, label="See it in an experiment", query_params=dict(query), icon=":material/science:", help=words
        )


def checked(diagnosis: Diagnosis, page: str) -> None:
    """Draws the folded table of all rules, with what each of them measured."""
    box = st.expander(
        "Everything that was checked", icon=":material/checklist:", key=f"{page}-checked", on_change="rerun"
    )
    if box.open:
        rows = [
            {
                "ailment": AILMENTS[check.ailment].label,
                "result": STATES[check.state][1],
                "measured": check.said,
                "rule": AILMENTS[check.ailment].rule,
            }
            for check in diagnosis.checks
        ]
        table = pd.DataFrame(rows)
        with box:
            st.table(table.map(plain), hide_index=True, border="horizontal")


def _lower(label: str) -> str:
    """Returns a label inside of a sentence; NaN keeps its letters."""
    return label if label.startswith("NaN") else label[0].lower() + label[1:]


def _within(rule: str) -> str:
    return rule[0].lower() + rule[1:] if rule[1:2].islower() else rule
