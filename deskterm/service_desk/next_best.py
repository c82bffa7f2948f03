"""The record to work on next: the most urgent clock first, then priority, then age. Of one's own and what nobody has yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from deskterm.records.schema import Row

if TYPE_CHECKING:
    from deskterm.desk import Desk

KINDS = ("incident", "request")
WORKABLE = "state:open -state:waiting -snoozed (mine OR (unassigned (team:mine OR team:none)))"
"""What a person can go on with now: their own, and what their teams have left lying."""
SOON_SECONDS = 2 * 3600
"""Due within so long is more urgent than any priority."""
LOOKED_AT = 200
"""So many records are compared of each order; what is urgent stands at the top of one of them."""


class Urgency(IntEnum):
    """How a record's clock presses, the most pressing first."""

    BREACHED = 0
    AT_RISK = 1
    SOON = 2
    LATER = 3


@dataclass(frozen=True, slots=True)
class Best:
    """The record to work on next, and why it is that one."""

    row: Row
    urgency: Urgency
    why: str


def urgency(row: Row, now: int) -> Urgency:
    """Return how a record's clock presses at an instant."""
    if row.clock_state == "breached" or (row.due_at is not None and row.due_at <= now):
        return Urgency.BREACHED
    if row.clock_state == "at-risk":
        return Urgency.AT_RISK
    return Urgency.SOON if row.due_at is not None and row.due_at - now < SOON_SECONDS else Urgency.LATER


def choose(rows: Iterable[Row], now: int) -> Best | None:
    """Return the best of some records that carry `open_since`: by urgency, then priority, then who has waited longest."""

    def key(row: Row) -> tuple[int, int, int, int]:
        return (urgency(row, now), row.priority or 10, row.values.get("open_since") or now, row.id)

    first = min(rows, key=key, default=None)
    if first is None:
        return None
    pressing = urgency(first, now)
    return Best(first, pressing, _why(first, pressing, now))


def _why(row: Row, pressing: Urgency, now: int) -> str:
    said = {
        Urgency.BREACHED: "its clock is breached",
        Urgency.AT_RISK: "its clock is at risk",
        Urgency.SOON: "it is due within two hours",
        Urgency.LATER: "nothing is due soon",
    }[pressing]
    age = max(0, now - (row.values.get("open_since") or now))
    waited = f"{age // 86400} d" if age >= 2 * 86400 else f"{age // 3600} h" if age >= 3600 else f"{age // 60} min"
    return f"{said}, priority {row.priority or 'none'}, open for {waited}"


def next_best(desk: Desk, *, besides: frozenset[str] = frozenset()) -> Best | None:
    """Return what this person should work on next, or None where nothing is left.

    Args:
        besides: numbers to pass over, such as the record one is just leaving.
    """
    found: dict[int, Row] = {}
    for sort in ("due_at", "priority,created_at"):
        listing = desk.prepare(KINDS, WORKABLE, sort)
        for row in desk.page(listing, limit=LOOKED_AT, columns=("open_since",)).rows:
            found.setdefault(row.id, row)
    return choose((row for row in found.values() if row.number not in besides), desk.moment)
