"""Your own network in a real browser: a file from a real training, a pasted list, scrubbing without a message."""

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from tab import Tab
from torch import nn

from core import GradientRecorder, read_recording
from core.diagnosis.examination import examine_file
from core.wording import LN10

Visit = Callable[..., Tab]
UPLOAD = "[data-testid=stFileUploaderDropzoneInput]"


def training() -> bytes:
    """The file of a training that is made here: sigmoid layers, the gradient clipped."""
    torch.manual_seed(1)
    layers = [part for _ in range(8) for part in (nn.Linear(16, 16), nn.Sigmoid())]
    model = nn.Sequential(*layers, nn.Linear(16, 3))
    optimizer = torch.optim.SGD(model.parameters(), 0.1)
    with GradientRecorder(model, optimizer, every=5) as recorder:
        for _ in range(40):
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(torch.randn(8, 16)), torch.randint(3, (8,)))
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1e-3)
            optimizer.step()
            recorder.step(loss)
    return recorder.recording().as_bytes("x.parquet")


def cells(tab: Tab, step: int | None = None) -> list[str]:
    """The heatmap's cells and the layers' points, of one step or all."""
    return [each for each in tab.marks("cell") if step is None or re.search(rf'"step":{step}[,}}]', each)]


def choose(tab: Tab, name: str, data: bytes) -> None:
    """A file is chosen, as with the button."""
    tab.page.locator(UPLOAD).first.set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": data}
    )


def source(tab: Tab, name: str) -> None:
    """One of the three sources is chosen."""
    tab.page.locator(".st-key-yours-source").get_by_text(name, exact=True).click()


def opened(visit: Visit, **context: object) -> Tab:
    """The page for files, which has no picture yet: it is entered by way of an example."""
    tab = visit("/yours?example=saturated", **context)
    source(tab, "A recorded file")
    tab.page.locator(UPLOAD).first.wait_for(state="attached")
    return tab


def test_an_example_is_there_at_once_and_can_be_scrubbed(visit: Visit) -> None:
    """The slider in the chart shows any recorded step without asking the server."""
    tab = visit("/yours")
    tab.until(lambda: len(cells(tab)) > 1000, "the heatmap")
    assert "Vanishing through the layers" in tab.text()
    assert len(cells(tab, 196)) > 2 * 21  # in the heatmap, as points below it, and the line through them
    shown = tab.page.locator("input[name=shown]")
    tab.watch.sent.clear()
    shown.fill("100")
    tab.until(lambda: len(cells(tab, 100)) > 2 * 21, "the points of step 100")
    assert len(cells(tab, 196)) == 21
    assert tab.watch.sent == []


def test_a_file_is_loaded(visit: Visit, tmp_path: Path) -> None:
    """The numbers in the picture are the file's; the diagnosis is core's; reload forgets it."""
    data = training()
    (tmp_path / "my run.parquet").write_bytes(data)
    own = examine_file(data)
    tab = opened(visit)
    choose(tab, "my run.parquet", data)
    tab.until(lambda: own.diagnosis.found[0].said in tab.text(), "the diagnosis")
    tab.until(lambda: len({*cells(tab)}) == own.flow.grids["signal"].size, "all cells")
    expected = sorted(round(value / LN10, 4) for value in own.flow.grids["signal"].ravel().tolist())
    found = sorted(float(re.search(r'"value":([^,}]+)', each)[1]) for each in {*cells(tab)})  # type: ignore[index]
    assert found == pytest.approx(expected, abs=1e-4)
    assert "Clipping does the work" in tab.text() and tab.marks("whole")
    assert tab.query == {"source": "file"} or "example" in tab.query
    assert "my%20run" not in tab.page.url
    tab.page.reload()
    tab.page.locator(UPLOAD).first.wait_for(state="attached")
    tab.until(lambda: "Choose a file" in tab.text(), "the page without the file")


