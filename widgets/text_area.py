"""A field of many lines that keeps still, cuts nothing silently and holds nothing a database would refuse."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from textual.message import Message
from textual.widgets import TextArea
from textual.widgets.text_area import Edit, EditResult

from widgets.safe_text import typed
from widgets.text_input import trimmed_text

LIMIT: Final = 100_000
"""Characters a field holds unless told otherwise."""
LINE_LIMIT: Final = 5_000
"""Lines a field holds; wrapping more of them would stop the desk for seconds."""


class DeskTextArea(TextArea):
    """Textual's `TextArea` without a blinking cursor and with bounded, clean content. `tab` leaves it, `ctrl+s` passes by."""

    class Trimmed(Message):
        """Something typed or pasted did not go in whole."""

        def __init__(self, field: DeskTextArea, removed: int, cut: int) -> None:
            super().__init__()
            self.field = field
            self.removed = removed
            """Control characters taken out."""
            self.cut = cut
            """Characters beyond the field's limit, not inserted."""

        @property
        def control(self) -> DeskTextArea:
            """The field."""
            return self.field

        @property
        def text(self) -> str:
            """What happened, in words."""
            return trimmed_text(self.removed, self.cut, self.field.max_length)

    def __init__(
        self,
        text: str = "",
        *,
        placeholder: str = "",
        max_length: int = LIMIT,
        read_only: bool = False,
        compact: bool = True,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - the name Textual gives it
        classes: str | None = None,
    ) -> None:
        """Make a field.

        Args:
            text: What it holds at first; cleaned and cut as if it were typed, without a message.
            placeholder: What it shows while empty.
            max_length: Characters it holds.
            read_only: Only to be read.
            compact: Without a border.
            name: As for every widget.
            id: As for every widget.
            classes: As for every widget.
        """
        self.max_length = max_length
        super().__init__(
            self._bounded(text),
            placeholder=placeholder,
            read_only=read_only,
            compact=compact,
            highlight_cursor_line=False,
            name=name,
            id=id,
            classes=classes,
        )
        self.cursor_blink = False

    def load_text(self, text: str) -> None:
        """Hold another text, cleaned and cut."""
        super().load_text(self._bounded(text))

    def edit(self, edit: Edit) -> EditResult:
        """Make a change: all that is typed and pasted passes here."""
        clean, removed = typed(edit.text, lines=True)
        replaced = self.get_text_range(edit.top, edit.bottom)
        room = self.max_length - (self._length() - len(replaced))
        rows = LINE_LIMIT - (self.document.line_count - replaced.count("\n"))
        kept = _first_lines(clean[: max(0, room)], max(0, rows))
        if removed or len(kept) < len(clean):
            self.post_message(self.Trimmed(self, removed, len(clean) - len(kept)))
        return super().edit(edit if kept == edit.text else replace(edit, text=kept))

    def _length(self) -> int:
        return sum(map(len, self.document.lines)) + self.document.line_count - 1

    def _bounded(self, text: str) -> str:
        clean, _ = typed(text[: self.max_length * 2], lines=True)
        return _first_lines(clean[: self.max_length], LINE_LIMIT - 1)


def _first_lines(text: str, ends: int) -> str:
    """As much of a text as holds so many line ends."""
    return text if text.count("\n") <= ends else "\n".join(text.split("\n", ends + 1)[: ends + 1])
