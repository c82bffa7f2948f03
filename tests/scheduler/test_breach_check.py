"""The breach check: at the computed instant, once, however late, however often, whatever one record does to it."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select, text, update

from data.queries import clocks as q
from data.tables.core import job_fault, journal, record
from data.tables.service_level import clock, clock_event
from deskterm.errors import DatabaseError
from deskterm.job_runs import JobRun, run_due, status
from deskterm.jobs import RETRY_SECONDS, JobContext
from tests.desks import MONDAY, Cast
from tests.scheduler.plans import query_plan

HOUR = 3600


def check(cast: Cast) -> JobRun:
    return run_due(cast.database, cast.ada.registry, cast.clock, "breach-check")[0]


def fired(cast: Cast) -> list[tuple[str, int, int]]:
    """Return metric, percentage and instant of everything that fired, journal and events agreeing."""
    with cast.database.read() as connection:
        events = connection.execute(
            select(clock.c.metric, clock_event.c.threshold, clock_event.c.at).join(clock, clock.c.id == clock_event.c.clock_id)
        ).all()
        entries = connection.execute(select(journal.c.field, journal.c.new, journal.c.at).where(journal.c.what == "clock")).all()
    assert sorted(map(tuple, events)) == sorted(map(tuple, entries))
    return sorted(map(tuple, events), key=lambda one: (one[2], one[1]))


def test_warnings_and_breaches_carry_the_instant_they_happened_at(any_cast: Cast) -> None:
    any_cast.incident(impact=1, urgency=1)
    any_cast.clock.advance(5 * HOUR)
    assert check(any_cast).changed == 1
    assert fired(any_cast) == [
        ("response", 75, MONDAY + 2700),
        ("response", 90, MONDAY + 3240),
        ("response", 100, MONDAY + HOUR),
        ("resolution", 75, MONDAY + 3 * HOUR),
        ("resolution", 90, MONDAY + 12960),
        ("resolution", 100, MONDAY + 4 * HOUR),
    ]
    assert check(any_cast).changed == 0
    assert len(fired(any_cast)) == 6


def test_nothing_fires_early(cast: Cast) -> None:
    number = cast.incident(impact=1, urgency=1)
    cast.clock.advance(2699)
    assert check(cast).changed == 0
    cast.clock.advance(1)
    check(cast)
    assert [one[1] for one in fired(cast)] == [75]
    cast.clock.advance(900)
    check(cast)
    assert [one[1] for one in fired(cast)] == [75, 90], "met in the very second of the due instant would still be met"
    cast.clock.advance(1)
    check(cast)
    assert [one[1] for one in fired(cast)] == [75, 90, 100]
    assert cast.ada.show(number).extra["clock_state"] == "breached"


def test_paused_and_met_clocks_never_fire(cast: Cast) -> None:
    bob = cast.as_("bob")
    waiting, done = cast.incident(), cast.incident()
    bob.act(waiting, "pend", {"reason": "caller", "message": "Which printer?"})
    bob.act(done, "resolve", {"code": "solved", "solution": "Plugged it in."})
    cast.clock.advance(30 * 86400)
    assert check(cast).changed == 0
    assert fired(cast) == []


def test_a_clock_set_back_fires_nothing_again(cast: Cast) -> None:
    number = cast.incident(impact=1, urgency=1)
    cast.clock.advance(2 * HOUR)
    check(cast)
    before = fired(cast)
    cast.clock.advance(-HOUR - 1)
    check(cast)
    cast.as_("bob").edit(number, {"urgency": 2})
    cast.as_("bob").edit(number, {"urgency": 1})
    check(cast)
    cast.clock.advance(HOUR + 1)
    check(cast)
    assert fired(cast) == before


def test_two_that_check_at_once_fire_once(any_cast: Cast) -> None:
    for _ in range(20):
        any_cast.incident(impact=1, urgency=1)
    any_cast.clock.advance(5 * HOUR)
    barrier = threading.Barrier(4)
    runs: list[JobRun] = []

    def once() -> None:
        barrier.wait()
        runs.append(check(any_cast))

    threads = [threading.Thread(target=once) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [run.error for run in runs] == [None] * 4
    assert len(fired(any_cast)) == 20 * 6
    with any_cast.database.read() as connection:
        assert connection.execute(select(job_fault)).all() == []


def _poison(cast: Cast, number: str) -> int:
    """Damage a record as no program of ours would: a kind that nobody declares."""
    with cast.database.write() as connection:
        key: int = connection.execute(select(record.c.id).where(record.c.number == number)).scalar_one()
        connection.execute(update(record).where(record.c.id == key).values(kind="gone"))
    return key


def test_a_record_that_cannot_be_judged_is_set_apart_and_holds_up_nobody(any_cast: Cast) -> None:
    numbers = [any_cast.incident(impact=1, urgency=1) for _ in range(5)]
    key = _poison(any_cast, numbers[0])
    any_cast.clock.advance(5 * HOUR)
    run = check(any_cast)
    assert (run.changed, run.error) == (4, None)
    assert len(fired(any_cast)) == 4 * 6
    with any_cast.database.read() as connection:
        [fault] = connection.execute(select(job_fault)).all()
    assert (fault.job, fault.subject, fault.attempts) == ("breach-check", key, 1)
    assert "there is no kind 'gone'" in fault.message
    shown = {job.name: job.faults for job in status(any_cast.database, any_cast.clock).jobs}
    assert shown["breach-check"] == 1


def test_what_was_set_apart_is_tried_again_ever_later_and_forgotten_once_it_works(cast: Cast) -> None:
    number = cast.incident(impact=1, urgency=1)
    key = _poison(cast, number)
    cast.clock.advance(5 * HOUR)

    def attempts() -> list[int]:
        with cast.database.read() as connection:
            return [row.attempts for row in connection.execute(select(job_fault.c.attempts))]

    check(cast)
    check(cast)
    assert attempts() == [1], "not before its time"
    cast.clock.advance(RETRY_SECONDS)
    check(cast)
    assert attempts() == [2]
    cast.clock.advance(RETRY_SECONDS)
    check(cast)
    assert attempts() == [2], "twice as long each time"
    with cast.database.write() as connection:
        connection.execute(update(record).where(record.c.id == key).values(kind="incident"))
    cast.clock.advance(RETRY_SECONDS)
    assert check(cast).changed == 1
    assert attempts() == []
    assert len(fired(cast)) == 6


def test_more_poisoned_records_than_a_batch_hold_up_nobody(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from deskterm.service_level import jobs

    monkeypatch.setattr(jobs, "BATCH", 3)
    for number in [cast.incident(impact=1, urgency=1) for _ in range(7)]:
        _poison(cast, number)
    cast.clock.advance(1)
    cast.incident(impact=1, urgency=1)
    cast.clock.advance(5 * HOUR)
    assert check(cast).changed == 1
    assert check(cast).changed == 0


def test_eight_hours_without_a_scheduler_are_made_up_in_short_transactions(cast: Cast) -> None:
    for _ in range(120):
        cast.incident(impact=1, urgency=1)
    cast.clock.advance(8 * HOUR)
    late = {job.name for job in status(cast.database, cast.clock).overdue}
    assert "breach-check" in late
    assert check(cast).changed == 120
    assert "breach-check" not in {job.name for job in status(cast.database, cast.clock).overdue}
    with cast.database.read() as connection:
        sizes = connection.execute(text("SELECT records FROM operation WHERE what = 'breach-check'")).scalars().all()
    assert sum(sizes) == 120
    assert max(sizes) <= 50
    assert len(fired(cast)) == 120 * 6


def test_a_record_that_somebody_holds_is_left_for_later(postgres_cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """A frozen console holds what it was about to write; SQLite knows no such thing, there it holds the file."""
    monkeypatch.setattr("deskterm.jobs.LOCK_MILLISECONDS", 100)
    held = postgres_cast.incident(impact=1, urgency=1)
    for _ in range(3):
        postgres_cast.incident(impact=1, urgency=1)
    postgres_cast.clock.advance(5 * HOUR)
    with postgres_cast.database.write() as other:
        other.execute(select(record.c.id).where(record.c.number == held).with_for_update())
        assert check(postgres_cast).changed == 3
    assert len(fired(postgres_cast)) == 3 * 6
    postgres_cast.clock.advance(RETRY_SECONDS)
    assert check(postgres_cast).changed == 1
    assert len(fired(postgres_cast)) == 4 * 6


def test_a_leader_that_freezes_in_a_transaction_holds_nothing_for_long(
    postgres_cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deskterm.jobs.IDLE_MILLISECONDS", 200)
    number = postgres_cast.incident()
    context = JobContext("frozen", postgres_cast.database, postgres_cast.ada.registry, postgres_cast.clock.now())

    def freeze() -> None:
        with context.unit() as unit:
            unit.connection.execute(select(record.c.id).where(record.c.number == number).with_for_update())
            postgres_cast.as_("bob").act(number, "take")  # which waits until PostgreSQL has thrown the frozen one out
            unit.connection.execute(select(record.c.id))

    with pytest.raises(DatabaseError):
        freeze()
    assert postgres_cast.ada.show(number).version == 2


def test_the_check_reads_by_what_is_due(cast: Cast) -> None:
    plan = query_plan(cast, q.DUE, {"now": 1, "next_at": -1, "clock_id": 0, "limit": 10})
    assert "SEARCH clock USING INDEX ix_clock_next" in plan
    assert "SCAN" not in plan
    assert "TEMP B-TREE" not in plan
