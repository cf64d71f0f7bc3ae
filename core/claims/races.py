"""Remedies side by side on one task at one gap: optimiser tricks, and later answers (rows E6 and E8)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..experiment.remedies import PLAIN, REMEDIES
from ..experiment.specs import Experiment, Training
from ..gradients.measure import measure_many
from ..networks import Attention, Recurrent
from ..tasks import France
from ..wording import scientific
from .base import Claim, Verdict
from .dropout import CLAIMS_DROPOUT
from .measures import LEARNED, farther, right, sentences
from .settings import changed, recurrent, trained

ADAM = {"optimiser": "adam", "learning_rate": 3e-3}


def _settings(*names: str, under: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Label → settings of the remedies called so, on top of those that they have in common."""
    return {REMEDIES[name].label: {**under, **REMEDIES[name].settings} for name in names}


TRICKS = _settings("sgd", "momentum", "nesterov", "rmsprop", "adam", "unclipped", under=ADAM)
OTHERS = _settings(
    "leaky", "omega", under={**PLAIN, **ADAM}
)  # they change what the gradient is, not what is done with it
LATER = _settings("orthogonal", "layernorm", "chrono", "mingru", "lru", under=PLAIN)
ATTENTION = Attention()
SHORT = 3  # words that any network learns to look back
NEAR = "training goes on until short distances are learned"  # before that, nothing is shown by failing


def e6(experiment: Experiment) -> Verdict:
    """Every trick at this gap and at another, against remedies that change the gradient itself; one seed each."""
    recurrent(experiment)
    gap = sentences(experiment).gap
    bare = changed(experiment, omega=0.0)
    far = _race({name: changed(bare, **each) for name, each in TRICKS.items()})
    needed = far["SGD"] < LEARNED
    words = gap // 2 if needed else min(4 * gap, 200)
    near = _race({name: changed(bare, gap=words, **each) for name, each in TRICKS.items() if "clipping" not in name})
    changes = _race({name: changed(bare, **each) for name, each in OTHERS.items()})
    tricks, near_tricks = ({name: value for name, value in each.items() if name != "SGD"} for each in (far, near))
    suffice, suffice_near = (any(value >= LEARNED for value in each.values()) for each in (tricks, near_tricks))
    untrained = max([*far.values(), *near.values(), *changes.values()]) < LEARNED and not learns_near(bare)
    verdict = "fails" if not needed else "holds" if suffice else "only_when" if suffice_near or untrained else "fails"
    best = max(tricks.values())
    far_off = farther(bare, gap) if needed and suffice else bare
    farther_off = _race({name: changed(far_off, **each) for name, each in TRICKS.items() if "clipping" not in name})
    return Verdict(
        verdict,
        best,
        f"With {gap} words in between the best optimiser trick is right in {right(best)}, plain SGD in {right(far['SGD'])}.",
        f"One random start each, {gap} words: {_listed(far)}; learned means at least {LEARNED:.0%}. "
        + (
            "No trick is needed here."
            if not needed
            else "The tricks make the difference here."
            if suffice
            else "Too little of the gradient arrives for any trick. Remedies that change the gradient itself: "
            f"{_listed(changes)}."
        ),
        f"With {words} words in between: {_listed(near)}."
        if not suffice or not needed
        else f"With {2 * gap} words in between: {_listed(farther_off)}.",
        {"best trick": best, **far, **changes} | {f"{name}, {words} words": value for name, value in near.items()},
        when=""
        if verdict != "only_when"
        else NEAR
        if untrained
        else f"enough of the gradient arrives: with {words} words in between and not {gap}",
    )


def e8(experiment: Experiment) -> Verdict:
    """Later remedies in the same race: what of the signal arrives before training, and who has learned after it."""
    recurrent(experiment)
    gap, steps = sentences(experiment).gap, experiment.task.shape().steps
    entries = _later(experiment, steps)
    plain = _race({"plain": changed(experiment, **PLAIN)})["plain"]
    found = _race(entries)
    reach = {name: _reach(each) for name, each in entries.items()}
    lost = [name for name, value in found.items() if value < LEARNED]
    share = 1 - len(lost) / len(found)
    learned = len(found) - len(lost)
    words = max(gap // 5, 1) if lost else min(4 * gap, 200)
    again = _later(changed(experiment, gap=words), steps)
    other = _race({name: again[name] for name in lost or ("orthogonal", "LayerNorm")})
    untrained = share == 0 and not learns_near(experiment)
    verdict = "holds" if not lost else "only_when" if share or untrained else "fails"
    return Verdict(
        verdict,
        share,
        f"{learned} of {len(found)} later remedies learn it with {gap} words in between.",
        f"One random start each, {experiment.training.steps} training steps: {_listed(found)} (a plain RNN {right(plain)}); "
        f"learned means at least {LEARNED:.0%}. Before training there arrives, of the signal: "
        f"{', '.join(f'{scientific(value)} ({name})' for name, value in reach.items())}.",
        f"With {words} words in between: {_listed(other)}.",
        {"share": share, "plain": plain, **found}
        | {f"ln reach, {name}": value for name, value in reach.items()}
        | {f"{name}, {words} words": value for name, value in other.items()},
        when=""
        if verdict != "only_when"
        else NEAR
        if untrained
        else f"it is one of these: {', '.join(name for name in found if name not in lost)}",
    )


def _later(experiment: Experiment, memory: int) -> dict[str, Experiment]:
    """The entries; chrono biases are for ``memory`` steps."""
    found = {name: changed(experiment, **each) for name, each in LATER.items()}
    found |= {name: changed(each, chrono=memory) for name, each in found.items() if "chrono" in name}
    return found | {"attention": replace(experiment, network=ATTENTION)}


def _race(entries: Mapping[str, Experiment]) -> dict[str, float]:
    """Accuracy after training; who blew up on the way has lost with what was known by then."""
    return {name: trained(each).accuracy for name, each in entries.items()}


def learns_near(experiment: Experiment) -> bool:
    """Whether a plain RNN learns the task with three words in between in as many training steps."""
    return trained(changed(experiment, gap=SHORT, sparsity=0.0, **PLAIN)).accuracy >= LEARNED


def _reach(experiment: Experiment) -> float:
    """ln of the share of the signal that arrives at the cue before training."""
    profile = measure_many([experiment])[0]
    return float(profile.relative[profile.cue or 0])


def _listed(found: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {right(value)}" for name, value in found.items())


CLAIMS_RACES = (
    Claim(
        "e6",
        "Optimiser tricks",
        "Optimiser tricks are needed: RMSProp, Nesterov momentum, gradient clipping.",
        Experiment(Recurrent(), France(gap=20), Training(steps=500, film_every=500)),
        e6,
        ("Bengio, Boulanger-Lewandowski & Pascanu 2013", "Pascanu, Mikolov & Bengio 2013"),
        4.5,
    ),
    *CLAIMS_DROPOUT,
    Claim(
        "e8",
        "Later answers",
        "Later answers cure it: orthogonal weights, chrono initialisation, LayerNorm, gated linear recurrences, attention.",
        Experiment(Recurrent(), France(gap=25), Training(steps=250, film_every=500)),
        e8,
        (
            "Arjovsky, Shah & Bengio 2016",
            "Tallec & Ollivier 2018",
            "Ba, Kiros & Hinton 2016",
            "Orvieto et al. 2023",
            "Vaswani et al. 2017",
        ),
        4.5,
    ),
)
