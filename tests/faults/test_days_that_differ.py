"""Fault 16: days of 23 and 25 hours and 29 February, on records whose clocks run over them; and calendars that never open."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deskterm.clock import format_instant, parse_instant
from deskterm.doctor import examine
from deskterm.errors import ImportRefused, InvalidInput
from deskterm.exchange.importing import run_import
from deskterm.job_runs import run_due
from tests.desks import Cast
from tests.faults.test_policy_changes import due

SUNDAYS = {"tz": "Europe/Berlin", "hours": {"sun": [["00:00", "24:00"]]}}
TUESDAYS = {"tz": "UTC", "hours": {"tue": [["08:00", "18:00"]]}}


@pytest.mark.parametrize(
    ("calendar", "amount", "logged", "falls_due"),
    [
        # A Sunday of 23 hours, then seven hours of the next, which begins at 22:00 UTC.
        (SUNDAYS, "30h", "2027-03-27T12:00:00Z", "2027-04-04T05:00:00Z"),
        # A Sunday of 25 hours, then five hours of the next, which begins at 23:00 UTC.
        (SUNDAYS, "30h", "2027-10-30T12:00:00Z", "2027-11-07T04:00:00Z"),
        # The hour that is there twice counts twice: two o'clock comes, and comes again.
        (SUNDAYS, "4h", "2027-10-30T12:00:00Z", "2027-10-31T02:00:00Z"),
        # Ten hours of 29 February, and two of a week later.
        (TUESDAYS, "12h", "2028-02-28T12:00:00Z", "2028-03-07T10:00:00Z"),
    ],
    ids=["23 hours", "25 hours", "twice two o'clock", "29 February"],
)
def test_a_clock_that_runs_over_such_a_day_is_exact(
    any_cast: Cast, calendar: dict[str, Any], amount: str, logged: str, falls_due: str
) -> None:
    ada = any_cast.ada
    ada.create("calendar", {"name": "Odd days", **calendar})
    ada.create("agreement", {"name": "Odd", "calendar": "Odd days", "service": "Payroll", "valid_from": "2020-01-01"})
    ada.create("target", {"agreement": "Odd", "metric": "resolution", "amount_seconds": amount, "unit": "business-hours"})
    any_cast.clock.at = parse_instant(logged)
    number = any_cast.incident(service="Payroll")
    reached = due(any_cast, number)
    assert reached is not None
    assert format_instant(reached) == falls_due
    any_cast.clock.at = reached + 86_400
    run_due(any_cast.database, ada.registry, any_cast.clock)
    [clock] = [one for one in ada.show(number).clocks if one.metric == "resolution"]
    assert clock.reading.breached_at == reached, "late to look, and exact"
    assert examine(any_cast.database, clock=any_cast.clock) == []


@pytest.mark.parametrize("hours", [{}, {"mon": [], "sun": []}, {"mon": [["08:00", "08:00"]]}], ids=str)
def test_a_calendar_without_working_time_is_refused_by_name(any_cast: Cast, tmp_path: Path, hours: dict[str, Any]) -> None:
    ada, calendars = any_cast.ada, any_cast.ada.prepare(["calendar"], "")
    attempts: tuple[Callable[[], object], ...] = (
        lambda: ada.create("calendar", {"name": "Never", "tz": "UTC", "hours": hours}),
        lambda: ada.edit("CAL-00001", {"hours": hours}),
    )
    for attempt in attempts:
        with pytest.raises(InvalidInput) as refusal:
            attempt()
        assert {field.partition(".")[0] for field in refusal.value.fields} == {"hours"}
    table = tmp_path / "calendar.csv"
    table.write_text(f'name,tz,hours\nNever,UTC,"{str(hours).replace(chr(39), chr(34) * 2)}"\n')
    with pytest.raises(ImportRefused) as refused:
        run_import(ada, "csv", table)
    assert [(row.line, row.field.partition(".")[0]) for row in refused.value.rows] == [(2, "hours")]
    assert ada.count(calendars) == 1
    assert examine(any_cast.database, clock=any_cast.clock) == []
