"""Was or were? What the pictures of rows D2 to D8 are made of."""

from dataclasses import dataclass

import numpy as np
from numpy import ndarray

from ..claims.language import LONG
from ..claims.measures import KEEPERS
from ..claims.settings import changed, recurrent, survived
from ..experiment.sampling import held_out, initial
from ..experiment.specs import Experiment
from ..gradients.measure import measure_many
from ..gradients.profile import GradientProfile
from ..instruments.itemised import GradientMap, map_gradients
from ..instruments.per_word import WordGradients, word_by_word
from ..instruments.probe import probe
from ..instruments.roles import split_roles
from ..instruments.slices import walk

FRAMES = 11  # looks at a training


@dataclass(frozen=True)
class Sets:
    """The sets of weights by name: how many numbers each has, and ln ‖∂L/∂W‖ with all steps' uses added up."""

    counts: dict[str, int]
    log_norm: dict[str, float]


def weight_sets(experiment: Experiment) -> Sets:
    """Input, recurrent and output weights of a network that shares them, and as many recurrent ones as there are steps."""
    top = recurrent(experiment).layers - 1
    names = {
        "input": f"recurrent.weight_ih_l{top}",
        "recurrent": f"recurrent.weight_hh_l{top}",
        "output": "readout.weight",
    }
    own, untied = (initial(changed(experiment, tied=tied)) for tied in (True, False))
    full = split_roles(changed(experiment, tied=True)).full
    counts = {kind: own[name].size for kind, name in names.items() if name in own}
    counts["recurrent, one for each step"] = untied[names["recurrent"]].size
    return Sets(counts, {kind: full[name] for kind, name in names.items() if name in full})


@dataclass(frozen=True)
class WordByWord:
    """map: ‖∂L_t/∂h_k‖. words: each word's own gradient, and how far their sum is from the gradient of the summed loss."""

    map: GradientMap
    words: WordGradients


def every_word(experiment: Experiment) -> WordByWord:
    """Both. Raises SpecError where one of them can't be had."""
    return WordByWord(map_gradients(experiment), word_by_word(experiment))


@dataclass(frozen=True)
class Learning:
    """At each of F looks at a training: steps (F,); far and local (F,), accuracies of the target that matters and of the
    others; share (F,): of the recurrent matrix's gradient from 10 steps back or more. read (F, T): share right of a linear
    probe for the far answer at each word, chance: of guessing. words (T,): the shown sentence.
    """

    steps: ndarray
    far: ndarray
    local: ndarray
    share: ndarray
    read: ndarray
    chance: float
    words: tuple[str, ...]


def learning(experiment: Experiment) -> Learning:
    """Trains, and looks eleven times. Raises SpecError if the run blew up, or the cells are not written out."""
    recurrent(experiment)
    every = max(1, experiment.training.steps // (FRAMES - 1))
    runs = walk(changed(experiment, film_every=every), FRAMES)
    film = {frame.step: frame for frame in survived(runs[-1]).film}
    seen = [film[run.step] for run in runs if run.step in film]
    at = [run for run in runs if run.step in film]
    roles = [split_roles(experiment, run.parameters).beyond("recurrent.weight_hh_l0", LONG) for run in at]
    probes = [probe(experiment, run, examples=256) for run in at]
    return Learning(
        np.array([frame.step for frame in seen]),
        np.array([frame.accuracy for frame in seen]),
        np.array([frame.local for frame in seen]),
        np.array(roles),
        np.array([each.accuracy[:, -1] for each in probes]),
        probes[0].chance,
        held_out(experiment, 1).words,
    )


def tied_and_untied(experiment: Experiment) -> dict[str, GradientProfile]:
    """Profiles: one matrix for all steps, one for each, and orthogonal ones with gain 1.3, one for each."""
    own = changed(experiment, tied=True)
    kept = changed(experiment, **KEEPERS["tanh, orthogonal with gain 1.3"], tied=False)
    shared, untied, good = (measure_many([each])[0] for each in (own, changed(experiment, tied=False), kept))
    return {
        "one matrix for all steps": shared,
        "a matrix of its own for each step": untied,
        "the same, orthogonal with gain 1.3": good,
    }
