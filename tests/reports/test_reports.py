"""Reports on a desk whose history is known by heart: every figure worked out by hand, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deskterm.clock import parse_instant
from deskterm.errors import BadQuery, InvalidInput, NotAllowed
from deskterm.reports import REPORTS, Period, run
from tests.desks import MONDAY, Cast, cast_on, sqlite_file

MINUTE, HOUR, DAY = 60, 3600, 86400
WEEK = Period(MONDAY - HOUR, MONDAY + 7 * DAY)


def _tell_the_story(cast: Cast) -> dict[str, str]:
    """Five incidents of one week. Office hours are 07:00Z to 17:00Z; a response is due in 1 h, a resolution in 4 h or 8 h."""
    clock, bob = cast.clock, cast.as_("bob")
    numbers = {}
    # quick: noticed after 10 minutes, resolved after 30, never seen again.
    numbers["quick"] = cast.incident(category="mail", team="desk")
    clock.advance(10 * MINUTE)
    bob.act(numbers["quick"], "start")
    clock.advance(20 * MINUTE)
    bob.act(numbers["quick"], "resolve", {"code": "solved", "solution": "restarted it"})
    # slow: handed to the network team after an hour, waits two hours for the caller, late for its 4 hours (P1).
    numbers["slow"] = cast.incident(category="network", impact=1, urgency=1)
    clock.advance(HOUR + MINUTE)
    bob.act(numbers["slow"], "assign", {"team": "desk"})
    bob.act(numbers["slow"], "assign", {"team": "network"})
    bob.act(numbers["slow"], "pend", {"reason": "caller", "message": "Which gateway?"})
    clock.advance(2 * HOUR)
    bob.act(numbers["slow"], "resume")
    clock.advance(4 * HOUR)
    bob.act(numbers["slow"], "resolve", {"code": "solved", "solution": "replaced the gateway"})
    # back: resolved at once, reopened a day later, resolved again an hour after that.
    clock.at = MONDAY + DAY
    numbers["back"] = cast.incident(category="mail", team="desk")
    clock.advance(5 * MINUTE)
    bob.act(numbers["back"], "resolve", {"code": "solved", "solution": "flushed it"})
    clock.advance(DAY)
    bob.act(numbers["back"], "reopen")
    clock.advance(HOUR)
    bob.act(numbers["back"], "resolve", {"code": "solved", "solution": "flushed it for good"})
    # twice: cancelled, and so resolved by nobody.
    numbers["twice"] = cast.incident(category="mail")
    bob.act(numbers["twice"], "cancel", {"reason": "logged twice"})
    # left: nobody has looked at it, and by Friday it is late.
    numbers["left"] = cast.incident(category="mail", impact=1, urgency=1)
    clock.at = MONDAY + 4 * DAY
    return numbers


@pytest.fixture(params=["sqlite", "postgresql"])
def told(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Cast]:
    location = sqlite_file(tmp_path) if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    with cast_on(location) as cast:
        _tell_the_story(cast)
        yield cast


def _rows(data: Any, key: str) -> dict[str, Any]:
    return {row[key]: row for row in data["rows"]}


def test_incidents_are_reckoned_from_the_journal(told: Cast) -> None:
    data = run(told.as_("sue"), "incidents", WEEK, {}).data
    total, rows = data["total"], _rows(data, "group")
    assert (total["opened"], total["resolved"], total["backlog"]) == (5, 3, 1)
    gross = [30 * MINUTE, 7 * HOUR + MINUTE, DAY + HOUR + 5 * MINUTE]
    assert total["mttr_gross_mean_seconds"] == round(sum(gross) / 3)
    assert (total["mttr_gross_median_seconds"], total["mttr_gross_p90_seconds"]) == (gross[1], gross[2])
    net = [30 * MINUTE, 5 * HOUR + MINUTE, HOUR + 5 * MINUTE]
    assert total["mttr_net_mean_seconds"] == round(sum(net) / 3)
    assert (total["mttr_net_median_seconds"], total["mttr_net_p90_seconds"]) == (net[2], net[1])
    assert rows["network"]["mtta_seconds"] == HOUR + MINUTE
    assert (rows["mail"]["opened"], rows["mail"]["backlog"]) == (4, 1)
    assert rows["mail"]["backlog_ages"] == {"0-1": 0, "2-7": 1, "8-30": 0, "over-30": 0}


def test_agreements_are_judged_as_the_live_board_judges(told: Cast) -> None:
    data = run(told.as_("sue"), "sla", WEEK, {}).data
    rows = {(row["metric"], len(row["priorities"])): row for row in data["rows"]}
    response, urgent, usual = rows["response", 0], rows["resolution", 2], rows["resolution", 3]
    # Answered in time: quick and back; slow an hour and a minute late, left never; twice is neither.
    assert (response["met"], response["missed"], response["met_percent"]) == (2, 2, 50.0)
    assert (urgent["met"], urgent["missed"], urgent["met_percent"]) == (0, 2, 0.0)
    assert (usual["met"], usual["missed"]) == (2, 0)
    assert data["total"] == {"met": 4, "missed": 4, "met_percent": 50.0}
    assert set(data["formulas"]) >= {"met", "missed", "met_percent"}
    other = run(told.as_("sue"), "sla", Period(MONDAY + 20 * DAY, MONDAY + 27 * DAY), {}).data
    assert {row["met_percent"] for row in other["rows"]} == {None}


def test_a_clock_that_is_overdue_but_has_not_fired_is_missed(told: Cast) -> None:
    with told.database.read() as connection:
        from sqlalchemy import func, select

        from data.tables.service_level import clock

        unfired = connection.execute(select(func.count()).where(clock.c.next_at < told.clock.now())).scalar_one()
    assert unfired, "nobody ran the breach check, so the overdue clocks have not fired"
    row = run(told.as_("sue"), "sla", WEEK, {"query": "priority:1 state:new"}).data["total"]
    assert row == {"met": 0, "missed": 2, "met_percent": 0.0}


def test_the_service_desk_knows_what_it_solved_at_first_contact(told: Cast) -> None:
    data = run(told.as_("sue"), "service-desk", WEEK, {}).data
    rows = _rows(data, "measure")
    # quick alone: slow went to another team, back came back.
    assert (rows["first_contact_resolution_percent"]["part"], rows["first_contact_resolution_percent"]["whole"]) == (1, 3)
    assert rows["first_line_fix_percent"]["part"] == 2
    assert data["first_response_median_seconds"] == 10 * MINUTE
    assert data["first_response_p90_seconds"] == HOUR + MINUTE
    assert (data["backlog"], data["opened"], data["resolved"]) == (1, 5, 3)
    assert data["backlog_age_mean_seconds"] == 2 * DAY - (HOUR + 5 * MINUTE)
    assert data["reopened_percent"] == pytest.approx(100 / 3)
    assert data["reassignments_per_record"] == pytest.approx(1 / 3)
    assert data["satisfaction_mean"] is None
    assert data["satisfaction_response_percent"] == 0
    assert set(rows) <= set(data["formulas"])


def test_contacts_are_counted_by_channel_and_outcome(told: Cast) -> None:
    bob = told.as_("bob")
    for channel in ("phone", "phone", "mail"):
        bob.create("interaction", {"summary": "asks", "channel": channel, "outcome": "answered"})
    data = run(told.as_("sue"), "service-desk", Period(), {}).data
    assert data["contacts"] == 3
    assert data["contacts_by"] == {"channels": {"mail": 1, "phone": 2}, "outcomes": {"answered": 3}}


def test_a_query_and_fields_narrow_a_report(told: Cast) -> None:
    sue = told.as_("sue")
    assert run(sue, "incidents", WEEK, {"category": "network"}).data["total"]["opened"] == 1
    assert run(sue, "incidents", WEEK, {"query": "priority:1 OR category:network"}).data["total"]["opened"] == 2
    assert run(sue, "incidents", WEEK, {"query": "priority:1 OR category:network", "team": "none"}).data["total"]["opened"] == 1
    assert run(sue, "incidents", WEEK, {"category": 'x" OR category:"mail'}).data["total"]["opened"] == 0
    groups = {row["group"] for row in run(sue, "incidents", WEEK, {"by": "team"}).data["rows"]}
    assert groups == {"desk", "network", None}
    with pytest.raises(InvalidInput, match="does not take 'colour'"):
        run(sue, "incidents", WEEK, {"colour": "red"})
    with pytest.raises(InvalidInput, match="not by 'colour'"):
        run(sue, "incidents", WEEK, {"by": "colour"})
    with pytest.raises(BadQuery):
        run(sue, "sla", WEEK, {"query": "colour:red"})


def test_a_past_period_looks_as_it_looked_then(told: Cast) -> None:
    sue = told.as_("sue")
    morning = Period(MONDAY, MONDAY + HOUR)
    total = run(sue, "incidents", morning, {}).data["total"]
    assert (total["opened"], total["resolved"], total["backlog"]) == (2, 1, 1)
    assert run(sue, "incidents", Period(MONDAY - 60 * DAY, MONDAY - 30 * DAY), {}).data["total"]["mtta_seconds"] is None


def test_a_shift_is_previewed_and_what_was_frozen_is_shown(told: Cast) -> None:
    bob = told.as_("bob")
    bob.act("INC-00005", "assign", {"team": "network"})
    preview = run(bob, "handover", Period(), {"team": "network"})
    assert [(row["section"], row["number"]) for row in preview.rows] == [("urgent", "INC-00005")]
    assert told.ada.count(told.ada.prepare(["handover"], "")) == 0, "a preview keeps nothing"
    now = told.clock.now()
    times = {"starts_at": now - 8 * HOUR, "ends_at": now, "next_ends_at": now + 8 * HOUR}
    number = bob.create("handover", {"team": "network", **times, "note": "The VPN is shaky"}).number
    frozen = run(bob, "handover", Period(), {"number": number})
    assert [(row["section"], row["answer"]) for row in frozen.rows] == [("urgent", "open"), ("note", "open")]
    assert frozen.data["unanswered"] == 2
    assert run(bob, "handover", Period(), {}).data["number"] == number, "without a word the newest of one's teams"
    assert run(told.ada, "handover", Period(), {}).data["number"] == number, "else the newest of all"


def test_without_a_handover_the_report_says_what_to_do(tmp_path: Path) -> None:
    with cast_on(sqlite_file(tmp_path)) as cast, pytest.raises(InvalidInput, match="no shift was handed over yet; team=NAME"):
        run(cast.as_("bob"), "handover", Period(), {})


@pytest.mark.parametrize("name", sorted(REPORTS))
def test_a_report_is_not_for_requesters_and_every_row_fits_its_columns(tmp_path: Path, name: str) -> None:
    options = {"team": "network"} if name == "handover" else {}
    with cast_on(sqlite_file(tmp_path)) as cast:
        with pytest.raises(NotAllowed, match="desk's own people"):
            run(cast.as_("maria"), name, Period(), options)
        found = run(cast.as_("ron"), name, Period(), options)
        assert all(len(line) == len(found.columns) for line in found.shown())
        assert {"from", "to", "rows", "formulas"} <= found.data.keys()
        with pytest.raises(InvalidInput, match="ends after it begins"):
            run(cast.as_("ron"), name, Period(parse_instant("2026-11-02"), parse_instant("2026-11-01")), options)


def test_an_unknown_report_is_refused(tmp_path: Path) -> None:
    with cast_on(sqlite_file(tmp_path)) as cast, pytest.raises(InvalidInput, match="there are: service-desk, incidents"):
        run(cast.ada, "weather", Period(), {})
