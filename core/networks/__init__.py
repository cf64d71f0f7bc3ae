"""Networks: a spec that builds a torch module, and unrolls itself as a chain of maps. A new one is a file, listed here."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..registry import registry
from .attention import Attention
from .base import Network
from .convolutional import Convolutional
from .feedforward import FeedForward
from .recurrent import Recurrent

NETWORKS: Mapping[str, type[Network]] = registry(Recurrent, FeedForward, Convolutional, Attention)

if not TYPE_CHECKING:  # mypy takes every name here; it could not read this list
    __all__ = ["NETWORKS", *(exported.__name__ for exported in (Network, *NETWORKS.values()))]
