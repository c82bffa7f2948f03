"""What is reckoned from problems: cost beside that of the fix, report, Pareto, health, and what fits an incident."""

from __future__ import annotations

from typing import Any

import pytest

from deskterm.clock import format_instant
from deskterm.errors import InvalidInput, NotAllowed
from deskterm.explanations import explain
from deskterm.forms.hints import hints_for
from deskterm.forms.schema import Hint
from deskterm.health import Word
from deskterm.overview import systems
from deskterm.problem import cost
from deskterm.problem.dossier import dossier
from deskterm.reports import Period, run
from deskterm.service_desk.contact_hints import contact_hints
from deskterm.service_desk.contacts import take
from deskterm.service_desk.glance import glance
from deskterm.service_desk.schema import Contact, Likeness
from deskterm.service_desk.similar import known_errors
from tests.change.changing import implementing
from tests.desks import MONDAY, Cast
from tests.problem.test_problems import CAUSE, HELP, error_of, problem

HOUR, DAY = 3600, 86400


def test_work_is_the_time_between_what_was_saved_and_a_little_for_the_last() -> None:
    assert cost.sittings([]) == 0
    assert cost.sittings([100]) == cost.SITTING_SECONDS
    assert cost.sittings([100, 400, 1000]) == 900 + cost.SITTING_SECONDS
    assert cost.sittings([1000, 100, 100 + HOUR]) == 900 + 2 * cost.SITTING_SECONDS


def test_overlapping_incidents_were_down_once_and_the_verdict_says_what_follows() -> None:
    def one(key: int, began: int, over: int | None) -> dict[str, Any]:
        return {"id": key, "number": f"INC-{key}", "began_at": began, "over_at": over}

    incidents = [one(1, 0, 100), one(2, 50, 150), one(3, 400, None)]
    found = cost.reckon(incidents, {1: 60, 3: 40}, {1: {"bob": [0, 300]}, 2: {"eve": [10]}}, 2_000, 500)
    assert (found.incidents, found.contact_seconds, found.work_seconds, found.downtime_seconds) == (3, 100, 900, 250)
    assert (found.handling_seconds, found.verdict) == (1_000, "mending it pays after 4 more incidents like these")
    assert cost.reckon(incidents, {1: 9_000}, {}, 2_000, 500).verdict == "it has cost more than mending it takes"
    assert cost.reckon([], {}, {}, 5, 500).verdict == "nothing was spent on it yet"
    assert "nobody has said" in cost.reckon(incidents, {}, {}, None, 500).verdict


def test_the_cost_of_a_problem_is_explained_incident_by_incident(any_cast: Cast) -> None:
    bob = any_cast.as_("bob")
    number = problem(bob, root_cause=CAUSE, workaround=HELP, fix_seconds="6h")
    taken = take(bob, Contact("VPN drops", "Maria Lopez", details={"problem": number}, handle_seconds=240))
    any_cast.clock.advance(600)
    bob.note(taken.record, "looked at the gateway")
    any_cast.clock.advance(HOUR)
    bob.act(taken.record, "resolve", {"code": "solved", "solution": "x"})
    other = any_cast.incident(problem=number)
    any_cast.clock.advance(HOUR)
    found = explain(bob, number, "cost").data["cost"]
    assert (found["incidents"], found["contact_seconds"], found["fix_seconds"]) == (2, 240, 6 * HOUR)
    assert found["work_seconds"] == 600 + 3 * cost.SITTING_SECONDS
    assert found["downtime_seconds"] == 600 + 2 * HOUR
    first, second = found["rows"]
    assert (first["number"], first["lasted_seconds"], second["number"], second["to"]) == (taken.record, 600 + HOUR, other, None)
    error = error_of(bob, number)
    assert error is not None
    assert explain(bob, error, "cost").data["cost"] == found
    told = dossier(bob, number)
    assert (told.known_error, told.incident_count, told.open_count, told.posts) == (error, 2, 1, 0)
    assert [line.number for line in told.incidents] == [other, taken.record]


def test_the_cost_of_the_fix_is_the_time_worked_on_its_changes_work_orders(any_cast: Cast) -> None:
    bob = any_cast.as_("bob")
    change = implementing(any_cast)
    number = problem(bob, root_cause=CAUSE, workaround=HELP)
    any_cast.incident(problem=number)
    assert dossier(bob, number).cost.fix_spent_seconds is None
    bob.act(number, "fix", {"change": change})
    first, second = (bob.create("work-order", {"summary": word, "change": change}).number for word in ("Flash", "Verify"))
    bob.act(first, "start")
    any_cast.clock.advance(600)
    bob.act(first, "finish")
    bob.act(second, "start")
    any_cast.clock.advance(60)
    found = explain(bob, number, "cost").data["cost"]
    assert (found["fix_seconds"], found["fix_planned_seconds"], found["fix_spent_seconds"]) == (None, 4 * HOUR, 660)
    assert [(line["number"], line["worked_seconds"], line["to"]) for line in found["work_orders"]] == [
        (first, 600, format_instant(any_cast.clock.now() - 60)), (second, 60, None),
    ]  # fmt: skip
    assert "more incidents like these" in found["verdict"]


