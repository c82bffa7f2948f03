"""What the messages of a list of records carry. `PagedList` gives them their names: `PagedList.PageWanted` and so on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from textual.message import Message

if TYPE_CHECKING:
    from widgets.paged_list import PagedList

Row = TypeVar("Row")


class ListMessage(Generic[Row], Message):
    """News of one list."""

    def __init__(self, sender: PagedList[Row]) -> None:
        super().__init__()
        self.sender = sender

    @property
    def control(self) -> PagedList[Row]:
        """The list it comes from."""
        return self.sender


class PageWanted(ListMessage[Row]):
    """A page is needed; answer with `feed`, or with `give_up` when it cannot be read."""

    def __init__(self, sender: PagedList[Row], index: int, generation: int, after: Row | None, before: Row | None) -> None:
        super().__init__(sender)
        self.index = index
        """Page, counted from 0."""
        self.generation = generation
        """Give it back with the answer: answers to an older question are dropped."""
        self.after = after
        """The row just before this page where known: a seek is cheaper than an offset."""
        self.before = before
        """The row just behind this page where known."""


class RowHighlighted(ListMessage[Row]):
    """Another row is under the cursor, or the same in a newer state."""

    def __init__(self, sender: PagedList[Row], index: int, row: Row | None) -> None:
        super().__init__(sender)
        self.index = index
        self.row = row
        """`None` while it is being read, and in an empty list."""


class RowOpened(ListMessage[Row]):
    """Enter or a double click on a row."""

    def __init__(self, sender: PagedList[Row], index: int, row: Row) -> None:
        super().__init__(sender)
        self.index = index
        self.row = row


class MarksChanged(ListMessage[Row]):
    """Marks came or went, or a range was refused."""

    def __init__(self, sender: PagedList[Row], keys: tuple[str, ...], waiting: int, refused: str = "") -> None:
        super().__init__(sender)
        self.keys = keys
        """Marked keys, first marked first."""
        self.waiting = waiting
        """Rows of a range still being read; they are marked when they arrive."""
        self.refused = refused
        """Why a range was not marked, in words."""


class HeadingChosen(ListMessage[Row]):
    """A click on the heading of a column."""

    def __init__(self, sender: PagedList[Row], key: str) -> None:
        super().__init__(sender)
        self.key = key
        """The column's key."""
