"""Statements of reports: which records a period is about, which clocks were judged in it. Their parts vary with the query."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, bindparam, func, literal, or_, select, union_all

from data.tables.core import journal, record
from data.tables.people import team
from data.tables.service_level import agreement, clock, target

_from = bindparam("from_at", type_=record.c.created_at.type)
_to = bindparam("to_at", type_=record.c.created_at.type)
_now = bindparam("now_at", type_=record.c.created_at.type)

_began = func.coalesce(record.c.occurred_at, record.c.created_at)


def alive(matching: ColumnElement[bool], *sources: Any) -> Select[Any]:
    """Return the records of what began before the period ended and was not done before it began."""
    joined: Any = record
    for table in sources:
        joined = joined.join(table, table.c.id == record.c.id, isouter=True)
    return (
        select(record.c.id, record.c.kind)
        .select_from(joined)
        .where(_began < _to, or_(record.c.done_at.is_(None), record.c.done_at >= _from), matching)
        .order_by(record.c.id)
    )


def begun(matching: ColumnElement[bool]) -> Select[Any]:
    """Return the records of what began in the period."""
    return select(record.c.id).where(_began >= _from, _began < _to, matching)


def judged(*columns: ColumnElement[Any], among: Select[Any] | None = None) -> CompoundSelect[Any]:
    """Return the clocks judged in the period as `columns` and `kept`, as the live board counts them (`data.queries.board`).

    A clock is judged once: in time when it was met, late at the instant it was breached, whatever came after. One that is
    overdue but has not fired yet is late all the same; a cancelled one is neither.
    """
    late = (clock.c.cancelled_at.is_(None), clock.c.breached_at.is_not(None))
    overdue = (clock.c.breached_at.is_(None), clock.c.next_at.is_not(None), clock.c.next_at <= _now, clock.c.due_at < _now)
    within = () if among is None else (clock.c.record_id.in_(among.with_only_columns(record.c.id).order_by(None)),)

    def part(at: ColumnElement[int], kept: int, *conditions: ColumnElement[bool]) -> Select[Any]:
        return select(*columns, literal(kept).label("kept")).where(at >= _from, at < _to, *conditions, *within)

    return union_all(
        part(clock.c.met_at, 1, clock.c.met_at.is_not(None), clock.c.breached_at.is_(None)),
        part(clock.c.breached_at, 0, *late),
        part(clock.c.due_at, 0, *overdue),
    )


def open_clocks(among: Select[Any] | None = None) -> Select[Any]:
    """Return by target how many clocks still run or wait, neither met nor late."""
    within = () if among is None else (clock.c.record_id.in_(among.with_only_columns(record.c.id).order_by(None)),)
    return (
        select(clock.c.agreement_id, clock.c.target_id, func.count().label("clocks"))
        .where(
            clock.c.met_at.is_(None),
            clock.c.cancelled_at.is_(None),
            clock.c.breached_at.is_(None),
            or_(clock.c.due_at.is_(None), clock.c.due_at >= _now),
            clock.c.started_at < _now,
            *within,
        )
        .group_by(clock.c.agreement_id, clock.c.target_id)
    )


_promise = record.alias("promise")

TARGETS = (
    select(
        target.c.id,
        target.c.agreement_id,
        target.c.metric,
        target.c.priorities,
        target.c.objective,
        record.c.number,
        record.c.title,
        record.c.state,
        agreement.c.type,
        agreement.c.valid_from,
        agreement.c.valid_until,
        _promise.c.number.label("agreement_number"),
        _promise.c.title.label("agreement"),
        _promise.c.state.label("agreement_state"),
    )
    .join(record, record.c.id == target.c.id)
    .join(agreement, agreement.c.id == target.c.agreement_id)
    .join(_promise, _promise.c.id == agreement.c.id)
    .order_by(agreement.c.type.desc(), _promise.c.title_key, target.c.metric, target.c.id)
)
"""Every target with its agreement, those with customers first."""

ACKNOWLEDGED = (
    select(journal.c.record_id, func.min(journal.c.at).label("at"))
    .where(
        journal.c.record_id.in_(bindparam("ids", expanding=True)),
        journal.c.what == "state",
        journal.c.actor != bindparam("desk"),
    )
    .group_by(journal.c.record_id)
)
"""When a person first moved a record on."""

CREATED = select(journal.c.record_id, journal.c.at, journal.c.actor, journal.c.new).where(
    journal.c.record_id.in_(bindparam("ids", expanding=True)), journal.c.what == "created"
)

LINES = select(team.c.id, team.c.line)
"""Which line each team is."""
