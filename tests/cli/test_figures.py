"""Explain, report and calc as commands: what they print and in which formats."""

from __future__ import annotations

import csv
import io
import json

import pytest

from deskterm.clock import parse_instant
from deskterm.reports import REPORTS
from tests.cli.shell import Shell


@pytest.fixture
def worked(desk: Shell) -> Shell:
    """One incident, resolved on a Monday with a pause in between."""
    at = "2026-11-02T{}Z".format
    desk.ok("--at", at("10:00:00"), "new", "incident", "summary=x", "category=mail", "requester=Maria Lopez", "team=desk")
    desk.ok("--at", at("10:10:00"), "do", "INC-00001", "pend", "reason=caller", "message=Still?")
    desk.ok("--at", at("12:10:00"), "do", "INC-00001", "resume")
    desk.ok("--at", at("12:40:00"), "do", "INC-00001", "resolve", "code=solved", "solution=y")
    return desk


def test_a_clock_is_explained_to_the_second(worked: Shell) -> None:
    found = worked.read("explain", "INC-00001", "resolution")
    (clock,) = found["clocks"]
    assert (found["number"], found["what"]) == ("INC-00001", "resolution")
    assert [(s["state"], s["counted_seconds"], s["running_seconds"]) for s in clock["segments"]] == [
        ("open", 600, 600),
        ("paused", 0, 600),
        ("open", 1800, 2400),
    ]
    assert clock["elapsed_seconds"] == 2400
    assert clock["unit"] == "business-hours"
    shown = worked.ok("explain", "INC-00001")
    assert "resolution, Standard (SLA): met, 0:40 of 8:00" in shown
    assert "waiting for caller" in shown


def test_what_is_to_come_is_marked(desk: Shell) -> None:
    desk.ok("--at", "2026-11-02T16:30:00Z", "new", "incident", "summary=x", "impact=1", "urgency=1")
    (clock,) = desk.read("--at", "2026-11-02T16:40:00Z", "explain", "INC-00001", "resolution")["clocks"]
    assert [(s["state"], s["projected"]) for s in clock["segments"]] == [
        ("open", False), ("open", True), ("closed", True), ("open", True),
    ]  # fmt: skip
    assert clock["segments"][-1]["to"] == clock["due_at"]


def test_a_priority_is_explained_by_its_matrix(desk: Shell) -> None:
    desk.ok("new", "incident", "summary=x", "impact=1", "urgency=3")
    desk.ok("--as", "sue", "edit", "INC-00001", "priority=1", "priority_reason=The board is in the building")
    found = desk.read("explain", "INC-00001", "priority")["priority"]
    assert (found["derived"], found["priority"], found["override_reason"]) == (3, 1, "The board is in the building")
    assert "[3]" in desk.ok("explain", "INC-00001", "priority")


def test_a_clock_says_when_it_would_be_due_if_the_record_waited(desk: Shell) -> None:
    desk.ok("--as", "sue", "--at", "2026-11-02T10:00:00Z", "new", "incident", "summary=x", "impact=1", "urgency=1")
    at = ("--as", "sue", "--at", "2026-11-02T10:05:00Z", "explain", "INC-00001", "resolution")
    [clock] = desk.read(*at, "--pended-until", "2026-11-02T11:05:00Z")["clocks"]
    assert clock["if_pended"]["until"] == "2026-11-02T11:05:00Z"
    assert parse_instant(clock["if_pended"]["due_at"]) == parse_instant(clock["due_at"]) + 3600
    assert f"if pended now until 2026-11-02T11:05:00Z, due becomes {clock['if_pended']['due_at']}" in desk.ok(
        *at, "--pended-until", "+1h"
    )
    assert "before it begins" in desk.refused(*at, "--pended-until", "2026-11-02T09:00:00Z")
    assert "if_pended" not in desk.read(*at)["clocks"][0]


