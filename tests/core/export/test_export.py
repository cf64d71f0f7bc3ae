"""The exported scripts print what the app plots, without the app: profiles, trainings, maps."""

import ast
import contextlib
import dataclasses
import io
import re
import subprocess
import sys
from collections.abc import Callable

import numpy as np
import pytest
import torch

import core
from core import (
    Attention,
    Blobs,
    Convolutional,
    Copy,
    Experiment,
    FeedForward,
    France,
    Noise,
    Recurrent,
    Roles,
    TemporalOrder,
    Training,
    WasWere,
)
from core.export import NoScript, as_pytorch, map_as_pytorch, training_as_pytorch
from core.export.write import NETWORKS
from core.networks.attention import BLOCK_NORMS
from core.parts.activations import ACTIVATIONS
from core.parts.cells import CELLS
from core.parts.dropouts import DROPOUTS
from core.parts.initialisers import INITIALISERS
from core.parts.normalisations import NORMALISATIONS
from core.parts.optimisers import OPTIMISERS
from core.parts.skips import SKIPS
from core.tasks import TASKS

SCRIPTED = {
    "activation": ACTIVATIONS,
    "normalisation": NORMALISATIONS,
    "initialiser": INITIALISERS,
    "cell": CELLS,
    "skip": SKIPS,
    "task": TASKS,
    "dropout": DROPOUTS,
    "optimiser": OPTIMISERS,
}
NASTY = (
    r""" ' " \ \n ''' {x} {{ gain }} {% raw %} {# $gain %s # GAIN <script>alert(1) </script> ).split() 🎉 日本語 """
    + '"""'
)


def mlp(task: Blobs | None = None, seed: int = 0, **settings: object) -> Experiment:
    return Experiment(
        network=FeedForward(**({"depth": 6, "width": 12} | settings)), task=task or Blobs(points=8), seed=seed
    )


def rnn(task: object = None, seed: int = 0, **settings: object) -> Experiment:
    return Experiment(
        network=Recurrent(**({"hidden": 8, "embedding": 5} | settings)), task=task or France(gap=5), seed=seed
    )


def cnn(task: Blobs | None = None, seed: int = 0, **settings: object) -> Experiment:
    return Experiment(Convolutional(**({"depth": 5, "width": 6} | settings)), task or Blobs(points=8), seed=seed)


def attention(task: object = None, seed: int = 0, **settings: object) -> Experiment:
    return Experiment(Attention(**({"heads": 2, "head_width": 5} | settings)), task or France(gap=5), seed=seed)


