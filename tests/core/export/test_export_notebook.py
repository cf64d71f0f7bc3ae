"""The notebook runs, with any experiment's settings, and says what core says."""

import ast
import contextlib
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from test_export import CASES, NASTY, TRAININGS, rnn

import core
from core import Attention, Convolutional, Copy, Experiment, FeedForward, France, Recurrent, Roles, Training
from core.export import as_notebook
from core.export.spelled import spelled
from core.tasks import TASKS

COMMITTED = Path(__file__).parents[3] / "notebooks" / "gradient_decay.ipynb"
QUICK = Training(steps=20, film_every=10, batch=8)


def cells(notebook: str, kind: str = "code") -> list[str]:
    return ["".join(cell["source"]) for cell in json.loads(notebook)["cells"] if cell["cell_type"] == kind]


def run(notebook: str) -> tuple[dict[str, Any], str]:
    """What its code cells leave behind and print. What a cell ends with is shown, as Jupyter does; charts are checked."""
    names: dict[str, Any] = {}
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        for cell in cells(notebook):
            body = ast.parse(cell).body
            last = body.pop() if isinstance(body[-1], ast.Expr) else None
            exec(compile(ast.Module(body, []), "cell", "exec"), names)
            if last is not None:
                shown = eval(compile(ast.Expression(last.value), "cell", "eval"), names)
                if hasattr(shown, "to_dict"):
                    shown.to_dict()
    return names, printed.getvalue()


def test_the_committed_notebook_is_the_generated_one() -> None:
    """With the default experiment; `python -m core.export` writes it anew."""
    assert COMMITTED.read_text(encoding="utf-8") == as_notebook(Experiment())


def test_the_committed_notebook_runs() -> None:
    names, printed = run(COMMITTED.read_text(encoding="utf-8"))
    profile, training = core.measure(Experiment()), core.advance(core.start(Experiment()), 500)
    assert f"multiplies the signal by {profile.rate:.3f}" in printed
    assert f"step  500: {training.accuracy:.0%} right" in printed
    assert list(names["film"]["accuracy"]) == [frame.accuracy for frame in training.film]
    for prediction in profile.predicted:
        assert prediction.name in printed
    assert len(names["weights"]) > 10


KINDS = {
    **{name: Experiment(Recurrent(hidden=6), kind()) for name, kind in TASKS.items() if kind.gives == "sequences"},
    **{
        f"{kind.name} {cell}": Experiment(Recurrent(cell=cell, hidden=6), kind())
        for kind in (Roles,)
        for cell in ("lru",)
    },
    "copy with a GRU": Experiment(Recurrent(cell="gru", hidden=6, layers=2), Copy()),
    "attention": Experiment(Attention(), Roles()),
    "mlp": Experiment(FeedForward(depth=4), TASKS["blobs"]()),
    "cnn": Experiment(Convolutional(depth=4, activation="relu", initialiser="he"), TASKS["blobs"]()),
    "own words": rnn(France(gap=24, fillers=NASTY)),
}


@pytest.mark.parametrize("experiment", KINDS.values(), ids=KINDS.keys())
def test_every_kind_of_experiment_runs(experiment: Experiment) -> None:
    own = replace(experiment, training=QUICK)
    names, printed = run(as_notebook(own))
    assert names["experiment"] == own
    assert f"multiplies the signal by {core.measure(own).rate:.3f}" in printed
    assert "step   20" in printed


@pytest.mark.parametrize("experiment", [*CASES.values(), *TRAININGS.values()], ids=[*CASES, *TRAININGS])
def test_a_spelled_experiment_is_the_experiment(experiment: Experiment) -> None:
    assert eval(spelled(experiment), {"core": core}) == experiment


def test_own_words_stay_words() -> None:
    """One cell holds them, as the text of one literal; nothing else changes."""
    own, plain = (as_notebook(rnn(France(gap=24, fillers=words))) for words in (NASTY, "a"))
    ((cell, _),) = [pair for pair in zip(cells(own), cells(plain), strict=True) if pair[0] != pair[1]]
    assignment, shown = ast.parse(cell).body
    assert isinstance(assignment, ast.Assign) and ast.unparse(shown) == "experiment"
    assert eval(ast.unparse(assignment.value), {"core": core}).task.fillers == " ".join(NASTY.split())


def test_it_is_a_notebook() -> None:
    """The fields that format 4.5 asks for; nothing is stored of a run."""
    whole = json.loads(as_notebook(Experiment()))
    assert (whole["nbformat"], whole["nbformat_minor"]) == (4, 5)
    assert len({cell["id"] for cell in whole["cells"]}) == len(whole["cells"]) > 15
    for cell in whole["cells"]:
        assert cell["cell_type"] in ("code", "markdown")
        assert cell["metadata"] == {}
        if cell["cell_type"] == "code":
            assert cell["outputs"] == [] and cell["execution_count"] is None
    assert "<" not in "".join(cells(as_notebook(Experiment()))).replace("<=", "")
