"""Statements about scans, their rows and the keys by which CIs are known, built once."""

from __future__ import annotations

from sqlalchemy import and_, bindparam, func, insert, or_, select, update

from data.tables.configuration import ci
from data.tables.core import record
from data.tables.discovery import audit_line, discovery, discovery_row

_OWN = [column for column in ci.c if column.name != "id"]
CIS = (
    select(record.c.id, record.c.number, record.c.title, record.c.state, record.c.updated_at, record.c.service_id, *_OWN)
    .join(ci, ci.c.id == record.c.id)
    .where(record.c.kind == "ci")
    .order_by(record.c.id)
)
"""Every CI with what it is known by; read in a stream."""
CIS_BY_ID = CIS.where(record.c.id.in_(bindparam("ids", expanding=True)))

KNOWN = (
    select(record.c.id, record.c.number, discovery.c.hosts)
    .join(discovery, discovery.c.id == record.c.id)
    .where(discovery.c.digest == bindparam("digest"), discovery.c.format == bindparam("format"), record.c.state != "void")
    .order_by(record.c.id)
    .limit(1)
)
"""The scan that the same file made already."""

SOURCES = (
    select(discovery_row.c.source_key, discovery_row.c.ci_id)
    .join(record, record.c.id == discovery_row.c.discovery_id)
    .where(discovery_row.c.source_key.is_not(None), discovery_row.c.ci_id.is_not(None), record.c.state != "void")
    .distinct()
)
"""Under which keys of theirs earlier scans knew which CI."""

BEFORE = (
    select(record.c.id, record.c.number, discovery.c.scanned_at)
    .join(discovery, discovery.c.id == record.c.id)
    .where(
        discovery.c.format == bindparam("format"),
        discovery.c.scope == bindparam("scope"),
        discovery.c.scanned_at <= bindparam("scanned_at"),
        record.c.id != bindparam("own"),
        record.c.state != "void",
        or_(discovery.c.complete, bindparam("half_too")),
    )
    .order_by(discovery.c.scanned_at.desc(), record.c.id.desc())
    .limit(1)
)
"""The newest earlier scan of the same scope; of those that looked at all of it, unless half of it will do."""
SEEN_IN = (
    select(discovery_row.c.ci_id)
    .where(
        discovery_row.c.discovery_id == bindparam("discovery"),
        discovery_row.c.ci_id.is_not(None),
        discovery_row.c.outcome.in_(("new", "changed", "unchanged", "conflict", "vanished")),
    )
    .distinct()
)
"""The CIs that a scan found, or said itself that they had vanished."""

INSERT = insert(discovery_row)
ROWS = select(discovery_row).where(discovery_row.c.discovery_id == bindparam("discovery")).order_by(discovery_row.c.position)
PAGE = ROWS.where(discovery_row.c.position > bindparam("after")).limit(bindparam("limit"))
SOME = ROWS.where(discovery_row.c.position.in_(bindparam("positions", expanding=True)))
OUTCOMES = select(discovery_row.c.position, discovery_row.c.outcome, discovery_row.c.unauthorised).where(
    discovery_row.c.discovery_id == bindparam("discovery")
)
MADE = update(discovery_row).where(discovery_row.c.id == bindparam("row")).values(ci_id=bindparam("made"))
RAISED = update(discovery_row).where(discovery_row.c.id == bindparam("row")).values(incident_id=bindparam("incident"))

SOFTWARE_BEFORE = (
    select(discovery_row.c.software)
    .join(discovery, discovery.c.id == discovery_row.c.discovery_id)
    .where(
        discovery_row.c.ci_id == bindparam("ci"),
        discovery_row.c.software.is_not(None),
        discovery_row.c.discovery_id != bindparam("own"),
        discovery.c.scanned_at <= bindparam("scanned_at"),
    )
    .order_by(discovery.c.scanned_at.desc())
    .limit(1)
)

SOFTWARE_OF = (
    select(discovery_row.c.ci_id, discovery_row.c.software, discovery.c.scanned_at)
    .join(discovery, discovery.c.id == discovery_row.c.discovery_id)
    .join(record, record.c.id == discovery.c.id)
    .where(
        discovery_row.c.ci_id.in_(bindparam("ids", expanding=True)), discovery_row.c.software.is_not(None),
        record.c.state != "void",
    )
    .order_by(discovery.c.scanned_at, discovery_row.c.id)
)  # fmt: skip
"""What scans found installed on CIs, the oldest first."""