def test_the_report_says_how_soon_causes_are_found_and_whether_it_helps(any_cast: Cast) -> None:
    bob = any_cast.as_("bob")
    assert run(bob, "problems", Period(), {}).data["days_to_root_cause"] is None
    number = problem(bob)
    any_cast.clock.advance(DAY)
    bob.edit(number, {"workaround": HELP})
    any_cast.clock.advance(DAY)
    bob.edit(number, {"root_cause": CAUSE, "root_cause_code": "software defect"})
    for _ in range(3):
        any_cast.incident(problem=number, category="network")
    any_cast.incident(category="mail")
    any_cast.clock.advance(DAY)
    bob.act(number, "resolve", {"solution": "x"})
    any_cast.clock.advance(DAY)
    any_cast.incident(problem=number, category="network")
    period = Period(MONDAY, MONDAY + 10 * DAY)
    data = run(bob, "problems", period, {}).data
    assert (data["from"], data["incidents"], data["opened"], data["resolved"], data["open"]) == (
        format_instant(MONDAY), 5, 1, 1, 0,
    )  # fmt: skip
    assert (data["incidents_per_problem"], data["days_to_root_cause"], data["matched_percent"]) == (4.0, 2.0, 60.0)
    assert (data["workaround_lead_seconds"], data["recurring_percent"], data["linked_percent"]) == (DAY, 100.0, 80.0)
    assert [(row["number"], row["count"], row["cumulative_percent"]) for row in data["rows"]] == [
        (number, 4, 100.0),
        (None, 1, None),
    ]
    by = run(bob, "problems", period, {"by": "category"})
    assert [(row["group"], row["count"]) for row in by.rows] == [("network", 4), ("mail", 1)]
    with pytest.raises(InvalidInput, match="counted by problem"):
        run(bob, "problems", period, {"by": "colour"})
    with pytest.raises(NotAllowed):
        run(any_cast.as_("maria"), "problems", period, {})


def test_the_overview_says_what_came_back_before_what_waits(any_cast: Cast) -> None:
    def line() -> tuple[Word, str, str]:
        health = next(one.health for one in systems(any_cast.as_("sue")) if one.process == "problem")
        return health.word, health.figure, health.worst.number if health.worst else ""

    assert line() == (Word.WELL, "nothing open", "")
    bob = any_cast.as_("bob")
    number = problem(bob, root_cause=CAUSE, workaround=HELP, root_cause_code="x")
    assert line() == (Word.WATCH, "1 open, 1 nobody has", number)
    bob.act(number, "take")
    assert line()[0] is Word.WELL
    bob.act(number, "resolve", {"solution": "x"})
    any_cast.clock.advance(DAY)
    any_cast.incident(problem=number)
    assert line() == (Word.TROUBLE, "no open, 1 came back", number)


def known(cast: Cast) -> tuple[str, str, str]:
    """A known error on the gateway, one of a printer, and a problem nobody understands yet."""
    sam = cast.as_("sam")
    gateway = problem(sam, summary="VPN gateway drops sessions", root_cause=CAUSE, workaround=HELP)
    printer = problem(
        sam,
        summary="Dock printer",
        ci=None,
        service=None,
        symptoms="Labels come out blank",
        root_cause="x",
        workaround="Turn the roll round",
    )
    unknown = problem(sam, summary="Payroll run stops at step 3", ci=None, service="Payroll")
    return error_of(sam, gateway) or "", error_of(sam, printer) or "", unknown


def test_known_errors_fit_by_ci_service_and_words_and_the_retired_do_not(any_cast: Cast) -> None:
    gateway, printer, unknown = known(any_cast)
    bob = any_cast.as_("bob")

    def fits(summary: str, **things: str) -> list[str]:
        return [one.number for one in known_errors(bob, Likeness(summary, **things))]

    assert fits("VPN session gone ") == [gateway]
    assert fits("nothing works at home ", ci="vpn-gw-1") == [gateway], "the CI alone is enough"
    assert fits("all labels are blank ") == [printer]
    assert fits("payroll stops ", service="Payroll") == [unknown], "a cause that is looked for is told of as well"
    assert fits("coffee machine leaks ") == []
    assert fits("") == []
    problem_number = any_cast.ada.show(gateway).names[any_cast.ada.show(gateway).values["problem"]].number
    bob.act(problem_number, "resolve", {"root_cause_code": "x", "solution": "x"})
    assert fits("VPN session gone ") == []
    assert known_errors(any_cast.as_("maria"), Likeness("blank labels ")) == ()


def test_forms_say_what_is_known_and_one_act_applies_it(any_cast: Cast) -> None:
    gateway, _, _ = known(any_cast)
    bob = any_cast.as_("bob")

    def acts(hints: tuple[Hint, ...]) -> list[tuple[str, str]]:
        return [(hint.act.what, hint.act.number) for hint in hints if hint.act is not None]

    typed = {"summary": "VPN drops my session ", "impact": 3, "urgency": 2}
    assert ("workaround", gateway) in acts(hints_for(bob, bob.registry.kind("incident"), typed))
    assert ("open", gateway) in acts(hints_for(bob, bob.registry.kind("request"), typed))
    assert ("workaround", gateway) in acts(contact_hints(bob, typed))
    assert ("open", gateway) in acts(hints_for(bob, bob.registry.kind("problem"), typed))
    taken = take(bob, Contact("VPN drops my session", "Maria Lopez", details={"known_error": gateway}))
    view = bob.show(taken.record)
    assert [line.text for line in view.journal if line.public] == [HELP]
    assert view.names[view.values["problem"]].title == "VPN gateway drops sessions"
    other = any_cast.incident(summary="VPN session drops")
    assert glance(bob, other).known_error == gateway
    assert glance(bob, taken.record).known_error == "", "it is applied already"
