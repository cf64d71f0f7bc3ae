"""Eigenvalues and circles: where they are drawn, what is said of those that are out of view, and lines as tables to be read."""

import math

import numpy as np
import pytest

from pages.charts import lines, plane
from pages.charts.lines import Axis, Line
from pages.charts.plane import Circle, Plane, Points

PLANE = Plane(half=2.0, names=2, height=240)


def test_points_keep_their_place_and_direction() -> None:
    """Inside as they are, outside at the edge in the same direction, 0 in the middle."""
    table = plane.frame([Points("W", [1 - 1j, 30 + 40j, 0], "#000000")], [], PLANE)
    points = table[table["role"].isin(["point", "outside"])]
    assert points["role"].tolist() == ["point", "outside", "point"]
    assert points[["x", "y"]].to_numpy().tolist() == [[1, -1], [pytest.approx(1.2), pytest.approx(1.6)], [0, 0]]
    assert points["modulus"].tolist() == [pytest.approx(math.sqrt(2)), 50, 0]
    assert points["text"].tolist() == ["1 − 1i", "30 + 40i", "0 + 0i"]


def test_a_circle_out_of_view_is_not_drawn_but_said() -> None:
    """Its name has the number and says where it is."""
    table = plane.frame([], [Circle("σ₁ = 1.5", 1.5, "#000000", dashed=True), Circle("σ₁ = 3", 3, "#000000")], PLANE)
    assert table["role"].tolist() == ["bound", "beyond", "name", "name"]
    assert table["text"].tolist()[2:] == ["○ σ₁ = 1.5", "○ σ₁ = 3, outside"]
    assert plane.chart(table, PLANE).to_dict()["height"] == 240


def test_names_stand_above_all_points() -> None:
    """Under each other, inside the height that the axis has for them."""
    table = plane.frame([Points("a", [2j], "#000000")], [Circle("b", 2, "#000000")], PLANE)
    heights = table.loc[table["role"] == "name", "y"].tolist()
    assert heights == sorted(heights, reverse=True)
    assert PLANE.half < min(heights) and max(heights) < PLANE.units - PLANE.half


def test_a_plane_as_a_table() -> None:
    """A row for each point and circle, none for names."""
    table = plane.frame([Points("W", [1j], "#000000")], [Circle("1", 1.0, "#000000")], PLANE)
    assert plane.read(table, PLANE).to_dict("list") == {
        "of": ["W", "1"],
        "value": ["0 + 1i", ""],
        "modulus": [1.0, 1.0],
    }


def test_lines_as_a_table() -> None:
    """Columns by what the axes are called, powers of ten in words, places where there are any; names and marks left out."""
    x, y = Axis("← back · steps back", 0, 9, reverse=True), Axis("share", -9, 0, decades=True)
    numbers = [Line("a", [0, 1], np.array([0.0, -6.0])), Line("b", [2], [-3.0])]
    table = lines.frame(numbers, x, y, [lines.Mark(1, "cue")])
    assert lines.read(table, x, y).to_dict("list") == {
        "curve": ["a", "a", "b"],
        "steps back": ["0", "1", "2"],
        "share": ["1", "10⁻⁶", "10⁻³"],
    }
    table = lines.frame([Line("a", [0, 1], [0.0, -6.0], places=("now", "then"))], x, y)
    assert lines.read(table, x, y)["where"].tolist() == ["now", "then"]
