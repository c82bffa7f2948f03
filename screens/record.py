"""One record: its conversation, its facts, its clocks."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Static

from screens import keys
from screens.base import DeskScreen

if TYPE_CHECKING:
    from deskterm.records.schema import RecordView
    from screens.session import Session


class RecordScreen(DeskScreen[None]):
    """A record, whole."""

    AREAS: ClassVar[tuple[str, ...]] = ("record", "ticket")
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("record", "ticket")

    def __init__(self, session: Session, number: str) -> None:
        """Show a record by its number."""
        super().__init__(session)
        self.number = number

    def body(self) -> ComposeResult:
        """The head of the record."""
        yield Static(id="head", markup=False)

    def opened(self) -> None:
        """Read it."""
        self.path = ("DeskTerm", self.number)
        self.read("record", lambda: self.desk.show(self.number), self._show)

    def _show(self, view: RecordView) -> None:
        self.query_one("#head", Static).update(Content(f"{view.number}  {view.title}"))
