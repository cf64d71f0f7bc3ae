"""An experiment spelled as Python: only what differs from the defaults."""

from typing import Any

from ..experiment.specs import Experiment
from ..fields import rules


def spelled(experiment: Experiment) -> str:
    """``core.Experiment(…)``, a line for each part; evaluating it gives the experiment back."""
    parts = [
        f"    {part}={_spec(spec)},\n"
        for part, spec in experiment.specs().items()
        if part != "training" or spec != type(spec)()
    ]
    seed = f"    seed={experiment.seed},\n" if experiment.seed else ""
    return f"core.Experiment(\n{''.join(parts)}{seed})"


def _spec(spec: Any) -> str:
    usual = type(spec)()
    told = [f"{name}={getattr(spec, name)!r}" for name in rules(spec) if getattr(spec, name) != getattr(usual, name)]
    return f"core.{type(spec).__name__}({', '.join(told)})"


def other(network: Any) -> tuple[str, list[str]]:
    """A choice of the network worth changing, and names for it: the present one and two others."""
    field = network.main
    chosen = getattr(network, field)
    usual = ["tanh", "gru", "lstm"] if field == "cell" else ["sigmoid", "tanh", "relu"]
    return field, [chosen, *(name for name in usual if name != chosen)][:3]
