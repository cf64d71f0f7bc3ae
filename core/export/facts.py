"""What the lines of an exported script depend on, besides the settings themselves and the chosen entries."""

from collections.abc import Mapping
from typing import Any

from ..experiment.sampling import held_out
from ..experiment.specs import Experiment


def facts(experiment: Experiment, trains: bool) -> dict[str, Any]:
    """Everything that the templates and the entries' scripts may ask for by name, but for the entries' texts."""
    network: Any = experiment.network
    task, training = experiment.task, experiment.training
    example, shape = held_out(experiment, 1), task.shape()
    each_step = example.targets.ndim == 2
    asked = example.mask[0].nonzero()[0] if each_step else ()
    return {
        "network": network,
        "task": task,
        "training": training if trains else None,
        "words": shape.vocabulary > 0,
        "shown": example.words,  # words or numbers, step by step, that say what the profile is about
        "number": example.targets.dtype.kind == "f",
        "each_step": each_step,
        "local": set(asked) - set(example.matters),  # answers that need no memory
        "inputs": "INPUTS" if hasattr(task, "inputs") else str(shape.inputs),
        "size": "size" if trains else "BATCH",
        "hs": not trains or each_step or training.sparsity,
        "cut": trains and training.truncate,
        "last": trains and training.train_last,
        **(_of_recurrent(network, trains) if network.name == "rnn" else _of_others(network)),
    }


def _of_recurrent(network: Any, trains: bool) -> Mapping[str, Any]:
    cell = network.entry
    plain = cell.script_torch and network.tied and network.recurrent_norm == "none" and not trains
    return {
        "matrix": cell.matrix,
        "radius": network.radius,
        "stacked": network.layers > 1,
        "written_out": not plain,  # or torch's module does the same
        "drops": network.drops,
        "noisy": network.drops and trains,
        "rows": "GATES * HIDDEN" if cell.gates > 1 else "HIDDEN",
        "weight_hh": "weight_hh" if network.tied else "weight_hh[t]",
    }


def _of_others(network: Any) -> Mapping[str, Any]:
    return {
        "matrix": True,
        "radius": 0.0,
        "stacked": False,
        "drops": False,
        "noisy": False,
        "seen": "h[:, :, ring]" if network.name == "cnn" else "h",  # by a layer
    }
