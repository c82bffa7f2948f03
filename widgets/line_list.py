"""Rows drawn one to a line below a heading, with a cursor: the drawing half of every list of records.

Painting, folding of columns, the cursor and its keys live here; where rows come from and what marks mean is `PagedList`'s.
Only what changes is repainted: the cursor two lines, a changed row one, the clocks their own cells.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar, Final, Generic, TypeVar

from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.reactive import reactive, var
from textual.scroll_view import ScrollView
from textual.strip import Strip

from widgets.columns import Column, Placed, place
from widgets.row_painter import ASCII, GUTTER, UNICODE, Glyphs, heading_parts, paint, row_parts, split_cell
from widgets.safe_text import fit

Row = TypeVar("Row")

HEADER: Final = 1
"""Lines above the rows."""


class LineList(Generic[Row], ScrollView, can_focus=True):
    """The drawing half of a list. Subclasses give `total`, `row_at`, `mark_of` and are told through `cursor_moved`.

    | Key | Does |
    | --- | --- |
    | `down` `j`, `up` `k` | one row |
    | `pagedown` `pageup`, `ctrl+d` `ctrl+u` | a screen, half a screen |
    | `home` `g`, `end` `G` | first row, last row |
    """

    STYLES: ClassVar[tuple[str, ...]] = ("muted", "strong", "accent", "good", "soon", "risk", "breach", "paused")
    """Names a cell may give for its style; others are drawn plain."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"line-list--{name}" for name in ("header", "cursor", "marked", *STYLES)}
    DEFAULT_CSS = """
    LineList {
        height: 1fr;
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-gutter: stable;
        scrollbar-size-vertical: 1;
        & > .line-list--header { color: $text-muted; text-style: bold; }
        & > .line-list--cursor { background: $surface-lighten-1; }
        &:focus > .line-list--cursor { background: $primary-muted; }
        & > .line-list--marked { text-style: bold; }
        & > .line-list--muted { color: $text-muted; }
        & > .line-list--strong { text-style: bold; }
        & > .line-list--accent { color: $text-accent; }
        & > .line-list--good { color: $text-success; }
        & > .line-list--soon { color: $text-warning; }
        & > .line-list--risk { color: $text-warning; text-style: bold; }
        & > .line-list--breach { color: $text-error; text-style: bold; }
        & > .line-list--paused { color: $text-muted; text-style: italic; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", "Down", id="list.down", show=False),
        Binding("up,k", "move(-1)", "Up", id="list.up", show=False),
        Binding("ctrl+d", "move_screen(0.5)", "Half page down", id="list.half_down", show=False),
        Binding("ctrl+u", "move_screen(-0.5)", "Half page up", id="list.half_up", show=False),
        Binding("pagedown", "move_screen(1)", "Page down", id="list.page_down", show=False),
        Binding("pageup", "move_screen(-1)", "Page up", id="list.page_up", show=False),
        Binding("home,g", "first", "First", id="list.first", show=False),
        Binding("end,G", "last", "Last", id="list.last", show=False),
    ]

    ALLOW_SELECT = False

    cursor: reactive[int] = reactive(0, repaint=False)
    """Place of the row under the cursor, counted from 0."""
    empty_text: reactive[str] = reactive("Nothing here.")
    """What to do when there is nothing, a line each; also the place to say why a reading failed."""
    ascii_only: reactive[bool] = reactive(False)
    """Draw with ASCII only."""
    now: var[int] = var(0)
    """The present instant as last told by `tick`."""

    def __init__(
        self,
        columns: Sequence[Column[Row]],
        *,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - the name Textual gives it
        classes: str | None = None,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._columns: tuple[Column[Row], ...] = ()
        self._placed: list[Placed[Row]] = []
        self._clocks: dict[int, tuple[tuple[str, str], ...]] = {}
        self._sort: tuple[str, bool] | None = None
        self.set_columns(columns)

    # What a subclass gives.

    @property
    def total(self) -> int | None:
        """Rows of the whole list; `None` while that is not known."""
        raise NotImplementedError

    def row_at(self, index: int) -> Row | None:
        """The row at a place; `None` while it is read."""
        raise NotImplementedError

    def mark_of(self, index: int, row: Row | None) -> tuple[bool, bool]:
        """Whether a row is marked, and whether it is in a range being marked."""
        raise NotImplementedError

    def cursor_moved(self, old: int, new: int) -> None:
        """The cursor went to another row and has been painted there."""

    # Columns and clocks.

    def set_columns(self, columns: Sequence[Column[Row]]) -> None:
        """Show these columns, left to right.

        Raises:
            ValueError: a volatile column stands right of a steady one, or a key occurs twice.
        """
        steady = False
        for column in columns:
            if column.volatile and steady:
                raise ValueError(f"column {column.key} changes with the clock and belongs to the left")
            steady = not column.volatile
        if len({column.key for column in columns}) < len(columns):
            raise ValueError("two columns have the same key")
        self._columns = tuple(columns)
        self._place()

    def set_sort(self, key: str, *, descending: bool = False) -> None:
        """Put the arrow on a heading; the order itself is the screen's business."""
        self._sort = (key, descending)
        self.refresh(Region(0, 0, self.line_width, HEADER))

    @property
    def shown_columns(self) -> tuple[str, ...]:
        """Keys of the columns that found room."""
        return tuple(placed.column.key for placed in self._placed)

    def tick(self, now: int) -> None:
        """Tell the present instant; repaints only the clocks whose text changed, and only their cells."""
        self.now = now
        window = self.window
        volatile = [placed for placed in self._placed if placed.column.volatile]
        if not volatile:
            return
        self._clocks = {index: self._clocks[index] for index in window if index in self._clocks}
        edge = GUTTER + volatile[-1].x + volatile[-1].width
        for index, painted in self._clocks.items():
            row = self.row_at(index)
            if row is not None and self._cells(row, volatile) != painted:
                # The compositor cuts a region on the right only, which is why clocks stand on the left.
                self.refresh(Region(0, index - window.start + HEADER, edge, 1))

    def column_at(self, x: int) -> str | None:
        """The key of the column at a cell of a line."""
        return next((p.column.key for p in self._placed if p.x <= x - GUTTER < p.x + p.width), None)

    # Painting.

    @property
    def glyphs(self) -> Glyphs:
        """The signs in use."""
        return ASCII if self.ascii_only else UNICODE

    @property
    def window(self) -> range:
        """Places of the rows on the screen."""
        top = self.scroll_offset.y
        return range(top, max(top, min(self.total or 0, top + self.size.height - HEADER)))

    @property
    def line_width(self) -> int:
        """Cells of a line, without the scroll bar."""
        return max(1, self.size.width - self.scrollbar_size_vertical)

    @property
    def row_lines(self) -> int:
        """Lines that rows have on the screen."""
        return max(1, self.size.height - HEADER)

    def render_line(self, y: int) -> Strip:
        """Paint one line of the widget; the heading is line 0."""
        width = self.line_width
        if y < HEADER:
            style = self.get_component_rich_style("line-list--header")
            return paint(heading_parts(self._placed, style, self._sort, self.glyphs), width, style)
        index = self.scroll_offset.y + y - HEADER
        total = self.total
        if not total:
            lines = self.empty_text.splitlines() if total == 0 else [f"Loading{self.glyphs.loading}"]
            text = fit(lines[index] if index < len(lines) else "", width - GUTTER, ascii_only=self.ascii_only)
            return paint([(" " * GUTTER + text, self.get_component_rich_style("line-list--muted"))], width, self.rich_style)
        return self._row_line(index, width) if index < total else Strip.blank(width, self.rich_style)

    def _row_line(self, index: int, width: int) -> Strip:
        row = self.row_at(index)
        here = index == self.cursor
        marked, in_range = self.mark_of(index, row)
        plain = self.get_component_rich_style("line-list--cursor") if here else self.rich_style
        if marked:
            plain = self._over(plain, "marked")

        def style_of(name: str) -> Style:
            return self._over(plain, name) if name in self.STYLES else plain

        glyphs = self.glyphs
        gutter = (glyphs.cursor if here else " ") + (glyphs.marked if marked else glyphs.in_range if in_range else " ")
        if row is None:
            self._clocks.pop(index, None)
            return paint([(gutter, plain), (glyphs.loading, style_of("muted"))], width, plain)
        cells = self._cells(row, self._placed)
        self._clocks[index] = tuple(cell for cell, at in zip(cells, self._placed, strict=True) if at.column.volatile)
        return paint(row_parts(cells, self._placed, gutter, style_of, ascii_only=self.ascii_only), width, plain)

    def _over(self, base: Style, name: str) -> Style:
        """A style of ours on the background of the line; asked for two components, Textual gives the colours of the last."""
        return base + self.get_component_rich_style(f"line-list--{name}") + Style(bgcolor=base.bgcolor)

    def _cells(self, row: Row, placed: Iterable[Placed[Row]]) -> tuple[tuple[str, str], ...]:
        return tuple(split_cell(at.column.render(row, self.now)) for at in placed)

    def _place(self) -> None:
        self._placed = place(self._columns, max(1, self.line_width - GUTTER))
        self.refresh()

    def refresh_rows(self, rows: range) -> None:
        """Repaint the rows of a span that are on the screen."""
        window = self.window
        first, last = max(rows.start, window.start), min(rows.stop, window.stop)
        if first < last:
            self.refresh(Region(0, first - window.start + HEADER, self.line_width, last - first))

    # The cursor.

    def validate_cursor(self, cursor: int) -> int:
        """Keep it on a row."""
        return max(0, min(cursor, (self.total or 1) - 1))

    def watch_cursor(self, old: int, new: int) -> None:
        """Paint both lines, or scroll when the new one is out of sight."""
        window = self.window
        if new < window.start:
            self.scroll_to(y=new, animate=False)
        elif new >= window.stop:
            self.scroll_to(y=new - self.row_lines + 1, animate=False)
        self.refresh_rows(range(old, old + 1))
        self.refresh_rows(range(new, new + 1))
        self.cursor_moved(old, new)

    def action_move(self, rows: int) -> None:
        """Move the cursor by some rows."""
        self.cursor += rows

    def action_move_screen(self, screens: float) -> None:
        """Move by so many screens; the cursor keeps its line on the screen."""
        rows = int(self.row_lines * screens) or (1 if screens > 0 else -1)
        self.scroll_to(y=self.scroll_offset.y + rows, animate=False)
        self.cursor += rows

    def action_first(self) -> None:
        """Go to the first row."""
        self.cursor = 0

    def action_last(self) -> None:
        """Go to the last row."""
        self.cursor = (self.total or 1) - 1

    def on_resize(self, event: events.Resize) -> None:
        """Fold or unfold columns, and keep the cursor in sight."""
        self._place()
        window = self.window
        if window and self.cursor not in window and self.total:
            self.scroll_to(y=max(0, self.cursor - len(window) + 1), animate=False)
