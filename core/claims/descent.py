"""What is gradient descent doing? Rows B1, B2 and B6: the step, where it ends, and how long it takes without a gradient."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from core.claims.base import Claim, Verdict
from core.claims.measures import LEARNED, SEEDS, decay, seeds, sentences
from core.claims.settings import changed, recurrent, trained
from core.claims.through_time import CLAIMS_TIME
from core.fields import SpecError
from core.judgement.clipping import one_step
from core.judgement.curves import CURVES
from core.judgement.descent import descend, forecast_steps
from core.judgement.evaluation import as_tensors, losses, parameter_gradients
from core.networks import Recurrent
from core.optimisers import OPTIMISERS, Slots
from core.sampling import sample
from core.specs import Experiment, Training
from core.tasks import France
from core.training import Run, advance, start
from core.wording import number, power, signed

FORMULA = 1e-3  # relative: the weights are float32, and a small step of a large weight loses digits
BEFORE = 5  # steps
DOUBLINGS = 30
STARTS, BALL_RATE, BALL_STEPS = 40, 0.1, 300  # balls on the curve with two valleys
BALL_START = 3.0  # on the bowl L = w²/2
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
    return Verdict(
        verdict,
        changes if verdict == "only_when" else float(error),
        "nats that the step adds to the loss" if verdict == "only_when" else "relative error of ‖ΔW‖ = η‖∂L/∂W‖",
        f"The step is {update.ratio[-1]:.4g} times the gradient's length, η being {rate:g}, and its direction has cosine "
        f"{cosine:.4f} with steepest descent; a step along the gradient changes the batch's loss by {signed(changes, 4)}.",
        f"With η = {rises:.3g} such a step raises the loss, by {change(rises):.3f}; {OPTIMISERS[other].label}'s step is "
        f"{contrast.ratio[-1]:.3g} times the gradient with cosine {contrast.cosine[-1]:.2f}.",
        {"error": float(error), "cosine": cosine, "change of the loss": changes, "too large": float(rises)}
        | {f"{other}, ratio": float(contrast.ratio[-1]), f"{other}, cosine": float(contrast.cosine[-1])},
        when=f"η is small enough: here below about {rises:.3g}" if verdict == "only_when" else "",
    )


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


def b2(experiment: Experiment) -> Verdict:
    """How many trainings reach the lowest loss there is, and how many balls the lower of two valleys."""
    recurrent(experiment)
    gap, short = sentences(experiment).gap, min(2, sentences(experiment).gap)
    here, easy = (_arriving(each) for each in (experiment, changed(experiment, gap=short)))
    edge = CURVES["valleys"]
    balls = [descend("valleys", start, BALL_RATE, BALL_STEPS) for start in np.linspace(edge.low, edge.high, STARTS)]
    lower, one_valley = (
        float(np.mean([each.is_global for each in some]))
        for some in (balls, [descend("bowl", ball.w[0], BALL_RATE, BALL_STEPS) for ball in balls])
    )
    thrown = descend("bowl", BALL_START, 2.1, BALL_STEPS).diverged
    verdict = "fails" if here < 1 else "only_when" if lower < 1 or thrown else "holds"
    return Verdict(
        verdict,
        here,
        f"is the share of {SEEDS} trainings that reach the lowest loss",
        f"From {SEEDS} different starts {here:.0%} of the networks learn the sentences with {gap} words in between, whose "
        f"loss can come down to 0; of {STARTS} balls on a curve with two valleys {lower:.0%} end in the lower "
        f"one{', and with η = 2.1 a ball is thrown out of a bowl' if thrown else ''}.",
        f"With one valley the start does not matter: {one_valley:.0%} of the balls arrive; with {short} words in between "
        f"{easy:.0%} of the networks do.",
        {
            "networks": here,
            "balls": lower,
            "balls, one valley": one_valley,
            "networks, easy": easy,
            "thrown out": float(thrown),
        },
        when="the start lies in the right valley and η is not too large" if verdict == "only_when" else "",
    )


def _arriving(experiment: Experiment) -> float:
    """Share of seeds that learn the task."""
    return float(np.mean([trained(each).accuracy >= LEARNED for each in seeds(experiment)]))


def b6(experiment: Experiment) -> Verdict:
    """Steps of a ball on a bowl with its gradient scaled down by 0 to 3 decades, by the experiment's optimiser."""
    recurrent(experiment)
    training = experiment.training
    counts = arrivals(training.optimiser, training.learning_rate)
    other = "sgd" if training.optimiser == "adam" else "adam"
    contrast = arrivals(other, training.learning_rate)
    grows, grows_not = (_per_decade(each) for each in (counts, contrast))
    lost = -decay(experiment).reach / np.log(10)
    forecast = np.inf
    frozen: tuple[str, ...] = ("float16", "float32", "float64")  # where the gradient is exactly 0
    if np.isfinite(lost):
        with np.errstate(over="ignore"):  # where the gradient explodes, so does the first step
            frozen = descend("bowl", BALL_START, training.learning_rate, 1, lost).frozen
        forecast = forecast_steps("bowl", BALL_START, training.learning_rate * 10.0**-lost, NEAR)
    verdict = "holds" if 0.9 <= grows <= 1.1 else "fails" if grows <= 0.1 else "only_when"
    return Verdict(
        verdict,
        grows,
        "powers of ten more steps for each power of ten less gradient",
        f"{OPTIMISERS[training.optimiser].label} takes {', '.join(f'{n:,.0f}' for n in counts)} steps with the gradient "
        f"scaled by 1, 10⁻¹, 10⁻², 10⁻³. This network's cue has lost {lost:.1f} decades: with plain SGD its weight would "
        f"take about {number(forecast)} steps, and in {' and '.join(frozen) or 'no number format'} it would not move at "
        "all.",
        f"{OPTIMISERS[other].label} takes {', '.join(f'{n:,.0f}' for n in contrast)} steps: "
        + (
            "it divides by the gradient's size, and the scale drops out." if grows_not <= 0.1 else "the scale stays in."
        ),
        {"per decade": grows, f"{other}, per decade": grows_not, "decades lost": float(lost), "forecast": forecast}
        | {f"steps at {power(-k)}": float(n) for k, n in zip(DECADES.tolist(), counts, strict=True)},
        when="no momentum and no division by the gradient's size come in between" if verdict == "only_when" else "",
    )


def _per_decade(counts: np.ndarray) -> float:
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
        Experiment(Recurrent(), France(gap=10), Training(steps=400, film_every=500)),
        b2,
        (),
        2.5,
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
