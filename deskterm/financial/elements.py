"""Which element of cost an asset's depreciation is: what the CI says, else what its type stands for, else hardware. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from data.queries.configuration import DEEPEST

BY_TYPE = {
    "hardware": "hardware", "software": "software", "licence": "software", "contract": "external", "line": "external",
    "location": "accommodation",
}  # fmt: skip
"""By type of the standard tree; those below take after it, whatever people call them."""
USUAL = "hardware"
"""Of a type that nothing above says more of."""


class Elements:
    """The tree of CI types, read once, with the element of each."""

    def __init__(self, types: Iterable[Any]) -> None:
        """Take rows of `id`, `title` and `parent_id`."""
        rows = {row.id: row for row in types}
        self._by_name: Mapping[str, str] = {row.title: _of_type(row, rows) for row in rows.values()}

    def of(self, said: str | None, type_name: str) -> str:
        """Return the element of an asset.

        Args:
            said: what the CI says itself, if it does.
            type_name: its type.
        """
        return said or self._by_name.get(type_name, USUAL)


def _of_type(row: Any, rows: Mapping[int, Any]) -> str:
    for _ in range(DEEPEST + 1):
        if row.title in BY_TYPE:
            return BY_TYPE[row.title]
        if row.parent_id not in rows:
            break
        row = rows[row.parent_id]
    return USUAL
