"""Specs and permalinks: whatever is valid works, and whatever is not is refused in words."""

import dataclasses
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import core
from core.experiment.specs import fitting_tasks
from core.fields import Choice, Flag, Number, Rule, SpecError, Words, rules
from core.networks import NETWORKS
from core.tasks import TASKS

# --- every valid experiment, built from the rules alone ------------------------------------------------------------

SMALL = {"hidden": 6, "embedding": 4, "width": 6, "depth": 5, "gap": 6, "inputs": 7, "points": 20, "batch": 6}
LONG_LISTS = 8  # numbers that are a task's or a run's length (steps and the like) are kept below this


def values(name: str, rule: Rule) -> st.SearchStrategy[Any]:
    """Any value that ``rule`` allows, sizes kept small so that it can be measured at once."""
    if isinstance(rule, Choice):
        return st.sampled_from(list(rule.options))
    if isinstance(rule, Flag):
        return st.booleans()
    if isinstance(rule, Words):
        word = st.text(max_size=rule.most_letters)
        return st.lists(word, max_size=5).map(" ".join).filter(lambda text: fits(rule, text))
    if rule.whole:
        most = SMALL.get(name, LONG_LISTS if name not in ("seed", "film_every") else rule.high)
        return st.integers(int(rule.low), int(max(rule.low, min(rule.high, most))))
    return st.floats(rule.low, rule.high)


def fits(rule: Words, text: str) -> bool:
    """Splitting a random text may make more words than were put in."""
    return all(len(word) <= rule.most_letters for word in text.split())


def specs(kind: type, **fixed: Any) -> st.SearchStrategy[Any]:
    """Any spec of a kind."""
    return st.builds(kind, **{name: values(name, rule) for name, rule in rules(kind).items()}, **fixed)


@st.composite
def experiments(draw: st.DrawFn) -> core.Experiment:
    """Any network with any task that fits it."""
    network = draw(st.sampled_from(list(NETWORKS)))
    task = draw(st.sampled_from(fitting_tasks(network)))
    chosen, training = draw(specs(NETWORKS[network])), draw(specs(core.Training))
    if not core.experiment.specs.omega_fits(chosen):
        training = dataclasses.replace(training, omega=0.0)
    if not core.experiment.specs.truncation_fits(chosen):
        training = dataclasses.replace(training, truncate=0)
    parts = {"network": st.just(chosen), "task": specs(TASKS[task]), "training": st.just(training)}
    return draw(specs(core.Experiment, **parts))


@given(experiments(), experiments())
def test_links_bring_back_the_same_experiment(experiment: core.Experiment, base: core.Experiment) -> None:
    """From the default base and from any other; flat text to text; equal experiments have equal hashes."""
    for start in (None, base, experiment):
        query = experiment.to_query(start)
        assert all(isinstance(text, str) for pair in query.items() for text in pair)
        again = core.from_query(query, start)
        assert again == experiment
        assert hash(again) == hash(experiment)
        assert core.read_query(query, start) == (experiment, [])
    assert experiment.to_query(experiment) == {}
    assert (experiment == base) == (experiment.to_query() == base.to_query())


@settings(max_examples=60)
@given(experiments())
def test_any_valid_experiment_can_be_measured_and_trained(experiment: core.Experiment) -> None:
    """Build, sample, measure with theory, two training steps: no exception and no warning."""
    module = core.build(experiment)
    assert sum(p.numel() for p in module.parameters()) > 0
    profile = core.measure(experiment)
    assert len(profile.state) == len(profile.log_norm) == len(profile.position)
    assert isinstance(profile.rate, float) and isinstance(profile.half_life, float)
    assert isinstance(profile.lost_after(), float)
    assert profile.norm.shape == profile.relative.shape == profile.lag.shape
    run = core.advance(core.start(experiment), 2)
    assert run.step == min(2, experiment.training.steps) or run.trouble


def test_defaults_are_in_range_and_named() -> None:
    """Every rule accepts its own default and has a label for the widget."""
    for kind in [*NETWORKS.values(), *TASKS.values(), core.Training, core.Experiment]:
        for name, rule in rules(kind).items():
            default = getattr(kind(), name)
            assert rule.check(name, default) == default
            assert rule.parse(name, rule.text(default)) == default
            assert rule.label.strip()


