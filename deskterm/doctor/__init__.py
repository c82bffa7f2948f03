"""The doctor: examines a desk from its pages to its clocks, says what is wrong with what, and changes nothing.

It reads through a connection of its own that the database itself holds to reading, in one snapshot. What is stored is compared
with what it must follow from: rows with the journal, clocks with the facts, the index with the records.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sqlalchemy import Connection, select

from data import feed, migrate
from data.engine import Database
from data.errors import DamagedDatabase
from data.tables.core import record
from deskterm.clock import Clock
from deskterm.doctor import storage, upkeep
from deskterm.doctor.alerts import alerts
from deskterm.doctor.capacity import capacity
from deskterm.doctor.changes import changes
from deskterm.doctor.configuration import configuration
from deskterm.doctor.continuity import continuity
from deskterm.doctor.finance import finance
from deskterm.doctor.findings import Finding, Severity
from deskterm.doctor.problems import problems
from deskterm.doctor.records import examine_records
from deskterm.doctor.releases import releases
from deskterm.doctor.reviews import reviews
from deskterm.errors import NotADesk, SchemaMismatch
from deskterm.jobs import SharedClock, sentence
from deskterm.kinds import Registry, declared

__all__ = ["Finding", "Severity", "examine"]

SAMPLE = 50_000
"""A desk with more records than this is examined by a sample of so many, evenly spread; the storage always whole."""
MOST = 200
"""Findings of one code that are listed one by one; beyond that, how many more there are."""


def examine(
    database: Database, *, clock: Clock | None = None, registry: Registry | None = None, sample: int = SAMPLE
) -> list[Finding]:
    """Return everything that is wrong with a desk, the worst first; nothing where all is well.

    Raises:
        NotADesk: there is nothing to examine.
        DatabaseError: the database cannot be reached.
    """
    if database.path is not None and not database.path.exists():
        raise NotADesk(f"there is no desk at {database.label}; create one with: {database.command('init')}")
    location = str(database.path) if database.path else database.url.render_as_string(hide_password=False)
    readable = Database(location, read_only=True)
    try:
        found = _examine(readable, SharedClock(readable, clock).now(), registry or declared(), clock, sample)
    finally:
        readable.close()
    return _shortened(sorted(found, key=lambda one: (one.severity.rank, one.code, one.subject)))


def _examine(database: Database, now: int, registry: Registry, clock: Clock | None, sample: int) -> list[Finding]:
    found: list[Finding] = []
    try:
        migrate.require_current(database)
    except SchemaMismatch as problem:
        return [Finding("schema", Severity.ERROR, problem.message, database.label)]
    except DamagedDatabase as problem:  # so much that not even its schema can be read
        return [Finding("damaged", Severity.ERROR, problem.message, database.label)]
    with database.read() as connection:
        feed.isolate(connection)
        checks: list[tuple[str, Callable[[], Iterable[Finding]]]] = [
            ("pages", lambda: storage.pages(connection)),
            ("references", lambda: storage.references(connection)),
            ("guards", lambda: storage.guards(connection)),
            ("records", lambda: examine_records(connection, registry, now, _ids(connection, sample))),
            ("alerts", lambda: alerts(connection)),
            ("configuration", lambda: configuration(connection)),
            ("problems", lambda: problems(connection)),
            ("changes", lambda: changes(connection, registry)),
            ("releases", lambda: releases(connection)),
            ("capacity", lambda: capacity(connection)),
            ("reviews", lambda: reviews(connection)),
            ("continuity", lambda: continuity(connection)),
            ("finance", lambda: finance(connection)),
            ("counters", lambda: upkeep.counters(connection, registry)),
            ("faults", lambda: upkeep.faults(connection)),
        ]
        for name, check in checks:
            found += _carefully(name, check)
    for name, check in (("lease", lambda: upkeep.lead(database)), ("jobs", lambda: upkeep.jobs(database, clock))):
        found += _carefully(name, check)
    return found


def _carefully(name: str, check: Callable[[], Iterable[Finding]]) -> list[Finding]:
    """Run a check to its end or to where the damage stops it, which is a finding as well."""
    found: list[Finding] = []
    try:
        found.extend(check())
    except Exception as problem:  # broad: damaged rows make any reader fail in any way, and the other checks must still run
        found.append(Finding("unreadable", Severity.ERROR, f"the check of {name} could not go on: {sentence(problem)}", name))
    return found


def _ids(connection: Connection, sample: int) -> list[int]:
    ids = list(connection.execute(select(record.c.id).order_by(record.c.id)).scalars())
    step = -(-len(ids) // sample) if sample else 1
    return ids[:: max(step, 1)]


def _shortened(found: list[Finding]) -> list[Finding]:
    """Keep the first of each code and say how many more there are, so that one cause does not bury the others."""
    kept: list[Finding] = []
    counts: dict[str, int] = {}
    for one in found:
        counts[one.code] = counts.get(one.code, 0) + 1
        if counts[one.code] <= MOST:
            kept.append(one)
        elif counts[one.code] == MOST + 1:
            total = sum(other.code == one.code for other in found)
            kept.append(Finding(one.code, one.severity, f"and {total - MOST} more of these", ""))
    return kept
