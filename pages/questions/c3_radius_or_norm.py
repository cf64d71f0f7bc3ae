"""C3. The curve of the products, and eigenvalues and singular values in the complex plane."""

import numpy as np

from core.instruments.contraction import Contraction
from core.questions.c3_radius_or_norm import QUESTION, Contractions
from core.wording import LN10, number, scientific
from pages.charts import plane
from pages.charts.lines import Axis, Line, chart, frame
from pages.charts.palette import THEORY, colour
from pages.charts.plane import Circle, Plane, Points
from pages.frame.profile_picture import main
from pages.frame.question_page import Picture, QuestionPage, Seen
from pages.frame.texts import texts
from pages.results.cost import bulky

BACK = Axis("← further back · steps back", 0, 100, reverse=True)
REACH = Axis("‖∂h(end)/∂h(earlier)‖", -8, 6, decades=True)
PLANE = Plane(half=2.2, names=4)
MATRIX, BOUND = "#2F83C5", "#B07A10"


def _pictures(seen: Seen) -> list[Picture]:
    result: Contractions = seen.result
    own = result.own
    single = own.weights if result.single else ()
    shade = colour(main(seen.experiment))
    lines = [Line(f"measured, mean of {len(result.of)} starts", own.lag, result.log_measured / LN10, shade)]
    lines += [Line("eigenvalue: ρ per step", own.lag, _powers(own, result.radius), MATRIX, "ghost") for _ in single]
    if np.isfinite(own.steepest):
        lines.append(Line("bound: σ₁γ per step", own.lag, own.log_bound / LN10, BOUND, "ghost"))
    lines.append(Line("theory: ρ of the mean Jacobian", own.lag, own.log_prediction / LN10, kind="theory"))
    circles = [Circle("modulus 1", 1.0, "#6E7781")]
    circles += [Circle(f"singular value σ₁ = {result.norm:.2f}", result.norm, BOUND, dashed=True) for _ in single]
    points = [Points(f"eigenvalues of W, ρ = {result.radius:.2f}", w.eigenvalues, MATRIX) for w in single]
    points.append(Points(f"of the mean Jacobian, {own.mean.radius:.2f}", own.mean.eigenvalues, THEORY))
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


def _said(seen: Seen) -> str:
    result: Contractions = seen.result
    end, at, last = scientific(result.log_end), int(result.log_measured.argmax()), int(result.own.lag[-1])
    way = f"is **never larger than at its start**, and {end} is left after {last} steps"
    if result.growth > 1.05:
        way = f"**grows to {number(result.growth)} times** in {at} steps, and {end} is left after {last}"
    nudge = f"In the mean of {len(result.of)} random starts, a nudge of the state {way}."
    if not result.single:
        return f"{nudge} This cell has no single matrix whose eigenvalues could say so."
    most = result.norm * result.own.steepest
    allowed = f"must shrink it: σ₁γ = {most:.2f}" if most < 1 else f"forbids nothing: σ₁γ = {most:.2f}"
    return f"{nudge} The eigenvalue promises {result.radius:.2f} per step; the bound {allowed}."


PAGE = QuestionPage(
    QUESTION,
    "time",
    texts(__file__),
    ("initialiser", "cell", "shear", "radius", "gain"),
    _pictures,
    _said,
    {"No shear": {"shear": 0.0}, "Shear 2": {"shear": 2.0}, "PyTorch's own weights": {"initialiser": "default"}},
    more=("length", "hidden", "inputs"),
    highs={"length": 100, "radius": 2.0, "gain": 2.0},
    slow=bulky,
)
