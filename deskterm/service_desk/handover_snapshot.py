"""What a closing shift leaves behind: the lines of a handover, gathered in the transaction that freezes them.

Most sections are queries of the desk's own language. A record stands in the first section that it belongs to, and its facts name
the others, so that the incoming lead answers for it once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from data.queries import handover as q
from deskterm.clock import format_instant
from deskterm.kinds import Kind
from deskterm.permissions import SYSTEM
from deskterm.records import listing, resolve
from deskterm.records.draft import Draft
from deskterm.records.schema import Row
from deskterm.records.unit import Unit

LIMIT = listing.MAX_PAGE
"""Records a section names; if there are more, its last line says so."""

COLUMNS = (
    "assignee", "requester", "due_at", "clock_state", "pending_reason", "pending_until", "major", "window_start", "ci", "service",
    "started_at", "ends_at",
)  # fmt: skip
"""Fields that become facts, where the record's kind has them."""


class Section(StrEnum):
    """The sections of a handover, in their order."""

    URGENT = "urgent"
    DUE = "due"
    PENDING = "pending"
    CHANGE = "change"
    OUTAGE = "outage"
    UNNOTED = "unnoted"
    ANNOUNCEMENT = "announcement"
    NOTE = "note"

    @property
    def heading(self) -> str:
        """Return what a person reads above the section."""
        return HEADINGS[self]


HEADINGS = {
    Section.URGENT: "Open priority 1 and 2, and major incidents",
    Section.DUE: "Clocks due before the next shift ends",
    Section.PENDING: "Waits that end in the next shift",
    Section.CHANGE: "Changes that start in the next shift",
    Section.OUTAGE: "Outages running",
    Section.UNNOTED: "Worked on in this shift without a note",
    Section.ANNOUNCEMENT: "Announcements running",
    Section.NOTE: "Notes",
}


@dataclass(slots=True)
class Draw:
    """One line before it is frozen."""

    section: Section
    text: str
    subject_id: int | None = None
    number: str | None = None
    facts: dict[str, Any] = field(default_factory=dict)


def gather(unit: Unit, handover: Draft) -> list[Draw]:
    """Return the lines of a handover as the desk stands in this unit of work."""
    lines: dict[int, Draw] = {}
    rest: list[Draw] = []
    for section, rows, more in _found(unit, handover):
        for row in rows:
            if row.id in lines:
                lines[row.id].facts["also"].append(section.value)
            else:
                lines[row.id] = _draw(section, row)
        if more:
            said = f"There are more than these {LIMIT}; look through the queue of the team as well."
            rest.append(Draw(section, said, facts={"more": True}))
    rest += [Draw(Section.NOTE, text) for text in free_notes(handover.get("note"))]
    order = list(Section)
    return sorted([*lines.values(), *rest], key=lambda line: order.index(line.section))


def free_notes(text: str | None) -> list[str]:
    """Return the notes of a text, one to a line; bullets are dropped."""
    lines = (line.strip().lstrip("-*•").strip() for line in (text or "").splitlines())
    return [line for line in lines if line]


def _found(unit: Unit, handover: Draft) -> Iterator[tuple[Section, tuple[Row, ...], bool]]:
    """Yield the records of each section, in the order of the sections, and whether there are more."""
    next_end, end = format_instant(handover.get("next_ends_at")), format_instant(handover.get("ends_at"))
    team = f"state:open team:{_number(unit, handover.get('team'))}"
    work = tuple(kind for kind in unit.registry if kind.clocked)
    majors = " OR major:yes" if _having(work, "major") else ""
    yield Section.URGENT, *_list(unit, work, f"{team} (priority:1..2{majors})", "priority,due_at")
    yield Section.DUE, *_list(unit, work, f"{team} due:<={next_end}", "due_at")
    waits = _having(work, "pending_until")
    yield Section.PENDING, *_list(unit, waits, f"{team} pending_until:<={next_end}", "pending_until")
    changes = _having(_named(unit, "change"), "window_start")
    yield Section.CHANGE, *_list(unit, changes, f"state:approved,scheduled window_start:{end}..{next_end}", "window_start")
    yield Section.OUTAGE, *_list(unit, _having(_named(unit, "outage"), "ended_at"), "ended_at:none", "started_at")
    yield Section.UNNOTED, *_unnoted(unit, handover, work)
    running = f"state:active starts_at:<={next_end} (ends_at:none OR ends_at:>{end})"
    yield Section.ANNOUNCEMENT, *_list(unit, _named(unit, "announcement"), running, "starts_at")


def _number(unit: Unit, record_id: int) -> str:
    return resolve.names(unit.connection, {record_id})[record_id].number


def _named(unit: Unit, name: str) -> tuple[Kind, ...]:
    """Return a kind by name; nothing where the desk does not have it."""
    return (unit.registry.kind(name),) if name in unit.registry else ()


def _having(kinds: Iterable[Kind], field_name: str) -> tuple[Kind, ...]:
    return tuple(kind for kind in kinds if field_name in kind.all_fields)


def _list(unit: Unit, kinds: tuple[Kind, ...], query: str, sort: str) -> tuple[tuple[Row, ...], bool]:
    """Return the records that a query of the desk's language lists, at most `LIMIT`, and whether there are more."""
    if not kinds:
        return (), False
    prepared = listing.prepare(kinds, query, sort, unit.dialect, "UTC", restricted=False)
    page = listing.page(unit.connection, prepared, unit.actor, unit.at, limit=LIMIT, columns=_columns(kinds))
    return page.rows, page.more


def _columns(kinds: Iterable[Kind]) -> tuple[str, ...]:
    return tuple(name for name in COLUMNS if any(name in kind.all_fields for kind in kinds))


def _unnoted(unit: Unit, handover: Draft, kinds: tuple[Kind, ...]) -> tuple[tuple[Row, ...], bool]:
    found = unit.connection.execute(
        q.UNNOTED,
        {
            "team": handover.get("team"),
            "start": handover.get("starts_at"),
            "kinds": [kind.name for kind in kinds],
            "desk": SYSTEM,
            "limit": LIMIT + 1,
        },
    )
    ids = [row.id for row in found]
    rows = listing.by_ids(unit.connection, kinds, ids[:LIMIT], unit.actor, {}, _columns(kinds))
    return tuple(sorted(rows, key=lambda row: ids.index(row.id))), len(ids) > LIMIT


def _draw(section: Section, row: Row) -> Draw:
    facts: dict[str, Any] = {"kind": row.kind, "state": row.state, "priority": row.priority, "version": row.version, "also": []}
    for name in COLUMNS:
        value = row.values.get(name)
        if value is not None and value != "":
            # References as people read them: whoever had it then is a fact, whatever becomes of the agent's record.
            facts[name] = value if isinstance(value, bool) or name.endswith(("_at", "_until", "_start")) else row.shown[name]
    return Draw(section, row.title, row.id, row.number, facts)
