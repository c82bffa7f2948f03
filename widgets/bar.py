"""A clock as a bar: how much of its time is used, and where the promise is broken."""

from __future__ import annotations

from typing import Final

from textual.reactive import reactive

from widgets.line_bar import LineBar, Piece
from widgets.safe_text import fit

EIGHTHS: Final = " ▏▎▍▌▋▊▉"
LABEL_CELLS: Final = 12
NOTE_CELLS: Final = 20


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


class ClockBar(LineBar):
    """A label, the bar of a clock, and a note such as `3:12 of 8:00, due Wed 12:51`. Narrow, the label and then the note go."""

    label: reactive[str] = reactive("")
    """Which clock."""
    used: reactive[float] = reactive(0.0)
    """Seconds used."""
    target: reactive[float] = reactive(0.0)
    """Seconds allowed."""
    note: reactive[str] = reactive("")
    """The same in words; the screen's business."""
    tone: reactive[str] = reactive("good")
    """Style of the used part: `good`, `soon`, `risk`, `paused`."""

    def __init__(
        self,
        label: str = "",
        *,
        used: float = 0,
        target: float = 0,
        note: str = "",
        tone: str = "good",
        ascii_only: bool = False,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - the name Textual gives it
        classes: str | None = None,
    ) -> None:
        """Show a clock."""
        super().__init__(ascii_only=ascii_only, name=name, id=id, classes=classes)
        self.set_reactive(ClockBar.label, label)
        self.show(used, target, note=note, tone=tone)

    def show(self, used: float, target: float, *, note: str = "", tone: str = "good") -> None:
        """Show another state of the clock: seconds used and allowed, the note, the style."""
        self.used, self.target, self.note, self.tone = used, target, note, tone

    def pieces(self, width: int) -> list[Piece]:
        """The line at a width."""
        label = LABEL_CELLS if self.label and width >= 40 else 0
        note = min(NOTE_CELLS, width // 2) if self.note and width >= 24 else 0
        bar = width - (label + 1 if label else 0) - (note + 1 if note else 0)
        pieces = bar_pieces(self.used, self.target, bar, style=self.tone, ascii_only=self.ascii_only)
        if label:
            pieces = [Piece(fit(self.label, label, ascii_only=self.ascii_only) + " "), *pieces]
        if note:
            pieces.append(Piece(" " + fit(self.note, note, ascii_only=self.ascii_only)))
        return pieces
