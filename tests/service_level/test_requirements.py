"""Service level requirements on a real desk: negotiated until they are settled, held against promises and what came of them."""

from __future__ import annotations

from typing import Any

import pytest

from deskterm.desk import Desk
from deskterm.errors import DeskError, InvalidInput, NotAllowed, NotFound, WorkflowRefused
from deskterm.explanations import explain
from deskterm.records.schema import RecordView
from deskterm.service_desk.glance import whole
from tests.desks import MONDAY, Cast
from tests.service_level.test_back_to_back import promise
from tests.service_level.test_reviews import late_and_early, manager

HOUR, DAY = 3_600, 86_400
SOON: dict[str, Any] = {
    "summary": "Pay runs again within 4 h", "customer": "Acme", "service": "Payroll", "metric": "resolution", "priority": 1,
    "amount_seconds": "4h", "unit": "business-hours",
}  # fmt: skip
UP = {"summary": "Pay is there", "customer": "Acme", "service": "Payroll", "metric": "availability", "objective": "99.5"}


def ask(desk: Desk, **values: Any) -> str:
    """Write a requirement down."""
    return desk.create("requirement", {**SOON, **values}).number


def met(desk: Desk, number: str) -> tuple[dict[str, Any], str]:
    """Return how far it is met, as data and in words."""
    found = explain(desk, number, "met")
    data: dict[str, Any] = found.data["met"]
    return data, found.parts[0].title


def state(view: RecordView) -> tuple[str, object, object]:
    return view.state, view.values["agreement"], view.values["reason"]


def test_it_is_negotiated_until_it_is_part_of_an_agreement(any_cast: Cast) -> None:
    lea = manager(any_cast)
    gold = promise(any_cast.ada, "Gold", {"amount_seconds": "2h"}, customer="Acme")
    number = ask(lea, business_reason="Wages are due on the 28th.", asked_by="Maria Lopez", wanted_from=MONDAY + 60 * DAY)
    assert number == "SLR-00001"
    with pytest.raises(WorkflowRefused, match="possible while negotiating"):
        lea.act(number, "agree", {"agreement": gold})
    lea.act(number, "negotiate")
    with pytest.raises(DeskError, match="agreement"):
        lea.act(number, "agree")
    lea.act(number, "agree", {"agreement": gold})
    view = lea.show(number)
    assert (view.state, view.names[view.values["agreement"]].number) == ("agreed", gold)
    with pytest.raises(WorkflowRefused, match="agreed as it is; reopen it to change amount_seconds"):
        lea.edit(number, {"amount_seconds": "2h"})
    with pytest.raises(WorkflowRefused, match="is agreed, which needs agreement"):
        lea.edit(number, {"agreement": None})
    lea.edit(number, {"business_reason": "Wages are due on the last working day."})
    lea.act(number, "reopen", {"reason_given": "They move their pay day"})
    assert state(lea.show(number)) == ("negotiating", None, None)
    lea.edit(number, {"amount_seconds": "2h"})


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"customer": "Globex"}, "is with another customer"),
        ({"customer": "Acme", "service": "Workplace"}, "is about another service"),
        ({"type": "ola", "team": "desk"}, "is no agreement with a customer but OLA"),
        ({"type": "uc", "supplier": "Nordlink"}, "is no agreement with a customer but UC"),
        ({"retired": True}, "is retired"),
    ],
)
def test_it_becomes_part_of_an_agreement_with_this_customer_alone(any_cast: Cast, given: dict[str, Any], why: str) -> None:
    lea = manager(any_cast)
    values = {name: value for name, value in given.items() if name != "retired"}
    other = promise(any_cast.ada, "Other", **values)
    if "retired" in given:
        lea.act(other, "retire")
    number = ask(lea)
    lea.act(number, "negotiate")
    with pytest.raises(InvalidInput, match=why):
        lea.act(number, "agree", {"agreement": other})
    assert lea.show(number).state == "negotiating"
    lea.act(number, "agree", {"agreement": "Standard"})
    assert lea.show(number).state == "agreed", "an agreement with everybody will do"
    if "retired" not in given:
        with pytest.raises(InvalidInput, match=why):
            lea.edit(number, {"agreement": other})


