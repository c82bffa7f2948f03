"""Statements about CI types, and about who is of them."""

from __future__ import annotations

from sqlalchemy import bindparam, func, literal, select

from data.tables.configuration import ci, ci_type
from data.tables.core import record

TYPE_KIND = "ci-type"
DEEPEST = 30
"""Types above a type that are looked at; the tree of a desk has three or four levels."""

_TYPE = (
    record.c.id,
    record.c.number,
    record.c.title,
    record.c.state,
    ci_type.c.parent_id,
    ci_type.c.attributes,
    ci_type.c.open_ended,
)
_typed = record.join(ci_type, ci_type.c.id == record.c.id)

_lineage = (
    select(record.c.id, ci_type.c.parent_id, literal(0).label("depth"))
    .select_from(_typed)
    .where(record.c.kind == TYPE_KIND, record.c.title_key == bindparam("title_key"))
    .cte("lineage", recursive=True)
)
_lineage = _lineage.union_all(
    select(ci_type.c.id, ci_type.c.parent_id, _lineage.c.depth + 1)
    .select_from(ci_type.join(_lineage, ci_type.c.id == _lineage.c.parent_id))
    .where(_lineage.c.depth < DEEPEST)
)
LINEAGE = (
    select(*_TYPE, _lineage.c.depth)
    .select_from(_lineage.join(record, record.c.id == _lineage.c.id).join(ci_type, ci_type.c.id == record.c.id))
    .order_by(_lineage.c.depth)
)
"""A type by its name and every type above it, nearest first."""

TYPES = select(*_TYPE).select_from(_typed).where(record.c.kind == TYPE_KIND).order_by(record.c.title_key, record.c.id)
TYPE_NAMES = select(record.c.title).where(record.c.kind == TYPE_KIND, record.c.state == "active").order_by(record.c.title_key)

CI_OF_TYPE = (
    select(record.c.number)
    .select_from(ci.join(record, record.c.id == ci.c.id))
    .where(ci.c.type == bindparam("type"), record.c.state.not_in(bindparam("gone", expanding=True)))
    .order_by(ci.c.id)
    .limit(1)
)
"""One CI of a type that is not gone."""
CIS_OF_TYPE = select(func.count()).select_from(ci).where(ci.c.type == bindparam("type"))
TYPES_BELOW = (
    select(record.c.number, record.c.title)
    .select_from(_typed)
    .where(ci_type.c.parent_id == bindparam("id"), record.c.state == "active")
    .order_by(record.c.title_key)
    .limit(3)
)
