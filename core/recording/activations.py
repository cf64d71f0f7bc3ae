"""What listens to activations: to outputs on the way forwards, to their gradients on the way back."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.graph import Node

from .current import Current
from .hooks import Hooks
from .ledger import Ledger
from .measures import measure_each, measure_together
from .outputs import graph_tensors
from .selection import names_of
from .unrolled import is_fused, measured_steps, state_nodes, tapped_input


class ActivationTaps:
    """Hooks on every module, which stay; in a recorded step also on the layers' tensors, which live until the step is over.

    A tensor's hook receives the total derivative: the sum over all that uses the tensor, as ``retain_grad`` would give it.
    """

    def __init__(self, model: nn.Module, layers: list[str], current: Current) -> None:
        self.order: dict[int, None] = {}  # layers, as their first outputs came
        self._model, self._layers, self._current = model, layers, current
        self._lasting, self._passing = Hooks(), Hooks()
        self._calls: Counter[int] = Counter()

    def attach(self) -> None:
        """Hooks into the model."""
        self._lasting.add(self._model.register_forward_pre_hook, self._begins)
        numbers = {name: number for number, name in enumerate(self._layers)}
        for name, module in names_of(self._model).items():
            number = numbers.get(name)
            if number is not None and is_fused(module):
                self._lasting.add(module.register_forward_pre_hook, self._reads, number, with_kwargs=True)
            self._lasting.add(module.register_forward_hook, self._returns, name, number)

    def detach(self) -> None:
        """Removes every hook."""
        self._lasting.clear()
        self.forget()

    def forget(self) -> None:
        """Lets go of a step that is over."""
        self._passing.clear()
        self._calls.clear()

    def _begins(self, *_: Any) -> None:
        """Counts the calls of a layer from 0 when a forward pass of the whole model begins."""
        if torch.is_grad_enabled():
            self._calls.clear()

    def _reads(self, number: int, layer: nn.RNNBase, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Listens to the sequence that a recurrent layer is about to read."""
        trained = any(parameter.requires_grad for parameter in layer.parameters())
        if self._current.ledger is None or not torch.is_grad_enabled() or not trained:
            return None
        sequence, data = tapped_input(args[0] if args else kwargs["input"])

        def take(ledger: Ledger, gradient: Tensor) -> None:
            for t, measured in enumerate(measured_steps(layer, sequence, gradient)):
                ledger.add("input", [number], measured, t, self._current.scale)

        self._passing.add(data.register_hook, self._once(number, take))
        return ((sequence, *args[1:]), kwargs) if args else (args, {**kwargs, "input": sequence})

    def _returns(self, name: str, number: int | None, module: nn.Module, _: Any, output: Any) -> None:
        """Looks at the output that a module has made, and listens to its gradient."""
        if not torch.is_grad_enabled():
            return
        tensors = graph_tensors(output)
        for tensor in tensors:
            self._current.watch.look("forward", name, tensor)
        if number is None:
            return
        self.order.setdefault(number)
        if self._current.ledger is None:
            return

        call = self._calls[number]
        self._calls[number] += 1

        def take(ledger: Ledger, gradient: Tensor) -> None:
            self._current.watch.look("backward", name, gradient)
            ledger.add("output", [number], measure_together([gradient]), call, self._current.scale)

        for tensor in tensors:
            self._passing.add(tensor.register_hook, self._once(number, take))
        self._through_time(name, number, state_nodes(module, output))

    def _through_time(self, name: str, number: int, nodes: list[Node]) -> None:
        """Listens to the nodes that make h_1 … h_T; their gradients are measured together, when that of h_1 has come."""
        steps: list[Tensor] = []

        def take(ledger: Ledger, gradients: Tensor) -> None:
            self._current.watch.look("backward", name, gradients)
            ledger.add("state", [number], measure_each(gradients), 0, self._current.scale)

        def heard(first: bool, done: Callable[[Tensor], None], gradients: tuple[Tensor | None, ...]) -> None:
            steps.extend(gradient for gradient in gradients if gradient is not None)
            if first:
                done(torch.stack(steps[::-1]))
                steps.clear()

        done = self._once(number, take)
        for t, node in enumerate(nodes):
            self._passing.add(node.register_prehook, heard, t == 0, done)

    def _once(self, number: int, take: Callable[[Ledger, Tensor], None]) -> Callable[[Tensor | None], None]:
        """Makes a hook for one tensor. A second backward pass brings another part of the sum: no part alone is the gradient."""
        seen = False

        def arrived(gradient: Tensor | None) -> None:
            nonlocal seen
            ledger = self._current.ledger
            if gradient is None or ledger is None or torch.is_grad_enabled():  # enabled: by create_graph
                return
            if seen:
                ledger.drop(number)
            seen = True
            take(ledger, gradient)

        return arrived