def test_it_is_declined_with_a_reason_or_withdrawn_and_taken_up_again(any_cast: Cast) -> None:
    lea = manager(any_cast)
    number, other = ask(lea), ask(lea, summary="Once more")
    with pytest.raises(DeskError, match="reason"):
        lea.act(number, "decline")
    lea.act(number, "decline", {"reason": "It would take a night shift."})
    lea.act(other, "withdraw")
    assert [lea.show(one).state for one in (number, other)] == ["declined", "withdrawn"]
    with pytest.raises(DeskError, match="reason_given"):
        lea.act(number, "reopen")
    lea.act(number, "reopen", {"reason_given": "There is a night shift now"})
    assert state(lea.show(number)) == ("negotiating", None, None)
    lea.undo()
    assert state(lea.show(number)) == ("declined", None, "It would take a night shift.")


@pytest.mark.parametrize("login", ["bob", "sam", "sue", "ron"])
def test_who_may_not_write_an_agreement_may_not_write_a_requirement(cast: Cast, login: str) -> None:
    number = ask(manager(cast))
    desk = cast.as_(login)
    assert desk.show(number).title == SOON["summary"]
    with pytest.raises(NotAllowed, match="service-level-manager"):
        ask(desk)
    with pytest.raises(NotAllowed, match="service-level-manager"):
        desk.act(number, "withdraw")
    with pytest.raises(NotAllowed):
        desk.act(number, "reopen", {"reason_given": "x"})


def test_a_requester_sees_none(cast: Cast) -> None:
    number = ask(manager(cast), asked_by="Maria Lopez")
    with pytest.raises(DeskError):
        cast.as_("maria").show(number)


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"customer": None}, "needs customer"),
        ({"amount_seconds": None}, "amount_seconds"),
        ({"amount_seconds": "0"}, "no time cannot be met"),
        ({"days": 2}, "never both"),
        ({"objective": "100"}, "such as 99.9"),
        ({**UP, "priority": None, "amount_seconds": None, "service": None}, "that of a service"),
        ({**UP, "priority": 1, "amount_seconds": None}, "leave priority empty"),
        ({**UP, "priority": None}, "leave amount_seconds empty"),
        ({**UP, "priority": None, "amount_seconds": None, "objective": None}, "agreed share in percent"),
    ],
)
def test_what_cannot_be_measured_is_refused(cast: Cast, values: dict[str, Any], why: str) -> None:
    with pytest.raises(InvalidInput, match=why):
        ask(manager(cast), **values)


def test_what_is_wanted_is_held_against_the_agreement_that_counts(any_cast: Cast) -> None:
    lea, ada = manager(any_cast), any_cast.ada
    number = ask(lea)
    data, title = met(lea, number)
    assert (data["promised"], data["kept"], title) == ("promised", "n/a", "met: promised; in 90 days n/a")
    assert [(one["agreement"], one["amount_seconds"]) for one in data["promises"]] == [("Standard", 4 * HOUR)]
    gold = promise(ada, "Gold", {"amount_seconds": "8h"}, {"amount_seconds": "6h"}, customer="Acme")
    data, _ = met(lea, number)
    assert (data["promised"], data["promises"][0]["agreement_number"]) == ("promised less than wanted", gold)
    assert data["promises"][0]["amount_seconds"] == 6 * HOUR, "the strictest of its targets"
    assert data["promises"][0]["lacking"] == ["at worst 2d 16:00 later than wanted"], "begun on a Friday afternoon"
    promise(ada, "Pay", {"amount_seconds": "3h", "objective": "97"}, customer="Acme", service="Payroll")
    assert met(lea, number)[0]["promised"] == "promised", "customer and service beat customer"
    assert met(lea, ask(lea, objective="98"))[0]["promises"][0]["lacking"] == ["97 % is promised, 98 % is wanted"]


