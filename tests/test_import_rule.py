"""The import rule, by folders: a folder imports what stands below it in these lists, and nothing else.

The check reads the source: imports in functions, behind TYPE_CHECKING and by ``importlib.import_module("…")`` count as well.
Nor is there a circle of files, which no folder could see.
"""

import ast
import shutil
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# from the ground up; folders of one line may not import each other
CORE = (
    ("fields", "registry", "wording"),
    ("parts",),
    ("tasks",),
    ("networks",),
    ("experiment",),
    ("gradients",),
    ("theory",),
    ("training",),
    ("instruments",),
    ("questions",),
    ("maps",),
    ("recording",),
    ("layer_list",),
    ("diagnosis",),
    ("export",),
    ("execution",),
)
GROUND = ("fields", "registry", "wording")  # single files, which may import each other
PAGES = (("charts", "glossary", "server"), ("results",), ("frame",), ("share",), ("questions",))
PAGES += (("lessons", "challenges", "maps", "own"), ("page",), ("app", "server.py"))
SCREEN = ("streamlit", "altair")
OUTSIDE = {"core": SCREEN, "charts": ("streamlit", "torch")}  # folder → libraries that it must not know


def rank(levels: tuple[tuple[str, ...], ...], room: str) -> int:
    """How far above the ground a folder stands."""
    return next(i for i, level in enumerate(levels) if room in level)


def room_of(module: str) -> tuple[str, str]:
    """The part of the house and the folder in it: ("core", "parts"), ("pages", "frame"), ("pages", "page"), ("pages", "app")."""
    parts = module.split(".")
    if parts[0] == "core":
        return "core", parts[1] if len(parts) > 1 and any(parts[1] in level for level in CORE) else "core"
    if parts[0] == "pages" and len(parts) > 1 and any(parts[1] in level for level in PAGES):
        return "pages", parts[1]
    return "pages", {"app": "app", "server": "server.py"}.get(parts[0], "page")


def allowed(module: str, name: str) -> bool:
    """Whether ``module`` may import what is called ``name``: a file of the house or a library."""
    (part, room), top = room_of(module), name.split(".")[0]
    if top not in ("core", "pages", "app", "server"):
        return not any(_is(name, library) for library in (*OUTSIDE.get(part, ()), *OUTSIDE.get(room, ())))
    target, there = room_of(name)
    if part == "core":
        if room == "core":  # the facade
            return target == "core"
        lower = target == "core" and there != "core" and rank(CORE, there) < rank(CORE, room)
        return lower or (target == "core" and (there == room or (room in GROUND and there in GROUND)))
    if target == "core":
        return True
    return rank(PAGES, there) < rank(PAGES, room) or (there == room and room not in ("page", "app", "server.py"))


def _is(name: str, library: str) -> bool:
    """``name`` is a library, something in it, or a sister distribution such as streamlit_x."""
    return name == library or name.startswith((library + ".", library + "_"))


def sources(root: Path) -> dict[str, Path]:
    """Module → file: app.py, server.py and everything in core/ and pages/."""
    paths = [path for folder in ("core", "pages") for path in sorted((root / folder).rglob("*.py"))]
    paths += [root / name for name in ("app.py", "server.py") if (root / name).exists()]
    found = {}
    for path in paths:
        parts = path.relative_to(root).with_suffix("").parts
        name = ".".join(parts)
        page = parts[0] == "pages" and len(parts) == 2
        # a page and a folder may share a name: the folder is what is imported
        found[f"{name}:page" if page and path.with_suffix("").is_dir() else name.removesuffix(".__init__")] = path
    return found


