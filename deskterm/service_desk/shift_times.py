"""Which shift a person is about to close: from the roster, else behind the last handover, else the last eight hours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from data.queries import handover as q
from deskterm.desk import Desk
from deskterm.records import resolve
from deskterm.service_desk.handover_schema import Proposal

SHIFT_SECONDS = 8 * 3600
"""How long a shift is where neither the roster nor an earlier handover says."""
QUARTER = 900
ROSTER_SECONDS = 12 * 3600
"""So far around now the roster is looked at."""


def propose(desk: Desk) -> Proposal:
    """Return what the form for closing a shift starts with: from the roster, else behind the last handover, else eight hours."""
    now = desk.now()
    team_id = desk.actor.team_ids[0] if desk.actor.team_ids else None
    if team_id is None:
        return _eight_hours("", now)
    with desk.database.read() as connection:
        names = resolve.names(connection, {team_id})
        team = names[team_id].title
        arguments = {"team": team_id, "since": now - ROSTER_SECONDS, "upto": now + ROSTER_SECONDS}
        roster = connection.execute(q.SHIFTS, arguments).all()
        last_end = connection.execute(q.LAST_END, {"team": team_id}).scalar()
        return _from_roster(connection, team, roster, last_end, now) or _behind(team, last_end, now)


def _from_roster(connection: Connection, team: str, roster: Sequence[Any], last_end: int | None, now: int) -> Proposal | None:
    """Return the shift that ends next, or ended last, of those not handed over yet."""
    due = [shift for shift in roster if shift.starts_at <= now and (last_end is None or shift.ends_at > last_end)]
    if not due:
        return None
    current = due[0]
    following = next((shift for shift in roster if shift.starts_at >= current.ends_at), None)
    length = current.ends_at - current.starts_at
    next_end = following.ends_at if following else current.ends_at + length
    lead = following.lead_id if following else None
    leads = resolve.names(connection, {lead} if lead else set())
    incoming = leads[lead].title if lead in leads else ""
    return Proposal(team, current.starts_at, current.ends_at, next_end, incoming, f"from the roster: {current.title}")


def _behind(team: str, last_end: int | None, now: int) -> Proposal:
    """Return a shift that begins where the last handover ended, if that was lately."""
    if last_end is None or not now - 2 * SHIFT_SECONDS <= last_end < now:
        return _eight_hours(team, now)
    end = max(last_end + QUARTER, _quarter(now))
    return Proposal(team, last_end, end, end + SHIFT_SECONDS, "", "begins where the last handover ended")


def _eight_hours(team: str, now: int) -> Proposal:
    end = _quarter(now)
    return Proposal(team, end - SHIFT_SECONDS, end, end + SHIFT_SECONDS, "", "eight hours, for want of a roster")


def _quarter(now: int) -> int:
    """Return the nearest quarter of an hour."""
    return (now + QUARTER // 2) // QUARTER * QUARTER
