"""Continuity on the command line: a run from the disruption to the verification, and the plans without any database."""

from __future__ import annotations

from pathlib import Path

import pytest

from deskterm.bootstrap import initialise
from deskterm.drafts import STATE_VARIABLE
from tests.cli.shell import Shell


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Shell:
    """A prompt on a desk with a plan of two steps."""
    made = Shell(monkeypatch, capsys, tmp_path)
    monkeypatch.setenv(STATE_VARIABLE, str(tmp_path / "state"))
    initialise(made.database, "ada")[0].close()
    for words in (
        ("agent", "login=bob", "roles=agent"),
        ("service", "name=Payroll"),
        ("impact-analysis", "service=Payroll", "rto_seconds=3h", "wrt_seconds=6h", 'impacts={"money": [["24h", 4]]}'),
        ("continuity-plan", "name=Payroll recovery", "services=Payroll"),
        ("recovery-step", "plan=Payroll recovery", "name=Restore", "minutes=30", "role=operator"),
        ("recovery-step", "plan=BCP-00001", "name=Check", "minutes=60", "after=Restore"),
    ):
        made.ok("new", *words)
    return made


def test_a_run_is_told_as_it_goes(shell: Shell) -> None:
    assert shell.ok("new", "exercise", "plan=BCP-00001") == "EXE-00001"
    assert "planned, no steps" in shell.ok("continuity", "run", "EXE-00001")
    assert "RTO 3:00, " in shell.ok("continuity", "run", "EXE-00001", "begin")
    said = shell.refused("continuity", "run", "EXE-00001", "start", "Check")
    assert said.startswith("Check waits for Restore (waiting)")
    assert "1 running" in shell.ok("continuity", "run", "EXE-00001", "start", "Restore", "who=bob")
    shell.ok("continuity", "run", "EXE-00001", "finish", "1", "note=from last night")
    shell.ok("continuity", "run", "EXE-00001", "start", "STP-00002", "who=bob")
    shell.ok("continuity", "run", "EXE-00001", "finish", "Check")
    found = shell.read("continuity", "run", "EXE-00001", "verify")
    assert (found["state"], found["verified_by"], found["result"]) == ("verified", "ada", "met")
    assert [(one["name"], one["state"], one["who"]) for one in found["steps"]] == [
        ("Restore", "finished", "bob"),
        ("Check", "finished", "bob"),
    ]
    assert "RTO actual 0:00 of 3:00" in shell.ok("continuity", "run", "EXE-00001")
    row = shell.read("report", "continuity")["rows"][0]
    assert (row["service"], row["drills"], row["met"], row["planned_seconds"]) == ("Payroll", 1, 1, 5400)
    assert "1 of 1" in shell.ok("continuity")
    assert "nothing is wrong" in shell.ok("doctor")


def test_a_plan_is_explained(shell: Shell) -> None:
    assert shell.read("explain", "BCP-00001")["recovery"]["elapsed_seconds"] == 5400
    told = shell.ok("continuity", "plan", "BCP-00001")
    assert "planned recovery 1:30, effort 1:30; RTO 3:00" in told
    assert "SVC-00001 Payroll" in shell.ok("continuity", "scope", "BCP-00001")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("fly",), "continuity knows copy, read, run, plan, scope, not 'fly'"),
        (("run",), "name the run"),
        (("run", "EXE-00001", "fly"), "a run knows start, finish"),
        (("run", "EXE-00001", "start"), "name the step"),
        (("run", "EXE-00001", "begin", "Restore"), "begin takes no step"),
        (("run", "EXE-00001", "who=bob"), "say what is done with who"),
        (("plan",), "name one record"),
        (("copy", "a", "b"), "name one folder"),
        (("read", "name=x"), "does not take name"),
    ],
)
def test_what_is_not_understood_is_said(shell: Shell, words: tuple[str, ...], said: str) -> None:
    shell.ok("new", "exercise", "plan=BCP-00001")
    assert said in shell.refused("continuity", *words, status=2)


def test_only_exercises_are_run(shell: Shell) -> None:
    assert "is no exercise" in shell.refused("continuity", "run", "BCP-00001", "begin")
    assert "is a continuity-plan, no exercise" in shell.refused("continuity", "run", "BCP-00001")


def test_the_plans_are_readable_without_any_database(shell: Shell, tmp_path: Path) -> None:
    place = Path(shell.ok("continuity", "copy"))
    assert (place / "BCP-00001.md").is_file()
    shell.ok("edit", "STP-00001", "minutes=45")  # an edit refreshes the copy
    Path(shell.database).rename(tmp_path / "gone")
    said = shell.refused("report", "continuity", status=3)
    assert "the continuity plans as of" in said
    assert f"lie in {place}; read them with: deskterm continuity read" in said
    told = shell("--json", "report", "continuity")
    assert (told.status, str(place) in told.json["error"]["message"]) == (3, True)
    page = shell.ok("continuity", "read", "BCP-00001")
    assert "### 1. Restore (STP-00001)" in page
    assert "Takes 0:45" in page
    assert shell.ok("continuity", "read", "payroll", "RECOVERY") == page
    assert "Payroll recovery" in shell.ok("continuity", "read")
    assert shell.read("continuity", "read")["plans"][0]["steps"][0]["seconds"] == 2700
    assert "it has: BCP-00001" in shell.refused("continuity", "read", "nothing")
    assert "the continuity plans" not in shell.refused("report", "sla", status=3)


def test_a_copy_goes_wherever_one_likes(shell: Shell, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    assert shell.read("continuity", "copy", str(stick)) == {"folder": str(stick)}
    assert sorted(one.name for one in stick.iterdir()) == ["BCP-00001.md", "README.md", "plans.json"]
    (tmp_path / "file").write_text("")
    assert "cannot be kept in" in shell.refused("continuity", "copy", str(tmp_path / "file"))


def test_plans_go_out_and_come_back(shell: Shell) -> None:
    steps = shell.ok("export", "recovery-step", "--format", "csv")
    (shell.folder / "steps.csv").write_text(steps + "\n")
    assert shell.read("import", "csv", str(shell.folder / "steps.csv"))["unchanged"] == 2
