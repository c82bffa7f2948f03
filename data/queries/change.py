"""Statements about changes, built once."""

from __future__ import annotations

from typing import Any, TypeAlias

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    bindparam,
    case,
    cast,
    distinct,
    exists,
    func,
    literal,
    or_,
    select,
)

from data.base import NEVER
from data.tables.change import board, change, change_vote, freeze, work_order
from data.tables.configuration import ci, service
from data.tables.core import HOLDS, journal, link, record
from data.tables.incident import incident
from data.tables.people import agent

CHANGES = "changes"
SITS_ON = "sits-on"
SUBSTITUTES_FOR = "substitutes-for"
FREEZES_CI, FREEZES_SERVICE = "freezes", "freezes-service"
AUTHORISED = ("approved", "scheduled", "implementing", "review", "closed")
"""States of a change that was decided for. Those over cover only the time in which they were done."""


def _done(first: ColumnElement[Any], last: ColumnElement[Any], *columns: ColumnElement[Any]) -> Select[Any]:
    """The approved changes of some CIs (`ci_ids`) whose window, or the time in which they were really done, meets a time."""
    return (
        select(link.c.target_id.label("ci_id"), record.c.number, *columns)
        .join(record, record.c.id == link.c.source_id)
        .join(change, change.c.id == record.c.id)
        .where(
            link.c.relation == CHANGES,
            link.c.target_id.in_(bindparam("ci_ids", expanding=True)),
            HOLDS,
            record.c.kind == "change",
            record.c.state.in_(AUTHORISED),
            or_(change.c.approved_at.is_(None), change.c.approved_at <= last),
            or_(
                and_(change.c.window_start <= last, change.c.window_end > first),
                and_(change.c.actual_start <= last, func.coalesce(change.c.actual_end, NEVER) > first),
            ),
        )
    )


_at, _from, _to = (bindparam(name, type_=record.c.created_at.type) for name in ("at", "from_at", "to_at"))
COVERING = _done(_at, _at).order_by(link.c.target_id, change.c.window_start, record.c.id)
"""Which approved changes cover an instant, by CI: by their window, or by the time in which they were really done."""
DONE_BETWEEN = _done(
    _from, _to, change.c.window_start, change.c.window_end, change.c.actual_start,
    func.coalesce(change.c.actual_end, NEVER).label("actual_end"),
).order_by(link.c.target_id, change.c.window_start.desc(), record.c.id.desc())  # fmt: skip
"""Which approved changes may have been done between two instants, by CI, the newest first."""

BOARDS = (
    select(record.c.id, record.c.number, board.c.type)
    .join(board, board.c.id == record.c.id)
    .where(record.c.kind == "board", record.c.state == "active", board.c.type == bindparam("type"))
    .order_by(record.c.id)
    .limit(1)
)
"""The oldest board of a type that is in use."""
STATES = select(record.c.id, record.c.number, record.c.title, record.c.state).where(
    record.c.id.in_(bindparam("ids", expanding=True))
)

SEATS = (
    select(record.c.id, record.c.title.label("login"))
    .join(link, link.c.source_id == record.c.id)
    .join(agent, agent.c.id == record.c.id)
    .where(
        link.c.relation == SITS_ON,
        link.c.target_id == bindparam("board"),
        link.c.valid_from <= _at,
        link.c.valid_until > _at,
        record.c.state == "active",
        agent.c.active,
    )
    .order_by(record.c.id)
)
"""Who sits on a board at an instant and still works here."""
SUBSTITUTES = select(link.c.source_id.label("substitute"), link.c.target_id.label("member")).where(
    link.c.relation == SUBSTITUTES_FOR,
    link.c.target_id.in_(bindparam("members", expanding=True)),
    link.c.valid_from <= _at,
    link.c.valid_until > _at,
)
VOTES = (
    select(change_vote, record.c.title.label("voter"))
    .join(record, record.c.id == change_vote.c.voter_id)
    .where(change_vote.c.change_id == bindparam("change"))
    .order_by(change_vote.c.id)
)
"""Every vote on a change, also those that are void."""
VALID_VOTES = VOTES.where(change_vote.c.approval_round == bindparam("round"), change_vote.c.content == bindparam("content"))
"""The votes on what a change says now, since it last went back to draft."""

LAST_POSITION = select(func.max(work_order.c.position)).where(work_order.c.change_id == bindparam("change"))
SUBSTITUTIONS = select(link.c.target_id.label("member")).where(
    link.c.relation == SUBSTITUTES_FOR,
    link.c.source_id == bindparam("substitute"),
    link.c.valid_from < bindparam("until"),
    link.c.valid_until > bindparam("since"),
)
"""For whom somebody substitutes at any time between two instants."""

CRITICALITY = (
    select(service.c.id, record.c.title, service.c.criticality)
    .join(record, record.c.id == service.c.id)
    .where(service.c.id.in_(bindparam("ids", expanding=True)))
)
"""Those of these nodes that are services."""
CI_TYPES = select(ci.c.type).where(ci.c.id.in_(bindparam("ids", expanding=True))).distinct()

