"""What people complain of in other desks' clocks and what no other test here says: each complaint is a promise of ours."""

from __future__ import annotations

import pytest

from deskterm.errors import InvalidInput
from deskterm.service_level.clock_views import called
from tests.desks import Cast

HOUR = 3600


def listed(cast: Cast, query: str) -> list[str]:
    return [row.number for row in cast.ada.page(cast.ada.prepare(["incident"], query)).rows]


def test_what_was_overdue_is_not_any_more_once_the_promise_is_another(any_cast: Cast) -> None:
    """An overdue flag that survives a change of the due date (osTicket 5160)."""
    number, bob = any_cast.incident(impact=1, urgency=1, team="desk"), any_cast.as_("bob")
    bob.act(number, "start")
    any_cast.clock.advance(5 * HOUR)
    assert listed(any_cast, "state:open breached") == [number]
    bob.edit(number, {"impact": 3, "urgency": 3})
    clock = called(bob.show(number).clocks, "resolution")[0]
    assert (clock.state, clock.elapsed_seconds, clock.target_seconds) == ("running", 5 * HOUR, 8 * HOUR)
    assert listed(any_cast, "state:open breached") == []
    any_cast.clock.advance(3 * HOUR - 60)
    assert listed(any_cast, "state:open breached") == []
    any_cast.clock.advance(24 * HOUR)
    assert listed(any_cast, "state:open breached") == [number]


def test_nobody_sets_a_due_date_by_hand_so_nothing_moves_it_behind_ones_back(cast: Cast) -> None:
    """A due date set by hand that a pause moves silently (glpi 17186): ours follows from the promise alone."""
    number = cast.incident()
    with pytest.raises(InvalidInput, match="due_at"):
        cast.ada.edit(number, {"due_at": cast.clock.now() + HOUR})


def test_the_figures_of_the_end_are_there_at_the_end(any_cast: Cast) -> None:
    """Closing figures that are missing until a record is reopened (zammad 4777, 2579), and a response never set (3551)."""
    number, bob = any_cast.incident(), any_cast.as_("bob")
    any_cast.clock.advance(600)
    bob.act(number, "resolve", {"code": "solved", "solution": "Restarted it."})
    view = bob.show(number)
    met = {clock.metric: (clock.state, clock.elapsed_seconds, clock.reading.met_at) for clock in view.clocks}
    now = any_cast.clock.now()
    assert met == {"response": ("met", 600, now), "resolution": ("met", 600, now)}
    assert (view.values["resolved_at"], view.values["first_response_at"], view.values["resolved_by"]) == (
        now,
        now,
        bob.actor.agent_id,
    )


def test_a_record_of_the_past_that_began_outside_hours_has_waited_from_the_opening(cast: Cast) -> None:
    """What is created outside service hours shows no delay at all (glpi 687), or all of the night."""
    cast.clock.at -= 9 * HOUR  # Monday at one in the morning
    number = cast.incident()
    cast.clock.advance(8 * HOUR)  # seven hours until the doors open at eight, then one
    assert called(cast.ada.show(number).clocks, "response")[0].elapsed_seconds == HOUR
