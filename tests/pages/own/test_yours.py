"""Your own network: examples, lists and files, as a visitor sees them, and what of a file stays behind."""

import io
import json
import re
import time
from collections.abc import Callable

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest
from torch import nn
from visiting import healthy, rows, spec, visit

from core import GradientRecorder, read_recording
from core.diagnosis import AILMENTS, FINE, FOUND, QUANTITIES
from core.diagnosis.examination import Examination, examine_file, examine_list
from core.layer_list.examples import EXAMPLES
from core.wording import LN10
from pages.own.links import ELSEWHERE, links
from pages.results.jobs import jobs

WAIT = 120  # seconds until a test gives up; nothing is timed
QUICK = {"source": "list", "layers": "linear 8 tanh linear 8 tanh", "steps": "20"}


def looked(app: AppTest, condition: Callable[[AppTest], object] = lambda app: app.get("vega_lite_chart")) -> AppTest:
    """Runs the page again until it shows what is waited for: by default the picture."""
    deadline = time.monotonic() + WAIT
    while not condition(app):
        assert time.monotonic() < deadline, f"waited in vain; the page says: {said(app)}"
        time.sleep(0.05)
        healthy(app.run())
    return app


def said(app: AppTest) -> str:
    """All text of the page, without Markdown's backslashes."""
    texts = [each.value for part in (app.markdown, app.caption, app.info, app.warning, app.success) for each in part]
    return "\n".join(texts).replace("\\", "")


def ill() -> bytes:
    """The file of a network of sigmoids, whose layers and weights have names that Markdown and Vega would take for their own."""
    torch.manual_seed(0)
    model = nn.Sequential()
    for i in range(10):
        model.add_module(f"a_{i} ![x](//elsewhere/{i}) ' \\ <b>" if i == 0 else f"a_{i}", nn.Linear(16, 16))
        model.add_module(f"s{i}", nn.Sigmoid())
    optimizer = torch.optim.SGD(model.parameters(), 0.1)
    with GradientRecorder(model, optimizer, every=2) as recorder:
        for _ in range(12):
            optimizer.zero_grad()
            loss = model(torch.randn(8, 16)).square().mean()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1e-4)
            optimizer.step()
            recorder.step(loss)
    return recorder.recording().as_bytes("x.parquet")


def test_it_shows_something_without_a_file() -> None:
    """An example, its picture and its illness, with the same numbers as core's."""
    app = looked(healthy(visit("yours")))
    example = EXAMPLES[app.selectbox(key="yours-example").value]
    own = examine_list(example.listing, example.training, example.length, 0)
    text = said(app)
    assert AILMENTS[example.ill].label in text and own.diagnosis.found[0].said in text
    cells = rows(app, "cell")
    signal = own.flow.grids["signal"] / LN10
    assert len(cells) == signal.size
    first = cells[cells["step"] == 0].sort_values("key")
    assert np.allclose(first["value"], signal[0].clip(lowest(app), None), atol=1e-4)
    assert dict(app.query_params) == {}
    (chart,) = app.get("vega_lite_chart")
    assert "Heatmap" in chart.proto.alt and "text" in chart.proto.alt
    assert app.title[0].value.endswith("?")


def lowest(app: AppTest) -> float:
    """The lowest power of ten of the picture."""
    found = re.search(r'"domain": ?\[(-?\d+), ?(-?\d+)\], ?"scheme"', spec(app)) or re.search(
        r'"domain": ?\[(-?\d+)', spec(app)
    )
    assert found
    return float(found[1])


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_is_diagnosed_on_the_page(name: str) -> None:
    """With rule, remedies and a way to an experiment that is there; the healthy one with numbers."""
    app = looked(visit("yours", {"example": name}))
    example, text = EXAMPLES[name], said(app)
    if not example.ill:
        assert "Nothing wrong found" in text and re.search(r"receives \d", text) and "What usually helps" not in text
        return
    ailment = AILMENTS[example.ill]
    assert f"**{ailment.label}**" in text and ailment.rule[5:] in text
    assert "1. " in text and "What usually helps" in text
    if example.ill in links():
        assert app.get("page_link")


