"""Remedies are what they say: a plain RNN with one thing changed; and the standings of a race are those of its films."""

from dataclasses import replace

import numpy as np
import pytest

import core
from core.experiment.remedies import KINDS, MOST, REMEDIES, Remedy, entered
from core.fields import Names, SpecError, rules
from core.questions.standings import Standing, standing_of, winners

PLAIN = core.Experiment(core.Recurrent(hidden=8), core.France(gap=3), core.Training(steps=20, film_every=10))
ODD = replace(
    PLAIN,
    network=core.Recurrent("lstm", 1, 8, gain=2.0, recurrent_norm="layer", chrono=7, dropout="naive", radius=1.5),
    training=replace(PLAIN.training, optimiser="sgd", sparsity=1.0, truncate=2, train_last=1, learning_rate=0.01),
)
TASKS = (core.France(gap=3), core.WasWere(gap=3), core.Latch(length=6))
every_remedy = pytest.mark.parametrize("remedy", REMEDIES.values(), ids=list(REMEDIES))
OF_RACE = {"cell": "tanh", "optimiser": "adam", "omega": 0.0, "sparsity": 0.0, "truncate": 0, "train_last": 0}
OF_RACE |= {
    "initialiser": "default",
    "gain": 1.0,
    "radius": 0.0,
    "chrono": 0,
    "recurrent_norm": "none",
    "dropout": "none",
}
WRITTEN = {  # once more, from the papers and science.md, not from the registry
    "sgd": {"optimiser": "sgd", "learning_rate": 0.3},
    "momentum": {"optimiser": "momentum", "learning_rate": 0.03},
    "nesterov": {"optimiser": "nesterov", "learning_rate": 0.1},
    "rmsprop": {"optimiser": "rmsprop", "learning_rate": 0.003},
    "adam": {},
    "unclipped": {"clip": 0.0},
    "orthogonal": {"initialiser": "orthogonal"},
    "gain": {"initialiser": "orthogonal", "gain": 1.3},
    "irnn": {"cell": "relu", "initialiser": "identity"},
    "sparse": {"cell": "relu", "initialiser": "identity", "sparsity": 0.1},
    "omega": {"omega": 1.0},
    "dropout": {"dropout": "variational", "drop": 0.2},
    "leaky": {"cell": "leaky", "leak": 0.1},
    "gru": {"cell": "gru"},
    "lstm1": {"cell": "lstm", "forget_bias": 1.0},
    "lstm3": {"cell": "lstm", "forget_bias": 3.0},
    "chrono": {"cell": "lstm", "chrono": 9},  # France with 3 words in between has 9
    "mingru": {"cell": "mingru", "chrono": 9},
    "lru": {"cell": "lru"},
    "layernorm": {"recurrent_norm": "layer"},
    "attention": {},
}


@pytest.mark.parametrize("remedy", [REMEDIES[name] for name in WRITTEN], ids=list(WRITTEN))
def test_one_thing_is_changed(remedy: Remedy) -> None:
    """Whatever the experiment was; task, sizes, seed and batch stay."""
    for own in (PLAIN, ODD):
        bare = own.changed(**OF_RACE)
        expected = bare.changed(**WRITTEN[remedy.name])
        if remedy.name == "attention":
            expected = replace(expected, network=core.Attention())
        assert remedy.on(own) == expected
    assert remedy.on(PLAIN).network.name == ("attention" if remedy.name == "attention" else "rnn")


@every_remedy
def test_every_remedy_runs_on_every_task(remedy: Remedy) -> None:
    """A step of training, and a frame with a share of the signal."""
    for task in TASKS:
        experiment = remedy.on(replace(PLAIN, task=task, training=replace(PLAIN.training, steps=1)))
        run = core.advance(core.start(experiment), 1)
        assert run.done and not run.trouble
        assert len(standing_of(run, remedy.name, 0).share) == 2