def test_other_files_are_refused(visit: Visit) -> None:
    """With a reason; the page lives on. One that is too large never leaves the browser."""
    tab = opened(visit)
    choose(tab, "notes.json", b'{"a": 1}')
    tab.until(lambda: "this is not a recording" in tab.text(), "the reason")
    choose(tab, "big.parquet", b"PAR1" + bytes(1_100_000))
    tab.until(lambda: ("1" in tab.text() and "MB or smaller" in tab.text()) or "exceeds" in tab.text(), "the limit")
    choose(tab, "good.parquet", training())
    tab.until(lambda: "Vanishing through the layers" in tab.text(), "the good file's diagnosis")


def test_a_list_is_pasted(visit: Visit) -> None:
    """The text of print(model), then the small language with a mistake in it, then without."""
    tab = visit("/yours?source=list&steps=40")
    box = tab.page.locator(".st-key-yours-layers textarea")
    box.fill(str(nn.Sequential(nn.Linear(16, 24), nn.Tanh(), nn.Linear(24, 3))))
    tab.page.locator(".st-key-yours-go button").click()
    tab.until(lambda: tab.query.get("layers", "").startswith("Sequential("), "the address")
    tab.until(lambda: any("linear3" in each for each in tab.marks("name")), "the list's layers")
    tab.idle()
    assert len({*cells(tab, 0)}) == 2
    box.fill("linear 8\nrulu")
    box.press("Control+Enter")
    tab.until(lambda: "line 2: “rulu” is no layer. Did you mean “relu”" in tab.text(), "the mistake")
    assert box.input_value() == "linear 8\nrulu"
    box.fill("repeat 3 {\n  linear 8\n  relu\n}")
    box.press("Control+Enter")
    tab.until(lambda: any("linear7" in each for each in tab.marks("name")), "the new list's layers")
    tab.until(lambda: "rulu" not in tab.text(), "no complaint any more")
    other = visit(tab.page.url.removeprefix(tab.host))
    other.until(lambda: {*cells(other)} == {*cells(tab)}, "the same numbers at the same address")


def test_a_recording_goes_out_and_comes_back(visit: Visit) -> None:
    """What is downloaded of an example can be loaded as a file, and says the same."""
    tab = visit("/yours?example=dead")
    tab.until(lambda: "Dead units" in tab.text(), "the diagnosis")
    with tab.page.expect_download() as download:
        tab.page.get_by_role("button", name="The recording (Parquet)").click()
    data = Path(download.value.path()).read_bytes()
    recording = read_recording(io.BytesIO(data))
    assert recording.types and len(recording.steps) == 50
    source(tab, "A recorded file")
    choose(tab, "recording.parquet", data)
    tab.until(lambda: "Choose a file" not in tab.text() and "Dead units" in tab.text(), "the same diagnosis")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/yours", "/yours?example=lstm", "/attach?loop=hugging_face"])
def test_the_pages_fit_a_phone(path: str, scheme: str, visit: Visit) -> None:
    """390 pixels: nothing to scroll sideways, the chart inside the screen."""
    tab = visit(path, width=390, height=800, color_scheme=scheme)
    wide = tab.page.evaluate("() => [document.documentElement.scrollWidth, window.innerWidth]")
    assert wide[0] <= wide[1]
    inner = tab.page.locator("[data-testid=stMain]").evaluate("node => [node.scrollWidth, node.clientWidth]")
    assert inner[0] <= inner[1]
    box = tab.page.locator("[data-testid=stVegaLiteChart] svg").bounding_box()
    assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= 390.5 and box["height"] > 150


def test_copying_and_changing_a_script(visit: Visit) -> None:
    """Another loop shows another script; each can be copied."""
    tab = visit("/attach")
    assert "with core.GradientRecorder(model, optimizer, every=10)" in tab.text()
    tab.page.locator("[data-testid=stCode]").first.hover()
    assert tab.page.locator("[data-testid=stCode]").first.locator("button").count() >= 1
    tab.page.locator(".st-key-attach-loop").get_by_text("nn.LSTM", exact=True).click()
    tab.until(lambda: tab.query.get("loop") == "lstm", "the address")
    tab.until(lambda: "nn.functional.one_hot" in tab.text(), "the other script")