@pytest.mark.parametrize(("network", "task"), [(n, t) for n in NETWORKS for t in fitting_tasks(n)])
def test_a_name_means_one_thing_in_a_query(network: str, task: str) -> None:
    """Parts that can be combined have no field in common, nor one called like a part."""
    names = [name for kind in (NETWORKS[network], TASKS[task], core.Training, core.Experiment) for name in rules(kind)]
    names += [field.name for field in dataclasses.fields(core.Experiment) if "rule" not in field.metadata]
    assert sorted(names) == sorted(set(names))


def test_only_differences_are_in_the_link() -> None:
    """A short link, and names as they are."""
    experiment = core.Experiment(core.Recurrent(cell="gru", gain=1.5), core.France(mixed=True), seed=4)
    assert experiment.to_query() == {"cell": "gru", "gain": "1.5", "mixed": "1", "seed": "4"}
    assert core.Experiment(core.FeedForward(depth=7), core.Blobs()).to_query() == {
        "network": "mlp",
        "depth": "7",
        "task": "blobs",
    }


# --- what is refused ----------------------------------------------------------------------------------------------

KNOWN = sorted(
    {
        "network",
        "task",
        *(n for k in [*NETWORKS.values(), *TASKS.values(), core.Training, core.Experiment] for n in rules(k)),
    }
)
TRICKY = [
    "nan",
    "inf",
    "-inf",
    "1e999",
    "-1",
    "1e400",
    "9" * 400,
    "9" * 5000,
    "0x10",
    "1_0",
    "٣",
    "½",
    "True",
    "",
    " 5 ",
]
TRICKY += [
    "\x00",
    "\ud800",
    "🦩" * 99,
    "<script>alert(1)</script>",
    "a " * 500,
    "mlp",
    "rnn",
    "blobs",
    "france",
    "1",
    "0.5",
]
texts = st.text() | st.sampled_from(TRICKY) | st.integers().map(str) | st.floats().map(str)
queries = st.dictionaries(st.sampled_from(KNOWN) | st.text(), texts, max_size=8)


@settings(max_examples=300)
@given(queries)
@example({"seed": "9" * 400})
@example({"gain": "9" * 400})
@example({"seed": "9" * 5000})
@example({"network": "mlp"})
@example({"network": "mlp", "task": "france", "depth": "x", "bogus": "1"})
def test_no_query_raises_anything_but_a_spec_error(query: dict[str, str]) -> None:
    """``read_query`` never raises; ``from_query`` raises SpecError exactly when there is something to complain of."""
    before = dict(query)
    experiment, complaints = core.read_query(query)
    assert query == before
    assert isinstance(experiment, core.Experiment)
    assert all(isinstance(text, str) and text for text in complaints)
    if complaints:
        with pytest.raises(SpecError):
            core.from_query(query)
    else:
        assert core.from_query(query) == experiment
        assert core.from_query(experiment.to_query()) == experiment


@given(st.sampled_from(KNOWN), texts, experiments())
def test_one_wrong_value_leaves_the_rest_usable(name: str, text: str, base: core.Experiment) -> None:
    """From any base; whatever comes out is valid and can be linked to."""
    experiment, _ = core.read_query({name: text}, base)
    assert core.from_query(experiment.to_query()) == experiment


NUMBERS = [(kind, name) for kind in (core.Recurrent, core.FeedForward, core.Training, core.France, core.Blobs)
           for name, rule in rules(kind).items() if isinstance(rule, Number)]  # fmt: skip


