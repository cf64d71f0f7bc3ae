"""Recording the gradient of any ``nn.Module`` in the user's own training loop, and reading such recordings back."""

from core.recording.checks import RecordingError
from core.recording.files import read_recording
from core.recording.kinds import KINDS
from core.recording.recorder import GradientRecorder
from core.recording.recording import Recording
from core.recording.watch import Finding

__all__ = ["KINDS", "Finding", "GradientRecorder", "Recording", "RecordingError", "read_recording"]
