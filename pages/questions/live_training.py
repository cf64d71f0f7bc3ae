"""The part of a page whose networks are trained while it is looked at: controls, buttons, and a film that grows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from html import escape

import streamlit as st

from core import Experiment, held_out
from core.execution.jobs import Progress
from pages.frame.live import sides
from pages.frame.page import Page
from pages.frame.settings import Settings
from pages.results.jobs import jobs, student
from pages.results.progress import interval
from pages.share.row import carry, reset

Film = Callable[[Settings, Sequence[Progress], bool, str | None], None]


@dataclass(frozen=True)
class LiveTraining:
    """page: its view has a flag ``train``. experiments: what is trained side by side. controls: draws them.

    film(settings, progress, going, guess): draws what has come of the trainings so far. guess: asks for what the visitor
    expects, and returns it; nothing is shown before that.
    """

    page: Page
    experiments: Callable[[Settings], list[Experiment]]
    controls: Callable[[Settings], None]
    film: Film
    guess: Callable[[Settings], str | None] | None = None

    def show(self) -> None:
        """Draws controls, buttons and the film, which looks by itself again and again while something is being trained."""
        settings = Settings(self.page)
        settings.complain()
        above, below = sides()
        with above:
            self.controls(settings)
            settings.publish()
            guessing = self.guess if settings.view.guess else None
            choice = guessing(settings) if guessing else None
        ready = choice is not None or not guessing
        going = settings.view.train and ready
        work = self._progress(settings, going)
        if not going:
            jobs().watch(student(), ())
        every = interval(work) if going else None
        below.html(f'<p class="sentence-line">{escape(" ".join(held_out(settings.experiment, 1).words))} ____</p>')
        row = above.container(horizontal=True)
        with row:
            stuck = any(progress.problem for progress in work)
            self._button(bool(every), ready and (stuck or not settings.view.train))
            reset(self.page)
        if ready:
            with below:
                st.fragment(self._film, run_every=every)(settings, every, choice)
        with row:  # last, for it carries away what has been drawn
            carry(self.page, trains=True)

    def _progress(self, settings: Settings, going: bool) -> list[Progress]:
        """Returns how far each training is; ``going``: the visitor waits for them."""
        experiments = self.experiments(settings)
        return jobs().watch(student(), experiments) if going else [jobs().seen(each) for each in experiments]

    def _film(self, settings: Settings, every: float | None, choice: str | None) -> None:
        work = self._progress(settings, bool(every))
        self.film(settings, work, bool(every), choice)
        if every and interval(work, every) != every:
            st.rerun()  # the whole page: it looks more or less often from now on, or not at all and shows the other button

    def _button(self, going: bool, offered: bool) -> None:
        """Draws Stop while a training goes on, else Train if there is something to train."""
        key = f"{self.page.name}-go"
        if going:
            st.button("Stop", icon=":material/stop:", key=key, on_click=self._switch, args=(False,))
        elif offered:
            st.button("Train", icon=":material/play_arrow:", key=key, on_click=self._switch, args=(True,))

    def _switch(self, train: bool) -> None:
        settings = Settings(self.page)
        for experiment in self.experiments(settings):
            jobs().renew(experiment)
        settings.load(settings.experiment, replace(settings.view, train=train))