@pytest.mark.parametrize(("kind", "name"), NUMBERS, ids=lambda part: getattr(part, "__name__", part))
def test_numbers_are_checked(kind: type, name: str) -> None:
    """NaN, ∞, out of range, wrong type, True for a number: refused with the name and the range in the message."""
    rule = rules(kind)[name]
    bad: list[Any] = [math.nan, math.inf, -math.inf, rule.low - 1, rule.high + 1, True, "1", None, [1], 1j, 10**400]
    for value in bad + ([rule.low + 0.5] if rule.whole else []):
        with pytest.raises(SpecError, match=name):
            kind(**{name: value})
    for value in (rule.low, rule.high):
        assert getattr(kind(**{name: value}), name) == value
        assert type(getattr(kind(**{name: value}), name)) is (int if rule.whole else float)


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (core.Recurrent, {"cell": "vanilla"}),
        (core.Recurrent, {"cell": None}),
        (core.Recurrent, {"cell": ["tanh"]}),
        (core.FeedForward, {"skip": 1}),
        (core.FeedForward, {"skip": "1"}),
        (core.France, {"fillers": 5}),
        (core.France, {"fillers": "w " * 61}),
        (core.France, {"fillers": "x" * 25}),
    ],
)
def test_names_switches_and_words_are_checked(kind: type, values: dict) -> None:
    """The message names the field."""
    with pytest.raises(SpecError, match=next(iter(values))):
        kind(**values)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("  a \t b\n\n c ", "a b c"),
        ("null\x00byte \x1b[31mred", "nullbyte [31mred"),
        ("<b>bold</b> &amp; \"quotes\" 'and' $x$", "<b>bold</b> &amp; \"quotes\" 'and' $x$"),
        ("🦩 flamingo 日本 ñandú", "🦩 flamingo 日本 ñandú"),
        ("non\u00a0breaking\u2003space", "non breaking space"),
        ("\x00\x01", ""),
        ("w " * 60, " ".join("w" * 60)),
        ("x" * 24, "x" * 24),
    ],
)
def test_words_are_canonical(text: str, kept: str) -> None:
    """White space made single, control characters left out, all else kept; and equal when written canonically."""
    assert core.France(fillers=text).fillers == kept
    assert core.France(fillers=text) == core.France(fillers=kept)
    experiment = core.Experiment(task=core.France(fillers=text, gap=4))
    assert core.from_query(experiment.to_query()) == experiment
    assert core.held_out(experiment, 2).inputs.shape == (2, 10)


def test_complaints_are_complete() -> None:
    """Everything that is wrong is said at once, and the rest is used."""
    query = {"cell": "vanilla", "hidden": "many", "mixed": "yes", "bogus": "1", "gap": "7", "seed": "-1"}
    experiment, complaints = core.read_query(query)
    assert len(complaints) == 5
    for name in ("cell", "hidden", "mixed", "bogus", "seed"):
        assert sum(name in text for text in complaints) == 1
    assert experiment == core.Experiment(task=core.France(gap=7))
    with pytest.raises(SpecError, match=r"hidden.*bogus"):
        core.from_query(query)


@pytest.mark.parametrize(("network", "task"), [(core.FeedForward, core.France), (core.Recurrent, core.Blobs)])
def test_data_that_do_not_fit_are_explained(network: type, task: type) -> None:
    """The message says what the network reads, what the task gives, and what to choose instead."""
    with pytest.raises(SpecError) as refusal:
        core.Experiment(network(), task())
    for word in (network.reads, task.gives, *fitting_tasks(network.name)):
        assert word in str(refusal.value)
    base = core.Experiment(core.Recurrent(hidden=9))
    experiment, complaints = core.read_query({"network": "mlp", "depth": "3"}, base)
    assert experiment == base
    assert "blobs" in complaints[-1]


@pytest.mark.parametrize(
    "parts", [{"network": core.France()}, {"task": "france"}, {"training": None}, {"network": None}]
)
def test_parts_are_checked(parts: dict) -> None:
    """Only specs of the right kind make an experiment."""
    with pytest.raises(SpecError, match=next(iter(parts))):
        core.Experiment(**parts)


def test_specs_are_frozen_and_canonical() -> None:
    """5.0 layers are 5 layers, gain 2 is gain 2.0: equal, hashed alike, unchangeable."""
    spec = core.Recurrent(hidden=5.0, gain=2)
    assert spec == core.Recurrent(hidden=5, gain=2.0)
    assert hash(spec) == hash(core.Recurrent(hidden=5, gain=2.0))
    assert (type(spec.hidden), type(spec.gain)) == (int, float)
    with pytest.raises(dataclasses.FrozenInstanceError):
        spec.hidden = 6
    assert core.Recurrent(gain=float(np.float64(0.1))) == core.Recurrent(gain=np.float64(0.1))


def test_long_values_are_cut_in_messages() -> None:
    """A link with a novel in it does not fill the screen."""
    _, complaints = core.read_query({"hidden": "x" * 9999, "y" * 9999: "1", "network": "z" * 9999})
    assert len(complaints) == 3
    assert all(len(text) < 200 for text in complaints)


@pytest.mark.parametrize(("setting", "network"), [("omega", "gru"), ("truncate", "mlp"), ("truncate", "attention")])
def test_what_a_network_cannot_do_is_refused_in_words(setting: str, network: str) -> None:
    """A penalty or a window that would be ignored is an error, not a silent nothing."""
    spec = core.Recurrent(cell="gru") if network == "gru" else NETWORKS[network]()
    task = core.Blobs() if network == "mlp" else core.France()
    with pytest.raises(SpecError, match=setting):
        core.Experiment(spec, task, core.Training(**{setting: 2}))
