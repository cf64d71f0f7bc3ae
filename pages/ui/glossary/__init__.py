"""The glossary: all words that are explained, in alphabetical order. A new one is an entry in one of the files here."""

from core.registry import registry
from pages.ui.glossary.entry import Term
from pages.ui.glossary.gates import GATES
from pages.ui.glossary.matrices import MATRICES
from pages.ui.glossary.measuring import MEASURING
from pages.ui.glossary.networks import NETWORKS
from pages.ui.glossary.signal import SIGNAL
from pages.ui.glossary.starts import STARTS
from pages.ui.glossary.training import TRAINING

__all__ = ["TERMS", "Term"]
_ALL: tuple[Term, ...] = (*SIGNAL, *MATRICES, *NETWORKS, *GATES, *TRAINING, *STARTS, *MEASURING)
TERMS = registry(*sorted(_ALL, key=lambda term: term.label.casefold()))