@pytest.mark.parametrize("ailment", AILMENTS)
def test_every_link_leads_to_an_experiment(ailment: str) -> None:
    """The page opens with these settings and without a complaint."""
    if ailment not in links():
        pytest.fail(f"{ailment} has no experiment")
    page, words, query = links()[ailment]
    app = healthy(visit(page.removeprefix("pages/").removesuffix(".py"), query))
    assert words and not app.warning


@pytest.mark.parametrize("shown", QUANTITIES)
def test_all_quantities_can_be_drawn(shown: str) -> None:
    """Each with its own numbers."""
    app = looked(visit("yours", {**QUICK, "shown": shown}))
    experiment = app.session_state["settings yours"]["experiment"]
    own = examine_list(QUICK["layers"], experiment.training, 40, 0).flow.grids[shown]
    unit = 1.0 if shown == "zeros" else LN10
    assert np.allclose(np.sort(rows(app, "cell")["value"]), np.sort((own / unit).ravel()), atol=1e-3)


def test_a_list_is_changed_and_trained() -> None:
    """The address holds it; a mistake is said with its line, and the last list that worked stays."""
    app = looked(visit("yours", QUICK))
    app.text_area(key="yours-layers").set_value("linear 16\nrelu\nlinear 16\nrelu\nlinear 16")
    healthy(app.run())
    looked(app, lambda app: app.get("vega_lite_chart") and "linear5" in said(app))
    assert app.query_params["layers"].startswith("linear 16")
    app.text_area(key="yours-layers").set_value("linear 16\nrulu")
    healthy(app.run())
    assert "line 2: “rulu” is no layer" in said(app) and "relu" in said(app)
    assert app.query_params["layers"].startswith("linear 16\nrelu")
    assert app.text_area(key="yours-layers").value == "linear 16\nrulu"


def test_what_does_not_fit_together_is_said() -> None:
    """By the worker, without a traceback."""
    app = looked(visit("yours", {**QUICK, "layers": "residual { linear 4 }"}), lambda app: app.warning)
    assert "must keep the size, 16" in said(app)
    assert not app.get("vega_lite_chart")


def test_an_example_becomes_a_list() -> None:
    """With its training; one change, and it is another network."""
    app = looked(visit("yours", {"example": "lstm"}))
    app.button(key="yours-edit").click()
    looked(healthy(app.run()))
    assert app.text_area(key="yours-layers").value == EXAMPLES["lstm"].listing
    assert app.query_params["source"] == "list"
    experiment = app.session_state["settings yours"]["experiment"]
    assert experiment.training.steps == EXAMPLES["lstm"].training.steps
    assert "Vanishing through time" in said(app)
    app.text_area(key="yours-layers").set_value("lstm 32 f3")
    healthy(app.run())
    looked(app, lambda app: "Nothing wrong found" in said(app))


def uploaded(data: bytes, name: str = "my_run.parquet") -> AppTest:
    """The page after a file was chosen."""
    app = healthy(visit("yours", {"source": "file"}))
    assert not app.get("vega_lite_chart") and "Choose a file" in said(app)
    app.file_uploader(key="yours-upload").set_value((name, data, "application/octet-stream"))
    return healthy(app.run())


@pytest.mark.parametrize("ending", ["parquet", "json"])
def test_a_file_is_read_and_shown(ending: str) -> None:
    """Both kinds; numbers as in the file; clipping before and after."""
    data = ill()
    if ending == "json":
        data = read_recording(io.BytesIO(data)).as_bytes("x.json")
    app = looked(uploaded(data, f"run.{ending}"))
    own = examine_file(data)
    assert own.diagnosis.found[0].said.replace("\\", "") in said(app)
    cells = rows(app, "cell")
    assert len(cells) == own.flow.grids["signal"].size
    assert set(rows(app, "whole")["series"]) == {"before clipping", "as the optimiser saw it"}
    assert "Clipping does the work" in said(app)
    assert not app.get("download_button") or all("recording" not in str(each) for each in app.get("download_button"))


