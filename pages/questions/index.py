"""Everything that people ask, each with a link to its experiment and, once it was judged, the verdict."""

import streamlit as st

from core.questions import LETTERS, VERDICTS, Verdict
from pages.frame.page import STYLE
from pages.frame.phrases import plain
from pages.frame.question_page import QuestionPage
from pages.frame.verdict import LOOK
from pages.questions import QUESTION_PAGES
from pages.results.verdicts import ask, known, verdict

EVERY = 1.0  # seconds between two looks while verdicts are being worked out


def index() -> None:
    """Draws the whole page."""
    st.html(STYLE)
    st.title("What do people ask about vanishing gradients?", anchor=False)
    st.markdown(
        "Each of these has been claimed or asked by somebody. Each is an experiment here: **look at the verdict, then try to "
        "overturn it**. A verdict belongs to its settings; with others it may be another one."
    )
    help = "About two minutes of work, once per server."
    judging = st.toggle("Judge them all now", key="questions-judge", help=help)
    st.fragment(_listing, run_every=EVERY if judging else None)(judging)


def _listing(judging: bool) -> None:
    """Draws five sections of questions; asks for the verdicts of all if ``judging``."""
    done = 0
    for letter, heading in LETTERS.items():
        st.header(f"{letter.upper()}. {heading}", anchor=False)
        for entry in (entry for row, entry in QUESTION_PAGES.items() if row[0] == letter):
            done += _entry(entry, judging)
    if judging and done == len(QUESTION_PAGES):
        st.rerun()
    st.caption(plain(f"{done} of {len(QUESTION_PAGES)} judged on this server so far, each with its own settings."))


def _entry(entry: QuestionPage, judging: bool) -> bool:
    """Draws one question; whether it has been judged."""
    question = entry.question
    answer = known(question, question.base)
    if judging and answer is None:
        answer = verdict(question, question.base, ask(question.measure, question.base))
    found: Verdict | None = answer.value if answer and not answer.problem and answer.finished else None
    with st.container(key=f"questions-{entry.row}"):
        st.page_link(
            f"pages/{entry.topic}.py",
            label=f"**{entry.row.upper()}**  {entry.texts.question}",
            query_params={"row": entry.row},
        )
        said = f" {LOOK[found.verdict][0]} :{LOOK[found.verdict][1]}[{VERDICTS[found.verdict].label}]" if found else ""
        st.caption(f"“{question.claim}”{said}")
    return found is not None
