"""The gradients are exact. So why is a small gradient a problem? Rows A1 to A3; A4 to A6 are in ``paralysis``."""

import numpy as np

from ..experiment.sampling import held_out
from ..experiment.specs import Experiment, Training
from ..fields import SpecError
from ..instruments.exactness import check
from ..instruments.factors import ratio
from ..instruments.influence import influence
from ..instruments.many_digits import check_digits
from ..instruments.underflow import underflow
from ..networks import Recurrent
from ..tasks import France, Noise
from ..wording import number, scientific
from .base import Claim, Verdict
from .measures import ARRIVES, CELLS, FLOWS, KEEPERS, LOST, SEEDS, decay, farther, others, sentences
from .settings import changed, recurrent, trained

STRAIGHT = 0.95  # r² above which a curve on the log axis counts as a straight line
EXACT = 1e-6  # relative error: central differences of single maps are right to about 1e-9, and may add up
DECIDES = 0.5  # share of replaced words that make another answer right
FAR = 22  # words in between, over which a plain RNN loses nearly all
_MEAN = f"Mean of {SEEDS} random starts"


def a1(experiment: Experiment) -> Verdict:
    """Slope, straightness and single factors of the gradient's way back through the steps."""
    recurrent(experiment)
    here, kept = decay(experiment), {name: decay(changed(experiment, **each)) for name, each in KEEPERS.items()}
    plain = decay(changed(experiment, **CELLS["plain RNN"]))
    enough = here.steps_to(LOST)
    falls = here.slope < 0 and here.reach <= ARRIVES and not here.r2 < STRAIGHT
    verdict = "fails" if not falls else "holds" if here.reach <= LOST else "only_when"
    half = here.steps_to(-float(np.log(2)))
    where = (
        "for a plain RNN with PyTorch's weights" if others(experiment, {"": CELLS["plain RNN"]}) else "over more steps"
    )
    rates = ", ".join(f"{kept[name].rate:.3f} ({name})" for name in others(experiment, KEEPERS))
    return Verdict(
        verdict,
        here.rate,
        f"Each step back multiplies the gradient by {here.rate:.3f}, and {scientific(here.reach)} of it arrives.",
        f"{_MEAN}: {here.below:.0%} of the single factors are below 1; "
        + (
            f"the gradient halves every {half:.1f} steps, a straight line on the log axis (r² {here.r2:.3f})."
            if falls
            else "the signal does not tend to zero."
        ),
        f"Weights or cells that keep it, per step back: {rates}."
        if falls
        else f"It holds {where}: {plain.rate:.3f} per step back, so that a ten-thousandth is left after "
        f"{np.ceil(plain.steps_to(LOST)):.0f} steps.",
        {"rate": here.rate, "half-life": half, "r²": here.r2, "below 1": here.below, "ln arrives": here.reach}
        | {name: each.rate for name, each in kept.items()}
        | {"plain RNN": plain.rate},
        when=f"the sequence is longer than {enough:.0f} steps" if verdict == "only_when" else "",
    )


def a2(experiment: Experiment) -> Verdict:
    """Backpropagation against finite differences, how many steps each number format lasts, and how much arrives."""
    recurrent(experiment)
    exact, lasts = check(experiment), underflow(experiment)
    first = held_out(experiment, 1).cue or 0
    away = int(exact.position[-1]) // recurrent(experiment).layers - first
    error, size = float(np.nanmax(exact.jacobians)), exact.log_norm[first * recurrent(experiment).layers]
    gone, worn = (dict(zip(lasts.dtypes, each.tolist(), strict=True)) for each in (lasts.gradient, lasts.digits))
    digits = _digits(experiment)
    right = error <= EXACT and not digits > EXACT  # 80 digits may not have been asked (NaN)
    here, plain = (decay(changed(experiment, **each)) for each in ({}, CELLS["plain RNN"]))
    kept = {name: decay(changed(experiment, **each)).reach for name, each in KEEPERS.items()}
    best = max(kept, key=lambda name: kept[name])
    healthy, short = here.reach >= FLOWS, away >= worn["float32"]
    ended = right and away >= gone["float32"]
    verdict = "fails" if not right or ended else "only_when" if short or not healthy else "holds"
    return Verdict(
        verdict,
        gone["float32"] if ended else error,
        f"The word that decides is {away} steps back; float32 reads 0 after {gone['float32']:.0f}."
        if ended
        else f"The gradient is {'right to' if right else 'wrong by'} {number(error)}, however small it is.",
        f"Backpropagation agrees with the product of finite-difference Jacobians to {number(error)}"
        + (f", with arithmetic of 80 digits to {number(digits)}" if digits == digits else "")
        + f", where its length is {scientific(size)} (step {first}); differences of the loss itself are "
        f"{exact.usual[first]:.0%} wrong there. {'' if healthy else 'Exact is not useful: only '}{scientific(here.reach)} of the "
        f"signal arrives ({_MEAN.lower()}). Numbers end, too: {_formats(gone)}.",
        f"It takes a gradient that is healthy as well as exact: {scientific(kept[best])} of the signal arrives ({best})."
        if not healthy
        else f"Exact as well, and no use: in a plain RNN {scientific(plain.reach)} of the signal arrives.",
        {
            "jacobians": error,
            "80 digits": digits,
            "differences of the loss": float(exact.usual[first]),
            "ln size": float(size),
            "ln arrives": here.reach,
            f"ln arrives, {best}": kept[best],
            "ln arrives, plain RNN": plain.reach,
        }
        | {f"{name} ends after": steps for name, steps in gone.items()},
        when=""
        if verdict != "only_when"
        else f"fewer than {worn['float32']:.0f} steps lie in between: from there on float32 loses digits"
        if short
        else "“nothing is wrong” means “exact”: whether it is useful is another matter (question A3)",
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
    fails = tiny == matters
    away = farther(experiment, FAR) if not others(experiment, {"": CELLS["plain RNN"]}) else experiment
    plain = changed(away, **CELLS["plain RNN"])
    lost = decay(plain)
    return Verdict(
        "fails" if fails else "holds",
        float(np.exp(here.reach)),
        f"The word that decides {seen.decides:.0%} of the answers gets {scientific(here.reach)} of the signal.",
        f"{_MEAN}. Another word in its place makes another answer right in {seen.decides:.0%} of the cases. The word before the "
        f"end with the largest gradient ({scientific(louder)} times the deciding one's) changes {of_filler:.0%} of a trained "
        "network's answers.",
        f"Where the gradient survives, it says what matters: an LSTM with forget bias 3 passes {scientific(alive.reach)} on to "
        f"the deciding word and learns the task ({run.accuracy:.0%} right); another word there then changes {flips:.0%} of its "
        "answers."
        if fails
        else f"With {sentences(plain).gap} words in between, a plain RNN passes on {scientific(lost.reach)} to the word that "
        "decides just as much.",
        {"arrives": float(np.exp(here.reach)), "decides": seen.decides, "filler": float(np.exp(louder))}
        | {
            "lstm arrives": float(np.exp(alive.reach)),
            "lstm right": run.accuracy,
            "lstm changes": flips,
            "lstm changes, filler": of_filler,
            "plain arrives": float(np.exp(lost.reach)),
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
