"""A whole training at once, for instruments that look at what has been learned."""

from functools import lru_cache

from ..experiment.specs import Experiment
from ..fields import SpecError
from .run import Run, advance, start


@lru_cache(maxsize=32)
def trained(experiment: Experiment) -> Run:
    """Returns the finished run. The newest are kept, since several instruments look at the same one."""
    return advance(start(experiment), experiment.training.steps)


def survived(run: Run) -> Run:
    """Returns the run. Raises SpecError if it blew up: what was seen before that says nothing about what can be learned."""
    if run.trouble:
        raise SpecError(
            f"nothing can be said about learning here: {run.trouble[0].lower()}{run.trouble[1:].rstrip('.')}"
        )
    return run
