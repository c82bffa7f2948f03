"""What stands in the way of a window: by rule, from the desk, while it is typed, and when it is scheduled."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskterm.change.conflict_rules import Conflict, Frost, Other, Severity, Wish, conflicts
from deskterm.change.suspects import Suspect, suspects_for
from deskterm.desk import Desk
from deskterm.errors import InvalidInput, NotAllowed, WorkflowRefused
from deskterm.forms.hints import hints_for
from deskterm.intervals import Spans
from tests.change.changing import HOUR, RFC, assessing, implementing, rfc
from tests.desks import MONDAY, OFFICE, Cast

S = Severity


def suspects_of(desk: Desk, number: str) -> tuple[Suspect, ...]:
    return suspects_for(desk, desk.show(number))


WISH = Wish(100, 200, frozenset({1}), implementer=7, own=50)


def other(start: int, end: int, *cis: int, implementer: int | None = None, key: int = 60) -> Other:
    return Other(key, f"CHG-{key}", "other", "scheduled", start, end, frozenset(cis), implementer)


@pytest.mark.parametrize(
    ("others", "frosts", "expected"),
    [
        ([other(0, 100, 1), other(200, 300, 1)], [], []),
        ([other(0, 101, 1)], [], [(S.SAME_CI, 100, 101)]),
        ([other(150, 160, 2)], [], [(S.DEPENDENT_CI, 150, 160)]),
        ([other(150, 160, 3)], [], [(S.DEPENDENT_CI, 150, 160)]),
        ([other(150, 160, 4)], [], []),
        ([other(150, 160, 4, implementer=7)], [], [(S.IMPLEMENTER, 150, 160)]),
        ([other(150, 160, 1, implementer=7)], [], [(S.SAME_CI, 150, 160)]),
        ([other(100, 200, 1, key=50)], [], []),
        ([], [Frost("FRZ-1", "x", 150, 300, frozenset(), frozenset(), True)], [(S.FREEZE, 150, 200)]),
        ([], [Frost("FRZ-1", "x", 150, 300, frozenset({9}), frozenset(), True)], []),
        ([], [Frost("FRZ-1", "x", 150, 300, frozenset(), frozenset({2}), True)], [(S.FREEZE, 150, 200)]),
        ([], [Frost("FRZ-1", "x", 200, 300, frozenset(), frozenset(), True)], []),
    ],
)
def test_what_two_windows_have_in_common(others: list[Other], frosts: list[Frost], expected: list[Any]) -> None:
    found = conflicts(WISH, others, frosts, above=[2], below=[3])
    assert [(one.severity, one.start, one.end) for one in found] == expected


def test_emergencies_pass_a_freeze_that_lets_them_and_hours_are_kept_to_the_second() -> None:
    frost = [
        Frost("FRZ-1", "x", 0, 300, frozenset(), frozenset(), True),
        Frost("FRZ-2", "y", 0, 300, frozenset(), frozenset(), False),
    ]
    emergency = Wish(100, 200, frozenset({1}), type="emergency")
    assert [one.number for one in conflicts(emergency, [], frost)] == ["FRZ-2"]
    hours = {1: ("CI-1", "gw", Spans.of([(0, 120), (150, 400)]))}
    assert conflicts(WISH, [], hours=hours) == (Conflict(S.MAINTENANCE, "CI-1", "gw", 120, 150, (1,)),)
    assert conflicts(WISH, [], hours={1: ("CI-1", "gw", Spans.between(100, 200))}) == ()


windows = st.tuples(st.integers(0, 50), st.integers(1, 20)).map(lambda pair: (pair[0], sum(pair)))


@given(windows, windows, st.booleans())
def test_a_conflict_is_mutual_and_lies_within_both_windows(one: tuple[int, int], two: tuple[int, int], near: bool) -> None:
    def seen(mine: tuple[int, int], ci: int, theirs: tuple[int, int], their_ci: int) -> list[tuple[int, int]]:
        wish = Wish(*mine, frozenset({ci}), own=1)
        return [(c.start, c.end) for c in conflicts(wish, [other(*theirs, their_ci, key=2)], above=[1, 2] if near else [])]

    there, back = seen(one, 1, two, 2), seen(two, 2, one, 1)
    assert there == back
    assert all(max(one[0], two[0]) <= a < b <= min(one[1], two[1]) for a, b in there)
    assert bool(there) is (near and max(one[0], two[0]) < min(one[1], two[1]))


def told(cast: Cast, **values: Any) -> list[str]:
    bob = cast.as_("bob")
    return [hint.title for hint in hints_for(bob, bob.registry.kind("change"), {**RFC, "risk_answers": None, **values})]


def test_conflicts_are_told_while_the_window_is_typed_the_worst_first(any_cast: Cast) -> None:
    ada = any_cast.ada
    assert told(any_cast) == ["Nothing stands in its way"]
    assert told(any_cast, window_end=None) == []
    assert told(any_cast, window_end=RFC["window_start"]) == ["The window ends before it starts"]
    ada.create("ci", {"name": "core-sw", "type": "network-device"})
    ada.create("ci", {"name": "far-away", "type": "network-device"})
    ada.link("CI-00001", "depends-on", "CI-00002")
    same = assessing(any_cast.as_("eve"))
    upstream = assessing(any_cast.as_("eve"), cis=["core-sw"], window_start=RFC["window_start"] + HOUR)
    assessing(any_cast.as_("eve"), cis=["far-away"])
    busy = assessing(any_cast.as_("eve"), cis=["far-away"], assignee="bob")
    rfc(any_cast.as_("eve"))
    ada.create("calendar", {**OFFICE, "name": "Sundays", "hours": {"sun": [["02:00", "06:00"]]}})
    ada.edit("CI-00001", {"maintenance_window": "Sundays"})
    ada.create("freeze", {"summary": "Year end", "starts_at": MONDAY, "ends_at": MONDAY + 99 * HOUR, "services": ["Workplace"]})
    assert told(any_cast, assignee="bob") == [
        "Freeze: FRZ-00001", f"Same CI: {same}", f"Dependent CI: {upstream}", f"Same implementer: {busy}",
        "Outside maintenance window: CI-00001",
    ]  # fmt: skip
    assert told(any_cast, assignee="bob", number=same)[:2] == ["Freeze: FRZ-00001", f"Dependent CI: {upstream}"]


def test_risk_is_told_while_it_is_answered(cast: Cast) -> None:
    assert told(cast, risk_answers=RFC["risk_answers"])[-1] == "Risk 35, medium"
    assert told(cast, risk_answers={"users": "legion"})[-1] == "Risk"


def test_scheduling_in_a_freeze_is_refused_and_an_exception_has_a_reason(cast: Cast) -> None:
    number = assessing(cast.as_("bob"))
    cast.as_("sue").act(number, "approve")
    freeze = {"summary": "Year end", "starts_at": RFC["window_end"] - 1, "ends_at": RFC["window_end"] + HOUR}
    with pytest.raises(InvalidInput, match="ends after it starts"):
        cast.ada.create("freeze", {**freeze, "ends_at": freeze["starts_at"]})
    with pytest.raises(NotAllowed):
        cast.as_("bob").create("freeze", freeze)
    cast.ada.create("freeze", freeze)
    with pytest.raises(WorkflowRefused, match="FRZ-00001 Year end freezes its CIs"):
        cast.as_("bob").act(number, "schedule")
    with pytest.raises(NotAllowed):
        cast.as_("bob").act(number, "schedule", {"exception": "it must be"})
    assert cast.as_("sue").act(number, "schedule", {"exception": "the auditors ask for it"}).state == "scheduled"
    notes = [line.text for line in cast.ada.show(number).journal if line.what == "note"]
    assert notes == ["scheduled within FRZ-00001: the auditors ask for it"]


def test_a_freeze_declared_since_stops_the_beginning_too_and_one_that_was_agreed_to_does_not(any_cast: Cast) -> None:
    cast, known = any_cast, {"summary": "Year end", "starts_at": RFC["window_start"], "ends_at": RFC["window_end"]}
    cast.ada.create("freeze", known)
    number = assessing(cast.as_("bob"))
    cast.as_("sue").act(number, "approve")
    cast.as_("sue").act(number, "schedule", {"exception": "the auditors ask for it"})
    cast.ada.create("freeze", {"summary": "Stock taking", "starts_at": MONDAY, "ends_at": RFC["window_start"] + HOUR})
    with pytest.raises(WorkflowRefused, match="FRZ-00002 Stock taking freezes its CIs now"):
        cast.as_("bob").act(number, "implement")  # hours before its window, within a freeze of which nobody thought
    cast.clock.at = RFC["window_start"]
    with pytest.raises(WorkflowRefused, match="FRZ-00002 Stock taking freezes its CIs now; wait for its end"):
        cast.as_("bob").act(number, "implement")
    with pytest.raises(NotAllowed, match="override"):
        cast.as_("bob").act(number, "implement", {"exception": "it must be"})
    cast.clock.at = RFC["window_start"] + HOUR
    assert cast.as_("bob").act(number, "implement").state == "implementing", "the other one was agreed to"


def test_an_exception_lets_work_begin_within_a_freeze_and_is_journalled(cast: Cast) -> None:
    number = assessing(cast.as_("bob"))
    cast.as_("sue").act(number, "approve")
    cast.as_("bob").act(number, "schedule")
    cast.ada.create(
        "freeze", {"summary": "Storm", "starts_at": RFC["window_start"], "ends_at": RFC["window_end"], "cis": ["vpn-gw-1"]}
    )
    cast.clock.at = RFC["window_start"]
    assert cast.as_("sue").act(number, "implement", {"exception": "it is what the storm broke"}).state == "implementing"
    assert "began within FRZ-00001: it is what the storm broke" in [line.text for line in cast.ada.show(number).journal]


def test_what_a_change_runs_into_is_journalled_when_it_is_scheduled(cast: Cast) -> None:
    other_number, number = assessing(cast.as_("eve")), assessing(cast.as_("bob"))
    cast.as_("sue").act(number, "approve")
    cast.as_("bob").act(number, "schedule")
    notes = [line.text for line in cast.ada.show(number).journal if line.what == "note"]
    assert notes == [f"scheduled in spite of: same CI ({other_number})"]


def test_an_incident_is_told_which_changes_ended_there_or_upstream_lately(any_cast: Cast) -> None:
    ada = any_cast.ada
    ada.create("ci", {"name": "core-sw", "type": "network-device"})
    ada.link("CI-00001", "depends-on", "CI-00002")
    on_it, upstream = implementing(any_cast), implementing(any_cast, cis=["core-sw"])
    any_cast.as_("bob").act(upstream, "complete", {"code": "successful"})
    any_cast.clock.advance(HOUR)
    any_cast.as_("bob").act(on_it, "complete", {"code": "successful-with-issues"})
    any_cast.clock.advance(HOUR)
    incident = any_cast.incident(ci="vpn-gw-1")
    found = suspects_of(any_cast.as_("bob"), incident)
    assert [(one.number, one.where, one.code) for one in found] == [
        (on_it, "on vpn-gw-1", "successful-with-issues"), (upstream, "upstream, on core-sw", "successful"),
    ]  # fmt: skip
    bob = any_cast.as_("bob")
    hints = hints_for(bob, bob.registry.kind("incident"), {"ci": "vpn-gw-1", "occurred_at": any_cast.clock.at})
    assert [hint.title for hint in hints if hint.act and hint.act.what == "cause"] == [
        f"Changed lately: {on_it}", f"Changed lately: {upstream}",
    ]  # fmt: skip
    any_cast.clock.advance(72 * HOUR)
    assert suspects_of(bob, any_cast.incident(ci="vpn-gw-1")) == ()
    by_service = any_cast.incident(service="Workplace", occurred_at=any_cast.clock.at - 72 * HOUR)
    assert [one.number for one in suspects_of(bob, by_service)] == [on_it, upstream]
    assert suspects_of(any_cast.as_("maria"), incident) == ()
