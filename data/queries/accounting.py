"""Statements for status accounting: what was journalled of records up to an instant, their relations then, and baselines."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BindParameter, and_, bindparam, func, or_, select

from data.tables.configuration import baseline, baseline_item, baseline_seal
from data.tables.core import journal, link, record

_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
FACTS = ("created", "field", "state")

HISTORY = (
    select(journal.c.record_id, journal.c.version, journal.c.at, journal.c.what, journal.c.field, journal.c.new)
    .where(journal.c.record_id.in_(_IDS), journal.c.what.in_(FACTS), journal.c.at <= bindparam("at"))
    .order_by(journal.c.record_id, journal.c.at, journal.c.seq)
)
"""Oldest first; what was told later of an earlier instant stands where it happened."""

RELATIONS = (
    select(link)
    .where(
        or_(link.c.source_id.in_(_IDS), link.c.target_id.in_(_IDS)),
        link.c.relation.in_(bindparam("relations", expanding=True)),
        and_(link.c.valid_from <= bindparam("at"), link.c.valid_until > bindparam("at")),
    )
    .order_by(link.c.id)
)
CIS_AFTER = select(record.c.id).where(record.c.kind == "ci", record.c.id > bindparam("after")).order_by(record.c.id).limit(500)
SPINE = select(record.c.id, record.c.kind, record.c.number, record.c.title, record.c.state).where(record.c.id.in_(_IDS))

ITEMS = (
    select(baseline_item)
    .where(baseline_item.c.baseline_id == bindparam("id"), baseline_item.c.ci_id > bindparam("after"))
    .order_by(baseline_item.c.ci_id)
    .limit(bindparam("limit"))
)
ITEM = select(baseline_item).where(baseline_item.c.baseline_id == bindparam("id"), baseline_item.c.ci_id == bindparam("ci_id"))
LAST_ITEM = select(func.max(baseline_item.c.id)).where(baseline_item.c.baseline_id == bindparam("id"))
SEAL = select(baseline_seal).where(baseline_seal.c.baseline_id == bindparam("id"))
BASELINES = (
    select(record.c.id, record.c.number, record.c.title, baseline.c.taken_at, baseline.c.scope, baseline_seal.c["items"])
    .select_from(
        record.join(baseline, baseline.c.id == record.c.id).join(baseline_seal, baseline_seal.c.baseline_id == record.c.id)
    )
    .where(record.c.kind == "baseline", record.c.state == "active")
    .order_by(baseline.c.taken_at.desc(), record.c.id.desc())
    .limit(bindparam("limit"))
)
"""The newest first."""
