"""Explanations as lines of a page: figures stand whole on the right, and the widest text makes room for them. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len

from screens.scrolled_lines import wrapped
from widgets.safe_text import fit

if TYPE_CHECKING:
    from deskterm.explanations import Explanation, Part

LEAST = 8
"""Cells that a text keeps."""


def page_of(found: Explanation, width: int) -> str:
    """Return an explanation as lines of at most so many cells."""
    return "\n".join(line for part in found.parts for line in (*wrapped(part.title, width), "", *table(part, width - 1), ""))


def table(part: Part, width: int) -> Iterator[str]:
    """Yield a table: its header, then its rows; columns of figures are never cut, those of nothing are left out."""
    if not part.rows:
        return
    kept = [place for place in range(len(part.header)) if any(row[place] for row in part.rows)]
    right = [at for at, place in enumerate(kept) if place in part.right]
    rows = [[row[place] for place in kept] for row in (part.header, *part.rows)]
    widths = [max(cell_len(row[at]) for row in rows) for at in range(len(kept))]
    for place in sorted((one for one in range(len(widths)) if one not in right), key=lambda one: -widths[one]):
        over = sum(widths) + 2 * (len(widths) - 1) - width
        if over > 0:
            widths[place] = max(LEAST, widths[place] - over)
    for row in rows:
        yield " " + _line(row, widths, right).rstrip()


def _line(row: Sequence[str], widths: Sequence[int], right: Sequence[int]) -> str:
    cells = []
    for place, (cell, wide) in enumerate(zip(row, widths, strict=True)):
        shown = cell if cell_len(cell) <= wide else fit(cell, wide)
        blank = " " * (wide - cell_len(shown))
        cells.append(f"{blank}{shown}" if place in right else f"{shown}{blank}")
    return "  ".join(cells)