_caused = exists().where(incident.c.caused_by_id == record.c.id)
PAST = (
    select(
        ci.c.type.label("ci_type"),
        func.count(distinct(record.c.id)).label("changes"),
        func.count(distinct(case((_caused, record.c.id)))).label("caused"),
    )
    .join(change, change.c.id == record.c.id)
    .join(link, and_(link.c.source_id == record.c.id, link.c.relation == CHANGES, HOLDS))
    .join(ci, ci.c.id == link.c.target_id)
    .where(
        record.c.kind == "change",
        record.c.state == "closed",
        record.c.id != bindparam("own"),
        change.c.type == bindparam("change_type"),
        ci.c.type.in_(bindparam("types", expanding=True)),
    )
    .group_by(ci.c.type)
)
"""By type of CI: how many changes of a type were closed, and how many of these caused an incident."""


PLANNED = ("submitted", "assessing", "approved", "scheduled", "implementing")
"""States of a change that is meant to happen in its window."""
_start, _end = (bindparam(name, type_=record.c.created_at.type) for name in ("start", "end"))
OVERLAPPING = (
    select(
        record.c.id, record.c.number, record.c.title, record.c.state, record.c.assignee_id, change.c.window_start,
        change.c.window_end,
    )
    .join(change, change.c.id == record.c.id)
    .where(
        change.c.window_end > _start,
        change.c.window_start < _end,
        record.c.state.in_(PLANNED),
        record.c.id != bindparam("own"),
    )
    .order_by(change.c.window_end, record.c.id)
    .limit(bindparam("limit"))
)  # fmt: skip
"""Changes whose window has time in common with another one; the index on the window's end passes over what is gone."""
BUSY = (
    select(
        work_order.c.change_id.label("id"), record.c.number, record.c.title, record.c.state, work_order.c.planned_start,
        work_order.c.planned_end,
    )
    .join(work_order, work_order.c.id == record.c.id)
    .where(
        record.c.assignee_id == bindparam("assignee"),
        record.c.open_since.is_not(None),
        record.c.kind == "work-order",
        work_order.c.planned_end > _start,
        work_order.c.planned_start < _end,
        work_order.c.change_id != bindparam("own"),
    )
    .order_by(work_order.c.planned_start, record.c.id)
    .limit(bindparam("limit"))
)  # fmt: skip
"""The open work orders of somebody within a stretch of time, of other changes than one."""
FREEZES = (
    select(record.c.id, record.c.number, record.c.title, freeze.c.starts_at, freeze.c.ends_at, freeze.c.emergencies)
    .join(freeze, freeze.c.id == record.c.id)
    .where(record.c.state == "active", freeze.c.ends_at > _start, freeze.c.starts_at < _end)
    .order_by(freeze.c.starts_at, record.c.id)
)
_freeze_record = record.alias("freeze_record")
_dated = select(func.max(journal.c.seq)).where(
    journal.c.record_id == bindparam("change"),
    or_(journal.c.what == "state", journal.c.field.in_(("window_start", "window_end"))),
)
KNOWN_FREEZES = (
    select(_freeze_record.c.number)
    .join(journal, journal.c.record_id == _freeze_record.c.id)
    .where(
        _freeze_record.c.number.in_(bindparam("numbers", expanding=True)),
        journal.c.what.in_(("created", "field", "state", "link", "unlink")),
    )
    .group_by(_freeze_record.c.number)
    .having(func.max(journal.c.seq) < _dated.scalar_subquery())
)
"""Those of some freezes that stood as they do now when a change (`change`) was last put on the schedule or moved."""

Links: TypeAlias = Select[Any]


def _links(relation: str) -> Links:
    return select(link.c.source_id, link.c.target_id).where(
        link.c.source_id.in_(bindparam("ids", expanding=True)), link.c.relation == relation, HOLDS
    )


