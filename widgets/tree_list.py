"""A tree drawn a row to a line, of which only the open branches are known: they are asked for by message and fed in pages.

Rows come from anywhere; what they mean and what opening one does is left to the screen. Keys of branches stay the same when
they are read again: the cursor and what is open stay where they were.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Generic, TypeVar

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message

from widgets.columns import Column
from widgets.line_list import HEADER, LineList

Row = TypeVar("Row")
MessageRow = TypeVar("MessageRow")


@dataclass(frozen=True)
class TreeRow(Generic[Row]):
    """A line of the tree. Without slots, as `Column`."""

    key: str
    row: Row | None
    """What stands there; `None` for the line behind which more is to be read, and while a branch is read."""
    depth: int
    opens: bool
    is_open: bool
    parent: str
    more: bool = False
    """There is another page of the branch; `enter` reads it."""


@dataclass
class _Known(Generic[Row]):
    """What is known of one branch."""

    rows: list[Row] = field(default_factory=list)
    more: str = ""
    loading: bool = False


class TreeList(LineList[TreeRow[Row]], Generic[Row]):
    """A tree of branches.

    | Key | Does |
    | --- | --- |
    | `right` | open the branch, or go into it |
    | `left` | close the branch, or go to the one above |
    | `space` | open or close |
    | `enter`, double click | open the record, read on, or open the branch |
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right", "unfold", "open", id="tree.unfold", show=False),
        Binding("left", "fold", "close", id="tree.fold", show=False),
        Binding("space", "turn", "open, close", id="tree.turn", show=False),
        Binding("enter", "open", "open", id="tree.open", show=False),
    ]

    class TreeMessage(Message, Generic[MessageRow]):
        """News of a tree."""

        def __init__(self, sender: TreeList[MessageRow]) -> None:
            super().__init__()
            self.sender = sender

        @property
        def control(self) -> TreeList[MessageRow]:
            """The tree it comes from."""
            return self.sender

    class BranchWanted(TreeMessage[MessageRow]):
        """A branch is needed; answer with `feed` or `give_up`."""

        def __init__(self, sender: TreeList[MessageRow], key: str, after: str, generation: int, count: int) -> None:
            super().__init__(sender)
            self.key = key
            """The branch; nothing for the root."""
            self.after = after
            """Where the page begins; nothing for the first."""
            self.generation = generation
            """Give it back: answers for another tree are dropped."""
            self.count = count
            """Rows that are shown of it already, so that reading again shows as many."""

    class RowHighlighted(TreeMessage[MessageRow]):
        """Another row is under the cursor, or the same in a newer state."""

        def __init__(self, sender: TreeList[MessageRow], row: MessageRow | None) -> None:
            super().__init__(sender)
            self.row = row

    class RowOpened(TreeMessage[MessageRow]):
        """Enter or a double click on a row."""

        def __init__(self, sender: TreeList[MessageRow], row: MessageRow) -> None:
            super().__init__(sender)
            self.row = row

    def __init__(
        self,
        columns: Sequence[Column[TreeRow[Row]]],
        *,
        row_key: Callable[[Row], str],
        row_opens: Callable[[Row], bool],
        empty_text: str = "Nothing here.",
        ascii_only: bool = False,
        id: str | None = None,  # noqa: A002 - the name Textual gives it
    ) -> None:
        """Make a tree of which nothing is known yet.

        Args:
            columns: Left to right; the first usually draws `label_of`.
            row_key: Gives the key of a row, unique in the whole tree.
            row_opens: Whether there is anything below a row.
            empty_text: What to say when the root is empty.
            ascii_only: Draw with ASCII only.
            id: As for every widget.
        """
        self._row_key, self._row_opens = row_key, row_opens
        self._known: dict[str, _Known[Row]] = {}
        self._open: set[str] = set()
        self._lines: list[TreeRow[Row]] | None = None
        self._generation = 0
        self._told: object = self
        super().__init__(columns, id=id)
        self.set_reactive(TreeList.empty_text, empty_text)
        self.set_reactive(TreeList.ascii_only, ascii_only)

    # What the screen tells.

    def reset(self) -> None:
        """Begin a different tree: nothing is known or open, the cursor is at the top."""
        self._generation += 1
        self._known, self._open, self._lines, self._told = {}, set(), None, self
        self.set_reactive(TreeList.cursor, 0)
        self.scroll_to(y=0, animate=False)
        self.virtual_size = Size(0, HEADER)
        self.refresh()
        self._want("")

    def reload(self) -> None:
        """Read what is open again; what is shown stays until its answer comes."""
        for key, known in list(self._known.items()):
            if key == "" or key in self._open:
                known.loading = True
                self.post_message(self.BranchWanted(self, key, "", self._generation, len(known.rows)))
            else:
                del self._known[key]

    def feed(self, key: str, rows: Sequence[Row], *, after: str = "", more: str = "", generation: int | None = None) -> None:
        """Give a page of a branch.

        Args:
            key: The branch.
            rows: Its rows.
            after: Where the page begins, as it was asked for.
            more: Where the next one begins; nothing if there is none.
            generation: The generation of the `BranchWanted` this answers.
        """
        if generation is not None and generation != self._generation:
            return
        known = self._known.setdefault(key, _Known())
        known.rows = [*known.rows, *rows] if after else list(rows)
        known.more, known.loading = more, False
        self._rebuild()

    def give_up(self, key: str, *, generation: int | None = None) -> None:
        """Say that a branch could not be read: it is closed again."""
        if generation is not None and generation != self._generation:
            return
        known = self._known.get(key)
        if known is not None:
            known.loading = False
            if not known.rows:
                self._known.pop(key)
                self._open.discard(key)
        self._rebuild()

    def select_key(self, key: str) -> bool:
        """Put the cursor on a row by key; tells whether it is shown."""
        place = next((index for index, line in enumerate(self._lines or ()) if line.key == key), None)
        if place is not None:
            self.cursor = place
        return place is not None

    # What the screen may ask.

    @property
    def cursor_row(self) -> Row | None:
        """What stands under the cursor."""
        line = self.row_at(self.cursor)
        return line.row if line is not None else None

    @property
    def open_keys(self) -> frozenset[str]:
        """The open branches."""
        return frozenset(self._open)

    @property
    def total(self) -> int | None:
        """Lines of the tree as it is open now; `None` before the root is known."""
        return None if self._lines is None else len(self._lines)

    @property
    def awaited(self) -> bool:
        """Whether the root was asked for, and nothing of the answer is there yet."""
        return self._lines is None and "" in self._known

    def row_at(self, index: int) -> TreeRow[Row] | None:
        """The line at a place."""
        lines = self._lines or ()
        return lines[index] if 0 <= index < len(lines) else None

    def mark_of(self, index: int, row: TreeRow[Row] | None) -> tuple[bool, bool]:
        """Nothing is marked in a tree."""
        return False, False

    def label_of(self, line: TreeRow[Row], text: str) -> str:
        """Return a text with what shows its place: the indent, and whether it can be opened."""
        if line.row is None:
            sign = self.glyphs.down if line.more else self.glyphs.loading
            return f"{'  ' * line.depth}{sign} {text}"
        closed, opened = ("+", "-") if self.ascii_only else ("▸", "▾")
        return f"{'  ' * line.depth}{(opened if line.is_open else closed) if line.opens else ' '} {text}"

    # Keys and mouse.

    def action_unfold(self) -> None:
        """Open the branch; in an open one, go to its first row."""
        line = self.row_at(self.cursor)
        if line is None:
            return
        if line.more:
            self._read_on(line)
        elif line.is_open:
            below = self.row_at(self.cursor + 1)
            if below is not None and below.depth > line.depth:
                self.cursor += 1
        elif line.opens:
            self._unfold(line)

    def action_fold(self) -> None:
        """Close the branch; from a closed one, go to the branch above."""
        line = self.row_at(self.cursor)
        if line is None:
            return
        if line.is_open:
            self._open.discard(line.key)
            self._rebuild()
        elif line.parent:
            self.select_key(line.parent)

    def action_turn(self) -> None:
        """Open or close the branch."""
        line = self.row_at(self.cursor)
        if line is not None:
            self.action_fold() if line.is_open else self.action_unfold()

    def action_open(self) -> None:
        """Open the record; read on behind the last row of a page."""
        line = self.row_at(self.cursor)
        if line is None:
            return
        if line.more:
            self._read_on(line)
        elif line.row is not None:
            self.post_message(self.RowOpened(self, line.row))

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on a row; open or close it by its sign, open it by a double click."""
        offset = event.get_content_offset(self)
        if offset is None or offset.y < HEADER:
            return
        index = self.scroll_offset.y + offset.y - HEADER
        line = self.row_at(index)
        if line is None:
            return
        self.cursor = index
        if event.chain == 2:
            self.action_open()
        elif offset.x <= 2 * line.depth + 3:
            self.action_turn()

    # Inside.

    def on_mount(self) -> None:
        """Ask for the root."""
        if "" not in self._known:
            self._want("")

    def cursor_moved(self, old: int, new: int) -> None:
        """Say where the cursor is; a page is read on when it stands behind its last row."""
        line = self.row_at(new)
        if line is not None and line.more:
            self._read_on(line)
        self._tell_highlight()

    def _unfold(self, line: TreeRow[Row]) -> None:
        self._open.add(line.key)
        if line.key not in self._known:
            self._want(line.key)
        self._rebuild()

    def _read_on(self, line: TreeRow[Row]) -> None:
        known = self._known.get(line.parent)
        if known is not None and known.more and not known.loading:
            known.loading = True
            self.post_message(self.BranchWanted(self, line.parent, known.more, self._generation, 0))

    def _want(self, key: str) -> None:
        self._known[key] = _Known(loading=True)
        self.post_message(self.BranchWanted(self, key, "", self._generation, 0))

    def _rebuild(self) -> None:
        """Lay the open branches out anew and paint what differs; the cursor stays on its row, or where that was."""
        root = self._known.get("")
        if root is None or (root.loading and not root.rows and self._lines is None):
            return
        before, here = self._lines or [], self.row_at(self.cursor)
        lines: list[TreeRow[Row]] = []
        self._lay(lines, "", 0)
        self._lines = lines
        self.virtual_size = Size(0, len(lines) + HEADER)
        place = next((i for i, line in enumerate(lines) if here is not None and line.key == here.key), None)
        self.set_reactive(TreeList.cursor, self.validate_cursor(self.cursor if place is None else place))
        self._repaint(before, lines)
        self._tell_highlight()

    def _lay(self, lines: list[TreeRow[Row]], key: str, depth: int) -> None:
        known = self._known.get(key)
        if known is None:
            return
        if known.loading and not known.rows:
            lines.append(TreeRow(f"{key}\n…", None, depth, False, False, key))
            return
        for row in known.rows:
            own = self._row_key(row)
            is_open = own in self._open
            lines.append(TreeRow(own, row, depth, self._row_opens(row), is_open, key))
            if is_open:
                self._lay(lines, own, depth + 1)
        if known.more:
            lines.append(TreeRow(f"{key}\n+", None, depth, False, False, key, more=True))

    def _repaint(self, before: Sequence[TreeRow[Row]], after: Sequence[TreeRow[Row]]) -> None:
        """Paint from the first line that differs to the last that may: an opened branch moves only what is below it."""
        first = next((i for i, (old, new) in enumerate(zip(before, after, strict=False)) if old != new), None)
        if first is None:
            first = min(len(before), len(after))
        if not before:
            self.refresh()
            return
        top = self.scroll_offset.y
        same_length = len(before) == len(after)
        last = len(after) if not same_length else max((i for i in range(len(after)) if before[i] != after[i]), default=-1) + 1
        y = max(HEADER, first - top + HEADER)
        height = self.size.height - y if not same_length else max(0, last - top + HEADER - y)
        if height > 0:
            self.refresh(Region(0, y, self.line_width, height))

    def _tell_highlight(self) -> None:
        row = self.cursor_row
        if row is not self._told:
            self._told = row
            self.post_message(self.RowHighlighted(self, row))
