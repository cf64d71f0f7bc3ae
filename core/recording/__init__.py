"""Recording the gradient of any ``nn.Module`` in the user's own training loop, and reading such recordings back."""

from .file_format import RecordingError
from .kinds import KINDS
from .reading import read_recording
from .recorder import GradientRecorder
from .recording import Recording
from .watch import Finding

__all__ = ["KINDS", "Finding", "GradientRecorder", "Recording", "RecordingError", "read_recording"]
