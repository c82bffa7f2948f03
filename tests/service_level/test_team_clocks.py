"""A team's own promise (OLA): each stay with a team has a clock of its own, and what one team did stays with it."""

from __future__ import annotations

from sqlalchemy import select

from data.tables.core import record
from data.tables.service_level import clock, clock_event
from deskterm.doctor import examine
from deskterm.job_runs import run_due
from deskterm.service_level.clock_views import ClockView
from tests.desks import MONDAY, Cast

HOUR = 3600


def promise(cast: Cast) -> None:
    """Let the network team promise two hours, the desk one."""
    for team, amount in (("network", "2h"), ("desk", "1h")):
        name = f"{team} OLA"
        cast.ada.create(
            "agreement", {"name": name, "type": "ola", "team": team, "calendar": "Office", "valid_from": "2020-01-01"}
        )
        cast.ada.create("target", {"agreement": name, "metric": "resolution", "amount_seconds": amount, "unit": "elapsed"})


def olas(cast: Cast, number: str) -> list[ClockView]:
    """Return the clocks of the teams' promises, the earliest stay first."""
    return sorted((one for one in cast.ada.show(number).clocks if one.type == "ola"), key=lambda one: one.cycle)


def told(cast: Cast, number: str) -> list[tuple[str, str, int]]:
    return [(one.agreement, one.state, one.elapsed_seconds) for one in olas(cast, number)]


def breaches(cast: Cast) -> list[tuple[str, int]]:
    """Return which agreements were broken when."""
    with cast.database.read() as connection:
        joined = (
            select(record.c.title, clock_event.c.at)
            .join(clock, clock.c.id == clock_event.c.clock_id)
            .join(record, record.c.id == clock.c.agreement_id)
        )
        rows = connection.execute(joined.where(clock.c.type == "ola", clock_event.c.threshold == 100))
        return sorted((row.title, row.at) for row in rows)


def check(cast: Cast) -> None:
    run_due(cast.database, cast.ada.registry, cast.clock, "breach-check")
    assert examine(cast.database, clock=cast.clock) == []


def test_a_team_that_hands_on_keeps_its_breach_and_the_next_one_starts_its_own(any_cast: Cast) -> None:
    promise(any_cast)
    number, bob = any_cast.incident(team="desk"), any_cast.as_("bob")
    any_cast.clock.advance(90 * 60)
    check(any_cast)
    bob.act(number, "assign", {"team": "network"})
    assert told(any_cast, number) == [("desk OLA", "breached", 5400), ("network OLA", "running", 0)]
    first, second = olas(any_cast, number)
    assert (first.target_seconds, first.met_at, first.breached_at) == (HOUR, MONDAY + 5400, MONDAY + HOUR)
    assert (second.target_seconds, second.history.started_at) == (2 * HOUR, MONDAY + 5400)
    any_cast.clock.advance(3 * HOUR)
    check(any_cast)
    assert breaches(any_cast) == [("desk OLA", MONDAY + HOUR), ("network OLA", MONDAY + 5400 + 2 * HOUR)]
    assert olas(any_cast, number)[0].reading.breached_at == MONDAY + HOUR


def test_coming_back_to_a_team_is_its_next_cycle(any_cast: Cast) -> None:
    promise(any_cast)
    number, bob = any_cast.incident(team="desk"), any_cast.as_("bob")
    for team in ("network", "desk"):
        any_cast.clock.advance(600)
        bob.act(number, "assign", {"team": team})
    any_cast.clock.advance(60)
    assert told(any_cast, number) == [("desk OLA", "met", 600), ("network OLA", "met", 600), ("desk OLA", "running", 60)]
    any_cast.ada.act("SLA-00003", "retire")
    assert told(any_cast, number) == [("desk OLA", "met", 600), ("network OLA", "met", 600), ("desk OLA", "cancelled", 60)]
    check(any_cast)


def test_a_record_that_is_handed_on_when_it_is_done_ended_with_the_team_that_did_it(any_cast: Cast) -> None:
    promise(any_cast)
    number, bob = any_cast.incident(team="desk"), any_cast.as_("bob")
    any_cast.clock.advance(600)
    bob.act(number, "resolve", {"code": "solved", "solution": "Rebooted."})
    any_cast.clock.advance(600)
    bob.edit(number, {"team": "network"})
    assert olas(any_cast, number)[0].met_at == MONDAY + 600
    bob.act(number, "reopen")
    any_cast.clock.advance(60)
    assert told(any_cast, number) == [("desk OLA", "met", 600), ("network OLA", "running", 60)]
    check(any_cast)
