"""One scan, row by row: what is to be taken over is staged, the rest discarded; then it is applied, tried first and in one go.

The filter shows rows of some sorts alone: what came of them, how they are decided, and whether a change covers them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.getters import query_one

from deskterm.errors import BadQuery
from screens import keys, scan_flows
from screens.filter_line import FilterLine
from screens.messages import DeskChanged, OpenRecord
from screens.permitted import PermittedScreen
from screens.scan_rows import PAGE, ScanHead, ScanRows, columns, in_full
from screens.vocabulary import Words
from screens.when import full
from widgets.paged_list import PagedList
from widgets.text_pane import TextPane

if TYPE_CHECKING:
    from deskterm.configuration.discovery_schema import Row, ScanView
    from screens.session import Session

DECIDING = frozenset({"stage", "discard", "stage_alike", "discard_alike", "identify", "leave_out", "apply"})
ON_ROW = frozenset({"stage", "discard", "identify", "leave_out", "alarm"})
NOTHING = "The scan found nothing."
NONE_LIKE_IT = "No row is of these sorts.\n/ another filter: an empty one shows every row"


class ScanScreen(PermittedScreen[None]):
    """Head, filter where one is set, rows, and the row under the cursor in full."""

    CSS_PATH = "inbox.tcss"
    AREAS: ClassVar[tuple[str, ...]] = ("scan", "list")
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("scan")

    rows = query_one("#rows", ScanRows)
    filter = query_one("#filter", FilterLine)
    head = query_one("#head", ScanHead)
    pane = query_one("#pane", TextPane)

    def __init__(self, session: Session, number: str) -> None:
        """Make the screen of one scan."""
        super().__init__(session)
        self.number = number
        self.view: ScanView | None = None
        self._sorts: tuple[str, ...] = ()
        """The sorts of rows that are shown; every row where none is named."""
        self._row_due = False
        """The row under the cursor is about to be read: of several reasons to, one will do."""

    def body(self) -> ComposeResult:
        """From top to bottom."""
        ascii_only = self.session.ascii_only
        yield ScanHead(ascii_only=ascii_only, id="head")
        narrowed = FilterLine(ascii_only=ascii_only, id="filter")
        narrowed.display = False
        yield narrowed
        yield ScanRows(
            columns(ascii_only=ascii_only), row_key=lambda row: str(row.position), page_size=PAGE, now=self.session.now(),
            empty_text=NOTHING, ascii_only=ascii_only, id="rows",
        )  # fmt: skip
        yield TextPane(ascii_only=ascii_only, id="pane")

    def opened(self) -> None:
        """Read it."""
        self.path = ("DeskTerm", "Inbox", self.number)
        from deskterm.configuration.discovery_reading import SORTS

        self.filter.words = Words(keywords=SORTS)
        self._list()
        self.rows.focus()
        self._read()

    @property
    def awaited(self) -> bool:
        """Whether the rows are still being read."""
        return self.rows.awaited

    def _list(self) -> None:
        """Show the rows of the chosen sorts from the first on."""
        self.rows.read = partial(self._page, self._sorts)
        self.rows.empty_text = NONE_LIKE_IT if self._sorts else NOTHING
        self.rows.reset()

    def _page(self, sorts: tuple[str, ...], index: int) -> tuple[int, Sequence[Row]]:
        """Read a page; called in a thread."""
        from deskterm.configuration.discovery_reading import page_of

        return page_of(self.desk, self.number, sorts, first=index * PAGE, limit=PAGE)

    # The filter.

    def action_filter(self) -> None:
        """Name the sorts of rows to show."""
        self.filter.display = True
        self.filter.begin()

    @on(FilterLine.Applied)
    def _apply_filter(self, event: FilterLine.Applied) -> None:
        event.stop()
        from deskterm.configuration.discovery_reading import sorts_in

        try:
            self._sorts = sorts_in(event.query)
        except BadQuery as problem:
            self.filter.refuse(problem)
            return
        self._list()
        self._leave_filter()

    @on(FilterLine.Left)
    def _leave_filter(self) -> None:
        self.filter.show(" ".join(self._sorts))
        self.filter.display = bool(self._sorts)
        self.rows.focus()

    @on(ScanRows.Counted)
    def _came(self, event: ScanRows.Counted) -> None:
        event.stop()
        self._say_count()

    def _say_count(self) -> None:
        """Say how many rows are shown, and of how many."""
        if self.view is not None and self.rows.total is not None:
            self.filter.found(f"{self.rows.total:,} of {sum(self.view.counts.values()):,} rows")

    def _read(self) -> None:
        from deskterm.configuration.discovery_reading import view

        desk, number = self.desk, self.number
        self.read("scan", lambda: view(desk, number), self._show)

    def _show(self, found: ScanView) -> None:
        self.view = found
        self.path = ("DeskTerm", "Inbox", f"{found.number} {found.name}")
        self.head.view, self.head.now, self.head.tz = found, self.session.now(), self.session.tz
        self.head.refresh()
        self._say_count()
        self.refresh_bindings()

    @property
    def row(self) -> Row | None:
        """The row under the cursor."""
        return self.rows.row_at(self.rows.cursor) if self.rows.total else None

    @on(PagedList.RowHighlighted)
    def _moved(self, event: PagedList.RowHighlighted[Row]) -> None:
        event.stop()
        self._show_row()
        self.refresh_bindings()

    def _show_row(self) -> None:
        """Show the row at once as it came in, and then as it stands against what is recorded now."""
        if (row := self.row) is not None:
            self._tell_row(row, [])
        else:
            self.pane.show(())
        if not self._row_due:
            self._row_due = True
            self.call_later(self._read_row)

    def _read_row(self) -> None:
        from deskterm.configuration import discovery_reading as reading

        self._row_due = False
        row = self.row
        if row is None:
            return
        desk, number, position = self.desk, self.number, row.position

        def read() -> tuple[Row, list[tuple[str, str, str]]]:
            found = reading.row(desk, number, position)
            differs = any(one.field == "attributes.packages" for one in found.differences)
            return found, reading.software(desk, number, position) if differs else []

        self.read("row", read, lambda found: self._tell_row(*found))

    def _tell_row(self, row: Row, packages: list[tuple[str, str, str]]) -> None:
        zone = self.session.tz
        self.pane.show(in_full(row, packages, lambda at: full(at, zone), ascii_only=self.session.ascii_only))

    @on(PagedList.RowOpened)
    def _open(self, event: PagedList.RowOpened[Row]) -> None:
        event.stop()
        if event.row.number:
            self.post_message(OpenRecord(event.row.number))
        else:
            self.say("It is no CI yet.")

    @on(ScanRows.Failed)
    def _failed(self, event: ScanRows.Failed) -> None:
        event.stop()
        self.refuse(event.refusal)

    def on_desk_changed(self, event: DeskChanged) -> None:
        """Read again: somebody else may have decided, or changed a CI."""
        if self._was_opened:
            self.again()

    def again(self) -> None:
        """Read what is shown again."""
        self.rows.reload()
        self._read()
        self._show_row()

    # What is possible.

    def tried_on(self, action: str) -> str:
        """What the screen is about."""
        return self.number

    def refusal(self, action: str) -> str:
        """Say why a key does nothing now."""
        view, row = self.view, self.row
        if view is None or action.partition("(")[0] not in DECIDING | {"alarm", "settle"}:
            return ""
        if action in ON_ROW and row is None:
            return "There is no row here."
        if action == "alarm":
            return "" if row is not None and row.incident else "No alarm was raised for this row."
        if lacking := self.lacks("edit", self.desk.registry.kind("discovery")):
            return lacking
        if view.state != "waiting":
            return f"{view.number} is {view.state}; w opens it again." if action != "settle" else ""
        if action == "apply":
            return "" if view.states.get("staged") else "Nothing is staged yet; space stages a row."
        return self._about_row(action, row) if action in ON_ROW and row is not None else ""

    def _about_row(self, action: str, row: Row) -> str:
        if not row.state:
            return f"It is {row.outcome.value}: there is nothing to decide."
        if row.state == "applied":
            return "It was applied; u takes that back."
        if action == "identify":
            return "" if row.outcome.value == "conflict" else "Only a conflict is settled by saying what it is."
        if action == "leave_out":
            return "" if row.differences else "It differs in nothing."
        return ""

    # Deciding.

    @on(ScanRows.Staged)
    def _stage(self, event: ScanRows.Staged) -> None:
        event.stop()
        if refusal := self.refusal("stage"):
            self.say(refusal, severity="warning")
            return
        row = self.row
        if row is not None and row.outcome.value == "conflict" and not row.chosen:
            self.action_identify()
        else:
            self._decide("staged")

    def action_discard(self) -> None:
        """Leave the row as it is recorded, or think again."""
        self._decide("discarded")

    def _decide(self, state: str) -> None:
        from deskterm.configuration.discovery import decide

        row = self.row
        if row is not None:
            wanted = "open" if row.state == state else state
            self.write(lambda: decide(self.desk, self.number, [row.position], wanted), lambda _: self.decided(row, wanted))

    def decided(self, row: Row, state: str) -> None:
        """Show what came of it and go on to the next row; one that the filter shows no more makes room for it."""
        from deskterm.configuration.discovery_reading import is_of

        if is_of(row.outcome.value, state, row.unauthorised, self._sorts):
            self.rows.cursor += 1
        self.again()

    def action_stage_alike(self) -> None:
        """Stage every open row of the same sort."""
        self._alike("staged")

    def action_discard_alike(self) -> None:
        """Discard every open row of the same sort."""
        self._alike("discarded")

    def _alike(self, state: str) -> None:
        from deskterm.configuration.discovery import decide, positions_of

        row = self.row
        if row is None or not row.state or (state == "staged" and row.outcome.value == "conflict"):
            self.say("Conflicts are settled one by one." if row is not None and row.state else "There is nothing to decide.")
            return

        def work() -> int:
            positions = positions_of(self.desk, self.number, row.outcome)
            return len(decide(self.desk, self.number, positions, state)) if positions else 0

        def told(count: int) -> None:
            rows = "1 row" if count == 1 else f"{count:,} rows"
            self.say(f"{rows} {row.outcome.value}: {state}. u takes it back.")
            self.again()

        self.write(work, told)

    def action_identify(self) -> None:
        """Ask which CI a conflict is."""
        self.converse(scan_flows.identify(self))

    def action_leave_out(self) -> None:
        """Ask which field is to stay as it is recorded."""
        self.converse(scan_flows.leave_out(self))

    def action_alarm(self) -> None:
        """Open the incident that the row raised."""
        row = self.row
        if row is not None and row.incident:
            self.post_message(OpenRecord(row.incident))

    def action_apply(self) -> None:
        """Try it, say what would come of it, ask, and do it."""
        self.converse(scan_flows.apply(self))

    def doing(self, what: str) -> None:
        """Say in the head what is being done; nothing where it is over."""
        if self.alive:
            self.head.doing = what
            self.head.refresh()

    def action_settle(self) -> None:
        """Leave the rest as it is recorded, or open it again."""
        self.converse(scan_flows.settle(self))
