"""An experiment as something for people to keep: a script in plain PyTorch that prints the plotted numbers without this
project, a notebook that drives it, its settings in words."""

from .notebook import as_notebook
from .settings import in_words
from .write import NoScript, as_pytorch, map_as_pytorch, training_as_pytorch

__all__ = ["NoScript", "as_notebook", "as_pytorch", "in_words", "map_as_pytorch", "training_as_pytorch"]
