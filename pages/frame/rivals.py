"""The same experiment with another cell, for comparison."""

from dataclasses import replace

from core import Experiment, Recurrent, SpecError


def with_cell(experiment: Experiment, cell: str) -> list[Experiment]:
    """The experiment with another cell; none where that cell does not go with the other settings (penalty Ω, untied weights)."""
    assert isinstance(experiment.network, Recurrent)
    try:
        return [replace(experiment, network=replace(experiment.network, cell=cell))]
    except SpecError:
        return []
