"""Service reviews and improvements on a real desk: figures that agree with the report, seals that hold, measures taken."""

from __future__ import annotations

import pytest
from sqlalchemy import exc, text, update

from data.tables.service_review import review_seal, service_review
from deskterm.desk import Desk
from deskterm.doctor import examine
from deskterm.errors import DeskError, InvalidInput, NotAllowed, WorkflowRefused
from deskterm.job_runs import run_job
from deskterm.reports import Period, run
from deskterm.service_level.jobs import JOBS
from deskterm.service_level.review_print import markdown
from deskterm.service_level.review_reading import as_json, read_review
from tests.desks import MONDAY, Cast

HOUR, DAY = 3_600, 86_400


def manager(cast: Cast) -> Desk:
    """Somebody who answers for the service levels."""
    cast.ada.create("agent", {"login": "lea", "roles": ["agent", "service-level-manager"]})
    return cast.as_("lea")


def check(cast: Cast) -> None:
    """Let the breach check run."""
    run_job(JOBS[0], cast.database, cast.ada.registry, cast.clock.now())


def late_and_early(cast: Cast) -> tuple[str, str]:
    """One incident that is answered in time and solved late, one that is solved at once."""
    bob = cast.as_("bob")
    late = cast.incident(summary="Payroll stands still", service="Payroll", impact=1, urgency=1)
    early = cast.incident(summary="VPN drops", service="Workplace")
    bob.act(late, "start")
    bob.act(early, "resolve", {"code": "solved", "solution": "done"})
    cast.clock.advance(5 * HOUR)
    check(cast)
    bob.act(late, "resolve", {"code": "solved", "solution": "restarted"})
    return late, early


def review(desk: Desk, **values: object) -> str:
    """Begin a review of the week."""
    return desk.create("service-review", {"from_at": MONDAY - DAY, "to_at": MONDAY + 6 * DAY, **values}).number


def test_a_review_says_what_the_report_says_and_names_each_breach(any_cast: Cast) -> None:
    lea = manager(any_cast)
    late, _ = late_and_early(any_cast)
    number = review(lea)
    found = read_review(lea, number)
    report = run(lea, "sla", Period(MONDAY - DAY, MONDAY + 6 * DAY), {"type": "sla"})
    told = {row["target"]: (row["met"], row["missed"]) for row in report.rows if row["met"] or row["missed"]}
    assert {one["target"]: (one["met"], one["missed"]) for one in found.content["targets"]} == told
    assert found.content["total"] == {"met": 3, "missed": 1, "met_percent": 75.0}
    breach = found.content["breaches"][0]
    assert (breach["number"], breach["metric"], breach["breached_at"]) == (late, "resolution", MONDAY + 4 * HOUR)
    assert breach["met_at"] == MONDAY + 5 * HOUR, "late, but solved"
    assert (found.sealed_at, found.since) == (None, ()), "a draft is worked out anew"


def test_a_review_is_about_one_service_one_customer_or_one_agreement(cast: Cast) -> None:
    lea = manager(cast)
    late_and_early(cast)
    expected = (
        ({"service": "Payroll"}, (1, 1)),
        ({"customer": "Acme"}, (3, 1)),
        ({"customer": "Globex"}, (0, 0)),
        ({"agreement": "Standard"}, (3, 1)),
        ({"agreement": "Standard", "service": "Workplace"}, (2, 0)),
    )
    for about, judged in expected:
        total = read_review(lea, review(lea, **about)).content["total"]
        assert (total["met"], total["missed"]) == judged, about
        assert total["met_percent"] == (100 * judged[0] / sum(judged) if sum(judged) else None), "nothing judged is n/a"


def test_what_is_promised_and_was_never_judged_is_told_as_not_available(cast: Cast) -> None:
    lea = manager(cast)
    cast.ada.create("agreement", {"name": "Gold", "calendar": "Office", "customer": "Globex", "valid_from": "2020-01-01"})
    cast.ada.create("target", {"agreement": "Gold", "metric": "response", "amount_seconds": "1h", "objective": "95"})
    view = lea.show(review(lea, agreement="Gold"))
    found = read_review(lea, view.number)
    assert view.title == "Gold, Globex, 2026-11-01 to 2026-11-08", "named by what it is about, in the person's own days"
    month = {"from_at": "2026-10-01", "to_at": "2026-11-01"}
    assert lea.show(lea.create("service-review", {"agreement": "Gold", **month}).number).title == "Gold, Globex, 2026-10", (
        "a whole month"
    )
    assert [(one["verdict"], one["met_percent"]) for one in found.content["targets"]] == [("n/a", None)]
    assert "| Gold | response 1 h, all priorities | 0 | 0 | n/a | 95 % | n/a |" in "\n".join(markdown(found))


