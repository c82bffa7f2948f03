"""A field of one line that keeps still, cuts nothing silently and holds nothing a database would refuse."""

from __future__ import annotations

from textual import events
from textual.message import Message
from textual.widgets import Input

from widgets.safe_text import typed

LIMIT = 1_000
"""Characters a field holds unless told otherwise."""


class TextInput(Input):
    """Textual's `Input` without a blinking cursor (2 kB a second on a slow line) and with bounded, clean content.

    Pasted lines are joined by blanks; Textual would drop all but the first.
    """

    class Trimmed(Message):
        """Something typed or pasted did not go in whole."""

        def __init__(self, field: TextInput, removed: int, cut: int) -> None:
            super().__init__()
            self.field = field
            self.removed = removed
            """Control characters taken out."""
            self.cut = cut
            """Characters beyond the field's limit, not inserted."""

        @property
        def control(self) -> TextInput:
            """The field."""
            return self.field

        @property
        def text(self) -> str:
            """What happened, in words."""
            return trimmed_text(self.removed, self.cut, self.field.max_length or 0)

    def __init__(
        self,
        value: str = "",
        *,
        placeholder: str = "",
        max_length: int = LIMIT,
        password: bool = False,
        compact: bool = True,
        select_on_focus: bool = False,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - the name Textual gives it
        classes: str | None = None,
    ) -> None:
        """Make a field.

        Args:
            value: What it holds at first; cleaned and cut as if it were typed, without a message.
            placeholder: What it shows while empty.
            max_length: Characters it holds.
            password: Show dots instead.
            compact: Without a border, one line high.
            select_on_focus: Select all when it gets the focus; off, so that a stray key does not erase it.
            name: As for every widget.
            id: As for every widget.
            classes: As for every widget.
        """
        clean, _ = typed(value, lines=False)
        super().__init__(
            clean[:max_length],
            placeholder,
            max_length=max_length,
            password=password,
            compact=compact,
            select_on_focus=select_on_focus,
            name=name,
            id=id,
            classes=classes,
        )
        self.cursor_blink = False

    def validate_value(self, value: str) -> str:
        """Clean what a program sets, too."""
        clean, _ = typed(value, lines=False)
        return clean[: self.max_length] if self.max_length else clean

    def replace(self, text: str, start: int, end: int) -> None:
        """Put a text in place of a stretch: all that is typed and pasted passes here."""
        clean, removed = typed(text, lines=False)
        room = self.max_length - (len(self.value) - abs(end - start)) if self.max_length else len(clean)
        kept = clean[: max(0, room)]
        if removed or len(kept) < len(clean):
            self.post_message(self.Trimmed(self, removed, len(clean) - len(kept)))
        if kept or not clean:
            super().replace(kept, start, end)

    def _on_paste(self, event: events.Paste) -> None:
        """Insert all of it, not the first line only."""
        event.prevent_default()
        event.stop()
        if event.text:
            start, end = sorted(self.selection)
            self.replace(event.text, start, end)


def trimmed_text(removed: int, cut: int, limit: int) -> str:
    """What was left out of a field, in words.

    Args:
        removed: Control characters taken out.
        cut: Characters beyond the limit.
        limit: The limit.
    """
    told = []
    if cut:
        told.append(f"{cut:,} characters did not fit (this field holds {limit:,})")
    if removed:
        told.append(f"{removed:,} control characters were left out")
    return " and ".join(told) + "." if told else ""
