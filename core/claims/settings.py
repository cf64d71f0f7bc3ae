"""Goes when the last claim has moved to questions."""

from typing import Any

from ..experiment.specs import Experiment
from ..questions.settings import recurrent
from ..training.finished import survived, trained

__all__ = ["changed", "recurrent", "survived", "trained"]


def changed(experiment: Experiment, **settings: Any) -> Experiment:
    """Changes settings."""
    return experiment.changed(**settings)
