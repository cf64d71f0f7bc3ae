"""The place where a list of layers is written or pasted."""

import streamlit as st

from core.layer_list.kinds import KINDS
from core.layer_list.reading import MOST_LETTERS
from pages.frame.settings import Settings


def editor(settings: Settings) -> None:
    """Draws the text, and how it is trained; the text's rule is that of the view's field ``layers``."""
    key, text = "yours-layers", settings.view.layers
    if key not in st.session_state:
        st.session_state[key] = text
    st.text_area("Layers, or the text of print(model)", key=key, height=190, max_chars=MOST_LETTERS)
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    with left:
        settings.control("optimiser")
    with right:
        settings.control("learning_rate")
    with st.container(horizontal=True):
        st.button("Train it", icon=":material/play_arrow:", key="yours-go")
        st.popover("What can be written?", icon=":material/help:").markdown(_language())


def _language() -> str:
    """Lists all that can be written."""
    words = "\n".join(f"- `{kind.label}`: {kind.lesson}" for kind in KINDS.values())
    return (
        f"{words}\n- `repeat 8 {{ … }}`: eight times the same, each with weights of its own\n- `init he`: how all matrices start"
        "\n\nOr paste what `print(model)` says, or `nn.Sequential(nn.Linear(16, 64), …)`. The text is read, never run."
    )