def test_availability_of_a_time_nobody_watched_is_told_as_not_available(any_cast: Cast) -> None:
    lea, ada = manager(any_cast), any_cast.ada
    ada.create("agreement", {"name": "Up", "calendar": "Office", "service": "Payroll", "valid_from": "2020-01-01"})
    ada.create("target", {"agreement": "Up", "metric": "availability", "objective": "99"})
    any_cast.clock.advance(HOUR)

    def told(**period: object) -> tuple[object, ...]:
        (one,) = read_review(lea, review(lea, agreement="Up", **period)).content["availability"]
        return one["availability_percent"], one["verdict"]

    assert told(from_at="2026-09-01", to_at="2026-10-01") == (None, "n/a"), "the service was not recorded yet"
    assert told() == (100.0, "kept")


def test_a_published_review_is_sealed_and_what_came_later_stands_beside_it(any_cast: Cast) -> None:
    lea = manager(any_cast)
    late, _ = late_and_early(any_cast)
    action = lea.create("improvement", {"summary": "Restart by itself", "finish_by": MONDAY + 20 * DAY}).number
    number = review(lea, comments="**Sorry**")
    with pytest.raises(WorkflowRefused, match="period ends at 2026-11-08T09:00:00Z"):
        lea.act(number, "publish")
    any_cast.clock.at = MONDAY + 7 * DAY
    lea.act(number, "publish")
    sealed = read_review(lea, number)
    assert (sealed.intact, sealed.since, sealed.sealed_at) == (True, (), MONDAY + 7 * DAY)
    for refused in (lambda: lea.edit(number, {"comments": "x"}), lambda: lea.act(number, "withdraw"), lambda: lea.undo()):
        with pytest.raises((WorkflowRefused, InvalidInput, DeskError)):
            refused()
    sue = any_cast.as_("sue")
    sue.at = MONDAY + DAY
    told_late = sue.create("incident", {"summary": "Told later", "occurred_at": MONDAY + DAY}).number
    sue.act(told_late, "resolve", {"code": "solved", "solution": "done"})
    lea.act(action, "reject", {"reason": "too dear"})
    found = read_review(lea, number)
    assert found.content == sealed.content, "what was published stays"
    assert [(one.what, one.sealed, one.now) for one in found.since if one.what != "target"] == [("action", "proposed", "done")]
    assert {(one.sealed, one.now) for one in found.since if one.what == "target"} == {
        ("1 of 1 in time", "2 of 2 in time"), ("2 of 2 in time", "3 of 3 in time")
    }  # fmt: skip
    data = as_json(found)
    assert (data["intact"], data["breaches"][0]["breached_at"], data["breaches"][0]["number"]) == (
        True, "2026-11-02T13:00:00Z", late,
    )  # fmt: skip
    page = "\n".join(markdown(found))
    assert "## Since then" in page
    assert "```text\n**Sorry**" in page, "markup that somebody wrote is text"
    lea.note(number, "talked about on the telephone")
    assert [one for one in examine(any_cast.database) if one.code != "job-overdue"] == []


def test_what_sql_does_to_a_seal_is_refused_or_found(any_cast: Cast) -> None:
    lea = manager(any_cast)
    number = review(lea)
    any_cast.clock.at = MONDAY + 7 * DAY
    lea.act(number, "publish")
    with pytest.raises((exc.DBAPIError, DeskError), match="append-only"), any_cast.database.write() as connection:
        connection.execute(update(review_seal).values(content={}))
    with any_cast.database.write() as connection:
        connection.execute(update(service_review).values(digest="0" * 64))
    found = {(one.code, one.subject) for one in examine(any_cast.database)}
    assert ("review", number) in found
    assert not read_review(lea, number).intact
    if any_cast.database.dialect == "sqlite":
        with any_cast.database.write() as connection:
            connection.execute(text("DROP TRIGGER review_seal_no_delete"))
            connection.execute(text("DELETE FROM review_seal"))
        assert "it is published, but what it said is missing" in {one.message for one in examine(any_cast.database)}


