"""Balls on a curve: what is drawn at first, what a slider can choose, and what leaves the picture."""

import json

import numpy as np
import pandas as pd
import pytest

from pages.charts import lines
from pages.charts.lines import Axis
from pages.charts.roll import Roller, Scenes, chart, frame, read

X, Y = Axis("w", -2, 2), Axis("L", 0, 4)
SCENES = Scenes("start", (-1.0, 0.0, 1.0), 1.0, 3)
CURVE = np.linspace(-3, 3, 13)


def table(*places: float, numbered: bool = True, **names: list[tuple[str, str]]) -> pd.DataFrame:
    """A ball at these places on L = w² in the scene shown first, and a resting one in another scene."""
    w = np.array(places)
    balls = {1.0: [Roller("it", w, w**2, numbered=numbered)], -1.0: [Roller("other", np.zeros(9), np.zeros(9))]}
    return frame((CURVE, CURVE**2), {0.0: "lowest"}, balls, {1.0: names.get("names", [])}, X, Y, SCENES)


def test_one_scene_is_in_view_and_steps_end_with_the_slider() -> None:
    """The others' rows wait for the slider; no row is later than its last stop."""
    rows = table(1, -0.5, 0.2, -0.1, 0.05)
    assert rows[rows["role"] == "ball"]["x"].tolist() == [1, -0.5, 0.2, -0.1]
    assert rows[rows["role"] == "asleep"]["step"].tolist() == [0, 1, 2, 3]
    assert set(rows[rows["role"] == "asleep"]["scene"]) == {-1.0}


def test_start_and_first_steps_are_numbered_unless_they_would_cover_each_other() -> None:
    """A ball that rests has one number; none if it is not wanted."""
    labels = table(1, -0.5, 0.2, 0.2)["label"].dropna().tolist()
    assert labels == ["lowest", "start", "1", "2"]
    assert table(1, -0.5, numbered=False)["label"].dropna().tolist() == ["lowest"]


def test_what_leaves_is_seen_once_at_the_edge() -> None:
    """And again once it is back; its text still says where it is."""
    rows = table(1.9, -5, 1e7, 1.5)
    ball = rows[rows["role"] == "ball"]
    assert ball["step"].tolist() == [0, 1, 3]
    assert ball["edge"].tolist() == [0, 1, 0]
    assert ball[["x", "y"]].to_numpy()[1].tolist() == [-2, 4]
    assert ball["text"].tolist()[1] == "−5"
    assert rows[rows["role"] == "curve"][["x", "y"]].abs().max().tolist() == [2, 4]


def test_names_and_the_table_to_be_read() -> None:
    """Names stand under each other; scene, ball and step with proper minus signs."""
    rows = table(1, -0.5, names=[("a", "#000000"), ("b", "#111111")])
    names = rows[rows["role"] == "name"]
    assert names["label"].tolist() == ["● a", "● b"] and np.diff(names["y"]) < 0
    shown = read(rows, X, Y, SCENES)
    assert shown.iloc[1].tolist() == ["1", "it", 1, "−0.5", "0.25"]
    assert shown.iloc[2].tolist()[:3] == ["−1", "other", 0]


@pytest.mark.parametrize("buttons", [True, False])
def test_the_charts_text_depends_on_axes_and_scenes_alone(buttons: bool) -> None:
    """And has both controls in it."""
    scenes = Scenes("start", (-1.0, 0.0, 1.0), 1.0, 3, buttons)
    texts = [
        json.dumps(chart(pd.DataFrame(columns=list(rows.columns)), X, Y, scenes).to_dict()["layer"])
        for rows in (table(1), table(1.9, -5, numbered=False))
    ]
    assert texts[0] == texts[1]
    params = {each["name"]: each for each in chart(table(1), X, Y, scenes).to_dict()["params"]}
    assert params["upto"]["bind"]["max"] == params["upto"]["value"] == 3
    assert params["chosen"]["value"] == 1.0
    assert params["chosen"]["bind"]["input"] == ("radio" if buttons else "range")


def test_lines_over_powers_of_ten_are_read_as_such() -> None:
    """Not as their logarithms: B6's gradient, scaled by a thousandth."""
    across = Axis("scaled by", -3.3, 0, decades=True, reverse=True)
    shown = lines.read(lines.frame([lines.Line("it", [0, -3], [1, 2])], across, Y), across, Y)
    assert shown["scaled by"].tolist() == ["1", "10⁻³"]
