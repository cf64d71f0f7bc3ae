"""One thread per computation: faster where many compute at once, and sums that do not depend on the number of cores.

A matrix product that is split between threads adds its terms in another order, so at 128 units its last digits depend on how
many there are.
"""

import torch
from threadpoolctl import ThreadpoolController

_libraries = ThreadpoolController()  # those that are loaded by now, NumPy's BLAS among them


def one_thread() -> None:
    """Has torch use one thread from now on for what this thread asks for, and BLAS one in the whole process."""
    torch.set_num_threads(1)
    for library in _libraries.select(user_api="blas").lib_controllers:
        library.set_num_threads(1)
