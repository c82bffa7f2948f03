"""One scan, row by row: what is to be taken over is staged, the rest discarded; then it is applied, tried first and in one go.

The filter shows rows of some sorts alone: what came of them, how they are decided, and whether a change covers them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.getters import query_one

from deskterm.errors import BadQuery
from screens import keys
from screens.filter_line import FilterLine
from screens.messages import DeskChanged, OpenRecord
from screens.modals.ask import AskModal
from screens.modals.choose import Choice, ChooseModal
from screens.permitted import PermittedScreen
from screens.scan_rows import PAGE, ScanHead, ScanRows, columns, in_full, label, shown
from screens.vocabulary import Words
from screens.when import full
from widgets.paged_list import PagedList
from widgets.text_pane import TextPane

if TYPE_CHECKING:
    from deskterm.configuration.discovery_schema import Applied, Row, ScanView
    from screens.session import Session

DECIDING = frozenset({"stage", "discard", "stage_alike", "discard_alike", "identify", "leave_out", "apply"})
ON_ROW = frozenset({"stage", "discard", "identify", "leave_out", "alarm"})
MOST_TOLD = 8
"""Rows that the question before applying names."""
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
            self._again()

    def _again(self) -> None:
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
            self.write(lambda: decide(self.desk, self.number, [row.position], wanted), lambda _: self._on(row, wanted))

    def _on(self, row: Row, state: str) -> None:
        """Show what came of it and go on to the next row; one that the filter shows no more makes room for it."""
        from deskterm.configuration.discovery_reading import is_of

        if is_of(row.outcome.value, state, row.unauthorised, self._sorts):
            self.rows.cursor += 1
        self._again()

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
            self._again()

        self.write(work, told)

    def action_identify(self) -> None:
        """Ask which CI a conflict is."""
        self.converse(self._identify())

    async def _identify(self) -> None:
        from deskterm.configuration.discovery import NEW, choose

        row = self.row
        if row is None:
            return
        found = [
            Choice(one.number, f"{one.number} {one.name}", number=str(place) if place < 10 else "")
            for place, one in enumerate(row.candidates, 1)
        ]
        found.append(Choice(NEW, "something new", "a CI is made of it", number="0"))
        which = await self.app.push_screen_wait(ChooseModal(self.session, f"Which one is {row.name}?", found))
        if which is not None:
            await self.commit(lambda: choose(self.desk, self.number, row.position, which))
            self._on(row, "staged")

    def action_leave_out(self) -> None:
        """Ask which field is to stay as it is recorded."""
        self.converse(self._leave_out())

    async def _leave_out(self) -> None:
        from deskterm.configuration.discovery import leave_out

        row = self.row
        if row is None:
            return
        choices = [
            Choice(
                one.field,
                label(one.field),
                f"{shown(one.new)[:40]}{', left out now' if one.field in row.left_out else ''}",
                number=str(place) if place < 10 else "",
            )
            for place, one in enumerate(row.differences, 1)
        ]
        field = await self.app.push_screen_wait(ChooseModal(self.session, "Leave which field as it is recorded?", choices))
        if field is not None:
            await self.commit(lambda: leave_out(self.desk, self.number, row.position, field))
            self._again()

    def action_alarm(self) -> None:
        """Open the incident that the row raised."""
        row = self.row
        if row is not None and row.incident:
            self.post_message(OpenRecord(row.incident))

    # Applying.

    def action_apply(self) -> None:
        """Try it, say what would come of it, ask, and do it."""
        self.converse(self._apply())

    async def _apply(self) -> None:
        from deskterm.configuration.discovery import apply

        self._doing("trying")
        try:
            tried = await self.call(lambda: apply(self.desk, self.number, preview=True, tell=self._progress("trying")))
        finally:
            self._doing("")
        if tried.refused:
            text = "\n".join(f"row {one.position} {one.name}: {one.what}" for one in tried.refused[:MOST_TOLD])
            rows = "1 row refuses" if len(tried.refused) == 1 else f"{len(tried.refused):,} rows refuse"
            await self.app.push_screen_wait(
                AskModal(self.session, f"{rows}; nothing can be applied", text, yes="back", no="back")
            )
            return
        if not await self.app.push_screen_wait(AskModal(self.session, self._question(tried), self._steps(tried), yes="apply")):
            return
        try:
            done = await self.commit(lambda: apply(self.desk, self.number, tell=self._progress("applying")))
        finally:
            self._doing("")
        self.say(f"Applied: {self._counted(done)}. u takes it back.")
        self._again()

    def _question(self, applied: Applied) -> str:
        rows = "1 row" if len(applied.steps) == 1 else f"{len(applied.steps):,} rows"
        return f"Apply {rows}?"

    def _counted(self, applied: Applied) -> str:
        return ", ".join(
            f"{count:,} {what}" for what in ("made", "changed", "missing", "as it is") if (count := applied.count(what))
        )

    def _steps(self, applied: Applied) -> str:
        lines = [f"{self._counted(applied)}.", ""]
        for one in applied.steps[:MOST_TOLD]:
            about = one.number if one.what != "made" else ""
            lines.append(
                f"{one.what:<8} {one.name} {about} {', '.join(map(label, one.fields)) if one.what == 'changed' else ''}".rstrip()
            )
        if len(applied.steps) > MOST_TOLD:
            lines.append(f"… and {len(applied.steps) - MOST_TOLD:,} more")
        return "\n".join(lines)

    def _progress(self, what: str) -> Callable[[int, int], None]:
        def tell(done: int, total: int) -> None:
            self.app.call_from_thread(self._doing, f"{what} {done:,} of {total:,} ")

        return tell

    def _doing(self, what: str) -> None:
        if self.alive:
            self.head.doing = what
            self.head.refresh()

    def action_settle(self) -> None:
        """Leave the rest as it is recorded, or open it again."""
        self.converse(self._settle())

    async def _settle(self) -> None:
        view = self.view
        if view is None:
            return
        if view.state == "settled":
            await self.commit(lambda: self.desk.act(self.number, "reopen"))
        else:
            left = view.states.get("open", 0) + view.states.get("staged", 0)
            text = f"{left:,} rows are left as they are recorded; what was staged is not applied."
            if left and not await self.app.push_screen_wait(AskModal(self.session, f"Settle {self.number}?", text, yes="settle")):
                return
            await self.commit(lambda: self.desk.act(self.number, "settle"))
        self._again()
