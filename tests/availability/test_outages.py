"""The outage as a record: what it is about, why, what is refused, what may be done with it."""

from __future__ import annotations

from typing import Any

import pytest

from deskterm.errors import InvalidInput, NotAllowed, WorkflowRefused
from tests.availability.outages import on, outage
from tests.change.changing import assessing, board
from tests.desks import MONDAY, Cast


def test_an_outage_is_named_and_caused_by_what_is_known(any_cast: Cast) -> None:
    bob = any_cast.as_("bob")
    number = outage(bob, "vpn-gw-1", on("01", "10:00"), None)
    view = bob.show(number)
    told = (view.title, view.state, view.values["cause"], view.values["ended_at"])
    assert told == ("vpn-gw-1 down", "down", "unplanned", None)
    bob.edit(number, {"cause": "supplier", "supplier": "Telco"})
    assert bob.show(number).title == "vpn-gw-1 down, supplier"
    bob.edit(number, {"summary": "The line to Jena"})
    bob.edit(number, {"state": "degraded"})
    assert (bob.show(number).title, bob.show(number).state) == ("The line to Jena", "degraded")
    assert [row.number for row in bob.page(bob.prepare(("outage",), "state:degraded cause:supplier")).rows] == [number]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "of a CI or of a service"),
        ({"ci": "vpn-gw-1", "service": "Workplace"}, "not of both"),
        ({"ci": "vpn-gw-1", "started_at": MONDAY + 60}, "in the future"),
        ({"ci": "vpn-gw-1", "started_at": MONDAY - 60, "ended_at": MONDAY - 61}, "ends after it starts"),
        ({"ci": "vpn-gw-1", "started_at": MONDAY - 60, "ended_at": MONDAY + 1}, "in the future"),
        ({"ci": "vpn-gw-1", "state": "down", "cause": "monitoring-gap"}, "goes with state unknown"),
        ({"ci": "vpn-gw-1", "state": "unknown", "cause": "supplier"}, "goes with state unknown"),
    ],
)
def test_what_is_no_outage_is_refused_with_the_rule(cast: Cast, values: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        cast.as_("bob").create("outage", values)


def test_work_that_nobody_approved_before_was_not_planned(cast: Cast) -> None:
    board(cast, "sue")
    number = assessing(cast.as_("bob"))
    with pytest.raises(InvalidInput, match="was not approved before the outage began"):
        outage(cast.ada, "vpn-gw-1", on("01", "10:00"), on("01", "11:00"), change=number, cause="planned")
    made = outage(cast.ada, "vpn-gw-1", on("01", "10:00"), on("01", "11:00"), change=number)
    assert cast.ada.show(made).values["cause"] == "unplanned"


def test_it_ends_once_reopens_and_is_withdrawn_by_whoever_may(cast: Cast) -> None:
    bob = cast.as_("bob")
    number = outage(bob, "vpn-gw-1", on("01", "10:00"), None)
    bob.act(number, "end")
    assert bob.show(number).values["ended_at"] == MONDAY
    with pytest.raises(WorkflowRefused, match="it has ended already"):
        bob.act(number, "end")
    bob.act(number, "reopen")
    bob.act(number, "end", {"ended_at": on("01", "12:00")})
    with pytest.raises(NotAllowed, match="override"):
        bob.act(number, "withdraw", {"reason": "A test"})
    cast.as_("sue").act(number, "withdraw", {"reason": "A test of the alarm"})
    assert bob.show(number).state == "withdrawn"
    with pytest.raises(WorkflowRefused, match="is withdrawn"):
        bob.edit(number, {"cause": "supplier"})


def test_an_outage_takes_its_place_from_its_incident(cast: Cast) -> None:
    number = cast.incident(ci="vpn-gw-1", service="Workplace")
    made = cast.as_("bob").create("outage", {"incident": number}).number
    view = cast.ada.show(made)
    assert (view.names[view.values["ci"]].title, view.values["service"]) == ("vpn-gw-1", None)
