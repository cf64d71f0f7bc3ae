"""E6. Optimiser tricks side by side at one gap and at another, against remedies that change the gradient itself."""

from collections.abc import Iterable, Mapping
from typing import Any

from ..experiment.remedies import PLAIN, REMEDIES
from ..experiment.specs import Experiment, Training
from ..instruments.learning_curves import LearningCurve, learning_curve, learning_curves
from ..networks import Recurrent
from ..tasks import France
from .base import Contrasts, Instrument, Question, Verdict
from .settings import NEAR, farther, near, recurrent, right, scores, sentences
from .thresholds import LEARNED

Curves = Mapping[str, LearningCurve]  # by the remedy's label, one random start each
_ADAM: Mapping[str, Any] = {"optimiser": "adam", "learning_rate": 3e-3, "omega": 0.0}
TRICKS = {
    REMEDIES[name].label: {**_ADAM, **REMEDIES[name].settings}
    for name in ("sgd", "momentum", "nesterov", "rmsprop", "adam", "unclipped")
}
CHANGES = {  # they change what the gradient is, not what is done with it
    REMEDIES[name].label: {**PLAIN, **_ADAM, **REMEDIES[name].settings} for name in ("leaky", "omega")
}


def measure(experiment: Experiment) -> Curves:
    """Trains the network with each trick, and with the two remedies that change the gradient."""
    recurrent(experiment)
    return learning_curves({name: experiment.changed(**settings) for name, settings in {**TRICKS, **CHANGES}.items()})


def contrasts(experiment: Experiment, result: Curves) -> Contrasts:
    """Returns another gap; a gap twice as long where tricks suffice; and a short one where nothing at all is learned."""
    gap = sentences(experiment).gap
    needed = result["SGD"].final < LEARNED
    words = gap // 2 if needed else min(4 * gap, 200)
    found: dict[str, tuple[Instrument, Experiment]] = {"elsewhere": (measure, experiment.changed(gap=words))}
    if needed and _best(_finals(result, TRICKS)) >= LEARNED:
        found["farther"] = measure, farther(experiment, gap)
    if max(curve.final for curve in result.values()) < LEARNED:
        found["near"] = learning_curve, near(experiment.changed(omega=0.0))
    return found


def judge(experiment: Experiment, result: Curves, found: Mapping[str, Any]) -> Verdict:
    """Decides by whether SGD alone learns it, and whether a trick does."""
    gap = sentences(experiment).gap
    far, changes = _finals(result, TRICKS), _finals(result, CHANGES)
    needed, best = far["SGD"] < LEARNED, _best(far)
    words = gap // 2 if needed else min(4 * gap, 200)
    unlike = [name for name in TRICKS if "clipping" not in name]
    elsewhere = _finals(found["elsewhere"], unlike)
    suffice = best >= LEARNED
    untrained = "near" in found and max(*elsewhere.values(), found["near"].final) < LEARNED
    condition = _best(elsewhere) >= LEARNED or untrained
    verdict = "fails" if not needed else "holds" if suffice else "only_when" if condition else "fails"
    return Verdict(
        verdict,
        best,
        f"With {gap} words in between the best optimiser trick is right in {right(best)}, plain SGD in {right(far['SGD'])}.",
        f"One random start each, {gap} words: {scores(far)}; learned means at least {LEARNED:.0%}. "
        + (
            "No trick is needed here."
            if not needed
            else "The tricks make the difference here."
            if suffice
            else "Too little of the gradient arrives for any trick. Remedies that change the gradient itself: "
            f"{scores(changes)}."
        ),
        f"With {2 * gap} words in between: {scores(_finals(found['farther'], unlike))}."
        if suffice and needed
        else f"With {words} words in between: {scores(elsewhere)}.",
        {"best trick": best, **far, **changes} | {f"{name}, {words} words": value for name, value in elsewhere.items()},
        when=""
        if verdict != "only_when"
        else NEAR
        if untrained
        else f"enough of the gradient arrives: with {words} words in between and not {gap}",
    )


def _finals(curves: Curves, names: Iterable[str]) -> dict[str, float]:
    return {name: curves[name].final for name in names}


def _best(shares: Mapping[str, float]) -> float:
    return max(share for name, share in shares.items() if name != "SGD")


QUESTION = Question(
    "e6_optimiser_tricks",
    "Optimiser tricks",
    "Optimiser tricks are needed: RMSProp, Nesterov momentum, gradient clipping.",
    Experiment(Recurrent(), France(gap=20), Training(steps=500, film_every=500)),
    measure,
    contrasts,
    judge,
    ("Bengio, Boulanger-Lewandowski & Pascanu 2013", "Pascanu, Mikolov & Bengio 2013"),
    4.5,
)
