"""Sentences: train live on France or was/were, and scrub through what happened."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from core import Experiment, France, Recurrent, WasWere, held_out
from core.execution.jobs import Progress
from core.experiment.sampling import TEST_SIZE
from core.fields import choice, flag
from core.parts.cells import CELLS
from core.registry import Named, registry
from pages.charts.film import FilmAxes, Take, chart, frame
from pages.charts.palette import colour
from pages.frame.draw import draw
from pages.frame.in_view import tell
from pages.frame.page import Page, View, head
from pages.frame.profile_picture import main, with_cell
from pages.frame.settings import Settings
from pages.frame.table import numbers
from pages.frame.texts import texts
from pages.glossary.linking import linked
from pages.questions.live_training import LiveTraining
from pages.questions.topic import topic
from pages.results.progress import progress_bar

RIVALS = registry(Named("none", "nothing", "Train one network alone."), *CELLS.values())


@dataclass(frozen=True)
class SentencesView(View):
    """What is trained beside the chosen network, and whether training is on."""

    versus: str = choice("tanh", RIVALS, "Beside it, for comparison")
    train: bool = flag(False, "Train")


TEXTS = texts(__file__)
PAGE = Page(
    "sentences",
    TEXTS.question,
    TEXTS.watch,
    Experiment(network=Recurrent(cell="lstm"), task=France(gap=40, mixed=True)),
    SentencesView(),
    tasks=(WasWere,),
    sources=("Bengio, Simard, Frasconi 1994, Learning long-term dependencies with gradient descent is difficult",),
)


def experiments(settings: Settings) -> list[Experiment]:
    """The chosen network's experiment, and the one beside it: the same but for the cell."""
    own, versus = settings.experiment, settings.view.versus
    network, _ = settings.parts(Recurrent, object)
    rivals = [] if versus in ("none", network.cell) else with_cell(own, versus)
    return [own, *rivals]


def film(settings: Settings, work: Sequence[Progress], going: bool, _guess: str | None) -> None:
    """Draws what has come of the trainings so far."""
    pair, runs = experiments(settings), [each.run for each in work]
    for problem in sorted({each.problem for each in work} | {run.trouble for run in runs}):
        if problem:
            st.warning(
                problem + (" Try a smaller learning rate, or clip the gradient." if "blew up" in problem else "")
            )
    task, training = settings.experiment.task, settings.experiment.training
    first, shape = held_out(settings.experiment, 1), task.shape()
    back = next(size for size in (20, 50, 100, 210) if len(first.words) <= size)
    right = shape.answers[int(first.targets[0])]
    axes = FilmAxes(training.steps, training.film_every, shape.answers, right, back, shape.chance)
    takes = tuple(Take(CELLS[main(each)].label, run, colour(main(each))) for each, run in zip(pair, runs, strict=True))
    tell(seen(takes, axes), "sentences-line")
    progress_bar(work, going)
    said = "Line charts over training: accuracy, loss, gradient profile, answers. The text below says so too."
    table = frame(takes, first.words, first.cue or 0, shape.answers)
    draw(chart, axes, data=table, said=said, key="sentences-chart", brief=lambda: scores(table))
    numbers("sentences-chart")


def scores(table: pd.DataFrame) -> pd.DataFrame:
    """Accuracy and loss of every frame."""
    return table.loc[table["role"] == "score", ["series", "step", "accuracy", "loss"]]


def seen(takes: Sequence[Take], axes: FilmAxes) -> str:
    """Accuracy against chance for each run, and whether it is still going on."""
    lines = []
    for take in takes:
        if not take.run.film:
            lines.append(f"**{take.name}**: not trained yet")
            continue
        shot = take.run.film[-1]
        verdict = (
            "no better than guessing"
            if shot.accuracy < axes.chance + 3 * math.sqrt(axes.chance * (1 - axes.chance) / TEST_SIZE)
            else ("solved" if shot.accuracy > 0.95 else "better than guessing")
        )
        lines.append(f"**{take.name}**: {shot.accuracy:.0%} right after {shot.step} steps – {verdict}")
    return "; ".join(lines) + f". Guessing gets {100 * axes.chance:.3g} %."


def controls(settings: Settings) -> None:
    """Task and cells in view, the rest folded."""
    left, right = st.columns([2, 3], vertical_alignment="bottom")
    with left:
        settings.kind("task", "Sentence")
    with right:
        settings.control("cell")
    left, right = st.columns([2, 3], vertical_alignment="bottom")
    with left:
        settings.control("gap", high=100)
    with right:
        settings.control("versus")
    settings.folded(
        *(("attractors",) if isinstance(settings.experiment.task, WasWere) else ()),
        *("mixed", "fillers", "forget_bias", "initialiser", "hidden", "layers", "embedding", "seed"),
        *("optimiser", "learning_rate", "clip", "batch", "steps", "film_every"),
    )


TRAINING = LiveTraining(PAGE, experiments, controls, film)


def explore() -> None:
    """Draws the trainings."""
    head(PAGE)
    TRAINING.show()
    with st.expander("What is being measured?"):
        st.markdown(linked(TEXTS.why))


topic("sentences", explore)
