"""The glossary: all words that are explained, in alphabetical order. A new one is an entry in one of the files here."""

from core.registry import registry
from pages.glossary.entry import Term
from pages.glossary.gates import GATES
from pages.glossary.matrices import MATRICES
from pages.glossary.measuring import MEASURING
from pages.glossary.networks import NETWORKS
from pages.glossary.signal import SIGNAL
from pages.glossary.starts import STARTS
from pages.glossary.training import TRAINING

__all__ = ["TERMS", "Term"]
_ALL: tuple[Term, ...] = (*SIGNAL, *MATRICES, *NETWORKS, *GATES, *TRAINING, *STARTS, *MEASURING)
TERMS = registry(*sorted(_ALL, key=lambda term: term.label.casefold()))
