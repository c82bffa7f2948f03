"""Taking a contact: every outcome in one transaction, or nothing of it."""

from __future__ import annotations

from typing import Any

import pytest

from deskterm.errors import DeskError, InvalidInput, NotAllowed, NotFound, WorkflowRefused
from deskterm.records.schema import RecordView
from deskterm.service_desk.contacts import ANSWERED_BY, LONGEST_SECONDS, take
from deskterm.service_desk.schema import Contact, Taken
from tests.desks import MONDAY, Cast


def article(cast: Cast, *, publish: bool = True) -> str:
    number = cast.ada.create("knowledge", {"summary": "VPN drops", "body": "restart the client"}).number
    if publish:
        cast.ada.act(number, "publish")
    return number


def shown(cast: Cast, number: str) -> RecordView:
    return cast.ada.show(number)


def named(view: RecordView, field: str) -> str:
    return view.names[view.values[field]].title if view.values[field] is not None else ""


def everything(cast: Cast) -> dict[str, int]:
    """How many records of each kind there are, and how far the article was used: what must not change."""
    kinds = ("interaction", "incident", "request", "person")
    return {kind: cast.ada.count(cast.ada.prepare([kind], "*")) for kind in kinds}


@pytest.mark.parametrize("kind", ["incident", "request"])
def test_a_contact_logs_a_record_with_the_interaction_linked(any_cast: Cast, kind: str) -> None:
    cast = any_cast
    details = {"service": "Workplace", "ci": "vpn-gw-1", "impact": 2, "urgency": 1, "team": "network"}
    started = cast.clock.now()
    cast.clock.advance(95)
    taken = take(cast.as_("bob"), Contact("VPN drops", "Maria Lopez", description="since noon", outcome=kind, details=details,
                                          started_at=started, handle_seconds=95))  # fmt: skip
    record, contact = shown(cast, taken.record), shown(cast, taken.interaction)
    assert (record.kind, record.values["summary"], record.values["description"]) == (kind, "VPN drops", "since noon")
    assert (named(record, "requester"), named(record, "customer"), named(record, "team")) == ("Maria Lopez", "Acme", "network")
    assert record.values["priority"] == 2
    assert record.values["occurred_at"] == started
    assert contact.values["outcome"] == kind
    assert contact.values["handle_seconds"] == 95
    assert contact.values["occurred_at"] == started
    assert (named(contact, "caller"), named(contact, "ci"), named(contact, "assignee")) == ("Maria Lopez", "vpn-gw-1", "bob")
    assert contact.names[contact.values["record"]].number == taken.record
    assert {line.operation for line in (*record.journal, *contact.journal)} == {taken.operation}, "one transaction"


def test_a_caller_is_attached_to_an_open_incident(any_cast: Cast) -> None:
    cast = any_cast
    number = cast.incident()
    taken = take(cast.as_("eve"), Contact("VPN drops here too", "Hank Scorpio", outcome="attached", record=number))
    view = shown(cast, number)
    assert (taken.record, taken.affected, view.values["affected"]) == (number, 2, 2)
    assert any(link.relation == "affects" and link.title == "Hank Scorpio" for link in view.links)
    contact = shown(cast, taken.interaction)
    assert contact.values["outcome"] == "attached"
    assert contact.names[contact.values["record"]].number == number


def test_who_calls_again_is_not_one_more_affected(cast: Cast) -> None:
    number = cast.incident()
    again = Contact("still broken", "Maria Lopez", outcome="attached", record=number)
    take(cast.as_("bob"), again)
    view = shown(cast, number)
    assert (view.values["affected"], view.values["contacts"]) == (1, 2)
    assert any(line.what == "note" and line.text == "They called again: still broken" for line in view.journal)
    for _ in range(2):
        take(cast.as_("bob"), Contact("me too", "Hank Scorpio", outcome="attached", record=number))
    view = shown(cast, number)
    assert (view.values["affected"], view.values["contacts"]) == (2, 3), "the second time Hank only calls again"


def test_somebody_unknown_counts_as_affected_too(cast: Cast) -> None:
    number = cast.incident()
    taken = take(cast.as_("bob"), Contact("a voice", outcome="attached", record=number))
    assert (taken.affected, taken.caller) == (2, "")


def test_an_article_answers_and_is_counted(any_cast: Cast) -> None:
    cast = any_cast
    number = article(cast)
    taken = take(cast.as_("bob"), Contact("VPN drops", "Maria Lopez", outcome="answered", article=number))
    assert taken.record == ""
    assert shown(cast, number).values["used"] == 1
    contact = shown(cast, taken.interaction)
    assert [(link.relation, link.number) for link in contact.links] == [(ANSWERED_BY, number)]


def test_an_article_may_help_what_is_logged_too(cast: Cast) -> None:
    number = article(cast)
    taken = take(cast.as_("bob"), Contact("VPN drops", "Maria Lopez", article=number))
    assert [link.number for link in shown(cast, taken.record).links] == [number]
    assert shown(cast, number).values["used"] == 1


@pytest.mark.parametrize("outcome", ["information", "abandoned"])
def test_a_contact_may_lead_to_nothing_further(cast: Cast, outcome: str) -> None:
    taken = take(cast.as_("bob"), Contact("asked for the way", "Maria Lopez", outcome=outcome, channel="walk-in"))
    assert (taken.record, taken.outcome) == ("", outcome)
    assert shown(cast, taken.interaction).values["channel"] == "walk-in"


