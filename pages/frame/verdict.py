"""The card that says what an experiment makes of a claim: verdict, number, what was measured, what overturns it."""

import pandas as pd
import streamlit as st

from core import Experiment
from core.claims import VERDICTS, Claim, Verdict
from core.claims.words import judge, said
from core.execution.jobs import Answer
from pages.frame.in_view import tell
from pages.frame.page import Page
from pages.frame.phrases import plain
from pages.results.jobs import jobs, student
from pages.results.progress import seconds
from pages.results.result import so_far, wait

LOOK = {  # verdict → icon and colour; the words say it, too
    "holds": (":material/check_circle:", "green"),
    "only_when": (":material/contrast:", "orange"),
    "fails": (":material/cancel:", "red"),
}


def verdict(page: Page, claim: Claim, experiment: Experiment, guess: str | None = None) -> None:
    """Judges the claim's own settings by itself, others when asked; everybody's equal verdicts are worked out once.

    ``guess``: the verdict that the visitor expects, to be compared.
    """
    judged = asked(page, claim)
    with st.container(border=True, key=f"{page.name}-verdict"):
        st.markdown(f"**The claim.** {claim.lesson}")
        if experiment not in judged:
            st.caption("These settings have not been judged yet.")
            st.button(
                f"Judge with these settings (about {seconds(claim.seconds)})",
                icon=":material/gavel:",
                key=f"{page.name}-judge",
                on_click=judged.add,
                args=(experiment,),
            )
            return
        answer = jobs().ask(student(), judge, claim.name, experiment)
        if answer.finished:
            _answered(page, claim, experiment, answer, guess)
        else:
            wait(lambda: jobs().ask(student(), judge, claim.name, experiment), lambda answer: _words(claim, answer))


def asked(page: Page, claim: Claim) -> set[Experiment]:
    """The settings that this visitor wants to have judged."""
    found: set[Experiment] = st.session_state.setdefault(f"{page.name}-asked", {claim.base})
    return found


def _words(claim: Claim, answer: Answer) -> None:
    """Words instead of a spinner, until the verdict is there."""
    work = f"about {seconds(claim.seconds)} of work, {so_far(answer)}"
    st.caption(f"Judging: small networks are measured or trained for this ({work}) …")


def _answered(page: Page, claim: Claim, experiment: Experiment, answer: Answer, guess: str | None) -> None:
    if answer.problem:
        st.warning(plain(answer.problem), icon=":material/edit_off:")
        st.button("Try again", key=f"{page.name}-again", on_click=jobs().renew, args=((judge, claim.name, experiment),))
        return
    found: Verdict = answer.value
    icon, colour = LOOK[found.verdict]
    st.markdown(
        f"## {icon} :{colour}[{plain(said(found)[:1].upper() + said(found)[1:])}]",
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
