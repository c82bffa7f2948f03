"""What the desk does by itself to records: statements that read only those whose time has come, page by page, in order of it."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Column, Select, Table, and_, bindparam, exists, func, or_, select, tuple_

from data.tables.core import journal, record
from data.tables.incident import incident
from data.tables.people import agent

STATUS_UPDATE = "status-update"
"""The journal's word for a status update that a major incident owes."""


def _due(statement: Select[Any], at: Column[Any], key: Column[Any]) -> Select[Any]:
    """Add: no later than `now`, after the row that the last page ended with, in order."""
    return (
        statement.where(
            at.is_not(None),
            at <= bindparam("now"),
            tuple_(at, key) > tuple_(bindparam("after_at", -1), bindparam("after_id", 0)),
        )
        .order_by(at, key)
        .limit(bindparam("limit"))
    )


@cache
def waking(table: Table) -> Select[Any]:
    """Return the statement for records of a kind that waited until an instant."""
    return _due(select(table.c.id, table.c.pending_until.label("at")), table.c.pending_until, table.c.id)


SNOOZED = _due(select(record.c.id, record.c.kind, record.c.snoozed_until.label("at")), record.c.snoozed_until, record.c.id)
"""Records that were hidden from queues until an instant."""

_OWES_REVIEW = exists().where(incident.c.id == record.c.id, incident.c.major, func.coalesce(incident.c.review, "") == "")
RESOLVED = _due(
    select(record.c.id, record.c.done_at.label("at")).where(
        record.c.kind == bindparam("kind"), record.c.state == "resolved", ~_OWES_REVIEW
    ),
    record.c.done_at,
    record.c.id,
)
"""Records of a kind that were resolved no later than `now`; not major incidents that still owe a review."""

LAST_WORD = (
    select(journal.c.record_id, func.max(journal.c.at).label("at"))
    .where(journal.c.record_id.in_(bindparam("ids", expanding=True)), journal.c.what == "reply")
    .group_by(journal.c.record_id)
)
"""When something public was last said on each record."""

_login = record.alias("login")
_IS_CALLER = (
    exists()
    .where(
        _login.c.kind == "agent",
        _login.c.title_key == func.lower(journal.c.actor),
        agent.c.id == _login.c.id,
        agent.c.person_id == record.c.requester_id,
    )
    .correlate(journal, record)
)
"""Whether the one who wrote a journal entry is the record's own caller."""
_UPDATED = or_(
    and_(journal.c.what == "reply", ~_IS_CALLER),
    and_(journal.c.what == "field", journal.c.field == "major"),
)
_last_update = (
    select(func.max(journal.c.at)).where(journal.c.record_id == record.c.id, _UPDATED).correlate(record).scalar_subquery()
)
_last_reminder = (
    select(func.max(journal.c.at))
    .where(journal.c.record_id == record.c.id, journal.c.what == "note", journal.c.field == STATUS_UPDATE)
    .correlate(record)
    .scalar_subquery()
)
MAJOR = (
    select(
        record.c.id,
        record.c.number,
        incident.c.update_minutes,
        func.coalesce(_last_update, record.c.created_at).label("updated_at"),
        _last_reminder.label("reminded_at"),
    )
    .join(incident, incident.c.id == record.c.id)
    .where(incident.c.major, record.c.open_since.is_not(None))
    .order_by(incident.c.id)
)
"""Open major incidents: when the desk last told people how it stands, or it was declared, and when it was last reminded."""
