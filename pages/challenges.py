"""Challenges: broken networks to be repaired, checked by measurement."""

from functools import partial

import streamlit as st

from core.fields import rules
from pages.challenges.attempt import open_challenge, solved, trial
from pages.challenges.entries import CHALLENGES
from pages.frame.page import STYLE
from pages.frame.phrases import plain
from pages.frame.presentation import Stage


def contents() -> None:
    """All of them, with what has been solved."""
    st.title("Can you fix this network?", anchor=False)
    done = solved()
    st.markdown(
        "Each of these networks is broken in its own way. You get a few controls and a goal; **whether you reach it is "
        f"measured**. What you have solved stands in the address: {len(done)} of {len(CHALLENGES)}."
    )
    places = st.columns(2)
    for i, (name, each) in enumerate(CHALLENGES.items()):
        with places[i % 2].container(border=True, gap="small"):
            mark = ":material/check_circle: :green[solved]" if name in done else ""
            st.markdown(f"**{each.label}** {mark}")
            st.caption(each.lesson)
            st.button("Try it", icon=":material/build:", key=f"fix-{name}", on_click=partial(open_challenge, name))


st.html(STYLE)
asked = st.query_params.get("fix", "")
unknown = [name for name in st.query_params if name not in ("fix", "solved", *rules(Stage))] if not asked else []
if unknown:
    st.warning(
        f"There is nothing called {plain(unknown[0][:20])} here. Choose a challenge.", icon=":material/link_off:"
    )
if asked and asked not in CHALLENGES:
    st.warning(f"There is no challenge {plain(asked[:20])}. Choose one of these.", icon=":material/link_off:")
if asked in CHALLENGES:
    trial(CHALLENGES[asked])
    left = [name for name in CHALLENGES if name not in (*solved(), asked)]
    with st.container(horizontal=True):
        st.button("All challenges", icon=":material/list:", on_click=open_challenge, args=(None,))
        if left:
            st.button("Another one", icon=":material/arrow_forward:", on_click=open_challenge, args=(left[0],))
else:
    contents()
