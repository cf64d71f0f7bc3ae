"""The three numbers of a tensor, against arithmetic with 60 digits, in every type and far beyond each type's squares."""

import mpmath
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from core.recording.measures import fetch, joined, measure_each, measure_together

TYPES = [torch.float16, torch.bfloat16, torch.float32, torch.float64]


def exact(values: list[float]) -> float:
    """ln of the norm, with 60 digits on the way."""
    with mpmath.workdps(60):
        return float(mpmath.log(mpmath.norm([mpmath.mpf(value) for value in values], 2)))


@st.composite
def vectors(draw: st.DrawFn) -> Tensor:
    """Entries over the whole range of a type, denormal ones included; at least one is not 0."""
    dtype = draw(st.sampled_from(TYPES))
    limits = torch.finfo(dtype)
    tiny, huge = np.log10(limits.smallest_normal) - 2, np.log10(limits.max) - 0.1
    entries = draw(st.lists(st.tuples(st.sampled_from([-1, 1]), st.floats(tiny, huge)), min_size=1, max_size=9))
    vector = torch.tensor([sign * 10.0**power for sign, power in entries] + [0.0], dtype=torch.float64).to(dtype)
    return vector if vector.any() else torch.ones(3, dtype=dtype)


@given(vectors())
def test_norms_neither_underflow_nor_overflow(vector: Tensor) -> None:
    """Relative error of the norm at most 10⁻¹³; zeros counted."""
    measured = measure_together([vector])
    assert measured.log_norm.item() == pytest.approx(exact(vector.tolist()), rel=1e-15, abs=1e-13)
    assert (measured.nonzeros.item(), measured.nonfinite.item(), measured.size) == (
        np.count_nonzero(vector.double().numpy()),
        0,
        len(vector),
    )


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize(
    ("entry", "log_norm"), [(torch.nan, np.nan), (torch.inf, np.inf), (-torch.inf, np.inf), (0.0, -np.inf)]
)
def test_zero_infinite_and_nan_keep_their_names(dtype: torch.dtype, entry: float, log_norm: float) -> None:
    """Alone, beside ordinary entries, and in rows."""
    alone = measure_together([torch.full((3,), entry, dtype=dtype)])
    np.testing.assert_equal(alone.log_norm.item(), log_norm)
    rows = torch.tensor([[entry, 0, 0], [3, 4, 0]], dtype=dtype)
    each = measure_each(rows)
    np.testing.assert_allclose(each.log_norm, [log_norm, np.log(5)])
    strange = int(entry != 0)
    assert each.nonzeros.tolist() == [strange, 2]
    assert each.nonfinite.tolist() == [strange, 0]
    assert measure_together([rows]).nonfinite.tolist() == [strange]
    both = measure_together([torch.tensor([torch.nan, torch.inf, 1.0], dtype=dtype)])
    assert np.isnan(both.log_norm.item())
    assert both.nonfinite.item() == 2


def test_sparse_complex_and_many() -> None:
    """A sparse gradient has the zeros that it leaves out; a complex entry counts as two; several tensors are one vector."""
    sparse = torch.sparse_coo_tensor([[0, 2, 2]], [3.0, 1.0, 3.0], (5,), check_invariants=True)
    measured = measure_together([sparse])
    assert (measured.log_norm.item(), measured.nonzeros.item(), measured.size) == (pytest.approx(np.log(5)), 2, 5)
    measured = measure_together([torch.tensor([3 + 0j, 4j]), torch.zeros(2, dtype=torch.bfloat16)])
    assert (measured.log_norm.item(), measured.nonzeros.item(), measured.size) == (pytest.approx(np.log(5)), 2, 6)


def test_fetched_and_joined_in_order() -> None:
    """Counts and logs of different types come back as one array; groups are norms of norms."""
    fetched = fetch([torch.tensor([1.5, 2.5], dtype=torch.float64), torch.tensor([3])])
    assert fetched.tolist() == [1.5, 2.5, 3.0]
    assert len(fetch([])) == 0
    logs = np.log([3e-300, 4e-300, 5.0])
    expected = [np.log(5e-300), np.log(5.0), -np.inf]
    np.testing.assert_allclose(joined(logs + 7, np.full(3, 7.0), np.array([0, 0, 1]), 3), expected, rtol=1e-15)
    assert np.isnan(joined(np.array([np.nan, 1.0]), np.zeros(2), np.array([0, 0]), 1)[0])
