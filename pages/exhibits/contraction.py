"""Radius or norm: when does a product of matrices shrink? Row C3."""

from collections.abc import Sequence

import numpy as np

from core import Experiment
from core.instruments.contraction import Contraction
from core.shown.mechanics import contracts
from core.wording import LN10, number, scientific
from pages.charts import plane
from pages.charts.lines import Axis, Line, chart, frame
from pages.charts.palette import THEORY, colour
from pages.charts.plane import Circle, Plane, Points
from pages.frame.profile_picture import main
from pages.frame.question_page import Exhibit, Picture, Pinned, bulky

BACK = Axis("← further back · steps back", 0, 100, reverse=True)
REACH = Axis("‖∂h(end)/∂h(earlier)‖", -8, 6, decades=True)
PLANE = Plane(half=2.2, names=4)
MATRIX, BOUND = "#2F83C5", "#B07A10"


def _pictures(experiment: Experiment, seen: Contraction, _pins: Sequence[Pinned]) -> list[Picture]:
    single = seen.weights if len(seen.weights) == 1 else ()
    lines = [Line("measured", seen.lag, seen.log_measured / LN10, colour(main(experiment)))]
    lines += [Line("eigenvalue: ρ per step", seen.lag, _powers(seen, w.radius), MATRIX, "ghost") for w in single]
    if np.isfinite(seen.steepest):
        lines.append(Line("bound: σ₁γ per step", seen.lag, seen.log_bound / LN10, BOUND, "ghost"))
    lines.append(Line("theory: ρ of the mean Jacobian", seen.lag, seen.log_prediction / LN10, kind="theory"))
    circles = [Circle("modulus 1", 1.0, "#6E7781")]
    circles += [Circle(f"singular value σ₁ = {w.norm:.2f}", w.norm, BOUND, dashed=True) for w in single]
    points = [Points(f"eigenvalues of W, ρ = {w.radius:.2f}", w.eigenvalues, MATRIX) for w in single]
    points.append(Points(f"of the mean Jacobian, {seen.mean.radius:.2f}", seen.mean.eigenvalues, THEORY))
    return [
        Picture(
            chart,
            (BACK, REACH, 340),
            frame(lines, BACK, REACH, corner="top left"),
            "Line chart: how much a nudge of an earlier state still changes the last one, with bound and prediction.",
            wide=0.6,
        ),
        Picture(
            plane.chart,
            (PLANE,),
            plane.frame(points, circles, PLANE),
            "Complex plane: eigenvalues of the recurrent matrix and of the mean Jacobian, and the circle of radius σ₁.",
            wide=0.4,
        ),
    ]


def _powers(seen: Contraction, size: float) -> np.ndarray:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(seen.lag > 0, seen.lag * np.log10(size), 0.0)


def _said(_experiment: Experiment, seen: Contraction) -> str:
    peak, end = float(np.exp(seen.log_measured.max())), scientific(float(seen.log_measured[-1]))
    at, last = int(seen.log_measured.argmax()), int(seen.lag[-1])
    way = f"is **never larger than at its start**, and {end} is left after {last} steps"
    if peak > 1.05:
        way = f"**grows to {number(peak)} times** in {at} steps, and {end} is left after {last}"
    if len(seen.weights) != 1:
        return f"A nudge of the state {way}. This cell has no single matrix whose eigenvalues could say so."
    radius, most = seen.weights[0].radius, seen.weights[0].norm * seen.steepest
    allowed = f"must shrink it: σ₁γ = {most:.2f}" if most < 1 else f"forbids nothing: σ₁γ = {most:.2f}"
    return f"A nudge of the state {way}. The eigenvalue promises {radius:.2f} per step; the bound {allowed}."


CONTRACTION = (
    Exhibit(
        "c3",
        "time",
        "Largest eigenvalue or largest singular value: which one counts?",
        "They are two different sizes of the same matrix. **Raise the shear and watch both pictures**: the eigenvalues stay "
        "inside the circle, and yet the curve grows before it falls.",
        ("initialiser", "cell", "shear", "radius", "gain"),
        contracts,
        _pictures,
        _said,
        {
            "No shear": {"shear": 0.0},
            "Shear 2": {"shear": 2.0},
            "PyTorch's own weights": {"initialiser": "default"},
        },
        """
The **spectral radius** $\\rho(W)$ says how powers of $W$ go *in the end*: $\\rho<1$ sends them to 0. The **largest singular
value** $\\sigma_1(W)$ says what *one* multiplication can do at most. For a normal matrix the two are equal. A sheared
(non-normal) one may have $\\rho<1<\\sigma_1$: its powers pass through large values first (Trefethen & Embree 2005).

A step back multiplies by $W^\\top\\mathrm{diag}(\\varphi'(a_t))$, another matrix at each step, so that even $\\rho(W)<1$ says
nothing for certain. What does is $\\sigma_1\\gamma<1$, $\\gamma$ the activation's steepest slope (1 for tanh and ReLU, ¼ for
sigmoid): then each step shrinks every vector, and the gradient has to vanish. Pascanu et al. 2013 prove it with the singular
value and speak of the largest eigenvalue on the way; many course notes keep the eigenvalue only.

**The caveat.** The bound is enough for vanishing, not necessary: PyTorch's own weights have $\\sigma_1>1$, and their gradient
vanishes all the same, because the *typical* direction shrinks.
        """,
        more=("length", "hidden", "inputs"),
        highs={"length": 100, "radius": 2.0, "gain": 2.0},
        slow=bulky,
    ),
)
