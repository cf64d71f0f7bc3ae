"""Remedies: a race of up to six of them on one task, live; and what the questions E3 to E8 say of each."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from core import Experiment, France, Latch, Recurrent, Training, WasWere, held_out
from core.execution.jobs import Progress
from core.experiment.remedies import KINDS, MOST, REMEDIES, entered
from core.fields import flag, names
from core.questions.standings import Standing, standing_of
from pages.charts.race import Course, chart, frame
from pages.frame.draw import draw
from pages.frame.in_view import tell
from pages.frame.page import Page, View, head
from pages.frame.phrases import plain
from pages.frame.race import bet, foretold, seen, settled
from pages.frame.settings import Settings
from pages.frame.table import numbers
from pages.frame.texts import texts
from pages.questions.live_training import LiveTraining
from pages.questions.topic import topic
from pages.results.progress import progress_bar


@dataclass(frozen=True)
class RaceView(View):
    """Which remedies run, and whether they do at the moment."""

    remedies: str = names("adam omega irnn leaky gru lstm3", REMEDIES, MOST, f"Remedies in the race, up to {MOST}")
    train: bool = flag(False, "Train")


TEXTS = texts(__file__)
PAGE = Page(
    "remedies",
    TEXTS.question,
    TEXTS.watch,
    Experiment(network=Recurrent(), task=France(gap=30), training=Training(steps=400, film_every=10)),
    RaceView(),
    tasks=(WasWere, Latch),
    parts=lambda own, view: {REMEDIES[name].label: each for name, each in _runners(own, view).items()},
)


def _runners(own: Experiment, view: RaceView) -> dict[str, Experiment]:
    chosen = view.remedies.split()
    return dict(zip(chosen, entered(own, chosen), strict=True))


def film(settings: Settings, work: Sequence[Progress], going: bool, choice: str | None) -> None:
    """Draws what has come of the race so far."""
    own, runners = settings.experiment, settings.view.remedies.split()
    for name, each in zip(runners, work, strict=True):
        if each.problem:
            st.warning(f"{REMEDIES[name].label}: {each.problem}")
    first, chance = held_out(own, 1), own.task.shape().chance
    standings = [standing_of(progress.run, name, first.cue or 0) for name, progress in zip(runners, work, strict=True)]
    right = "the new sentences" if hasattr(own.task, "gap") else "the new rows"
    if choice:
        settled(choice, standings)
    tell(f"{seen(standings, chance, right)} {foretold(standings)}", "remedies-line")
    progress_bar(work, going, "Change the task, or who takes part.")
    table = frame(standings, {name: REMEDIES[name].short for name in runners}, own.training.steps)
    said = "Two line charts over training, a line for each remedy: accuracy on new examples, and the share of the signal that "
    said += "reaches the deciding word. The text above says who learned it."
    course = Course(own.training.steps, chance, right)
    draw(
        chart,
        course,
        data=table,
        said=said,
        key="remedies-chart",
        numbers=lambda: looks(standings),
        brief=lambda: brief(standings),
    )
    st.caption(DASHED)
    numbers("remedies-chart")


def looks(standings: list[Standing]) -> pd.DataFrame:
    """Returns every look at every remedy."""
    columns = ("series", "step", "accuracy", "ln_share")
    rows = [
        (REMEDIES[standing.name].label, *row)
        for standing in standings
        for row in zip(standing.steps, standing.accuracy, standing.share, strict=True)
    ]
    return pd.DataFrame(rows, columns=columns)


def brief(standings: list[Standing]) -> pd.DataFrame:
    """Returns the newest look at each remedy."""
    return looks(standings).groupby("series", sort=False).tail(1)


def controls(settings: Settings) -> None:
    """Task, distance and runners in view, the rest folded."""
    task = settings.experiment.task
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    with left:
        settings.kind("task", "Task")
    with right:
        settings.control("length" if isinstance(task, Latch) else "gap", high=100)
    settings.control("remedies")
    own = ("noise",) if isinstance(task, Latch) else ("mixed",)
    settings.folded(*own, "steps", "learning_rate", "clip", "batch", "hidden", "film_every", "seed", "guess")


TRAINING = LiveTraining(
    PAGE,
    lambda settings: entered(settings.experiment, settings.view.remedies.split()),
    controls,
    film,
    lambda settings: bet(settings, settings.view.remedies.split()),
)


def why() -> None:
    """Each remedy in one line, with its source; and what a race can't tell."""
    for kind, title in KINDS.items():
        st.markdown(
            f"**{title}**\n\n"
            + "\n".join(
                f"- **{plain(each.label)}**: {plain(each.lesson)} *{each.source}*"
                for each in REMEDIES.values()
                if each.kind == kind
            )
        )
    st.markdown(TEXTS.why)


DASHED = (
    "Dashed, above: guessing. Dashed, below: with more than the upper line *before training* nearly every network learned, with "
    "less than the lower one hardly any."
)


def explore() -> None:
    """Draws the race."""
    head(PAGE)
    TRAINING.show()
    with st.expander("Why? Each remedy in one line, its source, and the caveats"):
        why()


topic("remedies", explore)
