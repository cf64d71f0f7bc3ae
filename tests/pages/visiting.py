"""Visits to pages without a browser: open one as a link would, look at what it shows.

Every visit runs app.py itself. Text is found by what it is (the line under the title, the line under the chart), not by
its wording, so that rewording a page breaks no test that is not about words.
"""

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
from streamlit.testing.v1 import AppTest

from core import Experiment
from core.fields import Rule, rules

APP = Path(__file__).parents[2] / "app.py"
PAGES = ("home", "depth", "time", "sentences")
PROFILES = ("home", "depth", "time")  # those that show one untrained network's profile
HOST = "http://lab.test:8501"
# own words with everything that HTML, Markdown, LaTeX and Streamlit might take for their own
NASTY = "<b>x</b> <img/src=x> &amp; \"' *a* $x$ :red[x] 🦄 naïve"


def visit(page: str, query: Mapping[str, str] | None = None, more: bool = False, share: bool = False) -> AppTest:
    """A new visitor's first sight of ``page`` with ``query`` in the address; folded parts open if asked."""
    app = AppTest.from_file(APP, default_timeout=120)
    app.context["url"] = f"{HOST}/{'' if page == 'home' else page}"
    if page != "home":
        app.switch_page(f"pages/{page}.py")
    app.query_params.update(query or {})
    if more:
        app.session_state[f"{page}-more"] = True
    if share:
        app.session_state[f"{page}-share"] = True
    return app.run()


def healthy(app: AppTest) -> AppTest:
    """The same app, which shows neither an exception nor an error."""
    problems = [f"{each.message} {each.value}" for each in app.exception] + [each.value for each in app.error]
    assert not problems, problems
    return app


def rows(app: AppTest, role: str | None = None) -> pd.DataFrame:
    """The table behind the page's one chart, or its rows that play ``role``."""
    (chart,) = app.get("vega_lite_chart")
    table = pa.ipc.open_stream(io.BytesIO(chart.proto.data.data)).read_pandas()
    return table if role is None else table[table["role"] == role].dropna(axis="columns", how="all")


def spec(app: AppTest) -> str:
    """The chart's text, which does not contain the data."""
    (chart,) = app.get("vega_lite_chart")
    text: str = chart.proto.spec
    assert json.loads(text)
    return text


def sentence(app: AppTest) -> str:
    """The line that says what is seen: the text above the chart."""
    parts = list(app.main)
    at = [each.type for each in parts].index("vega_lite_chart")
    text: str = next(each.value for each in reversed(parts[:at]) if each.type == "markdown")
    return text


def asked(app: AppTest) -> dict[str, str]:
    """The settings in the address."""
    return {name: text if isinstance(text, str) else text[-1] for name, text in app.query_params.items()}


def experiment(app: AppTest, page: str) -> Experiment:
    """The experiment that the page shows."""
    found: Experiment = app.session_state[f"settings {page}"]["experiment"]
    return found


def controls(app: AppTest, page: str) -> dict[str, Any]:
    """Field name → widget, for the controls in sight."""
    kinds = ("slider", "button_group", "selectbox", "toggle", "number_input", "text_input")
    widgets = {each.key: each for kind in kinds for each in getattr(app, kind)}
    return {name: widgets[f"{page}-{name}"] for name in _rules(app, page) if f"{page}-{name}" in widgets}


def rule(app: AppTest, page: str, name: str) -> Rule:
    """The rule of the field called ``name`` among the page's settings."""
    return _rules(app, page)[name]


def value(app: AppTest, page: str, name: str) -> Any:
    """What the setting called ``name`` is now."""
    memory = app.session_state[f"settings {page}"]
    own = memory["experiment"]
    spec = next(s for s in (own.network, own.task, own.training, own, memory["view"]) if name in rules(s))
    return getattr(spec, name)


def _rules(app: AppTest, page: str) -> dict[str, Rule]:
    memory = app.session_state[f"settings {page}"]
    own = memory["experiment"]
    return {
        name: each
        for spec in (own.network, own.task, own.training, own, memory["view"])
        for name, each in rules(spec).items()
    }