CASES = {
    **{f"mlp {name}": mlp(activation=name) for name in ACTIVATIONS},
    **{f"mlp {name}": mlp(initialiser=name, gain=1.3, sigma=0.3) for name in INITIALISERS},
    **{f"mlp {name} norm": mlp(normalisation=name, bias_std=0.2) for name in NORMALISATIONS},
    **{f"mlp {name} skip": mlp(skip=name, activation="relu", gate_bias=-1.0) for name in SKIPS},
    **{f"mlp {name} skip, equal widths": mlp(Blobs(inputs=12, classes=7), skip=name) for name in SKIPS},
    "mlp of one layer": mlp(depth=1, seed=5),
    "mlp deep enough to vanish": mlp(depth=200, width=4),
    "mlp dead": mlp(initialiser="normal", sigma=0.0, activation="relu"),
    "mlp as the app starts": Experiment(network=FeedForward(), task=Blobs()),
    **{f"{name} {layers}": rnn(cell=name, layers=layers) for name in CELLS for layers in (1, 3)},
    **{f"lstm {name}": rnn(cell="lstm", initialiser=name, forget_bias=-0.5) for name in INITIALISERS},
    **{f"irnn {name}": rnn(cell="relu", initialiser=name, sigma=0.2) for name in INITIALISERS},
    **{f"{name} normalised": rnn(cell=name, recurrent_norm="layer", layers=2) for name in CELLS},
    **{f"{name} untied": rnn(cell=name, tied=False, radius=1.1, initialiser="gaussian") for name in CELLS},
    **{f"{name} chrono": rnn(cell=name, chrono=30) for name in CELLS},
    "leaky": rnn(cell="leaky", leak=0.35),
    "ring": rnn(Noise(length=60), cell="lru", r_min=0.97, r_max=0.9),
    "dropout is off": rnn(dropout="naive", drop=0.5),
    "everything at once": rnn(
        cell="peephole", layers=2, tied=False, recurrent_norm="layer", chrono=9, initialiser="nonnormal", shear=0.4
    ),
    "cnn": cnn(activation="tanh"),
    "cnn as the app starts": cnn(depth=30, width=16),
    **{f"cnn {name}": cnn(initialiser=name, gain=1.3, sigma=0.3, reach=2) for name in INITIALISERS},
    **{f"cnn {name} norm": cnn(normalisation=name, bias_std=0.2, activation="relu") for name in NORMALISATIONS},
    **{f"cnn {name} skip": cnn(skip=name, activation="gelu", normalisation="batch", pooled=True) for name in SKIPS},
    "cnn that goes round its ring": cnn(Blobs(inputs=2), reach=4),
    "cnn of one place": cnn(Blobs(inputs=1), reach=0),
    "attention": attention(),
    "attention as the app starts": Experiment(Attention(), France()),
    **{f"attention {name}": attention(block_norm=name, layers=2, activation="gelu") for name in BLOCK_NORMS},
    **{f"attention {name}, no skip": attention(block_norm=name, skip="none", gain=1.2) for name in BLOCK_NORMS},
    "attention to numbers": attention(Noise(length=12, inputs=3), layers=3, heads=1, initialiser="orthogonal"),
    "attention with an odd width": attention(WasWere(gap=4, attractors=2), heads=3),
    "radius and gain": rnn(Noise(length=30, inputs=3), radius=0.9, gain=1.1, initialiser="gaussian"),
    "radius of nothing": rnn(initialiser="normal", sigma=0.0, radius=0.9),
    "four layers, identity": rnn(Noise(length=4), cell="gru", layers=4, initialiser="identity", seed=999_999),
    "one step": rnn(Noise(length=1), layers=2),
    "long enough to vanish": rnn(Noise(length=400, inputs=2), hidden=4, gain=0.3),
    "France without a gap": rnn(France(gap=0)),
    "France, longer than its fillers": rnn(France(gap=70, mixed=True), cell="gru"),
    "France, own words": rnn(France(gap=6, fillers="Spain I oui non"), cell="lstm", layers=2),
    "France, nasty words": rnn(France(gap=24, fillers=NASTY)),
    "was/were": rnn(WasWere(), seed=3),
    "was/were, attractors": rnn(WasWere(gap=9, attractors=3, fillers="cats and dogs")),
    "was/were, more attractors than words": rnn(WasWere(gap=2, attractors=8)),
    "was/were without a gap": rnn(WasWere(gap=0, attractors=8)),
    **{f"task {name}": rnn(kind()) for name, kind in TASKS.items() if kind.gives == "sequences"},
    **{f"attention to {name}": attention(kind()) for name, kind in TASKS.items() if kind.gives == "sequences"},
    "roles, own words and attractors": rnn(Roles(gap=9, attractors=2, fillers="was le grey x"), cell="lstm", layers=2),
    "temporal order, as short as can be": rnn(TemporalOrder(length=5)),
    "copy without a pause": rnn(Copy(symbols=1, pause=0)),
    "rnn as the app starts": Experiment(),
}


SHORT = Training(batch=16, steps=12, film_every=4)


def short(experiment: Experiment, **training: object) -> Experiment:
    """The experiment with few training steps and three to four frames."""
    return dataclasses.replace(experiment, training=dataclasses.replace(SHORT, **training))


