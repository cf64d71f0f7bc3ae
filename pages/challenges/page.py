"""The challenges' page: the list of them, or one that is being repaired."""

from functools import partial

import streamlit as st

from core.fields import rules
from pages.challenges import CHALLENGES
from pages.challenges.attempt import attempt, open_challenge, solved
from pages.frame.page import STYLE
from pages.frame.phrases import plain
from pages.frame.presentation import Presentation


def challenges() -> None:
    """Draws what the address asks for."""
    st.html(STYLE)
    name = st.query_params.get("fix", "")
    if name in CHALLENGES:
        attempt(CHALLENGES[name])
        _onward(name)
    else:
        _complain(name)
        _contents()


def _complain(name: str) -> None:
    """Says what the address asks for that there is not."""
    unknown = [other for other in st.query_params if other not in ("fix", "solved", *rules(Presentation))]
    if name:
        st.warning(f"There is no challenge {plain(name[:20])}. Choose one of these.", icon=":material/link_off:")
    elif unknown:
        st.warning(
            f"There is nothing called {plain(unknown[0][:20])} here. Choose a challenge.", icon=":material/link_off:"
        )


def _contents() -> None:
    """Draws all challenges, and marks those that have been solved."""
    st.title("Can you fix this network?", anchor=False)
    done = solved()
    st.markdown(
        "Each of these networks is broken in its own way. You get a few controls and a goal; **whether you reach it is "
        f"measured**. What you have solved stands in the address: {len(done)} of {len(CHALLENGES)}."
    )
    columns = st.columns(2)
    for number, (name, challenge) in enumerate(CHALLENGES.items()):
        with columns[number % 2].container(border=True, gap="small"):
            mark = ":material/check_circle: :green[solved]" if name in done else ""
            st.markdown(f"**{challenge.label}** {mark}")
            st.caption(challenge.lesson)
            st.button("Try it", icon=":material/build:", key=f"fix-{name}", on_click=partial(open_challenge, name))


def _onward(name: str) -> None:
    """Draws the buttons to the list, and to a challenge that is not solved yet."""
    left = [other for other in CHALLENGES if other not in (*solved(), name)]
    with st.container(horizontal=True):
        st.button("All challenges", icon=":material/list:", on_click=open_challenge, args=(None,))
        if left:
            st.button("Another one", icon=":material/arrow_forward:", on_click=open_challenge, args=(left[0],))
