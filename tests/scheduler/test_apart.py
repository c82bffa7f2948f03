"""Long jobs of a console run in a process of their own, and nowhere where there is nothing for them to do."""

from __future__ import annotations

import sys

import pytest

from deskterm import apart, late
from deskterm.assessment.running import keep
from deskterm.job_runs import JobStatus, has_nothing_to_do, run_job, status
from deskterm.jobs import Job, JobContext, declared_jobs
from deskterm.scheduler import Scheduler
from tests.desks import MONDAY, Cast
from tests.processes import eventually
from tests.stopwatch import Stopwatch


def _fails(context: JobContext) -> int:
    raise AssertionError("this process was to be left alone")


DAY = 86_400
HERE: list[int] = []


def _notes(context: JobContext) -> int:
    HERE.append(context.now)
    return 0


QUALITY = Job("data-quality", 3600, _fails, "", ("ci",), apart=True)
UPKEEP = Job("search-upkeep", 3600, _fails, "", apart=True)
OFTEN = Job("often", 1, _notes, "")


def _of(cast: Cast, *jobs: Job) -> tuple[JobStatus, ...]:
    return status(cast.database, jobs=jobs).jobs


def test_a_process_runs_jobs_by_name_and_ends(any_cast: Cast) -> None:
    assert apart.run(any_cast.database, ["data-quality", "search-upkeep"], lambda: False) == 0
    assert [(one.runs, one.last_error) for one in _of(any_cast, QUALITY, UPKEEP)] == [(1, None), (1, None)]


def test_a_job_that_there_is_not_ends_the_process_with_an_error(cast: Cast) -> None:
    assert apart.run(cast.database, ["nothing-of-the-sort"], lambda: False) == 1


def test_a_process_is_ended_when_told_to_stop(cast: Cast) -> None:
    watch = Stopwatch()
    assert apart.run(cast.database, ["data-quality"], lambda: True) is None
    assert watch.seconds < 5


def _idle(cast: Cast, name: str, *, after: int = 0) -> bool:
    (job,) = (one for one in declared_jobs() if one.name == name)
    return has_nothing_to_do(job, cast.database, cast.clock.now() + after)


def test_candidates_are_looked_for_when_incidents_changed_and_else_once_a_day(cast: Cast) -> None:
    assert _idle(cast, "problem-candidates"), "there is no incident"
    number = cast.incident()
    assert not _idle(cast, "problem-candidates")
    (job,) = (one for one in declared_jobs() if one.name == "problem-candidates")
    cast.clock.advance(60)
    run_job(job, cast.database, cast.ada.registry, cast.clock.now())
    assert _idle(cast, "problem-candidates", after=DAY - 1)
    assert not _idle(cast, "problem-candidates", after=DAY)
    cast.clock.advance(60)
    cast.ada.edit(number, {"ci": "vpn-gw-1"})
    assert not _idle(cast, "problem-candidates")


def test_a_self_assessment_is_due_thirty_days_after_the_last(cast: Cast) -> None:
    assert _idle(cast, "self-assessment"), "somebody keeps the first"
    keep(cast.ada, "the first")
    assert _idle(cast, "self-assessment", after=30 * DAY - 1)
    assert not _idle(cast, "self-assessment", after=30 * DAY)


def test_a_consoles_scheduler_leaves_its_process_alone(any_cast: Cast) -> None:
    HERE.clear()
    jobs = (QUALITY, UPKEEP, OFTEN)
    scheduler = Scheduler(any_cast.database, any_cast.ada.registry, jobs=jobs, apart=True)
    scheduler.start()
    try:
        eventually(lambda: all(one.runs for one in _of(any_cast, *jobs)), what="all three to run")
        assert [one.last_error for one in _of(any_cast, *jobs)] == [None, None, None]
        runs = len(HERE)
        eventually(lambda: len(HERE) > runs, what="the short one to go on")
    finally:
        scheduler.stop()


def test_without_a_process_the_job_runs_here(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    HERE.clear()
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    todo = Job("data-quality", 3600, _notes, "", apart=True)
    scheduler = Scheduler(cast.database, cast.ada.registry, jobs=(todo,), apart=True)
    scheduler.start()
    try:
        eventually(lambda: _of(cast, todo)[0].runs, what="the job to run")
        assert len(HERE) == 1
    finally:
        scheduler.stop()


def test_a_job_about_what_a_desk_has_none_of_is_noted_and_not_loaded(any_cast: Cast) -> None:
    todo = Job("idle", 60, late.function("deskterm.nowhere:at_all"), "", ("release", "definitive-item"))
    done = run_job(todo, any_cast.database, any_cast.ada.registry, MONDAY)
    assert (done.changed, done.error) == (0, None)
    assert _of(any_cast, todo)[0].runs == 1
    about_agents = Job("busy", 60, late.function("deskterm.nowhere:at_all"), "", ("release", "agent"))
    assert "nowhere" in str(run_job(about_agents, any_cast.database, any_cast.ada.registry, MONDAY).error)