@every_remedy
def test_every_remedy_teaches_in_one_line(remedy: Remedy) -> None:
    """One sentence, a source with a year, a short name for the chart."""
    assert remedy.lesson.endswith(".") and ". " not in remedy.lesson and len(remedy.lesson) < 130
    assert any(part.strip(";").isdecimal() for part in remedy.source.split())
    assert len(remedy.short) <= 14 and remedy.kind in KINDS
    assert (
        len({each.short for each in REMEDIES.values()})
        == len({each.label for each in REMEDIES.values()})
        == len(REMEDIES)
    )


def test_no_two_remedies_are_the_same() -> None:
    """Each is a run of its own; and every kind of cell takes part."""
    runners = entered(PLAIN, list(REMEDIES))
    assert len(set(runners)) == len(REMEDIES)
    cells = {each.network.cell for each in runners if isinstance(each.network, core.Recurrent)}
    assert cells >= {"tanh", "relu", "leaky", "gru", "lstm", "lru", "mingru"}


# --- names as a setting ---------------------------------------------------------------------------------------------


RULE = Names("Remedies", MOST, 20, "", REMEDIES)


def test_names_are_kept_in_order_and_once() -> None:
    """From a text and from a list."""
    assert RULE.parse("remedies", " lstm3 adam  lstm3 ") == "adam lstm3" == RULE.check("remedies", ["lstm3", "adam"])
    assert RULE.text("adam lstm3") == "adam lstm3"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("adam nonsense", "nonsense"),
        (list(REMEDIES)[: MOST + 1], "leave some out"),
        ("", "choose some"),
        (7, "choose some"),
    ],
)
def test_wrong_names_are_refused_in_words(wrong: object, words: str) -> None:
    """Unknown ones, too many, none, no names at all."""
    with pytest.raises(SpecError, match=words):
        RULE.check("remedies", wrong)


# --- standings ------------------------------------------------------------------------------------------------------


def runner(name: str, *accuracy: float, share: float = -1.0, blew_up: int | None = None) -> Standing:
    """A network with a look every 10 steps."""
    return Standing(
        name, np.arange(len(accuracy)) * 10, np.array(accuracy), np.full(len(accuracy), share), blew_up, True
    )


def test_a_standing_is_its_film() -> None:
    """Steps, accuracy, and the share at the cue as it was measured."""
    run = core.advance(core.start(PLAIN), 20)
    found = standing_of(run, "adam", 3)
    assert list(found.steps) == [0, 10, 20] and found.done and found.blew_up is None
    assert list(found.accuracy) == [frame.accuracy for frame in run.film]
    assert found.share[-1] == run.film[-1].log_norm[3] - run.film[-1].log_norm[-1]
    untrained = core.measure(PLAIN)
    assert found.share[0] == pytest.approx(
        untrained.relative[untrained.cue or 0], abs=1.0
    )  # other sentences, same network
    assert standing_of(core.start(PLAIN), "adam", 3).learned is None
    assert rules(core.Training)["steps"]


def test_who_wins() -> None:
    """The first to get there and to stay; ties win together; what has blown up has lost."""
    slow, quick, lost = runner("gru", 0.1, 0.2, 0.9), runner("adam", 0.1, 0.95, 0.95), runner("irnn", 0.1, 1.0, 0.5)
    assert [slow.learned, quick.learned, lost.learned] == [20, 10, None]
    assert winners([slow, quick, lost]) == [quick]
    assert winners([quick, runner("lru", 0.1, 1.0, 1.0)])[1].name == "lru"
    assert winners([lost]) == [] == winners([runner("sgd", 0.1, 1.0, blew_up=15)])


def test_what_was_foretold() -> None:
    """A fiftieth or more: yes; less than 1e-4: no; in between, or unknown: nothing."""
    said = {
        share: runner("adam", 0.1, share=float(np.log(share))).foretold for share in (0.5, 0.03, 0.01, 1.1e-4, 9e-5)
    }
    assert list(said.values()) == [True, True, None, None, False]
    assert runner("adam", 0.1, share=-np.inf).foretold is False
    assert runner("adam", 0.1, share=np.nan).foretold is None and runner("adam").foretold is None
