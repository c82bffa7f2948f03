"""Running a job once, and what the job table says about all of them. When they run is left to `deskterm.scheduler`."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, func, select

from data import lease
from data.engine import Database
from data.lease import LeaseLost
from data.tables.core import job, job_fault, record
from data.upsert import upsert
from deskterm.clock import Clock
from deskterm.errors import InvalidInput
from deskterm.jobs import Job, JobContext, JobStopped, LocalJob, SharedClock, declared_jobs, faults_of, sentence
from deskterm.kinds import Registry

GRACE_SECONDS = 60
"""A job is overdue once it is this late, or half its interval if that is longer."""


@dataclass(frozen=True, slots=True)
class JobRun:
    """What came of running a job once."""

    name: str
    at: int
    changed: int
    """Records it changed."""
    error: str | None


@dataclass(frozen=True, slots=True)
class JobStatus:
    """One job, and how it fares."""

    name: str
    help: str
    every_seconds: int
    last_run: int | None
    next_run: int | None
    last_error: str | None
    """Why its last run failed; None where it did not."""
    last_seconds: int | None
    runs: int
    faults: int
    """Records it has set apart because it could not work on them."""
    overdue_seconds: int
    """For how long it should have run already, 0 where all is well."""


@dataclass(frozen=True, slots=True)
class Leader:
    """Who runs the shared jobs."""

    pid: int
    host: str
    since: int
    frozen: bool
    """It lives but shows no sign of it; somebody else takes over in a moment."""


@dataclass(frozen=True, slots=True)
class Status:
    """How the desk's own work goes."""

    leader: Leader | None
    jobs: tuple[JobStatus, ...]

    @property
    def overdue(self) -> tuple[JobStatus, ...]:
        """Return the jobs that should have run and did not: nobody may be running a scheduler."""
        return tuple(each for each in self.jobs if each.overdue_seconds)


_ROWS = select(job)
_FAULTS = select(job_fault.c.job, func.count().label("faults")).group_by(job_fault.c.job)
_ANY_OF = select(record.c.id).where(record.c.kind.in_(bindparam("kinds", expanding=True))).limit(1)
_FIRST_RECORD = select(record.c.created_at).order_by(record.c.id).limit(1)


def run_job(
    todo: Job, database: Database, registry: Registry, now: int, *,
    confirm: Callable[[Connection], None] = lambda connection: None, stopping: Callable[[], bool] = lambda: False,
) -> JobRun:  # fmt: skip
    """Run a job once and note what came of it.

    Raises:
        LeaseLost: somebody else leads by now; nothing is noted.
        JobStopped: it was told to stop; nothing is noted.
        DatabaseError: what came of it could not be noted.
    """
    started = time.monotonic()
    error, changed = None, 0
    try:
        with database.read() as connection:
            faults = faults_of(connection, todo.name)
        idle = has_nothing_to_do(todo, database, now)
        changed = 0 if idle else todo.run(JobContext(todo.name, database, registry, now, confirm, stopping, faults))
    except (LeaseLost, JobStopped):
        raise
    except Exception as problem:  # broad: whatever a job raises is noted and shown, and it runs again next time
        error = sentence(problem)
    _note(database, todo, now, round(time.monotonic() - started), error)
    return JobRun(todo.name, now, changed, error)


def has_nothing_to_do(todo: Job | LocalJob, database: Database, now: int) -> bool:
    """Return whether the desk has no record of the kinds that a job is about, or the job says that nothing is due."""
    due = todo.due if isinstance(todo, Job) else None
    if not todo.about and due is None:
        return False
    with database.read() as connection:
        if todo.about and connection.execute(_ANY_OF, {"kinds": todo.about}).first() is None:
            return True
        return due is not None and not due(connection, now)


def _note(database: Database, done: Job, now: int, seconds: int, error: str | None) -> None:
    values = {"last_run": now, "next_run": now + done.every_seconds, "last_error": error, "last_seconds": seconds}
    row = {"name": done.name, "runs": 1, **values}
    with database.write() as connection:
        more = {**values, "runs": job.c.runs + 1}
        connection.execute(upsert(database.dialect, job, row, keys=["name"], changes=more))


def run_due(
    database: Database, registry: Registry, clock: Clock | None = None, name: str | None = None,
    *, jobs: Sequence[Job] | None = None,
) -> list[JobRun]:  # fmt: skip
    """Run the desk's jobs once, now: all of them do what is due. Whoever leads meanwhile is in nobody's way.

    Args:
        clock: where it is a system clock, PostgreSQL's own time is taken instead.
        name: only this one.

    Raises:
        InvalidInput: there is no such job.
    """
    known = declared_jobs() if jobs is None else jobs
    chosen = [each for each in known if name in (None, each.name)]
    if not chosen:
        raise InvalidInput(f"there is no job {name!r}; there are: {', '.join(each.name for each in known)}")
    shared = SharedClock(database, clock)
    return [run_job(each, database, registry, shared.now()) for each in chosen]


def last_runs(database: Database) -> dict[str, int]:
    """Return when each job last ran, as far as it ever did."""
    with database.read() as connection:
        return {row.name: row.last_run for row in connection.execute(_ROWS) if row.last_run is not None}


def status(database: Database, clock: Clock | None = None, *, jobs: Sequence[Job] | None = None) -> Status:
    """Return who leads and how each job fares."""
    now = SharedClock(database, clock).now()
    with database.read() as connection:
        rows = {row.name: row for row in connection.execute(_ROWS)}
        faults = {row.job: row.faults for row in connection.execute(_FAULTS)}
        since = connection.execute(_FIRST_RECORD).scalar()
    found = []
    for each in declared_jobs() if jobs is None else jobs:
        row = rows.get(each.name)
        last, next_run = (row.last_run, row.next_run) if row else (None, None)
        late = _overdue(each, now, last if last is not None else since)
        error, seconds, runs = (row.last_error, row.last_seconds, row.runs) if row else (None, None, 0)
        known = (last, next_run, error, seconds, runs, faults.get(each.name, 0), late)
        found.append(JobStatus(each.name, each.help, each.every_seconds, *known))
    return Status(_leader(database), tuple(found))


def _overdue(each: Job, now: int, last: int | None) -> int:
    late = 0 if last is None else now - last - each.every_seconds
    return late if late > max(GRACE_SECONDS, each.every_seconds // 2) else 0


def _leader(database: Database) -> Leader | None:
    found = lease.holder(database)
    if found is None or not found.alive:
        return None
    return Leader(found.pid, found.host, found.since, not found.fresh)
