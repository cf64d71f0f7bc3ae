"""The gradients are exact. So why is a small gradient a problem? Rows A1 to A3; A4 to A6 are in ``paralysis``."""

import numpy as np

from core.claims.base import Claim, Verdict
from core.claims.measures import ARRIVES, CELLS, KEEPERS, LOST, SEEDS, decay
from core.claims.settings import changed, recurrent, trained
from core.fields import SpecError
from core.gradients.factors import ratio
from core.judgement.exactness import check
from core.judgement.influence import influence
from core.judgement.many_digits import check_digits
from core.judgement.underflow import underflow
from core.networks import Recurrent
from core.sampling import held_out
from core.specs import Experiment, Training
from core.tasks import France, Noise
from core.wording import number, scientific

STRAIGHT = 0.95  # r² above which a curve on the log axis counts as a straight line
EXACT = 1e-6  # relative error: central differences of single maps are right to about 1e-9, and may add up
DECIDES = 0.5  # share of replaced words that make another answer right


def a1(experiment: Experiment) -> Verdict:
    """Slope, straightness and single factors of the gradient's way back through the steps."""
    recurrent(experiment)
    here, kept = decay(experiment), {name: decay(changed(experiment, **each)) for name, each in KEEPERS.items()}
    enough = here.steps_to(LOST)
    falls = here.slope < 0 and here.reach <= ARRIVES and not here.r2 < STRAIGHT
    verdict = "fails" if not falls else "holds" if here.reach <= LOST else "only_when"
    half = here.steps_to(-float(np.log(2)))
    rates = ", ".join(f"{each.rate:.3f} ({name})" for name, each in kept.items())
    return Verdict(
        verdict,
        here.rate,
        "times per step back",
        f"Each step back multiplies the gradient by {here.rate:.3f} (mean of {SEEDS} seeds; halves every {half:.1f} "
        f"steps, r² {here.r2:.3f}), {here.below:.0%} of the single factors are below 1, and {scientific(here.reach)} of "
        "it arrives."
        if falls
        else f"The gradient does not tend to zero: {here.rate:.3f} times per step back, and {scientific(here.reach)} of it "
        "arrives at the other end.",
        f"Weights or cells that keep it, per step back: {rates}.",
        {"rate": here.rate, "half-life": half, "r²": here.r2, "below 1": here.below, "ln arrives": here.reach}
        | {name: each.rate for name, each in kept.items()},
        when=f"the sequence is longer than {enough:.0f} steps" if verdict == "only_when" else "",
    )


def a2(experiment: Experiment) -> Verdict:
    """Backpropagation against finite differences, and how many steps each number format lasts."""
    recurrent(experiment)
    exact, lasts = check(experiment), underflow(experiment)
    first = held_out(experiment, 1).cue or 0
    away = int(exact.position[-1]) // recurrent(experiment).layers - first
    error, size = float(np.nanmax(exact.jacobians)), exact.log_norm[first * recurrent(experiment).layers]
    gone, worn = (dict(zip(lasts.dtypes, each.tolist(), strict=True)) for each in (lasts.gradient, lasts.digits))
    digits = _digits(experiment)
    right = error <= EXACT and not digits > EXACT  # 80 digits may not have been asked (NaN)
    verdict = (
        "holds" if right and away < worn["float32"] else "only_when" if right and away < gone["float32"] else "fails"
    )
    formats = right and verdict != "holds"
    return Verdict(
        verdict,
        gone["float32"] if formats else error,
        f"steps back until float32 reads 0, and the cue is {away} back"
        if formats
        else f"relative error of gradients down to {scientific(exact.log_norm.min())}",
        f"The product of finite-difference Jacobians and backpropagation differ by {number(error)} at most, arithmetic "
        f"with 80 digits by {number(digits)}, though the gradient is only {scientific(size)} at step {first}. Differences "
        f"of the loss itself are {exact.usual[first]:.0%} wrong there. But exact is not useful, and numbers end: "
        f"{_formats(gone)}.",
        f"In float16 the computed gradient is exactly 0 from {gone['float16']:.0f} steps back on, so that no exactness is "
        f"left; in float32, in which networks are trained here, from {gone['float32']:.0f}.",
        {
            "jacobians": error,
            "80 digits": digits,
            "differences of the loss": float(exact.usual[first]),
            "ln size": float(size),
        }
        | {f"{name} ends after": steps for name, steps in gone.items()},
        when=f"fewer than {worn['float32']:.0f} steps lie in between: from there on float32 loses digits"
        if verdict == "only_when"
        else "",
    )


