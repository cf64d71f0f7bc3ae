"""Networks: a spec that builds a torch module, and the module as a chain of maps to be measured."""

from ..registry import registry
from .attention import Attention
from .base import Chain
from .convolutional import Convolutional
from .feedforward import FeedForward
from .recurrent import Recurrent

NETWORKS = registry(Recurrent, FeedForward, Convolutional, Attention)

__all__ = ["NETWORKS", "Attention", "Chain", "Convolutional", "FeedForward", "Recurrent"]
