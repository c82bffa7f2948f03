"""Names that are looked up when they are first needed: `module:NAME`, so that a declaration need not load what it speaks of."""

from __future__ import annotations

import importlib
from typing import Any


def named(place: str) -> Any:
    """Return what stands at a place, its module imported now.

    Args:
        place: `module:NAME`.

    Raises:
        ImportError, AttributeError: there is no such module, or no such name in it.
    """
    module, _, name = place.partition(":")
    return getattr(importlib.import_module(module), name)
