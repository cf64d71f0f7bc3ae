"""Widgets ↔ spec ↔ permalink. The address bar always says what the page shows; opening that address shows it again.

A page's settings live under one key of the session. Widgets are drawn from the typed table of ``core.fields``: a control
is asked for by the field's name, and label, range, options and help come from the table.
"""

import dataclasses
import time
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

import streamlit as st

from core import NETWORKS, TASKS, Experiment, FeedForward, Recurrent, SpecError, Training, read_query
from core.fields import Choice, Flag, Names, Number, Rule, Words, read, rules
from pages.frame.page import Page, View
from pages.frame.phrases import plain
from pages.frame.presentation import FOLDED, address, complaints, presentation
from pages.results.jobs import jobs, limits, student

Network = TypeVar("Network", FeedForward, Recurrent)
Task = TypeVar("Task")
_REMEMBERED = 20  # newest addresses that this session has read or written
_MOMENT = 3.0  # seconds in which a message with an older address may still be on its way


class Settings:
    """The settings of one page: read from address and widgets as soon as it is made, so that the picture, which takes
    longest, can be worked out and sent before the widgets are drawn once more.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self._stage = presentation()
        self._memory = st.session_state.setdefault(f"settings {page.name}", {"known": [], "fresh": set()})
        arrived = st.session_state.get("page") != page.name
        if arrived:  # what another page waited for is not looked at any more
            jobs().watch(student(), ())
        st.session_state["page"] = page.name
        query = dict(st.query_params)
        if "experiment" not in self._memory or (query if arrived else not self._knows(query)):
            self._read(query)
        elif arrived:  # back without a wish: the settings are still there, and the bare address has been seen
            self._know(query)
        self.experiment: Experiment = self._memory["experiment"]
        self.view: Any = self._memory["view"]  # of the page's own View type
        self._trouble: list[str] = []
        self._take_widgets()
        if too_much := limits().complaints(self.experiment):
            self._trouble += too_much
            self.experiment = self._memory["experiment"]
        if (self.experiment, self.view) != (self._memory["experiment"], self._memory["view"]):
            self._memory.update(experiment=self.experiment, view=self.view, complaints=[])

    def parts(self, network: type[Network], task: type[Task]) -> tuple[Network, Task]:
        """The experiment's network and task, of the kinds that the page shows."""
        own, its = self.experiment.network, self.experiment.task
        assert isinstance(own, network) and isinstance(its, task)
        return own, its

    def complain(self) -> None:
        """Says what the address or a widget asked for that can't be."""
        if self._memory["complaints"]:
            st.warning(
                "This link asks for something that can't be shown, so the usual setting stands in for it: "
                + plain("; ".join(self._memory["complaints"]))
                + ".",
                icon=":material/link_off:",
            )
        for trouble in self._trouble:
            st.warning(f"{plain(trouble)}. The last setting that worked is shown.", icon=":material/edit_off:")

    def visible(self, names: Iterable[str]) -> list[str]:
        """Those of the controls that a teacher's link does not hide."""
        return [name for name in names if name not in self._stage.hidden]

    def control(self, name: str, high: float | None = None) -> None:
        """Draws the widget of the field called ``name``; ``high`` narrows a slider (a link may ask for more)."""
        if name in self._stage.hidden:
            return
        spec = next(spec for _, spec in self._parts(self.experiment, self.view) if name in rules(spec))
        key = self._key(name)
        if key not in st.session_state:
            self._give(name, getattr(spec, name))
        top = self._memory["tops"].setdefault(name, max(high or 0, getattr(spec, name))) if high else None
        _widget(rules(spec)[name], key, top, name in self._stage.locked, key in self._memory["fresh"])
        self._memory["fresh"].discard(key)

    def folded(self, *names: str) -> None:
        """Draws controls in two columns behind “More settings”; nothing is drawn while it is shut, which saves time."""
        names = tuple(self.visible(names))
        if not names or FOLDED in self._stage.hidden:
            return
        box = st.expander("More settings", key=f"{self.page.name}-more", on_change="rerun")
        if box.open:
            half = -(-len(names) // 2)
            for column, some in zip(box.columns(2), (names[:half], names[half:]), strict=True):
                with column:
                    for name in some:
                        self.control(name)

    def kind(self, part: str, label: str) -> None:
        """Draws the choice between the kinds of a part (such as which task) that the page shows."""
        if part in self._stage.hidden:
            return
        if self._key(part) not in st.session_state:
            st.session_state[self._key(part)] = getattr(self.experiment, part).name
        kinds = self.page.kinds(part)
        st.segmented_control(
            label,
            list(kinds),
            format_func=lambda name: kinds[name].label,
            required=True,
            wrap=True,
            key=self._key(part),
            disabled=part in self._stage.locked,
        )

    def query(self) -> dict[str, str]:
        """What differs from the page's own settings, as the permalink spells it."""
        query = dict(self.page.address) | self.experiment.to_query(self.page.base)
        for name, rule in rules(self.view).items():
            if getattr(self.view, name) != getattr(self.page.view, name):
                query[name] = rule.text(getattr(self.view, name))
        return query | self._stage.query()

    def link(self) -> str:
        """The permalink, whole."""
        return address(self.query())

    def load(self, experiment: Experiment, view: View | None = None) -> None:
        """Puts other settings in place; for use in a callback."""
        self._memory.update(experiment=experiment, view=view or self._memory["view"], complaints=[], tops={})
        self._refresh_widgets()

    def reset(self) -> None:
        """Back to the page's own settings; for use in a callback."""
        self.load(self.page.base, self.page.view)

    def _know(self, query: dict[str, str]) -> None:
        """The newest address; the one before counts as old from now on, however long it has been there."""
        now, before = time.monotonic(), self._memory["known"][-_REMEMBERED:]
        self._memory["known"] = [*before[:-1], *((each, now) for each, _ in before[-1:]), (query, now)]

    def _knows(self, query: dict[str, str]) -> bool:
        """Whether an address is the newest, or was a moment ago: a message may have left the browser before it changed.

        Any other one is a visitor's wish: a link, or the Back button.
        """
        known = self._memory["known"]
        return (
            any(query == each and time.monotonic() - since < _MOMENT for each, since in known) or query == known[-1][0]
        )

    def _read(self, query: dict[str, str]) -> None:
        self._know(dict(query))
        for name in self.page.address:
            query.pop(name, None)
        troubles = complaints(query, _names(self.page.view))  # takes out what is the presentation's
        view, others = read(self.page.view, query)  # takes out what is the view's
        experiment, more = read_query(query, self.page.base)
        if not self.page.shows(experiment):
            experiment = self.page.base
            more.append("this page does not show that network or task")
        if experiment != self.page.base:
            more += limits().complaints(experiment)
        experiment = limits().fit(experiment)
        self._memory.update(experiment=experiment, view=view, complaints=troubles + others + more, tops={})
        self._refresh_widgets()

    def _take_widgets(self) -> None:
        """Settings as the widgets have them now; a value that can't be used is left and said."""
        for part, spec in list(self._parts(self.experiment, self.view)):
            kind = st.session_state.get(self._key(part), getattr(spec, "name", None))
            if kind != getattr(spec, "name", None):  # another kind starts from its own settings
                self._set(part, self.page.kinds(part)[kind]())
                for name in rules(spec):
                    st.session_state.pop(self._key(name), None)
                continue
            values = {name: st.session_state.get(self._key(name), getattr(spec, name)) for name in rules(spec)}
            for name, value in values.items():
                if value != getattr(spec, name):
                    try:
                        spec = dataclasses.replace(spec, **{name: value})
                    except SpecError as error:
                        self._trouble.append(str(error))
            if part == "experiment":
                self.experiment = dataclasses.replace(self.experiment, seed=spec.seed)
            else:
                self._set(part, spec)

    def publish(self) -> None:
        """Writes the settings into the address bar; last of all, because the browser then draws the whole page anew."""
        query = self.query()
        if dict(st.query_params) != query:
            self._know(query)
            st.query_params.from_dict(query)

    def _refresh_widgets(self) -> None:
        for part, spec in self._parts(self._memory["experiment"], self._memory["view"]):
            if self._key(part) in st.session_state:
                st.session_state[self._key(part)] = spec.name
            for name in rules(spec):
                if self._key(name) in st.session_state:
                    self._give(name, getattr(spec, name))

    def _give(self, name: str, value: Any) -> None:
        """Another value for a widget, to be told to the browser when it is drawn next."""
        st.session_state[self._key(name)] = value
        self._memory["fresh"].add(self._key(name))

    def _key(self, name: str) -> str:
        return f"{self.page.name}-{name}"

    @staticmethod
    def _parts(experiment: Experiment, view: View) -> Iterator[tuple[str, Any]]:
        yield from experiment.specs().items()
        yield "experiment", experiment
        yield "view", view

    def _set(self, part: str, spec: Any) -> None:
        if part == "view":
            self.view = spec
            return
        try:
            self.experiment = dataclasses.replace(self.experiment, **{part: spec})
        except SpecError as error:  # each part is fine, but they don't go together
            self._trouble.append(str(error))


def _names(view: View) -> set[str]:
    """What a control can be called: on this page, or on another one that a visit with the same presentation comes to."""
    kinds = (*NETWORKS.values(), *TASKS.values(), Training, Experiment, view)
    return {"task", FOLDED} | {name for kind in kinds for name in rules(kind)}


def _widget(rule: Rule, key: str, high: float | None, locked: bool, fresh: bool) -> None:
    """The widget that fits a rule; its value is the session's value under ``key``. ``fresh``: the browser does not know it yet.

    Else a widget comes with its value as a default: a browser that draws the page twice in a moment forgets what it was told,
    and would show a slider's lowest value, or the first of a list.
    """
    value = st.session_state[key]
    told = rule.options[value].lesson if isinstance(rule, Choice) else rule.help
    options: dict[str, Any] = {"label": rule.label, "key": key, "help": told or None, "disabled": locked}
    match rule:
        case Flag():
            options |= {} if fresh else {"value": value}
            st.toggle(**options)
        case Names():
            if isinstance(value, str):
                value = st.session_state[key] = value.split()
                fresh = True
            options |= {} if fresh else {"default": value}
            st.multiselect(options=list(rule.options), format_func=lambda name: rule.options[name].label, **options)
        case Words():
            options |= {} if fresh else {"value": value}
            st.text_input(max_chars=rule.most_words * (rule.most_letters + 1), **options)
        case Choice() if len(rule.options) <= 5:
            options |= {} if fresh else {"default": value}
            st.segmented_control(
                options=list(rule.options),
                format_func=lambda name: rule.options[name].label,
                required=True,
                wrap=True,
                **options,
            )
        case Choice():
            options |= {} if fresh else {"index": list(rule.options).index(value)}
            st.selectbox(options=list(rule.options), format_func=lambda name: rule.options[name].label, **options)
        case Number():
            kind = int if rule.whole else float
            options |= {"min_value": kind(rule.low), "max_value": kind(rule.high), "step": kind(rule.step)}
            options |= {} if fresh else {"value": kind(value)}
            if rule.high > 1000 and rule.whole:
                st.number_input(**options)
            elif rule.high / rule.step > 1000:
                st.number_input(format="%g", **options)
            else:
                st.slider(**options | {"max_value": kind(high or rule.high)})
