"""Statements about audits and about what is wrong with the records of CIs, built once."""

from __future__ import annotations

from sqlalchemy import and_, bindparam, delete, func, insert, or_, select, update

from data.tables.configuration import ci
from data.tables.core import HOLDS, link, record
from data.tables.discovery import audit, audit_line, ci_finding

GONE = ("retired", "disposed")

EXPECTED = (
    select(record.c.id, ci.c.location)
    .join(ci, ci.c.id == record.c.id)
    .where(
        record.c.kind == "ci",
        record.c.state.in_(("live", "in-repair", "in-stock")),
        or_(ci.c.type.in_(bindparam("types", expanding=True)), bindparam("any_type")),
        or_(
            bindparam("anywhere"),
            func.lower(ci.c.location) == bindparam("place"),
            func.lower(ci.c.location).like(bindparam("below"), escape="\\"),
        ),
    )
    .order_by(record.c.title_key, record.c.id)
)
"""What should be at a place, or at one that lies in it."""

BY_CODE = (
    select(record.c.id, record.c.number, record.c.title, record.c.state, ci.c.location)
    .join(ci, ci.c.id == record.c.id)
    .where(
        record.c.kind == "ci",
        or_(
            func.lower(ci.c.asset_number) == bindparam("folded"),
            func.lower(ci.c.serial) == bindparam("folded"),
            record.c.number == bindparam("upper"),
        ),
    )
    .order_by(record.c.id)
    .limit(3)
)
BY_TITLE = (
    select(record.c.id, record.c.number, record.c.title, record.c.state, ci.c.location)
    .join(ci, ci.c.id == record.c.id)
    .where(record.c.kind == "ci", record.c.title_key == bindparam("title_key"))
    .order_by(record.c.id)
    .limit(3)
)

LINES = (
    select(audit_line, record.c.number, record.c.title, record.c.state, ci.c.location, ci.c.serial, ci.c.asset_number, ci.c.type)
    .join(record, record.c.id == audit_line.c.ci_id, isouter=True)
    .join(ci, ci.c.id == audit_line.c.ci_id, isouter=True)
    .where(audit_line.c.audit_id == bindparam("audit"))
    .order_by(audit_line.c.id)
)
LINE_OF_CI = select(audit_line).where(audit_line.c.audit_id == bindparam("audit"), audit_line.c.ci_id == bindparam("ci"))
LINE_OF_CODE = select(audit_line).where(
    audit_line.c.audit_id == bindparam("audit"), audit_line.c.ci_id.is_(None), audit_line.c.code == bindparam("code")
)
INSERT = insert(audit_line)
SCANNED = (
    update(audit_line)
    .where(audit_line.c.id == bindparam("line"))
    .values(scanned_at=bindparam("at"), scanned_by=bindparam("by"), code=bindparam("typed"))
)
TAKE_OUT = delete(audit_line).where(audit_line.c.id == bindparam("line"))
_SORTS = {
    "expected": audit_line.c.expected,
    "scanned": and_(audit_line.c.expected, audit_line.c.scanned_at.is_not(None)),
    "missing": and_(audit_line.c.expected, audit_line.c.scanned_at.is_(None)),
    "unexpected": ~audit_line.c.expected,
}
"""Which lines of an audit each of its figures counts."""
_COUNTS = {
    name: select(func.count(audit_line.c.id)).where(audit_line.c.audit_id == audit.c.id, sort).correlate(audit).scalar_subquery()
    for name, sort in _SORTS.items()
}
COUNT_LINES = update(audit).where(audit.c.id == bindparam("audit")).values(_COUNTS)
"""Set the figures of an audit to what its lines come to."""
MISCOUNTED = (
    select(record.c.number)
    .join(audit, audit.c.id == record.c.id)
    .where(or_(*(audit.c[name] != count for name, count in _COUNTS.items())))
    .order_by(record.c.id)
)
"""Audits whose figures are not what their lines come to."""

LINKED = (
    select(link.c.source_id, link.c.target_id)
    .where(HOLDS, link.c.relation.in_(bindparam("relations", expanding=True)))
)  # fmt: skip
TIED = select(link.c.id).where(
    HOLDS,
    link.c.relation.in_(bindparam("relations", expanding=True)),
    or_(link.c.source_id == bindparam("ci"), link.c.target_id == bindparam("ci")),
).limit(1)  # fmt: skip
FINDINGS = select(ci_finding)
FIND = insert(ci_finding)
CURE = delete(ci_finding).where(ci_finding.c.id.in_(bindparam("ids", expanding=True)))
SAY = update(ci_finding).where(ci_finding.c.id == bindparam("finding")).values(detail=bindparam("said"))
FINDINGS_OF = select(ci_finding).where(ci_finding.c.ci_id == bindparam("ci")).order_by(ci_finding.c.sort)
