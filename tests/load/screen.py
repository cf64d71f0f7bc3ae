"""What a student's browser keeps of the app's messages: elements, widgets, timers, address and page.

The rules are those of Streamlit's own browser part: an element stays until a later run that should have drawn it has ended
without it; a widget's state is the student's until the server sets it.
"""

import io
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

import pandas as pd
import pyarrow as pa
from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from tests.load.widgets import KEYED, VALUED, key_of, report

SAYS = dict.fromkeys(("markdown", "heading", "html", "alert", "text"), "body") | {"progress": "text"}


@dataclass
class Shown:
    """One element where it stands, with the run and the fragment that drew it."""

    kind: str
    proto: Any
    run: str
    fragment: str


@dataclass
class Screen:
    """One browser tab's memory. ``errors`` never shrinks: what was shown once has been seen."""

    query: str = ""
    page: str = ""  # the page's hash, "" before the first run
    session: str = ""
    pages: dict[str, str] = field(default_factory=dict)  # address → hash
    shown: dict[tuple[int, ...], Shown] = field(default_factory=dict)
    states: dict[str, WidgetState] = field(default_factory=dict)  # id → what the browser would report
    keys: dict[str, tuple[int, ...]] = field(default_factory=dict)  # widget's key → where it stands
    timers: dict[str, float] = field(default_factory=dict)  # fragment → seconds
    errors: list[str] = field(default_factory=list)
    run: str = ""
    fragments: tuple[str, ...] = ()  # of the run that is going on; () is a whole run

    def take(self, message: ForwardMsg) -> str:
        """Keeps what the message says; its kind (for a delta, that of the element)."""
        kind = message.WhichOneof("type")
        match kind:
            case "delta":
                return self._delta(message)
            case "new_session":
                self._start(message)
            case "script_finished":
                self._end(message.script_finished)
            case "auto_rerun":
                self.timers[message.auto_rerun.fragment_id] = message.auto_rerun.interval
            case "stop_auto_rerun":
                for each in message.stop_auto_rerun.fragment_ids:
                    self.timers.pop(each, None)
            case "page_info_changed":
                self.query = message.page_info_changed.query_string
            case "navigation":
                self.page = message.navigation.page_script_hash
                self.pages = {
                    "" if each.is_default else each.url_pathname: each.page_script_hash
                    for each in message.navigation.app_pages
                }
            case "page_not_found":
                self.errors.append(f"page not found: {message.page_not_found.page_name!r}")
            case "session_event":
                if message.session_event.WhichOneof("type") == "script_compilation_exception":
                    self.errors.append(f"exception: {message.session_event.script_compilation_exception.message}")
        return kind or ""

    def _start(self, message: ForwardMsg) -> None:
        self.run, self.fragments = message.metadata.run.script_run_id, tuple(message.metadata.run.fragment_ids)
        if message.new_session.HasField("initialize"):
            self.session = message.new_session.initialize.session_id
        if not self.fragments:
            self.timers.clear()
            if self.page and self.page != message.new_session.page_script_hash:
                self.clear()
            self.page = message.new_session.page_script_hash

    def _end(self, status: int) -> None:
        if status == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
            self.errors.append("the script could not be read")
        if status == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            return
        stale = [
            path
            for path, each in self.shown.items()
            if each.run != self.run and (not self.fragments or each.fragment in self.fragments)
        ]
        for path in stale:
            self._remove(path)

    def _delta(self, message: ForwardMsg) -> str:
        path, delta = tuple(message.metadata.delta_path), message.delta
        if delta.WhichOneof("type") != "new_element":
            return "block"
        element = delta.new_element
        kind = element.WhichOneof("type") or ""
        proto = getattr(element, kind, None)
        self._remove(path)
        self.shown[path] = Shown(kind, proto, self.run, delta.fragment_id)
        if kind == "exception" and not proto.is_warning:
            self.errors.append(f"exception: {proto.type} {proto.message}".strip())
        elif kind == "alert" and proto.format == Alert.ERROR:
            self.errors.append(f"error: {proto.body}")
        elif kind in KEYED:
            self.keys[key_of(proto.id)] = path
            if kind in VALUED and (proto.set_value or proto.id not in self.states):
                self.states[proto.id] = report(kind, proto)
        return kind

    def _remove(self, path: tuple[int, ...]) -> None:
        gone = self.shown.pop(path, None)
        if gone and gone.kind in KEYED:
            if self.keys.get(key_of(gone.proto.id)) == path:
                del self.keys[key_of(gone.proto.id)]

    def forget_unused(self) -> None:
        """Drops the states of widgets that are no longer there."""
        there = {each.proto.id for each in self.shown.values() if each.kind in VALUED}
        self.states = {name: state for name, state in self.states.items() if name in there}

    def clear(self) -> None:
        """An empty page: nothing shown, nothing set, no timer."""
        for kept in (self.shown, self.states, self.keys, self.timers):
            kept.clear()

    def widget(self, key: str) -> Shown:
        """The widget with a key; KeyError with the keys that there are when it isn't in sight."""
        if key not in self.keys:
            raise KeyError(f"no widget {key!r} in sight, only {', '.join(sorted(self.keys))}")
        return self.shown[self.keys[key]]

    def having(self, *kinds: str) -> list[Shown]:
        """The elements of these kinds, from top to bottom."""
        return [each for _, each in sorted(self.shown.items(), key=itemgetter(0)) if each.kind in kinds]

    def text(self, *kinds: str) -> str:
        """What is written on the page, from top to bottom: everything, or what elements of these kinds say."""
        return "\n".join(getattr(each.proto, SAYS[each.kind]) for each in self.having(*(kinds or SAYS)))

    def table(self) -> pd.DataFrame:
        """The data behind the page's first chart; empty when there is none."""
        for each in self.having("vega_lite_chart"):
            return pa.ipc.open_stream(io.BytesIO(each.proto.data.data)).read_pandas()
        return pd.DataFrame(columns=["role"])
