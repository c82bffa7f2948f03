"""The self-assessment on a real desk: each question asked of records, evidence that can be listed, progress that is kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import exc, update

from data.tables.assessment import assessment
from deskterm.assessment.criteria import declared
from deskterm.assessment.running import ProcessMaturity, assess, history, keep
from deskterm.desk import Desk
from deskterm.errors import DeskError, InvalidInput, NotAllowed
from deskterm.job_runs import run_job
from deskterm.kinds import PROCESSES
from deskterm.reports import Period, run
from deskterm.upkeep import JOBS
from tests.cli.shell import Shell
from tests.desks import Cast

DAY = 86_400
ASKED = [process for process in PROCESSES if declared(process)]


def of(found: tuple[ProcessMaturity, ...], process: str) -> ProcessMaturity:
    return next(one for one in found if one.process == process)


def answers(one: ProcessMaturity) -> dict[str, str]:
    return {answer.question: answer.evidence.word.value for answer in one.answers}


def test_an_empty_desk_is_assessed_on_both_databases_and_each_list_can_be_read(any_cast: Cast) -> None:
    found = assess(any_cast.ada)
    assert [one.process for one in found] == list(PROCESSES)
    for one in found:
        assert one.process not in ASKED or one.answers, one.note
        for answer in one.answers:
            evidence = answer.evidence
            if evidence.query:
                listed = any_cast.ada.page(any_cast.ada.prepare(evidence.kinds, evidence.query), limit=3).rows
                assert tuple(row.number for row in listed) == evidence.examples, answer.question
    assert of(found, "incident").maturity == 0
    assert answers(of(found, "incident"))["Do they stay solved?"] == "n/a", "of no incident nothing can be said"


def test_answers_follow_from_the_records(cast: Cast) -> None:
    bob = cast.as_("bob")
    for number in range(10):
        incident = cast.incident(summary=f"VPN drops {number}", service="Workplace", category="network")
        bob.act(incident, "start")
        bob.act(incident, "resolve", {"code": "solved", "solution": "restarted"})
    one = of(assess(bob), "incident")
    assert one.maturity == 4
    bare = bob.create("incident", {"summary": "?"}).number
    cast.incident(summary="??", category="network")
    two = of(assess(bob), "incident")
    assert (two.maturity, answers(two)["Are they classified?"]) == (4, "yes")
    for _ in range(2):
        bob.create("incident", {"summary": "?"})
    three = of(assess(bob), "incident")
    wrong = next(answer for answer in three.answers if answer.question == "Are they classified?")
    assert (three.maturity, wrong.evidence.word.value, wrong.next) == (1, "no", True)
    assert bare in wrong.evidence.examples, "of a no, what is missing is listed"
    assert wrong.evidence.said == "11 of 14, 90 % wanted"


def test_what_is_kept_is_compared_with_later_and_never_changed(any_cast: Cast) -> None:
    sue = any_cast.as_("sue")
    with pytest.raises(NotAllowed, match="self-assessment"):
        keep(any_cast.as_("bob"))
    with pytest.raises(NotAllowed):
        assess(any_cast.as_("maria"))
    with pytest.raises(NotAllowed):
        history(any_cast.as_("maria"))
    with pytest.raises(InvalidInput, match="1,000"):
        keep(sue, "x" * 1_001)
    first = keep(sue, "before")
    any_cast.clock.advance(DAY)
    second = keep(any_cast.ada)
    assert [one.id for one in history(sue)] == [second.id, first.id]
    assert (history(sue)[1].note, history(sue)[1].maturity) == ("before", first.maturity)
    report = run(sue, "assessment", Period(), {})
    assert [one["by"] for one in report.data["history"]] == ["ada", "sue"]
    assert "2026-11-03" in report.title, "the last one stands beside today's"
    with pytest.raises((exc.DBAPIError, DeskError), match="append-only"), any_cast.database.write() as connection:
        connection.execute(update(assessment).values(actor="eve"))


def test_one_is_kept_every_thirty_days_once_somebody_began(cast: Cast) -> None:
    job = next(one for one in JOBS if one.name == "self-assessment")

    def kept(desk: Desk) -> int:
        run_job(job, cast.database, desk.registry, cast.clock.now())
        return len(history(desk))

    assert kept(cast.ada) == 0
    keep(cast.ada)
    cast.clock.advance(29 * DAY)
    assert kept(cast.ada) == 1
    cast.clock.advance(DAY)
    assert (kept(cast.ada), kept(cast.ada), history(cast.ada)[0].actor) == (2, 2, "desk")


def test_scripts_and_people_read_it(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    shell = Shell(monkeypatch, capsys, tmp_path)
    assert "read it with" in shell.ok("assess", "first")
    assert shell.read("assess")["overall"] is not None
    data = json.loads(shell.ok("report", "assessment", "process=incident", "--format", "json"))
    assert [one["process"] for one in data["processes"]] == ["incident"]
    assert {"level", "question", "answer", "evidence", "query", "examples"} <= set(data["processes"][0]["criteria"][0])
    assert "| Incidents | 0 not in use | 1 | Are incidents recorded?" in shell.ok("report", "assessment", "--format", "md")
    assert "service desk" in shell.ok("report", "assessment", "history=yes")
    for wrong in ("process=everything", "colour=red"):
        assert shell("report", "assessment", wrong).status == 1
