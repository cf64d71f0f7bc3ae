"""B2. Where gradient descent ends: balls on a curve with two valleys, and one network from five random starts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..experiment.specs import Experiment, Training
from ..instruments.balls import STARTS, Balls, roll
from ..instruments.loss_curves import LossCurve, loss_curves
from ..networks import Recurrent
from ..parts.optimisers import OPTIMISERS
from ..tasks import France
from ..wording import listed
from .base import Contrasts, Question, Verdict
from .settings import recurrent, sentences

RATES = (0.03, 0.1, 0.3, 1.0)  # η of the balls
SMALL, TOO_LARGE = 0.1, 1.0  # two of them
EASY, HARD = 2, 12  # words in between


@dataclass(frozen=True)
class Valleys:
    """balls: η → where they end on the curve with two valleys, by the experiment's optimiser; bowl: on one with a single valley,
    by a small η. networks: the experiment's training from each random start.
    """

    balls: Mapping[float, Balls]
    bowl: Balls
    networks: Sequence[LossCurve]

    @property
    def small(self) -> Balls:
        """Returns the balls whose η is small enough."""
        return self.balls[SMALL]

    @property
    def large(self) -> Balls:
        """Returns the balls whose η is too large."""
        return self.balls[TOO_LARGE]

    @property
    def arrived(self) -> float:
        """Returns the share of networks that reach a loss near 0."""
        return [curve.end for curve in self.networks].count("arrived") / len(self.networks)

    @property
    def networks_said(self) -> str:
        """Says how they ended: "3 of 5 networks arrive at a loss near 0, 2 lie flat at a loss of 0.41 and 0.62"."""
        return networks_said(self.networks)

    @property
    def large_said(self) -> str:
        """Says what becomes of balls when their steps are too large."""
        return large_said(self.small, self.large)


def measure(experiment: Experiment) -> Valleys:
    """Rolls nine balls with each of ``RATES``, and trains the network from each random start."""
    recurrent(experiment)
    rule = experiment.training.optimiser
    return Valleys({rate: roll(rule, rate) for rate in RATES}, roll(rule, SMALL, "bowl"), loss_curves(experiment))


def contrasts(experiment: Experiment, _result: Valleys) -> Contrasts:
    """Returns the same with fewer words in between, or more where there are few."""
    return {"gap": (measure, experiment.changed(gap=_other_gap(experiment)))}


def _other_gap(experiment: Experiment) -> int:
    return EASY if sentences(experiment).gap > EASY else HARD


def judge(experiment: Experiment, result: Valleys, found: Mapping[str, Valleys]) -> Verdict:
    """Decides by how many networks reach a loss near 0, and how many balls the lower of two valleys."""
    balls, large, all_of = result.small, result.large, len(STARTS)
    other, there = _other_gap(experiment), found["gap"]
    lower, settled = balls.count("lower"), large.count("lower") + large.count("upper")
    stuck = any(curve.end in ("flat", "thrown about") for curve in result.networks)
    verdict = "fails" if stuck else "only_when" if result.arrived < 1 or lower < all_of or settled < all_of else "holds"
    return Verdict(
        verdict,
        result.arrived,
        f"With {sentences(experiment).gap} words in between, {result.networks_said}.",
        f"These networks differ in their random start alone. Of {all_of} balls on a curve with two valleys {lower} end in the "
        f"lower one ({OPTIMISERS[experiment.training.optimiser].label}, η = {SMALL:g}); {result.large_said}.",
        f"With one valley the start does not matter: {result.bowl.count('lower')} of {all_of} balls arrive. With {other} "
        f"words in between, {there.networks_said}.",
        {"networks": result.arrived, f"networks, {other} words": there.arrived}
        | {"balls": lower / all_of, "balls, one valley": result.bowl.count("lower") / all_of}
        | {
            "balls thrown out": large.count("thrown out") / all_of,
            "balls without rest": large.count("restless") / all_of,
        },
        when="the start lies in the right valley, and the steps are neither too large nor too few"
        if verdict == "only_when"
        else "",
    )


def networks_said(networks: Sequence[LossCurve]) -> str:
    """Says how trainings ended, those that arrived first."""
    words = {
        "arrived": ("arrives", "arrive", "at a loss near 0"),
        "flat": ("lies", "lie", "flat at a loss of {}"),
        "falling": ("is", "are", "still falling at the end, at {}"),
        "thrown about": ("is", "are", "thrown about, at the end at a loss of {}"),
    }
    parts: list[str] = []
    for end, (one, many, where) in words.items():
        losses = [float(curve.loss[-1]) for curve in networks if curve.end == end]
        if losses:
            whole = "" if parts else f" of {len(networks)} networks"
            parts.append(f"{len(losses)}{whole} {one if len(losses) == 1 else many} {where.format(_span(losses))}")
    return ", ".join(parts)


def _span(values: Sequence[float]) -> str:
    words = [f"{value:.2f}" for value in sorted(values)]
    return listed(words) if len(words) < 3 else f"{words[0]} to {words[-1]}"


def large_said(small: Balls, large: Balls) -> str:
    """Says what becomes of balls when their steps are too large, against where they end otherwise."""
    moved = sum({a, b} == {"lower", "upper"} for a, b in zip(small.ends, large.ends, strict=True))
    counts = {
        "{} thrown out": large.count("thrown out"),
        "{} thrown to and fro for ever": large.count("restless"),
        "{} in the other valley than before": moved,
    }
    parts = [what.format(f"{count} {'is' if count == 1 else 'are'}") for what, count in counts.items() if count]
    return f"with η = {TOO_LARGE:g}, {listed(parts) or 'they end where they did'}"


QUESTION = Question(
    "b2_global_minimum",
    "It finds the global minimum",
    "Gradient descent finds the global minimum.",
    Experiment(Recurrent(hidden=16), France(gap=4), Training(optimiser="sgd", learning_rate=0.5, steps=800)),
    measure,
    contrasts,
    judge,
    (),
    7.0,
)
