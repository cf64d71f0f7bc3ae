"""Changing an experiment by the flat names of its settings, and training it: what most claims start with."""

from functools import lru_cache

from ..experiment.changes import changed
from ..experiment.specs import Experiment
from ..fields import SpecError
from ..networks import Recurrent
from ..training.run import Run, advance, start

__all__ = ["changed", "recurrent", "survived", "trained"]


def recurrent(experiment: Experiment) -> Recurrent:
    """The experiment's network. Raises SpecError unless it is a recurrent one."""
    if not isinstance(experiment.network, Recurrent):
        raise SpecError("this claim is about recurrent networks: choose network=rnn and a task of sequences")
    return experiment.network


@lru_cache(maxsize=32)
def trained(experiment: Experiment) -> Run:
    """The finished run; claims that are judged one after the other share those they have in common."""
    return advance(start(experiment), experiment.training.steps)


def survived(run: Run) -> Run:
    """The run. Raises SpecError if it blew up: what was seen before that says nothing about what can be learned."""
    if run.trouble:
        raise SpecError(
            f"nothing can be said about learning here: {run.trouble[0].lower()}{run.trouble[1:].rstrip('.')}"
        )
    return run
