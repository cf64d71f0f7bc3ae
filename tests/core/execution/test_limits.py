"""Limits: read from the environment with clear errors, and kept by every experiment."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import core
from core.execution.limits import Limits, extent, limits_from, widest
from core.fields import Choice, Number, rules
from tests.core.experiment.test_specs import experiments


def test_nothing_set_means_the_defaults() -> None:
    """Other programs' variables do not matter, nor do those of the tests."""
    assert limits_from({}) == Limits()
    assert limits_from({"HOME": "/home/ada", "GDL_CHROMIUM": "/usr/bin/chromium", "gdl_steps": "x"}) == Limits()


def test_everything_can_be_set() -> None:
    """Each line of the table under its own name, at both ends of its range."""
    for name, rule in rules(Limits).items():
        if isinstance(rule, Number):
            values: list[object] = [int(rule.low), int(rule.high)]
        else:
            values = list(rule.options) if isinstance(rule, Choice) else ["tcp://10.0.0.5:8786", "/a folder"]
        for value in values:
            assert limits_from({f"GDL_{name.upper()}": str(value)}) == replace(Limits(), **{name: value})
    assert limits_from({"GDL_STORE": " /lab "}).store == "/lab"


def test_everything_wrong_is_named() -> None:
    """At once, so that it can be corrected at once; a typing error, too."""
    wrong = {"GDL_WORKERS": "many", "GDL_STEPS": "0", "GDL_WITDH": "64", "GDL_STORE": "a\nb", "GDL_SESSIONS": "60"}
    with pytest.raises(core.SpecError) as found:
        limits_from(wrong)
    said = str(found.value)
    for name in set(wrong) - {"GDL_SESSIONS"}:
        assert name in said
    assert "GDL_SESSIONS must" not in said
    assert "from 0 to 256, not “many”" in said and "GDL_WIDTH" in said


def test_the_defaults_allow_the_usual_experiments() -> None:
    """Whatever a page starts with."""
    for each in (core.Experiment(), core.Experiment(core.FeedForward(depth=200, width=256), core.Blobs())):
        assert Limits().complaints(each) == []
        assert Limits().fit(each) == each


@settings(max_examples=300)
@given(experiments(), st.integers(10, 40), st.integers(1, 12), st.integers(1, 10), st.data())
def test_what_is_made_to_fit_fits(
    experiment: core.Experiment, length: int, width: int, steps: int, data: st.DataObject
) -> None:
    """Any network and task; what fitted already stays as it is, and of the rest only what has to change."""
    sizes = ("gap", "length", "pause", "symbols", "attractors", "depth", "hidden", "width", "heads", "head_width")
    for part in ("network", "task"):
        spec = getattr(experiment, part)
        for name in set(sizes) & set(rules(spec)):
            most = rules(spec)[name].high  # type: ignore[union-attr]
            spec = replace(spec, **{name: data.draw(st.integers(getattr(spec, name), int(min(most, 60))))})
        try:
            experiment = replace(experiment, **{part: spec})
        except core.SpecError:  # untied weights have limits of their own
            continue
    own = Limits(length=length, width=width, steps=steps)
    fitted = own.fit(experiment)
    assert own.complaints(fitted) == []
    assert extent(fitted) <= length and widest(fitted) <= width and fitted.training.steps <= steps
    assert own.fit(fitted) == fitted
    if not own.complaints(experiment):
        assert fitted == experiment
    change = {**fitted.to_query(experiment), **experiment.to_query(fitted)}
    assert set(change) <= {*sizes, "steps"}


@pytest.mark.parametrize(
    ("experiment", "words"),
    [
        (core.Experiment(task=core.France(gap=100)), "time steps or layers, not 106"),
        (core.Experiment(core.FeedForward(depth=60), core.Blobs()), "time steps or layers, not 60"),
        (core.Experiment(core.Recurrent(hidden=128)), "units in a layer, not 128"),
        (core.Experiment(core.Attention(heads=8, head_width=32), core.France(gap=1)), "units in a layer, not 256"),
        (core.Experiment(training=core.Training(steps=501)), "training steps, not 501"),
    ],
)
def test_what_is_too_large_is_said(experiment: core.Experiment, words: str) -> None:
    """What it is, how much is allowed, and how much was asked for."""
    (complaint,) = Limits(length=50, width=100, steps=500).complaints(experiment)
    assert complaint.startswith("this server allows ") and words in complaint
