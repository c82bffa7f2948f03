"""What stands in the way of a window, asked of the database: quick enough to be asked while the window is typed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from sqlalchemy import Connection

from data.queries import change as q
from data.queries import clocks as calendar_queries
from deskterm.calendars import Calendar
from deskterm.change.conflict_rules import Conflict, Frost, Other, Wish, conflicts
from deskterm.change.reach import near
from deskterm.intervals import Spans
from deskterm.records.draft import Draft

MOST = 500
"""So many overlapping changes are compared: a window that touches more is no window."""


def wish_of(draft: Draft) -> Wish | None:
    """Return the window of a change; None while it has none."""
    start, end = draft.get("window_start"), draft.get("window_end")
    if start is None or end is None or end <= start:
        return None
    services = frozenset({draft.get("service")} - {None})
    cis = frozenset(draft.get("cis") or ())
    return Wish(start, end, cis, services, draft.get("assignee"), str(draft.get("type") or "normal"), draft.id)


def find(connection: Connection, wish: Wish, at: int) -> tuple[Conflict, ...]:
    """Return what stands in the way of a window, the severest first.

    Args:
        connection: where to read.
        wish: the window.
        at: the instant whose dependencies hold.
    """
    others = [*_changes(connection, wish), *_work_orders(connection, wish)]
    frosts = _frosts(connection, wish)
    touched = {node for one in others for node in one.cis} | {node for one in frosts for node in one.services}
    around = near(connection, wish.cis, touched, at)
    return conflicts(wish, others, frosts, above=around.above, below=around.below, hours=_hours(connection, wish))


def _changes(connection: Connection, wish: Wish) -> list[Other]:
    asked = {"start": wish.start, "end": wish.end, "own": wish.own, "limit": MOST}
    rows = connection.execute(q.OVERLAPPING, asked).all()
    cis = _links(connection, q.CIS_OF, (row.id for row in rows))
    return [
        Other(row.id, row.number, row.title, row.state, row.window_start, row.window_end, cis[row.id], row.assignee_id)
        for row in rows
    ]


def _work_orders(connection: Connection, wish: Wish) -> list[Other]:
    """Return what else the implementer has to do then."""
    if wish.implementer is None:
        return []
    asked = {"start": wish.start, "end": wish.end, "own": wish.own, "assignee": wish.implementer, "limit": MOST}
    return [
        Other(row.id, row.number, row.title, row.state, row.planned_start, row.planned_end, frozenset(), wish.implementer)
        for row in connection.execute(q.BUSY, asked)
    ]


def _frosts(connection: Connection, wish: Wish) -> list[Frost]:
    rows = connection.execute(q.FREEZES, {"start": wish.start, "end": wish.end}).all()
    cis = _links(connection, q.FROZEN_CIS, (row.id for row in rows))
    services = _links(connection, q.FROZEN_SERVICES, (row.id for row in rows))
    return [
        Frost(row.number, row.title, row.starts_at, row.ends_at, cis[row.id], services[row.id], row.emergencies) for row in rows
    ]


def _links(connection: Connection, statement: q.Links, ids: Iterable[int]) -> defaultdict[int, frozenset[int]]:
    found: defaultdict[int, frozenset[int]] = defaultdict(frozenset)
    wanted = sorted(set(ids))
    gathered: defaultdict[int, set[int]] = defaultdict(set)
    for row in connection.execute(statement, {"ids": wanted}) if wanted else ():
        gathered[row.source_id].add(row.target_id)
    found.update({key: frozenset(members) for key, members in gathered.items()})
    return found


def _hours(connection: Connection, wish: Wish) -> dict[int, tuple[str, str, Spans]]:
    """Return the hours in which the CIs may be worked on, around the window, for those that have such hours."""
    rows = connection.execute(q.MAINTAINED, {"ids": sorted(wish.cis)}).all() if wish.cis else []
    open_hours = {key: hours_of(connection, key, wish.start, wish.end) for key in {row.calendar_id for row in rows}}
    return {row.id: (row.number, row.title, open_hours[row.calendar_id]) for row in rows}


def hours_of(connection: Connection, calendar: int, start: int, end: int) -> Spans:
    """Return the opening hours of a calendar within a stretch of time."""
    from deskterm.service_level.matching import in_force

    rows = connection.execute(calendar_queries.REVISIONS_OF, {"calendar": calendar})
    recorded = [(row.valid_from, row.definition) for row in rows]
    return Calendar.from_json(in_force(recorded)).spans(start, end) if recorded else Spans.EMPTY


def numbers_of(found: Collection[Conflict]) -> str:
    """Return conflicts in one line: what, and with which record."""
    return ", ".join(f"{one.severity.word} ({one.number})" for one in found)
