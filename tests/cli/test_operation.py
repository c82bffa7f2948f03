"""Commands for whoever runs a desk: jobs, worker, backup, restore, doctor, demo, keys."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.shell import Shell
from tests.service_desk.test_ssh_keys import public, text

ROOT = Path(__file__).parents[2]


def test_jobs_say_how_they_fare_and_run_once(desk: Shell) -> None:
    before = desk.read("jobs")
    assert before["leader"] is None
    assert {"name", "last_run", "next_run", "last_error"} <= before["jobs"][0].keys()
    assert {job["last_run"] for job in before["jobs"]} == {None}
    assert "nobody runs the jobs now" in desk.ok("jobs")
    ran = desk.read("jobs", "run", "breach-check")["jobs"]
    assert [job["name"] for job in ran] == ["breach-check"]
    assert len(desk.read("jobs", "run-due")["jobs"]) == len(before["jobs"])
    assert {job["last_error"] for job in desk.read("jobs")["jobs"]} == {None}
    assert "there is no job 'tea'" in desk.refused("jobs", "run", "tea")


def test_a_breach_carries_its_own_instant_however_late_the_check(desk: Shell) -> None:
    number = desk.ok("--at", "2026-11-02T10:00:00Z", "new", "incident", "summary=x", "impact=1", "urgency=1")
    desk.ok("jobs", "run-due")
    desk.ok("jobs", "run-due")
    fired = [e for e in desk.read("show", number)["journal"] if e["what"] == "clock" and e["new"] == 100]
    assert sorted((e["field"], e["at"]) for e in fired) == [
        ("resolution", "2026-11-02T14:00:00Z"),
        ("response", "2026-11-02T11:00:00Z"),
    ]


def test_only_who_manages_the_desk_runs_jobs(desk: Shell) -> None:
    assert "may not manage a job" in desk.refused("--as", "bob", "jobs", "run-due")
    desk.ok("--as", "bob", "jobs")
    assert "may not read a job" in desk.refused("--as", "maria", "jobs")


def test_the_worker_ends_cleanly(desk: Shell) -> None:
    started = subprocess.Popen(
        [sys.executable, "-m", "deskterm", "worker"], cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert started.stderr is not None
    assert "the worker runs on" in started.stderr.readline() + started.stderr.readline()
    started.send_signal(signal.SIGTERM)
    out, err = started.communicate(timeout=30)
    assert (started.returncode, out) == (0, "")
    assert "Traceback" not in err


def test_a_backup_is_restored_elsewhere(desk: Shell, tmp_path: Path) -> None:
    number = desk.ok("new", "incident", "summary=VPN drops")
    copy, place = str(tmp_path / "copy.desk"), str(tmp_path / "restored.db")
    assert "verified" in desk.ok("backup", copy)
    assert "exists" in desk.refused("backup", copy)
    answer = desk.read("--database", place, "restore", copy)
    assert answer["records"] == desk.read("--database", place, "list", "incident")["count"] + answer["records"] - 1
    assert desk.read("--database", place, "show", number)["summary"] == "VPN drops"
    assert desk("--database", place, "restore", copy).status == 1
    assert "no backup" in desk.refused("--database", str(tmp_path / "x.db"), "restore", desk.database)


def test_the_doctor_says_what_is_wrong(desk: Shell) -> None:
    desk.ok("new", "incident", "summary=VPN drops")
    assert desk("--json", "doctor").json["findings"] == []
    assert desk.ok("doctor") == "nothing is wrong"
    with sqlite3.connect(desk.database) as connection:
        connection.execute("UPDATE record SET title = 'another' WHERE number = 'INC-00001'")
    connection.close()
    done = desk("--json", "doctor")
    assert done.status == 1
    assert {"code", "severity", "message", "subject"} == done.json["findings"][0].keys()
    assert "INC-00001" in desk("doctor").out
    assert desk("--database", "/no/such/desk.db", "doctor").status == 3


def test_the_demo_is_prepared_in_a_file_of_its_own(shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DESKTERM_DATABASE")
    answer = shell.read("demo", "--prepare-only")
    assert answer["database"] == str(tmp_path / "xdg_data_home" / "deskterm" / "demo.db")
    assert shell.read("--database", answer["database"], "--as", answer["login"], "list", "incident")["count"] > 50
    assert "needs a terminal" in shell.refused("demo", status=2)


def test_a_key_opens_the_console_as_its_agent(desk: Shell, tmp_path: Path) -> None:
    bobs, eves = public(salt=b"b"), public(salt=b"e")
    (tmp_path / "id.pub").write_text(text(bobs) + "\n")
    numbers = {item["login"]: item["number"] for item in desk.read("list", "agent")["items"]}
    desk.ok("edit", numbers["bob"], f"ssh_keys=@{tmp_path / 'id.pub'}")
    line = desk.ok("authorized-keys", "desk", bobs.type, bobs.blob)
    assert line.startswith('restrict,pty,command="/usr/bin/env ')
    assert "DESKTERM_FIXED_AGENT=bob" in line
    assert f"DESKTERM_DATABASE={desk.database}" in line
    assert line.endswith(f"{bobs.type} {bobs.blob}")
    assert desk.ok("authorized-keys", "desk", eves.type, eves.blob) == ""
    assert "no public key" in desk.refused("authorized-keys", "desk", "ssh-dss", eves.blob)
    command = line.split('"')[1]
    done = subprocess.run(
        ["/bin/sh", "-c", command], env={**os.environ, "SSH_ORIGINAL_COMMAND": "sh", "DESKTERM_AGENT": "ada"}, cwd=ROOT,
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert "the console needs a terminal" in done.stderr


def test_a_password_is_not_written_where_processes_are_listed() -> None:
    from deskterm.cli.operation import pinned_place

    assert pinned_place("postgresql://desk:geheim@db/desk") == {}
    assert pinned_place("postgresql:///desk") == {"DESKTERM_DATABASE": "postgresql:///desk"}
