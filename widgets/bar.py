"""A clock as a bar: how much of its time is used, and where the promise is broken."""

from __future__ import annotations

from typing import Final

from widgets.line_bar import Piece

EIGHTHS: Final = " ▏▎▍▌▋▊▉"


def bar_pieces(used: float, target: float, width: int, *, style: str = "", ascii_only: bool = False) -> list[Piece]:
    """Draw what is used of a target.

    Args:
        used: Amount used, in any unit; below 0 counts as 0.
        target: Amount allowed, in the same unit.
        width: Cells.
        style: Style of the used part while the target is kept.
        ascii_only: Draw with ASCII.

    Returns:
        Exactly `width` cells. Past the target the bar is drawn to the scale of what is used, with a mark where the target
        was and another pattern behind it, so that the breach is seen without colour.
    """
    if width <= 0:
        return []
    full, over, track, mark = ("#", "x", ".", "|") if ascii_only else ("█", "▓", "░", "┃")
    used = max(0.0, used)
    if used <= target and target > 0:
        share = used / target
        eighths = int(share * width * 8)
        whole, rest = divmod(eighths, 8)
        part = "" if ascii_only or not rest or whole >= width else EIGHTHS[rest]
        done = full * whole + part
        if used and not done:
            # Begun is not the same as not begun.
            done = full if ascii_only else EIGHTHS[1]
        return [Piece(done, style), Piece(track * (width - len(done)), "muted")]
    place = min(width - 1, int(max(0.0, target) / used * width)) if used > 0 else 0
    if used <= 0:
        return [Piece(track * width, "muted")]
    return [Piece(full * place, style), Piece(mark, "strong"), Piece(over * (width - place - 1), "breach")]
