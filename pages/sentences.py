"""Sentences: train live on France or was/were, and scrub through what happened."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape

import pandas as pd
import streamlit as st

from core import Experiment, France, Recurrent, WasWere, held_out
from core.experiment.sampling import TEST_SIZE
from core.fields import choice, flag
from core.parts.cells import CELLS
from core.registry import Named, registry
from pages.charts.film import Stage, Take, chart, frame
from pages.charts.palette import colour
from pages.frame.draw import draw
from pages.frame.in_view import tell
from pages.frame.live import sides
from pages.frame.page import Page, View, head
from pages.frame.profile_picture import main, with_cell
from pages.frame.settings import Settings
from pages.frame.table import numbers
from pages.glossary.linking import linked
from pages.questions.topic import topic
from pages.results.jobs import jobs, student
from pages.results.progress import interval, outlook
from pages.share.row import carry, reset, train_button

RIVALS = registry(Named("none", "nothing", "Train one network alone."), *CELLS.values())


@dataclass(frozen=True)
class SentencesView(View):
    """What is trained beside the chosen network, and whether training is on."""

    versus: str = choice("tanh", RIVALS, "Beside it, for comparison")
    train: bool = flag(False, "Train")


PAGE = Page(
    "sentences",
    "Can the network learn to speak French?",
    "Train two networks on sentences whose first words decide the last one. **Watch whether the accuracy leaves the line of "
    "guessing**, and what the gradient at the deciding word does meanwhile.",
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


def film(settings: Settings, every: float | None) -> None:
    """What has come of the trainings so far; looks by itself while they are going on."""
    pair = experiments(settings)
    work = jobs().watch(student(), pair) if every else [jobs().seen(each) for each in pair]
    runs = [each.run for each in work]
    for problem in sorted({each.problem for each in work} | {run.trouble for run in runs}):
        if problem:
            st.warning(
                problem + (" Try a smaller learning rate, or clip the gradient." if "blew up" in problem else "")
            )
    task, training = settings.experiment.task, settings.experiment.training
    first, shape = held_out(settings.experiment, 1), task.shape()
    back = next(size for size in (20, 50, 100, 210) if len(first.words) <= size)
    right = shape.answers[int(first.targets[0])]
    stage = Stage(training.steps, training.film_every, shape.answers, right, back, shape.chance)
    takes = tuple(Take(CELLS[main(each)].label, run, colour(main(each))) for each, run in zip(pair, runs, strict=True))
    tell(seen(takes, stage), "sentences-line")
    outlook(work, going=bool(every))
    said = "Line charts over training: accuracy, loss, gradient profile, answers. The text below says so too."
    table = frame(takes, first.words, first.cue or 0, shape.answers)
    draw(chart, stage, data=table, said=said, key="sentences-chart", brief=lambda: scores(table))
    numbers("sentences-chart")
    if every and interval(work, every) != every:
        st.rerun()  # the whole page: it looks more or less often from now on, or not at all and shows the other button


def scores(table: pd.DataFrame) -> pd.DataFrame:
    """Accuracy and loss of every frame."""
    return table.loc[table["role"] == "score", ["series", "step", "accuracy", "loss"]]


def seen(takes: Sequence[Take], stage: Stage) -> str:
    """Accuracy against chance for each run, and whether it is still going on."""
    lines = []
    for take in takes:
        if not take.run.film:
            lines.append(f"**{take.name}**: not trained yet")
            continue
        shot = take.run.film[-1]
        verdict = (
            "no better than guessing"
            if shot.accuracy < stage.chance + 3 * math.sqrt(stage.chance * (1 - stage.chance) / TEST_SIZE)
            else ("solved" if shot.accuracy > 0.95 else "better than guessing")
        )
        lines.append(f"**{take.name}**: {shot.accuracy:.0%} right after {shot.step} steps – {verdict}")
    return "; ".join(lines) + f". Guessing gets {100 * stage.chance:.3g} %."


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


def lab() -> None:
    """Controls, buttons, and the film, which looks by itself again and again while something is being trained."""
    settings = Settings(PAGE)
    settings.complain()
    above, below = sides()
    with above:
        controls(settings)
    settings.publish()
    pair = experiments(settings)
    jobs().watch(student(), pair if settings.view.train else ())
    work = [jobs().seen(each) for each in pair]
    every = interval(work) if settings.view.train else None
    to_do = not settings.view.train or any(each.problem for each in work)
    words = held_out(settings.experiment, 1).words
    below.html(f'<p class="sentence-line">{escape(" ".join(words))} ____</p>')
    row = above.container(horizontal=True)
    with row:
        train_button(PAGE, bool(every), to_do, _switch)
        reset(PAGE)
    with below:
        st.fragment(film, run_every=every)(settings, every)
    with row:  # last, for it carries away what has been drawn
        carry(PAGE, trains=True)


def _switch(train: bool) -> None:
    settings = Settings(PAGE)
    for each in experiments(settings):
        jobs().renew(each)
    settings.load(settings.experiment, replace(settings.view, train=train))


WHY = """
Each training batch holds 64 new sentences; only the last word's error is counted. **Accuracy** is measured on 256 sentences
that are never trained on. With mixed gaps, training sees short sentences too and the test uses the longest: a network
that can carry the word over a few fillers could learn to carry it over all of them.

**Why the plain RNN stays at guessing.** On the 46-word sentences the signal at *France* starts at about 10⁻¹² (plain RNN) or
10⁻⁴ (LSTM). The short sentences in the mix have a healthy gradient; yet the plain RNN, which learns a fixed gap of 10, does
not learn this mix in 500 steps. For the clean case switch mixed gaps off.

**A path is necessary, not sufficient.** Scrub: the plain RNN's curve rises on the way and is lost again, without learning.
When the LSTM has solved the task, its gradient falls again: what is safely stored no longer reacts to small changes
(Bengio, Simard, Frasconi 1994).

**Do not take away “LSTMs solve it”.** With one fixed gap of 40 fillers, forget bias 1 failed for 3 of 3 seeds here, and forget
bias 3 solved it for 3 of 3.
        """


def explore() -> None:
    """Draws the trainings."""
    head(PAGE)
    lab()
    with st.expander("What is being measured?"):
        st.markdown(linked(WHY))


topic("sentences", explore)
