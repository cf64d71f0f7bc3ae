"""What decides which lines an exported script has, and how a recurrent cell is called in it."""

from collections.abc import Mapping
from typing import Any

from core.export_snippets import CONSTANTS, TORCH_CELLS
from core.sampling import held_out
from core.specs import Experiment


def flags_of(experiment: Experiment) -> dict[str, Any]:
    """What the scripts' lines depend on."""
    network: Any = experiment.network
    task: Any = experiment.task
    cell = network.entry if network.name == "rnn" else None
    example = held_out(experiment, 1)
    chrono = cell and network.chrono and cell.chrono
    return {
        "layers": network.axis == "layer",
        "cnn": network.name == "cnn",
        "attention": network.name == "attention",
        "words": task.shape().vocabulary > 0,
        "shown": example.words,
        "attractors": getattr(task, "attractors", 0) and task.gap,
        "each_step": example.targets.ndim == 2,
        "number": example.targets.dtype.kind == "f",
        "matrix": not cell or cell.matrix,
        "radius": getattr(network, "radius", 0.0),
        "gain": network.gain != 1.0,
        "bias_std": getattr(network, "bias_std", 0.0),
        "pooled": getattr(network, "pooled", False),
        "residual": getattr(network, "skip", "none") == "residual",
        "normed": getattr(network, "block_norm", "none") != "none",
        "post": getattr(network, "block_norm", "none") == "post",
        "stacked": cell and network.layers > 1,
        "untied": cell and not network.tied,
        "recurrent_norm": cell and network.recurrent_norm != "none",
        "written": cell and not (cell.name in TORCH_CELLS and network.tied and network.recurrent_norm == "none"),
        "dropout": cell and network.drops,
        "gates": cell and cell.gates > 1,
        "memory": cell and cell.states > 1,
        "forget": cell and cell.forget is not None and not chrono,
        "chrono": chrono,
    }


def calls(network: Any, flags: Mapping[str, Any]) -> dict[str, str]:
    """How a recurrent cell is made and called: its numbers' names and the shapes of its states."""
    cell = network.entry
    width = "2 * HIDDEN" if cell.reals > 1 else "HIDDEN"
    rows = "GATES * HIDDEN" if cell.gates > 1 else "HIDDEN"
    zero = f"torch.zeros(BATCH, {width}{', requires_grad=True' if flags['written'] else ''})"
    names = ["h", "c"][: cell.states]
    old = [f"{name}[layer]" for name in names] if flags["stacked"] else names
    x = "up" if flags["stacked"] else "x[:, t]"
    together = f"({', '.join(old)})" if len(old) > 1 else old[0]
    step = ["t"] if flags["untied"] else []
    given = [*step, x, *old] if flags["written"] else [x, together]
    return {
        "rows": rows,
        "width": width,
        "zero": zero,
        "zeros": zero if len(names) == 1 else f"{zero}, {zero}",
        "state": ", ".join(names),
        "state_names": ", ".join(names),
        "arguments": ", ".join([*step, "x", *names]),
        "call": f"cell({', '.join(given)})",
        "weight_hh": "weight_hh[t]" if flags["untied"] else "weight_hh",
        "forget": str(cell.forget),
        "chrono": "\n".join(
            f"bias.reshape(2, GATES, HIDDEN)[:, {gate}] = [{'-' if sign < 0 else ''}np.log(memory), np.zeros(HIDDEN)]"
            for gate, sign in (cell.chrono if flags["chrono"] else ())
        ),
        "constants": CONSTANTS.get(cell.name, ""),
        "torch_cell": TORCH_CELLS.get(cell.name, ""),
        "every_h": "torch.stack(hs[LAYERS - 1 :: LAYERS])" if flags["stacked"] else "torch.stack(hs)",
    }