def test_what_ended_has_not_begun_or_is_with_others_promises_nothing(any_cast: Cast) -> None:
    lea, ada = manager(any_cast), any_cast.ada
    update = {"metric": "update", "amount_seconds": "30m"}
    number = ask(lea, metric="update", amount_seconds="1h")
    promise(ada, "Theirs", update, customer="Globex")
    promise(ada, "Another", update, service="Workplace")
    promise(ada, "Later", update, valid_from=MONDAY + DAY)
    promise(ada, "Over", update, valid_until="2026-01-01")
    promise(ada, "Team", update, type="ola", team="desk")
    ada.act(promise(ada, "Gone", update), "retire")
    assert met(lea, number)[0]["promised"] == "not promised"
    any_cast.clock.advance(2 * DAY)
    assert met(lea, number)[0]["promises"][0]["agreement"] == "Later"


def test_every_priority_is_told_of_where_none_is_named(cast: Cast) -> None:
    lea = manager(cast)
    data, title = met(lea, ask(lea, priority=None))
    assert [(one["priorities"], one["verdict"]) for one in data["promises"]] == [
        ([1, 2], "promised"), ([3, 4, 5], "promised less than wanted"),
    ]  # fmt: skip
    assert title.startswith("met: promised less than wanted;")
    assert met(lea, ask(lea, priority=None, amount_seconds="8h"))[0]["promised"] == "promised"


def test_what_was_achieved_is_counted_as_reviews_count_it(any_cast: Cast) -> None:
    lea = manager(any_cast)
    late_and_early(any_cast)  # priority 1 of Payroll late, another of Workplace in time
    data, title = met(lea, ask(lea, objective="90"))
    assert (data["achieved"]["met"], data["achieved"]["missed"], data["kept"]) == (0, 1, "not kept")
    assert title == "met: promised less than wanted; in 90 days not kept"
    quick = {"metric": "response", "amount_seconds": "1h", "objective": "95"}
    data, _ = met(lea, ask(lea, **quick))
    assert (data["achieved"]["percent"], data["kept"]) == (100.0, "kept")
    assert met(lea, ask(lea, **quick, customer="Globex"))[0]["kept"] == "n/a", "another customer called about nothing"
    assert met(lea, ask(lea))[0]["kept"] == "no share agreed"
    any_cast.clock.advance(91 * DAY)
    assert met(lea, ask(lea, objective="90"))[0]["kept"] == "n/a", "nothing was judged in ninety days"


def test_an_availability_is_measured_through_the_graph(any_cast: Cast) -> None:
    lea, ada = manager(any_cast), any_cast.ada
    number = lea.create("requirement", UP).number
    assert met(lea, number)[0]["promised"] == "not promised"
    up = {"metric": "availability", "amount_seconds": "1h", "objective": "99"}
    promise(ada, "Payroll up", up, service="Payroll", customer="Acme")
    given = {"service": "Payroll", "state": "down", "started_at": MONDAY + HOUR, "ended_at": MONDAY + 9 * HOUR}
    any_cast.clock.advance(10 * HOUR)
    ada.create("outage", given)
    data, title = met(lea, number)
    assert (data["promised"], data["promises"][0]["lacking"]) == (
        "promised less than wanted", ["99 % is promised, 99.5 % is wanted"],
    )  # fmt: skip
    assert (data["achieved"]["counted"], data["achieved"]["missed"]) == ("seconds", 7 * HOUR), "within office hours, until 18:00"
    judged = data["achieved"]["met"] + data["achieved"]["missed"]
    assert data["kept"] == ("kept" if data["achieved"]["met"] >= 0.995 * judged else "not kept") == title.rpartition("days ")[2]


def test_its_page_says_so_and_other_records_have_no_such_figure(cast: Cast) -> None:
    lea = manager(cast)
    ((title, lines),) = whole(lea, ask(lea)).sections
    assert title.startswith("Met")
    assert ("promised today: Standard: resolution 4 h, business hours · promised", "good") in lines
    with pytest.raises(NotFound, match="no figure 'met'"):
        explain(lea, "SLA-00001", "met")
