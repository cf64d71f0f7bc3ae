"""A claim: something that people say about vanishing gradients, with an experiment that says whether it is so."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ..experiment.specs import Experiment
from ..registry import Named, registry

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


@dataclass(frozen=True)
class Claim:
    """name: the row, such as "a1". label: the question or claim in a few words; lesson: the claim as a sentence.

    base: the settings it is judged with if nobody changes them; judge(experiment) measures and decides. sources: who said
    it, or said otherwise. seconds: about how long it takes on one core.
    """

    name: str
    label: str
    lesson: str
    base: Experiment
    judge: Callable[[Experiment], Verdict]
    sources: tuple[str, ...] = ()
    seconds: float = 1.0
