"""Keeping a process small that stays for a whole shift: dozens of consoles may share one server."""

from __future__ import annotations

import contextlib
import gc

_M_ARENA_MAX = -8
"""`mallopt`'s name for how many heaps there may be (malloc.h)."""


def share_one_heap() -> None:
    """Have all threads allocate from one heap; call it before there are many.

    The C library gives every thread a heap of its own, for programs that allocate on all processors at once. Python's threads
    take turns, and what each heap keeps for later is lost to the others. Elsewhere than on glibc nothing happens.
    """
    import ctypes

    with contextlib.suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)


def settle() -> None:
    """Throw away what the start left over, keep the rest out of later collections, and collect from now on."""
    gc.collect()
    gc.freeze()
    gc.enable()
    give_back()


def give_back() -> None:
    """Return free memory to the system, as far as the C library can."""
    import ctypes

    with contextlib.suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
