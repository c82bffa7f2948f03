"""The scheduler: a thread in every console and worker that runs the shared jobs where its process leads, and waits where not.

Who leads is decided by `data.lease`, what a job does by the processes, running one and noting it by `deskterm.job_runs`. Here
is only when: APScheduler keeps the intervals, in memory and in this process alone, and starts from what the job table says. So
a new leader neither runs everything at once nor waits a whole interval, and a clock that jumps or a machine that slept makes
it plan anew.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from data.engine import Database
from data.errors import DatabaseBusy, DatabaseError
from data.lease import POLL_SECONDS, RENEW_SECONDS, Lease, LeaseLost
from deskterm.apart import run as run_process
from deskterm.clock import Clock, SystemClock
from deskterm.job_runs import JobRun, JobStatus, Leader, Status, has_nothing_to_do, last_runs, run_due, run_job, status
from deskterm.jobs import Job, JobStopped, LocalJob, SharedClock, declared_jobs, declared_local_jobs, sentence
from deskterm.kinds import Registry, declared

if TYPE_CHECKING:
    from apscheduler.schedulers.background import BackgroundScheduler

__all__ = ["JobRun", "JobStatus", "Leader", "Scheduler", "Status", "run_due", "status"]

THREADS = 2
"""So many jobs run at once: a long one does not hold up the breach check."""
GRACE_SECONDS = 7 * 86400
"""A run that is this late still happens, once."""
JUMP_SECONDS = 60
"""If the machine's clock moved by more than this between two looks, or backwards, it jumped or the machine slept."""
AWAY_SECONDS = 5.0
"""How often to look while the database is away."""

log = logging.getLogger("deskterm.scheduler")
for _name in ("deskterm", "apscheduler"):
    # Without a handler, Python would write warnings to the terminal, across the console's screen.
    logging.getLogger(_name).addHandler(logging.NullHandler())


