"""Words about checks, measures, and the tasks that are learned."""

from pages.glossary.entry import Term

MEASURING = (
    Term(
        "underflow",
        "float32 and underflow",
        ("float32", "float16", "bfloat16", "float64", "underflow"),
        "A format for numbers has a smallest one above 0, and whatever is smaller becomes exactly 0: underflow. "
        "It lies near $10^{-45}$ for float32, $6\\cdot10^{-8}$ for float16, $5\\cdot10^{-324}$ for float64.",
        "a2",
    ),
    Term(
        "finite-differences",
        "Finite differences",
        ("finite difference",),
        "A derivative found by trying: nudge a number, compute again, divide the change by the nudge. "
        "An independent check of backpropagation, as long as the change is larger than the rounding.",
        "a2",
    ),
    Term(
        "influence",
        "Influence of a word",
        ("influence",),
        "How much the loss changes when a word is replaced by another one that could stand there. "
        "The gradient foretells it for small changes; a word is not a small change.",
        "a3",
        "Breiman 2001",
    ),
    Term(
        "linear-probe",
        "Linear probe",
        ("linear probe", "probe", "linear read-out"),
        "A linear read-out fitted to the states of a network that is left as it is, to find out what could be read from them. "
        "That it can be read does not mean that the network uses it.",
        "d7",
        "Alain & Bengio 2016",
    ),
    Term(
        "accuracy",
        "Accuracy",
        ("accuracy", "accuracies"),
        "The share of answers that are right, on examples that were not trained on.",
        "d1",
        basic=True,
    ),
    Term(
        "chance-level",
        "Chance level",
        ("chance level", "guessing", "at chance"),
        "The accuracy of somebody who knows the possible answers and nothing else. "
        "With eight countries it is ⅛, with *was* and *were* ½: a network that is no better has not learned the task.",
        "d1",
    ),
    Term(
        "france-task",
        "France task",
        ("France task", "France sentence"),
        "“I went to France, … I speak ____”: the last word is decided by one word far back, among eight countries. "
        "The words in between tell nothing, so the error at the end has to reach the country.",
        "b5",
        "Bengio, Simard & Frasconi 1994, for tasks of this kind",
    ),
    Term(
        "was-were-task",
        "Was/were task",
        ("was/were task", "was/were"),
        "“The cats, which were …, ____”: was or were, decided by a noun far back. One bit has to be carried.",
        "d1",
        "Linzen, Dupoux & Goldberg 2016",
    ),
    Term(
        "attractor",
        "Attractor noun",
        ("attractor", "attractor noun"),
        "A noun of the other number between subject and verb, such as “dog” in “the cats near the dog were”. "
        "It tempts a network that goes by the nearest noun. (In dynamics, an attractor is a point that others are drawn to.)",
        "d1",
        "Linzen, Dupoux & Goldberg 2016",
    ),
    Term(
        "cue",
        "Cue",
        ("cue", "deciding word", "word that decides"),
        "The word that decides the answer: the country, or the noun. All others could be changed without changing what is right.",
        "a3",
    ),
    Term(
        "gap",
        "Gap",
        ("gap", "mixed gap", "filler word", "filler"),
        "How many filler words stand between the cue and the question. "
        "*Mixed*: training sees shorter gaps as well, which is an easier task than one fixed gap.",
        "b5",
    ),
    Term(
        "verdict",
        "Verdict",
        ("verdict",),
        "What an experiment here says about a claim: it holds, holds only when …, or does not hold. "
        "It belongs to the settings it was measured with; with others it may be another one.",
        "questions",
    ),
)
