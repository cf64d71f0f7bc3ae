"""The card that says what an experiment makes of a claim: verdict, number, what was measured, what overturns it."""

import pandas as pd
import streamlit as st

from core import Experiment
from core.execution.jobs import Answer
from core.questions import VERDICTS, Question, Verdict
from pages.frame.in_view import tell
from pages.frame.page import Page
from pages.frame.phrases import plain
from pages.results.measured import so_far, wait
from pages.results.progress import seconds
from pages.results.verdicts import renew, verdict

LOOK = {  # verdict → icon and colour; the words say it, too
    "holds": (":material/check_circle:", "green"),
    "only_when": (":material/contrast:", "orange"),
    "fails": (":material/cancel:", "red"),
}


def card(page: Page, question: Question, experiment: Experiment, measured: Answer, guess: str | None = None) -> None:
    """Judges the question's own settings by itself, others when asked, by the result that the picture draws.

    ``guess``: the verdict that the visitor expects, to be compared.
    """
    wanted = asked(page, question)
    with st.container(border=True, key=f"{page.name}-verdict"):
        st.markdown(f"**The claim.** {question.claim}")
        if experiment not in wanted:
            st.caption("These settings have not been judged yet.")
            st.button(
                f"Judge with these settings (about {seconds(question.seconds)})",
                icon=":material/gavel:",
                key=f"{page.name}-judge",
                on_click=wanted.add,
                args=(experiment,),
            )
            return
        answer = verdict(question, experiment, measured)
        if answer.finished:
            _answered(page, question, experiment, measured, answer, guess)
        elif measured.finished:
            wait(lambda: verdict(question, experiment, measured), lambda answer: _words(question, answer))
        else:  # the picture waits for the same result, and draws the page anew when it is there
            _words(question, answer)


def asked(page: Page, question: Question) -> set[Experiment]:
    """Returns the settings that this visitor wants to have judged."""
    found: set[Experiment] = st.session_state.setdefault(f"{page.name}-asked", {question.base})
    return found


def _words(question: Question, answer: Answer) -> None:
    """Stands in place of the verdict until it is there."""
    work = f"about {seconds(question.seconds)} of work, {so_far(answer)}"
    st.caption(f"Judging: small networks are measured or trained for this ({work}) …")


def _answered(
    page: Page, question: Question, experiment: Experiment, measured: Answer, answer: Answer, guess: str | None
) -> None:
    if answer.problem:
        if not measured.problem:  # else the picture says so
            st.warning(plain(answer.problem), icon=":material/edit_off:")
            retry = (question, experiment, measured)
            st.button("Try again", key=f"{page.name}-again", on_click=renew, args=retry)
        else:
            st.caption("What can't be measured can't be judged.")
        return
    found: Verdict = answer.value
    icon, colour = LOOK[found.verdict]
    st.markdown(
        f"## {icon} :{colour}[{plain(found.said[:1].upper() + found.said[1:])}]",
        help=VERDICTS[found.verdict].lesson,
    )
    if guess:
        right = "as you said" if guess == found.verdict else f"you said: it {VERDICTS[guess].label}"
        st.caption(f":material/lightbulb: {right.capitalize()}.")
    tell(f"**{plain(found.headline)}** {plain(found.finding)}", f"{page.name}-finding")
    tell(f"**What overturns it.** {plain(found.overturned_by)}", f"{page.name}-overturned")
    box = st.expander("All that was measured for it", key=f"{page.name}-measured", on_change="rerun")
    if box.open:
        rows = [(name, f"{value:.4g}") for name, value in found.numbers.items()]
        box.table(pd.DataFrame(rows, columns=["what", "number"]), hide_index=True, border="horizontal")
