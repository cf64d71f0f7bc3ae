"""An exhibit: one question as a live experiment. What is claimed and how it is judged stands in ``core.claims``."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from core import Experiment, Recurrent
from core.claims import CLAIMS, Claim

Result = Any  # what an exhibit's instrument measures
PAIRS = 1_000_000  # pairs of steps × multiplications that take some 30 ms
PRODUCTS = 4_000_000  # multiplications of whole Jacobians that do


@dataclass(frozen=True)
class Picture:
    """One chart: its factory and what the chart's text depends on, the table, and what it says to those who can't see it.

    wide: its share of the page's width; neighbours that fit stand beside each other.
    """

    factory: Callable[..., Any]
    axes: tuple[Hashable, ...]
    table: pd.DataFrame
    said: str
    title: str = ""
    wide: float = 1.0


@dataclass(frozen=True)
class Pinned:
    """A result kept for comparison, with what is special about it."""

    name: str
    experiment: Experiment
    result: Result


@dataclass(frozen=True)
class Exhibit:
    """row: the claim's name. topic: the page it is on. question: in a student's words. watch: one sentence on what to watch.

    controls: names of settings in view (at most five), more: folded ones; highs narrow a slider. measure: the instrument, a
    pure function at the top of a module of ``core``. It is done while the slider moves; on a worker if ``slow`` (it trains), or
    if it is slow with these settings (such as ``heavy``). pictures and said turn its result into charts and the computed
    sentence. turns: label → settings that overturn the verdict, each a button. why: the mathematics, the papers, the caveats.
    pins: whether ``pictures`` draws pinned results as ghosts.
    """

    row: str
    topic: str
    question: str
    watch: str
    controls: tuple[str, ...]
    measure: Callable[[Experiment], Result]
    pictures: Callable[[Experiment, Result, Sequence[Pinned]], Sequence[Picture]]
    said: Callable[[Experiment, Result], str]
    turns: Mapping[str, Mapping[str, Any]]
    why: str
    more: tuple[str, ...] = ()
    highs: Mapping[str, float] = field(default_factory=dict)
    slow: bool | Callable[[Experiment], bool] = False
    pins: bool = False

    def waits(self, experiment: Experiment) -> bool:
        """Whether measuring this takes too long to be done while a slider moves."""
        return self.slow(experiment) if callable(self.slow) else self.slow

    @property
    def claim(self) -> Claim:
        """What is claimed, with the settings it is judged with."""
        return CLAIMS[self.row]

    @property
    def name(self) -> str:
        """As all entries of registries have one."""
        return self.row

    @property
    def label(self) -> str:
        """Row and claim in a few words."""
        return f"{self.row.upper()} · {self.claim.label}"

    @property
    def lesson(self) -> str:
        """The claim."""
        return self.claim.lesson


def heavy(experiment: Experiment) -> bool:
    """``slow`` for what goes over all pairs of steps of a recurrent network: quick up to about 30 steps of 32 units."""
    network, steps = _recurrent(experiment)
    return steps**2 * network.layers * network.entry.gates * network.width**2 > PAIRS


def bulky(experiment: Experiment) -> bool:
    """``slow`` for what multiplies whole Jacobians of a recurrent network: quick up to about 100 steps of 32 units."""
    network, steps = _recurrent(experiment)
    return gated(experiment) or steps * (network.layers * network.entry.states * network.width) ** 3 > PRODUCTS


def gated(experiment: Experiment) -> bool:
    """``slow`` for theory that has to be simulated for cells with gates."""
    return _recurrent(experiment)[0].entry.gates > 1


def _recurrent(experiment: Experiment) -> tuple[Recurrent, int]:
    assert isinstance(experiment.network, Recurrent)
    return experiment.network, experiment.task.shape().steps
