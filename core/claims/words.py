"""A verdict in words, and judging by name."""

from ..experiment.specs import Experiment
from . import CLAIMS, VERDICTS, Verdict

LETTERS = {
    "a": "The gradients are exact. So why is a small gradient a problem?",
    "b": "What is gradient descent doing, and where do France and French come in?",
    "c": "Why RNNs more than MLPs? And what did ResNets fix?",
    "d": "Was or were? What exactly fails to be learned?",
    "e": "Does the vanishing gradient in RNNs exist at all?",
}


def judge(row: str, experiment: Experiment) -> Verdict:
    """The verdict on the claim called ``row``. Raises SpecError for settings that it can't be judged with."""
    return CLAIMS[row].judge(experiment)


def said(verdict: Verdict) -> str:
    """ "holds", "holds only when …" with its condition, or "does not hold"."""
    label = VERDICTS[verdict.verdict].label
    return label.replace("…", verdict.when) if verdict.when else label