def _digits(experiment: Experiment) -> float:
    """The error against 80 digits, NaN for networks that are not worked out so far."""
    try:
        return float(check_digits(experiment).errors.max())
    except SpecError:
        return float("nan")


def _formats(gone: dict[str, float]) -> str:
    counts = [
        f"{name} reads 0 after {steps:.0f} steps" if np.isfinite(steps) else f"{name} never"
        for name, steps in gone.items()
    ]
    return ", ".join(counts)


def a3(experiment: Experiment) -> Verdict:
    """The gradient at the cue against what the cue decides, and what replacing it does to a network that has learned."""
    recurrent(experiment)
    here = decay(experiment)
    seen = influence(experiment)
    cue = held_out(experiment, 1).cue
    if cue is None or np.isnan(seen.decides):
        raise SpecError("this claim needs a word that decides the answer: choose task=france or task=waswere")
    other = changed(experiment, **CELLS["LSTM with forget bias 3"])
    run, alive = trained(other), decay(other)
    fillers = np.flatnonzero(np.isfinite(seen.change) & (seen.position != cue))
    loudest = fillers[np.argmax(seen.log_gradient[fillers])] if len(fillers) else cue
    flips, of_filler = influence(other, run, positions=[cue, loudest]).flips.tolist()
    louder = float(ratio(seen.log_gradient[loudest], seen.log_gradient[cue]))
    tiny, matters = here.reach <= LOST, seen.decides >= DECIDES
    return Verdict(
        "holds" if tiny != matters else "fails",
        float(np.exp(here.reach)),
        "of the signal reaches the word that decides",
        f"The cue gets {scientific(here.reach)} of the signal (mean of {SEEDS} seeds), yet another word in its place "
        f"makes another answer right in {seen.decides:.0%} of the cases. The word before the end with the largest "
        f"gradient ({scientific(louder)} times the cue's) changes {of_filler:.0%} of a trained network's answers.",
        "Where the gradient lives, it and the word's weight agree: an LSTM with forget bias 3 passes "
        f"{scientific(alive.reach)} on to the cue, learns the task ({run.accuracy:.0%} right), and another cue then "
        f"changes {flips:.0%} of its answers.",
        {"arrives": float(np.exp(here.reach)), "decides": seen.decides, "filler": float(np.exp(louder))}
        | {
            "lstm arrives": float(np.exp(alive.reach)),
            "lstm right": run.accuracy,
            "lstm changes": flips,
            "lstm changes, filler": of_filler,
        },
    )


CLAIMS_MATTERS = (
    Claim(
        "a1",
        "Many factors below 1",
        "Going back through an unrolled RNN the signal is multiplied by many factors below 1 and tends to zero.",
        Experiment(Recurrent(hidden=64), Noise(length=100, inputs=8)),
        a1,
        ("Hochreiter 1991", "Bengio, Simard & Frasconi 1994"),
        0.3,
    ),
    Claim(
        "a2",
        "Backprop is exact",
        "Backpropagation is exact, so numerical trouble aside, nothing is wrong.",
        Experiment(Recurrent(), France(gap=40)),
        a2,
        (),
        1.0,
    ),
    Claim(
        "a3",
        "A tiny gradient means little influence",
        "A tiny gradient only says that the early steps matter little to the answer.",
        Experiment(Recurrent(), France(gap=22), Training(steps=250, film_every=500)),
        a3,
        ("Bengio, Simard & Frasconi 1994",),
        1.0,
    ),
)
