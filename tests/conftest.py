"""Settings for all tests: one thread, and property tests that try the same examples on every machine.

HYPOTHESIS_PROFILE=explore tries new, and more, examples at each run.
"""

import os
import tempfile

import pytest
from hypothesis import HealthCheck, settings

from core.execution import threads

threads.one_thread()

_cache = tempfile.TemporaryDirectory(
    prefix="gradient-decay-lab-tests-"
)  # results of tests are no results of the user's
os.environ["XDG_CACHE_HOME"] = _cache.name

_COMMON = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow], "database": None}
settings.register_profile("steady", derandomize=True, **_COMMON)
settings.register_profile("explore", max_examples=1000, **_COMMON)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


@pytest.fixture(autouse=True)
def one_thread() -> None:
    """Other work on the machine must not be slowed, and sums must not depend on how many cores it has."""
    threads.one_thread()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Real browsers last, and in one process: what drives them leaves an event loop running in its thread, and others want one
    of their own."""
    items.sort(key=lambda item: "browser" in item.path.parts)
    for item in items:
        if "browser" in item.path.parts:
            item.add_marker(pytest.mark.xdist_group("browser"))
