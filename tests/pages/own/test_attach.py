"""How to attach the recorder: every script that the page shows really runs, and its numbers are where they come from."""

import io
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest
from torch import nn
from visiting import healthy, rows, visit

from core import GradientRecorder, read_recording
from core.diagnosis import diagnose
from core.recording import KINDS
from pages.charts.cost import COSTS, EACH, TENTH

ROOT = Path(__file__).parents[3]
LOOPS = ("loop", "callback", "hugging_face", "lstm")


def codes(app: AppTest) -> list[str]:
    """The pieces of code: the excerpt and the whole."""
    return [each.value for each in app.code]


def said(app: AppTest) -> str:
    """The computed sentence."""
    return next(each.value for each in app.markdown if "recorded steps" in each.value)


@pytest.mark.parametrize("loop", LOOPS)
def test_each_loop_has_its_script(loop: str) -> None:
    """Three marked places in the excerpt, which is part of the whole; copy and download are there."""
    app = healthy(visit("attach", {"loop": loop}))
    excerpt, whole = codes(app)
    assert all(line in whole for line in excerpt.splitlines())
    assert [mark for mark in "123" if re.search(rf'(# |"""){mark}', excerpt)] == ["1", "2", "3"]
    assert "GradientRecorder" in excerpt and ".step(" in excerpt and ".save(" in excerpt
    assert app.get("download_button")
    assert app.title[0].value.endswith("?") and not app.warning


@pytest.mark.parametrize("loop", [each for each in LOOPS if each != "hugging_face"])
def test_the_scripts_run(loop: str, tmp_path: Path) -> None:
    """As they are downloaded, in a folder of their own beside core; the file that they write can be loaded."""
    script = codes(visit("attach", {"loop": loop, "every": "20"}))[1]
    (tmp_path / "script.py").write_text(script, encoding="utf-8")
    (tmp_path / "core").symlink_to(ROOT / "core")
    run = [sys.executable, "-W", "error", "script.py"]
    done = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    recording = read_recording(tmp_path / "recording.parquet")
    assert recording.every == 20 and len(recording.steps) >= 10 and len(recording.losses) == len(recording.steps)
    found = [check.ailment for check in diagnose(recording).found]
    assert found[:1] == {"loop": ["vanishing"], "callback": [], "lstm": ["vanishing_time"]}[loop]
    if loop == "lstm":
        assert re.search(r"halves every \d+\.\d steps", done.stdout)


def test_the_hugging_face_callback_records(tmp_path: Path) -> None:
    """Its hooks in the order in which transformers' Trainer calls them, around a network from a configuration."""
    from transformers import TrainerCallback, TrainerControl, TrainerState

    from pages.own.snippets.hugging_face import RecordGradients
    from tests.core.recording.recorded_networks import made

    callback = RecordGradients(str(tmp_path / "run.parquet"), every=2)
    assert isinstance(callback, TrainerCallback)
    model, loss = made("gpt2")
    inner = torch.optim.Adam(model.parameters(), 1e-3)

    class Wrapped:  # as accelerate does it
        optimizer = inner

    common = (None, TrainerState(), TrainerControl())
    callback.on_train_begin(*common, model=model, optimizer=Wrapped())
    for _ in range(6):
        value = loss()
        value.backward()
        inner.step()
        model.zero_grad()
        callback.on_step_end(*common)
        callback.on_log(*common, logs={"loss": float(value.detach())})
    callback.on_log(*common, logs={"epoch": 1.0})
    callback.on_train_end(*common)
    recording = read_recording(tmp_path / "run.parquet")
    assert recording.steps.tolist() == [0, 2, 4]
    assert len(recording.losses) == 3
    assert not any(module._forward_hooks for module in model.modules())


def test_the_costs_are_those_of_the_documentation() -> None:
    """Number by number, in docs/recorder.md's table; both name the benchmark."""
    text = (ROOT / "docs" / "recorder.md").read_text(encoding="utf-8")
    table = text.partition("| network | every = 10 | every = 1 |")[2].partition("\n\n")[0]
    found = {}
    for line in table.splitlines()[2:]:
        name, *cells = (cell.strip().replace("`", "") for cell in line.strip("|").split("|"))
        found[name] = [tuple(float(number) for number in re.findall(r"\d+\.\d+", cell)) for cell in cells]
    assert len(found) == len(COSTS)
    for cost in COSTS:
        tenth, each = found[cost.network]
        assert (min(tenth), max(tenth)) == cost.tenth
        assert (each or None) == cost.each
    app = visit("attach")
    assert any("benchmarks/recorder.py" in each.value for each in app.caption)
    shown = rows(app)
    assert len(shown) == sum(1 + bool(cost.each) for cost in COSTS)
    assert set(shown["series"]) == {TENTH, EACH}


@pytest.mark.parametrize(
    ("query", "parts"),
    [
        ({}, ("200 recorded steps", "fits here", "1.06 to 1.23")),
        ({"every": "1"}, ("2,000 recorded steps", "more than the 1 MB", "1.20 to 1.71")),
        ({"every": "1", "updates": "100000", "recorded": "100"}, ("a million rows at most",)),
        ({"every": "5", "updates": "100"}, ("20 recorded steps", "less than 1.20")),
    ],
)
def test_how_much_it_will_be(query: dict[str, str], parts: tuple[str, ...]) -> None:
    """Steps, size, whether it fits, and the time."""
    sentence = said(healthy(visit("attach", query)))
    assert all(part in sentence for part in parts), sentence


@pytest.mark.parametrize(("layers", "span"), [(4, 0), (12, 0), (1, 50)])
def test_the_size_is_that_of_a_real_file(layers: int, span: int) -> None:
    """Within a third, for networks recorded here."""
    torch.manual_seed(0)
    if span:
        model: nn.Module = nn.Sequential(nn.GRU(8, 16))
        inputs = torch.randn(span, 4, 8)
    else:
        model, inputs = nn.Sequential(*[nn.Linear(8, 8) for _ in range(layers)]), torch.randn(16, 8)
    optimizer = torch.optim.Adam(model.parameters(), 1e-3)
    with GradientRecorder(model, optimizer) as recorder:
        for _ in range(100):
            optimizer.zero_grad()
            out = model(inputs)
            (out[0] if isinstance(out, tuple) else out).square().mean().backward()
            optimizer.step()
            recorder.step(0.0)
    real = len(recorder.recording().as_bytes("x.parquet"))
    query = {"every": "1", "updates": "100", "recorded": str(layers), "span": str(span)}
    told = float(re.search(r"([\d.e-]+) MB as Parquet", said(visit("attach", query)))[1]) * 1e6  # type: ignore[index]
    assert np.isclose(told, real, rtol=0.35), (told, real)
    assert read_recording(io.BytesIO(recorder.recording().as_bytes("x.json"))).steps.size == 100


def test_what_is_recorded_is_the_registry() -> None:
    """Every kind with its lesson."""
    app = visit("attach")
    table = next(each.value for each in app.table if "what it tells" in each.value)
    assert table["what it tells"].tolist() == [kind.lesson for kind in KINDS.values()]
