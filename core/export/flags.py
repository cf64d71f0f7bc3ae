"""What decides which lines an exported script has, and what fills its gaps besides the chosen texts."""

from collections.abc import Mapping
from typing import Any

from ..experiment.sampling import held_out
from ..experiment.specs import Experiment
from .snippets import CONSTANTS, PASSES, TORCH_CELLS
from .training import DRAWS


def flags_of(experiment: Experiment, training: bool) -> dict[str, Any]:
    """What the scripts' lines depend on."""
    network: Any = experiment.network
    task: Any = experiment.task
    cell = network.entry if network.name == "rnn" else None
    example, wish = held_out(experiment, 1), experiment.training
    chrono = cell and network.chrono and cell.chrono
    each_step = example.targets.ndim == 2
    asked = example.mask[0].nonzero()[0] if each_step else ()
    plain = cell and cell.name in TORCH_CELLS and network.tied and network.recurrent_norm == "none" and not training
    return {
        "training": training,
        "layers": network.axis == "layer",
        "cnn": network.name == "cnn",
        "attention": network.name == "attention",
        "words": task.shape().vocabulary > 0,
        "shown": example.words,
        "mixed": training and getattr(task, "mixed", False) and task.gap > 1,
        "attractors": getattr(task, "attractors", 0) and task.gap,
        "each_step": each_step,
        "every_h": each_step,
        "last_h": not each_step,
        "local": set(asked) - set(example.matters),
        "number": example.targets.dtype.kind == "f",
        "matrix": not cell or cell.matrix,
        "radius": getattr(network, "radius", 0.0),
        "gain": network.gain != 1.0,
        "bias_std": getattr(network, "bias_std", 0.0),
        "pooled": getattr(network, "pooled", False),
        "residual": getattr(network, "skip", "none") == "residual",
        "highway": getattr(network, "skip", "none") == "highway",
        "normed": getattr(network, "block_norm", "none") != "none",
        "post": getattr(network, "block_norm", "none") == "post",
        "stacked": cell and network.layers > 1,
        "untied": cell and not network.tied,
        "recurrent_norm": cell and network.recurrent_norm != "none",
        "written": cell and not plain,
        "dropout": cell and network.drops,
        "noisy": cell and network.drops and training,
        "gates": cell and cell.gates > 1,
        "memory": cell and cell.states > 1,
        "forget": cell and cell.forget is not None and not chrono,
        "chrono": chrono,
        "hs": not training or each_step or wish.sparsity,
        "cut": training and wish.truncate,
        "sparsity": wish.sparsity,
        "clip": wish.clip,
        "last": training and wish.train_last,
    }


def gaps(experiment: Experiment, flags: Mapping[str, Any]) -> dict[str, str]:
    """Gap → its text, of what depends on the shapes of network and task."""
    network: Any = experiment.network
    shape, training = experiment.task.shape(), flags["training"]
    apart = training and (flags["mixed"] or experiment.task.name == "blobs")
    given = str(shape.inputs) if "inputs" not in type(experiment.task).__dataclass_fields__ else "INPUTS"
    common = {
        "place": network.axis,
        "pass": PASSES[network.name],
        "size": "size" if training else "BATCH",
        "gap": "gap" if flags["mixed"] else "GAP",
        "mode": ", training" if apart else "",
        "test": ", training=False" if apart else "",
        "train": ", training=True" if apart else "",
        "matters": "SYMBOLS",
        "steps": "test_x.shape[1]" if training else "x.shape[1]",
        "embedding": "width" if flags["attention"] else "EMBEDDING",
    }
    if network.name == "rnn":
        return common | _of_cell(network, flags, "EMBEDDING" if flags["words"] else given)
    if flags["attention"]:
        table = {"embedding": "HEADS * HEAD_WIDTH"}
        return common | table | {"inputs": given, "read": "width", "every_h": "every_h"}
    places = "WIDTH" if not flags["cnn"] or flags["pooled"] else "WIDTH * INPUTS"
    return common | {
        "inputs": "1" if flags["cnn"] else given,
        "read": places,
        "seen": "h[:, :, ring]" if flags["cnn"] else "h",
        "every_h": "every_h",
    }


def _of_cell(network: Any, flags: Mapping[str, Any], inputs: str) -> dict[str, str]:
    """How a recurrent cell is made and called: its numbers' names and the shapes of its states."""
    cell = network.entry
    width = "2 * HIDDEN" if cell.reals > 1 else "HIDDEN"
    rows = "GATES * HIDDEN" if cell.gates > 1 else "HIDDEN"
    start = "" if flags["training"] or not flags["written"] else ", requires_grad=True"
    zero = f"torch.zeros({'len(x)' if flags['training'] else 'BATCH'}, {width}{start})"
    names = ["h", "c"][: cell.states]
    old = [f"{name}[layer]" for name in names] if flags["stacked"] else names
    x = "up" if flags["stacked"] else "x[:, t]"
    together = f"({', '.join(old)})" if len(old) > 1 else old[0]
    step = ["t"] if flags["untied"] else []
    noise = [f"noise[{'layer][' if flags['stacked'] else ''}t]"] if flags["noisy"] else []
    given = [*step, x, *noise, *old] if flags["written"] else [x, together]
    made, ready = CONSTANTS.get(cell.name, ("", ""))
    return {
        "inputs": inputs,
        "rows": rows,
        "width": width,
        "read": width,
        "zero": zero,
        "zeros": zero if len(names) == 1 else f"{zero}, {zero}",
        "state": ", ".join(names),
        "state_names": ", ".join(names),
        "detached": ", ".join(f"{name}.detach()" for name in names),
        "arguments": ", ".join([*step, "x", *(["noise"] if noise else []), *names]),
        "call": f"cell({', '.join(given)})",
        "weight_hh": "weight_hh[t]" if flags["untied"] else "weight_hh",
        "forget": str(cell.forget),
        "chrono": "\n".join(
            f"bias.reshape(2, GATES, HIDDEN)[:, {gate}] = [{'-' if sign < 0 else ''}np.log(memory), np.zeros(HIDDEN)]"
            for gate, sign in (cell.chrono if flags["chrono"] else ())
        ),
        "constants": made,
        "constants_ready": ready,
        "dropout_draw": DRAWS.get(network.dropout, ""),
        "torch_cell": TORCH_CELLS.get(cell.name, ""),
        "every_h": "torch.stack(hs[LAYERS - 1 :: LAYERS])" if flags["stacked"] else "torch.stack(hs)",
    }
