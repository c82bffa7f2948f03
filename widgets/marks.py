"""Which rows of a list are marked, by key, and the range being marked. Knows nothing of painting."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

RANGE_LIMIT: Final = 2_000
"""Rows one range may span: a bulk act names its records, and nobody reviews more than this."""


class Marks:
    """Marked keys in the order they were marked, and the open range."""

    def __init__(self) -> None:
        self._keys: dict[str, None] = {}
        self.anchor: int | None = None
        """Where the open range began; `None` when none is open."""
        self.waiting: set[int] = set()
        """Places that are to be marked as soon as their rows are read."""

    def __contains__(self, key: str) -> bool:
        return key in self._keys

    def __len__(self) -> int:
        return len(self._keys)

    @property
    def keys(self) -> tuple[str, ...]:
        """The marked keys, first marked first."""
        return tuple(self._keys)

    def toggle(self, key: str) -> None:
        """Mark a row, or take its mark away."""
        if key in self._keys:
            del self._keys[key]
        else:
            self._keys[key] = None

    def add(self, keys: Iterable[str]) -> None:
        """Mark rows; those already marked stay."""
        self._keys.update(dict.fromkeys(keys))

    def discard(self, keys: Iterable[str]) -> None:
        """Take marks away; unknown keys are nothing."""
        for key in keys:
            self._keys.pop(key, None)

    def clear(self) -> bool:
        """Take all marks away and close the range; tells whether there was anything."""
        had = bool(self._keys or self.waiting or self.anchor is not None)
        self._keys.clear()
        self.waiting.clear()
        self.anchor = None
        return had

    def span(self, cursor: int) -> range:
        """The places of the open range with the cursor at `cursor`; empty when none is open."""
        if self.anchor is None:
            return range(0)
        return range(min(self.anchor, cursor), max(self.anchor, cursor) + 1)
