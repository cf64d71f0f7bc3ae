"""A recording looked at as a whole: what is drawn of it and what is wrong with it. Made in a worker, small enough to be kept.

``examine_file`` is for bytes that a stranger has sent: run it where a crash or a filled memory harms nobody.
"""

from dataclasses import dataclass
from io import BytesIO

from ..experiment.specs import Training
from ..fields import SpecError
from ..layer_list.practice import practise
from ..recording.file_format import RecordingError
from ..recording.reading import read_recording
from ..recording.recording import Recording
from . import Diagnosis, Flow, diagnose, flow


@dataclass(frozen=True)
class Examination:
    """``task`` and ``notes`` are about a network that was trained here; ``file``: its recording as Parquet."""

    flow: Flow
    diagnosis: Diagnosis
    task: str = ""
    notes: tuple[str, ...] = ()
    steps: int = 0
    file: bytes = b""


def examine(recording: Recording) -> Examination:
    """Examines any recording."""
    return Examination(flow(recording), diagnose(recording))


def examine_file(data: bytes) -> Examination:
    """Examines a recorder's file. Raises SpecError, with a reason, for anything else."""
    try:
        recording = read_recording(BytesIO(data))
    except RecordingError as error:
        raise SpecError(str(error)) from None
    if not len(recording.rows):
        raise SpecError("this recording is empty: no step was recorded, so there is nothing to see")
    return examine(recording)


def examine_list(text: str, training: Training, length: int, seed: int) -> Examination:
    """Examines a list of layers, trained on its toy task for a moment. Raises SpecError where that is not possible."""
    practice = practise(text, training, length, seed)
    looked = examine(practice.recording)
    file = practice.recording.as_bytes("recording.parquet")
    return Examination(looked.flow, looked.diagnosis, practice.toy.said, practice.notes, practice.steps, file)
