"""Recording the gradient of any ``nn.Module`` in the user's own training loop, and reading such recordings back."""

from .checks import RecordingError
from .files import read_recording
from .kinds import KINDS
from .recorder import GradientRecorder
from .recording import Recording
from .watch import Finding

__all__ = ["KINDS", "Finding", "GradientRecorder", "Recording", "RecordingError", "read_recording"]
