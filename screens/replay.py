"""What if: a past period judged by a proposed target or calendar, both sides, and which records change sides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.getters import query_one

from screens import keys
from screens.base import DeskScreen
from screens.messages import OpenRecord
from screens.when import full, local
from widgets.columns import Cell, Column
from widgets.fixed_list import FixedList
from widgets.paged_list import PagedList
from widgets.text_pane import TextPane

if TYPE_CHECKING:
    from deskterm.forms.schema import FormField
    from deskterm.service_level.replay import Replay
    from deskterm.service_level.replay_rules import Line, Tally, Verdict
    from screens.session import Session

ROW_STYLES = {"met": "good", "missed": "breach", "open": "", "not covered": "muted", "earlier": "muted"}


class ReplayScreen(DeskScreen[None]):
    """The proposal, the figures of each target, the records that change sides."""

    CSS_PATH = "replay.tcss"
    AREAS: ClassVar[tuple[str, ...]] = ("replay", "list")
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("replay")

    proposal = query_one("#proposal", TextPane)
    targets = query_one("#targets", FixedList)
    moved = query_one("#moved", FixedList)

    def __init__(self, session: Session, number: str = "") -> None:
        """Make the screen; it asks for the proposal at once.

        Args:
            session: The session.
            number: The agreement or target that it is about, where that is known.
        """
        super().__init__(session)
        self._typed: dict[str, Any] = {"number": number}

    def body(self) -> ComposeResult:
        """From top to bottom."""
        ascii_only = self.session.ascii_only
        yield TextPane(ascii_only=ascii_only, id="proposal")
        yield FixedList(
            target_columns(), row_key=lambda row: row[0], ascii_only=ascii_only, id="targets",
            empty_text="e says what is proposed. Nothing is written by it.",
        )  # fmt: skip
        yield FixedList(
            moved_columns(self.session), row_key=lambda line: f"{line.record_id}-{line.metric}-{line.cycle}",
            ascii_only=ascii_only, id="moved", empty_text="",
        )  # fmt: skip

    def opened(self) -> None:
        """Ask for the proposal."""
        self.path = ("DeskTerm", "Service levels", "what if")
        self.proposal.show((("A past period under another promise.", "strong"), ("e says what is proposed.", "muted")))
        self.targets.show(())
        self.moved.show(())
        self.targets.focus()
        self.action_propose()

    def action_propose(self) -> None:
        """Ask what is proposed, and judge."""
        self.converse(self._propose())

    async def _propose(self) -> None:
        from screens.modals.act import ActModal

        done = await self.app.push_screen_wait(
            ActModal(
                self.session, "What if …", proposal_fields(self._typed), self._judge, do="judge",
                told="What stays empty stays as it is. Reckoned from the journal; nothing is written.",
            )
        )  # fmt: skip
        if done is not None:
            self._show(done)

    async def _judge(self, typed: Mapping[str, object]) -> Replay:
        from deskterm.reports import Period
        from deskterm.service_level.replay import replay

        self._typed = dict(typed)
        number = str(typed.get("number") or "")
        start, end = (at if isinstance(at, int) else None for at in (typed.get("from"), typed.get("to")))
        values = {name: value for name, value in typed.items() if name not in ("number", "from", "to")}
        given = {name: value for name, value in values.items() if value not in (None, "", [])}
        return await self.call(replay, self.desk, number, given, Period(start, end), told=self._told)

    def _told(self, done: int, total: int) -> None:
        """Hear of the progress, in the thread that does it."""
        self.app.call_from_thread(self._show_progress, done, total)

    def _show_progress(self, done: int, total: int) -> None:
        if self.alive and total:
            self.proposal.show(((f"Judging: {done:,} of {total:,} records ({100 * done // total} %)", "accent"),))

    def _show(self, found: Replay) -> None:
        tz = self.session.tz
        period = f"{full(found.from_at, tz)} to {full(found.end_at, tz)}, {found.records:,} records"
        sides = f"{percent(found.now)} in time as judged, {percent(found.proposed)} as proposed"
        moved = f"{len(found.moved)} of {len(found.lines)} clocks change sides"
        self.proposal.show(((found.title, "strong"), (period, "muted"), (f"{sides}; {moved}", "accent")))
        self.targets.show((*found.targets, ("all together", found.now, found.proposed)))
        self.moved.empty_text = "No record changes sides."
        self.moved.show(found.moved)

    @on(PagedList.RowOpened, "#moved")
    def _open(self, event: PagedList.RowOpened[Line]) -> None:
        event.stop()
        self.post_message(OpenRecord(event.row.number))

    @on(PagedList.RowOpened, "#targets")
    def _to_records(self, event: PagedList.RowOpened[object]) -> None:
        event.stop()
        self.moved.focus()


def percent(one: Tally) -> str:
    """Return a share in time, n/a of nothing."""
    return "n/a" if one.percent is None else f"{int(one.percent * 10) / 10:g} %"


def proposal_fields(typed: Mapping[str, Any]) -> tuple[FormField, ...]:
    """Return what is asked, with what was answered before."""
    from deskterm.forms.schema import Answer, FieldKind, FormField, Option

    def said(name: str) -> Answer:
        value = typed.get(name)
        return Answer(str(value) if isinstance(value, str) else "")

    units = tuple(Option(unit, unit) for unit in ("business-hours", "business-days", "elapsed"))
    return (
        FormField("number", "About", FieldKind.REFERENCE, required=True, refers=("target", "agreement"), answer=said("number"),
                  help="A target, or an agreement with all of its targets."),
        FormField("amount_seconds", "Amount", FieldKind.DURATION, help="How long instead, such as 4h; of a target."),
        FormField("days", "Working days", FieldKind.NUMBER, low=1, high=3650, help="Instead of an amount; of a target."),
        FormField("unit", "Unit", FieldKind.CHOICE, options=units, help="How it is counted instead."),
        FormField("calendar", "Calendar", FieldKind.REFERENCE, refers=("calendar",), answer=said("calendar"),
                  help="By which calendar instead."),
        FormField("query", "Only", FieldKind.TEXT, answer=said("query"), help="Narrows the records: service:Payroll."),
        FormField("from", "From", FieldKind.INSTANT, help="30 days before the end if empty."),
        FormField("to", "Until", FieldKind.INSTANT, help="Now if empty."),
    )  # fmt: skip


def target_columns() -> list[Column[tuple[str, Tally, Tally]]]:
    """Return the columns of the targets: both sides, as they were judged and as proposed."""

    def side(place: int) -> list[Column[tuple[str, Tally, Tally]]]:
        word = "now" if place == 1 else "then"

        def tally(row: tuple[str, Tally, Tally]) -> Tally:
            return row[1] if place == 1 else row[2]

        def share(row: tuple[str, Tally, Tally], _: int) -> Cell:
            better = (row[2].percent or 0) - (row[1].percent or 0)
            style = "" if place == 1 or better == 0 else "good" if better > 0 else "breach"
            return percent(tally(row)), style

        return [
            Column(f"met{place}", f"met {word}", 8, lambda row, _: str(tally(row).met), align="right", priority=1),
            Column(f"missed{place}", f"late {word}", 9, lambda row, _: str(tally(row).missed), align="right"),
            Column(f"share{place}", "in time", 7, share, align="right"),
        ]

    name: Column[tuple[str, Tally, Tally]] = Column("target", "target", 30, lambda row, _: row[0], min_width=22, grow=1)
    return [name, *side(1), *side(2)]


def moved_columns(session: Session) -> list[Column[Line]]:
    """Return the columns of what changes sides."""

    def told(one: Verdict) -> Cell:
        at = "" if one.at is None else f" {local(one.at, session.tz):%d %b %H:%M}"
        return f"{one.word}{at}", ROW_STYLES[one.word]

    return [
        Column("number", "record", 10, lambda line, _: line.number),
        Column("priority", "P", 1, lambda line, _: "" if line.priority is None else str(line.priority), align="right"),
        Column("metric", "metric", 10, lambda line, _: line.metric),
        Column("now", "as judged", 20, lambda line, _: told(line.now)),
        Column("then", "as proposed", 20, lambda line, _: told(line.proposed)),
        Column("title", "summary", 30, lambda line, _: line.title, min_width=10, grow=1, priority=1),
    ]
