"""What is gradient descent doing? Rows B1, B2 and B6: the step, where it ends, and how long it takes without a gradient."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..experiment.sampling import sample
from ..experiment.specs import Experiment, Training
from ..fields import SpecError
from ..instruments.clipping import one_step
from ..instruments.curves import CURVES
from ..instruments.descent import Descent, descend, forecast_steps
from ..instruments.evaluation import as_tensors, losses, parameter_gradients
from ..networks import Recurrent
from ..parts.optimisers import OPTIMISERS, Slots
from ..tasks import France
from ..training.run import Run, advance, start
from ..wording import LN10, minus, number, power, scientific, signed
from .base import Claim, Verdict
from .measures import SEEDS, decay, seeds, sentences
from .settings import changed, recurrent, trained
from .through_time import CLAIMS_TIME

FORMULA = 1e-3  # relative: the weights are float32, and a small step of a large weight loses digits
BEFORE = 5  # steps
DOUBLINGS = 30
STARTS = np.linspace(-2, 2, 9)  # of balls on the curve with two valleys
BALL_RATE, TOO_LARGE = 0.1, 1.0  # η
BALL_STEPS = 300
BESIDE = 0.1  # |w − minimum| at the end
BALL_START = 3.0  # on the bowl L = w²/2
LOOKS = 20  # at a training
BOTTOM = 0.05  # nats: the right answers have a probability of 95 %
EASY, HARD = 2, 12  # words in between
FLAT = 0.95  # of the loss is still there a quarter of the training later
DECADES = np.arange(4)
MOST_STEPS = 100_000
NEAR = 0.01


def b1(experiment: Experiment) -> Verdict:
    """The step that training really takes, against −η times the gradient; and what it does to the loss."""
    run = _on_its_way(experiment)
    rate, update = experiment.training.learning_rate, one_step(experiment, run)
    error, cosine = abs(update.ratio[-1] / rate - 1), float(update.cosine[-1])
    exact = error <= FORMULA and 1 - cosine <= FORMULA
    change = _along_gradient(run)
    changes, rises = change(rate), _too_large(change, rate)
    other = "sgd" if experiment.training.optimiser == "adam" else "adam"
    with_other = changed(experiment, optimiser=other)
    contrast = one_step(with_other, _on_its_way(with_other))
    verdict = "fails" if not exact else "holds" if changes < 0 else "only_when"
    label, edge = OPTIMISERS[other].label, rises if rises > rate else rises / 2
    ratio = update.ratio[-1] / rate
    headline = {
        "holds": f"The network's step is η times its gradient, straight downhill, to within {number(error)}.",
        "fails": f"The network's step is not η times its gradient: it is {ratio:.3g} times as long as that, and its cosine with "
        f"straight downhill is {figure(cosine, 2)}.",
        "only_when": f"With η = {rate:g} the step adds {number(max(changes, 0.0))} nats to the loss.",
    }[verdict]
    return Verdict(
        verdict,
        changes if verdict == "only_when" else float(error),
        headline,
        f"Measured after {BEFORE} steps of training: the next one is {update.ratio[-1]:.4g} times as long as the gradient, with "
        f"η = {rate:g}, and the cosine between it and straight downhill is {figure(cosine)}. A step of η along the gradient "
        f"changes the batch's loss by {signed(changes, 4)} nats.",
        f"With η = {edge:.3g} a step along the gradient {'raises' if edge > rate else 'lowers'} the loss, by "
        f"{abs(change(edge)):.3f} nats. With {label} the step is "
        f"{contrast.ratio[-1]:.3g} times as long as the gradient, and its cosine with straight downhill is "
        f"{figure(contrast.cosine[-1], 2)}.",
        {"error": float(error), "cosine": cosine, "change of the loss": changes, "too large": float(rises)}
        | {f"{other}, ratio": float(contrast.ratio[-1]), f"{other}, cosine": float(contrast.cosine[-1])},
        when=f"η is small enough: here below about {rises:.3g}" if verdict == "only_when" else "",
    )


def figure(value: float, digits: int = 4) -> str:
    """A number that may be below 0, with a proper minus."""
    return minus(f"{value:.{digits}f}")


def _too_large(change: Callable[[float], float], rate: float) -> float:
    """The smallest of rate · 2ⁱ that raises the loss, looked for from ``rate`` on upwards or downwards."""
    up = change(rate) < 0
    for _ in range(DOUBLINGS):
        other = rate * 2 if up else rate / 2
        if up != (change(other) < 0):
            return other if up else rate
        rate = other
    return np.inf if up else 0.0


def _on_its_way(experiment: Experiment) -> Run:
    """A few training steps further: the first step of momentum is still that of plain descent."""
    training = replace(experiment.training, steps=BEFORE)
    return advance(start(replace(experiment, training=training)), BEFORE)


def _along_gradient(run: Run) -> Callable[[float], float]:
    """η → change of the next training batch's loss by W ← W − η ∂L/∂W, in float64."""
    experiment, before, batch = run.experiment, run.parameters, sample(run.experiment, run.step)
    gradient = parameter_gradients(experiment, before, batch)

    def loss(rate: float) -> float:
        moved = {name: values - rate * gradient[name] for name, values in before.items()}
        return float(losses(experiment, as_tensors(moved), batch))

    here = loss(0.0)
    return lambda rate: loss(rate) - here


