"""What each person may know of: requesters their own and what is for everybody, agents not each other's private views."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from functools import partial

import pytest

from deskterm.errors import BadQuery, InvalidInput, NotAllowed, NotFound
from tests.desks import Cast


def _article(cast: Cast, state: str, audience: str) -> str:
    values = {"summary": f"{state} {audience}", "body": "Turn it off and on.", "audience": audience}
    number = cast.ada.create("knowledge", values).number
    if state == "published":
        cast.ada.act(number, "publish")
    return number


def test_requesters_read_only_published_knowledge_that_is_for_everybody(any_cast: Cast) -> None:
    numbers = {(s, a): _article(any_cast, s, a) for s in ("draft", "published") for a in ("agents", "everybody")}
    maria = any_cast.as_("maria")
    allowed = numbers["published", "everybody"]
    assert [row.number for row in maria.page(maria.prepare(["knowledge"], "")).rows] == [allowed]
    assert maria.count(maria.prepare(["knowledge"], "")) == 1
    assert [row.number for row in maria.search("everybody agents", limit=9)] == []
    assert [row.number for row in maria.search("published", limit=9)] == [allowed]
    assert maria.show(allowed).title == "published everybody"
    for key, number in numbers.items():
        if number != allowed:
            with pytest.raises(NotFound, match="there is no record"):
                maria.show(number)
            assert key


@pytest.mark.parametrize(
    "values", [{"team": "network"}, {"solution": "x"}, {"occurred_at": "2020-01-01"}, {"customer": "Globex"}, {"assignee": "bob"}]
)
def test_a_requester_says_what_is_theirs_to_say_and_nothing_else(cast: Cast, values: dict[str, str]) -> None:
    maria = cast.as_("maria")
    with pytest.raises(NotAllowed, match="you can give requester, summary"):
        maria.create("incident", {"summary": "x", **values})
    number = maria.create("incident", {"summary": "My screen is dark", "urgency": "high"}).number
    assert maria.show(number).values["requester"] == cast.as_("maria").actor.person_id
    with pytest.raises(NotAllowed, match="a requester cannot set"):
        maria.create("interaction", {"summary": "x", "caller": "Hank Scorpio"})


@pytest.mark.parametrize(
    "query", ['requester:"Hank Scorpio"', "assignee:bob", "team:network", 'customer:"Globex"', "ci:vpn-gw-1"]
)
def test_no_filter_tells_a_requester_who_or_what_exists(cast: Cast, query: str) -> None:
    maria = cast.as_("maria")
    answers = set()
    for text in (query, query.replace("bob", "nobody").replace("network", "nothing").replace("Hank", "Frank")):
        with pytest.raises(BadQuery) as refusal:
            maria.page(maria.prepare(["incident"], text))
        answers.add(refusal.value.message)
    assert len(answers) == 1


def test_a_field_one_may_not_read_is_not_proposed_either(cast: Cast) -> None:
    with pytest.raises(BadQuery) as refused:
        cast.as_("maria").prepare(["incident"], "asignee:bob")
    assert "assignee" not in str(refused.value)
    with pytest.raises(BadQuery, match="did you mean assignee"):
        cast.as_("bob").prepare(["incident"], "asignee:bob")


def test_a_private_view_is_its_owners_alone(any_cast: Cast) -> None:
    bob, eve, sue = (any_cast.as_(login) for login in ("bob", "eve", "sue"))
    private = bob.create("view", {"name": "Mine", "query": "mine"}).number
    shared = bob.create("view", {"name": "All", "query": "state:open", "shared": True}).number

    def seen(who: str) -> set[str]:
        desk = any_cast.as_(who)
        return {row.number for row in desk.page(desk.prepare(["view"], "")).rows}

    assert seen("bob") == seen("sue") == {private, shared}
    assert seen("eve") == {shared}
    with pytest.raises(NotFound):
        eve.show(private)
    with pytest.raises(InvalidInput, match="somebody else's"):
        eve.create("view", {"name": "Trap", "query": "mine", "owner": "bob"})
    assert sue.create("view", {"name": "For Bob", "query": "mine", "owner": "bob"}).number


def test_nobody_mends_a_breach_by_retelling_when_it_began(cast: Cast) -> None:
    number = cast.incident()
    cast.clock.advance(7200)
    with pytest.raises(NotAllowed, match="backdate"):
        cast.as_("bob").edit(number, {"occurred_at": "2026-11-02T11:00:00Z"})
    cast.as_("sue").edit(number, {"occurred_at": "2026-11-02T08:30:00Z"})


@pytest.mark.parametrize(
    ("kind", "sort"),
    [("request", "channel"), ("team", "line"), ("person", "vip"), ("agent", "active"), ("ci", "status"), ("person", "-email"),
     ("incident", "impact,-requester"), ("interaction", "outcome")],
)  # fmt: skip
def test_every_order_that_is_offered_works_on_both_databases(any_cast: Cast, kind: str, sort: str) -> None:
    any_cast.incident()
    desk = any_cast.ada
    page = desk.page(desk.prepare([kind], "", sort), limit=1)
    while page.more:
        page = desk.page(desk.prepare([kind], "", sort), limit=1, after=page.rows[-1].cursor)


@pytest.mark.parametrize(("kind", "sort"), [("agent", "roles"), ("calendar", "hours"), ("request", "tags")])
def test_what_has_no_order_is_refused(any_cast: Cast, kind: str, sort: str) -> None:
    with pytest.raises(InvalidInput, match="no order"):
        any_cast.ada.prepare([kind], "", sort)


@pytest.mark.parametrize("query", ["state:none", "-state:any", "kind:none"])
def test_what_every_record_has_is_never_empty(any_cast: Cast, query: str) -> None:
    any_cast.incident()
    assert any_cast.ada.page(any_cast.ada.prepare(["incident"], query)).rows == ()


def test_a_field_of_several_meanings_asks_which(any_cast: Cast) -> None:
    with pytest.raises(BadQuery, match="means several things"):
        any_cast.ada.prepare(["target", "calendar"], "days:none")
    with pytest.raises(BadQuery, match="no single value"):
        any_cast.ada.prepare(["ci"], "attributes:+5")


def _both(*acts: Callable[[], object]) -> int:
    """Do things at the same moment in threads; return how many went through."""
    gate, done = threading.Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        gate.wait(10)
        with contextlib.suppress(InvalidInput):
            act()
            done.append(act)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return len(done)


def test_of_two_who_give_one_name_at_once_one_has_it(any_cast: Cast) -> None:
    for i in range(8):
        name = f"twin {i}"
        desks = (any_cast.as_("ada"), any_cast.as_("ada"))
        assert _both(*(partial(desk.create, "team", {"name": name}) for desk in desks)) == 1


def test_two_administrators_who_drop_each_other_leave_one(any_cast: Cast) -> None:
    ada = any_cast.ada
    zed = ada.create("agent", {"login": "zed", "roles": ["administrator"]}).number
    own = next(row.number for row in ada.page(ada.prepare(["agent"], "login:ada")).rows)
    drop = {"roles": ["agent"]}
    assert _both(partial(ada.edit, zed, drop), partial(any_cast.as_("zed").edit, own, drop)) == 1
