"""Questions: everything that people ask, each with a link to its experiment and, once it was judged, the verdict."""

import streamlit as st

from core.claims import VERDICTS, Verdict
from core.claims.words import LETTERS, judge
from pages.exhibits import EXHIBITS
from pages.frame.page import STYLE
from pages.frame.phrases import plain
from pages.frame.verdict import LOOK
from pages.results.jobs import jobs, student

EVERY = 1.0  # seconds between two looks while verdicts are being worked out


def listing(judging: bool) -> None:
    """Five sections of questions; asks for the verdicts of all if ``judging``."""
    done = 0
    for letter, heading in LETTERS.items():
        st.header(f"{letter.upper()}. {heading}", anchor=False)
        for exhibit in (each for row, each in EXHIBITS.items() if row[0] == letter):
            answer = jobs().known(judge, exhibit.row, exhibit.claim.base)
            if judging and answer is None:
                answer = jobs().ask(student(), judge, exhibit.row, exhibit.claim.base)
            found: Verdict | None = answer.value if answer else None
            done += found is not None
            with st.container(key=f"questions-{exhibit.row}"):
                st.page_link(
                    f"pages/{exhibit.topic}.py",
                    label=f"**{exhibit.row.upper()}**  {exhibit.question}",
                    query_params={"row": exhibit.row},
                )
                if found:
                    icon, colour = LOOK[found.verdict]
                    st.caption(f"“{exhibit.lesson}” {icon} :{colour}[{VERDICTS[found.verdict].label}]")
                else:
                    st.caption(f"“{exhibit.lesson}”")
    if judging and done == len(EXHIBITS):
        st.rerun()
    st.caption(plain(f"{done} of {len(EXHIBITS)} judged on this server so far, each with its own settings."))


st.html(STYLE)
st.title("What do people ask about vanishing gradients?", anchor=False)
st.markdown(
    "Each of these has been claimed or asked by somebody. Each is an experiment here: **look at the verdict, then try to "
    "overturn it**. A verdict belongs to its settings; with others it may be another one."
)
judging = st.toggle("Judge them all now", key="questions-judge", help="About two minutes of work, once per server.")
st.fragment(listing, run_every=EVERY if judging else None)(judging)