def test_what_has_no_figure_says_so(desk: Shell) -> None:
    desk.ok("new", "incident", "summary=x")
    assert "has no figure 'colour'; it has: priority" in desk.refused("explain", "INC-00001", "colour")
    assert "no figure to explain" in desk.refused("explain", "ORG-00001")


def test_a_report_comes_in_four_formats(worked: Shell) -> None:
    words = ("report", "incidents", "by=team", "--from", "2026-11-02", "--to", "2026-11-03")
    data = worked.read(*words)
    assert json.loads(worked.ok(*words, "--format", "json")) == data
    assert (data["from"], data["to"]) == ("2026-11-02T00:00:00Z", "2026-11-03T00:00:00Z")
    assert data["total"]["mttr_gross_mean_seconds"] == 9600
    assert data["total"]["mttr_net_mean_seconds"] == 2400
    assert data["total"]["mtta_seconds"] == 0
    assert "formulas" in data
    table = worked.ok(*words)
    assert "MTTR gross" in table
    assert "2:40" in table
    first = next(csv.DictReader(io.StringIO(worked(*words, "--format", "csv").out)))
    assert (first["group"], first["mttr_gross_mean_seconds"], first["sla_met_percent"]) == ("all", "9600", "100.0")
    assert "| desk | 1 | 1 | 0 |" in worked.ok(*words, "--format", "md")
    assert "--format is" in worked.refused(*words, "--format", "xml", status=2)


def test_where_there_is_nothing_there_is_no_figure(desk: Shell) -> None:
    for name in ("service-desk", "incidents", "sla"):
        data = desk.read("report", name, "--from", "2020-01-01", "--to", "2020-02-01")
        figures = {**data, **data.get("total", {})}
        assert all(value is None for key, value in figures.items() if key.endswith("_percent")), name
    assert "n/a" in desk.ok("report", "service-desk")
    assert "there is no report 'weather'" in desk.refused("report", "weather")
    assert "ends after it begins" in desk.refused("report", "sla", "--from", "2026-02-01", "--to", "2026-01-01")


def test_calc_answers_every_line_and_says_at_the_end_if_one_was_bad(shell: Shell) -> None:
    good = '{"impact": 1, "urgency": 2}'
    done = shell("calc", "priority", stdin=f"{good}\nnonsense\n\n{good}\n")
    answers = [json.loads(line) for line in done.out.splitlines()]
    assert answers[0] == answers[2] == {"priority": 2}
    assert answers[1]["error"]["code"] == "invalid"
    assert done.status == 1
    assert shell("calc", "priority", stdin=f"{good}\n").status == 0
    spoilt = shell("calc", "priority", stdin=b'{"impact": 1, "urgency": "\xff"}\n' + good.encode())
    assert [("error" in json.loads(line)) for line in spoilt.out.splitlines()] == [True, False]
    assert "elapsed" in shell.ok("calc").splitlines()


GROUPED = {"incidents": "team", "problems": "service", "changes": "team", "releases": "unit", "cmdb": "service"}
"""Reports that count by a field, and one that each takes."""


def test_every_report_comes_in_every_format_and_by_what_it_counts(worked: Shell) -> None:
    for name in REPORTS:
        about = ["team=desk"] if name == "handover" else []
        for options in [about, *([[f"by={GROUPED[name]}"]] if name in GROUPED else [])]:
            words = ("report", name, *options, "--format")
            assert isinstance(json.loads(worked.ok(*words, "json")), dict), words
            rows = list(csv.reader(io.StringIO(worked.ok(*words, "csv"))))
            assert {len(row) for row in rows} == {len(rows[0])}, words
            document = worked.ok(*words, "md").splitlines()
            assert document[0].startswith("# "), words
            assert {line.replace("\\|", "").count("|") for line in document[2:]} == {len(rows[0]) + 1}, words
            assert worked.ok(*words, "table"), words
    assert "not by 'nonsense'" in worked.refused("report", "incidents", "by=nonsense", "--format", "csv")
