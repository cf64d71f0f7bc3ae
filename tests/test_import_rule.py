"""Import rule: app, server → pages → pages.lessons → pages.exhibits → pages.ui → pages.charts → core, never upwards,
and no page imports a page.

core knows no screen (streamlit, altair); charts are pure (no streamlit, no torch, no pages.ui). The check reads the
source, so imports inside functions and by ``importlib.import_module("…")`` count as well.
"""

import ast
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PARTS = ("core", "pages.ui", "pages.charts", "pages.exhibits", "pages.own", "pages.lessons", "pages", "app", "server")
SCREEN = ("streamlit", "altair")
UPWARDS = {  # part → what it may not import; "page" stands for any page
    "core": (*SCREEN, "pages", "app", "server"),
    "pages.charts": ("streamlit", "torch", "pages.ui", "pages.exhibits", "pages.lessons", "page", "app", "server"),
    "pages.ui": ("pages.exhibits", "pages.lessons", "page", "app", "server"),
    "pages.exhibits": ("pages.lessons", "page", "app", "server"),
    "pages.lessons": ("page", "app", "server"),
    "pages.own": ("page", "app", "server"),
    "pages": ("page", "app", "server"),
    "app": ("server",),
    "server": ("page", "app"),
}


def violations(root: Path) -> list[str]:
    """“file: imports name” for every import that goes against the rule."""
    found = []
    for path in sources(root):
        module = ".".join(path.relative_to(root).with_suffix("").parts)
        for name in imports(path, module):
            if any(matches(name, forbidden) for forbidden in UPWARDS[part_of(module)]) and name != module:
                found.append(f"{path.relative_to(root)}: imports {name}")
    return sorted(set(found))


def sources(root: Path) -> Iterator[Path]:
    """app.py, server.py and everything in core/ and pages/."""
    yield from (path for folder in ("core", "pages") for path in sorted((root / folder).rglob("*.py")))
    yield from (root / name for name in ("app.py", "server.py") if (root / name).exists())


def part_of(module: str) -> str:
    """The part of the house that a module lives in."""
    return next(part for part in PARTS if inside(module, part))


def inside(name: str, package: str) -> bool:
    """``name`` is ``package``, something in it, or a sister distribution such as streamlit_x."""
    return name == package or name.startswith((package + ".", package + "_"))


def matches(name: str, forbidden: str) -> bool:
    """``name`` is what is forbidden; “page” is whatever lies in pages/ but is no ui, chart or exhibit."""
    if forbidden == "page":
        return name.startswith("pages.") and not any(
            inside(name, part) for part in ("pages.ui", "pages.charts", "pages.exhibits", "pages.own", "pages.lessons")
        )
    return inside(name, forbidden)


def imports(path: Path, module: str) -> Iterator[str]:
    """Dotted names of all that a file imports; ``from a import b`` gives a and a.b."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = module.split(".")[: -node.level] if node.level else []
            origin = ".".join([*base, *([node.module] if node.module else [])])
            yield origin
            yield from (f"{origin}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("importlib.import_module", "__import__"):
            yield from (a.value for a in node.args[:1] if isinstance(a, ast.Constant) and isinstance(a.value, str))


def test_no_import_goes_upwards() -> None:
    """The project as it is."""
    assert sum(1 for _ in sources(ROOT)) > 20
    assert violations(ROOT) == []


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The project's sources, to plant violations in."""
    for folder in ("core", "pages"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "pages" / "planted_neighbour.py").write_text("")
    return tmp_path


PLANTED = [
    ("core/planted.py", "import streamlit", "streamlit"),
    ("core/planted.py", "import streamlit.components.v1 as components", "streamlit.components.v1"),
    ("core/planted.py", "from streamlit_echarts import st_echarts", "streamlit_echarts"),
    ("core/tasks/planted.py", "from altair import Chart", "altair"),
    ("core/theory/planted.py", "def late():\n    import altair as alt", "altair"),
    ("core/planted.py", "from pages.charts import profile", "pages.charts"),
    (
        "core/planted.py",
        "import importlib\nimportlib.import_module('pages.results.profiles')",
        "pages.results.profiles",
    ),
    ("core/planted.py", "import app", "app"),
    ("pages/charts/planted.py", "import streamlit as st", "streamlit"),
    ("pages/charts/planted.py", "from torch import Tensor", "torch"),
    ("pages/charts/planted.py", "from pages.results.profiles import x", "pages.results.profiles"),
    ("pages/charts/planted.py", "from pages import ui", "pages.ui"),
    ("pages/charts/planted.py", "from ..ui import cache", "pages.ui"),
    ("pages/charts/planted.py", "from pages.planted_neighbour import x", "pages.planted_neighbour"),
    ("pages/ui/planted.py", "from pages.exhibits import EXHIBITS", "pages.exhibits"),
    ("pages/exhibits/planted.py", "import pages.planted_neighbour", "pages.planted_neighbour"),
    ("server.py", "import pages.planted_neighbour", "pages.planted_neighbour"),
    ("pages/ui/planted.py", "from pages import planted_neighbour", "pages.planted_neighbour"),
    ("pages/ui/planted.py", "try:\n    import app\nexcept ImportError:\n    pass", "app"),
    ("pages/planted.py", "import pages.planted_neighbour", "pages.planted_neighbour"),
    ("pages/planted.py", "from . import planted_neighbour", "pages.planted_neighbour"),
    ("pages/planted.py", "__import__('app')", "app"),
]


@pytest.mark.parametrize(("file", "line", "name"), PLANTED)
def test_every_rule_can_fail(copy: Path, file: str, line: str, name: str) -> None:
    """A planted violation is found, in the file it is in."""
    (copy / file).write_text(line)
    assert f"{file}: imports {name}" in violations(copy)
    assert all(violation.startswith(file) for violation in violations(copy))


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("core/planted.py", "import numpy, torch\nfrom core import specs\nfrom .fields import Spec  # not streamlit"),
        ("core/planted.py", "'import streamlit'\nimport application, pagesize"),
        ("pages/charts/planted.py", "import altair as alt\nimport core\nfrom pages.charts import numbers"),
        (
            "pages/ui/planted.py",
            "import streamlit as st\nimport core\nfrom pages.charts import numbers\nfrom . import cache",
        ),
        (
            "pages/planted.py",
            "import streamlit as st\nimport core\nfrom pages.ui import page\nfrom pages.charts import x",
        ),
        ("app.py", "import streamlit as st\nimport pages.home\nfrom pages.ui import page\nimport core"),
    ],
)
def test_what_is_allowed_is_not_found(copy: Path, file: str, line: str) -> None:
    """Imports downwards, words in comments and strings, and names that merely look alike."""
    (copy / file).write_text(line)
    assert violations(copy) == []
