"""The line of the board that says what runs now: what is down, and which changes are being carried out."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from screens.when import length
from widgets.line_bar import LineBar, Piece, width_of

if TYPE_CHECKING:
    from deskterm.service_level.underway import Underway

NAME = 24
"""Cells of a name at most."""


class NowLine(LineBar, can_focus=True):
    """What is down, the longest first, and the changes under way; `enter` lists both."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,space", "choose", "Open", id="tile.open", show=False)]

    found: Underway | None = None

    class Chosen(Message):
        """The person wants to see the records behind the line."""

        def __init__(self, found: Underway) -> None:
            super().__init__()
            self.found = found

    def show(self, found: Underway) -> None:
        """Show what runs by now."""
        self.found = found
        self.refresh()

    def action_choose(self) -> None:
        """Say that it was chosen."""
        if self.found is not None and self.found.query:
            self.post_message(self.Chosen(self.found))

    def on_click(self) -> None:
        """Say that it was chosen."""
        self.action_choose()

    def pieces(self, width: int) -> list[Piece]:
        """What is down as far as there is room, then the changes."""
        pointer = Piece(">" if self.has_focus and self.ascii_only else "▸" if self.has_focus else " ")
        if self.found is None:
            return [pointer]
        changes = self._changes(width)
        down = self._down(width - width_of(changes) - 3)
        if not down and not changes:
            return [pointer, Piece("nothing is down, no change runs", "muted")]
        return [pointer, *down, *([Piece("   ")] if down and changes else []), *changes]

    def _down(self, room: int) -> list[Piece]:
        found = self.found
        if found is None or not found.down:
            return []
        pieces = [Piece(f"{'X' if self.ascii_only else '✖'} {len(found.down)} down: ", "breach")]
        for place, one in enumerate(found.down):
            planned = " planned" if one.planned else ""
            told = f"{', ' if place else ''}{self.clean(one.name, NAME)} {length(found.at - one.since)}{planned}"
            more = f", +{len(found.down) - place}"
            if width_of([*pieces, Piece(told)]) + len(more) > room and place:
                return [*pieces, Piece(more, "muted")]
            pieces.append(Piece(told))
        return pieces

    def _changes(self, width: int) -> list[Piece]:
        found = self.found
        if found is None or not found.changes:
            return []
        count = len(found.changes)
        said = f"{count} changes run" if count > 1 else f"{found.changes[0].number} runs"
        title = f": {self.clean(found.changes[0].title, NAME)}" if count == 1 and width >= 100 else ""
        return [Piece(f"{'*' if self.ascii_only else '●'} {said}", "accent"), Piece(title, "muted")]
