"""Statements about shifts and their handover, built once."""

from __future__ import annotations

from sqlalchemy import bindparam, exists, func, insert, select, update

from data.tables.core import journal, record
from data.tables.service_desk import handover, handover_line, shift

LINES = (
    select(handover_line, record.c.kind, record.c.state.label("state_now"), record.c.open_since, record.c.assignee_id)
    .join(record, record.c.id == handover_line.c.subject_id, isouter=True)
    .where(handover_line.c.handover_id == bindparam("handover"))
    .order_by(handover_line.c.position)
)
"""The lines of a handover, each with how its record stands now."""
LINE = LINES.where(handover_line.c.position == bindparam("position"))
LAST_POSITION = select(func.coalesce(func.max(handover_line.c.position), 0)).where(
    handover_line.c.handover_id == bindparam("handover")
)
UNANSWERED = (
    select(handover_line.c.position)
    .where(handover_line.c.handover_id == bindparam("handover"), handover_line.c.state == "open")
    .order_by(handover_line.c.position)
)
PROGRESS = (
    select(handover_line.c.handover_id, handover_line.c.state, func.count().label("lines"))
    .where(handover_line.c.handover_id.in_(bindparam("ids", expanding=True)))
    .group_by(handover_line.c.handover_id, handover_line.c.state)
)
INSERT = insert(handover_line)
ANSWER = (
    update(handover_line)
    .where(handover_line.c.id == bindparam("line"))
    .values(
        state=bindparam("answer"),
        answered_by=bindparam("by"),
        answered_at=bindparam("when"),
        reassigned_to_id=bindparam("receiver"),
        comment=bindparam("said"),
    )
)

OVERLAPPING = (
    select(record.c.id, record.c.number, handover.c.starts_at, handover.c.ends_at)
    .join(handover, handover.c.id == record.c.id)
    .where(
        record.c.kind == "handover",
        record.c.team_id == bindparam("team"),
        record.c.state != "withdrawn",
        record.c.id != bindparam("own"),
        handover.c.starts_at < bindparam("end"),
        handover.c.ends_at > bindparam("start"),
    )
    .order_by(record.c.id)
    .limit(1)
)

_TOUCHED = ("created", "field", "state", "link", "unlink")
_SAID = ("note", "reply")
UNNOTED = (
    select(record.c.id)
    .where(
        record.c.open_since.is_not(None),
        record.c.team_id == bindparam("team"),
        record.c.updated_at >= bindparam("start"),
        record.c.kind.concat("").in_(bindparam("kinds", expanding=True)),
        exists().where(
            journal.c.record_id == record.c.id,
            journal.c.at >= bindparam("start"),
            journal.c.actor != bindparam("desk"),
            journal.c.what.in_(_TOUCHED),
        ),
        ~exists().where(journal.c.record_id == record.c.id, journal.c.at >= bindparam("start"), journal.c.what.in_(_SAID)),
    )
    .order_by(record.c.due_at, record.c.id)
    .limit(bindparam("limit"))
)
"""Open work of a team that people did something to since an instant without writing down why."""

SHIFTS = (
    select(record.c.id, record.c.number, record.c.title, record.c.team_id, shift.c.starts_at, shift.c.ends_at, shift.c.lead_id)
    .join(shift, shift.c.id == record.c.id)
    .where(
        record.c.kind == "shift",
        record.c.state == "active",
        record.c.team_id == bindparam("team"),
        shift.c.starts_at <= bindparam("upto"),
        shift.c.ends_at >= bindparam("since"),
    )
    .order_by(shift.c.starts_at, record.c.id)
)
LAST_END = (
    select(func.max(handover.c.ends_at))
    .join(record, record.c.id == handover.c.id)
    .where(record.c.kind == "handover", record.c.team_id == bindparam("team"), record.c.state != "withdrawn")
)
