"""From an ailment to the experiment that shows it."""

from pages.own.diagnosis import Link
from pages.questions import QUESTION_PAGES

ROWS = {  # ailment → the question whose experiment shows it
    "nonfinite": "b2",
    "exploding": "c6",
    "exploding_time": "c3",
    "dead": "c5",
    "saturated": "c5",
    "vanishing": "a4",
    "vanishing_time": "a1",
    "wild": "b2",
    "still": "a4",
    "clipped": "e6",
}
TOO_FAR = {"cell": "relu", "gap": "10", "optimiser": "sgd", "learning_rate": "10", "clip": "0"}
ELSEWHERE: dict[str, Link] = {  # where there is no such question yet
    "nonfinite": ("pages/sentences.py", "Train a network with steps that are too large", TOO_FAR),
    "exploding": (
        "pages/depth.py",
        "Make a deep network explode",
        {"initialiser": "normal", "sigma": "1", "axis": "up"},
    ),
    "exploding_time": ("pages/time.py", "Make a recurrent network explode", {"radius": "1.5"}),
    "dead": ("pages/depth.py", "Change the activation of a deep network", {"activation": "relu"}),
    "saturated": (
        "pages/depth.py",
        "Change the weights of a deep tanh network",
        {"initialiser": "normal", "sigma": "0.5"},
    ),
    "vanishing": ("pages/depth.py", "Change one part of a deep network", {"activation": "sigmoid", "depth": "20"}),
    "vanishing_time": ("pages/time.py", "See how cell and forget bias change the rate", {"cell": "lstm"}),
    "wild": ("pages/sentences.py", "Train a network with steps that are too large", TOO_FAR),
    "clipped": (
        "pages/sentences.py",
        "Train with a gradient that is clipped hard",
        {"optimiser": "sgd", "clip": "0.01"},
    ),
}


def links() -> dict[str, Link]:
    """Finds for each ailment the experiment that shows it."""
    shown = {ailment: QUESTION_PAGES[row] for ailment, row in ROWS.items() if row in QUESTION_PAGES}
    return ELSEWHERE | {
        ailment: (f"pages/{entry.topic}.py", entry.texts.question, {"row": entry.row})
        for ailment, entry in shown.items()
    }
