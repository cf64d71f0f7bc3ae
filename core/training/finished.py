"""A whole training at once, for instruments that look at what has been learned."""

from functools import lru_cache
from typing import Protocol, TypeVar

from ..experiment.specs import Experiment
from ..fields import SpecError
from .run import Run, advance, start


class Troubled(Protocol):
    """What may have been broken off: ``trouble`` says why."""

    @property
    def trouble(self) -> str:
        """Returns "" if it was not."""


Training = TypeVar("Training", bound=Troubled)


@lru_cache(maxsize=32)
def trained(experiment: Experiment) -> Run:
    """Returns the finished run. The newest are kept, since several instruments look at the same one."""
    return advance(start(experiment), experiment.training.steps)


def survived(run: Training) -> Training:
    """Returns the run, or what was made of it. Raises SpecError if it blew up.

    What was seen before that says nothing about what can be learned.
    """
    if run.trouble:
        raise SpecError(
            f"nothing can be said about learning here: {run.trouble[0].lower()}{run.trouble[1:].rstrip('.')}"
        )
    return run
