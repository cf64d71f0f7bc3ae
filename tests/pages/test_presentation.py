"""A teacher's link: controls hidden or locked, and the projector."""

import json

import pytest
from visiting import PROFILES, asked, controls, healthy, spec, visit

from pages.frame.large import TYPE, large


@pytest.mark.parametrize("page", PROFILES)
def test_hidden_and_locked_controls(page: str) -> None:
    """Gone, or there and not to be moved; the picture is the same, and so is what the address says."""
    name = {"home": "gap", "depth": "depth", "time": "length"}[page]
    usual = healthy(visit(page))
    hidden = healthy(visit(page, {"hide": f"{name} more"}))
    locked = healthy(visit(page, {"lock": name}))
    assert name in controls(usual, page) and name not in controls(hidden, page)
    assert not usual.slider(key=f"{page}-{name}").disabled and locked.slider(key=f"{page}-{name}").disabled
    assert asked(hidden)["hide"] == f"{name} more"
    assert asked(locked)["lock"] == name
    assert spec(usual) == spec(hidden) == spec(locked)
    labels = [[each.label for each in app.expander] for app in (usual, hidden)]
    assert "More settings" in labels[0] and "More settings" not in labels[1]


def test_a_hidden_kind_of_task() -> None:
    """Not only fields can be hidden."""
    assert any(each.key == "sentences-task" for each in healthy(visit("sentences")).button_group)
    assert not any(each.key == "sentences-task" for each in healthy(visit("sentences", {"hide": "task"})).button_group)


def test_the_stage_stays_for_the_visit() -> None:
    """On another page without a word about it in the address; leaving ends it."""
    app = healthy(visit("home", {"present": "1", "hide": "gap"}))
    assert app.button(key="projector-PageDown") and not any(each.key == "home-share-open" for each in app.button)
    app = healthy(app.button(key="projector-leave").click().run())
    assert "present" not in asked(app) and asked(app)["hide"] == "gap"
    assert any(each.key == "home-share-open" for each in app.button)
    app = healthy(app.button(key="home-projector").click().run())
    assert asked(app)["present"] == "1"
    app.switch_page("pages/depth.py")
    app.query_params.clear()
    assert asked(healthy(app.run())) == {"present": "1", "hide": "gap"}


def test_a_stage_that_cannot_be() -> None:
    """Is said, as any other setting."""
    app = healthy(visit("home", {"present": "maybe", "hide": " ".join(["gap"] * 80)}))
    assert "present must be 1 or 0" in app.warning[0].value and "hide may have" in app.warning[0].value
    assert app.slider(key="home-gap")


def test_a_control_that_does_not_exist() -> None:
    """A slip in a teacher's link is told; what is right in it counts."""
    app = healthy(visit("home", {"hide": "gap forget_bais", "lock": "more seed"}))
    (warning,) = app.warning
    assert r"hide: there is no control called “forget\_bais”" in warning.value
    assert not any(each.key == "home-gap" for each in app.slider)


def test_a_projector_has_larger_letters() -> None:
    """In every part of the chart's text; numbers that are no sizes stay."""
    usual, shown = (json.loads(spec(healthy(visit("home", query)))) for query in ({}, {"present": "1"}))
    assert shown["height"] == usual["height"] * TYPE
    assert shown["config"]["axis"]["labelFontSize"] > 12
    found = large({"mark": {"fontSize": 10, "dx": True}, "layer": [{"strokeWidth": 2, "domain": [1, 2]}]})
    assert found["mark"] == {"fontSize": 10 * TYPE, "dx": True}
    assert found["layer"] == [{"strokeWidth": 2 * TYPE, "domain": [1, 2]}]


def test_a_link_for_a_class() -> None:
    """What is chosen stands in the link, with the settings in view."""
    app = healthy(visit("depth", {"depth": "12"}, share=True))
    app.session_state["depth-class"] = True
    app = healthy(app.run())
    hide = next(each for each in app.button_group if each.key == "depth-hide")
    app = healthy(hide.set_value(["more", "depth"]).run())
    app = healthy(app.toggle(key="depth-present").set_value(True).run())
    link = next(each.value for each in app.code if "hide=" in each.value)
    assert "depth=12" in link and "hide=more+depth" in link and "present=1" in link
    (lock,) = [each for each in app.button_group if each.key == "depth-lock"]
    assert len(lock.options) == len(hide.options) - 2
