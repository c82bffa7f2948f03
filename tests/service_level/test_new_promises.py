"""A clock that got another target can break the new promise too: once, and never the same promise twice."""

from __future__ import annotations

from sqlalchemy import select

from data.tables.core import journal
from data.tables.service_level import clock, clock_event
from deskterm.doctor import examine
from deskterm.job_runs import run_due
from tests.desks import MONDAY, Cast

HOUR = 3600


def check(cast: Cast) -> None:
    run_due(cast.database, cast.ada.registry, cast.clock, "breach-check")
    assert examine(cast.database, clock=cast.clock) == []


def fired(cast: Cast, percent: int = 100) -> list[int]:
    """Return when resolution clocks crossed a threshold, events and journal agreeing."""
    with cast.database.read() as connection:
        events = select(clock_event.c.at).join(clock, clock.c.id == clock_event.c.clock_id)
        found = sorted(
            connection.execute(events.where(clock.c.metric == "resolution", clock_event.c.threshold == percent)).scalars()
        )
        entries = select(journal.c.new, journal.c.at).where(journal.c.what == "clock", journal.c.field == "resolution")
        assert found == sorted(row.at for row in connection.execute(entries) if row.new == percent)
    return found


def test_each_promise_is_broken_by_itself_and_none_twice(any_cast: Cast) -> None:
    number, bob = any_cast.incident(impact=1, urgency=1), any_cast.as_("bob")
    any_cast.clock.advance(5 * HOUR)
    check(any_cast)
    assert fired(any_cast) == [MONDAY + 4 * HOUR]
    bob.edit(number, {"impact": 3, "urgency": 3})
    assert [one.state for one in bob.show(number).clocks if one.metric == "resolution"] == ["running"]
    any_cast.clock.advance(19 * HOUR)
    check(any_cast)
    both = [MONDAY + 4 * HOUR, MONDAY + 8 * HOUR]
    assert fired(any_cast) == both, "eight working hours end at closing time"
    bob.edit(number, {"impact": 1, "urgency": 1})
    bob.edit(number, {"impact": 3, "urgency": 3})
    check(any_cast)
    assert fired(any_cast) == both


def test_a_change_that_moves_no_instant_tells_nothing_again(any_cast: Cast) -> None:
    any_cast.incident(impact=1, urgency=1)
    any_cast.clock.advance(5 * HOUR)
    check(any_cast)
    any_cast.ada.edit("CAL-00001", {"holidays": ["2026-12-25"]})
    check(any_cast)
    assert fired(any_cast) == [MONDAY + 4 * HOUR]
    assert fired(any_cast, 75) == [MONDAY + 3 * HOUR]


def test_what_was_met_late_stays_late_and_what_was_cancelled_stays_cancelled_under_a_new_target(any_cast: Cast) -> None:
    late, dropped, bob = any_cast.incident(impact=1, urgency=1), any_cast.incident(impact=1, urgency=1), any_cast.as_("bob")
    bob.act(dropped, "cancel", {"reason": "Logged twice."})
    any_cast.clock.advance(5 * HOUR)
    bob.act(late, "resolve", {"code": "solved", "solution": "Rebooted."})
    check(any_cast)
    any_cast.ada.edit("TGT-00002", {"amount_seconds": "40h"})
    bob.edit(late, {"impact": 3, "urgency": 3})
    check(any_cast)
    [clock_of_late] = [one for one in bob.show(late).clocks if one.metric == "resolution"]
    assert (clock_of_late.state, clock_of_late.breached_at, clock_of_late.met_at) == (
        "breached", MONDAY + 4 * HOUR, MONDAY + 5 * HOUR,
    )  # fmt: skip
    assert {one.state for one in bob.show(dropped).clocks} == {"cancelled"}
    assert fired(any_cast) == [MONDAY + 4 * HOUR]