TRAININGS = {
    **{name: short(experiment) for name, experiment in CASES.items()},
    **{name: short(rnn(), optimiser=name) for name in OPTIMISERS},
    "an optimiser's end between two frames": short(rnn(), steps=10),
    "one step": short(rnn(), steps=1),
    "without clipping": short(rnn(), clip=0.0, optimiser="sgd", learning_rate=0.5),
    "clipped hard": short(rnn(), clip=0.01, optimiser="sgd", learning_rate=0.5),
    **{f"{name} dropout": short(rnn(dropout=name, drop=0.4)) for name in DROPOUTS},
    **{f"{name} dropout, stacked": short(rnn(dropout=name, layers=2, cell="gru")) for name in DROPOUTS},
    **{
        f"{name} dropout, normalised and untied": short(
            rnn(dropout=name, cell="lstm", recurrent_norm="layer", tied=False)
        )
        for name in DROPOUTS
    },
    "dropout of nothing": short(rnn(dropout="naive", drop=0.0)),
    **{f"{name} truncated": short(rnn(cell=name, layers=2), truncate=3) for name in CELLS},
    "truncated to longer than it is": short(rnn(), truncate=40),
    "truncated, a target at every step": short(rnn(Roles(gap=6)), truncate=2),
    "truncated, mixed gaps": short(rnn(France(gap=9, mixed=True)), truncate=4),
    "was/were, mixed gaps and attractors": short(rnn(WasWere(gap=9, mixed=True, attractors=3))),
    "roles, mixed gaps and attractors": short(rnn(Roles(gap=9, mixed=True, attractors=3), layers=2, cell="lstm")),
    "mixed gaps, untied": short(rnn(France(gap=6, mixed=True), tied=False)),
    "mixed gaps, dropout": short(rnn(France(gap=6, mixed=True), dropout="naive")),
    "few points": short(mlp(Blobs(points=9))),
    **{
        f"{experiment.network.name} with a sparsity penalty": short(experiment, sparsity=0.5)
        for experiment in (mlp(skip="highway"), cnn(), attention(layers=2))
    },
    **{f"sparsity penalty, {layers} layers": short(rnn(cell="relu", layers=layers), sparsity=0.5) for layers in (1, 2)},
    "sparsity penalty, a target at every step": short(rnn(Roles(gap=3)), sparsity=0.5),
    "sparsity penalty, dropout": short(rnn(dropout="fast"), sparsity=0.5),
    **{
        f"{experiment.network.name}, the last {last} trained": short(experiment, train_last=last)
        for experiment in (mlp(skip="highway"), cnn(), attention(layers=3), rnn(layers=3, cell="gru"))
        for last in (1, 3, 200)
    },
    "one layer, the last trained": short(rnn(), train_last=1),
}
MAPS = {
    **{name: rnn(cell=name) for name in CELLS if rnn(cell=name).network.written_out},
    "a target at every step": rnn(Roles(gap=4), cell="lstm"),
    "some steps without a target": rnn(Copy(pause=3), cell="gru"),
    "a number": rnn(TASKS["adding"](), cell="gru"),
    "latch": rnn(TASKS["latch"]()),
    "without words": rnn(Noise(length=6)),
    "own words": rnn(France(gap=3, fillers="non x ? ' y"), radius=1.3),
}


def run_here(script: str, namespace: dict | None = None) -> str:
    """What the script prints, run in a namespace of its own."""
    printed, before = io.StringIO(), torch.get_default_dtype()
    namespace = {} if namespace is None else namespace
    try:
        with contextlib.redirect_stdout(printed), torch.random.fork_rng(devices=[]):
            exec(compile(script, "exported.py", "exec"), namespace)
    finally:
        torch.set_default_dtype(before)
    return printed.getvalue()


def check(experiment: Experiment, printed: str) -> None:
    """Every line has the right position, word and norm."""
    profile = core.measure_many([experiment])[0]
    lines = [line.split() for line in printed.splitlines()]
    assert [int(line[0]) for line in lines] == profile.position.tolist()
    assert [word for line in lines for word in line[1:-1]] == list(profile.words)
    norm, expected = np.array([float(line[-1]) for line in lines]), profile.norm
    safe = expected > 1e-150
    np.testing.assert_allclose(norm[safe], expected[safe], rtol=1e-5)
    assert (norm[~safe] <= 1.1e-150).all()


@pytest.mark.parametrize("experiment", CASES.values(), ids=CASES.keys())
def test_script_prints_the_profile(experiment: Experiment) -> None:
    check(experiment, run_here(as_pytorch(experiment)))


