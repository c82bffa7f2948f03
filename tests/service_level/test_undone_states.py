"""What was undone never happened to a clock: no answer, no cycle, no pause; and a cancellation answers nobody."""

from __future__ import annotations

from deskterm.doctor import examine
from deskterm.service_level.clock_views import ClockView
from tests.desks import MONDAY, Cast

HOUR = 3600
SOLVED = {"code": "solved", "solution": "Rebooted."}


def clocks(cast: Cast, number: str, metric: str) -> list[ClockView]:
    """Return the clocks of one metric, the first cycle first."""
    found = (one for one in cast.ada.show(number).clocks if one.metric == metric)
    return sorted(found, key=lambda one: one.cycle)


def sound(cast: Cast) -> bool:
    return examine(cast.database, clock=cast.clock) == []


def test_a_resolution_that_was_undone_is_no_answer(any_cast: Cast) -> None:
    number, bob = any_cast.incident(impact=1, urgency=1), any_cast.as_("bob")
    any_cast.clock.advance(600)
    bob.act(number, "resolve", SOLVED)
    assert clocks(any_cast, number, "response")[0].met_at == MONDAY + 600
    any_cast.clock.advance(600)
    bob.undo()
    any_cast.clock.advance(2 * HOUR)
    [response] = clocks(any_cast, number, "response")
    assert (response.state, response.met_at, response.breached_at) == ("breached", None, MONDAY + HOUR)
    assert sound(any_cast)


def test_a_cancellation_that_was_undone_is_no_answer(any_cast: Cast) -> None:
    number, bob = any_cast.incident(), any_cast.as_("bob")
    any_cast.clock.advance(600)
    bob.act(number, "cancel", {"reason": "Logged twice."})
    assert [one.state for one in any_cast.ada.show(number).clocks] == ["cancelled", "cancelled"]
    bob.undo()
    assert {one.state for one in any_cast.ada.show(number).clocks} == {"running"}
    any_cast.clock.advance(600)
    bob.act(number, "resolve", SOLVED)
    assert clocks(any_cast, number, "response")[0].met_at == MONDAY + 1200
    assert sound(any_cast)


def test_under_new_cycle_a_resolution_that_was_undone_begins_none(any_cast: Cast) -> None:
    any_cast.ada.edit("SLA-00001", {"on_reopen": "new-cycle"})
    number, bob = any_cast.incident(), any_cast.as_("bob")
    any_cast.clock.advance(600)
    bob.act(number, "resolve", SOLVED)
    any_cast.clock.advance(600)
    bob.undo()
    assert [(one.cycle, one.state, one.elapsed_seconds) for one in clocks(any_cast, number, "resolution")] == [
        (1, "running", 1200)
    ]
    bob.act(number, "resolve", SOLVED)
    any_cast.clock.advance(600)
    bob.act(number, "reopen")
    found = [(one.cycle, one.state, one.elapsed_seconds) for one in clocks(any_cast, number, "resolution")]
    assert found == [(1, "met", 1200), (2, "running", 0)]
    assert sound(any_cast)


def test_a_pause_that_was_undone_counts_and_one_whose_end_was_undone_goes_on(any_cast: Cast) -> None:
    paused, counting, bob = any_cast.incident(), any_cast.incident(), any_cast.as_("bob")
    for number in (paused, counting):
        bob.act(number, "pend", {"reason": "supplier"})
    any_cast.clock.advance(600)
    bob.undo()
    bob.act(paused, "resume")
    any_cast.clock.advance(600)
    bob.undo()
    [resolution] = clocks(any_cast, paused, "resolution")
    assert (resolution.state, resolution.elapsed_seconds, resolution.segments[0].reason) == ("paused", 0, "waiting for supplier")
    [resolution] = clocks(any_cast, counting, "resolution")
    assert (resolution.state, resolution.elapsed_seconds) == ("running", 1200)
    assert sound(any_cast)
