"""“Copy as PyTorch”: the experiment as a script that needs nothing of this project, or a line that says why there is none."""

import streamlit as st

from core.export import as_pytorch
from pages.ui.sheet import Sheet


def scripts(sheet: Sheet) -> None:
    """Draws the scripts, the one that reproduces the page's charts first."""
    st.caption("The same numbers from plain PyTorch, without this project:")
    st.code(as_pytorch(sheet.experiment), language="python", height=260)
