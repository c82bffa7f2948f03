"""Summaries of days and months: written once, late but whole, reopened where a fact comes late, at the cost of what changed."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from data.tables.availability import availability_summary
from data.tables.core import record
from deskterm.availability import due
from deskterm.availability.periods import DAY, DAY_SECONDS, MONTH, stretches
from deskterm.availability.summaries import availability_of, sum_up
from deskterm.clock import parse_instant
from deskterm.job_runs import has_nothing_to_do
from deskterm.jobs import JobContext, declared_jobs
from tests.availability.outages import measured, on, outage, service
from tests.desks import MONDAY, Cast

ROWS = (
    select(availability_summary, record.c.title)
    .join(record, record.c.id == availability_summary.c.node_id)
    .order_by(record.c.title, availability_summary.c.starts_at)
)


def run(cast: Cast) -> int:
    """Sum up; where the job says that nothing is due it would indeed have written nothing."""
    was_due = is_due(cast)
    count = sum_up(JobContext("availability-summaries", cast.database, cast.ada.registry, cast.clock.now()))
    assert was_due or not count
    assert not is_due(cast)
    return count


def is_due(cast: Cast) -> bool:
    with cast.database.read() as connection:
        return due.summaries(connection, cast.clock.now())


def rows(cast: Cast, name: str, period: str = DAY) -> list[Any]:
    with cast.database.read() as connection:
        return [row for row in connection.execute(ROWS) if (row.title, row.period) == (name, period)]


def downtime(cast: Cast, name: str, period: str = DAY) -> dict[str, int]:
    return {
        str((row.starts_at - parse_instant("2026-11-01")) // DAY_SECONDS + 1): row.downtime_seconds
        for row in rows(cast, name, period)
    }


def test_days_that_are_over_are_summed_up_once_however_late(any_cast: Cast) -> None:
    service(any_cast.ada, "Shop", A=None)
    outage(any_cast.ada, "A", on("01", "23:00"), on("02", "01:00"))
    assert run(any_cast) > 0
    assert downtime(any_cast, "Shop") == {"1": 3600}
    assert run(any_cast) == 0
    any_cast.clock.at = parse_instant("2026-11-05T10:00:00Z")  # nobody ran the scheduler for three days
    run(any_cast)
    assert downtime(any_cast, "Shop") == {"1": 3600, "2": 3600, "3": 0, "4": 0}
    assert downtime(any_cast, "A") == {"1": 3600, "2": 3600}  # a CI has a row where it was not up
    assert not rows(any_cast, "Shop", MONTH)
    any_cast.clock.at = parse_instant("2026-12-01T00:10:00Z")
    run(any_cast)
    (month,) = rows(any_cast, "Shop", MONTH)
    assert (month.downtime_seconds, month.agreed_seconds, month.outages) == (7200, 30 * DAY_SECONDS, 1)
    assert [share[1] for share in month.attribution] == [7200]


def test_a_late_fact_reopens_what_it_touches_and_what_was_said_stays(any_cast: Cast) -> None:
    cast = any_cast
    number = service(cast.ada, "Shop", A=None, B=None)
    outage(cast.ada, "A", on("01", "10:00"), on("01", "11:00"))
    cast.clock.at = parse_instant("2026-11-04T10:00:00Z")
    run(cast)
    made = outage(cast.ada, "B", on("02", "10:00"), on("02", "12:00"))
    assert run(cast) == 2  # the day of the service and that of the CI: none of the others
    assert downtime(cast, "Shop") == {"1": 3600, "2": 7200, "3": 0}
    (day,) = [row for row in rows(cast, "Shop") if row.revisions]
    assert (day.reopened_at, day.revisions, day.before[0]["downtime_seconds"], day.before[0]["why"]) == (None, 1, 0, made)
    told = [line.text for line in cast.ada.show(number).journal if line.field == "availability"]
    assert told == [f"Availability reopened by {made}: 2026-11-02 said 100 %"]
    cast.ada.edit(made, {"ended_at": on("02", "11:00")})
    run(cast)
    assert downtime(cast, "Shop")["2"] == downtime(cast, "B")["2"] == 3600
    cast.as_("sue").act(made, "withdraw", {"reason": "It was none"})
    run(cast)
    (day,) = [row for row in rows(cast, "Shop") if row.revisions]
    assert (day.downtime_seconds, [one["downtime_seconds"] for one in day.before]) == (0, [0, 7200, 3600])
    assert run(cast) == 0


def test_what_ends_today_reopens_nothing(cast: Cast) -> None:
    service(cast.ada, "Shop", A=None)
    made = outage(cast.ada, "A", on("01", "10:00"), None)
    run(cast)
    assert downtime(cast, "Shop") == {"1": 14 * 3600}
    cast.ada.act(made, "end")
    cast.ada.edit(made, {"note": "The fan"})
    assert run(cast) == 0
    assert not [row for row in rows(cast, "Shop") if row.revisions]


def test_an_incident_that_is_told_late_and_a_relation_that_is_dated_back_are_late_facts(cast: Cast) -> None:
    number = service(cast.ada, "Shop")
    outage(cast.ada, "vpn-gw-1", on("01", "10:00"), on("01", "11:00"))
    cast.clock.at = parse_instant("2026-11-04T10:00:00Z")
    run(cast)
    assert downtime(cast, "Shop") == {"1": 0, "2": 0, "3": 0}
    cast.ada.link(number, "depends-on", "CI-00001", valid_from=0)
    run(cast)
    assert downtime(cast, "Shop") == {"1": 3600, "2": 0, "3": 0}
    late = cast.incident(ci="vpn-gw-1", impact=1, urgency=1, occurred_at=on("03", "20:00"))
    run(cast)
    assert downtime(cast, "Shop") == {"1": 3600, "2": 0, "3": 4 * 3600}
    assert late in str([row.before for row in rows(cast, "Shop") if row.revisions])


def test_a_summary_says_what_measuring_says(cast: Cast) -> None:
    service(cast.ada, "Shop", A=None, B=None)
    outage(cast.ada, "A", on("01", "10:00"), on("01", "11:00"), cause="planned")
    outage(cast.ada, "B", on("01", "10:30"), on("01", "11:30"))
    run(cast)
    found = measured(cast.ada, "Shop")
    (day,) = rows(cast, "Shop")
    assert availability_of(day) == found.availability
    assert (day.planned_seconds, day.outages) == (found.planned_seconds, found.figures.outages)
    assert sorted(share[1] for share in day.attribution) == sorted(share.seconds for share in found.attribution)


@given(st.integers(0, 4_000_000_000), st.integers(0, 100 * DAY_SECONDS), st.sampled_from([DAY, MONTH]))
def test_stretches_are_whole_and_follow_one_another(start: int, length: int, period: str) -> None:
    found = list(stretches(period, start, start + length))
    assert all(one.start >= start and one.end <= start + length for one in found)
    assert all(before.end == after.start for before, after in pairwise(found))
    low, high = (DAY_SECONDS, DAY_SECONDS) if period == DAY else (28 * DAY_SECONDS, 31 * DAY_SECONDS)
    assert all(low <= one.end - one.start <= high for one in found)


def test_nothing_is_summed_up_where_nothing_was_recorded(cast: Cast) -> None:
    assert run(cast) == 0
    cast.clock.at = MONDAY + DAY_SECONDS
    assert run(cast) == 2  # Payroll and Workplace, which nothing is known against


@pytest.mark.parametrize("name", ["availability-summaries"])
def test_the_job_is_declared(name: str) -> None:
    from deskterm.jobs import declared_jobs

    assert name in {job.name for job in declared_jobs()}


def test_it_is_due_when_a_day_is_over_or_a_fact_came_late_and_else_not(any_cast: Cast) -> None:
    service(any_cast.ada, "Shop", A=None)
    assert is_due(any_cast)  # nothing was ever summed up
    run(any_cast)
    any_cast.incident(impact=3, urgency=3)
    outage(any_cast.ada, "A", on("02", "09:00"), None)  # today: the day is not over
    any_cast.ada.edit("OUT-00001", {"note": "Words change nothing"})
    assert not is_due(any_cast)
    outage(any_cast.ada, "A", on("01", "09:00"), on("01", "10:00"))
    assert is_due(any_cast)
    run(any_cast)
    any_cast.clock.advance(DAY_SECONDS)
    assert is_due(any_cast)


def test_a_console_starts_no_process_where_nothing_is_due(cast: Cast) -> None:
    (job,) = (one for one in declared_jobs() if one.name == "availability-summaries")
    service(cast.ada, "Shop", A=None)
    assert not has_nothing_to_do(job, cast.database, cast.clock.now())
    run(cast)
    assert has_nothing_to_do(job, cast.database, cast.clock.now())
    assert not has_nothing_to_do(job, cast.database, cast.clock.now() + DAY_SECONDS)
