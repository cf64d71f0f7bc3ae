"""The sets of weights that a recurrent network shares over time: how many numbers each has, and how long its gradient is (D2)."""

from dataclasses import dataclass

import numpy as np

from ..experiment.sampling import initial
from ..experiment.specs import Experiment
from ..networks import Recurrent
from .roles import split_roles

MARKS = {"input": "weight_ih", "recurrent": "weight_hh", "output": "readout.weight"}


@dataclass(frozen=True)
class WeightSets:
    """counts: numbers of each set in the top layer, by name. log_norm: ln ‖∂L/∂W‖ of each (of the layer where it is longest), all
    steps' uses added up.

    copies: recurrent matrices of the network as it is (0: this cell has none). shared, untied: all of its numbers with one for
    all steps, and with one for each. steps: of the task.
    """

    counts: dict[str, int]
    log_norm: dict[str, float]
    copies: int
    shared: int
    untied: int
    steps: int


def weight_sets(experiment: Experiment) -> WeightSets:
    """Measures the network with shared weights. Raises SpecError where its gradient can't be split."""
    network = experiment.network
    assert isinstance(network, Recurrent)
    own, each = (initial(experiment.changed(tied=tied)) for tied in (True, False))
    full = split_roles(experiment.changed(tied=True)).full
    top = {"input": f"recurrent.weight_ih_l{network.layers - 1}", "output": "readout.weight"}
    recurrent = f"recurrent.weight_hh_l{network.layers - 1}"
    counts = {kind: own[name].size for kind, name in (top | {"recurrent": recurrent}).items() if name in own}
    if recurrent in each:
        counts["recurrent, one for each step"] = each[recurrent].size
    lengths = {kind: [log for name, log in full.items() if mark in name] for kind, mark in MARKS.items()}
    copies = initial(experiment)["recurrent.weight_hh_l0"].shape[:-2] if network.entry.matrix else (0,)
    return WeightSets(
        {kind: counts[kind] for kind in (*MARKS, "recurrent, one for each step") if kind in counts},
        {kind: max(logs) for kind, logs in lengths.items() if logs},
        int(np.prod(copies, dtype=int)),
        sum(values.size for values in own.values()),
        sum(values.size for values in each.values()),
        experiment.task.shape().steps,
    )
