"""A link for a class: the settings in view, with some controls hidden or locked, on a projector or with a guess first."""

from dataclasses import replace

import streamlit as st

from core.fields import rules
from pages.frame.page import Page
from pages.frame.presentation import FOLDED, address, presentation, with_presentation
from pages.frame.qr import qr_code, qr_image
from pages.frame.settings import Settings


def class_link(page: Page) -> None:
    """Draws what can be chosen, and the link as text and QR code."""
    settings, name = Settings(page), page.name
    labels = _labels(settings)
    hide = st.pills(
        "Hide these controls", list(labels), selection_mode="multi", format_func=labels.__getitem__, key=f"{name}-hide"
    )
    rest = {each: label for each, label in labels.items() if each not in hide and each != FOLDED}
    lock = st.pills(
        "Lock these: seen, but not moved",
        list(rest),
        selection_mode="multi",
        format_func=rest.__getitem__,
        key=f"{name}-lock",
    )
    present = st.toggle("For the projector", key=f"{name}-present")
    guess = st.toggle("Guess first", value=settings.view.guess, key=f"{name}-class-guess")
    wanted = replace(presentation(), present=present, hide=" ".join(hide), lock=" ".join(lock))
    query = {each: text for each, text in settings.query().items() if each != "guess"} | (
        {"guess": "1"} if guess else {}
    )
    link = address(with_presentation(query, wanted))
    st.code(link, language=None, wrap_lines=True)
    if qr_code(link):
        st.html(qr_image(link, "width:9rem;display:block"))


def _labels(settings: Settings) -> dict[str, str]:
    """Name → label of every control that the page may draw, without the presentation's own."""
    own = settings.experiment
    specs = (own.network, own.task, own.training, own, settings.view)
    kinds = {"task": "Task"} if len(settings.page.kinds("task")) > 1 else {}
    found = {name: rule.label for spec in specs for name, rule in rules(spec).items()}
    return (
        {FOLDED: "all of “More settings”"} | kinds | {name: label for name, label in found.items() if name != "guess"}
    )
