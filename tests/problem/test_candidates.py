"""Candidates on a real desk: what recurs is proposed once, grows, and what was answered is not asked again."""

from __future__ import annotations

import threading

import pytest

from deskterm.errors import DeskError, InvalidInput, WorkflowRefused
from deskterm.job_runs import run_job
from deskterm.problem.jobs import JOBS
from deskterm.records.schema import RecordView
from tests.desks import Cast

DAY = 86400
WORDS = (
    "battery", "blank", "cable", "docking", "email", "fax", "headset", "invoice", "keyboard", "login", "monitor", "phone",
    "reboot", "scanner", "shelf", "toner",
)  # fmt: skip


def propose(cast: Cast) -> int:
    done = run_job(JOBS[0], cast.database, cast.ada.registry, cast.clock.now())
    assert done.error is None
    return cast.ada.count(cast.ada.prepare(("problem-candidate",), "*"))


def candidates(cast: Cast, query: str = "state:proposed") -> list[RecordView]:
    rows = cast.ada.page(cast.ada.prepare(("problem-candidate",), query, "number"), limit=50).rows
    return [cast.ada.show(row.number) for row in rows]


def numbers(view: RecordView) -> set[str]:
    return {view.names[key].number for key in view.values["incidents"]}


def quiet_quarter(cast: Cast) -> None:
    """One incident a week on a CI for twelve weeks, each of its own sort."""
    for week in range(12):
        cast.incident(summary=f"{WORDS[week]} {WORDS[-week]}", ci="vpn-gw-1", category="network")
        cast.clock.advance(7 * DAY)
    cast.clock.advance(8 * DAY)


def test_what_comes_as_often_as_ever_is_not_proposed_and_what_comes_more_often_is(any_cast: Cast) -> None:
    quiet_quarter(any_cast)
    assert propose(any_cast) == 0
    more = {any_cast.incident(summary=f"{WORDS[n]} x{n}", ci="vpn-gw-1", category="network") for n in range(8)}
    assert propose(any_cast) == 1, "CI and category are the same eight: one question is enough"
    (view,) = candidates(any_cast)
    assert (view.values["pattern"], view.values["subject"], numbers(view)) == ("ci", "vpn-gw-1", more)
    assert view.title == "vpn-gw-1: 8 incidents in 14 days"
    figures = view.values["evidence"]
    assert (figures["recent"], figures["past"], figures["chance"] < 0.01) == (8, 12, True)
    assert "its own 78 days before let one expect 2.2" in view.values["why"]
    assert propose(any_cast) == 1
    assert candidates(any_cast)[0].version == view.version, "a second run changes nothing"


def test_three_alike_are_proposed_and_grow_by_the_fourth(any_cast: Cast) -> None:
    first = {any_cast.incident(summary=f"Label printer prints blank labels at dock {n}") for n in (2, 4, 7)}
    any_cast.incident(summary="Laptop battery swollen")
    assert propose(any_cast) == 1
    (view,) = candidates(any_cast)
    assert (view.values["pattern"], numbers(view)) == ("text", first)
    assert {"printer", "labels"} & set(view.values["evidence"]["words"])
    more = any_cast.incident(summary="Label printer prints blank labels again, dock 9")
    assert propose(any_cast) == 1
    assert numbers(candidates(any_cast)[0]) == {*first, more}


def test_accepting_makes_a_problem_with_its_incidents(any_cast: Cast) -> None:
    bob = any_cast.as_("bob")
    made = [any_cast.incident(summary=f"VPN gateway drops session {n}", ci="vpn-gw-1", impact=n, urgency=3) for n in (3, 2, 1)]
    bob.act(made[0], "resolve", {"code": "solved", "solution": "x"})
    bob.act(made[0], "close")
    propose(any_cast)
    (view,) = candidates(any_cast)
    bob.act(view.number, "accept", {"summary": "VPN gateway drops sessions"})
    view = bob.show(view.number)
    problem = bob.show(view.names[view.values["problem"]].number)
    assert (view.state, problem.title, problem.values["impact"]) == ("accepted", "VPN gateway drops sessions", 1)
    assert problem.names[problem.values["ci"]].title == "vpn-gw-1"
    for number in made:
        shown = bob.show(number)
        assert shown.names[shown.values["problem"]].number == problem.number, "closed ones as well"
    assert propose(any_cast) == 1, "what has a problem is explained"
    with pytest.raises(WorkflowRefused, match="accept is not possible while accepted"):
        bob.act(view.number, "accept")


def test_a_dismissed_set_is_not_proposed_again_until_three_more_come(any_cast: Cast) -> None:
    bob = any_cast.as_("bob")
    for n in range(3):
        any_cast.incident(summary=f"Label printer prints blank labels at dock {n}")
    propose(any_cast)
    (view,) = candidates(any_cast)
    with pytest.raises(WorkflowRefused, match="dismiss needs reason"):
        bob.act(view.number, "dismiss")
    bob.act(view.number, "dismiss", {"reason": "one bad roll of labels"})
    for expected in (1, 1, 1, 2):
        assert propose(any_cast) == expected
        any_cast.incident(summary=f"Label printer prints blank labels at dock {expected}")
    assert len(candidates(any_cast)) == 1


def test_an_existing_problem_takes_them_in(cast: Cast) -> None:
    bob = cast.as_("bob")
    number = bob.create("problem", {"summary": "Labels"}).number
    other = cast.incident(summary="Label printer prints blank labels", problem=number)
    made = [cast.incident(summary=f"Label printer prints blank labels at dock {n}") for n in range(3)]
    propose(cast)
    (view,) = candidates(cast)
    assert numbers(view) == set(made), "what has a problem already is none of them"
    with pytest.raises(InvalidInput, match="problem"):
        bob.act(view.number, "accept", {"problem": "PRB-99999"})
    bob.act(view.number, "accept", {"problem": number})
    assert cast.ada.count(cast.ada.prepare(("incident",), f"problem:{number}")) == 4
    assert other


def test_many_schedulers_at_once_propose_once(any_cast: Cast) -> None:
    for n in range(4):
        any_cast.incident(summary=f"Label printer prints blank labels at dock {n}")
    start, failed = threading.Barrier(4), list[str]()

    def run() -> None:
        start.wait()
        try:
            done = run_job(JOBS[0], any_cast.database, any_cast.ada.registry, any_cast.clock.now())
        except DeskError as problem:
            failed.append(problem.message)
        else:
            failed.extend([done.error] if done.error else [])

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert len(candidates(any_cast, "*")) == 1
