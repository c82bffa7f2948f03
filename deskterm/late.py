"""Names that are looked up when they are first needed: `module:NAME`, so that a declaration need not load what it speaks of."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any


def named(place: str) -> Any:
    """Return what stands at a place, its module imported now.

    Args:
        place: `module:NAME`.

    Raises:
        ImportError, AttributeError: there is no such module, or no such name in it.
    """
    where, _, name = place.partition(":")
    return getattr(importlib.import_module(where), name)


def function(place: str) -> Callable[..., Any]:
    """Return what calls the function at a place, `module:function`, and imports it when it is first called."""

    def call(*given: Any, **more: Any) -> Any:
        return named(place)(*given, **more)

    return call


class _Module:
    """Stands for a module that is imported when the first of its names is asked for."""

    __slots__ = ("_where",)

    def __init__(self, where: str) -> None:
        self._where = where

    def __getattr__(self, name: str) -> Any:
        return getattr(importlib.import_module(self._where), name)


def module(where: str) -> Any:
    """Return what stands for a module until it is needed; say `if TYPE_CHECKING` besides what it is."""
    return _Module(where)
