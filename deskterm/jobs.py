"""Jobs: what the desk does by itself at intervals. Declared by the processes, run by `deskterm.scheduler` or once by hand.

A process declares its jobs in ``deskterm/<process>/jobs.py`` as a tuple named ``JOBS``, as it declares its kinds. A job reads
what is due, in batches, and hands the records to `JobContext.each`, which works on them in short transactions and sets apart
the record that cannot be worked on. Two runs at once do no harm: what a job does to a record it does once.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Connection, bindparam, delete, select
from sqlalchemy.exc import DBAPIError

from data.database_time import database_now
from data.engine import Database
from data.errors import DeskError
from data.lease import LeaseLost
from data.tables.core import job_fault
from data.upsert import upsert
from deskterm.clock import Clock, SystemClock
from deskterm.errors import DatabaseBusy, DatabaseError
from deskterm.kinds import PROCESSES, Registry
from deskterm.permissions import DESK
from deskterm.records.unit import Unit, unit_of_work

CHUNK = 50
"""So many records share a transaction while all goes well: few enough that nobody waits long for the file."""
RETRY_SECONDS = 60
"""A record set apart is tried again after so long, and then after twice as long each time, up to `RETRY_AT_MOST_SECONDS`."""
RETRY_AT_MOST_SECONDS = 6 * 3600
LOCK_MILLISECONDS = 5_000
"""How long a job waits for a record that somebody holds, before it goes on to the others (on PostgreSQL)."""
IDLE_MILLISECONDS = 15_000
"""After so long PostgreSQL ends a job's transaction in which nothing happens."""
MESSAGE_LIMIT = 500

Asks = Callable[[Connection, int], bool]
"""Asks a desk something at an instant, cheaply."""
Work = Callable[[Unit, Sequence[int]], int]
"""What a job does to some records within one unit of work; returns how many of them it changed."""


class JobStopped(DeskError):
    """The scheduler is going down; the rest of the batch is left to the next run."""

    code = "stopped"


@dataclass(frozen=True, slots=True)
class Job:
    """Something the desk does by itself at intervals."""

    name: str
    every_seconds: int
    run: Callable[[JobContext], int]
    """Does it once, and returns how many records it changed; `late.function` names one that is loaded when it first runs."""
    help: str
    about: tuple[str, ...] = ()
    """Kinds of record without any of which there is nothing to do; nothing is loaded for it then."""
    due: Asks | None = None
    """Whether there is anything to do: where not, nothing is loaded and no process is started; always if None."""
    apart: bool = False
    """It takes long or loads much: a console has a process of its own run it (`deskterm.apart`)."""


@dataclass(frozen=True, slots=True)
class LocalJob:
    """Something that every process with a scheduler does for its own machine, whoever leads; it writes nothing to the desk."""

    name: str
    every_seconds: int
    run: Callable[[Database, int], bool]
    """Does it, handed the database and the present instant; returns whether there was anything to do."""
    help: str
    about: tuple[str, ...] = ()
    """As of `Job`."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A record that a job could not work on."""

    subject: int
    at: int
    message: str
    attempts: int

    @property
    def retry_at(self) -> int:
        """When it is tried again."""
        return self.at + min(RETRY_SECONDS << min(self.attempts - 1, 20), RETRY_AT_MOST_SECONDS)


