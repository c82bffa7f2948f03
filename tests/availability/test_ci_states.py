"""What is down now in the CI browser and for impact: the same facts as those that availability is measured from."""

from __future__ import annotations

from typing import Any

import pytest

from deskterm.configuration.impact import standing_of
from deskterm.configuration.schema import Standing
from deskterm.configuration.states import facts
from deskterm.records import resolve
from tests.availability.outages import ci, measured, service
from tests.change.changing import HOUR, board, implementing
from tests.desks import MONDAY, Cast
from tests.incident.alerting import alert, only, tell

TODAY = "2026-11-02T00:00:00Z", "2026-11-03T00:00:00Z"


def state(cast: Cast, what: str) -> str:
    """Return how something fares now, and check that measuring agrees on whether it is down."""
    cast.clock.advance(1)
    found = standing(cast, what).node.state
    assert measured(cast.ada, what, *TODAY).figures.is_open == (found == "down")
    return found


def standing(cast: Cast, what: str) -> Standing:
    with cast.database.read() as connection:
        node = resolve.one_of(connection, what, ("ci", "service"))
        number = resolve.names(connection, {node})[node].number
    return standing_of(cast.ada, number)


def test_an_outage_that_goes_on_takes_along_what_needs_it(any_cast: Cast) -> None:
    shop = service(any_cast.ada, "Shop", A=None, B={"group": "web", "need": 1}, C={"group": "web", "need": 1})
    number = any_cast.ada.create("outage", {"ci": "B"}).number
    assert (state(any_cast, "B"), state(any_cast, shop)) == ("down", "degraded")
    other = any_cast.ada.create("outage", {"ci": "C", "cause": "supplier"}).number
    assert state(any_cast, shop) == "down"
    assert standing(any_cast, "C").reasons == (f"down: {other}, supplier",)
    any_cast.ada.act(number, "end")
    assert state(any_cast, shop) == "degraded"


@pytest.mark.parametrize(
    ("values", "expected"),
    [({}, "down"), ({"state": "degraded"}, "degraded"), ({"state": "unknown"}, "up"), ({"ended_at": MONDAY}, "up")],
)
def test_an_outage_says_what_its_state_says_while_it_lasts(cast: Cast, values: dict[str, Any], expected: str) -> None:
    number = ci(cast.ada, "A")
    cast.ada.create("outage", {"ci": "A", "started_at": MONDAY - HOUR, **values})
    assert state(cast, number) == expected


def test_a_withdrawn_outage_was_none(cast: Cast) -> None:
    number = ci(cast.ada, "A")
    made = cast.ada.create("outage", {"ci": "A"}).number
    cast.ada.act(made, "withdraw", {"reason": "The probe was wrong"})
    assert state(cast, number) == "up"


@pytest.mark.parametrize(("urgency", "expected"), [(1, "down"), (2, "degraded"), (3, "up")])
def test_an_incident_that_names_only_a_service_is_about_that(any_cast: Cast, urgency: int, expected: str) -> None:
    number = any_cast.incident(service="Payroll", impact=1, urgency=urgency)
    with any_cast.database.read() as connection:
        known = facts(connection, any_cast.clock.now())
    assert [fact.source for each in known.values() for fact in each] == ([number] if urgency < 3 else [])
    assert state(any_cast, "Payroll") == expected
    any_cast.as_("bob").act(number, "resolve", {"code": "solved", "solution": "Restarted"})
    assert state(any_cast, "Payroll") == "up"


def test_where_an_incident_names_both_it_is_the_ci_that_failed(cast: Cast) -> None:
    cast.incident(ci="vpn-gw-1", service="Payroll", impact=1, urgency=1)
    assert (state(cast, "vpn-gw-1"), state(cast, "Payroll")) == ("down", "up")


def test_an_outage_speaks_for_the_incident_it_names(cast: Cast) -> None:
    number = cast.incident(ci="vpn-gw-1", impact=1, urgency=1)
    cast.ada.create("outage", {"incident": number, "started_at": MONDAY, "ended_at": MONDAY})
    assert state(cast, "vpn-gw-1") == "up"
    cast.as_("sue").act("OUT-00001", "withdraw", {"reason": "Another one"})
    assert state(cast, "vpn-gw-1") == "down"


def test_alerts_say_how_long_an_incident_means_that_something_is_down(cast: Cast) -> None:
    labels = {"severity": "critical"}
    tell(cast.ada, alert("vpn", 0, labels=labels))
    number = only(cast).number
    cast.ada.edit(number, {"ci": "vpn-gw-1", "impact": 1, "urgency": 1})
    assert state(cast, "vpn-gw-1") == "down"
    cast.clock.advance(HOUR)
    tell(cast.ada, alert("vpn", 0, HOUR // 2, labels=labels))
    cast.ada.edit(number, {"impact": 1, "urgency": 1})
    assert state(cast, "vpn-gw-1") == "up"


def test_a_change_has_its_ci_down_as_long_as_it_says(any_cast: Cast) -> None:
    board(any_cast, "sue")
    number = implementing(any_cast, disruption="down", downtime_seconds=HOUR // 2)
    assert state(any_cast, "vpn-gw-1") == "down"
    assert standing(any_cast, "vpn-gw-1").reasons == (f"down: {number}, planned",)
    any_cast.clock.advance(HOUR)
    assert state(any_cast, "vpn-gw-1") == "up"
