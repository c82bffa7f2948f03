"""Problems on the command line: outlines, actions and figures as scripts read them; and what only SQL could do, found."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import delete, exc, text, update

from data.tables.problem import workaround_post
from deskterm.doctor import examine
from deskterm.errors import DeskError
from tests.cli.shell import Shell
from tests.desks import Cast
from tests.problem.test_problems import CAUSE, HELP, error_of, problem


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Shell:
    """Ada at a prompt, on a desk of her own."""
    made = Shell(monkeypatch, capsys, tmp_path)
    made.ok("init", "--admin", "ada")
    return made


def test_a_problem_from_the_first_word_to_the_last(shell: Shell) -> None:
    incident = shell.ok("new", "incident", "summary=VPN drops")
    number = shell.ok("new", "problem", "summary=VPN drops sessions", "fix_seconds=6h")
    shell.ok("edit", incident, f"problem={number}")
    shell.ok("do", number, "ask-why", "text=The table is full")
    shell.ok("do", number, "ask-why", "text=It leaks", "under=1")
    shell.ok("do", number, "edit-why", "why=1.1", "verdict=confirmed", "evidence=heap dump")
    whole = shell.read("whys", number)
    assert whole["whys"][0]["whys"] == [
        {"number": "1.1", "text": "It leaks", "verdict": "confirmed", "evidence": "heap dump", "whys": []}
    ]
    assert "  1.1 It leaks" in shell.ok("whys", number)
    other = shell.ok("new", "problem", "summary=Another")
    shell.ok("do", other, "set-whys", "whys=-", stdin=json.dumps(whole["whys"]))
    assert shell.read("whys", other)["whys"] == whole["whys"]
    shell.ok("do", number, "root-cause", "why=1.1", "root_cause_code=software defect")
    shell.ok("edit", number, f"workaround={HELP}")
    shell.ok("do", number, "publish")
    error = shell.read("list", "known-error")["items"][0]["number"]
    shown = shell.read("show", error)
    assert (shown["cause"], shown["workaround"], shown["problem"], shown["state"]) == (
        "It leaks", HELP, "VPN drops sessions", "known-error",
    )  # fmt: skip
    told = [line["text"] for line in shell.read("show", incident)["journal"] if line["what"] in ("note", "reply")]
    assert told == [f"Workaround of {number}: {HELP}"]
    assert shell.read("explain", number, "cost")["cost"]["fix_seconds"] == 6 * 3600
    assert shell.read("report", "problems")["rows"][0]["number"] == number
    assert "only a problem has an outline" in shell.refused("whys", incident)
    assert "change the problem instead" in shell.refused("do", error, "follow-closed")
    assert shell.ok("doctor").startswith(("The desk is well", "nothing", "No")) or shell("doctor").status == 0


def test_exported_problems_come_back_alike(shell: Shell, tmp_path: Path) -> None:
    shell.ok("new", "problem", "summary=VPN drops sessions", f"root_cause={CAUSE}", f"workaround={HELP}", "versions=4.2,4.3")
    file = tmp_path / "problems.jsonl"
    file.write_text(shell.ok("export", "problem", "--format", "jsonl") + "\n", encoding="utf-8")
    done = shell.read("import", "jsonl", str(file))
    assert (done["created"], done["updated"], done["unchanged"]) == (0, 0, 1)


def test_the_doctor_finds_what_sql_did_and_the_database_keeps_what_was_posted(any_cast: Cast) -> None:
    bob = any_cast.as_("bob")
    number = problem(bob, root_cause=CAUSE, workaround=HELP)
    one = any_cast.incident(problem=number)
    bob.act(number, "publish")

    def codes() -> set[tuple[str, str]]:
        found = examine(any_cast.database, clock=any_cast.clock, registry=any_cast.ada.registry)
        return {(finding.code, finding.subject) for finding in found if finding.code in ("known-error", "workaround")}

    assert codes() == set()
    for statement in (update(workaround_post).values(digest="x"), delete(workaround_post)):
        with pytest.raises((exc.DBAPIError, DeskError), match="append-only"), any_cast.database.write() as connection:
            connection.execute(statement)
    error = error_of(bob, number)
    with any_cast.database.write() as connection:
        connection.execute(text("UPDATE known_error SET workaround = 'something else'"))
        connection.execute(text("UPDATE incident SET problem_id = NULL"))
    assert codes() == {("known-error", error), ("known-error", one)}
    with any_cast.database.write() as connection:
        connection.execute(text("UPDATE problem SET workaround = NULL"))
    assert ("known-error", error) in codes()
