"""Where each network of a race stands: its accuracy and the share of the signal at the deciding word, over training."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy import ndarray

from ..training.run import Run
from .thresholds import FLOWS, LEARNED, LOST


@dataclass(frozen=True, eq=False)
class Standing:
    """One network, F looks at its training: steps, accuracy and share (F,), ln of what reaches the cue on held-out examples.

    share: −inf where nothing does. blew_up: the step after which it blew up. done: nothing more will come.
    """

    name: str
    steps: ndarray
    accuracy: ndarray
    share: ndarray
    blew_up: int | None = None
    done: bool = False

    @property
    def learned(self) -> int | None:
        """Returns the first look at which it had learned the task; None if it has not, or not any more, or has blown up."""
        right = self.accuracy >= LEARNED
        return int(self.steps[right][0]) if self.blew_up is None and len(right) and right[-1] else None

    @property
    def foretold(self) -> bool | None:
        """Tells whether the share before training promised that it learns; None where it promised nothing.

        With a fiftieth or more nearly every network did, with less than 1e-4 hardly any. It promises nothing in between, or as
        long as it has not been seen.
        """
        if not len(self.share) or np.isnan(self.share[0]) or LOST <= self.share[0] < FLOWS:
            return None
        return bool(self.share[0] >= FLOWS)


def standing_of(run: Run, name: str, cue: int) -> Standing:
    """Returns where the run stands; ``cue``: the position of the deciding word."""
    with np.errstate(invalid="ignore"):  # nothing at the end either: there is no share
        share = [frame.log_norm[cue] - frame.log_norm[-1] for frame in run.film]
    return Standing(
        name,
        np.array([frame.step for frame in run.film], int),
        np.array([frame.accuracy for frame in run.film], float),
        np.array(share, float),
        run.step if run.trouble else None,
        run.done,
    )


def winners(standings: Sequence[Standing]) -> list[Standing]:
    """Returns those that learned it first; several if they were seen to at the same look."""
    times = [standing.learned for standing in standings if standing.learned is not None]
    return [standing for standing in standings if times and standing.learned == min(times)]
