"""Problems on a real desk: the known error that follows by itself, the workaround sent once, what is proposed and not done."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from deskterm.desk import Desk, editing
from deskterm.errors import DeskError, InvalidInput, NotAllowed, WorkflowRefused
from tests.desks import Cast

CAUSE, HELP = "Firmware 4.2 leaks a session table", "Log in through vpn-gw-2"


def problem(desk: Desk, **values: Any) -> str:
    return desk.create("problem", {"summary": "VPN drops sessions", "service": "Workplace", "ci": "vpn-gw-1", **values}).number


def named(desk: Desk, number: str, field: str) -> str | None:
    """The number of the record that a field names."""
    view = desk.show(number)
    key = view.values.get(field)
    return None if key is None else view.names[key].number


def error_of(desk: Desk, number: str) -> str | None:
    rows = desk.page(desk.prepare(("known-error",), f"problem:{number}"), limit=5).rows
    return rows[0].number if rows else None


def posts(desk: Desk, number: str) -> list[tuple[str, bool]]:
    """What stands on an incident of the workaround: text, and whether the caller reads it."""
    return [(line.text or "", line.public) for line in desk.show(number).journal if HELP in (line.text or "")]


def test_a_known_error_exists_exactly_while_cause_and_workaround_are_recorded(any_cast: Cast) -> None:
    bob = any_cast.as_("bob")
    number = problem(bob, symptoms="Disconnected every hour")
    bob.act(number, "investigate", {"team": "network"})
    with pytest.raises(WorkflowRefused, match="know needs root_cause, workaround"):
        bob.act(number, "know")
    bob.edit(number, {"workaround": HELP})
    assert (bob.show(number).state, error_of(bob, number)) == ("investigating", None)
    any_cast.clock.advance(3600)
    bob.edit(number, {"root_cause": CAUSE, "versions": ["4.2"], "cis": ["vpn-gw-1"]})
    view, error = bob.show(number), error_of(bob, number)
    assert error is not None
    known = bob.show(error)
    assert (view.state, known.state, view.values["root_cause_at"]) == ("known-error", "known-error", any_cast.clock.now())
    told = [known.values[name] for name in ("summary", "symptom", "cause", "workaround", "versions")]
    assert told == ["VPN drops sessions", "Disconnected every hour", CAUSE, HELP, ["4.2"]]
    assert known.values["cis"] == view.values["cis"] != []
    bob.edit(number, {"workaround": f"{HELP}, gently", "summary": "VPN gateway drops sessions"})
    assert bob.show(error).values["workaround"] == f"{HELP}, gently"
    assert [row.number for row in bob.search("gently", kinds=["known-error"])] == [error]
    with pytest.raises(WorkflowRefused, match="workaround is missing"):
        bob.edit(number, {"workaround": None})
    bob.act(number, "refute", {"reason": "it happens on 4.1 as well"})
    assert (bob.show(number).state, bob.show(error).state) == ("investigating", "retired")
    bob.edit(number, {"root_cause": "Session table too small"})
    assert (error_of(bob, number), bob.show(error).state) == (error, "known-error"), "the same one again"


def test_a_known_error_is_never_made_or_changed_by_hand(cast: Cast) -> None:
    sam = cast.as_("sam")
    number = problem(sam, root_cause=CAUSE, workaround=HELP)
    error = error_of(sam, number)
    assert error is not None
    attempts: tuple[Callable[[], object], ...] = (
        lambda: sam.create("known-error", {}),
        lambda: sam.edit(error, {"workaround": "x"}),
        lambda: sam.act(error, "follow-resolved"),
        lambda: sam.create("problem-candidate", {}),
    )
    for attempt in attempts:
        with pytest.raises((InvalidInput, WorkflowRefused)):
            attempt()
    sam.note(error, "seen on the other gateway as well")
    sam.undo()
    assert sam.show(error).state == "known-error"


def test_taking_the_half_back_that_made_it_known_takes_the_known_error_away(cast: Cast) -> None:
    bob = cast.as_("bob")
    number = problem(bob, workaround=HELP)
    bob.act(number, "investigate")
    bob.edit(number, {"root_cause": CAUSE})
    error = error_of(bob, number)
    bob.undo()
    assert error is not None
    assert (bob.show(number).state, bob.show(error).state) == ("investigating", "retired")


def test_a_workaround_is_posted_once_on_every_open_incident(any_cast: Cast) -> None:
    bob, eve = any_cast.as_("bob"), any_cast.as_("eve")
    number = problem(bob, root_cause=CAUSE, workaround=HELP)
    called, nobody, over, late = (any_cast.incident(**more) for more in ({}, {"requester": None}, {}, {}))
    for one in (called, nobody, over):
        bob.edit(one, {"problem": number})
    bob.act(over, "resolve", {"code": "solved", "solution": "x"})
    assert posts(bob, called) == [], "linking alone says nothing before it is published"
    before = bob.show(called).values["first_response_at"]
    bob.act(number, "publish")
    bob.act(number, "publish")
    eve.act(number, "publish")
    assert posts(bob, called) == [(HELP, True)]
    assert posts(bob, nobody) == [(f"Workaround of {number}: {HELP}", False)], "nobody would read a reply"
    assert posts(bob, over) == [], "what is over is not touched"
    assert before is None
    assert bob.show(called).values["first_response_at"] == any_cast.clock.now()
    assert [clock.state for clock in bob.show(called).clocks if clock.metric == "response"] == ["met"]
    bob.edit(late, {"problem": number})
    bob.act(number, "publish")
    assert posts(bob, late) == [(HELP, True)], "who comes later gets it when linked, once"
    bob.edit(number, {"workaround": f"{HELP} or by cable"})
    bob.act(number, "publish")
    assert [text for text, _ in posts(bob, called)] == [HELP, f"{HELP} or by cable"], "a new wording is news"


def test_a_workaround_for_agents_stays_with_them(cast: Cast) -> None:
    bob, one = cast.as_("bob"), cast.incident()
    number = problem(bob, root_cause=CAUSE, workaround=HELP, audience="agents")
    bob.edit(one, {"problem": number})
    bob.act(number, "publish")
    assert posts(bob, one) == [(f"Workaround of {number}: {HELP}", False)]
    assert HELP not in str(cast.as_("maria").show(one).journal)


def test_two_who_publish_at_the_same_moment_post_once(any_cast: Cast) -> None:
    number = problem(any_cast.as_("bob"), root_cause=CAUSE, workaround=HELP)
    incidents = [any_cast.incident() for _ in range(4)]
    for one in incidents[:3]:
        any_cast.as_("bob").edit(one, {"problem": number})
    start, failed = threading.Barrier(3), []

    def do(work: Any) -> None:
        start.wait()
        try:
            work()
        except DeskError as problem_:  # a lost race may be refused, never done twice
            failed.append(problem_)

    works = [
        lambda: any_cast.as_("bob").act(number, "publish"),
        lambda: any_cast.as_("eve").act(number, "publish"),
        lambda: any_cast.as_("sue").edit(incidents[3], {"problem": number}),
    ]
    threads = [threading.Thread(target=do, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert [len(posts(any_cast.ada, one)) for one in incidents] == [1, 1, 1, 1]


def test_applying_a_known_error_links_the_problem_and_posts_the_workaround(any_cast: Cast) -> None:
    bob, one, two = any_cast.as_("bob"), any_cast.incident(), any_cast.incident()
    number = problem(bob, root_cause=CAUSE, workaround=HELP)
    error = error_of(bob, number)
    bob.edit(one, {"known_error": error})
    bob.edit(one, {"known_error": error})
    assert (named(bob, one, "problem"), posts(bob, one)) == (number, [(HELP, True)])
    bob.bulk([one, two], "apply", editing({"known_error": error}))
    assert [len(posts(bob, each)) for each in (one, two)] == [1, 1]
    other = problem(bob)
    with pytest.raises(InvalidInput, match="of another problem"):
        bob.edit(two, {"known_error": error, "problem": other})
    bob.edit(two, {"problem": other})
    assert named(bob, two, "known_error") is None
    assert [line.what for line in bob.show(number).journal if line.field == "problem of"] == ["link", "link", "unlink"]


def test_an_incident_after_the_resolution_proposes_to_reopen(any_cast: Cast) -> None:
    bob = any_cast.as_("bob")
    number = problem(bob, root_cause=CAUSE, workaround=HELP, root_cause_code="software defect")
    earlier = any_cast.incident()
    any_cast.clock.advance(7200)
    bob.act(number, "resolve", {"solution": "Firmware 4.3"})
    bob.edit(earlier, {"problem": number})
    assert bob.show(number).values["recurred_at"] is None, "it began before"
    any_cast.clock.advance(86400)
    again = any_cast.incident()
    bob.edit(again, {"problem": number})
    view = bob.show(number)
    assert (view.state, view.values["recurrences"], view.values["recurred_at"]) == ("resolved", 1, any_cast.clock.now())
    assert "reopen it, or say why it is not the same" in (view.journal[-1].text or "")
    bob.act(number, "dismiss-recurrence", {"reason": "a cable this time"})
    assert bob.show(number).values["recurred_at"] is None
    bob.act(number, "reopen", {"reason": "it does drop"})
    assert (bob.show(number).state, bob.show(number).values["reopens"]) == ("known-error", 1)


def test_resolving_offers_the_open_incidents_and_leaves_the_others(any_cast: Cast) -> None:
    bob = any_cast.as_("bob")
    number = problem(bob, root_cause=CAUSE, workaround=HELP)
    one, two, over = any_cast.incident(), any_cast.incident(), any_cast.incident()
    for each in (one, two, over):
        bob.edit(each, {"problem": number})
    bob.act(over, "resolve", {"code": "user-error", "solution": "x"})
    bob.act(over, "close")
    version = bob.show(over).version
    with pytest.raises(WorkflowRefused, match="resolve needs root_cause_code, solution"):
        bob.act(number, "resolve")
    bob.act(number, "resolve", {"root_cause_code": "software defect", "solution": "Firmware 4.3"})
    assert [bob.show(each).state for each in (one, two)] != ["resolved"] * 2, "nothing is resolved unasked"
    bob.act(number, "resolve-incidents")
    assert [bob.show(each).state for each in (one, two, over)] == ["resolved", "resolved", "closed"]
    assert (bob.show(over).version, bob.show(one).values["solution"]) == (version, f"{number}: Firmware 4.3")
    with pytest.raises(WorkflowRefused, match="no open incident"):
        bob.act(number, "resolve-incidents")


def test_a_duplicate_hands_over_its_incidents_and_leads_nowhere_else(cast: Cast) -> None:
    bob = cast.as_("bob")
    first, second, third = (problem(bob, summary=f"VPN {n}") for n in (1, 2, 3))
    one, over = cast.incident(problem=second), cast.incident(problem=second)
    bob.act(over, "resolve", {"code": "solved", "solution": "x"})
    bob.act(over, "close")
    for wrong, says in ((second, "no duplicate of itself"),):
        with pytest.raises(InvalidInput, match=says):
            bob.act(second, "duplicate", {"duplicate_of": wrong})
    bob.act(second, "duplicate", {"duplicate_of": first})
    assert [named(bob, each, "problem") for each in (one, over)] == [first, first]
    with pytest.raises(InvalidInput, match="duplicate as well"):
        bob.act(third, "duplicate", {"duplicate_of": second})
    with pytest.raises(InvalidInput, match=f"link it to {first}"):
        bob.edit(one, {"problem": second})
    bob.act(third, "gather", {"incidents": [one, over]})
    assert [named(bob, each, "problem") for each in (one, over)] == [third, third], "closed ones as well"


def test_accepting_a_risk_takes_more_than_an_agent(cast: Cast) -> None:
    bob, sam = cast.as_("bob"), cast.as_("sam")
    cast.ada.create("agent", {"login": "pia", "roles": ["problem-manager"]})
    number = problem(bob, root_cause=CAUSE, workaround=HELP)
    with pytest.raises(NotAllowed, match="bob may not override the rules of a problem: that takes one of the roles senior-agent"):
        bob.act(number, "accept-risk", {"risk_reason": "The gateway is replaced in spring."})
    with pytest.raises(WorkflowRefused, match="accept-risk needs risk_reason"):
        sam.act(number, "accept-risk")
    cast.as_("pia").act(number, "accept-risk", {"risk_reason": "The gateway is replaced in spring."})
    error = error_of(bob, number)
    assert error is not None
    assert (bob.show(number).state, bob.show(error).state) == ("risk-accepted", "risk-accepted")
    for who in ("ron", "maria"):
        with pytest.raises(DeskError):
            cast.as_(who).create("problem", {"summary": "x"})
        with pytest.raises(DeskError):
            cast.as_(who).act(number, "publish")


def test_a_problem_has_the_priority_of_the_matrix(cast: Cast) -> None:
    bob = cast.as_("bob")
    number = problem(bob, impact=1, urgency=2)
    assert bob.show(number).values["priority"] == 2
    with pytest.raises(NotAllowed):
        bob.edit(number, {"priority": 1, "priority_reason": "because"})
    cast.as_("sam").edit(number, {"priority": 1, "priority_reason": "the board asked"})
    assert bob.show(number).values["priority"] == 1
