"""The page for admins: closed without a key, shown with the right one only, and it keeps the key to itself."""

import dataclasses
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from core.execution.limits import PREFIX, Limits
from core.fields import rules
from pages.server.metrics import MEANING
from tests.server.conftest import ROOT

Open = Callable[[str], AppTest]


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Open:
    """``page("key")``: the page of a server with that key."""
    from pages.results import jobs

    def new(key: str) -> AppTest:
        own = dataclasses.replace(jobs.limits(), admin=key)
        monkeypatch.setattr(jobs, "limits", lambda: own)
        return AppTest.from_file(str(ROOT / "pages" / "admin.py"), default_timeout=60).run()

    return new


def test_without_a_key_it_is_closed(page: Open) -> None:
    """Nothing to type, nothing to see."""
    app = page("")
    assert "GDL_ADMIN" in app.info[0].value
    assert not app.text_input and not app.dataframe


def test_the_wrong_key_opens_nothing(page: Open) -> None:
    """Not even an empty one."""
    app = page("a long key")
    assert not app.dataframe and not app.warning
    app.text_input(key="admin-key").input("a long").run()
    assert app.warning and not app.dataframe


def test_the_key_opens_it(page: Open) -> None:
    """All numbers with their meaning, all limits in force, and the key nowhere."""
    app = page("schlüssel")
    app.text_input(key="admin-key").input("schlüssel").run()
    assert not app.exception and not app.warning
    numbers, limits = (each.value for each in app.dataframe)
    assert set(numbers["in /metrics"]) == {f"gdl_{name}" for name in MEANING}
    assert set(numbers["what"]) == set(MEANING.values())
    assert set(limits["variable"]) == {PREFIX + name.upper() for name in rules(Limits)}
    assert not limits.astype(str).isin(["schlüssel"]).any(axis=None)
    assert limits.set_index("variable").loc["GDL_STEPS", "value"] == "5000"
