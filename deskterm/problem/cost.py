"""What a problem has cost so far, in time, beside what mending it takes: the arithmetic, and the facts it stands on.

Money is finance's: it has the rates. Here time is counted, each figure from facts that can be opened one by one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection

from data.queries import problem as q
from deskterm.clock import format_instant
from deskterm.intervals import Spans
from deskterm.problem.schema import Cost

PAUSE_SECONDS: Final = 900
"""Somebody who does nothing on an incident for longer than this was doing something else."""
SITTING_SECONDS: Final = 300
"""What the last thing done in a sitting is taken to have needed: the journal only knows when it was saved."""
CHUNK: Final = 200

FORMULAS: Final = {
    "contact_seconds": "sum of the handling time of the contacts about its incidents, as the contact form measured it",
    "work_seconds": "for each agent and incident: the time between entries of theirs that lie at most "
    f"{PAUSE_SECONDS // 60} minutes apart, and {SITTING_SECONDS // 60} minutes for the last of each sitting; what was recorded "
    "later than it happened is left out",
    "downtime_seconds": "time during which at least one of its incidents lasted, from when it began to when it was resolved; "
    "incidents that overlap are counted once",
    "fix_seconds": "what somebody said that mending it takes, in work",
    "fix_planned_seconds": "sum of the planned times of the work orders of the change that mends it, but for cancelled ones",
    "fix_spent_seconds": "sum of the actual times of these work orders, each from start to finish, or to now while it goes on",
}


def sittings(instants: Iterable[int]) -> int:
    """Return the seconds somebody worked, from the instants at which they saved something."""
    total, last = 0, None
    for at in sorted(instants):
        if last is None:
            total += SITTING_SECONDS
        else:
            gap = at - last
            total += gap if gap <= PAUSE_SECONDS else SITTING_SECONDS
        last = at
    return total


def reckon(
    incidents: Sequence[Mapping[str, Any]], contacts: Mapping[int, int], worked: Mapping[int, Mapping[str, Sequence[int]]],
    fix_seconds: int | None, now: int, orders: Sequence[Mapping[str, Any]] = (),
) -> Cost:  # fmt: skip
    """Return the cost of a problem.

    Args:
        incidents: `id`, `number`, `began_at` and `over_at` (None while it lasts) of each.
        contacts: seconds of contacts by incident.
        worked: by incident and agent, the instants at which something was saved.
        fix_seconds: what mending it takes.
        now: until when an incident that lasts has lasted.
        orders: the work orders of the change that mends it, as `ordered` gives them.
    """
    lines, spans = [], []
    for one in incidents:
        key, began = one["id"], one["began_at"]
        over = max(began, now if one["over_at"] is None else one["over_at"])
        spans.append((began, over))
        work = sum(sittings(instants) for instants in worked.get(key, {}).values())
        ended = None if one["over_at"] is None else format_instant(over)
        lines.append({
            "number": one["number"], "from": format_instant(began), "to": ended,
            "contact_seconds": contacts.get(key, 0), "work_seconds": work, "lasted_seconds": over - began,
        })  # fmt: skip
    return Cost(
        len(lines),
        sum(line["contact_seconds"] for line in lines),
        sum(line["work_seconds"] for line in lines),
        Spans.of(spans).seconds,
        min((one["began_at"] for one in incidents), default=None),
        fix_seconds,
        tuple(lines),
        tuple(orders),
    )


def ordered(row: Any, now: int) -> dict[str, Any]:
    """Return a work order with the time it is planned to take and the time it took so far; None where either is not known."""
    planned = None
    if row.planned_start is not None and row.planned_end is not None and row.state != "cancelled":
        planned = max(0, row.planned_end - row.planned_start)
    worked = None
    if row.actual_start is not None:
        until = row.actual_end if row.actual_end is not None else now
        worked = max(0, until - row.actual_start)
    return {
        "number": row.number, "summary": row.title, "state": row.state,
        "from": None if row.actual_start is None else format_instant(row.actual_start),
        "to": None if row.actual_end is None else format_instant(row.actual_end),
        "planned_seconds": planned, "worked_seconds": worked,
    }  # fmt: skip


def of_problem(connection: Connection, problem_id: int, fix_seconds: int | None, now: int) -> Cost:
    """Read the facts of a problem, a page of incidents at a time, and reckon."""
    incidents: list[dict[str, Any]] = []
    contacts: dict[int, int] = {}
    worked: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    after = 0
    while rows := connection.execute(q.INCIDENTS_OF, {"id": problem_id, "after": after, "limit": CHUNK}).all():
        after = rows[-1].id
        incidents += [
            {"id": row.id, "number": row.number, "began_at": row.occurred_at or row.created_at, "over_at": over_at(row)}
            for row in rows
        ]
        ids = {"ids": [row.id for row in rows]}
        contacts |= {row.about_id: int(row.seconds or 0) for row in connection.execute(q.CONTACTS_ABOUT, ids)}
        for row in connection.execute(q.WORKED_ON, ids):
            if row.recorded_at - row.at <= SITTING_SECONDS:
                worked[row.record_id][row.actor].append(row.at)
    orders = [ordered(row, now) for row in connection.execute(q.ORDERS_OF_FIX, {"id": problem_id})]
    return reckon(incidents, contacts, worked, fix_seconds, now, orders)


def over_at(row: Any) -> int | None:
    """Return when an incident was over; None while it lasts."""
    if row.open_since is not None:
        return None
    ended = row.resolved_at if row.resolved_at is not None else row.done_at
    return int(ended) if ended is not None else None
