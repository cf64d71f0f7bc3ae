"""C2. Nonlinearities on the shortest and longest path from the last loss to the first input, against k · n."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..experiment.specs import Experiment
from ..instruments.grid import Grid, grid
from ..instruments.tied import Twin, tied_twin
from ..networks import Recurrent
from ..parts.activations import ACTIVATIONS
from ..tasks import Noise
from ..wording import number, scientific
from .base import Contrasts, Question, Verdict
from .settings import CELLS, not_in_force, recurrent


@dataclass(frozen=True)
class Depth:
    """grid: the gradient at each layer and step, and the lengths of the paths. layers, steps: of the network."""

    grid: Grid
    layers: int
    steps: int

    @property
    def fewest(self) -> int:
        """Returns the nonlinearities on the shortest path from the last loss to the first input."""
        return int(self.grid.lengths.onto_input[1, 0, -1])

    @property
    def most(self) -> int:
        """Returns the nonlinearities on the longest path."""
        return int(self.grid.lengths.onto_input[1, 1, -1])

    @property
    def log_arrives(self) -> float:
        """Returns ln of the share of the signal that gets to the far corner."""
        return float(self.grid.log_norm[0, 0] - self.grid.log_norm[-1, -1])


def measure(experiment: Experiment) -> Depth:
    """Measures the grid. Raises SpecError unless the network is recurrent."""
    layers, found = recurrent(experiment).layers, grid(experiment)
    return Depth(found, layers, found.log_norm.shape[1])


def _simpler(experiment: Experiment) -> tuple[int, Experiment]:
    """Returns one plain layer; of that three."""
    single = not not_in_force(experiment, {"": CELLS["plain RNN"] | {"layers": 1}})
    layers = 3 if single else 1
    return layers, experiment.changed(layers=layers, **({} if single else CELLS["plain RNN"]))


def contrasts(experiment: Experiment, result: Depth) -> Contrasts:
    """Returns one plain layer (of that three), and the feed-forward network that is the same, where there is one."""
    plain = recurrent(experiment).cell in ACTIVATIONS and recurrent(experiment).written_out and result.steps > 1
    built: Contrasts = {"built": (tied_twin, experiment)} if plain else {}
    return {"simpler": (measure, _simpler(experiment)[1]), **built}


def judge(experiment: Experiment, result: Depth, found: Mapping[str, Any]) -> Verdict:
    """Decides by whether every path passes k · n nonlinearities."""
    layers, steps, fewest, most = result.layers, result.steps, result.fewest, result.most
    products = int(result.grid.lengths.onto_input[0, 1, -1]) - 1
    claimed, other, stack = layers * steps, found["simpler"].grid, _simpler(experiment)[0]
    same = fewest == most == claimed
    plain = recurrent(experiment).cell in ACTIVATIONS and recurrent(experiment).written_out
    built: Twin | None = found.get("built")
    why = "there is one recurrent layer" + ("" if plain else " of plain units: past gates there are shorter ways")
    return Verdict(
        "holds" if same else "only_when",
        float(most),
        f"The longest path back passes {most} nonlinearities, {'as claimed' if most == claimed else f'not {claimed}'}.",
        f"{_stack(layers)} over {steps} steps: {claimed} times the work of one step. A path from the last loss to the "
        f"first input passes {fewest}{'' if fewest == most else f' to {most}'} nonlinearities and at most {products} "
        f"matrices below the read-out. {scientific(result.log_arrives)} of the gradient gets to its end."
        + (f" A plain network of {built.depth} layers gives the same, up to {number(built.outputs)}." if built else ""),
        f"{_stack(stack)}{'' if plain else ' of plain units'} over {steps} steps: {other.depth} nonlinearities, "
        f"{'as claimed' if other.depth == stack * steps else f'not {stack * steps}'}.",
        {"claimed": float(claimed), "fewest": float(fewest), "most": float(most), "products": float(products)}
        | {"ln arrives": result.log_arrives, "most, other stack": float(other.depth)},
        when="" if same else why,
    )


def _stack(layers: int) -> str:
    return "One recurrent layer" if layers == 1 else f"{layers} recurrent layers"


QUESTION = Question(
    "c2_layers_and_steps",
    "k layers over n steps",
    "k recurrent layers over n steps are a k·n-layer MLP; a string of 50 characters makes 1 layer 50 deep.",
    Experiment(Recurrent(layers=2), Noise(length=50)),
    measure,
    contrasts,
    judge,
    (),
    0.2,
)
