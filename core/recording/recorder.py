"""``GradientRecorder``: writes down how a model's gradients fare in the user's own training loop, without touching them."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from torch import Tensor, nn
from torch.amp import GradScaler
from torch.optim import Optimizer

from ..fields import SpecError
from .activations import ActivationTaps
from .current import Current
from .hooks import Hooks
from .notebook import Notebook
from .recording import Recording
from .selection import choose
from .watch import Finding
from .weights import WeightTaps

if TYPE_CHECKING:
    from pandas import DataFrame


class GradientRecorder:
    """Records the gradients of any ``nn.Module`` while it is trained; the training's numbers stay the same to the last bit.

        with core.GradientRecorder(model, optimizer, every=10) as recorder:
            for inputs, targets in data:
                optimizer.zero_grad()
                loss = criterion(model(inputs), targets)
                loss.backward()
                clip_grad_norm_(model.parameters(), 1.0)
                optimizer.step()
                recorder.step(loss)              # with an optimizer needed only for the loss
        recorder.save("run.parquet")
        print(*recorder.findings, sep="\\n")      # where the first NaN or ∞ arose

    optimizer: its steps are the steps. Without one, call ``recorder.step()`` after each update; the kind "seen" is left out.
    layers: name patterns (``fnmatch``); by default those that ``selection.choose`` finds. every: which steps are recorded; NaN
    and ∞ are looked for in all of them. scaler: of mixed precision; gradients are recorded without its factor. Call
    ``recorder.step()`` then, too: a step that the scaler skips has no other end.

    The backward passes of a step belong together (gradient accumulation): a layer's signal is one vector over all of them, the
    weights' gradient is what the last one leaves. Forward passes under ``no_grad`` and backward passes with ``create_graph``
    are not recorded. Where two backward passes go through one graph, neither brings the whole gradient: such a layer's
    signal is left out in that step.

    Raises SpecError for a pattern that matches nothing, an ``every`` below 1, and what is no model or optimiser.
    """

    def __init__(
        self,
        model: nn.Module,
        optimizer: Optimizer | None = None,
        layers: str | Sequence[str] | None = None,
        every: int = 1,
        scaler: GradScaler | None = None,
    ) -> None:
        if not isinstance(model, nn.Module):
            raise SpecError(f"the model must be a torch.nn.Module, not {type(model).__name__}")
        if optimizer is not None and not isinstance(optimizer, Optimizer):
            raise SpecError(f"the optimizer must be one of torch.optim's kind, not {type(optimizer).__name__}")
        if isinstance(every, bool) or not isinstance(every, int) or every < 1:
            raise SpecError(f"every must be a whole number from 1, not {every!r}")
        chosen = choose(model, layers)
        names = list(chosen)
        self._optimizer, self._every = optimizer, every
        self._current = Current(scaler)
        self._activations = ActivationTaps(model, names, self._current)
        self._weights = WeightTaps(model, names, self._current, early=optimizer is None)
        self._hooks = Hooks()
        self._notebook = Notebook(names, every, [type(module).__name__ for module in chosen.values()])
        self._ended = 0  # steps
        self._at_work = False

    def __enter__(self) -> GradientRecorder:
        """Hooks in. Raises RuntimeError where it is hooked in already."""
        if self._at_work:
            raise RuntimeError("this recorder is at work already: leave its first `with`, or make another recorder")
        self._at_work = True
        self._activations.attach()
        self._weights.attach()
        if self._optimizer is not None:
            self._hooks.add(self._optimizer.register_step_pre_hook, self._weights.before_update)
            self._hooks.add(self._optimizer.register_step_post_hook, self._updated)
        self._open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Takes every hook away. What is known of an unfinished step is kept: it may be the one that failed."""
        try:
            if self._weights.touched:
                if self._optimizer is None and not self._ended and error is None:
                    logging.getLogger(__name__).warning("recorder.step() was never called: all became one step")
                self._close()
        finally:
            self._hooks.clear()
            self._activations.detach()
            self._weights.detach()
            self._current.close()
            self._at_work = False

    def step(self, loss: float | Tensor | None = None) -> None:
        """Ends the step, if no optimiser has ended it, and notes its loss, if it is recorded.

        Raises RuntimeError outside of the ``with``, ValueError when the loss is not one number.
        """
        if not self._at_work:
            raise RuntimeError("recorder.step() belongs inside of `with recorder:`")
        if isinstance(loss, Tensor) and loss.numel() != 1:
            raise ValueError(f"the loss must be one number, not a tensor of shape {tuple(loss.shape)}")
        self._updated()
        if loss is not None:
            self._notebook.write_loss(
                self._ended - 1, loss.detach().clone() if isinstance(loss, Tensor) else float(loss)
            )

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Where NaN or ∞ first arose, the earliest first, at most one for each of ``watch.PLACES``. Each reads as a sentence."""
        self._current.watch.catch_up()
        return tuple(self._current.watch.findings)

    def recording(self) -> Recording:
        """Returns all that was written down so far."""
        return self._notebook.recording(list(self._activations.order), self.findings)

    def table(self) -> DataFrame:
        """Returns the long table: a row for each step, layer and kind, see ``Recording``."""
        return self.recording().table()

    def save(self, path: str | Path) -> None:
        """Writes ``*.parquet`` or ``*.json`` for ``core.read_recording``. Raises RecordingError for other names."""
        self.recording().save(path)

    def _open(self) -> None:
        """Begins a step."""
        recorded = self._ended % self._every == 0 and not self._notebook.full
        self._current.open(self._ended, recorded)
        self._activations.forget()
        self._weights.forget()

    def _updated(self, *_: Any) -> None:
        """Ends the step, in which the weights are as new as they get."""
        if self._weights.touched:
            self._weights.after_update()
            self._close()
            self._open()

    def _close(self) -> None:
        """Ends a step: its numbers, fetched at once, become rows."""
        if self._current.ledger is not None:
            self._weights.close()
            self._notebook.write(self._ended, self._current.ledger.rows(self._ended))
            self._current.watch.catch_up()
        self._ended += 1
