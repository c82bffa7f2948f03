"""The forward schedule of change, what it does to services, and the calendar file that other programs read."""

from __future__ import annotations

from typing import Any

import pytest
from icalendar import Calendar

from deskterm.change.schedule import forward, projected
from deskterm.errors import InvalidInput
from tests.change.changing import HOUR, RFC, assessing, rfc
from tests.cli.shell import Shell
from tests.desks import Cast

START, END = RFC["window_start"], RFC["window_end"]
DAY = 24 * HOUR


def approved(cast: Cast, **values: Any) -> str:
    number = assessing(cast.as_("bob"), **values)
    cast.as_("sue").act(number, "approve")
    return number


def databases(cast: Cast) -> None:
    """Two databases of which Payroll needs one, and a cache that it merely uses."""
    for name in ("db-1", "db-2", "cache"):
        cast.ada.create("ci", {"name": name, "type": "database"})
    for number in ("CI-00002", "CI-00003"):
        cast.ada.link(number, "part-of", "SVC-00002", group="databases", need=1)
    cast.ada.link("SVC-00002", "uses", "CI-00004")


def test_the_schedule_holds_what_is_planned_with_its_clashes_and_freezes(any_cast: Cast) -> None:
    late = approved(any_cast, window_start=START + HOUR, window_end=END + HOUR)
    early = assessing(any_cast.as_("eve"), assignee="eve")
    rfc(any_cast.as_("eve"))
    approved(any_cast, window_start=END + 5 * DAY, window_end=END + 6 * DAY)
    freeze = {"summary": "Payroll run", "starts_at": END, "ends_at": END + HOUR, "services": ["Payroll"]}
    any_cast.ada.create("freeze", freeze)
    found = forward(any_cast.as_("bob"), START, START + DAY)
    assert [(slot.number, slot.conflicts, slot.state) for slot in found.slots] == [
        (early, (late,), "assessing"), (late, (early,), "approved"),
    ]  # fmt: skip
    assert (found.slots[0].assignee, found.slots[0].cis) == ("eve", ("vpn-gw-1",))
    assert [(one.number, one.covers) for one in found.freezes] == [("FRZ-00001", "Payroll")]
    with pytest.raises(InvalidInput):
        forward(any_cast.ada, END, START)


def test_services_are_down_where_the_graph_says_so_and_only_for_what_was_decided(any_cast: Cast) -> None:
    databases(any_cast)
    number = approved(any_cast)
    assessing(any_cast.as_("bob"), window_end=END + HOUR)
    approved(any_cast, cis=["cache"], window_start=START, window_end=START + HOUR)
    found = projected(any_cast.ada, START - HOUR, START + 9 * HOUR)
    assert [(one.service, one.down_seconds, one.degraded_seconds) for one in found] == [
        ("Workplace", 2 * HOUR, 0), ("Payroll", 0, HOUR),
    ]  # fmt: skip
    assert found[0].outages == ((START, END, (number,)),)
    assert found[0].availability == pytest.approx(80.0)


def test_two_members_of_a_group_that_are_away_together_take_the_service_down(cast: Cast) -> None:
    databases(cast)
    one = approved(cast, cis=["db-1"])
    two = approved(cast, cis=["db-2"], window_start=START + HOUR, window_end=END + HOUR)
    (payroll,) = projected(cast.ada, START, START + DAY)
    assert (payroll.down_seconds, payroll.degraded_seconds) == (HOUR, 2 * HOUR)
    assert payroll.outages == ((START + HOUR, END, (one, two)),)


@pytest.mark.parametrize(
    ("values", "down", "degraded"),
    [({"downtime_seconds": "15m"}, 900, 0), ({"disruption": "degraded"}, 0, 2 * HOUR), ({"disruption": "none"}, 0, 0)],
)
def test_downtime_and_disruption_are_what_the_request_says(cast: Cast, values: dict[str, Any], down: int, degraded: int) -> None:
    approved(cast, **values)
    found = projected(cast.ada, START, START + DAY)
    assert [(one.down_seconds, one.degraded_seconds) for one in found] == ([(down, degraded)] if down + degraded else [])


def test_a_calendar_program_reads_the_schedule_and_knows_a_moved_change_again(cast: Cast, shell: Shell) -> None:
    number = approved(cast)
    undecided = assessing(cast.as_("bob"), summary="Zażółć; a, b\\n")
    before = {str(event["SUMMARY"]).split()[0]: event for event in _events(shell)}
    assert before[number]["DTSTART"].dt.timestamp() == START
    assert before[number]["DTEND"].dt.timestamp() == END
    assert (before[number]["STATUS"], before[undecided]["STATUS"]) == ("CONFIRMED", "TENTATIVE")
    assert str(before[undecided]["SUMMARY"]) == f"{undecided} Zażółć; a, b\\n"
    cast.clock.advance(60)
    cast.as_("sue").act(number, "schedule", {"window_start": START + DAY, "window_end": END + DAY})
    cast.ada.act(undecided, "cancel")
    after = {str(event["SUMMARY"]).split()[0]: event for event in _events(shell, "state:any")}
    assert after[number]["UID"] == before[number]["UID"] != after[undecided]["UID"]
    assert after[number]["SEQUENCE"] > before[number]["SEQUENCE"]
    assert after[number]["DTSTART"].dt.timestamp() == START + DAY
    assert after[undecided]["STATUS"] == "CANCELLED"


def _events(shell: Shell, query: str = "") -> list[Any]:
    written = shell.ok("export", "change", *([query] if query else []), "--format", "ics")
    return list(Calendar.from_ical(written).walk("VEVENT"))
