"""What keeps the desk going: number counters, who leads, jobs that are late or failed, records that jobs set apart."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlalchemy import Connection, select

from data import lease
from data.engine import Database
from data.tables.core import counter, job_fault, record
from deskterm.clock import Clock, format_instant
from deskterm.doctor.findings import Finding, Severity
from deskterm.job_runs import status
from deskterm.kinds import Registry

_NUMBERS = select(record.c.number, record.c.kind)
_COUNTERS = select(counter.c.prefix, counter.c.value)
_FAULTS = (
    select(job_fault.c.job, job_fault.c.subject, job_fault.c.at, job_fault.c.message, job_fault.c.attempts, record.c.number)
    .join(record, record.c.id == job_fault.c.subject, isouter=True)
    .order_by(job_fault.c.id)
)


def counters(connection: Connection, registry: Registry) -> Iterator[Finding]:
    """Find counters that would give out a number which is taken."""
    last = {row.prefix: row.value for row in connection.execute(_COUNTERS)}
    highest: dict[str, int] = {}
    for row in connection.execute(_NUMBERS):
        if row.kind not in registry:
            continue
        prefix = registry.kind(row.kind).prefix
        found = re.fullmatch(rf"{re.escape(prefix)}-(\d+)", row.number)
        if found:
            highest[prefix] = max(highest.get(prefix, 0), int(found[1]))
    for prefix, value in sorted(highest.items()):
        if last.get(prefix, 0) < value:
            said = f"the next {prefix} number would be {last.get(prefix, 0) + 1}, but there is a {prefix}-{value:05d}"
            yield Finding("counter", Severity.ERROR, said, prefix)


def faults(connection: Connection) -> Iterator[Finding]:
    """List the records that jobs could not work on."""
    for row in connection.execute(_FAULTS):
        subject = row.number or f"record {row.subject}"
        said = f"{row.job} could not work on {subject}, {row.attempts} times, last at {format_instant(row.at)}: {row.message}"
        yield Finding("job-fault", Severity.WARNING, said, subject)


def lead(database: Database) -> Iterator[Finding]:
    """Find a leader that died or froze and was followed by nobody."""
    found = lease.holder(database)
    if found is None or (found.alive and found.fresh):
        return
    what = "shows no sign of life" if found.alive else "died"
    said = f"process {found.pid} on {found.host} led and {what}; nobody has taken over. Open a console or start: deskterm worker"
    yield Finding("lease", Severity.WARNING, said, "scheduler")


def jobs(database: Database, clock: Clock | None) -> Iterator[Finding]:
    """Find jobs that are late, and jobs whose last run failed."""
    for one in status(database, clock).jobs:
        if one.last_error:
            yield Finding("job-error", Severity.WARNING, f"{one.name} failed when it last ran: {one.last_error}", one.name)
        if one.overdue_seconds and one.last_run is not None:
            said = f"{one.name} is {one.overdue_seconds // 60} minutes late; open a console or start: deskterm worker"
            yield Finding("job-overdue", Severity.WARNING, said, one.name)