@pytest.mark.parametrize("experiment", TRAININGS.values(), ids=TRAININGS.keys())
def test_script_trains_as_the_lab_does(experiment: Experiment) -> None:
    """Step, accuracy (also of what needs no memory, where that is asked) and loss of every frame."""
    check_training(experiment, run_here(training_as_pytorch(experiment)))


def check_training(experiment: Experiment, printed: str) -> None:
    run = core.advance(core.start(experiment), experiment.training.steps)
    assert not run.trouble
    rows = np.array([[float(number) for number in line.split()] for line in printed.splitlines()])
    assert rows[:, 0].tolist() == [frame.step for frame in run.film]
    assert np.isfinite([frame.loss for frame in run.film]).all()
    # accuracies jump by an example; 5e-5 is the printed rounding
    np.testing.assert_allclose(rows[:, 1], [frame.accuracy for frame in run.film], atol=1 / 256 + 5e-5)
    np.testing.assert_allclose(rows[:, -1], [frame.loss for frame in run.film], rtol=1e-5, atol=1e-6)
    if not np.isnan(run.film[0].local):
        np.testing.assert_allclose(rows[:, 2], [frame.local for frame in run.film], atol=1e-3)
    assert rows.shape[1] == (3 if np.isnan(run.film[0].local) else 4)


@pytest.mark.parametrize("cell", ["tanh", "gru", "lstm"])
def test_the_first_steps_of_the_sentences_page_are_the_labs(cell: str) -> None:
    """As the page starts, before training has magnified differences in rounding (see docs/sharing.md)."""
    own = Experiment(Recurrent(cell=cell), France(gap=40, mixed=True), Training(steps=60))
    check_training(own, run_here(training_as_pytorch(own)))


def test_a_training_that_blows_up_says_so() -> None:
    own = short(
        rnn(cell="relu", initialiser="normal", sigma=3.0), optimiser="sgd", learning_rate=10.0, clip=0.0, steps=20
    )
    assert core.advance(core.start(own), 20).trouble
    assert re.match(
        r"The loss became (inf|nan) within \d+ training steps", run_here(training_as_pytorch(own)).splitlines()[-1]
    )


def test_no_script_for_omega() -> None:
    with pytest.raises(NoScript, match=r"Ω.*Set it to 0"):
        training_as_pytorch(short(rnn(), omega=1.0))


@pytest.mark.parametrize("experiment", MAPS.values(), ids=MAPS.keys())
def test_script_prints_the_map(experiment: Experiment) -> None:
    """Row t: the norms of step t's own loss at h of every step up to t."""
    found = core.gradient_map(experiment).norm
    lines = [line.split() for line in run_here(map_as_pytorch(experiment)).splitlines()]
    assert [int(line[0]) for line in lines] == list(range(len(found)))
    for t, line in enumerate(lines):
        np.testing.assert_allclose([float(norm) for norm in line[-t - 1 :]], found[t, : t + 1], rtol=1e-4)


@pytest.mark.parametrize("experiment", [rnn(layers=2), mlp(), attention(), rnn(cell="lru"), rnn(tied=False)])
def test_no_script_where_there_is_no_map(experiment: Experiment) -> None:
    with pytest.raises(core.SpecError):
        core.gradient_map(experiment)
    with pytest.raises(NoScript, match="one layer only"):
        map_as_pytorch(experiment)


@pytest.mark.parametrize("name", ["lstm 1", "gru 1", "tanh 1", "lstm orthogonal", "irnn identity"])
def test_weights_and_data_are_the_same_bits(name: str) -> None:
    namespace: dict = {}
    run_here(as_pytorch(CASES[name]), namespace)
    parameters = dict(core.build(CASES[name]).named_parameters())
    batch = core.held_out(CASES[name], 32)
    own = {f"readout.{part}": value for part, value in namespace["readout"].named_parameters()}
    own |= {f"recurrent.{part}_l0": value for part, value in namespace["cell"].named_parameters()}
    own["embedding.weight"] = namespace["table"]
    assert own.keys() == parameters.keys()
    for part, value in own.items():
        assert value.dtype == torch.float64
        assert torch.equal(value, parameters[part].double()), part
    assert torch.equal(namespace["x"], namespace["table"][torch.from_numpy(batch.inputs)])
    assert namespace["target"].tolist() == batch.targets.tolist()


