"""What a diagnosis consists of: for each ailment one check, with the numbers that decided it."""

import math
from dataclasses import dataclass

FOUND, NOTED, FINE, UNKNOWN = "found", "noted", "fine", "unknown"


@dataclass(frozen=True)
class Ailment:
    """``rule`` names the threshold; ``remedies`` in the order in which they are worth a try; ``lesson`` is what it means.

    ``lstm_remedies``: instead of them where the layer is an LSTM.
    """

    name: str
    label: str
    lesson: str
    rule: str
    remedies: tuple[str, ...]
    lstm_remedies: tuple[str, ...] = ()


@dataclass(frozen=True)
class Check:
    """One rule's result. state: FOUND, NOTED (worth knowing, may be meant), FINE, or UNKNOWN (the recording can't tell).

    said: what was measured, a sentence with its numbers. value: the number that the rule compares (ln of a share of norms, or a
    share of zeros). layers: where, the worst first. step: when it was first seen. because: the ailment of which this is only
    a consequence ("" if it stands for itself). remedies: instead of the ailment's own, where this case suggests others.
    """

    ailment: str
    state: str
    said: str
    layers: tuple[str, ...] = ()
    step: int | None = None
    value: float = math.nan
    because: str = ""
    remedies: tuple[str, ...] = ()


@dataclass(frozen=True)
class Diagnosis:
    """All checks, in the order of ``AILMENTS``; ``loss`` is (first, last) as recorded, or nothing."""

    checks: tuple[Check, ...]
    loss: tuple[float, float] | None = None

    def of(self, *states: str) -> tuple[Check, ...]:
        """Returns the checks with one of these states."""
        return tuple(check for check in self.checks if check.state in states)

    @property
    def found(self) -> tuple[Check, ...]:
        """What is wrong, causes before their consequences."""
        return tuple(sorted(self.of(FOUND), key=lambda check: bool(check.because)))