CIS_OF = _links(CHANGES)
FROZEN_CIS = _links(FREEZES_CI)
FROZEN_SERVICES = _links(FREEZES_SERVICE)
MAINTAINED = (
    select(record.c.id, record.c.number, record.c.title, ci.c.maintenance_window_id.label("calendar_id"))
    .join(ci, ci.c.id == record.c.id)
    .where(ci.c.id.in_(bindparam("ids", expanding=True)), ci.c.maintenance_window_id.is_not(None))
    .order_by(record.c.id)
)
"""Those of these CIs that have hours of their own in which they may be worked on."""
WORK_ORDERS = (
    select(work_order.c.id).where(work_order.c.change_id == bindparam("change")).order_by(work_order.c.position, work_order.c.id)
)
_changed = record.alias("changed")
ENDED_NEAR = (
    select(
        record.c.number, record.c.title, record.c.state, change.c.code, change.c.actual_end, link.c.target_id.label("ci_id"),
        _changed.c.title.label("ci"),
    )
    .join(change, change.c.id == record.c.id)
    .join(link, and_(link.c.source_id == record.c.id, link.c.relation == CHANGES, HOLDS))
    .join(_changed, _changed.c.id == link.c.target_id)
    .where(
        link.c.target_id.in_(bindparam("ci_ids", expanding=True)),
        change.c.actual_start <= _at,
        or_(change.c.actual_end.is_(None), change.c.actual_end > bindparam("since")),
        record.c.state.in_(("implementing", "review", "closed")),
    )
    .order_by(func.coalesce(change.c.actual_end, NEVER).desc(), record.c.id)
    .limit(bindparam("limit"))
)  # fmt: skip
"""Changes of these CIs that ended since an instant, or were being done at another."""
SCHEDULE = (
    select(
        record.c.id, record.c.number, record.c.title, record.c.state, record.c.assignee_id, change.c.type, change.c.risk_level,
        change.c.window_start, change.c.window_end, change.c.disruption, change.c.downtime_seconds,
    )
    .join(change, change.c.id == record.c.id)
    .where(
        change.c.window_end > _start,
        change.c.window_start < _end,
        record.c.state.in_((*PLANNED, "review", "closed")),
    )
    .order_by(change.c.window_start, record.c.id)
    .limit(bindparam("limit"))
)  # fmt: skip
"""What is planned or was done in a stretch of time."""
CRITICALITY_OF = (
    select(service.c.id, record.c.number, record.c.title, service.c.criticality)
    .join(record, record.c.id == service.c.id)
    .where(service.c.id.in_(bindparam("ids", expanding=True)))
)
ALL_BOARDS = (
    select(record.c.id, record.c.number, record.c.title, board.c.type, board.c.rule, board.c.quorum)
    .join(board, board.c.id == record.c.id)
    .where(record.c.kind == "board", record.c.state == "active")
    .order_by(record.c.id)
)
AGENDA = (
    select(record.c.number, change.c.board_id)
    .join(change, change.c.id == record.c.id)
    .where(
        record.c.kind == "change",
        record.c.open_since.is_not(None),
        or_(record.c.state == "assessing", and_(record.c.state == "submitted", change.c.type == "emergency")),
    )
    .order_by(case((change.c.type == "emergency", 0), else_=1), change.c.window_start, record.c.id)
    .limit(bindparam("limit"))
)
"""What is up for a vote, emergencies first, then by window."""
CAUSED = (
    select(
        incident.c.caused_by_id,
        incident.c.resolved_at,
        func.coalesce(record.c.occurred_at, record.c.created_at).label("began_at"),
    )
    .join(record, record.c.id == incident.c.id)
    .where(incident.c.caused_by_id.in_(bindparam("ids", expanding=True)), record.c.state != "cancelled")
)
"""The incidents that changes caused, and when each was resolved."""

_now = bindparam("now", type_=record.c.created_at.type)


def _mark(word: str, *parts: Any) -> Any:
    """Return the journal's mark of a reminder, as the job writes it."""
    text: Any = literal(word)
    for part in parts:
        text = text + "-" + cast(part, String)
    return text


def _reminded(mark: Any) -> Any:
    return exists().where(journal.c.record_id == record.c.id, journal.c.what == "note", journal.c.field == mark)


VOTES_DUE = (
    select(record.c.id)
    .join(change, change.c.id == record.c.id)
    .where(
        record.c.open_since.is_not(None),
        record.c.state.in_(("submitted", "assessing")),
        change.c.window_start <= bindparam("upto"),
        change.c.window_end > _now,
        ~_reminded(_mark("votes-due", change.c.approval_round, change.c.window_start)),
    )
    .order_by(change.c.window_start, record.c.id)
    .limit(bindparam("limit"))
)
"""Undecided changes whose window is near, of which nobody was reminded yet."""
WINDOWS_PASSED = (
    select(record.c.id)
    .join(change, change.c.id == record.c.id)
    .where(
        record.c.open_since.is_not(None),
        or_(
            and_(
                record.c.state.in_(("approved", "scheduled")),
                change.c.window_start <= _now,
                change.c.window_end > _now,
                ~_reminded(_mark("window-begun", change.c.window_start)),
            ),
            and_(
                record.c.state.in_(("approved", "scheduled")),
                change.c.window_end <= _now,
                ~_reminded(_mark("window-unused", change.c.window_end)),
            ),
            and_(
                record.c.state == "implementing",
                change.c.window_end <= _now,
                ~_reminded(_mark("window-over", change.c.window_end)),
            ),
        ),
    )
    .order_by(change.c.window_start, record.c.id)
    .limit(bindparam("limit"))
)
"""Changes whose window began or ended without the step that belongs to it, of which nobody was reminded yet."""
REMINDED = (
    select(journal.c.seq)
    .where(journal.c.record_id == bindparam("id"), journal.c.what == "note", journal.c.field == bindparam("mark"))
    .limit(1)
)
