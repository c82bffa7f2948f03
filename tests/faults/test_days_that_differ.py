"""Fault 16: days of 23 and 25 hours and 29 February, on records whose clocks run over them; and calendars that never open."""

from __future__ import annotations

from collections.abc import Callable
from importlib import resources
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
from tests.faults.test_writing_together import location_of
from tests.processes import processes

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


UPDATED = """
import sys, zoneinfo
zoneinfo.reset_tzpath(to=[sys.argv[1]])
from deskterm.bootstrap import open_desk
from deskterm.clock import FrozenClock
from deskterm.doctor import examine
from deskterm.job_runs import run_due

clock = FrozenClock(int(sys.argv[3]))
desk = open_desk(sys.argv[2], "ada", clock=clock)
failed = [run.error for run in run_due(desk.database, desk.registry, clock) if run.error]
for number in sys.argv[4:]:
    [found] = [one for one in desk.show(number).clocks if one.metric == "resolution"]
    print(found.reading.due_at, found.reading.breached_at or 0, found.reading.elapsed_seconds)
print(failed, [one.message for one in examine(desk.database, clock=clock) if one.severity == "error"])
"""


def test_a_zone_whose_rule_an_update_changed_moves_what_runs_and_nothing_that_is_done(any_cast: Cast, tmp_path: Path) -> None:
    """Berlin gives up summer time while a ticket waits for the morning: ten o'clock is an hour later than it was to be."""
    done = any_cast.incident(impact=1, urgency=1)
    any_cast.clock.advance(1800)
    any_cast.as_("bob").act(done, "resolve", {"code": "solved", "solution": "Rebooted."})
    past = due(any_cast, done)
    any_cast.clock.at = parse_instant("2027-07-06T20:00:00Z")
    running = any_cast.incident(impact=1, urgency=1)
    was = parse_instant("2027-07-07T10:00:00Z")
    assert due(any_cast, running) == was, "four hours from eight in the morning, in summer time"
    zones = tmp_path / "zones" / "Europe"
    zones.mkdir(parents=True)
    (zones / "Berlin").write_bytes(resources.files("tzdata").joinpath("zoneinfo", "Etc", "GMT-1").read_bytes())

    def after_the_update(at: int) -> list[str]:
        command = ("-c", UPDATED, str(zones.parent), location_of(any_cast), str(at), done, running)
        with processes(command) as [process]:
            code, out, err = process.finish()
        assert code == 0, err
        return out.splitlines()

    for at, breached in ((was + 1800, 0), (was + 7200, was + 3600)):
        [old, new, trouble] = after_the_update(at)
        assert old.split() == [str(past), "0", "1800"]
        assert new.split()[:2] == [str(was + 3600), str(breached)], "exact by the rule of today, fired neither early nor twice"
        assert trouble == "[] []"
