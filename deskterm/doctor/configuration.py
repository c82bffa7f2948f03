"""The configuration examined: baselines against their seals; audits, dated services and last sightings against the facts."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, and_, func, or_, select

from data.queries.audits import MISCOUNTED
from data.queries.discovery import MISREMEMBERED
from data.queries.records import MEMBERSHIP
from data.tables.configuration import baseline, baseline_item, baseline_seal
from data.tables.core import HOLDS, link, record
from deskterm.configuration.snapshots import digest_of, of_baseline
from deskterm.configuration.workflow import GONE
from deskterm.doctor.findings import Finding, Severity

_BASELINES = (
    select(record.c.id, record.c.number, baseline_seal.c["items"], baseline_seal.c.digest)
    .select_from(
        record.join(baseline, baseline.c.id == record.c.id).outerjoin(baseline_seal, baseline_seal.c.baseline_id == record.c.id)
    )
    .order_by(record.c.id)
)
_COUNT = select(func.count()).select_from(baseline_item)
_MEMBERSHIPS = (
    select(record.c.id, record.c.number, record.c.service_id, link.c.target_id)
    .select_from(
        record.outerjoin(
            link, and_(link.c.source_id == record.c.id, link.c.relation == MEMBERSHIP, HOLDS)
        )
    )
    .where(
        record.c.kind == "ci",
        or_(
            and_(record.c.state.not_in(GONE), record.c.service_id.is_not(None), link.c.target_id.is_(None)),
            and_(record.c.state.not_in(GONE), record.c.service_id.is_(None), link.c.target_id.is_not(None)),
            and_(record.c.state.not_in(GONE), record.c.service_id != link.c.target_id),
            and_(record.c.state.in_(GONE), link.c.target_id.is_not(None)),
        ),
    )
    .order_by(record.c.id)
)  # fmt: skip


def configuration(connection: Connection) -> Iterator[Finding]:
    """Find baselines that are not what was frozen, audits and CIs that say otherwise than lines, sightings and dated services."""
    for row in connection.execute(_BASELINES).mappings().all():
        if row["digest"] is None:
            yield Finding("baseline", Severity.ERROR, f"{row['number']} was never sealed: anybody could add to it", row["number"])
            continue
        count = connection.execute(_COUNT.where(baseline_item.c.baseline_id == row["id"])).scalar_one()
        if count != row["items"] or digest_of(of_baseline(connection, row["id"])) != row["digest"]:
            yield Finding("baseline", Severity.ERROR, f"{row['number']} is not what was frozen; restore a backup", row["number"])
    for number in connection.execute(MISREMEMBERED).scalars():
        said = f"{number} was not last seen when it says, by scans and audits"
        yield Finding("sighting", Severity.WARNING, said, number)
    for number in connection.execute(MISCOUNTED).scalars():
        said = f"{number} counts otherwise than its lines; scan a code of it again, or edit its note, to count anew"
        yield Finding("audit", Severity.WARNING, said, number)
    for found in connection.execute(_MEMBERSHIPS):
        said = f"{found.number} names another service than its dated relation does; edit its service to set both"
        yield Finding("membership", Severity.ERROR, said, found.number)