def test_names_from_a_file_mean_nothing_to_the_page() -> None:
    """No picture, link or tag of theirs; none of them in the chart's text, which is kept."""
    app = looked(uploaded(ill()))
    for each in (*app.markdown, *app.caption):
        assert not re.search(r"(?<!\\)!\[x(?<!\\)\]\(", each.value)
    assert "elsewhere" not in spec(app) and "a_0" not in spec(app)
    assert json.loads(spec(app))


def test_a_file_is_forgotten() -> None:
    """By the scheduler as soon as it was read; by the page when it is taken away. The address never has it."""
    data = ill()
    app = looked(uploaded(data))
    assert jobs().known(examine_file, data) is None
    assert dict(app.query_params) == {"source": "file"}
    app.file_uploader(key="yours-upload").set_value(None)
    healthy(app.run())
    assert not app.get("vega_lite_chart") and "Choose a file" in said(app)


def test_a_file_stays_for_the_visit() -> None:
    """Going to another source and back shows it again, with a way to be rid of it."""
    app = looked(uploaded(ill()))
    for source in ("example", "file"):
        app.button_group(key="yours-source").set_value(source)
        looked(healthy(app.run()))
    assert "my_run" in said(app)
    app.button(key="yours-forget").click()
    healthy(app.run())
    assert not app.get("vega_lite_chart") and "my_run" not in said(app)


@pytest.mark.parametrize("data", [b"", b"PAR1 and then nothing", b"{}", b"\x80\x04K\x01.", ill()[:-100]])
def test_other_files_are_refused_in_words(data: bytes) -> None:
    """What is wrong and what to do; then a good one works."""
    app = looked(uploaded(data), lambda app: app.warning)
    assert "recording" in app.warning[0].value
    assert not app.get("vega_lite_chart")
    app.file_uploader(key="yours-upload").set_value(("good.parquet", ill(), "application/octet-stream"))
    looked(healthy(app.run()))
    assert not app.warning


def test_the_guess_comes_first() -> None:
    """The picture is there, the diagnosis waits for the guess."""
    app = looked(visit("yours", {"example": "dead", "guess": "1"}))
    assert "Dead units" not in said(app) and "Your guess first" in said(app)
    (box,) = [each for each in app.selectbox if "-guess-" in (each.key or "")]
    box.set_value("dead")
    healthy(app.run())
    assert "right" in said(app) and "**Dead units.**" in said(app)
    (box,) = [each for each in app.selectbox if "-guess-" in (each.key or "")]
    box.set_value("Nothing")
    healthy(app.run())
    assert "something else" in said(app)


def test_everything_that_was_checked() -> None:
    """A row for each rule."""
    app = visit("yours", QUICK)
    app.session_state["yours-checked"] = True
    app.session_state["yours-chart-numbers"] = True
    looked(healthy(app.run()))
    tables = [each.value for each in app.table]
    checked = next(table for table in tables if "rule" in table)
    assert checked["ailment"].tolist() == [each.label for each in AILMENTS.values()]
    assert {"fine"} <= set(checked["result"])
    layers = next(table for table in tables if "layer" in table)
    assert layers["layer"].tolist() == ["linear1", "linear3", "linear5"]


def test_a_link_with_nonsense() -> None:
    """Is said, and the page stands."""
    app = looked(visit("yours", {"source": "list", "layers": "linear 8 }", "shown": "colours"}))
    assert "can't be shown" in said(app)


def test_the_findings_of_a_page_are_those_of_core() -> None:
    """States and words agree for every check."""
    example = EXAMPLES["tanh"]
    own: Examination = examine_list(example.listing, example.training, example.length, 0)
    app = looked(visit("yours", {"example": "tanh"}))
    for check in own.diagnosis.checks:
        assert (f"**{AILMENTS[check.ailment].label}** (found" in said(app)) == (check.state == FOUND)
    assert own.diagnosis.of(FINE)


def test_links_are_settings_that_differ() -> None:
    """From what the page shows anyway."""
    assert all(query for _, _, query in ELSEWHERE.values())
