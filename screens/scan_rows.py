"""The rows of a scan as a list, and one of them in full: what was found beside what is recorded. What they say is the desk's."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.message import Message

from deskterm.errors import DeskError
from screens.replacing import begin_work
from screens.when import short
from widgets.columns import Cell, Column
from widgets.line_bar import LineBar, Piece, spread
from widgets.paged_list import PagedList

if TYPE_CHECKING:
    from deskterm.configuration.discovery_schema import Row, ScanView

SIGNS = {"": (" ", " "), "open": ("·", "."), "staged": ("+", "+"), "discarded": ("–", "-"), "applied": ("✓", "v")}  # noqa: RUF001
"""Glyph for how a row stands, and that in ASCII."""
TONES = {"": "muted", "open": "", "staged": "good", "discarded": "muted", "applied": "accent"}
OUTCOMES = {
    "conflict": "breach",
    "changed": "soon",
    "vanished": "risk",
    "new": "accent",
    "unreached": "paused",
    "unchanged": "muted",
}
RANKS = {
    "number": "its number",
    "serial": "serial number",
    "uuid": "UUID",
    "mac": "MAC address",
    "fqdn": "host name",
    "source": "the source's key",
    "name": "its name",
}
PAGE = 50
MOST_LINES = 40
"""Facts of a row that are shown."""

Read = Callable[[int], "tuple[int, Sequence[Row]]"]
"""Reads a page by its number from 0, in a thread: how many rows there are, and its rows."""


class ScanRows(PagedList["Row"]):
    """The rows; `space` stages instead of marking."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("space", "stage", "stage", id="scan.stage", show=False)]

    class Staged(Message):
        """The person wants the row under the cursor taken over, or not any more."""

    class Counted(Message):
        """A page came: the list knows how long it is."""

    class Failed(Message):
        """A page could not be read; what is shown stays."""

        def __init__(self, refusal: DeskError) -> None:
            super().__init__()
            self.refusal = refusal

    read: Read | None = None
    """Reads a page; nothing is asked for before it is given."""

    @property
    def awaited(self) -> bool:
        """Whether rows were asked for, and none of the answer is there yet."""
        return self.read is not None and self.total is None

    def action_stage(self) -> None:
        """Say that the row is to be taken over."""
        self.post_message(self.Staged())

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Rows are decided about, not marked."""
        return False if action in ("mark", "mark_range") else super().check_action(action, parameters)

    @on(PagedList.PageWanted)
    def _wanted(self, event: PagedList.PageWanted[Row]) -> None:
        event.stop()
        if self.read is not None:
            begin_work(self, partial(self._answer, self.read, event.index, event.generation), group="pages")

    async def _answer(self, read: Read, index: int, generation: int) -> None:
        try:
            total, rows = await asyncio.to_thread(read, index)
        except DeskError as refusal:
            self.give_up(index, generation=generation)
            self.post_message(self.Failed(refusal))
            return
        self.feed(total, index, rows, generation=generation)
        self.post_message(self.Counted())


def columns(*, ascii_only: bool = False) -> list[Column[Row]]:
    """Return the columns of the rows."""
    plain = int(ascii_only)
    return [
        Column("sign", "", 1, lambda row, _: (SIGNS[row.state][plain], TONES[row.state])),
        Column("outcome", "what", 9, lambda row, _: (row.outcome.value, OUTCOMES[row.outcome.value])),
        Column("alarm", "", 1, lambda row, _: ("!", "breach") if row.unauthorised else ""),
        Column("name", "found", 24, lambda row, _: row.name, min_width=18, grow=2),
        Column("number", "CI", 9, lambda row, _: _ci(row)),
        Column("differs", "differs in", 34, _differs, min_width=28, grow=3, priority=1),
        Column("by", "known by", 13, lambda row, _: (RANKS.get(row.matched_by, ""), "muted"), priority=3),
        Column("line", "line", 5, lambda row, _: (str(row.line or ""), "muted"), align="right", priority=4),
    ]  # fmt: skip


def _ci(row: Row) -> Cell:
    if row.number:
        return row.number
    return (row.chosen or ("?" if row.outcome.value == "conflict" else ""), "accent" if row.chosen else "breach")


def label(field: str) -> str:
    """Return a field as people read it."""
    return field.removeprefix("attributes.").replace("_", " ")


def _differs(row: Row, _: int) -> Cell:
    if row.outcome.value in ("conflict", "unreached", "vanished"):
        return row.message, "muted"
    taken = [label(one.field) for one in row.differences if one.field not in row.left_out]
    return ", ".join(taken)


def shown(value: Any) -> str:
    """Return a value as people read it."""
    if value in (None, "", [], {}):
        return "nothing"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return ", ".join(f"{name} {one}" for name, one in value.items()) if isinstance(value, dict) else str(value)


def in_full(
    row: Row, packages: Sequence[tuple[str, str, str]], instant: Callable[[int], str], *, ascii_only: bool = False
) -> tuple[tuple[str, str], ...]:
    """Return what the pane says of a row, the weightiest first.

    Args:
        row: The row.
        packages: Packages that differ from the scan before: name, version then, version now.
        instant: Writes an instant.
        ascii_only: Say it in ASCII.
    """
    arrow = "->" if ascii_only else "→"
    where = f" ({row.source})" if row.source else ""
    known = (
        f" {'is' if ascii_only else '·'} {row.number} {row.title}, known by {RANKS.get(row.matched_by, '')}" if row.number else ""
    )
    lines = [(f"{row.name}{where}{known}", "strong")]
    if row.unauthorised:
        lines.append((f"! no approved change covers this: {row.incident}", "breach"))
    elif row.covered_by:
        lines.append((f"covered by {row.covered_by}", "good"))
    if row.message:
        lines.append((row.message, "risk" if row.outcome.value == "conflict" else "muted"))
    lines += [(f"  may be {one.number} {one.name}", "accent" if row.chosen == one.number else "") for one in row.candidates]
    if row.chosen:
        lines.append((f"it was said to be {'something new' if row.chosen == 'new' else row.chosen}", "accent"))
    width = max((len(label(one.field)) for one in row.differences), default=0)
    for one in row.differences:
        times = one.field.endswith(("_since", "_at"))
        old, new = (instant(value) if times and isinstance(value, int) else shown(value) for value in (one.old, one.new))
        left = one.field in row.left_out
        text = f"{'left' if left else '    '} {label(one.field):<{width}}  {old} {arrow} {new}"
        lines.append((text, "muted" if left else "" if one.contradicts else "good"))
    lines += [(f"     {name}  {old or 'not there'} {arrow} {new or 'gone'}", "muted") for name, old, new in packages[:MOST_LINES]]
    if not row.differences:
        width = max((len(label(name)) for name in row.found), default=0)
        lines += [(f"     {label(name):<{width}}  {shown(value)}", "") for name, value in list(row.found.items())[:MOST_LINES]]
    return tuple(lines)


class ScanHead(LineBar):
    """What was scanned when, what it found, and how far one has come."""

    view: ScanView | None = None
    now = 0
    tz = "UTC"
    doing = ""
    """What is being done, in place of how far one has come."""

    def pieces(self, width: int) -> list[Piece]:
        """Outcomes on the left, decisions on the right."""
        view = self.view
        if view is None:
            return []
        facts: list[tuple[int, Piece]] = [(0, Piece(f" {view.state}", "strong"))]
        facts.append((9, Piece(f"  scanned {short(view.scanned_at, self.now, self.tz)}", "muted")))
        for place, (outcome, tone) in enumerate(OUTCOMES.items(), 1):
            if count := view.counts.get(outcome, 0):
                facts.append((place, Piece(f"  {count:,} {outcome}", "muted" if tone in ("paused", "accent") else tone)))
        if view.unauthorised:
            facts.append((2, Piece(f"  ! {view.unauthorised:,} unauthorised", "breach")))
        if not view.finished:
            facts.append((3, Piece("  half a scan", "risk")))
        staged, left = view.states.get("staged", 0), view.states.get("open", 0)
        told = self.doing or (f"{staged:,} staged, {left:,} open " if staged or left else "all decided ")
        room = width - len(told) - 1
        while sum(len(piece.text) for _, piece in facts) > room and len(facts) > 1:
            facts.remove(max(facts, key=lambda fact: fact[0]))  # a narrow line says what needs a person
        return spread([piece for _, piece in facts], [Piece(told, "accent" if staged else "muted")], width)
