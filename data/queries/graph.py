"""Statements over the dependency graph at an instant: who needs these nodes, what these nodes need, and who is known to be down.

Rows are `owner_id`, `member_id`, `relation`, `group`, `need`, whichever way the relation is written.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BindParameter, Select, and_, bindparam, exists, func, or_, select

from data.queries.records import MEMBERSHIP
from data.tables.core import link, record

OWNER_FIRST = ("depends-on", "runs-on", "uses")
"""`A depends-on B`: A is the owner of the need, B its member."""
MEMBER_FIRST = ("part-of",)
"""`A part-of B`: B is the owner."""
EXPLICIT = (*OWNER_FIRST, *MEMBER_FIRST, "connects-to", "backs-up")

_AT = and_(link.c.valid_from <= bindparam("at"), link.c.valid_until > bindparam("at"))
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_REST = (link.c.relation, link.c.group, link.c.need, link.c.id)
_FORWARD = (link.c.source_id.label("owner_id"), link.c.target_id.label("member_id"), *_REST)
_BACKWARD = (link.c.target_id.label("owner_id"), link.c.source_id.label("member_id"), *_REST)

_other = link.alias("other")
_EXPLICIT = exists().where(
    or_(
        and_(_other.c.source_id == link.c.source_id, _other.c.target_id + 0 == link.c.target_id),
        and_(_other.c.target_id == link.c.source_id, _other.c.source_id + 0 == link.c.target_id),
    ),
    _other.c.relation.in_(EXPLICIT),
    _other.c.valid_from <= bindparam("at"),
    _other.c.valid_until > bindparam("at"),
)
"""An explicit relation links the CI and its service. The sums keep the search on the CI's side, which has few relations."""

OWNERS: tuple[Select[Any], ...] = (
    select(*_FORWARD).where(link.c.target_id.in_(_IDS), link.c.relation.in_(OWNER_FIRST), _AT),
    select(*_BACKWARD).where(link.c.source_id.in_(_IDS), link.c.relation.in_(MEMBER_FIRST), _AT),
    select(*_BACKWARD).where(link.c.source_id.in_(_IDS), link.c.relation == MEMBERSHIP, _AT, ~_EXPLICIT),
)
"""Who needs these nodes."""

MEMBERS: tuple[Select[Any], ...] = (
    select(*_FORWARD).where(link.c.source_id.in_(_IDS), link.c.relation.in_(OWNER_FIRST), _AT),
    select(*_BACKWARD).where(link.c.target_id.in_(_IDS), link.c.relation.in_(MEMBER_FIRST), _AT),
    select(*_BACKWARD).where(link.c.target_id.in_(_IDS), link.c.relation == MEMBERSHIP, _AT, ~_EXPLICIT),
)
"""What these nodes need."""

GROUPS = tuple(statement.where(link.c.group.is_not(None)) for statement in MEMBERS[:2])
"""The redundancy groups of these nodes, whole."""

NODES = select(record.c.id, record.c.kind, record.c.number, record.c.title, record.c.state).where(record.c.id.in_(_IDS))
IN_STATE = (
    select(record.c.id, record.c.number)
    .where(record.c.kind == "ci", record.c.state == bindparam("state"))
    .limit(bindparam("limit"))
)
HIT = (
    select(func.coalesce(record.c.ci_id, record.c.service_id).label("node_id"), record.c.number, record.c.open_since)
    .where(
        record.c.open_since.is_not(None),
        record.c.priority == bindparam("priority"),
        record.c.kind == bindparam("kind"),
        or_(record.c.ci_id.is_not(None), record.c.service_id.is_not(None)),
    )
    .order_by(record.c.id)
    .limit(bindparam("limit"))
)
"""What open work of a priority is about: its CI, else its service."""
