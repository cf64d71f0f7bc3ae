"""A recorder's file that a visitor uploads: read in a worker, kept for this visit only, and forgotten with it."""

from dataclasses import dataclass

import streamlit as st

from core.diagnosis.examination import examine_file
from core.execution.jobs import Answer
from pages.frame.phrases import plain
from pages.results.jobs import jobs, student

UPLOADER = "yours-upload"


@dataclass
class Upload:
    """name: of the file; data: its bytes, until it has been examined."""

    name: str = ""
    data: bytes = b""
    answer: Answer | None = None

    def forget(self) -> None:
        """Keeps nothing of it, here or with the scheduler."""
        _drop(self.data)
        self.name, self.data, self.answer = "", b"", None


def _current() -> Upload:
    """Returns this visit's file."""
    current: Upload = st.session_state.setdefault("yours upload", Upload())
    return current


@st.cache_resource(scope="session", on_release=lambda asked: _drop(*asked), show_spinner=False)
def _asked() -> set[bytes]:
    """Keeps what the scheduler has of this visit's; when the visit ends, it has it no more."""
    return set()


def _drop(*asked: bytes) -> None:
    for data in asked:
        jobs().forget(examine_file, data)


def upload() -> None:
    """Draws the place for the file, and the way to be rid of it."""
    st.file_uploader(
        "A file that GradientRecorder has saved, *.parquet or *.json, up to 1 MB",
        type=["parquet", "json"],
        key=UPLOADER,
        on_change=_take,
        help="It is read on this server, shown to you alone, and forgotten when you leave. Nothing in it is run.",
    )
    current = _current()
    if current.name and st.session_state.get(UPLOADER) is None:  # back from another page
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(f"Shown: {plain(current.name)}")
            st.button("Forget it", icon=":material/delete:", key="yours-forget", on_click=current.forget)


def _take() -> None:
    """Takes the file that the visitor has chosen, or forgets the one that they have taken away."""
    file, current = st.session_state.get(UPLOADER), _current()
    current.forget()
    if file is not None:
        current.name, current.data = file.name, file.getvalue()


def examined_upload() -> Answer | None:
    """Returns what has come of the file; None where there is none. Once it has been read, the scheduler forgets it."""
    current = _current()
    if current.answer or not current.name:
        return current.answer
    _asked().add(current.data)
    answer = jobs().ask(student(), examine_file, current.data)
    if answer.finished:
        _drop(current.data)
        _asked().discard(current.data)
        current.answer, current.data = answer, b""
    return answer
