"""Core tables, one module per process, on `data.base.metadata`. A module is loaded by whoever reads or writes its tables."""

from __future__ import annotations

import importlib
import pkgutil

_INDEXES = "partial_indexes"
"""No tables: indexes that no statement names, for whoever compares the schema."""


def declare_all() -> None:
    """Load every module: for what works on the schema as a whole. Until then the metadata knows only what is in use."""
    for found in pkgutil.iter_modules(__path__):
        if found.name != _INDEXES:
            importlib.import_module(f"{__name__}.{found.name}")