@pytest.mark.parametrize("name", ["rnn as the app starts", "France, nasty words", "mlp batch norm"])
def test_script_runs_alone(name: str, tmp_path) -> None:
    """In a process that cannot see this project, from a file, with warnings as errors."""
    script = tmp_path / "exported.py"
    script.write_text(as_pytorch(CASES[name]), encoding="utf-8")
    command = [sys.executable, "-I", "-X", "utf8", "-W", "error::UserWarning", script.name]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", timeout=120)
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    check(CASES[name], done.stdout)


@pytest.mark.parametrize("name", ["was/were, mixed gaps and attractors", "mlp batch norm"])
def test_training_script_runs_alone(name: str, tmp_path) -> None:
    """In a process that cannot see this project, from a file, with warnings as errors."""
    script = tmp_path / "exported.py"
    script.write_text(training_as_pytorch(TRAININGS[name]), encoding="utf-8")
    command = [sys.executable, "-I", "-X", "utf8", "-W", "error::UserWarning", script.name]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", timeout=120)
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    check_training(TRAININGS[name], done.stdout)


def test_the_lone_process_cannot_see_this_project(tmp_path) -> None:
    command = [sys.executable, "-I", "-c", "import core"]
    assert b"No module named 'core'" in subprocess.run(command, cwd=tmp_path, capture_output=True).stderr


SCRIPTS = {
    **{name: (as_pytorch, experiment) for name, experiment in CASES.items()},
    **{f"training: {name}": (training_as_pytorch, experiment) for name, experiment in TRAININGS.items()},
    **{f"map: {name}": (map_as_pytorch, experiment) for name, experiment in MAPS.items()},
}


@pytest.mark.parametrize(("write", "experiment"), SCRIPTS.values(), ids=SCRIPTS.keys())
def test_script_is_lean(write: Callable[[Experiment], str], experiment: Experiment) -> None:
    """It imports no more than promised, defines no setting or function in vain, and leaves no gap open."""
    script = write(experiment)
    tree = ast.parse(script)
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    assert [name.name for node in imports for name in node.names] == ["zlib", "numpy", "torch", "torch.nn.functional"]
    stored = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    stored |= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    loaded = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    assert stored - {"_"} <= loaded
    code = re.sub(r"^FILLERS = .*?\.split\(\)$", "", script, flags=re.M | re.S) if "FILLERS" in script else script
    assert not re.search(r"\{\{|\{%|\{#", code)
    assert max(map(len, code.splitlines())) <= 110


def test_script_has_only_what_was_chosen() -> None:
    lstm = as_pytorch(CASES["lstm 1"])
    for absent in ("GRUCell", "RNNCell", "norm(z", "linalg", "GAIN", "RADIUS", "SIGMA", "clone", "LAYERS", "centres"):
        assert absent not in lstm
    plain = as_pytorch(CASES["mlp tanh"])
    for absent in ("HIDDEN", "norm(z", "new", "BIAS_STD", "vocabulary", "Cell", "FILLERS", "batch_norm"):
        assert absent not in plain
    assert "FORGET_BIAS" in lstm
    assert "FORGET_BIAS" not in as_pytorch(CASES["gru 1"])


@pytest.mark.parametrize("kind", SCRIPTED)
def test_every_entry_has_its_script(kind: str) -> None:
    """Or none, where it does nothing."""
    for name, entry in SCRIPTED[kind].items():
        assert (entry.script.strip() != "") == (name != "none" or kind == "skip"), name


def test_a_network_without_a_template_has_no_script(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(NETWORKS, "mlp")
    with pytest.raises(NoScript, match="Feed-forward"):
        as_pytorch(mlp())


def test_own_words_cannot_become_code() -> None:
    """They are data: the program is the same but for the words themselves."""
    script = as_pytorch(CASES["France, nasty words"])
    (words,) = re.findall(r"^FILLERS = (.*?\.split\(\))$", script, flags=re.M | re.S)
    assert eval(words) == NASTY.split()
    other = as_pytorch(rnn(France(gap=24, fillers="a")))
    assert script.replace(words, "") == other.replace("'a'.split()", "")
