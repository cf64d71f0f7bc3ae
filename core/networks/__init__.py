"""Networks: a spec that builds a torch module, and the module as a chain of maps to be measured."""

from core.networks.attention import Attention
from core.networks.base import Chain
from core.networks.convolutional import Convolutional
from core.networks.feedforward import FeedForward
from core.networks.recurrent import Recurrent
from core.registry import registry

NETWORKS = registry(Recurrent, FeedForward, Convolutional, Attention)

__all__ = ["NETWORKS", "Attention", "Chain", "Convolutional", "FeedForward", "Recurrent"]
