"""The columns of a list and how they share a line: which fold away when it narrows, who gets the spare cells.

Pure arithmetic in cells; drawing is the list's business.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Literal, NamedTuple, TypeAlias, TypeVar

Row = TypeVar("Row")

Cell: TypeAlias = "str | tuple[str, str]"
"""A text, or a text and the name of its style (see `PagedList.STYLES`)."""


@dataclass(frozen=True)
class Column(Generic[Row]):
    """One column of a list.

    Without slots: `Column[Row](…)` could not be written with them, a frozen class refuses what typing notes on it.
    """

    key: str
    """Name of the column, unique in its list."""
    title: str
    """Heading."""
    width: int
    """Cells it would like."""
    render: Callable[[Row, int], Cell]
    """Gives the cell of a row; the second argument is the present instant as last told by `PagedList.tick`."""
    min_width: int = 0
    """Cells below which it folds away instead; 0 means `width`."""
    priority: int = 0
    """0 stays to the end; of the others the highest folds away first."""
    align: Literal["left", "right"] = "left"
    """Numbers stand on the right."""
    grow: int = 0
    """Share of the spare cells."""
    volatile: bool = False
    """Changes with the clock and is repainted by `PagedList.tick`; such columns come first in the list."""

    @property
    def least(self) -> int:
        """The narrowest it is drawn."""
        return self.min_width or self.width


class Placed(NamedTuple, Generic[Row]):
    """A column with its place on the line."""

    column: Column[Row]
    x: int
    """First cell, counted from the left edge of the columns."""
    width: int
    """Cells."""


def place(columns: Sequence[Column[Row]], width: int, gap: int = 1) -> list[Placed[Row]]:
    """Share a line among columns.

    Args:
        columns: All columns, left to right.
        width: Cells of the line.
        gap: Blank cells between two columns.

    Returns:
        The columns that are shown, left to right; on a line too narrow even for those that stay, the rightmost are
        cut or missing.
    """
    kept = list(columns)

    def least_total() -> int:
        return sum(column.least for column in kept) + gap * max(0, len(kept) - 1)

    while least_total() > width:
        foldable = [column for column in kept if column.priority > 0]
        if not foldable:
            break
        # Of equals the rightmost goes: what stands left is read first.
        kept.remove(max(reversed(foldable), key=lambda column: column.priority))
    widths = {column.key: column.least for column in kept}
    spare = width - least_total()
    if spare < 0:
        for column in sorted(kept, key=lambda column: -column.grow):
            if column.grow:
                give = min(-spare, widths[column.key] - 1)
                widths[column.key] -= give
                spare += give
    for column in sorted(kept, key=lambda column: column.priority):
        add = max(0, min(spare, column.width - column.least))
        widths[column.key] += add
        spare -= add
    growing = [column for column in kept if column.grow]
    shares = sum(column.grow for column in growing)
    for column in growing:
        add = max(0, spare) * column.grow // shares
        widths[column.key] += add
        spare -= add
        shares -= column.grow
    placed: list[Placed[Row]] = []
    x = 0
    for column in kept:
        cells = min(widths[column.key], width - x)
        if cells <= 0:
            break
        placed.append(Placed(column, x, cells))
        x += cells + gap
    return placed
