"""Memory: why a process that computes much should keep what it has freed.

The C library gives large freed blocks back to the system at once and gets them again page by page, each filled with zeros
first. For arrays of a megabyte that are made and dropped all the time, this takes longer than the arithmetic.
"""

import ctypes
import sys

_TRIM, _MAPPED = -1, -3  # M_TRIM_THRESHOLD and M_MMAP_THRESHOLD of glibc's malloc.h
_KEPT, _BLOCK = 256 * 2**20, 2 * 2**20


def keep_freed_memory() -> bool:
    """Lets this process keep up to 256 MB of freed memory for itself; False where the C library is not glibc."""
    if not sys.platform.startswith("linux"):
        return False
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    return bool(mallopt and mallopt(_MAPPED, _BLOCK) and mallopt(_TRIM, _KEPT))
