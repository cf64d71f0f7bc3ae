"""Where each network of a race stands: its accuracy and the share of the signal at the deciding word, over training."""

from dataclasses import dataclass

import numpy as np
from numpy import ndarray

from ..claims.measures import FLOWS, LEARNED, LOST
from ..training.run import Run


@dataclass(frozen=True, eq=False)
class Lane:
    """One network, F looks at its training: steps, accuracy and share (F,), ln of what reaches the cue on held-out examples
    (−inf: nothing). blew: the step after which it blew up; done: nothing more will come."""

    name: str
    steps: ndarray
    accuracy: ndarray
    share: ndarray
    blew: int | None = None
    done: bool = False

    @property
    def learned(self) -> int | None:
        """The first look at which it had learned the task; None if it has not, or has not any more, or has blown up."""
        right = self.accuracy >= LEARNED
        return int(self.steps[right][0]) if self.blew is None and len(right) and right[-1] else None

    @property
    def foretold(self) -> bool | None:
        """Whether the share before training promised that it learns: with a fiftieth or more nearly every network did, with
        less than 1e-4 hardly any. None where it promised nothing: in between, or not seen yet."""
        if not len(self.share) or np.isnan(self.share[0]) or LOST <= self.share[0] < FLOWS:
            return None
        return bool(self.share[0] >= FLOWS)


def lane(name: str, run: Run, cue: int) -> Lane:
    """The run as a lane; ``cue``: the position of the deciding word."""
    with np.errstate(invalid="ignore"):  # nothing at the end either: there is no share
        share = [frame.log_norm[cue] - frame.log_norm[-1] for frame in run.film]
    return Lane(
        name,
        np.array([frame.step for frame in run.film], int),
        np.array([frame.accuracy for frame in run.film], float),
        np.array(share, float),
        run.step if run.trouble else None,
        run.done,
    )


def winners(lanes: list[Lane]) -> list[Lane]:
    """Those that learned it first; several if they were seen to at the same look."""
    times = [each.learned for each in lanes if each.learned is not None]
    return [each for each in lanes if times and each.learned == min(times)]
