"""Carrying a result away: permalink, QR code, the numbers as CSV, the same numbers from plain PyTorch."""

import io
from collections.abc import Callable

import pandas as pd
import segno
import streamlit as st

from core import Experiment, GradientProfile
from core.export import as_pytorch
from pages.charts.profile import place
from pages.ui.page import Page
from pages.ui.settings import Settings


def share(page: Page, measure: Callable[[Experiment], GradientProfile] | None = None) -> None:
    """Draws the button; the contents are made when it is opened. With ``measure`` there are numbers to take away."""
    name = page.name
    box = st.popover("Share and take away", icon=":material/share:", key=f"{name}-share", on_change="rerun")
    if not box.open:
        return
    settings = Settings(page)
    with box:
        st.caption("This address shows the same settings and the same numbers (pins stay here):")
        st.code(settings.link(), language=None, wrap_lines=True)
        left, right = st.columns(2)
        picture = qr_code(settings.link())
        if picture:
            left.image(picture, width=170, caption="QR code of the same address")
        else:
            left.caption("The address is too long for a QR code: shorten your own words.")
        right.caption("The chart itself as SVG or PNG: the buttons in its upper right corner.")
        if measure is not None:
            profile = measure(settings.experiment)
            right.download_button(
                "Numbers (CSV)",
                lambda: table(profile).to_csv(index=False),
                f"{name}.csv",
                "text/csv",
                key=f"{name}-csv",
                on_click="ignore",
                icon=":material/table:",
            )
            st.caption("The same numbers from plain PyTorch, without this project:")
            st.code(as_pytorch(settings.experiment), language="python", height=260)


def qr_code(text: str) -> str:
    """SVG of the QR code that says ``text``; "" if that is more than a QR code can hold."""
    code = io.BytesIO()
    try:
        segno.make(text, error="l").save(code, kind="svg", scale=4, border=2, light="#ffffff")
    except segno.DataOverflowError:
        return ""
    return code.getvalue().decode()


def table(profile: GradientProfile) -> pd.DataFrame:
    """A profile as one row per position: natural logarithms, so that nothing underflows."""
    return pd.DataFrame(
        {
            profile.axis: profile.position,
            "where": [place(profile, i) for i in range(len(profile.position))],
            "ln_norm": profile.log_norm,
            "ln_share": profile.relative,
            "state": profile.state,
        }
    )
