"""A recorder's file that a visitor has brought along: read in a worker, kept for this visit only, and forgotten with it."""

from dataclasses import dataclass

import streamlit as st

from core.diagnosis.examination import examine_file
from core.execution.jobs import Answer
from pages.frame.phrases import plain
from pages.results.jobs import jobs, student

UPLOAD = "yours-upload"


@dataclass
class Brought:
    """name: of the file; data: its bytes, until it has been examined."""

    name: str = ""
    data: bytes = b""
    answer: Answer | None = None

    def forget(self) -> None:
        """Nothing of it stays, here or with the scheduler."""
        _drop(self.data)
        self.name, self.data, self.answer = "", b"", None


def brought() -> Brought:
    """This visit's file."""
    own: Brought = st.session_state.setdefault("yours brought", Brought())
    return own


@st.cache_resource(scope="session", on_release=lambda asked: _drop(*asked), show_spinner=False)
def _asked() -> set[bytes]:
    """What the scheduler has of this visit's; when the visit ends, it has it no more."""
    return set()


def _drop(*asked: bytes) -> None:
    for data in asked:
        jobs().forget(examine_file, data)


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
    """What has come of the file; None where there is none. As soon as it has been read, the scheduler forgets it."""
    own = brought()
    if own.answer or not own.name:
        return own.answer
    _asked().add(own.data)
    found = jobs().ask(student(), examine_file, own.data)
    if found.finished:
        _drop(own.data)
        _asked().discard(own.data)
        own.answer, own.data = found, b""
    return found
