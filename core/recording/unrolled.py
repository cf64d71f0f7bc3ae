"""Recurrent layers of ``torch.nn``: the gradient at each time step's input and, where torch keeps the steps apart, state.

The gradient at a fused layer's *output* sequence is only what comes from above: what step t receives from later steps stays
inside, so it is no ∂L/∂h_t. Two other things are exact. The gradient at the input sequence has come through all later steps.
And where the fused operation consists of one node per step (RNN, GRU; LSTM except with cuDNN and oneDNN), the node that makes
h_t receives the total ∂L/∂h_t.
"""

from typing import Any

from torch import Tensor, nn
from torch.autograd.graph import Node
from torch.nn.utils.rnn import PackedSequence

from .measures import Measured, measure_each, measure_together


def is_fused(module: nn.Module) -> bool:
    """Tells whether it is one of torch's recurrent layers, or an heir that reads and returns the same."""
    return type(module).forward in (nn.RNN.forward, nn.GRU.forward, nn.LSTM.forward)


def tapped_input(sequence: Any) -> tuple[Any, Tensor]:
    """Copies the numbers of an input into a tensor whose gradient is what comes through this layer alone; returns both.

    A sequence that needed no gradient asks for one from here on; what feeds it does not notice.
    """
    packed = isinstance(sequence, PackedSequence)
    data = sequence.data if packed else sequence
    data = data.view_as(data) if data.requires_grad else data.detach().requires_grad_()
    if packed:
        return PackedSequence(data, sequence.batch_sizes, sequence.sorted_indices, sequence.unsorted_indices), data
    return data, data


def measured_steps(layer: nn.RNNBase, sequence: Any, gradient: Tensor) -> list[Measured]:
    """Measures ∂L/∂x_1 … ∂L/∂x_T out of the input's gradient, all at once or, where batches shrink, one by one."""
    if isinstance(sequence, PackedSequence):
        return [measure_together([part]) for part in gradient.split(sequence.batch_sizes.tolist())]
    return [measure_each(gradient.movedim(_time_axis(layer, gradient), 0))]


def state_nodes(layer: nn.Module, output: Any) -> list[Node]:
    """Finds the nodes that make h_1 … h_T of the top layer; none where torch does not keep them apart, or with two directions."""
    if (
        not isinstance(layer, nn.RNNBase)
        or not is_fused(layer)
        or layer.bidirectional
        or not isinstance(output[0], Tensor)
    ):
        return []
    sequence, node = output[0], output[0].grad_fn
    if node is not None and node.name().startswith("Transpose"):  # batch_first
        node = node.next_functions[0][0]
    if node is None or not node.name().startswith("Stack"):
        return []
    steps = [step for step, _ in node.next_functions if step is not None]
    return steps if len(steps) == sequence.shape[_time_axis(layer, sequence)] else []


def _time_axis(layer: nn.RNNBase, sequence: Tensor) -> int:
    """Says where the time is in (T, B, d), (B, T, d) or (T, d)."""
    return 1 if layer.batch_first and sequence.dim() == 3 else 0
