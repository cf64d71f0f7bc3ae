"""Goes when the last claim has moved to questions."""

from ..instruments.starts import STARTS as SEEDS
from ..instruments.starts import Decay, decay
from ..instruments.starts import starts as seeds
from ..questions.settings import (
    CELLS,
    KEEPERS,
    LAYERS,
    called,
    farther,
    layered,
    right,
    sentences,
)
from ..questions.settings import (
    not_in_force as others,
)
from ..questions.thresholds import ARRIVES, FLOWS, LEARNED, LOST

__all__ = ["ARRIVES", "CELLS", "FLOWS", "KEEPERS", "LAYERS", "LEARNED", "LOST", "SEEDS", "Decay", "called", "decay"]
__all__ += ["farther", "layered", "others", "right", "seeds", "sentences"]