SEEN = (
    update(ci)
    .where(
        ci.c.id.in_(bindparam("ids", expanding=True)),
        or_(ci.c.last_seen_at.is_(None), ci.c.last_seen_at < bindparam("seen_at")),
    )
    .values(last_seen_at=bindparam("seen_at"))
)
NO_SIGHTING = "netbox"
"""The format of lists that somebody keeps: what is in one was not looked at."""
BY_NUMBER = "number"
"""Rows that are matched by the CI's own number come from a list of ours."""
HISTORY = (
    select(discovery_row.c.ci_id, discovery.c.scanned_at, discovery_row.c.outcome, discovery_row.c.differences)
    .join(discovery, discovery.c.id == discovery_row.c.discovery_id)
    .join(record, record.c.id == discovery.c.id)
    .where(
        discovery_row.c.ci_id.in_(bindparam("ids", expanding=True)),
        discovery_row.c.outcome.in_(("new", "changed", "unchanged")),
        discovery.c.scanned_at >= bindparam("from_at"),
        discovery.c.scanned_at < bindparam("to_at"),
        record.c.state != "void",
    )
    .order_by(discovery_row.c.ci_id, discovery.c.scanned_at.desc(), discovery_row.c.id.desc())
)
"""What earlier scans said of CIs, the newest first."""
_SIGHTINGS = (
    select(discovery_row.c.ci_id, discovery.c.scanned_at.label("at"))
    .join(discovery, discovery.c.id == discovery_row.c.discovery_id)
    .join(record, record.c.id == discovery.c.id)
    .where(
        discovery_row.c.ci_id.is_not(None),
        discovery_row.c.outcome.in_(("new", "changed", "unchanged", "conflict")),
        discovery_row.c.matched_by != BY_NUMBER,
        discovery.c.format != NO_SIGHTING,
        record.c.state != "void",
    )
    .union_all(
        select(audit_line.c.ci_id, audit_line.c.scanned_at)
        .join(record, record.c.id == audit_line.c.audit_id)
        .where(audit_line.c.ci_id.is_not(None), audit_line.c.scanned_at.is_not(None), record.c.state != "void")
    )
    .subquery("sightings")
)
"""Each time a scan or an audit found a CI."""
LAST_SIGHTINGS = (
    select(_SIGHTINGS.c.ci_id, func.max(_SIGHTINGS.c.at).label("at"))
    .where(_SIGHTINGS.c.ci_id.in_(bindparam("ids", expanding=True)))
    .group_by(_SIGHTINGS.c.ci_id)
)
_ALL = select(_SIGHTINGS.c.ci_id, func.max(_SIGHTINGS.c.at).label("at")).group_by(_SIGHTINGS.c.ci_id).subquery("newest")
MISREMEMBERED = (
    select(record.c.number)
    .join(ci, ci.c.id == record.c.id)
    .join(_ALL, _ALL.c.ci_id == ci.c.id, isouter=True)
    .where(func.coalesce(ci.c.last_seen_at, -1) != func.coalesce(_ALL.c.at, -1))
    .order_by(record.c.id)
)
"""CIs that were not last seen when their record says."""
SET_SEEN = update(ci).where(ci.c.id == bindparam("ci")).values(last_seen_at=bindparam("seen_at"))

OPEN_ALARMS = (
    select(record.c.id, record.c.number, record.c.ci_id, discovery_row.c.differences)
    .join(discovery_row, and_(discovery_row.c.incident_id == record.c.id, discovery_row.c.ci_id == record.c.ci_id))
    .where(record.c.ci_id.in_(bindparam("ids", expanding=True)), record.c.open_since.is_not(None))
    .order_by(record.c.id, discovery_row.c.id)
)
"""Open incidents that unauthorised changes of these CIs raised, with what differed."""
ALARMS = (
    select(discovery_row.c.discovery_id, discovery_row.c.ci_id, discovery_row.c.incident_id, discovery.c.scanned_at)
    .join(discovery, discovery.c.id == discovery_row.c.discovery_id)
    .join(record, record.c.id == discovery.c.id)
    .where(
        discovery_row.c.unauthorised,
        record.c.state != "void",
        record.c.created_at >= bindparam("from_at"),
        record.c.created_at < bindparam("to_at"),
    )
)
"""Unauthorised changes that scans found in a period."""

WAITING = (
    select(record.c.id, record.c.number, record.c.title, discovery.c.scanned_at)
    .join(discovery, discovery.c.id == record.c.id)
    .where(record.c.kind == "discovery", record.c.state == "waiting")
    .order_by(discovery.c.scanned_at.desc(), record.c.id.desc())
    .limit(bindparam("limit"))
)
COUNTS = (
    select(discovery_row.c.discovery_id, discovery_row.c.outcome, func.count().label("rows"))
    .where(discovery_row.c.discovery_id.in_(bindparam("ids", expanding=True)))
    .group_by(discovery_row.c.discovery_id, discovery_row.c.outcome)
)
