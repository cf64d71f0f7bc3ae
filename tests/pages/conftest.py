"""Settings for the tests of pages."""

import pytest


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a browser there is nobody to wait for: pages do not pause after the chart."""
    monkeypatch.setattr("pages.frame.draw.PAUSE", 0.0)
