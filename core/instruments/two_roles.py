"""One training with two roles, looked at on the way: translate each word at once, and carry one word to the end (D5 to D7).

Diagnosis: where the local answers are learned and the far one is not, the share of the gradient from far back says whether the
signal ever came, and a linear probe whether the state still holds the word (probes: Alain & Bengio 2016).
"""

from dataclasses import dataclass

import numpy as np
from numpy import ndarray

from ..experiment.sampling import held_out
from ..experiment.specs import Experiment
from ..fields import SpecError
from ..networks import Recurrent
from ..tasks import Roles
from ..training.finished import survived
from .probe import probe
from .roles import split_roles
from .slices import walk

FRAMES = 11  # looks at a training
LONG = 10  # steps that count as long-range
EXAMPLES = 256  # that a probe is fitted to and judged by


@dataclass(frozen=True)
class TwoRoles:
    """At each of F looks at a training: steps (F,); far and local (F,), accuracies of the target that matters and of the
    others; share (F,): of the recurrent matrix's gradient from 10 steps back or more. read (F, T): share right of a linear
    probe for the far answer at each word, chance: of the probe's guessing. words (T,): the shown sentence.
    """

    steps: ndarray
    far: ndarray
    local: ndarray
    share: ndarray
    read: ndarray
    chance: float
    words: tuple[str, ...]


def two_roles(experiment: Experiment) -> TwoRoles:
    """Trains, and looks eleven times. Raises SpecError if the run blew up, or there are no two roles, or no written-out cell."""
    if not isinstance(experiment.network, Recurrent) or not isinstance(experiment.task, Roles):
        raise SpecError("this claim needs a recurrent network and a target at every step: choose task=roles")
    every = max(1, experiment.training.steps // (FRAMES - 1))
    runs = walk(experiment.changed(film_every=every), FRAMES)
    film = {frame.step: frame for frame in survived(runs[-1]).film}
    runs = [run for run in runs if run.step in film]
    shares = [split_roles(experiment, run.parameters).beyond("recurrent.weight_hh_l0", LONG) for run in runs]
    probes = [probe(experiment, run, examples=EXAMPLES) for run in runs]
    return TwoRoles(
        np.array([run.step for run in runs]),
        np.array([film[run.step].accuracy for run in runs]),
        np.array([film[run.step].local for run in runs]),
        np.array(shares),
        np.array([each.accuracy[:, -1] for each in probes]),
        probes[0].chance,
        held_out(experiment, 1).words,
    )
