"""The step that is under way, as the listeners in the model see it."""

from torch.amp import GradScaler

from .ledger import Ledger
from .watch import Watch


class Current:
    """``ledger`` takes the numbers of a recorded step, else it is None; ``watch`` sees those of every step."""

    def __init__(self, scaler: GradScaler | None) -> None:
        self.watch = Watch()
        self.ledger: Ledger | None = None
        self._scaler = scaler
        self._factor: float | None = None

    def open(self, step: int, recorded: bool) -> None:
        """Begins a step."""
        self.watch.step, self._factor = step, None
        self.ledger = Ledger() if recorded else None

    def close(self) -> None:
        """Ends the last step."""
        self.ledger = None
        self.watch.catch_up()

    @property
    def scale(self) -> float:
        """The factor in this step's gradients, read when the first of them arrives: a scaler changes it at the step's end."""
        if self._factor is None:
            self._factor = 1.0 if self._scaler is None else self._scaler.get_scale()
        return self._factor
