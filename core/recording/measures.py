"""The numbers taken of a tensor, without waiting for its device: norm in a log domain, non-zeros, non-finite entries.

A float32 vector with entries of 10⁻²⁵ has a norm that reads 0, because the squares underflow first; in float16 that happens at
10⁻⁴. Narrow types are therefore squared in float64, and float64 itself after division by the largest entry.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy import ndarray
from torch import Tensor


class Measured(NamedTuple):
    """Of each of P vectors: ln ‖·‖₂, how many entries are not 0, how many are NaN or ±∞, all (P,); and how many there are.

    ``log_norm`` is −inf for zeros, +inf or NaN where an entry is.
    """

    log_norm: Tensor
    nonzeros: Tensor
    nonfinite: Tensor
    size: int


def measure_together(tensors: Sequence[Tensor]) -> Measured:
    """Measures tensors on one device as one vector. A complex entry counts as two."""
    held = [entries(tensor).reshape(-1) for tensor in tensors]
    size = sum(tensor.numel() * (2 if tensor.is_complex() else 1) for tensor in tensors)
    return _measured((held[0] if len(held) == 1 else torch.cat(held))[None], size)


def measure_each(tensor: Tensor) -> Measured:
    """Measures each place on the first axis as a vector."""
    rows = entries(tensor).reshape(tensor.shape[0], -1)
    return _measured(rows, rows.shape[1])


def entries(tensor: Tensor) -> Tensor:
    """Returns the plain real numbers that a tensor holds, out of the graph; of a sparse one those that are not left out."""
    tensor = tensor.detach()
    tensor = tensor.coalesce().values() if tensor.is_sparse else tensor
    return torch.view_as_real(tensor) if tensor.is_complex() else tensor


def _measured(rows: Tensor, size: int) -> Measured:
    """Returns the numbers of each row; ``size`` counts what a sparse tensor leaves out, too."""
    log_norm = _log_norm(rows)
    usual = rows.is_cpu and math.isfinite(log_norm.sum())  # on a CPU it costs nothing to ask
    # x − x is 0 for finite x; for all others it is NaN, which is not 0
    return Measured(log_norm, _count(rows), torch.zeros_like(log_norm) if usual else _count(rows - rows), size)


def _log_norm(rows: Tensor) -> Tensor:
    """Returns ln of each row's norm; nothing under- or overflows on the way."""
    if rows.dtype != torch.float64 and rows.device.type != "mps":  # which has no float64
        return torch.linalg.vector_norm(rows, dim=1, dtype=torch.float64).log()
    rows = rows if rows.dtype == torch.float64 else rows.float()
    largest = rows.abs().amax(1, keepdim=True) if rows.numel() else rows.sum(1, keepdim=True)
    unit = torch.where((largest > 0) & largest.isfinite(), largest, torch.ones_like(largest))
    return torch.linalg.vector_norm(rows / unit, dim=1).log() + unit[:, 0].log()


def _count(rows: Tensor) -> Tensor:
    """Counts the entries that are not 0, in each row; for a single one torch is faster without a dimension."""
    return torch.count_nonzero(rows)[None] if rows.shape[0] == 1 else torch.count_nonzero(rows, dim=1)


def fetch(tensors: Sequence[Tensor]) -> ndarray:
    """Fetches the numbers of small tensors (P,), one after the other, in float64, waiting once for each device."""
    parts: list[ndarray] = [np.empty(0)] * len(tensors)
    for device in {tensor.device for tensor in tensors}:
        here = [i for i, tensor in enumerate(tensors) if tensor.device == device]
        sizes = [tensors[i].numel() for i in here]
        fetched = torch.cat([tensors[i] for i in here]).cpu().numpy()
        for i, part in zip(here, np.split(fetched, np.cumsum(sizes)[:-1]), strict=True):
            parts[i] = part
    return np.concatenate([np.empty(0), *parts])


def joined(logs: ndarray, shifts: ndarray, groups: ndarray, count: int) -> ndarray:
    """Joins ln-norms of several vectors to that of one: ½ ln Σ e^2(log − shift) for each of ``count`` groups (−inf if empty)."""
    total = np.full(count, -np.inf)
    with np.errstate(all="ignore"):  # NaN stays NaN
        np.logaddexp.at(total, groups, 2 * (logs - shifts))
    return 0.5 * total
