"""Does the vanishing gradient exist in RNNs at all? Four papers that say why, and one that says no (rows E1 and E2)."""

from dataclasses import replace
from typing import Any

import numpy as np

from ..experiment.specs import Experiment, Training
from ..fields import SpecError
from ..gradients.profile import fit_line
from ..networks import Recurrent
from ..tasks import France, Latch
from ..training.run import Frame, Run
from ..wording import scientific
from .base import Claim, Verdict
from .language import LONG
from .measures import ARRIVES, CELLS, KEEPERS, LEARNED, LOST, SEEDS, decay, others, right, seeds, sentences
from .races import NEAR, learns_near
from .reproductions import PAPERS
from .settings import changed, recurrent, survived, trained

TRIES = 3  # networks per distance; some learn and some don't
ENOUGH = 500  # training steps
BIT = Training(steps=300, film_every=300)  # enough to learn to hold one bit, where the gradient arrives
STARTS: dict[str, dict[str, Any]] = {
    "small random": {"cell": "tanh", "initialiser": "default", "gain": 1.0, "radius": 0.0},
    "orthogonal": {"cell": "tanh", "initialiser": "orthogonal", "gain": 1.35, "radius": 0.0},
}


def e1(experiment: Experiment) -> Verdict:
    """The experiment's own gradient, and each paper's central claim."""
    recurrent(experiment)
    if sentences(experiment).gap <= LONG:
        raise SpecError(f"{LONG} steps count as long here: choose a gap above {LONG}")
    cells = {"plain RNN": CELLS["plain RNN"], **KEEPERS}
    back, rates = decay(experiment), {name: decay(changed(experiment, **each)).rate for name, each in cells.items()}
    each = {paper: reproduce(experiment) for paper, reproduce in PAPERS.items()}
    contrasts = others(experiment, {"plain RNN": CELLS["plain RNN"]} if back.reach > ARRIVES else KEEPERS)
    unseen = [paper for paper, found in each.items() if not found.seen]
    verdict = "fails" if back.reach > ARRIVES else "holds" if back.reach <= LOST and not unseen else "only_when"
    return Verdict(
        verdict,
        float(np.exp(back.reach)),
        f"{scientific(back.reach)} of the signal reaches the word that decides; {len(each) - len(unseen)} of {len(each)} papers' "
        "claims are seen again.",
        f"Each step back multiplies this network's gradient by {back.rate:.3f} (mean of {SEEDS} random starts). "
        f"{'; '.join(f'{paper}: {found.text}' for paper, found in each.items())}.",
        "Weights and gates decide, per step back: "
        + ", ".join(f"{rates[name]:.3f} ({name})" for name in contrasts)
        + ".",
        {"reach": float(np.exp(back.reach)), "rate": back.rate, **rates}
        | {f"{paper}, {name}": float(value) for paper, found in each.items() for name, value in found.numbers.items()},
        when=""
        if verdict != "only_when"
        else f"{' and '.join(unseen)} may be left out"
        if unseen
        else "the word that decides is farther away",
    )


def e2(experiment: Experiment) -> Verdict:
    """Which plain networks open their own path: at this gap, at twice the gap, and over 100 steps; and from a wider start."""
    if not recurrent(experiment).tied or recurrent(experiment).entry.steepest is None:
        raise SpecError(
            "this claim is about simple RNNs whose steps share their weights: choose cell=tanh and tied weights"
        )
    gap = sentences(experiment).gap
    near, far = (_runs(changed(experiment, gap=words)) for words in (gap, 2 * gap))
    learn, learn_far = _share(near), _share(far)
    both, one = min(learn, learn_far) > 0.5, max(learn, learn_far) > 0
    untrained = not one and not learns_near(experiment)
    other, words = "small random" if both else "orthogonal", 2 * gap if one else gap
    if both and not others(experiment, {other: STARTS[other]}):
        words = 4 * gap
    steps, longer = experiment.training.steps, ""
    if not one and steps < ENOUGH:
        steps, longer = ENOUGH, f" and {ENOUGH} training steps"
    learn_other = _share(_runs(changed(experiment, gap=words, steps=steps, **STARTS[other])))
    bit = replace(experiment, task=Latch(length=101), training=BIT)
    hold = {name: _share(_runs(changed(bit, **start))) for name, start in STARTS.items()}
    shown = max(near, key=lambda run: run.accuracy)
    first, last, slopes = shown.film[0], shown.film[-1], [_slope(frame) for frame in shown.film]
    return Verdict(
        "holds" if both else "only_when" if one or untrained else "fails",
        learn,
        f"{learn * TRIES:.0f} of {TRIES} networks learn it with {gap} words in between, {learn_far * TRIES:.0f} with {2 * gap}.",
        f"The best one starts with spectral radius ρ = {first.radius:.2f} and a factor of {np.exp(slopes[0]):.2f} per step back; "
        f"in training the factor goes up to {np.exp(max(slopes)):.2f} and ends at {np.exp(slopes[-1]):.2f}, with ρ = "
        f"{last.radius:.2f} and {right(last.accuracy)} right. A single bit is held for 100 steps by {hold['orthogonal']:.0%} of "
        f"the networks that start orthogonal, by {hold['small random']:.0%} of those from small random weights.",
        f"From {other} matrices (gain {STARTS[other]['gain']:g}) {learn_other * TRIES:.0f} of {TRIES} learn it with {words} "
        f"words in between{longer}.",
        {"near": learn, "far": learn_far, f"{words} words, {other}": learn_other}
        | {f"100 steps, {name}": share for name, share in hold.items()}
        | {"slope before": slopes[0], "highest slope": max(slopes), "slope after": slopes[-1]}
        | {"radius before": first.radius, "radius after": last.radius},
        when=NEAR
        if untrained
        else f"the way is short for such a start: {gap} words rather than {2 * gap}"
        if one and not both
        else "",
    )


def _runs(experiment: Experiment) -> list[Run]:
    return [survived(trained(each)) for each in seeds(experiment, TRIES)]


def _share(runs: list[Run]) -> float:
    """Of the networks that learned it."""
    return float(np.mean([run.accuracy >= LEARNED for run in runs]))


def _slope(frame: Frame) -> float:
    """Nats per step back."""
    return fit_line(np.arange(len(frame.log_norm))[::-1], frame.log_norm).slope


CLAIMS_PAPERS = (
    Claim(
        "e1",
        "Four papers",
        "The vanishing gradient exists in RNNs, for the reasons that Hochreiter, Bengio and Pascanu gave.",
        Experiment(Recurrent(), France(gap=20)),
        e1,
        (
            "Hochreiter 1991",
            "Bengio, Simard & Frasconi 1994",
            "Hochreiter, Bengio, Frasconi & Schmidhuber 2001",
            "Pascanu, Mikolov & Bengio 2013",
        ),
        1.5,
    ),
    Claim(
        "e2",
        "Not even in a simple RNN",
        "It does not even exist in a simple RNN with shared weights: trained from small weights, it opens its own path.",
        Experiment(Recurrent(), France(gap=10), Training(steps=500, film_every=25)),
        e2,
        ("Schäfer, Udluft & Zimmermann 2008 (in their spirit; their own task's details were not found)",),
        7.0,
    ),
)
