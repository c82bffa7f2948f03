"""A list of one kind, whatever kind it is: filter, open, make, edit, retire. Administration is made of these."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from screens import export_flows, keys
from screens.filter_line import FilterLine
from screens.filtered import FilteredScreen, KindRows
from screens.kind_columns import columns, fields_of
from screens.messages import DeskChanged, EditRecord, NewRecord, OpenRecord
from screens.paging import Pages, Question
from screens.permitted import PermittedScreen
from widgets.paged_list import PagedList

if TYPE_CHECKING:
    from deskterm.kinds import Kind
    from deskterm.records.schema import Row
    from screens.session import Session
    from widgets.columns import Column


class KindListScreen(FilteredScreen, PermittedScreen[None]):
    """Every record of a kind, those in use unless the filter says otherwise."""

    AREAS: ClassVar[tuple[str, ...]] = ("kinds", "list")
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("kinds")
    DEFAULT_CSS = "KindListScreen { & KindRows { height: 1fr; } }"

    def __init__(self, session: Session, kind: str, *, query: str = "", path: tuple[str, ...] = ()) -> None:
        """Make a list.

        Args:
            session: The session.
            kind: Name of the kind.
            query: What it lists at first; what is in use, if empty.
            path: Where one came from, shown on top before the kind.
        """
        super().__init__(session)
        self.kind_name, self._query, self._from = kind, query, path
        self._sort = ""

    def body(self) -> ComposeResult:
        """The filter and the rows."""
        ascii_only = self.session.ascii_only
        yield FilterLine(ascii_only=ascii_only, id="filter")
        yield KindRows(now=self.session.now(), ascii_only=ascii_only, id="rows")

    @property
    def kind(self) -> Kind:
        """The kind; known once the desk is open."""
        return self.desk.registry.kind(self.kind_name)

    def opened(self) -> None:
        """List what is in use."""
        kind = self.kind
        self.path = ("DeskTerm", *self._from, kind.many)
        self._sort = kind.sort
        in_use = next((state.name for state in kind.workflow.states if state.name == "active"), "")
        self.rows.empty_text = self.empty_text()
        self.list_query(self._query or ("state:open" if kind.is_work else "state:active" if in_use else "*"))

    def empty_text(self) -> str:
        """Return what to say where there is nothing."""
        return f"No {self.kind.many.lower()} here.\nn makes one   / another filter: * lists all of them, also the retired"

    # Listing.

    def question(self, query: str) -> Question:
        """Return what a query asks, in the order that was chosen last."""
        return Question((self.kind_name,), query, self._sort, fields_of(self.kind))

    def took(self, query: str) -> None:
        """Remember it."""
        self._query = query

    def listing(self, pages: Pages) -> tuple[list[Column[Row]], str]:
        """Return the columns, and the name of the one that names a record."""
        return self.columns(pages), self.kind.title_field

    def columns(self, pages: Pages) -> list[Column[Row]]:
        """Return the columns."""
        return columns(self.kind, self.session.tz)

    @on(PagedList.HeadingChosen)
    def _sort_by(self, event: PagedList.HeadingChosen[Row]) -> None:
        event.stop()
        self._sort = f"-{event.key}" if self._sort == event.key else event.key
        self.list_query(self._query)

    @on(PagedList.RowHighlighted)
    def _moved(self, event: PagedList.RowHighlighted[Row]) -> None:
        event.stop()
        self.refresh_bindings()

    def on_desk_changed(self, event: DeskChanged) -> None:
        """Read what is seen again when it may have changed."""
        if self.rows.pages is not None and event.concerns(frozenset({self.kind_name})):
            self.rows.reload()

    # Keys.

    @on(PagedList.RowOpened)
    def _open(self, event: PagedList.RowOpened[Row]) -> None:
        event.stop()
        self.open_row(event.row)

    def open_row(self, row: Row) -> None:
        """Open one."""
        self.post_message(OpenRecord(row.number))

    def refusal(self, action: str) -> str:
        """Say which right is missing, or that there is nothing under the cursor."""
        verb = {"create": "create", "edit": "edit", "retire": "edit"}.get(action)
        if verb is None:
            return ""
        if lacking := self.lacks(verb, self.kind):
            return lacking
        if action == "create":
            return ""
        row = self.rows.cursor_row
        if row is None:
            return "There is nothing under the cursor."
        if action == "retire" and not self._turn(row):
            return f"A {self.kind.title.lower()} that is {row.state} is neither retired nor taken back into use."
        return ""

    def tried_on(self, action: str) -> str:
        """The record under the cursor, where the key is about one."""
        row = self.rows.cursor_row
        return "" if row is None or action == "create" else row.number

    def _turn(self, row: Row) -> str:
        """Return the action that retires a record, or takes it back into use; empty where there is none."""
        names = {action.name for action in self.kind.actions_from(row.state)}
        return next((name for name in ("retire", "restore", "void") if name in names), "")

    def action_export(self) -> None:
        """Write what is listed into a file."""
        from deskterm.exchange.listed import Listed

        kind = self.kind
        listed = Listed((kind.name,), self._query, self._sort, fields_of(kind), kind.many)
        self.converse(export_flows.export(self, listed))

    def action_create(self) -> None:
        """Make a new one."""
        self.post_message(NewRecord(self.kind_name))

    def action_edit(self) -> None:
        """Change the fields of the one under the cursor."""
        if (row := self.rows.cursor_row) is not None:
            self.post_message(EditRecord(row.number))

    def action_retire(self) -> None:
        """Retire the one under the cursor, or take it back into use."""
        row = self.rows.cursor_row
        name = self._turn(row) if row is not None else ""
        if row is not None and name:
            desk, number = self.desk, row.number
            done = {"retire": "retired", "restore": "in use again", "void": "void"}[name]
            self.write(lambda: desk.act(number, name), lambda _: self.say(f"{number} is {done}; u takes it back."))