@dataclass(frozen=True)
class Ends:
    """Where balls on the curve with two valleys end, started at ``STARTS``: one path each."""

    paths: tuple[Descent, ...]

    @property
    def kinds(self) -> tuple[str, ...]:
        """Of each: "lower" or "upper" valley, "thrown out", or "restless": neither after 300 steps."""
        return tuple(_end(path) for path in self.paths)

    def count(self, kind: str) -> int:
        """How many end like that."""
        return self.kinds.count(kind)


def roll(optimiser: str, rate: float, curve: str = "valleys") -> Ends:
    """By this optimiser and η."""
    return Ends(
        tuple(descend(curve, start, rate, BALL_STEPS, near=BESIDE, optimiser=optimiser) for start in STARTS.tolist())
    )


def _end(path: Descent) -> str:
    if path.diverged:
        return "thrown out"
    if np.isnan(path.arrived):
        return "restless"
    return "lower" if path.is_global else "upper"


@dataclass(frozen=True)
class Fall:
    """The loss of one training, on new examples. steps, loss (F,); whole: it was not broken off."""

    steps: np.ndarray
    loss: np.ndarray
    whole: bool

    @property
    def end(self) -> str:
        """ "arrived" near 0, "falling" still, "flat" above 0 for the last quarter, or "thrown about": worse than it began."""
        if not self.whole or not np.isfinite(self.loss).all() or self.loss[-1] > 1.5 * self.loss[0]:
            return "thrown about"
        if self.loss[-1] <= BOTTOM:
            return "arrived"
        quarter = max(1, len(self.loss) // 4)
        before, after = self.loss[-2 * quarter : -quarter], self.loss[-quarter:]
        return "flat" if np.mean(after) > FLAT * np.mean(before) else "falling"


def falls(experiment: Experiment) -> tuple[Fall, ...]:
    """One training from each of five random starts."""
    looks = changed(experiment, film_every=min(500, max(1, experiment.training.steps // LOOKS)))
    runs = [trained(each) for each in seeds(looks)]
    return tuple(
        Fall(
            np.array([frame.step for frame in run.film]),
            np.array([frame.loss for frame in run.film]),
            not run.trouble,
        )
        for run in runs
    )


def told(found: Sequence[Fall]) -> str:
    """How they ended: "3 of 5 networks arrive at a loss near 0, 2 lie flat at a loss of 0.41 and 0.62"."""
    words = {
        "arrived": ("arrives", "arrive", "at a loss near 0"),
        "flat": ("lies", "lie", "flat at a loss of {}"),
        "falling": ("is", "are", "still falling at the end, at {}"),
        "thrown about": ("is", "are", "thrown about, at the end at a loss of {}"),
    }
    parts: list[str] = []
    for kind, (one, many, where) in words.items():
        losses = [float(fall.loss[-1]) for fall in found if fall.end == kind]
        if losses:
            whole = "" if parts else f" of {len(found)} networks"
            parts.append(f"{len(losses)}{whole} {one if len(losses) == 1 else many} {where.format(_span(losses))}")
    return ", ".join(parts)


def _span(values: Sequence[float]) -> str:
    words = [f"{value:.2f}" for value in sorted(values)]
    return listed(words) if len(words) < 3 else f"{words[0]} to {words[-1]}"


def unsettled(small: Ends, large: Ends) -> str:
    """What becomes of balls when the steps are too large, against where they end otherwise."""
    counts = {
        "{} thrown out": large.count("thrown out"),
        "{} thrown to and fro for ever": large.count("restless"),
        "{} in the other valley than before": sum(
            {a, b} == {"lower", "upper"} for a, b in zip(small.kinds, large.kinds, strict=True)
        ),
    }
    parts = [what.format(f"{count} {'is' if count == 1 else 'are'}") for what, count in counts.items() if count]
    return f"with η = {TOO_LARGE:g}, {listed(parts) or 'they end where they did'}"


def b2(experiment: Experiment) -> Verdict:
    """How many trainings reach a loss near 0, and how many balls the lower of two valleys."""
    recurrent(experiment)
    gap = sentences(experiment).gap
    other = EASY if gap > EASY else HARD
    here, there = (falls(each) for each in (experiment, changed(experiment, gap=other)))
    arrived, elsewhere = (sum(fall.end == "arrived" for fall in some) for some in (here, there))
    rule = OPTIMISERS[experiment.training.optimiser]
    balls, large, bowl = (
        roll(rule.name, rate, curve)
        for rate, curve in ((BALL_RATE, "valleys"), (TOO_LARGE, "valleys"), (BALL_RATE, "bowl"))
    )
    lower, all_of = balls.count("lower"), len(STARTS)
    settled = large.count("lower") + large.count("upper")
    stuck = any(fall.end in ("flat", "thrown about") for fall in here)
    verdict = "fails" if stuck else "only_when" if arrived < SEEDS or lower < all_of or settled < all_of else "holds"
    return Verdict(
        verdict,
        arrived / SEEDS,
        f"With {gap} words in between, {told(here)}.",
        f"These networks differ in their random start alone. Of {all_of} balls on a curve with two valleys {lower} end in the "
        f"lower one ({rule.label}, η = {BALL_RATE:g}); {unsettled(balls, large)}.",
        f"With one valley the start does not matter: {bowl.count('lower')} of {all_of} balls arrive. With {other} words in "
        f"between, {told(there)}.",
        {"networks": arrived / SEEDS, f"networks, {other} words": elsewhere / SEEDS}
        | {"balls": lower / all_of, "balls, one valley": bowl.count("lower") / all_of}
        | {
            "balls thrown out": large.count("thrown out") / all_of,
            "balls without rest": large.count("restless") / all_of,
        },
        when="the start lies in the right valley, and the steps are neither too large nor too few"
        if verdict == "only_when"
        else "",
    )


def b6(experiment: Experiment) -> Verdict:
    """Steps of a ball on a bowl with its gradient scaled down by 0 to 3 decades, by the experiment's optimiser."""
    recurrent(experiment)
    training = experiment.training
    counts = arrivals(training.optimiser, training.learning_rate)
    other = "sgd" if training.optimiser == "adam" else "adam"
    contrast = arrivals(other, training.learning_rate)
    label = OPTIMISERS[training.optimiser].label
    grows, grows_not = (per_decade(each) for each in (counts, contrast))
    lost = decades_lost(experiment)
    forecast = np.inf
    frozen: tuple[str, ...] = ("float16", "float32", "float64")  # where the gradient is exactly 0
    if np.isfinite(lost):
        with np.errstate(over="ignore"):  # where the gradient explodes, so does the first step
            frozen = descend("bowl", BALL_START, training.learning_rate, 1, lost).frozen
        forecast = forecast_steps("bowl", BALL_START, training.learning_rate * 10.0**-lost, NEAR)
    verdict = "holds" if 0.9 <= grows <= 1.1 else "fails" if grows <= 0.1 else "only_when"
    wait = f"about {number(forecast)} steps" if np.isfinite(forecast) else "more steps than can be counted"
    return Verdict(
        verdict,
        grows,
        f"{label} takes the same number of steps, however small the gradient."
        if grows <= 0.1
        else f"{label} takes {10**grows:.3g} times as many steps for each power of ten that the gradient loses.",
        f"{label} takes {steps_said(counts)} steps with the gradient scaled by 1, 10⁻¹, 10⁻² and "
        f"10⁻³. The word that decides receives {scientific(-lost * LN10)} of this network's signal: with plain SGD a weight "
        f"with so small a gradient would take {wait}, and in {listed(frozen) or 'no number format'} it would not move at all.",
        f"{OPTIMISERS[other].label} takes {steps_said(contrast)} steps: "
        + (
            "it divides by the gradient's size, and the scale drops out." if grows_not <= 0.1 else "the scale stays in."
        ),
        {"per decade": grows, f"{other}, per decade": grows_not, "decades lost": lost, "forecast": forecast}
        | {f"steps at {power(-k)}": float(n) for k, n in zip(DECADES.tolist(), counts, strict=True)},
        when="no momentum and no division by the gradient's size come in between" if verdict == "only_when" else "",
    )


def decades_lost(experiment: Experiment) -> float:
    """By how many powers of ten the signal at the word that decides is smaller than at the end, before training."""
    return float(-decay(experiment).reach / LN10)


def steps_said(counts: np.ndarray) -> str:
    """ "55, 568, 5701 and 5.7·10⁴"; "∞" for what has not arrived within 100 000 steps."""
    late = f" (∞: not within {number(MOST_STEPS)})" if np.isinf(counts).any() else ""
    return listed(["∞" if np.isinf(count) else number(float(count)) for count in counts]) + late


def listed(words: Sequence[str]) -> str:
    """ "a, b and c"."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def per_decade(counts: np.ndarray) -> float:
    """log₁₀ of how many times the steps are, from one power of ten to the next: the last two that arrived."""
    arrived = np.flatnonzero(np.isfinite(counts))
    if len(arrived) < 2:
        raise SpecError("this claim counts steps to the bottom of a bowl: choose a learning rate from 0.01 to 1")
    return float(np.log10(counts[arrived[-1]] / counts[arrived[-2]]))


def arrivals(optimiser: str, rate: float) -> np.ndarray:
    """Steps until |w| ≤ .01 on the bowl from w = 3, for gradients scaled by 10⁰ … 10⁻³ side by side; inf after 100 000."""
    slope, step = CURVES["bowl"].slope, OPTIMISERS[optimiser].step
    w, counts = np.full(len(DECADES), BALL_START), np.full(len(DECADES), np.inf)
    slots: Slots = {}
    for count in range(MOST_STEPS):
        counts[(np.abs(w) <= NEAR) & np.isinf(counts)] = count
        if np.isfinite(counts).all():
            break
        with np.errstate(all="ignore"):  # what is thrown out never arrives
            direction, slots = step(slope(w) * 10.0**-DECADES, slots, count)
            w = w - rate * direction
    return counts


PLAIN = Training(optimiser="sgd", learning_rate=0.1, clip=0.0)

_ONE_WEIGHT = (
    Claim(
        "b1",
        "W − η·∂L/∂W",
        "W_new = W_old − η·∂L/∂W: the slope's sign gives the direction, η the step.",
        Experiment(Recurrent(), France(gap=10), PLAIN),
        b1,
        ("Rumelhart, Hinton & Williams 1986",),
        0.1,
    ),
    Claim(
        "b2",
        "It finds the global minimum",
        "Gradient descent finds the global minimum.",
        Experiment(Recurrent(hidden=16), France(gap=4), Training(optimiser="sgd", learning_rate=0.5, steps=800)),
        b2,
        (),
        7.0,
    ),
    Claim(
        "b6",
        "A gradient scaled by 10⁻ᵏ",
        "A weight whose gradient is scaled down by 10⁻ᵏ needs 10ᵏ times as many steps.",
        Experiment(Recurrent(), France(gap=22), PLAIN),
        b6,
        (),
        0.5,
    ),
)
CLAIMS_B = tuple(sorted((*_ONE_WEIGHT, *CLAIMS_TIME), key=lambda claim: claim.name))
