"""For whoever runs this server: what is going on, and the limits in force. Opens with the key in GDL_ADMIN only."""

import hmac
import math

import pandas as pd
import streamlit as st

from core.execution.limits import PREFIX, Limits
from core.fields import rules
from pages.frame.page import STYLE
from pages.frame.phrases import plain
from pages.results.jobs import jobs, limits
from pages.server.metrics import MEANING, readings

EVERY = 2.0  # seconds between two looks
FIRST = {
    "open_pages": "open pages",
    "runs_active": "at work",
    "runs_waiting": "in the queue",
    "worker_restarts_total": "restarts",
}


def allowed() -> bool:
    """Whether the key was given; asks for it."""
    if not limits().admin:
        st.info("This page is closed. Start the server with a key in GDL_ADMIN to open it.", icon=":material/lock:")
        return False
    given = st.text_input("Key", type="password", help="The value of GDL_ADMIN.", key="admin-key")
    if given and not hmac.compare_digest(given.encode(), limits().admin.encode()):
        st.warning("That is not the key.", icon=":material/lock:")
    return bool(given) and hmac.compare_digest(given.encode(), limits().admin.encode())


@st.fragment(run_every=EVERY)
def watch() -> None:
    """The numbers of this moment: the four that matter most in large, then all."""
    now = readings(jobs().counts)
    for column, (name, label) in zip(st.columns(len(FIRST)), FIRST.items(), strict=True):
        column.metric(label, f"{now[name]:.0f}")
    rows = [(MEANING.get(name, name), _said(name, value), f"gdl_{name}") for name, value in now.items()]
    st.dataframe(pd.DataFrame(rows, columns=["what", "now", "in /metrics"]), hide_index=True, width="stretch")


def _said(name: str, value: float) -> str:
    if name.endswith("_bytes") and math.isfinite(value):
        return f"{value / 2**20:.1f} MB"
    return f"{value:,.0f}"


def settings() -> None:
    """The limits in force, with the variables that set them."""
    in_force = limits()
    rows = [
        (
            PREFIX + name.upper(),
            "(set)" if name == "admin" else rule.text(getattr(in_force, name)) or "–",
            f"{rule.label}. {rule.help}",
        )
        for name, rule in rules(Limits).items()
    ]
    st.header("Limits", anchor=False)
    st.dataframe(pd.DataFrame(rows, columns=["variable", "value", "meaning"]), hide_index=True, width="stretch")


st.html(STYLE)
st.title("What is going on here?", anchor=False)
st.markdown(plain("For whoever runs this server. The same numbers are at /metrics, for Prometheus."))
if allowed():
    watch()
    settings()
