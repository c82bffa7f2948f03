"""Clocks on real records: the worked examples through the process, re-targeting, reopening, frozen judgements, holidays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from deskterm.clock import format_instant, parse_instant
from deskterm.desk import Desk
from deskterm.errors import InvalidInput, WorkflowRefused
from deskterm.service_level.clock_views import ClockView, called
from tests.desks import OFFICE, WEEKDAYS, Cast


def _clock(desk: Desk, number: str, metric: str = "resolution") -> ClockView:
    return called(desk.show(number).clocks, metric)[0]


def _agree(cast: Cast, calendar: Mapping[str, Any], *targets: Mapping[str, Any], **values: Any) -> None:
    """Make a calendar and an agreement for Globex alone, more specific than the standard one."""
    cast.ada.create("calendar", {**calendar, "name": "Theirs"})
    cast.ada.create(
        "agreement", {"name": "Globex", "customer": "Globex", "calendar": "Theirs", "valid_from": "2010-01-01", **values}
    )
    for target in targets:
        cast.ada.create("target", {"agreement": "Globex", "unit": "business-hours", **target})


def _at(cast: Cast, text: str) -> int:
    cast.clock.at = parse_instant(text)
    return cast.clock.at


def _report(cast: Cast) -> str:
    return cast.incident(requester="Hank Scorpio")


def test_worked_example_a_monday_evening(any_cast: Cast) -> None:
    _agree(any_cast, {"tz": "Europe/Berlin", "hours": {d: [["08:00", "18:00"]] for d in WEEKDAYS}}, {
        "metric": "resolution", "amount_seconds": "4h", "warn_percent": [75],
    })  # fmt: skip
    _at(any_cast, "2026-11-02T16:00:00Z")
    clock = _clock(any_cast.ada, _report(any_cast))
    assert format_instant(clock.due_at or 0) == "2026-11-03T10:00:00Z"
    assert [format_instant(w.at) for w in clock.reading.warn_at] == ["2026-11-03T09:00:00Z"]


@pytest.mark.parametrize(("hold", "due"), [(3600, "2026-11-05T18:00:00Z"), (3601, "2026-11-06T10:00:01Z")])
def test_worked_example_b_on_hold(cast: Cast, hold: int, due: str) -> None:
    _agree(cast, {"tz": "UTC", "hours": {d: [["10:00", "18:00"]] for d in WEEKDAYS}}, {
        "metric": "resolution", "amount_seconds": "2h",
    })  # fmt: skip
    _at(cast, "2026-11-05T15:00:00Z")
    number, bob = _report(cast), cast.as_("bob")
    _at(cast, "2026-11-05T15:30:00Z")
    bob.act(number, "assign", {"team": "network"})
    bob.act(number, "pend", {"reason": "supplier"})
    cast.clock.advance(hold)
    bob.act(number, "resume")
    assert format_instant(_clock(bob, number).due_at or 0) == due


def test_worked_example_c_response_and_resolution_used(cast: Cast) -> None:
    every = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    _agree(cast, {"tz": "Europe/Berlin", "hours": {d: [["09:00", "18:00"]] for d in every}},
           {"metric": "response", "amount_seconds": "120m"}, {"metric": "resolution", "amount_seconds": "250m"})  # fmt: skip
    _at(cast, "2013-06-04T09:00:00Z")
    number, bob = _report(cast), cast.as_("bob")
    _at(cast, "2013-06-04T10:00:00Z")
    bob.act(number, "assign", {"team": "network"})
    bob.act(number, "pend", {"reason": "supplier"})
    _at(cast, "2013-06-04T10:30:00Z")
    bob.act(number, "resume")
    _at(cast, "2013-06-04T10:45:00Z")
    bob.note(number, "We are on it.", public=True)
    _at(cast, "2013-06-04T12:00:00Z")
    bob.act(number, "resolve", {"code": "solved", "solution": "restarted"})
    bob.act(number, "close")
    assert _clock(bob, number, "response").elapsed_seconds == 75 * 60
    assert _clock(bob, number).elapsed_seconds == 150 * 60
    assert {clock.state for clock in bob.show(number).clocks} == {"met"}


def test_worked_example_d_a_holiday(cast: Cast) -> None:
    hours = {d: [["08:00", "20:00"]] for d in WEEKDAYS}
    _agree(cast, {"tz": "Europe/Berlin", "hours": hours, "holidays": ["2016-11-01"]},
           {"metric": "response", "amount_seconds": "120m"}, {"metric": "resolution", "amount_seconds": "1200m"})  # fmt: skip
    _at(cast, "2016-11-01T13:56:21Z")
    number = _report(cast)
    assert format_instant(_clock(cast.ada, number, "response").due_at or 0) == "2016-11-02T09:00:00Z"
    assert format_instant(_clock(cast.ada, number).due_at or 0) == "2016-11-03T15:00:00Z"


def test_segments_add_up_and_say_why(cast: Cast) -> None:
    number, bob = cast.incident(team="network"), cast.as_("bob")
    bob.act(number, "pend", {"reason": "caller", "message": "Which dock?"})
    cast.clock.advance(5400)
    bob.act(number, "resume")
    cast.clock.advance(30 * 3600)
    clock = _clock(bob, number)
    assert sum(s.counted_seconds for s in clock.segments) == clock.elapsed_seconds
    assert [(s.state.value, s.reason) for s in clock.segments[:3]] == [
        ("paused", "waiting for caller"),
        ("open", ""),
        ("closed", "outside service hours"),
    ]
    assert clock.segments[0].from_at == clock.history.started_at


def test_a_change_of_priority_retargets_from_the_start_and_keeps_pauses(any_cast: Cast) -> None:
    number, bob = any_cast.incident(team="network", impact=3, urgency=3), any_cast.as_("bob")
    bob.act(number, "pend", {"reason": "supplier"})
    any_cast.clock.advance(3600)
    bob.act(number, "resume")
    before = _clock(bob, number)
    bob.edit(number, {"impact": 1, "urgency": 1})
    after = _clock(bob, number)
    assert (before.target_seconds, after.target_seconds) == (8 * 3600, 4 * 3600)
    assert after.elapsed_seconds == before.elapsed_seconds
    assert after.due_at == after.history.started_at + 5 * 3600


def test_the_clock_starts_when_it_happened_not_when_it_was_typed(cast: Cast) -> None:
    number = cast.incident(occurred_at=format_instant(cast.clock.at - 1800))
    assert _clock(cast.ada, number).elapsed_seconds == 1800
    with pytest.raises(InvalidInput, match="in the future"):
        cast.incident(occurred_at=format_instant(cast.clock.at + 60))


def test_reopening_goes_on_and_time_spent_resolved_does_not_count(cast: Cast) -> None:
    number, bob = cast.incident(team="network"), cast.as_("bob")
    cast.clock.advance(600)
    bob.act(number, "resolve", {"code": "solved", "solution": "x"})
    cast.clock.advance(7200)
    bob.act(number, "reopen")
    cast.clock.advance(300)
    clock = _clock(bob, number)
    assert (clock.state, clock.elapsed_seconds, clock.cycle) == ("running", 900, 1)


def test_reopening_may_begin_a_new_cycle(cast: Cast) -> None:
    _agree(cast, OFFICE, {"metric": "resolution", "amount_seconds": "4h"}, on_reopen="new-cycle")
    number, bob = _report(cast), cast.as_("bob")
    bob.act(number, "assign", {"team": "network"})
    cast.clock.advance(600)
    bob.act(number, "resolve", {"code": "solved", "solution": "x"})
    cast.clock.advance(7200)
    bob.act(number, "reopen")
    cast.clock.advance(300)
    clocks = sorted((c.cycle, c.state, c.elapsed_seconds) for c in bob.show(number).clocks if c.metric == "resolution")
    assert clocks == [(1, "met", 600), (2, "running", 300)]


def test_a_holiday_added_afterwards_moves_what_runs_and_leaves_what_is_closed(any_cast: Cast) -> None:
    bob, ada = any_cast.as_("bob"), any_cast.ada
    any_cast.clock.advance(3600)
    closed, running = any_cast.incident(team="network"), any_cast.incident(team="network")
    any_cast.clock.advance(26 * 3600)
    bob.act(closed, "resolve", {"code": "solved", "solution": "x"})
    bob.act(closed, "close")
    before = _clock(bob, closed)
    outing = {"holidays": {"2026-11-03": "Works outing"}, "valid_from": "2026-11-02T23:00:00Z"}
    ada.edit(_number(ada, "calendar", "Office"), outing)
    after = _clock(bob, closed)
    assert (after.elapsed_seconds, after.due_at, after.state) == (before.elapsed_seconds, before.due_at, before.state)
    clock = _clock(bob, running)
    assert [(s.state.value, s.reason) for s in clock.segments if s.state.value == "holiday"] == [("holiday", "Works outing")]
    assert format_instant(clock.due_at or 0) == "2026-11-04T08:00:00Z", "one hour of its eight hours is left for Wednesday"


def _number(desk: Desk, kind: str, name: str) -> str:
    return next(row.number for row in desk.page(desk.prepare([kind], f'name:"{name}"')).rows)


def test_calendars_that_cannot_work_are_refused(cast: Cast) -> None:
    never: tuple[dict[str, list[str]], ...] = ({}, {"mon": []})
    for hours in never:
        with pytest.raises(InvalidInput) as refusal:
            cast.ada.create("calendar", {"name": "Never", "tz": "Europe/Berlin", "hours": hours})
        assert "hours" in refusal.value.fields
    with pytest.raises(InvalidInput, match="tz"):
        cast.ada.create("calendar", {"name": "Mars", "tz": "Mars/Olympus", "hours": OFFICE["hours"]})
    with pytest.raises(WorkflowRefused, match="is the calendar of"):
        cast.ada.act(_number(cast.ada, "calendar", "Office"), "retire")


def test_an_agreement_of_the_customer_beats_the_general_one(cast: Cast) -> None:
    _agree(cast, OFFICE, {"metric": "resolution", "amount_seconds": "2h"})
    assert _clock(cast.ada, _report(cast)).agreement == "Globex"
    assert _clock(cast.ada, cast.incident()).agreement == "Standard"


def test_ola_and_uc_clocks_run_while_it_is_theirs(cast: Cast) -> None:
    ada, bob = cast.ada, cast.as_("bob")
    ada.create(
        "agreement", {"name": "Net OLA", "type": "ola", "team": "network", "calendar": "Office", "valid_from": "2020-01-01"}
    )
    ada.create(
        "agreement", {"name": "Telco", "type": "uc", "supplier": "Telco", "calendar": "Office", "valid_from": "2020-01-01"}
    )
    for name in ("Net OLA", "Telco"):
        ada.create("target", {"agreement": name, "metric": "resolution", "amount_seconds": "2h", "unit": "business-hours"})
    number = cast.incident(team="desk")
    cast.clock.advance(600)
    bob.act(number, "assign", {"team": "network"})
    cast.clock.advance(900)
    bob.act(number, "pend", {"reason": "supplier"})
    cast.clock.advance(1200)
    bob.act(number, "resume")
    cast.clock.advance(60)
    clocks = {clock.type: clock for clock in bob.show(number).clocks if clock.metric == "resolution"}
    assert (clocks["ola"].elapsed_seconds, clocks["ola"].state) == (960, "running")
    assert (clocks["uc"].elapsed_seconds, clocks["uc"].state) == (1200, "met")
    assert clocks["sla"].elapsed_seconds == 600 + 900 + 60


def test_if_pended_now_due_moves_on(cast: Cast) -> None:
    number = cast.incident(impact=1, urgency=1)
    clock = _clock(cast.ada, number)
    assert clock.due_at is not None
    assert clock.can_wait
    assert clock.if_pended(cast.clock.now() + 1800) == clock.due_at + 1800
    cast.ada.act(number, "pend", {"reason": "supplier"})
    cast.clock.advance(600)
    waiting = _clock(cast.ada, number)
    assert waiting.waits
    assert waiting.due_at == clock.due_at + 600, "as if it went on now"
    assert waiting.if_pended(cast.clock.now() + 1800) == clock.due_at + 600 + 1800, "what it waits for may take longer"
    cast.ada.act(number, "cancel", {"reason": "it was nothing"})
    assert not _clock(cast.ada, number).can_wait


def test_update_clocks_run_from_one_public_word_to_the_next(cast: Cast) -> None:
    _agree(cast, OFFICE, {"metric": "update", "amount_seconds": "1h"})
    number, bob = _report(cast), cast.as_("bob")
    cast.clock.advance(1800)
    bob.note(number, "Still looking.", public=True)
    cast.clock.advance(600)
    clocks = sorted((c.cycle, c.state, c.elapsed_seconds) for c in bob.show(number).clocks if c.metric == "update")
    assert clocks == [(1, "met", 1800), (2, "running", 600)]


def test_the_queue_shows_the_most_urgent_clock(any_cast: Cast) -> None:
    number, bob = any_cast.incident(team="network", impact=1, urgency=1), any_cast.as_("bob")

    def row() -> tuple[int | None, str | None]:
        [found] = bob.page(bob.prepare(["incident"], "state:open")).rows
        return found.due_at, found.clock_state

    assert row() == (any_cast.clock.at + 3600, "running")
    bob.act(number, "start")
    assert row() == (any_cast.clock.at + 4 * 3600, "running")
    bob.act(number, "pend", {"reason": "supplier"})
    assert row() == (None, "paused")


def test_the_callers_own_words_are_no_update_of_the_desk(cast: Cast) -> None:
    _agree(cast, OFFICE, {"metric": "update", "amount_seconds": "1h"})
    number = _report(cast)
    cast.clock.advance(600)
    cast.as_("hank").note(number, "Any news?", public=True)
    [clock] = [clock for clock in cast.ada.show(number).clocks if clock.metric == "update"]
    assert (clock.cycle, clock.elapsed_seconds) == (1, 600)


def test_a_word_after_the_end_begins_no_update_cycle(any_cast: Cast) -> None:
    any_cast.ada.create("target", {"agreement": "Standard", "metric": "update", "amount_seconds": "1h", "unit": "business-hours"})
    number, bob = any_cast.incident(), any_cast.as_("bob")
    any_cast.clock.advance(600)
    bob.act(number, "resolve", {"code": "solved", "solution": "Rebooted."})

    def updates() -> list[tuple[int, str, int]]:
        clocks = (one for one in any_cast.ada.show(number).clocks if one.metric == "update")
        return sorted((one.cycle, one.state, one.elapsed_seconds) for one in clocks)

    assert updates() == [(1, "met", 600)]
    any_cast.clock.advance(7200)
    bob.note(number, "Glad that it works.", public=True)
    assert updates() == [(1, "met", 600)]
    bob.act(number, "reopen")
    any_cast.clock.advance(60)
    assert updates() == [(1, "running", 660)]


def test_a_promise_cannot_be_dodged_by_dating_back_before_it(any_cast: Cast) -> None:
    any_cast.ada.edit("SLA-00001", {"valid_from": "2026-11-01"})
    number = any_cast.incident(occurred_at="2026-10-30T07:00:00Z", impact=1, urgency=1)
    clock = _clock(any_cast.ada, number)
    assert (clock.agreement, format_instant(clock.history.started_at)) == ("Standard", "2026-10-30T07:00:00Z")
    assert format_instant(clock.due_at or 0) == "2026-10-30T11:00:00Z"
