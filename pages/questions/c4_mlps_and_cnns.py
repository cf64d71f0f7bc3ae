"""C4. The profiles of an MLP and a CNN with the same settings."""

from core.instruments.starts import STARTS, Profiles, mean_of
from core.questions.c4_mlps_and_cnns import QUESTION
from pages.charts.palette import colour
from pages.charts.profile import Axes, Curve, chart, frame
from pages.frame.phrases import journey
from pages.frame.profile_picture import main
from pages.frame.question_page import Picture, QuestionPage, Seen
from pages.frame.texts import texts

LAYERS = Axes(60, -35, 7, "layers")


def _pictures(seen: Seen) -> list[Picture]:
    found: dict[str, Profiles] = seen.result
    shades = {"MLP": colour(main(seen.experiment)), "CNN": "#2F83C5"}
    curves = [
        Curve(name, mean_of(profiles), shades[name], tuple(profiles), theory=name == "MLP")
        for name, profiles in found.items()
    ]
    said = "Line chart: share of the signal against layers back, for an MLP and for a convolutional network."
    return [Picture(chart, (LAYERS,), frame(curves, LAYERS), said)]


def _said(seen: Seen) -> str:
    found: dict[str, Profiles] = seen.result
    both = " ".join(
        f"{journey(mean_of(profiles), name)} Factor per layer: **{mean_of(profiles).rate:.3f}**."
        for name, profiles in found.items()
    )
    return f"{both} Drawn are means of {STARTS} random starts; the bands hold all of them."


PAGE = QuestionPage(
    QUESTION,
    "depth",
    texts(__file__),
    ("activation", "initialiser", "depth", "normalisation", "skip"),
    _pictures,
    _said,
    {
        "ReLU with He": {"activation": "relu", "initialiser": "he"},
        "Residual": {"skip": "residual"},
        "LayerNorm": {"normalisation": "layer"},
    },
    more=("gain", "width", "bias_std"),
    highs={"depth": 60},
)
