"""Lines of styled text that scroll: built for a width when they are needed, painted one by one, never parsed as markup."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, TypeAlias

from rich.cells import cell_len, chop_cells
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from widgets.line_bar import LineBar, Piece
from widgets.row_painter import paint
from widgets.safe_text import visible

Line: TypeAlias = "list[Piece]"
Build: TypeAlias = Callable[[int], Sequence[Line]]
"""Gives the lines at a width in cells."""


class ScrolledLines(ScrollView, can_focus=True):
    """Shows what `build` gives.

    | Key | Does |
    | --- | --- |
    | `j`, `k`, arrows | one line |
    | `ctrl+d`, `ctrl+u`, `pagedown`, `pageup` | half a screen, a screen |
    | `g`, `G`, `home`, `end` | the first line, the last |
    """

    STYLES: ClassVar[tuple[str, ...]] = LineBar.STYLES
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"lines--{name}" for name in STYLES}
    DEFAULT_CSS = """
    ScrolledLines {
        overflow-x: hidden; overflow-y: auto; scrollbar-size-vertical: 1; scrollbar-gutter: stable;
        & > .lines--muted { color: $text-muted; }
        & > .lines--strong { text-style: bold; }
        & > .lines--active { background: $primary-muted; text-style: bold; }
        & > .lines--accent { color: $text-accent; }
        & > .lines--good { color: $text-success; }
        & > .lines--soon { color: $text-warning; }
        & > .lines--risk { color: $text-warning; text-style: bold; }
        & > .lines--breach { color: $text-error; text-style: bold; }
        & > .lines--paused { color: $text-muted; text-style: italic; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "scroll_down", "down", id="lines.down", show=False),
        Binding("up,k", "scroll_up", "up", id="lines.up", show=False),
        Binding("ctrl+d", "half(1)", "half page down", id="lines.half_down", show=False),
        Binding("ctrl+u", "half(-1)", "half page up", id="lines.half_up", show=False),
        Binding("pagedown", "page_down", "page down", id="lines.page_down", show=False),
        Binding("pageup", "page_up", "page up", id="lines.page_up", show=False),
        Binding("home,g", "scroll_home", "first", id="lines.first", show=False),
        Binding("end,G", "scroll_end", "last", id="lines.last", show=False),
    ]
    ALLOW_SELECT = False

    at_end: reactive[bool] = reactive(False)
    """Whether it stays at its end when lines are added."""

    def __init__(self, *, stick_to_end: bool = False, id: str | None = None) -> None:  # noqa: A002 - the name Textual gives it
        """Show nothing yet.

        Args:
            stick_to_end: Begin at the last line, and stay there as long as nobody scrolls.
            id: As for every widget.
        """
        super().__init__(id=id)
        self._build: Build = _nothing
        self._lines: Sequence[Line] = ()
        self._stick = stick_to_end

    def show(self, build: Build, *, above: bool = False) -> None:
        """Show other lines; what one reads stays in sight.

        Args:
            build: Gives the lines.
            above: Lines were added above those there are: what is in sight moves down with them.
        """
        sticks = self._stick and (not self._lines or self.scroll_offset.y >= self.max_scroll_y - 1)
        before = len(self._lines)
        self._build = build
        self._rebuild()
        if sticks and not above:
            self.scroll_to(y=self.max_scroll_y, animate=False, force=True)
        elif above:
            self.scroll_to(y=self.scroll_offset.y + len(self._lines) - before, animate=False, force=True)

    def _rebuild(self) -> None:
        width = max(1, self.scrollable_content_region.width)
        self._lines = self._build(width)
        self.virtual_size = Size(width, len(self._lines))
        self.refresh()

    def on_resize(self, event: events.Resize) -> None:
        """Wrap anew, keeping the end in sight if it was."""
        at_end = self._stick and self.scroll_offset.y >= self.max_scroll_y - 1
        self._rebuild()
        if at_end:
            self.scroll_to(y=self.max_scroll_y, animate=False, force=True)

    def render_line(self, y: int) -> Strip:
        """Paint one line."""
        plain, index = self.rich_style, self.scroll_offset.y + y
        if index >= len(self._lines):
            return Strip.blank(self.size.width, plain)
        return paint([(piece.text, self._piece_style(piece.style)) for piece in self._lines[index]], self.size.width, plain)

    def _piece_style(self, name: str) -> Style:
        return self.get_component_rich_style(f"lines--{name}") if name in self.STYLES else self.rich_style

    def action_half(self, step: int) -> None:
        """Scroll half a screen."""
        self.scroll_relative(y=step * max(1, self.size.height // 2), animate=False)


def _nothing(width: int) -> Sequence[Line]:
    return ()


def wrapped(text: str, width: int, *, most: int = 10_000, ascii_only: bool = False) -> list[str]:
    """Break a text into lines of at most `width` cells, at blanks where there are any; its own line ends are kept.

    Args:
        text: Any text; controls are made visible.
        width: Cells of a line.
        most: Lines given at most.
        ascii_only: Show controls with ASCII.
    """
    width = max(1, width)
    lines: list[str] = []
    for paragraph in text.splitlines() or [""]:
        if len(lines) >= most:
            break
        # A megabyte on one line is not wrapped further than is shown.
        lines += _broken(visible(paragraph[: width * 8 * most], ascii_only=ascii_only), width, most - len(lines))
    return lines


def _broken(line: str, width: int, most: int) -> list[str]:
    if cell_len(line) <= width:
        return [line.rstrip()]
    found: list[str] = []
    room = ""
    for word in line.split(" "):
        joined = f"{room} {word}" if room else word
        if cell_len(joined) <= width:
            room = joined
            continue
        if room:
            found.append(room)
        if len(found) >= most:
            return found[:most]
        if cell_len(word) <= width:
            room = word
        else:
            pieces = chop_cells(word, width)
            found += pieces[:-1]
            room = pieces[-1]
    return [*found, room][:most]