def test_a_caller_nobody_knew_is_made_with_the_contact(any_cast: Cast) -> None:
    cast = any_cast
    new = {"name": "Otto Neu", "email": "otto@acme.example", "organisation": "Acme"}
    taken = take(cast.as_("bob"), Contact("VPN drops", new_caller=new))
    assert named(shown(cast, taken.record), "requester") == "Otto Neu"
    assert named(shown(cast, taken.record), "customer") == "Acme"
    assert shown(cast, taken.caller).values["email"] == "otto@acme.example"


@pytest.mark.parametrize(("seconds", "kept"), [(-5, 0), (0, 0), (LONGEST_SECONDS + 1, LONGEST_SECONDS)])
def test_how_long_it_took_is_kept_within_reason(cast: Cast, seconds: int, kept: int) -> None:
    taken = take(cast.as_("bob"), Contact("x", outcome="information", handle_seconds=seconds))
    assert shown(cast, taken.interaction).values["handle_seconds"] == kept


REFUSED: list[tuple[dict[str, Any], type[DeskError], str]] = [
    ({"summary": ""}, InvalidInput, "summary"),
    ({"caller": "Nobody Known"}, InvalidInput, "caller"),
    ({"caller": "Maria Lopez", "new_caller": {"name": "x"}}, InvalidInput, "caller"),
    ({"new_caller": {"name": ""}}, InvalidInput, "name"),
    ({"new_caller": {"name": "Otto", "organisation": "Nowhere"}}, InvalidInput, "organisation"),
    ({"new_caller": {"name": "Otto"}, "details": {"impact": 9}}, InvalidInput, "impact"),
    ({"details": {"service": "Nowhere"}}, InvalidInput, "service"),
    ({"details": {"unheard_of": 1}}, InvalidInput, "unheard_of"),
    ({"channel": "pigeon"}, InvalidInput, "channel"),
    ({"outcome": "forgotten"}, InvalidInput, "outcome"),
    ({"outcome": "attached"}, InvalidInput, "record"),
    ({"outcome": "answered"}, InvalidInput, "article"),
    ({"outcome": "attached", "record": "INC-99999"}, NotFound, ""),
    ({"outcome": "attached", "record": "PER-00001"}, InvalidInput, "record"),
    ({"article": "KB-99999"}, NotFound, ""),
    ({"article": "KB-00001"}, WorkflowRefused, ""),
]


@pytest.mark.parametrize(("given", "error", "field"), REFUSED, ids=[str(row[0]) for row in REFUSED])
def test_what_is_wrong_is_said_by_field_and_nothing_is_kept(
    cast: Cast, given: dict[str, Any], error: type[DeskError], field: str
) -> None:
    article(cast, publish=False)
    before = everything(cast)
    with pytest.raises(error) as refusal:
        take(cast.as_("bob"), Contact(**{"summary": "VPN drops", **given}))
    assert not field or field in refusal.value.fields
    assert everything(cast) == before


@pytest.mark.parametrize("action", [("resolve", {"code": "solved", "solution": "x"}), ("cancel", {"reason": "twice"})])
def test_nobody_is_attached_to_what_is_not_open(cast: Cast, action: tuple[str, dict[str, str]]) -> None:
    number = cast.incident(assignee="bob")
    cast.as_("bob").act(number, *action)
    before = everything(cast)
    for caller in ("Maria Lopez", "Hank Scorpio"):
        with pytest.raises(WorkflowRefused):
            take(cast.as_("bob"), Contact("x", caller, outcome="attached", record=number))
    assert everything(cast) == before


@pytest.mark.parametrize("login", ["ron", "maria"])
def test_who_may_not_log_is_refused_and_that_is_journalled(cast: Cast, login: str) -> None:
    with pytest.raises(NotAllowed):
        take(cast.as_(login), Contact("x", outcome="information", new_caller={"name": "Otto"}))
    assert everything(cast)["person"] == 2
    agent = next(row.number for row in cast.ada.search(login, kinds=["agent"]))
    assert any(line.what == "refused" for line in shown(cast, agent).journal)


def test_two_attach_in_the_same_moment_and_both_count(cast: Cast) -> None:
    number = cast.incident()
    first: Taken = take(cast.as_("bob"), Contact("a", "Hank Scorpio", outcome="attached", record=number))
    second: Taken = take(cast.as_("eve"), Contact("b", new_caller={"name": "Otto"}, outcome="attached", record=number))
    assert (first.affected, second.affected) == (2, 3)


def test_a_contact_of_the_past_needs_the_right_to_backfill(cast: Cast) -> None:
    bob, sue = cast.as_("bob"), cast.as_("sue")
    bob.at = sue.at = MONDAY - 3600
    with pytest.raises(NotAllowed):
        take(bob, Contact("x", outcome="information"))
    assert take(sue, Contact("x", outcome="information")).interaction


def test_an_interaction_that_says_attached_names_to_what(cast: Cast) -> None:
    with pytest.raises(InvalidInput, match="needs the record") as refused:
        cast.as_("bob").create("interaction", {"summary": "me too", "outcome": "attached"})
    assert set(refused.value.fields) == {"record"}
