"""Draws a map in the rhythm of all pages: question, controls, guess, picture, sentence, and below it the chosen network."""

import math
from functools import lru_cache, partial

import streamlit as st

from core import Recurrent
from core.experiment.sizes import extent
from core.experiment.specs import Experiment
from core.instruments.starts import Fan
from core.maps.sweeps import Sweep
from core.questions import Question
from pages.charts.heatmap import chart, frame
from pages.charts.profile import Axes
from pages.frame.draw import draw
from pages.frame.guess import compared, guess
from pages.frame.in_view import keep, tell
from pages.frame.page import head
from pages.frame.phrases import journey, plain
from pages.frame.profile_picture import explored, label
from pages.frame.question_page import QuestionPage
from pages.frame.settings import Settings
from pages.frame.table import numbers
from pages.frame.texts import Texts
from pages.maps.choosing import colour, page_of, pick, place, shown, switch, whole
from pages.maps.drawing import lines_of, look_of, sides_of, table_of, tiles_of
from pages.maps.entries import Map
from pages.maps.findings import MapState, again, state_of
from pages.maps.sentences import healthy, seen, succeeded
from pages.maps.texts import WHY, legend
from pages.questions.show import look
from pages.results.cost import profiles
from pages.results.jobs import limits
from pages.results.progress import expected, seconds
from pages.share.row import actions

GUESSES = {"four fifths to all": -0.1, "half to four fifths": -0.3, "a fifth to half": -0.7, "fewer": -math.inf}
PROFILES = Fan(3)  # the band around the chosen network's curve


def show(entry: Map) -> None:
    """The whole page."""
    page = page_of(entry)
    head(page)
    settings = Settings(page)
    settings.complain()
    colour(entry, settings)
    for column, axis, name in zip(st.columns(2), (entry.x, entry.y), ("column", "row"), strict=True):
        with column:
            place(settings, axis, name)
    settings.folded(*entry.more)
    sweep = _around(entry, settings.experiment)
    kind = shown(entry, settings)
    now = state_of(sweep, kind, settings.view.train, entry.reads)
    if kind == "learned":
        _train(settings, now)
    st.fragment(_map, run_every=now.every)(entry, settings.experiment, sweep, now.every)
    _in_hand(entry, settings, sweep)
    actions(page)
    with st.expander("Why? The mathematics, the papers, the caveats"):
        st.markdown(WHY[entry.name])
    settings.publish()


@lru_cache(maxsize=256)
def _around(entry: Map, experiment: Experiment) -> Sweep:
    """The map that an experiment is on, with holes where this server's limits are passed."""
    return Sweep.around(experiment, entry.x, entry.y).without(limits().complaints)


def _train(settings: Settings, now: MapState) -> None:
    """The button that starts or stops, as long as there is something to be trained."""
    if now.left == 0:
        return
    train, key = settings.view.train, f"{settings.page.name}-go"
    label, icon = ("Stop", ":material/stop:") if train else ("Train all of them", ":material/play_arrow:")
    st.button(label, icon=icon, key=key, on_click=switch, args=(settings.page, not train))


def _map(entry: Map, experiment: Experiment, sweep: Sweep, every: float | None) -> None:
    """The map as far as it is known; looks by itself while there is more to come."""
    settings = Settings(page_of(entry))
    if settings.experiment != experiment:  # a tile has been clicked: what stands around the map changes as well
        st.rerun()
    name, kind = settings.page.name, shown(entry, settings)
    now = state_of(sweep, kind, settings.view.train, entry.reads, every)
    for problem in sorted({*now.quick.problems.values(), *now.known.problems.values()}):
        st.warning(plain(problem))
        st.button("Try again", key=f"{name}-again", on_click=again, args=(sweep,))
    if kind == "learned":
        st.progress(now.share, text=_outlook(settings, now))
    if not _asked(entry, settings, sweep, now, kind):
        return
    x, y = entry.x.place(experiment), entry.y.place(experiment)
    here = (x, y) if x is not None and y is not None else None
    picture_of, lines = look_of(entry, sweep, kind), lines_of(entry, sweep, now.quick)
    sides = sides_of(entry, sweep, now.quick) if kind != "rate" else []
    rest = f" ({len(now.quick.readings)} of {len(sweep.y.stops)} rows measured so far.)" if now.missing else ""
    tell(seen(entry, sweep, kind, now.quick, now.known) + rest, f"{name}-seen")
    draw(
        chart,
        picture_of,
        data=frame(tiles_of(sweep, kind, now.quick, now.known), picture_of, lines, sides, here),
        said=f"Map: {entry.label}, coloured by {kind}. The text above says what is seen; two controls choose a network.",
        key=f"{name}-heat",
        numbers=partial(table_of, sweep, now.quick, now.known),
        on_select=partial(pick, settings.page, entry.x, entry.y),
    )
    note = legend(entry, kind, lines, sides, here is not None, measuring=bool(now.missing))
    st.caption(note)
    keep(note, f"{name}-legend")
    numbers(f"{name}-heat")
    if every and now.every != every:
        st.rerun()  # the whole page: it looks more or less often from now on, or not at all


def _outlook(settings: Settings, now: MapState) -> str:
    if not now.left:
        return "Done."
    if not settings.view.train:
        return "Stopped. *Train* goes on from here." if now.share else "Not trained yet. *Train all of them* starts it."
    if math.isfinite(now.remaining) and min((each.place for each in now.work), default=0) == 0:
        return f"About {seconds(now.remaining)} to go."
    return expected(now.work)


def _asked(entry: Map, settings: Settings, sweep: Sweep, now: MapState, kind: str) -> bool:
    """Predict first, if the visitor wants to. True when the map may be shown."""
    if kind == "learned":
        question = f"How many of these {len(sweep.experiments())} networks will learn it?"
        share = succeeded(sweep, now.known) if not now.left else None
    else:
        question = "In how many of these networks does between a hundredth and a hundredfold of the signal arrive?"
        share = healthy(sweep, now.quick) if not now.missing else None
    if not settings.view.guess:
        return True
    choice = guess(settings, question, GUESSES, (sweep, kind == "learned"))
    if choice is None:
        return False
    compared(choice, None if share is None else math.log(share) if share else -math.inf, GUESSES)
    return True


def _in_hand(entry: Map, settings: Settings, sweep: Sweep) -> None:
    """The profile of the network that the ring is around, and the way to the page that has all of its settings."""
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    left.header("The chosen network", anchor=False)
    page, title = entry.page
    right.page_link(
        page, label=f"Open it in *{title}*", icon=":material/open_in_new:", query_params=whole(settings.experiment)
    )
    recurrent = isinstance(settings.experiment.network, Recurrent)
    back = max(extent(each) for each in sweep.experiments().values())
    unit = "layers" if not recurrent else "words" if settings.experiment.task.shape().vocabulary else "steps"
    axes = Axes(back, *entry.span, unit)
    look(
        QuestionPage(
            Question(settings.page.name, title, "", settings.experiment, PROFILES),
            settings.page.name,
            Texts("", "", ""),
            (),
            lambda seen: [explored(seen, axes)],
            lambda seen: journey(seen.result[0], label(seen.experiment)),
            slow=profiles(PROFILES.count),
            pins=True,
            empty=[],
        ),
        settings,
    )