@dataclass(slots=True)
class JobContext:
    """What one run of one job works with."""

    job: str
    database: Database
    registry: Registry
    now: int
    """The instant this run reckons with, by the desk's shared clock."""
    confirm: Callable[[Connection], None] = lambda connection: None
    """Raises where this process may not run shared jobs any more; called in every transaction before it writes."""
    stopping: Callable[[], bool] = lambda: False
    faults: Mapping[int, Fault] = field(default_factory=dict)
    """Records set apart earlier, by id."""

    @contextmanager
    def unit(self, *, at: int | None = None) -> Iterator[Unit]:
        """Yield a unit of work of the desk itself; `at` is when it happens, where that is not now.

        Raises:
            LeaseLost: somebody else leads by now.
            JobStopped: the scheduler is going down.
        """
        if self.stopping():
            raise JobStopped(f"{self.job} was stopped")
        with unit_of_work(self.database, self.registry, DESK, self.now, self.job, at=at) as unit:
            patient(unit.connection)
            self.confirm(unit.connection)
            yield unit

    def each(self, subjects: Sequence[int], work: Work, *, at: Mapping[int, int] | None = None) -> int:
        """Work on records, many to a transaction; where one cannot be, alone, so that only this one is set apart.

        Args:
            at: when it happens to each record, where that is not now; those are then worked on one by one.

        Returns:
            How many records were changed.
        """
        ready = [key for key in dict.fromkeys(subjects) if key not in self.faults or self.faults[key].retry_at <= self.now]
        if at is not None:
            return sum(self._alone(key, work, at[key]) for key in ready)
        count = 0
        for start in range(0, len(ready), CHUNK):
            count += self._together(ready[start : start + CHUNK], work)
        return count

    def _together(self, subjects: Sequence[int], work: Work) -> int:
        try:
            with self.unit() as unit:
                count = work(unit, subjects)
        except Exception as problem:  # broad: which record it was, and what is wrong with it, shows when each is tried alone
            self._end_run(problem)
            return sum(self._alone(key, work, None) for key in subjects)
        self._cure(subjects)
        return count

    def _alone(self, subject: int, work: Work, at: int | None) -> int:
        try:
            with self.unit(at=at) as unit:
                count = work(unit, [subject])
        except Exception as problem:  # broad: one record must not keep the desk from the others; it is shown by itself
            self._end_run(problem)
            self._set_apart(subject, problem)
            return 0
        self._cure([subject])
        return count

    def _end_run(self, problem: Exception) -> None:
        """Raise again what is no fault of a record: the whole database is away or locked, or we are to stop."""
        one_row = isinstance(problem, DatabaseBusy) and self.database.dialect == "postgresql"
        if isinstance(problem, DatabaseError | LeaseLost | JobStopped) and not one_row:
            raise problem

    def _set_apart(self, subject: int, problem: Exception) -> None:
        row = {"job": self.job, "subject": subject, "at": self.now, "message": sentence(problem), "attempts": 1}
        more = {"at": self.now, "message": row["message"], "attempts": job_fault.c.attempts + 1}
        with self.database.write() as connection:
            connection.execute(upsert(self.database.dialect, job_fault, row, keys=["job", "subject"], changes=more))

    def _cure(self, subjects: Sequence[int]) -> None:
        """Forget the faults of records that could be worked on after all."""
        healed = [key for key in subjects if key in self.faults]
        if healed:
            with self.database.write() as connection:
                connection.execute(_CURED, {"job": self.job, "subjects": healed})


_FAULTS = select(job_fault.c.subject, job_fault.c.at, job_fault.c.message, job_fault.c.attempts).where(
    job_fault.c.job == bindparam("job")
)
_CURED = delete(job_fault).where(
    job_fault.c.job == bindparam("job"), job_fault.c.subject.in_(bindparam("subjects", expanding=True))
)


def sentence(problem: BaseException) -> str:
    """Return what went wrong in one line that may be shown and stored: no statement, no parameters, no traceback."""
    if isinstance(problem, DeskError):
        return problem.message[:MESSAGE_LIMIT]
    cause = problem.orig if isinstance(problem, DBAPIError) and problem.orig is not None else problem
    said = str(cause).strip().splitlines()
    return f"{type(cause).__name__}: {said[0] if said else 'no message'}"[:MESSAGE_LIMIT]


def faults_of(connection: Connection, job: str) -> dict[int, Fault]:
    """Return the records that a job has set apart, by id."""
    return {row.subject: Fault(*row) for row in connection.execute(_FAULTS, {"job": job})}


def patient(connection: Connection) -> None:
    """Let PostgreSQL end a transaction that nobody ends: a frozen leader must not hold records that its successor needs."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {LOCK_MILLISECONDS}")
        connection.exec_driver_sql(f"SET LOCAL idle_in_transaction_session_timeout = {IDLE_MILLISECONDS}")


class SharedClock:
    """The time that shared jobs go by: the database's own on PostgreSQL, the given clock on SQLite.

    A leader whose clock is an hour off changes nothing that way. A clock that a test or a demo holds still is kept.
    """

    def __init__(self, database: Database, clock: Clock | None = None) -> None:
        self._database = database
        self._clock = clock or SystemClock()

    def now(self) -> int:
        """Return the present instant in whole seconds since the epoch."""
        if self._database.dialect == "sqlite" or not isinstance(self._clock, SystemClock):
            return self._clock.now()
        with self._database.read() as connection:
            return database_now(connection)


def declared_jobs() -> tuple[Job, ...]:
    """Return the jobs that the eleven systems declare, and those of the desk as a whole."""
    from deskterm.upkeep import JOBS

    found = list(JOBS)
    for process in PROCESSES:
        name = f"deskterm.{process}.jobs"
        if importlib.util.find_spec(f"deskterm.{process}") and importlib.util.find_spec(name):
            found.extend(importlib.import_module(name).JOBS)
    names = [job.name for job in found]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"jobs declared twice: {', '.join(twice)}")
    return tuple(sorted(found, key=lambda job: job.name))


def declared_local_jobs() -> tuple[LocalJob, ...]:
    """Return the jobs that every process does for its own machine: `LOCAL_JOBS` beside a process's `JOBS`."""
    found: list[LocalJob] = []
    for process in PROCESSES:
        name = f"deskterm.{process}.jobs"
        if importlib.util.find_spec(f"deskterm.{process}") and importlib.util.find_spec(name):
            found.extend(getattr(importlib.import_module(name), "LOCAL_JOBS", ()))
    return tuple(found)
