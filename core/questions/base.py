"""A question: something that people ask or claim, with the experiment that answers it.

Everything is measured once: ``measure(experiment)`` gives a Result, the picture draws it, the sentence reads it, and ``judge``
decides by it. What a verdict compares with are further Results, named by ``contrasts``; whoever runs them (here, or a page with
its workers) may keep them by instrument and experiment.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from ..experiment.specs import Experiment
from ..fields import SpecError
from ..registry import Named, registry

Result = Any  # what a question's instrument measures: plain numbers and arrays
Instrument = Callable[[Experiment], Result]  # a pure function at the top of a module
Contrasts = Mapping[str, tuple[Instrument, Experiment]]

VERDICTS = registry(
    Named("holds", "holds", "The experiment shows what was claimed, with the settings given."),
    Named("only_when", "holds only when …", "It depends on a condition that the claim leaves out."),
    Named("fails", "does not hold", "The experiment shows the opposite."),
)


@dataclass(frozen=True)
class Verdict:
    """What one experiment says about one claim.

    verdict: a name in ``VERDICTS``. number: the measured number that decides. headline: what it says, in one sentence that
    a student understands. finding: what else was measured. overturned_by: settings, other than those in force, that turn
    the verdict round; they were measured too, and ``numbers`` holds everything measured, by name. when: the condition, for
    "only_when".
    """

    verdict: str
    number: float
    headline: str
    finding: str
    overturned_by: str
    numbers: Mapping[str, float] = field(default_factory=dict)
    when: str = ""

    def __post_init__(self) -> None:
        if self.verdict not in VERDICTS or bool(self.when) != (self.verdict == "only_when"):
            raise ValueError(f"not a verdict: {self.verdict} {self.when}")
        if not self.headline.endswith("."):
            raise ValueError(f"not a sentence: {self.headline}")

    @property
    def said(self) -> str:
        """Says "holds", "holds only when …" with its condition, or "does not hold"."""
        label = VERDICTS[self.verdict].label
        return label.replace("…", self.when) if self.when else label


Judge = Callable[[Experiment, Result, Mapping[str, Result]], Verdict]


def no_contrasts(_experiment: Experiment, _result: Result) -> Contrasts:
    """Returns nothing: for verdicts that need no other result."""
    return {}


@dataclass(frozen=True)
class Question:
    """One question, under one name in every room.

    name: "a1_many_factors": the row and a few words, as its files are called. label: the question or claim in a few words;
    claim: as a sentence. base: the settings that it is asked with if nobody changes them. measure: the instrument. It raises
    SpecError for settings that the question can't be asked of.

    contrasts(experiment, result): what a verdict compares with, by name: an instrument and an experiment each, most times
    ``measure`` and other settings. judge(experiment, result, found): decides by the results alone, in no time; ``found`` has the
    contrasts' results by name.

    A question without a claim (a page to explore) is measured and drawn like all others, and has no judge.

    sources: who said it, or said otherwise. seconds: about how long result and contrasts take on one core.
    """

    name: str
    label: str
    claim: str
    base: Experiment
    measure: Instrument
    contrasts: Callable[[Experiment, Result], Contrasts] = no_contrasts
    judge: Judge | None = None
    sources: tuple[str, ...] = ()
    seconds: float = 1.0

    @property
    def row(self) -> str:
        """Returns the row in the list of questions, such as "a1"."""
        return self.name.partition("_")[0]

    @property
    def lesson(self) -> str:
        """Returns the claim, as entries of registries call it."""
        return self.claim

    def verdict(self, experiment: Experiment) -> Verdict:
        """Measures and judges, here and now. Raises SpecError for settings that it can't be judged with."""
        if self.judge is None:
            raise SpecError(f"{self.name} claims nothing, so there is nothing to judge")
        result = measured(self.measure, experiment)
        found = {name: measured(*contrast) for name, contrast in self.contrasts(experiment, result).items()}
        return self.judge(experiment, result, found)


@lru_cache(maxsize=64)
def measured(instrument: Instrument, experiment: Experiment) -> Result:
    """Measures, unless it was measured a short while ago: contrasts of one question are another one's result."""
    return instrument(experiment)
