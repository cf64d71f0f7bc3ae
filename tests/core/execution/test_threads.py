"""One thread: of torch in this thread, of BLAS everywhere."""

import torch
from threadpoolctl import threadpool_info, threadpool_limits

from core.execution.threads import one_thread


def blas_threads() -> set[int]:
    """How many threads the BLAS libraries of this process use."""
    return {each["num_threads"] for each in threadpool_info() if each["user_api"] == "blas"}


def test_one_thread_whatever_it_was() -> None:
    """NumPy's BLAS is found, and told."""
    threadpool_limits(2, user_api="blas")
    torch.set_num_threads(2)
    assert 2 in blas_threads()
    one_thread()
    assert blas_threads() == {1}
    assert torch.get_num_threads() == 1
