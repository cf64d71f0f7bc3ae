"""A recorder's file that a visitor has brought along: read in a worker, kept for this visit only, and forgotten with it."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from core.examination import Examination, examine_file
from core.execution.jobs import Answer
from pages.ui.jobs import jobs, student
from pages.ui.wording import plain

UPLOAD = "yours-upload"


@dataclass
class Brought:
    """name: of the file; data: its bytes, until it has been examined."""

    name: str = ""
    data: bytes = b""
    found: Examination | None = None

    def forget(self) -> None:
        """Nothing of it stays, here or with the scheduler."""
        if self.data:
            jobs().forget(examine_file, self.data)
        self.name, self.data, self.found = "", b"", None


@st.cache_resource(scope="session", on_release=lambda brought: brought.forget(), show_spinner=False)
def brought() -> Brought:
    """This visit's file."""
    return Brought()


def upload() -> None:
    """Draws the place for the file, and the way to be rid of it."""
    st.file_uploader(
        "A file that GradientRecorder has saved, *.parquet or *.json, up to 1 MB",
        type=["parquet", "json"],
        key=UPLOAD,
        on_change=_take,
        help="It is read on this server, shown to you alone, and forgotten when you leave. Nothing in it is run.",
    )
    if brought().name and st.session_state.get(UPLOAD) is None:  # back from another page
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(f"Shown: {plain(brought().name)}")
            st.button("Forget it", icon=":material/delete:", key="yours-forget", on_click=brought().forget)


def _take() -> None:
    """The visitor has chosen a file, or taken it away again."""
    file = st.session_state.get(UPLOAD)
    brought().forget()
    if file is not None:
        brought().name, brought().data = file.name, file.getvalue()


def answer() -> Answer | None:
    """What has come of the file; None where there is none."""
    own = brought()
    if own.found is not None:
        return Answer(own.found, finished=True)
    if not own.name:
        return None
    found = jobs().ask(student(), examine_file, own.data)
    if found.finished and not found.problem:
        jobs().forget(examine_file, own.data)
        own.found, own.data = found.value, b""
    return found


Ask = Callable[[], Answer | None]
