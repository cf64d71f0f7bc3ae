"""Attach: how to record one's own training."""

import streamlit as st

from pages.ui.page import STYLE

st.html(STYLE)
st.title("How do I see this in my own training?", anchor=False)
