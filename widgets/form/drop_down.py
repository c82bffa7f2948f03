"""The list of choices below a field: at most eight rows, above everything else, never focused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Final

from rich.cells import cell_len
from rich.style import Style
from textual import events
from textual.geometry import Offset, Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from deskterm.forms.schema import Option
from widgets.row_painter import paint
from widgets.safe_text import fit, visible

ROWS: Final = 8
"""Choices shown at once."""
LEAST_WIDTH: Final = 24


class DropDown(Widget, can_focus=False):
    """Choices for the field that has the focus; the form tells it where to stand."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"drop-down--here", "drop-down--detail", "drop-down--mark"}
    DEFAULT_CSS = """
    DropDown {
        overlay: screen;
        constrain: none;
        width: 40; height: auto;
        display: none;
        background: $panel;
        color: $foreground;
        & > .drop-down--here { background: $primary; color: $text; text-style: bold; }
        & > .drop-down--detail { color: $text-muted; }
        & > .drop-down--mark { color: $text-warning; text-style: bold; }
    }
    """

    highlighted: reactive[int] = reactive(-1)
    """Place of the choice that `enter` takes; -1 is none."""

    class Clicked(Message):
        """A click on a choice."""

        def __init__(self, option: Option) -> None:
            super().__init__()
            self.option = option

    def __init__(self, *, ascii_only: bool = False) -> None:
        """Make an empty list that is not shown."""
        super().__init__()
        self.ascii_only = ascii_only
        self.options: tuple[Option, ...] = ()
        self.empty_text = ""
        self._first = 0

    @property
    def is_open(self) -> bool:
        """Whether it is shown."""
        return self.display

    @property
    def option(self) -> Option | None:
        """The choice that `enter` takes."""
        return self.options[self.highlighted] if self.is_open and 0 <= self.highlighted < len(self.options) else None

    def open(self, options: Sequence[Option], *, below: Region, within: Size, highlighted: int = 0, empty_text: str = "") -> None:
        """Show choices.

        Args:
            options: All of them; eight at a time are seen.
            below: The region of the field on the screen.
            within: The size of the screen; where there is no room below the field, the list stands above it.
            highlighted: The choice that `enter` takes at first; -1 for none.
            empty_text: What is said where there is nothing to choose; without it nothing is shown then.
        """
        self.options, self.empty_text, self._first = tuple(options), empty_text, 0
        if not self.options and not empty_text:
            self.close()
            return
        rows = min(ROWS, max(1, len(self.options)))
        room = within.width - below.x
        wanted = max((cell_len(visible(f"{o.label}{o.detail}{o.mark}", 120)) + 6 for o in self.options), default=0)
        width = max(min(LEAST_WIDTH, room), min(max(wanted, below.width, len(empty_text) + 2), room))
        fits_below = below.bottom + rows <= within.height - 1
        self.absolute_offset = Offset(below.x, below.bottom if fits_below else max(0, below.y - rows))
        self.styles.width, self.styles.height = width, rows
        self.display = True
        self.set_reactive(DropDown.highlighted, min(highlighted, len(self.options) - 1))
        self.refresh(layout=True)

    def close(self) -> None:
        """Show nothing."""
        if self.display:
            self.display = False
            self.options = ()

    def move(self, step: int) -> None:
        """Move to the next or the previous choice, round the ends."""
        if self.options:
            self.highlighted = (self.highlighted + step) % len(self.options) if self.highlighted >= 0 else (0 if step > 0 else -1)
            if self.highlighted < 0:
                self.highlighted = len(self.options) - 1

    def watch_highlighted(self, highlighted: int) -> None:
        """Keep it in sight."""
        if highlighted >= 0:
            self._first = min(max(self._first, highlighted - ROWS + 1), highlighted)

    def render_line(self, y: int) -> Strip:
        """Paint one choice."""
        width, plain = self.size.width, self.rich_style
        index = self._first + y
        if index >= len(self.options):
            text = fit(f" {self.empty_text}" if y == 0 and not self.options else "", width, ascii_only=self.ascii_only)
            return paint([(text, self.get_component_rich_style("drop-down--detail"))], width, plain)
        option = self.options[index]
        here = index == self.highlighted
        style = self.get_component_rich_style("drop-down--here") if here else plain
        sign = (">" if self.ascii_only else "▸") if here else " "
        mark = visible(option.mark, 8, ascii_only=self.ascii_only)
        detail = visible(option.detail, max(0, width // 2), ascii_only=self.ascii_only)
        rest = width - 2 - cell_len(mark) - cell_len(detail) - 2 * bool(mark) - 2 * bool(detail)
        label = visible(option.label, max(4, rest), ascii_only=self.ascii_only)
        parts: list[tuple[str, Style]] = [(f"{sign}{label}", style)]
        if mark:
            parts.append((f"  {mark}", style if here else self.get_component_rich_style("drop-down--mark")))
        used = sum(cell_len(text) for text, _ in parts)
        if detail:
            parts.append((" " * max(2, width - used - cell_len(detail) - 1), style))
            parts.append((detail, style if here else self.get_component_rich_style("drop-down--detail")))
        return paint(parts, width, style)

    def on_click(self, event: events.Click) -> None:
        """Take the choice that is clicked."""
        offset = event.get_content_offset(self)
        if offset is not None and self._first + offset.y < len(self.options):
            event.stop()
            self.post_message(self.Clicked(self.options[self._first + offset.y]))
