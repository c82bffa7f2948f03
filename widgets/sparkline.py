"""A small curve in one line of blocks, for a trend beside a figure."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import Final

BLOCKS: Final = "▁▂▃▄▅▆▇█"
LETTERS: Final = "_.-:=+*#"
"""The same eight heights in ASCII."""


def spark(
    values: Sequence[float | None],
    width: int,
    *,
    low: float | None = None,
    high: float | None = None,
    ascii_only: bool = False,
) -> str:
    """Draw values as blocks of eight heights.

    Args:
        values: Oldest first; `None` or a value that is no number leaves a gap.
        width: Cells. More values than cells are averaged in groups, fewer stand on the right.
        low: The value of the lowest block; by default the least of the values.
        high: The value of the full block; by default the greatest.
        ascii_only: Draw with ASCII.

    Returns:
        Exactly `width` cells.
    """
    steps = LETTERS if ascii_only else BLOCKS
    points = _grouped([value if value is not None and isfinite(value) else None for value in values], width)
    known = [value for value in points if value is not None]
    if not known or width <= 0:
        return " " * max(0, width)
    bottom = min(known) if low is None else low
    span = (max(known) if high is None else high) - bottom
    top = len(steps) - 1

    def block(value: float | None) -> str:
        if value is None:
            return " "
        # A curve that does not move is drawn at half height: neither nothing nor all.
        share = (value - bottom) / span if span > 0 else 0.5
        return steps[max(0, min(top, int(share * top + 0.5)))]

    return "".join(map(block, points)).rjust(width)


def _grouped(values: Sequence[float | None], width: int) -> list[float | None]:
    count = len(values)
    if count <= width or width <= 0:
        return list(values)
    groups = [values[count * cell // width : count * (cell + 1) // width] for cell in range(width)]
    means: list[float | None] = []
    for group in groups:
        known = [value for value in group if value is not None]
        means.append(sum(known) / len(known) if known else None)
    return means
