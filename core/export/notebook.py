"""A notebook that drives ``core`` with an experiment's settings: measure, compare, theory, train in pieces, your own loop."""

import json
from typing import Any

from ..experiment.specs import Experiment
from .cells import CELLS
from .spelled import other, spelled


def as_notebook(experiment: Experiment) -> str:
    """The text of an ``.ipynb`` file (format 4.5), without outputs. Own words enter as ``repr`` writes them."""
    field, names = other(experiment.network)
    gaps = {
        "EXPERIMENT": spelled(experiment),
        "FIELD": field,
        "OTHERS": repr(names),
        "LOSS": _loss(experiment),
        "EACH_STEP": ", each_step=True" if experiment.task.name in ("roles", "copy") else "",
    }
    cells = [_cell(i, kind, _filled(text, gaps)) for i, (kind, text) in enumerate(CELLS)]
    whole = {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _loss(experiment: Experiment) -> str:
    shape = experiment.task.shape()
    if not shape.answers:
        return "F.mse_loss(answers[:, 0], targets.float())"
    if experiment.task.name in ("roles", "copy"):
        return "F.cross_entropy(answers.flatten(0, 1), targets.T.flatten(), ignore_index=-1)"
    return "F.cross_entropy(answers, targets)"


def _filled(text: str, gaps: dict[str, str]) -> str:
    for name, filling in gaps.items():
        text = text.replace(f"<{name}>", filling)
    return text


def _cell(number: int, kind: str, text: str) -> dict[str, Any]:
    cell: dict[str, Any] = {"cell_type": kind, "id": f"cell-{number}", "metadata": {}}
    if kind == "code":
        cell |= {"execution_count": None, "outputs": []}
    return cell | {"source": text.splitlines(keepends=True)}
