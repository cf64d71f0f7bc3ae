"""Shows what a recording holds: a line that says what is wrong, the picture, the findings, and everything to take away."""

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd
import streamlit as st

from core.diagnosis import QUANTITIES, Flow
from core.diagnosis.examination import Examination
from pages.charts.recording import chart
from pages.charts.recording_axes import frame, recording_axes
from pages.frame.draw import draw
from pages.frame.phrases import plain
from pages.frame.settings import Settings
from pages.frame.table import numbers
from pages.own.diagnosis import Link, cards, checked, guessed, verdict


def show(settings: Settings, examination: Examination, links: Mapping[str, Link], lesson: str = "") -> None:
    """Draws the whole examination; ``lesson`` says what the network is here for."""
    name, flow, shown = settings.page.name, examination.flow, settings.view.shown
    if examination.task:
        st.caption(f"{lesson} Trained for {examination.steps} steps on a toy task: {examination.task}")
    for note in examination.notes:
        st.caption(f":material/info: {plain(note)}")
    line = st.container()
    if flow.layers:
        quantity = QUANTITIES[shown]
        said = (
            f"Heatmap: {quantity.label} of {len(flow.layers)} layers over {len(flow.steps)} training steps, "
            "and line charts of the step in view. The text below says what is seen."
        )
        draw(
            chart,
            recording_axes(flow, shown),
            data=frame(flow, shown),
            said=said,
            key=f"{name}-chart",
            numbers=lambda: table(flow),
            brief=lambda: brief(flow),
        )
        st.caption(legend(flow, shown), help=quantity.lesson)
        numbers(f"{name}-chart")
        if examination.file:
            st.download_button(
                "The recording (Parquet)",
                examination.file,
                "recording.parquet",
                key=f"{name}-recording",
                on_click="ignore",
                icon=":material/download:",
                help="For core.read_recording in a notebook, or to be shown here again as a recorded file.",
            )
    else:
        st.info(
            "No layer's signal or weights are in this recording, so there is no picture of it.", icon=":material/info:"
        )
    if guessed(settings, examination.diagnosis, (examination.task, flow.recorded, settings.view)):
        with line:
            verdict(examination.diagnosis, f"{name}-line")
        cards(examination.diagnosis, links)
        checked(examination.diagnosis, name)


def legend(flow: Flow, shown: str) -> str:
    """Says what the marks mean, and what of the recording is not drawn."""
    grid, parts = flow.grids[shown], []
    if np.isneginf(grid).any():
        parts.append("Grey: exactly 0.")
    if np.isposinf(grid).any():
        parts.append("Orange: NaN or ∞.")
    steps, layers = flow.recorded
    if len(flow.steps) < steps:
        parts.append(f"Drawn are {len(flow.steps)} of {steps} recorded steps, evenly chosen.")
    if len(flow.layers) < layers:
        parts.append(f"Drawn are {len(flow.layers)} of {layers} layers, evenly chosen.")
    return " ".join(["Drag the slider to see the layers at any recorded step.", *parts])


def table(flow: Flow) -> pd.DataFrame:
    """Tabulates all that is drawn, of every quantity: natural logarithms, so that nothing underflows."""
    parts = []
    for name, grid in flow.grids.items():
        column = "zeros" if name == "zeros" else f"ln_{name}"
        steps, layers = (grid.ravel() for grid in np.meshgrid(flow.steps, flow.layers, indexing="ij"))
        parts.append(pd.DataFrame({"step": steps, "layer": layers, column: grid.ravel()}).set_index(["step", "layer"]))
    return pd.concat(parts, axis=1).dropna(how="all").reset_index()


def brief(flow: Flow) -> pd.DataFrame:
    """Makes one row for each layer: the first and the last step, and the middle one of all updates."""
    rows = []
    for i, layer in enumerate(flow.layers):
        signal, ratio, zeros = (flow.grids[name][:, i] for name in ("signal", "ratio", "zeros"))
        known = ratio[np.isfinite(ratio)]
        rows.append(
            {
                "layer": layer,
                "ln_signal at first": signal[0],
                "ln_signal at last": signal[-1],
                "ln_gradient of weights at last": flow.grids["gradient"][-1, i],
                "ln_step over weights (median)": float(np.median(known)) if len(known) else math.nan,
                "zeros at last": "" if math.isnan(zeros[-1]) else f"{zeros[-1]:.0%}",
            }
        )
    return pd.DataFrame(rows)
