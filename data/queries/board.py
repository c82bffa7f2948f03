"""Statements of the live service-level board, built once. Each reads open work, or the clocks of some days, by an index.

A clock is judged once: in time when it was met, late at the instant it was breached, whatever came after. One that is overdue but
has not fired yet is late all the same; a cancelled one is neither.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Integer, Select, and_, bindparam, case, func, literal, or_, select, union_all

from data.base import NEVER
from data.tables.core import record
from data.tables.service_level import agreement, clock, clock_event, target

DAYS = 14
"""Days that are judged, today the last of them."""

_now = bindparam("now", type_=record.c.due_at.type)
_soon = bindparam("soon", type_=record.c.due_at.type)


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0), type_=Integer)


def _of_kinds() -> ColumnElement[bool]:
    # Concatenated, so that SQLite does not prefer the index over every record of the kind (see `deskterm.records.listing`).
    return record.c.kind.concat("").in_(bindparam("kinds", expanding=True))


OPEN_WORK = (
    select(
        record.c.team_id,
        record.c.priority,
        func.count().label("open"),
        _count(or_(record.c.clock_state == "breached", record.c.due_at <= _now)).label("breached"),
        _count(and_(record.c.clock_state == "at-risk", record.c.due_at > _now)).label("at_risk"),
        _count(and_(record.c.due_at >= _now, record.c.due_at <= _soon)).label("due"),
        _count(record.c.assignee_id.is_(None)).label("unassigned"),
        func.min(record.c.due_at).label("due_at"),
    )
    .where(record.c.open_since.is_not(None), _of_kinds())
    .group_by(record.c.team_id, record.c.priority)
)
"""Open work by team and priority, in one pass over the partial index of open work."""

URGENT = (
    select(
        record.c.id, record.c.kind, record.c.number, record.c.title, record.c.priority, record.c.due_at, record.c.clock_state,
        record.c.state, record.c.team_id, record.c.assignee_id,
    )
    .where(record.c.open_since.is_not(None), record.c.due_at < NEVER, _of_kinds())
    .order_by(record.c.due_at, record.c.id)
    .limit(bindparam("limit"))
)  # fmt: skip
"""The open records whose running clocks are due first."""


def _edge(day: int) -> BindParameter[int]:
    """Return the parameter for the instant at which a day begins; `d14` is the end of today."""
    return bindparam(f"d{day}", type_=clock.c.met_at.type)


def _judged(at: ColumnElement[int], kept: int, *conditions: ColumnElement[bool]) -> Select[Any]:
    day = case(*((at < _edge(i + 1), i) for i in range(DAYS - 1)), else_=DAYS - 1).label("day")
    return (
        select(clock.c.agreement_id, clock.c.target_id, day, literal(kept).label("kept"), func.count().label("clocks"))
        .where(at >= _edge(0), at < _edge(DAYS), *conditions)
        .group_by(clock.c.agreement_id, clock.c.target_id, "day")
    )


JUDGED = union_all(
    _judged(clock.c.met_at, 1, clock.c.met_at.is_not(None), clock.c.breached_at.is_(None)),
    _judged(clock.c.breached_at, 0, clock.c.breached_at.is_not(None), clock.c.cancelled_at.is_(None)),
    _judged(
        clock.c.due_at,
        0,
        clock.c.next_at.is_not(None),
        clock.c.next_at <= _now,
        clock.c.due_at < _now,
        clock.c.breached_at.is_(None),
    ),
)
"""Clocks judged within the days, by agreement, target and day: how many in time (`kept` 1) and how many late (`kept` 0)."""

AGREEMENTS = (
    select(record.c.id, record.c.number, record.c.title, agreement.c.type)
    .join(agreement, agreement.c.id == record.c.id)
    .where(
        record.c.kind == "agreement",
        record.c.state == "active",
        agreement.c.valid_from <= _now,
        or_(agreement.c.valid_until.is_(None), agreement.c.valid_until > _now),
    )
    .order_by(agreement.c.type.desc(), record.c.title_key, record.c.id)
)
"""Agreements in force, those with customers first."""

OBJECTIVES = select(target.c.id, target.c.agreement_id, target.c.metric, target.c.objective).where(
    target.c.objective.is_not(None), target.c.metric != "availability"
)
_promise = record.alias("promise")
AVAILABILITIES = (
    select(_promise.c.number, _promise.c.title, _promise.c.service_id, agreement.c.type, target.c.objective)
    .join(agreement, agreement.c.id == target.c.agreement_id)
    .join(_promise, _promise.c.id == agreement.c.id)
    .join(record, record.c.id == target.c.id)
    .where(
        target.c.metric == "availability",
        target.c.objective.is_not(None),
        record.c.state == "active",
        _promise.c.state == "active",
        _promise.c.service_id.is_not(None),
        agreement.c.valid_from <= _now,
        or_(agreement.c.valid_until.is_(None), agreement.c.valid_until > _now),
    )
    .order_by(agreement.c.type.desc(), _promise.c.title_key, target.c.id)
)
"""Promises of availability in force, each about one service."""

CROSSED = (
    select(
        clock_event.c.id, clock_event.c.threshold, clock_event.c.at, clock.c.metric, clock.c.type,
        record.c.number, record.c.title, record.c.priority, record.c.id.label("record_id"),
    )
    .join(clock, clock.c.id == clock_event.c.clock_id)
    .join(record, record.c.id == clock.c.record_id)
    .where(
        clock_event.c.recorded_at >= bindparam("recorded_since"),
        clock_event.c.at >= bindparam("since"),
        record.c.open_since.is_not(None),
        _of_kinds(),
    )
    .order_by(clock_event.c.at.desc(), clock_event.c.id.desc())
    .limit(bindparam("limit"))
)  # fmt: skip
"""Thresholds that open work crossed lately, the newest first."""
