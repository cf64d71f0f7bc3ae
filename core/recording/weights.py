"""What listens to weights: to their gradient as it arrives, to what the optimiser takes, and to what it does."""

from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from .current import Current
from .hooks import Hooks
from .measures import Measured, measure_together
from .selection import names_of


class WeightTaps:
    """Hooks on the trainable parameters. A layer's numbers are about all parameters in it that received a gradient."""

    def __init__(self, model: nn.Module, layers: list[str], current: Current, early: bool) -> None:
        """Finds the layers that each parameter is in.

        early: weights are kept when their gradient arrives, because nobody will say when the update begins.
        """
        self.touched: dict[str, Tensor] = {}  # parameters that received a gradient in this step
        self._model, self._current, self._early = model, current, early
        self._hooks = Hooks()
        self._tapped: set[Tensor] = set()
        self._gradients: dict[str, tuple[Measured, float]] = {}  # and the factor that is in them
        self._before: dict[str, Tensor] = {}
        self._inside: dict[Tensor, list[int]] = {}  # parameter → the layers it is in
        modules = names_of(model)
        for number, layer in enumerate(layers):
            for parameter in modules[layer].parameters():
                self._inside.setdefault(parameter, []).append(number)

    def attach(self) -> None:
        """Hooks into the parameters that are trainable."""
        self._hooks.add(self._model.register_forward_pre_hook, self._before_forward)
        self._attach_to_trainable()

    def detach(self) -> None:
        """Removes every hook."""
        self._hooks.clear()
        self._tapped.clear()
        self.forget()

    def forget(self) -> None:
        """Lets go of a step that is over."""
        for kept in (self.touched, self._gradients, self._before):
            kept.clear()

    def before_update(self, optimizer: Optimizer, *_: Any) -> None:
        """Notes what is in ``.grad``, which the optimiser is about to use."""
        if self._current.ledger is None:
            return
        # a fused optimiser takes the scaler's factor out by itself, in its step
        factor = getattr(optimizer, "grad_scale", None)
        scale = 1.0 if factor is None else float(factor)
        for layers, names in self._groups():
            gradients = [self.touched[name].grad for name in names]
            present = [gradient for gradient in gradients if gradient is not None]
            if present:
                self._current.ledger.add("seen", layers, measure_together(present), scale=scale)
            self._before |= {name: self.touched[name].detach().clone() for name in names}

    def after_update(self) -> None:
        """Notes how far the weights, which are new, have moved."""
        self._current.watch.look_at_all("update", self.touched)
        if self._current.ledger is None or not self._before:
            return
        for layers, names in self._groups():
            old = [self._before[name] for name in names]
            moved = [_moved(before, self.touched[name].detach()) for before, name in zip(old, names, strict=True)]
            self._current.ledger.add("weight", layers, measure_together(old))
            self._current.ledger.add("update", layers, measure_together(moved))

    def close(self) -> None:
        """Notes the gradient that the last backward pass left."""
        for name, (measured, scale) in self._gradients.items():
            if self._current.ledger is not None:
                self._current.ledger.add("gradient", self._inside[self.touched[name]], measured, scale=scale)

    def _attach_to_trainable(self) -> None:
        """Hooks into those that are not hooked yet."""
        for name, parameter in self._model.named_parameters():
            if parameter.requires_grad and parameter not in self._tapped:
                self._tapped.add(parameter)
                self._hooks.add(parameter.register_post_accumulate_grad_hook, self._arrived, name)

    def _before_forward(self, *_: Any) -> None:
        """Hooks into parameters that may have been unfrozen since."""
        if self._current.ledger is not None and torch.is_grad_enabled():
            self._attach_to_trainable()

    def _arrived(self, name: str, parameter: Tensor) -> None:
        """Looks at what a backward pass has added to ``.grad``."""
        if parameter.grad is None:
            return
        self.touched[name] = parameter
        self._current.watch.look("gradient", name, parameter.grad)
        if self._current.ledger is not None and parameter in self._inside:
            self._gradients[name] = measure_together([parameter.grad]), self._current.scale
            if self._early and name not in self._before:
                self._before[name] = parameter.detach().clone()

    def _groups(self) -> list[tuple[list[int], list[str]]]:
        """Groups parameters with a recorded gradient by layers and device, to be measured together."""
        groups: dict[tuple[tuple[int, ...], torch.device], list[str]] = {}
        for name in self._gradients:
            layers = self._inside[self.touched[name]]
            groups.setdefault((tuple(layers), self.touched[name].device), []).append(name)
        return [(list(layers), names) for (layers, _), names in groups.items()]


def _moved(old: Tensor, new: Tensor) -> Tensor:
    """Computes new − old, without rounding to a narrow type."""
    wide = torch.promote_types(old.dtype, torch.float32)
    return new.to(wide) - old.to(wide)
