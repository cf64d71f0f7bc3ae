"""“Copy as PyTorch”: the experiment as a script that needs nothing of this project, or a line that says why there is none."""

import streamlit as st

from core import Experiment
from core.export import NoScript, as_pytorch, map_as_pytorch, training_as_pytorch
from pages.share.contents import Contents

KINDS = {"its gradient": as_pytorch, "its training": training_as_pytorch, "its gradient map": map_as_pytorch}


def scripts(contents: Contents, experiment: Experiment) -> None:
    """Draws the choice of a script, the one that reproduces the page's charts first, and its text to be copied."""
    offered = [kind for kind in KINDS if kind != "its gradient map" or has_map(experiment)]
    if contents.trains:
        offered.sort(key=lambda kind: kind != "its training")
    st.caption("The same experiment in plain PyTorch, without this project. The script prints …")
    kind = st.segmented_control(
        "What the script prints",
        offered,
        default=offered[0],
        required=True,
        key=f"{contents.page.name}-script",
        label_visibility="collapsed",
    )
    try:
        st.code(KINDS[kind](experiment), language="python", wrap_lines=True)
    except NoScript as reason:
        st.info(str(reason), icon=":material/code_off:")


def has_map(experiment: Experiment) -> bool:
    """Whether there is a gradient map of this network."""
    try:
        map_as_pytorch(experiment)
    except NoScript:
        return False
    return True