def imports(path: Path, module: str) -> Iterator[str]:
    """Dotted names of all that a file imports; ``from a import b`` gives a.b."""
    package = module.split(".") if path.name == "__init__.py" else module.split(".")[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            origin = ".".join([*base, *([node.module] if node.module else [])])
            yield from (f"{origin}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("importlib.import_module", "__import__"):
            yield from (a.value for a in node.args[:1] if isinstance(a, ast.Constant) and isinstance(a.value, str))


def violations(root: Path) -> list[str]:
    """“file: imports name” for every import that goes against the rule, and every circle of files."""
    known = sources(root)
    found, edges = [], {}
    for module, path in known.items():
        edges[module] = set()
        for name in imports(path, module):
            target = _file(name, known)
            if target != module and not allowed(module, name):
                found.append(f"{path.relative_to(root)}: imports {name}")
            # a package's __init__ is no file of its own: importing anything in it runs it
            if target and target != module and known[target].name != "__init__.py":
                edges[module].add(target)
    closed = circle(edges)
    return sorted(set(found)) + ([f"circle: {' '.join(closed)}"] if closed else [])


def _file(name: str, known: Mapping[str, Path]) -> str:
    while name and name not in known:
        name = name.rpartition(".")[0]
    return name


def circle(edges: Mapping[str, set[str]]) -> list[str]:
    """Files that import each other in a circle; none if there is no circle."""
    try:
        TopologicalSorter(edges).prepare()
    except CycleError as error:
        return sorted(set(error.args[1]))
    return []


def test_every_import_goes_downwards() -> None:
    """The project as it is."""
    assert len(sources(ROOT)) > 300
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
    ("core/planted.py", "from streamlit_echarts import st_echarts", "streamlit_echarts.st_echarts"),
    ("core/tasks/planted.py", "from altair import Chart", "altair.Chart"),
    ("core/theory/planted.py", "def late():\n    import altair as alt", "altair"),
    ("core/planted.py", "from pages.charts import profile", "pages.charts.profile"),
    ("core/planted.py", "import importlib\nimportlib.import_module('pages.frame.page')", "pages.frame.page"),
    ("core/planted.py", "import app", "app"),
    ("core/parts/planted.py", "from ..networks import base", "core.networks.base"),
    ("core/tasks/planted.py", "from core.experiment.specs import Experiment", "core.experiment.specs.Experiment"),
    (
        "core/gradients/planted.py",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from ..instruments import probe",
        "core.instruments.probe",
    ),
    (
        "core/instruments/planted.py",
        "def late():\n    from ..questions.base import Verdict",
        "core.questions.base.Verdict",
    ),
    ("core/parts/planted.py", "import core", "core"),
    ("pages/charts/planted.py", "import streamlit as st", "streamlit"),
    ("pages/charts/planted.py", "from torch import Tensor", "torch.Tensor"),
    ("pages/charts/planted.py", "from pages.frame.page import x", "pages.frame.page.x"),
    ("pages/charts/planted.py", "from pages.glossary import TERMS", "pages.glossary.TERMS"),
    ("pages/charts/planted.py", "from ..results import jobs", "pages.results.jobs"),
    ("pages/charts/planted.py", "from pages.planted_neighbour import x", "pages.planted_neighbour.x"),
    ("pages/results/planted.py", "from pages.frame import page", "pages.frame.page"),
    ("pages/frame/planted.py", "from pages.share.row import actions", "pages.share.row.actions"),
    ("pages/frame/planted.py", "from pages.questions import QUESTION_PAGES", "pages.questions.QUESTION_PAGES"),
    ("pages/questions/planted.py", "import pages.planted_neighbour", "pages.planted_neighbour"),
    ("pages/lessons/planted.py", "from pages.challenges import entries", "pages.challenges.entries"),
    ("server.py", "import pages.planted_neighbour\nimport app", "app"),
    ("pages/frame/planted.py", "from pages import planted_neighbour", "pages.planted_neighbour"),
    ("pages/frame/planted.py", "try:\n    import app\nexcept ImportError:\n    pass", "app"),
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


def test_a_circle_of_files_is_found(copy: Path) -> None:
    """Also one that a function hides, and only the files that are in it."""
    (copy / "core/parts/one.py").write_text("from .two import x")
    (copy / "core/parts/two.py").write_text("def late():\n    from .three import y")
    (copy / "core/parts/three.py").write_text("from . import one")
    (copy / "core/parts/outside.py").write_text("from . import one")
    assert violations(copy) == ["circle: core.parts.one core.parts.three core.parts.two"]


@pytest.mark.parametrize(
    ("file", "line"),
    [
        (
            "core/theory/planted.py",
            "import numpy, torch\nfrom core import fields\nfrom ..fields import Spec  # not streamlit",
        ),
        ("core/planted.py", "'import streamlit'\nimport application, pagesize"),
        ("pages/charts/planted.py", "import altair as alt\nimport core\nfrom pages.charts import numbers"),
        (
            "pages/frame/planted.py",
            "import streamlit as st\nimport core\nfrom pages.charts import numbers\nfrom . import page",
        ),
        (
            "pages/planted.py",
            "import streamlit as st\nimport core\nfrom pages.frame import page\nfrom pages.own import x",
        ),
        ("pages/lessons/planted.py", "from pages.questions import QUESTION_PAGES\nfrom pages.lessons import entry"),
        ("app.py", "import streamlit as st\nimport pages.home\nfrom pages.frame import page\nimport core"),
    ],
)
def test_what_is_allowed_is_not_found(copy: Path, file: str, line: str) -> None:
    """Imports downwards, words in comments and strings, and names that merely look alike."""
    (copy / file).write_text(line)
    assert violations(copy) == []