def test_only_who_answers_for_service_levels_writes_reviews(cast: Cast) -> None:
    with pytest.raises(NotAllowed, match="service-level-manager"):
        review(cast.as_("bob"))
    number = review(manager(cast))
    assert cast.as_("bob").show(number).state == "draft", "everybody at the desk reads them"
    with pytest.raises(DeskError):
        read_review(cast.as_("maria"), number)
    with pytest.raises(InvalidInput, match="not a service review"):
        read_review(cast.ada, cast.incident())
    with pytest.raises(InvalidInput, match="ends after it begins"):
        review(cast.as_("lea"), to_at=MONDAY - 2 * DAY)


def test_an_improvement_is_measured_before_and_after(any_cast: Cast) -> None:
    lea, bob = manager(any_cast), any_cast.as_("bob")
    late_and_early(any_cast)
    target = lea.page(lea.prepare(("target",), "metric:resolution"), limit=9).rows
    urgent = next(row.number for row in target if "P1" in row.title)
    given = {"summary": "Watch payroll", "target": urgent, "owner": "bob", "finish_by": MONDAY + 10 * DAY}
    number = lea.create("improvement", given).number
    lea.act(number, "approve", {"wanted": "100 %"})
    assert lea.show(number).values["before"] == "0.0 % (0 of 1)"
    with pytest.raises(NotAllowed):
        any_cast.as_("ron").act(number, "start")
    bob.act(number, "start")
    any_cast.clock.advance(DAY)
    bob.act(number, "implement")
    with pytest.raises(WorkflowRefused, match="close needs conclusion"):
        bob.act(number, "close")
    with pytest.raises(WorkflowRefused, match="close needs outcome: what was measured"):
        bob.act(number, "close", {"conclusion": "?"})
    again = any_cast.incident(summary="Payroll again", impact=1, urgency=1)
    bob.act(again, "resolve", {"code": "solved", "solution": "restarted by itself"})
    bob.act(number, "close", {"conclusion": "It restarts by itself."})
    values = lea.show(number).values
    assert (values["after"], values["outcome"]) == ("100.0 % (1 of 1)", "better")
    assert values["implemented_at"] == MONDAY + 5 * HOUR + DAY


def test_an_improvement_that_the_desk_cannot_measure_is_judged_by_people(cast: Cast) -> None:
    lea = manager(cast)
    with pytest.raises(InvalidInput, match="due in the future"):
        lea.create("improvement", {"summary": "x", "finish_by": MONDAY - DAY})
    number = lea.create("improvement", {"summary": "Spare printer", "finish_by": MONDAY + DAY}).number
    with pytest.raises(WorkflowRefused, match="approve needs owner, measure"):
        lea.act(number, "approve")
    lea.act(number, "take")
    lea.act(number, "approve", {"measure": "hours lost", "before": "11 h"})
    with pytest.raises(InvalidInput, match="later than it was due"):
        lea.act(number, "postpone", {"finish_by": MONDAY + DAY, "reason_given": "not delivered"})
    lea.act(number, "postpone", {"finish_by": MONDAY + 2 * DAY, "reason_given": "not delivered"})
    lea.act(number, "implement")
    lea.act(number, "reopen", {"reason_given": "it was the wrong model"})
    lea.act(number, "implement")
    with pytest.raises(WorkflowRefused, match="close needs after and outcome"):
        lea.act(number, "close", {"conclusion": "fine"})
    lea.act(number, "close", {"conclusion": "fine", "after": "1 h", "outcome": "better"})
    assert (lea.show(number).state, lea.show(number).values["before"]) == ("closed", "11 h")


def test_what_is_overdue_shows_on_the_overview_and_in_the_review(cast: Cast) -> None:
    from deskterm.health import Word
    from deskterm.service_level.health import health

    lea = manager(cast)
    bob = cast.as_("bob")
    bob.act(cast.incident(), "resolve", {"code": "solved", "solution": "done"})
    number = lea.create("improvement", {"summary": "Spare printer", "finish_by": MONDAY + HOUR, "service": "Workplace"}).number
    assert "improvement" not in health(lea).figure
    cast.clock.advance(2 * HOUR)
    line = health(lea)
    assert (line.word, "1 improvement overdue" in line.figure) == (Word.WATCH, True)
    assert line.worst is not None
    assert line.worst.number == number
    actions = read_review(lea, review(lea, service="Workplace")).content["actions"]
    assert [(one["number"], one["overdue"], one["owner"]) for one in actions] == [(number, True, None)]
    assert read_review(lea, review(lea, service="Payroll")).content["actions"] == []
