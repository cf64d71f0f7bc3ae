"""A notebook that drives ``core`` with an experiment's settings: measure, compare, theory, train in pieces, your own loop."""

import json
import re
from typing import Any

from ..experiment.sampling import held_out
from ..experiment.specs import Experiment
from .jinja import TEMPLATES
from .spelled import other, spelled


def as_notebook(experiment: Experiment) -> str:
    """The text of an ``.ipynb`` file (format 4.5), without outputs. Own words enter as ``repr`` writes them."""
    field, others = other(experiment.network)
    text = TEMPLATES.get_template("notebook.md.j2").render(
        experiment=spelled(experiment),
        field=field,
        others=others,
        each_step=held_out(experiment, 1).targets.ndim == 2,
        number=not experiment.task.shape().answers,
    )
    # code stands between fences, Markdown between them
    parts = re.split(r"^```python\n(.*?)^```\n", text, flags=re.M | re.S)
    kinds = ("markdown", "code")
    written = [(kinds[i % 2], part.strip() + "\n") for i, part in enumerate(parts) if part.strip()]
    whole = {
        "cells": [_cell(i, kind, part) for i, (kind, part) in enumerate(written)],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _cell(number: int, kind: str, text: str) -> dict[str, Any]:
    cell: dict[str, Any] = {"cell_type": kind, "id": f"cell-{number}", "metadata": {}}
    if kind == "code":
        cell |= {"execution_count": None, "outputs": []}
    return cell | {"source": text.splitlines(keepends=True)}
