"""The scheduler as real processes: killed, frozen, with clocks that are off; and its jobs, which may raise."""

from __future__ import annotations

import os
import socket
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from data.engine import Database
from data.lease import STALE_SECONDS, holder
from data.tables.core import job, journal, lease
from data.tables.service_level import clock_event
from deskterm.clock import FrozenClock, SystemClock
from deskterm.errors import InvalidInput
from deskterm.job_runs import JobStatus, run_due, status
from deskterm.jobs import Job, JobContext, declared_jobs
from deskterm.kinds import Registry, declared
from deskterm.scheduler import Scheduler, first_delay
from tests.desks import Cast, cast_on
from tests.processes import Process, eventually, processes
from tests.stopwatch import Stopwatch

MEMBER = ("-m", "tests.scheduler.member")
TAKEOVER_SECONDS = 5.0
INCIDENTS = 12
THRESHOLDS = 6


@pytest.fixture(params=["sqlite", "postgresql"])
def overdue_desk(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    """Return a desk's location: on it, incidents whose every threshold was crossed a week ago, and nobody who looked."""
    location = str(tmp_path / "desk.db") if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    with cast_on(location, now=SystemClock().now() - 8 * 86400) as cast:
        for _ in range(INCIDENTS):
            cast.incident(impact=1, urgency=1)
        cast.database.close()
        yield location


def _leader(database: Database, among: list[Process]) -> Process:
    def look() -> Process | None:
        found = holder(database)
        pids = {process.pid: process for process in among if process.running}
        return pids.get(found.pid) if found is not None and found.alive and found.fresh else None

    return eventually(look, what="somebody leads")


def _events(database: Database) -> list[tuple[int, int, int]]:
    with database.read() as connection:
        return sorted(map(tuple, connection.execute(select(clock_event.c.clock_id, clock_event.c.threshold, clock_event.c.at))))


def _all_fired_once(database: Database) -> bool:
    with database.read() as connection:
        entries = connection.execute(select(journal.c.record_id).where(journal.c.what == "clock")).all()
    assert len(entries) <= INCIDENTS * THRESHOLDS, "an event fired twice"
    return len(entries) == INCIDENTS * THRESHOLDS == len(_events(database))


def _runs(database: Database, name: str = "breach-check") -> int:
    return next(one.runs for one in status(database).jobs if one.name == name)


def test_five_schedulers_run_each_event_once_and_the_lead_passes_on_when_leaders_are_killed(overdue_desk: str) -> None:
    database = Database(overdue_desk)
    took = []
    with processes(*[(*MEMBER, overdue_desk)] * 5) as members:
        for _ in range(3):
            leader = _leader(database, members)
            leader.kill()
            watch = Stopwatch()
            successor = _leader(database, members)
            took.append(watch.seconds)
            assert successor is not leader
        eventually(lambda: _all_fired_once(database), what="every event, once")
        runs = _runs(database)
        eventually(lambda: _runs(database) > runs + 1, what="the checks go on")
        assert _all_fired_once(database)
    assert max(took) < TAKEOVER_SECONDS, took


def _freeze_at_rest(process: Process, database: Database) -> None:
    """Freeze a process between two transactions. Within one it would hold a SQLite file, where no lease can help."""

    def frozen() -> bool:
        process.freeze()
        if database.path is None:
            return True
        look = sqlite3.connect(database.path, timeout=0, isolation_level=None)
        try:
            look.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            process.thaw()
            return False
        finally:
            look.close()
        return True

    eventually(frozen, what="a moment between transactions")


def test_a_frozen_leader_is_followed_and_does_nothing_when_it_thaws(overdue_desk: str) -> None:
    database = Database(overdue_desk)
    with processes(*[(*MEMBER, overdue_desk)] * 2) as members:
        first = _leader(database, members)
        eventually(lambda: _all_fired_once(database))
        before = _events(database)
        _freeze_at_rest(first, database)
        with database.write() as connection:  # as if it had been frozen for long already
            connection.execute(update(lease).values(seen_at=lease.c.seen_at - STALE_SECONDS - 1))
        second = eventually(lambda: (found := _leader(database, members)) is not first and found)
        epoch = _epoch(database)
        first.thaw()
        runs = _runs(database)
        eventually(lambda: _runs(database) > runs + 2)
        assert _leader(database, members) is second
        assert (_epoch(database), _events(database)) == (epoch, before)
        second.kill()
        assert _leader(database, members) is first, "the thawed one is a follower like any other"


def _epoch(database: Database) -> int:
    found = holder(database)
    assert found is not None
    return found.epoch


def test_a_leader_whose_clock_is_an_hour_off_changes_nothing(postgres_url: str) -> None:
    now = SystemClock().now()
    with cast_on(postgres_url, now=now - 600) as cast:
        cast.ada.create("calendar", {"name": "Always", "tz": "UTC", "hours": {"mon": [["00:00", "24:00"]]}})
        cast.ada.create("agreement", {"name": "Round the clock", "calendar": "Always", "service": "Payroll",
                                      "valid_from": "2020-01-01"})  # fmt: skip
        cast.ada.create("target", {"agreement": "Round the clock", "metric": "resolution", "amount_seconds": 1800,
                                   "unit": "elapsed", "warn_percent": [25]})  # fmt: skip
        cast.incident(service="Payroll")
        with processes((*MEMBER, postgres_url, "3600")) as members:
            _leader(cast.database, members)
            eventually(lambda: _runs(cast.database) >= 2)
            fired = {(threshold, at) for _, threshold, at in _events(cast.database)}
            assert fired == {(25, now - 600 + 450)}, "the breach is 20 minutes away, whatever the leader's clock says"
            assert abs(_row(cast.database, "breach-check").last_run - SystemClock().now()) < 60


def _row(database: Database, name: str) -> Any:
    with database.read() as connection:
        return connection.execute(select(job).where(job.c.name == name)).one()


def _scheduled(database: Database, registry: Registry, *jobs: Job, clock: FrozenClock | None = None) -> Scheduler:
    scheduler = Scheduler(database, registry, jobs=jobs, clock=clock)
    scheduler.start()
    return scheduler


def test_a_job_that_raises_is_seen_and_runs_again(any_cast: Cast) -> None:
    ran: list[int] = []

    def fails(context: JobContext) -> int:
        ran.append(context.now)
        raise RuntimeError("the printer is on fire")

    todo = Job("doomed", 1, fails, "Raises.")
    fine = Job("fine", 1, lambda context: 0, "Does not.")
    scheduler = _scheduled(any_cast.database, any_cast.ada.registry, todo, fine)
    try:
        eventually(lambda: len(ran) >= 2, what="the next run")

        def seen() -> JobStatus | None:
            doomed, other = status(any_cast.database, jobs=(todo, fine)).jobs
            return doomed if doomed.runs >= 2 and other.runs >= 2 else None

        shown = eventually(seen)
        assert shown.last_error == "RuntimeError: the printer is on fire"
    finally:
        assert scheduler.stop()


def test_stopping_takes_less_than_a_second_and_hands_over_at_once(any_cast: Cast) -> None:
    begun: list[int] = []

    def long(context: JobContext) -> int:
        begun.append(1)
        while True:
            with context.unit():
                pass

    scheduler = _scheduled(any_cast.database, any_cast.ada.registry, Job("long", 1, long, ""))
    eventually(lambda: begun)
    leader = status(any_cast.database, jobs=()).leader
    assert leader is not None
    assert (leader.pid, leader.host, leader.frozen) == (os.getpid(), socket.gethostname(), False)
    other = _scheduled(any_cast.database, any_cast.ada.registry)
    watch = Stopwatch()
    assert scheduler.stop()
    assert watch.seconds < 1
    eventually(lambda: other.leading)
    assert watch.seconds < 4
    other.stop()
    assert status(any_cast.database, jobs=()).leader is None


def test_a_new_leader_goes_on_where_the_old_one_stopped(cast: Cast) -> None:
    hourly = Job("hourly", 3600, lambda context: 0, "")
    often = Job("often", 1, lambda context: 0, "")
    for _ in range(3):
        runs = _runs_of(cast, often)
        scheduler = _scheduled(cast.database, cast.ada.registry, hourly, often)
        eventually(lambda before=runs: _runs_of(cast, often) > before)  # type: ignore[misc]
        scheduler.stop()
    assert _runs_of(cast, hourly) == 1


def _runs_of(cast: Cast, todo: Job) -> int:
    return status(cast.database, jobs=(todo,)).jobs[0].runs


def test_a_clock_that_jumps_makes_the_leader_plan_anew(cast: Cast) -> None:
    """Without that, a clock set back an hour would leave the desk unwatched for an hour."""
    todo = Job("often", 1, lambda context: 0, "")
    scheduler = _scheduled(cast.database, cast.ada.registry, todo)
    try:
        eventually(lambda: _runs_of(cast, todo) >= 1)
        intervals = scheduler._intervals
        assert intervals is not None
        for hours in (+1, -1):
            planned = intervals.get_job("often").next_run_time
            intervals.modify_job("often", next_run_time=planned.replace(year=planned.year + 1))
            runs = _runs_of(cast, todo)
            scheduler._seen_at += hours * 3600  # what the leader sees of a clock that jumped the other way
            eventually(lambda before=runs: _runs_of(cast, todo) > before)  # type: ignore[misc]
    finally:
        scheduler.stop()


@pytest.mark.parametrize(
    ("last_run", "delay"),
    [(None, 0), (1000, 60), (970, 30), (940, 0), (1, 0), (1001, 60), (4600, 60)],
    ids=["never", "now", "half", "due", "long ago", "clock a second back", "clock an hour back"],
)
def test_when_a_job_runs_next(last_run: int | None, delay: int) -> None:
    assert first_delay(60, last_run, 1000) == delay


def test_nobody_running_a_scheduler_shows_on_every_console(cast: Cast) -> None:
    run_due(cast.database, cast.ada.registry, cast.clock)
    assert status(cast.database, cast.clock).overdue == ()
    cast.clock.advance(8 * 3600)
    late = {one.name: one.overdue_seconds for one in status(cast.database, cast.clock).overdue}
    assert late["breach-check"] == 8 * 3600 - 15


def test_running_a_job_by_name(cast: Cast) -> None:
    [run] = run_due(cast.database, cast.ada.registry, cast.clock, "presence-cleanup")
    assert (run.name, run.at, run.changed, run.error) == ("presence-cleanup", cast.clock.now(), 0, None)
    with pytest.raises(InvalidInput, match=r"there is no job 'nonsense'; there are: .*breach-check"):
        run_due(cast.database, cast.ada.registry, cast.clock, "nonsense")


def test_the_library_that_keeps_intervals_is_imported_only_by_a_leader() -> None:
    code = "import sys, deskterm.scheduler; sys.exit(any(name.startswith('apscheduler') for name in sys.modules))"
    with processes(("-c", code)) as [python]:
        assert python.finish()[0] == 0


def test_every_job_says_what_it_is_for_and_its_name_fits() -> None:
    registry: Callable[[], Registry] = declared
    assert registry()
    for todo in declared_jobs():
        assert todo.help.endswith(".")
        assert len(todo.name) <= 60
        assert todo.every_seconds >= 1
        assert replace(todo, every_seconds=1).name == todo.name
