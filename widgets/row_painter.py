"""Turns one row of a list into the segments of one line. Knows columns and styles, nothing of scrolling or reading."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple, TypeVar

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from widgets.columns import Cell, Placed
from widgets.safe_text import fit

Row = TypeVar("Row")

GUTTER: Final = 2
"""Cells left of the columns: one for the cursor, one for the mark."""


class Glyphs(NamedTuple):
    """What stands in the gutter, so that colour need not say it, and behind a heading that is sorted by."""

    cursor: str
    marked: str
    in_range: str
    up: str
    down: str
    loading: str


UNICODE: Final = Glyphs("▸", "✓", "+", "▲", "▼", "…")
ASCII: Final = Glyphs(">", "*", "+", "^", "v", "~")


def split_cell(cell: Cell) -> tuple[str, str]:
    """The text and the style name of a cell; no name is the empty one."""
    return (cell, "") if isinstance(cell, str) else cell


def paint(parts: Sequence[tuple[str, Style]], width: int, rest: Style) -> Strip:
    """Join texts to a line of `width` cells, neighbours of one style as one segment (each costs about 40 bytes)."""
    segments: list[Segment] = []
    pending: list[str] = []
    style = rest
    for text, own in [*parts, ("", rest)]:
        if not text:
            continue
        if pending and own != style:
            segments.append(Segment("".join(pending), style))
            pending = []
        style = own
        pending.append(text)
    if pending:
        segments.append(Segment("".join(pending), style))
    return Strip(segments).adjust_cell_length(width, rest)


def row_parts(
    cells: Sequence[tuple[str, str]],
    placed: Sequence[Placed[Row]],
    gutter: str,
    style_of: Callable[[str], Style],
    *,
    ascii_only: bool,
) -> list[tuple[str, Style]]:
    """Lay the cells of a row on a line.

    Args:
        cells: Text and style name for each placed column.
        placed: The columns shown.
        gutter: What stands left of them, two cells.
        style_of: Style for a name; the empty name is the row's own.
        ascii_only: Cut and show controls with ASCII.
    """
    plain = style_of("")
    parts = [(gutter, plain)]
    x = 0
    for (text, name), (column, start, width) in zip(cells, placed, strict=True):
        shown = fit(text, width, column.align, ascii_only=ascii_only)
        if start > x:
            parts.append((" " * (start - x), plain))
        style = style_of(name) if name else plain
        if style is not plain and (bare := shown.strip(" ")):
            # Only the text itself takes the colour, so that blanks join their neighbours' segment.
            lead = len(shown) - len(shown.lstrip(" "))
            parts += [(shown[:lead], plain), (bare, style), (shown[lead + len(bare) :], plain)]
        else:
            parts.append((shown, plain))
        x = start + width
    return parts


def heading_parts(
    placed: Sequence[Placed[Row]], style: Style, sort: tuple[str, bool] | None, glyphs: Glyphs
) -> list[tuple[str, Style]]:
    """The heading line; the column sorted by carries an arrow."""
    parts = [(" " * GUTTER, style)]
    x = 0
    for column, start, width in placed:
        title = column.title
        if sort is not None and sort[0] == column.key:
            title = f"{fit(title, min(len(title), width - 1))}{glyphs.down if sort[1] else glyphs.up}"
        parts.append((" " * (start - x) + fit(title, width, column.align, ascii_only=glyphs is ASCII), style))
        x = start + width
    return parts
