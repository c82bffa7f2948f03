"""Statements over the stock of CIs: how many of what, whose, where; grouped in the database, for there may be many."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, case, func, literal, select

from data.tables.configuration import ci
from data.tables.core import record

GONE = ("retired", "disposed")
_HERE = record.c.state.not_in(GONE)


def _some(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((and_(*conditions), 1), else_=0)), 0)


def stock(group: ColumnElement[Any]) -> Select[Any]:
    """Return the statement that counts CIs by a column: one row a group and currency of what they cost."""
    until: BindParameter[int] = bindparam("at")
    return (
        select(
            group.label("group"),
            ci.c.currency.label("currency"),
            func.count().label("total"),
            _some(_HERE).label("here"),
            *(_some(record.c.state == state).label(state.replace("-", "_")) for state in STATES),
            _some(_HERE, ci.c.owner_id.is_(None)).label("no_owner"),
            _some(_HERE, record.c.service_id.is_(None)).label("no_service"),
            _some(_HERE, ci.c.warranty_until <= until).label("out_of_warranty"),
            func.coalesce(func.sum(case((_HERE, ci.c.cost), else_=literal(0))), 0).label("cost"),
        )
        .select_from(record.join(ci, ci.c.id == record.c.id))
        .where(record.c.kind == "ci")
        .group_by(group, ci.c.currency)
    )


STATES = ("ordered", "received", "in-stock", "live", "in-repair", "retired", "disposed")
SERVICES = (
    select(record.c.id, record.c.number, record.c.title)
    .where(record.c.kind == "service", record.c.state == "active")
    .order_by(record.c.title_key)
    .limit(bindparam("limit"))
)
