"""Remedies: a race of up to six of them on one task, live; and what the questions E3 to E8 say of each."""

from dataclasses import dataclass, replace
from html import escape

import pandas as pd
import streamlit as st

from core import Experiment, France, Latch, Recurrent, Training, WasWere, held_out
from core.execution.jobs import Progress
from core.experiment.remedies import KINDS, MOST, REMEDIES, entered
from core.fields import flag, names
from core.shown.standings import Lane, lane
from pages.charts.race import Track, chart, frame
from pages.frame.draw import draw
from pages.frame.in_view import tell
from pages.frame.live import sides
from pages.frame.page import Page, View, head
from pages.frame.phrases import plain
from pages.frame.race import bet, foretold, seen, settled
from pages.frame.settings import Settings
from pages.frame.table import numbers
from pages.questions.topic import topic
from pages.results.jobs import jobs, student
from pages.results.progress import interval, outlook
from pages.share.row import carry, reset, train_button


@dataclass(frozen=True)
class RaceView(View):
    """Which remedies run, and whether they do at the moment."""

    remedies: str = names("adam omega irnn leaky gru lstm3", REMEDIES, MOST, f"Remedies in the race, up to {MOST}")
    train: bool = flag(False, "Train")


PAGE = Page(
    "remedies",
    "Which remedy lets the network remember?",
    "Each is the same plain RNN with one thing changed. **Watch who leaves the line of guessing**, and whether the share of the "
    "signal at the deciding word, drawn below, told so before.",
    Experiment(network=Recurrent(), task=France(gap=30), training=Training(steps=400, film_every=10)),
    RaceView(),
    tasks=(WasWere, Latch),
    parts=lambda own, view: {REMEDIES[name].label: each for name, each in _runners(own, view).items()},
)


def _runners(own: Experiment, view: RaceView) -> dict[str, Experiment]:
    chosen = view.remedies.split()
    return dict(zip(chosen, entered(own, chosen), strict=True))


def film(settings: Settings, every: float | None, choice: str | None) -> None:
    """What has come of the race so far; looks by itself while it is going on."""
    own, runners = settings.experiment, settings.view.remedies.split()
    work = _work(settings, bool(every))
    for name, each in zip(runners, work, strict=True):
        if each.problem:
            st.warning(f"{REMEDIES[name].label}: {each.problem}")
    first, chance = held_out(own, 1), own.task.shape().chance
    lanes = [lane(name, each.run, first.cue or 0) for name, each in zip(runners, work, strict=True)]
    right = "the new sentences" if hasattr(own.task, "gap") else "the new rows"
    if choice:
        settled(choice, lanes)
    tell(f"{seen(lanes, chance, right)} {foretold(lanes)}", "remedies-line")
    outlook(work, bool(every), "Change the task, or who takes part.")
    table = frame(lanes, {name: REMEDIES[name].short for name in runners}, own.training.steps)
    said = "Two line charts over training, a line for each remedy: accuracy on new examples, and the share of the signal that "
    said += "reaches the deciding word. The text above says who learned it."
    track = Track(own.training.steps, chance, right)
    draw(
        chart,
        track,
        data=table,
        said=said,
        key="remedies-chart",
        numbers=lambda: looks(lanes),
        brief=lambda: brief(lanes),
    )
    st.caption(DASHED)
    numbers("remedies-chart")
    if every and interval(work, every) != every:
        st.rerun()  # the whole page: it looks more or less often from now on, or not at all and shows the other button


def looks(lanes: list[Lane]) -> pd.DataFrame:
    """Every look at every remedy."""
    columns = ("series", "step", "accuracy", "ln_share")
    rows = [
        (REMEDIES[each.name].label, *row)
        for each in lanes
        for row in zip(each.steps, each.accuracy, each.share, strict=True)
    ]
    return pd.DataFrame(rows, columns=columns)


def brief(lanes: list[Lane]) -> pd.DataFrame:
    """The newest look at each remedy."""
    return looks(lanes).groupby("series", sort=False).tail(1)


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


def lab() -> None:
    """Controls, buttons, and the race, which looks by itself again and again while something is being trained."""
    settings = Settings(PAGE)
    settings.complain()
    above, below = sides()
    with above:
        controls(settings)
        settings.publish()
        choice = bet(settings, settings.view.remedies.split()) if settings.view.guess else None
    below.html(f'<p class="sentence-line">{escape(" ".join(held_out(settings.experiment, 1).words))} ____</p>')
    ready = choice is not None or not settings.view.guess
    going = settings.view.train and ready
    work = _work(settings, going)
    if not going:
        jobs().watch(student(), ())
    every = interval(work) if going else None
    row = above.container(horizontal=True)
    with row:
        train_button(
            PAGE, bool(every), ready and (not settings.view.train or any(each.problem for each in work)), _switch
        )
        reset(PAGE)
    if ready:
        with below:
            st.fragment(film, run_every=every)(settings, every, choice)
    with row:  # last, for it carries away what has been drawn
        carry(PAGE, trains=True)


def _work(settings: Settings, going: bool) -> list[Progress]:
    """How far each runner is; ``going``: the visitor waits for them."""
    runners = entered(settings.experiment, settings.view.remedies.split())
    return jobs().watch(student(), runners) if going else [jobs().seen(each) for each in runners]


def _switch(train: bool) -> None:
    settings = Settings(PAGE)
    for each in entered(settings.experiment, settings.view.remedies.split()):
        jobs().renew(each)
    settings.load(settings.experiment, replace(settings.view, train=train))


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
    st.markdown(CAVEATS)


DASHED = (
    "Dashed, above: guessing. Dashed, below: with more than the upper line *before training* nearly every network learned, with "
    "less than the lower one hardly any."
)
CAVEATS = """
**What a race can't tell.** It is one random start on one task: change the seed before you believe it. All but the optimisers
with rates of their own are trained with Adam at the learning rate under *More settings*, and clipped there; the sizes are the
same, so an LSTM has four times the weights of a plain RNN.

**The dashed lines in the lower chart**, at a fiftieth and at 10⁻⁴ of the signal, come from 47 plain and gated networks at many
gaps. Training changes the share afterwards, for better (Ω asks for it) or worse; and what is safely stored no longer reacts to
small changes, so that the share of a network that has learned may fall again.
"""


def explore() -> None:
    """Draws the race."""
    head(PAGE)
    lab()
    with st.expander("Why? Each remedy in one line, its source, and the caveats"):
        why()


topic("remedies", explore)
