"""Statements of the CI browser: one branch at a time, each a seek in an index, whatever the size of the CMDB."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, exists, func, or_, select, tuple_

from data.queries.graph import MEMBER_FIRST, OWNER_FIRST
from data.queries.records import MEMBERSHIP
from data.tables.configuration import ci, ci_type
from data.tables.core import HOLDS, link, record

_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_LIMIT: BindParameter[int] = bindparam("limit")
_NODE = (record.c.id, record.c.kind, record.c.number, record.c.title, record.c.title_key, record.c.state)
_after = tuple_(record.c.title_key, record.c.id) > tuple_(bindparam("after_key"), bindparam("after_id"))
_HERE = record.c.state.not_in(("retired", "disposed"))
_typed = record.join(ci_type, ci_type.c.id == record.c.id)
_items = record.join(ci, ci.c.id == record.c.id)

TYPES = (
    select(*_NODE, ci_type.c.parent_id)
    .select_from(_typed)
    .where(record.c.kind == "ci-type", record.c.state == "active")
    .order_by(record.c.title_key)
)
NEXT_TYPE = select(func.min(ci.c.type)).where(ci.c.type > bindparam("after"))
NEXT_LOCATION = select(func.min(ci.c.location)).where(ci.c.location > bindparam("after"))
"""The least value beyond one: as many seeks as there are values, however many CIs."""
NOWHERE = select(ci.c.id).where(ci.c.location.is_(None)).limit(1)

OF_TYPE = select(*_NODE).select_from(_items).where(ci.c.type == bindparam("value"), _HERE, _after)
AT_LOCATION = select(*_NODE).select_from(_items).where(ci.c.location == bindparam("value"), _HERE, _after)
WITHOUT_LOCATION = select(*_NODE).select_from(_items).where(ci.c.location.is_(None), _HERE, _after)
SERVICES = select(*_NODE).where(record.c.kind == "service", record.c.state == "active", _after)

OF_TYPE, AT_LOCATION, WITHOUT_LOCATION, SERVICES = (
    statement.order_by(record.c.title_key, record.c.id).limit(_LIMIT)
    for statement in (OF_TYPE, AT_LOCATION, WITHOUT_LOCATION, SERVICES)
)


def _linked(column: ColumnElement[Any], relations: tuple[str, ...]) -> ColumnElement[bool]:
    return exists().where(column == record.c.id, link.c.relation.in_(relations), HOLDS)


NEEDS_SOMETHING = or_(_linked(link.c.source_id, OWNER_FIRST), _linked(link.c.target_id, MEMBER_FIRST))
NEEDED_BY_SOMETHING = or_(_linked(link.c.target_id, OWNER_FIRST), _linked(link.c.source_id, MEMBER_FIRST))
TOPS = (
    select(*_NODE)
    .where(record.c.kind == "ci", _HERE, NEEDS_SOMETHING, ~NEEDED_BY_SOMETHING, _after)
    .order_by(record.c.title_key, record.c.id)
    .limit(_LIMIT)
)
"""CIs that need others and that no other CI or service needs."""
BOTTOMS = (
    select(*_NODE)
    .where(record.c.kind == "ci", _HERE, NEEDED_BY_SOMETHING, ~NEEDS_SOMETHING, _after)
    .order_by(record.c.title_key, record.c.id)
    .limit(_LIMIT)
)
"""CIs that others need and that need no other."""

OPENS_DOWN = select(record.c.id).where(record.c.id.in_(_IDS), or_(NEEDS_SOMETHING, _linked(link.c.target_id, (MEMBERSHIP,))))
OPENS_UP = select(record.c.id).where(record.c.id.in_(_IDS), or_(NEEDED_BY_SOMETHING, _linked(link.c.source_id, (MEMBERSHIP,))))
"""Which of these nodes have anything below them, or above."""

SORTED = select(*_NODE).where(record.c.id.in_(_IDS))


def _about(column: ColumnElement[Any]) -> Select[Any]:
    named = (record.c.kind, record.c.number, record.c.title, record.c.state, record.c.priority, record.c.open_since)
    kinds = record.c.kind.in_(bindparam("kinds", expanding=True))
    return select(*named).where(column == bindparam("id"), kinds).order_by(record.c.id.desc()).limit(_LIMIT)


WORK = {"ci": _about(record.c.ci_id), "service": _about(record.c.service_id)}
"""The newest records that are about a CI or a service."""