class Scheduler:
    """Runs the shared jobs in the background while this process leads. Start one per process; it needs no care after that."""

    def __init__(
        self, database: Database, registry: Registry | None = None, *, clock: Clock | None = None,
        jobs: Sequence[Job] | None = None, local_jobs: Sequence[LocalJob] | None = None, apart: bool = False,
    ) -> None:  # fmt: skip
        """Prepare; nothing is read or imported yet.

        Args:
            registry: the kinds there are; those the eleven systems declare, if None.
            clock: a clock that stands still, for tests; PostgreSQL's own or the machine's, if None.
            jobs: those the eleven systems declare, if None.
            local_jobs: what this process does for its own machine, whoever leads; as declared, or none where `jobs` are given.
            apart: have long jobs run by a process of their own: somebody works in this one.
        """
        self._database = database
        self._registry = registry
        self._clock = SharedClock(database, clock)
        self._jobs = jobs
        self._local_jobs = local_jobs if local_jobs is not None or jobs is None else ()
        self._local_due: dict[str, float] = {}
        self._lease = Lease(database)
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._intervals: BackgroundScheduler | None = None
        self._machine = SystemClock()
        self._seen_at = 0
        self._apart = apart
        self._due_apart: list[str] = []
        self._apart_lock = threading.Lock()
        self._running_apart = False
        self.trouble: str | None = None
        """What keeps the scheduler from working just now, as a sentence; None where all is well."""

    @property
    def leading(self) -> bool:
        """Whether this process runs the shared jobs."""
        return self._lease.leading

    def start(self) -> None:
        """Begin, in a thread; returns at once. Starting twice starts once."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="scheduler", daemon=True)
            self._thread.start()

    def stop(self, timeout_seconds: float = 1.0) -> bool:
        """Stop, giving up the lead so that another takes it at once; return whether that was done in time."""
        self._stop.set()
        if self._thread is None:
            return True
        self._thread.join(timeout_seconds)
        return not self._thread.is_alive()

    def _work(self) -> None:
        """Look after the lease until told to stop."""
        self._registry = self._registry or declared()
        self._jobs = declared_jobs() if self._jobs is None else self._jobs
        self._local_jobs = declared_local_jobs() if self._local_jobs is None else self._local_jobs
        try:
            while not self._stop.is_set():
                seconds = self._look()
                self._look_after_this_machine()
                self._stop.wait(seconds)
        finally:
            self._follow()
            with suppress(DatabaseError):  # the lock is given back whether or not the row could be written
                self._lease.release()

    def _look(self) -> float:
        """Renew the lead or try to take it; return after how many seconds to look again."""
        try:
            if self._lease.leading:
                self._stay()
            elif self._lease.try_acquire():
                self._lead()
        except DatabaseBusy as problem:  # somebody writes for long; the lock is ours all the same
            self._say(problem)
        except Exception as problem:  # broad: the thread must outlive whatever happens to the database
            self._say(problem)
            self._follow()
            self._lease.abandon()
            return AWAY_SECONDS
        else:
            self.trouble = None
        return RENEW_SECONDS if self._lease.leading else POLL_SECONDS

    def _look_after_this_machine(self) -> None:
        """Do what is due for this machine, whoever leads."""
        for job in self._local_jobs or ():
            if self._stop.is_set() or time.monotonic() < self._local_due.get(job.name, 0.0):
                continue
            self._local_due[job.name] = time.monotonic() + job.every_seconds
            try:
                if not has_nothing_to_do(job, self._database, self._clock.now()) and job.run(self._database, self._clock.now()):
                    log.info("%s: done", job.name)
            except Exception as problem:  # broad: a full disk here must not keep the desk from its shared jobs
                log.warning("%s: %s", job.name, sentence(problem))

    def _say(self, problem: Exception) -> None:
        said = sentence(problem)
        if said != self.trouble:
            log.warning("%s", said)
        self.trouble = said

    def _lead(self) -> None:
        log.info("leading: running the shared jobs")
        self._intervals = self._make_intervals()
        self._plan()
        self._intervals.start()

    def _stay(self) -> None:
        if not self._lease.renew():
            log.warning("leading no more: another process leads, or the lock was lost")
            self._follow()
            return
        if self._intervals is None or not self._intervals.running:  # the database was locked when we were to begin
            self._lead()
            return
        moved = self._machine.now() - self._seen_at
        self._seen_at = self._machine.now()
        if moved < 0 or moved > JUMP_SECONDS:
            log.info("the clock jumped by %d s or the machine slept; planning anew", moved)
            self._plan()

    def _follow(self) -> None:
        """Run no jobs any more; what runs already stops before its next transaction."""
        intervals, self._intervals = self._intervals, None
        if intervals is not None and intervals.running:  # not so where the database went away while it was being filled
            intervals.shutdown(wait=False)

    def _make_intervals(self) -> BackgroundScheduler:
        from apscheduler import events
        from apscheduler.executors.pool import ThreadPoolExecutor
        from apscheduler.schedulers.background import BackgroundScheduler

        made = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(THREADS)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": GRACE_SECONDS},
        )
        made.add_listener(self._heard, events.EVENT_JOB_ERROR | events.EVENT_JOB_MISSED | events.EVENT_JOB_MAX_INSTANCES)
        return made

    def _plan(self) -> None:
        """Set when each job runs next: an interval after it last ran, whoever ran it."""
        from apscheduler.triggers.interval import IntervalTrigger

        assert self._intervals is not None
        now, before = self._clock.now(), last_runs(self._database)
        self._seen_at = machine = self._machine.now()
        for job in self._jobs or ():
            next_run = machine + first_delay(job.every_seconds, before.get(job.name), now)
            self._intervals.add_job(
                self._run,
                IntervalTrigger(seconds=job.every_seconds, timezone=UTC),
                args=[job],
                id=job.name,
                next_run_time=datetime.fromtimestamp(next_run, UTC),
                replace_existing=True,
            )

    def _run(self, job: Job) -> None:
        """Run one job, in a thread of APScheduler's pool."""
        if self._apart and job.apart and not has_nothing_to_do(job, self._database, self._clock.now()):
            self._run_apart(job)
        else:
            self._run_here(job)

    def _run_apart(self, job: Job) -> None:
        """Have a process run the job; one at a time, with whatever else came due meanwhile: the other thread stays free."""
        with self._apart_lock:
            self._due_apart.append(job.name)
            if self._running_apart:
                return
            self._running_apart = True
        while names := self._taken_apart():
            try:
                status = run_process(self._database, names, self._stopping)
            except OSError as problem:
                log.warning("%s has no process of its own: %s", job.name, sentence(problem))
                self._end_apart()
                self._run_here(job)
                return
            if status is None:
                self._end_apart()
                return
            if status:
                log.warning("%s: the process that ran them ended with status %d", ", ".join(names), status)

    def _taken_apart(self) -> list[str]:
        """Return the jobs that are due and forget that they are; where there are none, nobody runs any."""
        with self._apart_lock:
            names, self._due_apart = self._due_apart, []
            self._running_apart = bool(names)
            return names

    def _end_apart(self) -> None:
        with self._apart_lock:
            self._due_apart, self._running_apart = [], False

    def _run_here(self, job: Job) -> None:
        assert self._registry is not None
        try:
            done = run_job(
                job, self._database, self._registry, self._clock.now(), confirm=self._lease.confirm, stopping=self._stopping
            )
        except JobStopped:
            return
        except LeaseLost as lost:
            log.warning("%s: %s", job.name, lost.message)
            return
        if done.error:
            log.error("%s: %s", job.name, done.error)
        elif done.changed:
            log.info("%s: %d records", job.name, done.changed)

    def _stopping(self) -> bool:
        return self._stop.is_set() or not self._lease.leading

    def _heard(self, event: Any) -> None:
        """Make visible what APScheduler would only write to a log: a run that failed whole, was skipped or came too late."""
        problem = getattr(event, "exception", None)
        if problem is not None:
            self._say(problem)
            return
        log.warning("%s was not run: the run before it has not ended, or it came too late", event.job_id)


def first_delay(every_seconds: int, last_run: int | None, now: int) -> int:
    """Return after how many seconds a job runs next: at once where it is late, after an interval where the clock went back."""
    if last_run is None:
        return 0
    if last_run > now:
        return every_seconds
    return max(0, last_run + every_seconds - now)
