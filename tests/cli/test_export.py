"""Exports: whole, harmless, and in words that mean the same records again."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest

from deskterm.exchange.export_calendar import fold
from deskterm.exchange.export_markdown import block, inline
from tests.cli.shell import Shell
from tests.hostile import PAYLOADS


def _csv(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_csv_holds_every_field_and_no_formula(desk: Shell) -> None:
    desk.ok("new", "incident", "summary==1+1", "requester=Maria Lopez", "tags=a,b", "description=-", stdin="one\ntwo, three")
    (row,) = _csv(desk("export", "incident", "--format", "csv").out)
    assert list(row)[:2] == ["number", "state"]
    assert (row["summary"], row["requester"], row["tags"]) == ("'=1+1", "Maria Lopez", '["a", "b"]')
    assert row["description"] == "one\ntwo, three"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", row["occurred_at"])
    names = {field["name"] for field in desk.read("fields", "incident")["fields"]}
    assert names - set(row) == {"version", "created_at", "updated_at", "due_at", "clock_state", "done_at", "open_since"}


def test_a_name_that_means_several_is_written_as_a_number(desk: Shell) -> None:
    twin = desk.ok("new", "person", "name=MARIA LOPEZ")
    number = desk.ok("new", "incident", "summary=x", f"requester={twin}")
    desk.ok("new", "incident", "summary=y", "requester=Hank Scorpio")
    rows = {row["number"]: row["requester"] for row in _csv(desk("export", "incident", "--format", "csv").out)}
    assert rows == {number: twin, "INC-00002": "Hank Scorpio"}
    teams = {row["name"]: row for row in _csv(desk("export", "team", "--format", "csv").out)}
    assert json.loads(teams["network"]["members"]) == ["bob", "eve"]


def test_json_lines_are_objects_with_the_kind(desk: Shell) -> None:
    desk.ok("new", "incident", "summary=Grüße", "tags=a")
    (line,) = desk("export", "incident", "state:open", "--format", "jsonl").out.splitlines()
    assert line.isascii()
    record = json.loads(line)
    assert (record["kind"], record["number"], record["summary"], record["tags"]) == ("incident", "INC-00001", "Grüße", ["a"])


def test_a_long_export_is_read_page_by_page(desk: Shell) -> None:
    from deskterm.bootstrap import open_desk

    ada = open_desk(desk.database, "ada")
    for i in range(405):
        ada.create("organisation", {"name": f"Customer {i:03}"})
    rows = _csv(desk("export", "organisation", "--sort", "name", "--format", "csv").out)
    assert [row["name"] for row in rows] == sorted(row["name"] for row in rows)
    assert len({row["number"] for row in rows}) == 407


def test_markdown_shows_what_people_wrote_as_text(desk: Shell) -> None:
    desk.ok("new", "incident", "summary=<b>*VPN*</b> | [x](y)", "description=-", stdin="```\n# not a heading\x1b[31m\n```")
    shown = desk("export", "incident", "--format", "md").out
    assert r"## INC\-00001 \<b\>\*VPN\*\</b\> \| \[x\]\(y\)" in shown
    assert "````text\n```\n# not a heading\ufffd[31m\n```\n````" in shown


@pytest.mark.parametrize("name", sorted(PAYLOADS))
def test_markdown_is_one_line_and_holds_no_control(name: str) -> None:
    text = PAYLOADS[name][:5_000]
    assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e]", inline(text))
    first, *lines, last = block(text)
    assert last not in lines
    assert first == f"{last}text"


def test_a_calendar_keeps_its_uid_and_counts_its_versions(desk: Shell) -> None:
    times = ("starts_at=2026-11-02T07:00Z", "ends_at=2026-11-02T15:00Z")
    desk.ok("new", "shift", "name=Früh, lang; " + "x" * 80, "team=desk", *times)
    first = desk("export", "shift", "--format", "ics").out
    desk.ok("edit", "SHF-00001", "ends_at=2026-11-02T16:00Z")
    second = desk("export", "shift", "--format", "ics").out
    events = [dict(line.split(":", 1) for line in text.replace("\r\n ", "").splitlines()) for text in (first, second)]
    assert events[0]["UID"] == events[1]["UID"]
    assert (events[0]["SEQUENCE"], events[1]["SEQUENCE"]) == ("0", "1")
    assert (events[1]["DTSTART"], events[1]["DTEND"]) == ("20261102T070000Z", "20261102T160000Z")
    assert events[0]["SUMMARY"].startswith(r"SHF-00001 Früh\, lang\; xxx")
    assert all(len(line.encode()) <= 75 for line in first.split("\r\n"))
    assert "stands in no calendar" in desk.refused("export", "incident", "--format", "ics")


def test_a_line_is_folded_between_letters() -> None:
    folded = fold("SUMMARY:" + "日本語" * 40)
    assert all(len(line.encode()) <= 75 for line in folded.split("\r\n"))
    assert folded.replace("\r\n ", "").rstrip() == "SUMMARY:" + "日本語" * 40


def test_what_cannot_be_exported_is_said(desk: Shell) -> None:
    assert "there is no format 'xml'" in desk.refused("export", "incident", "--format", "xml")
    assert "--format" in desk.refused("export", "incident", status=2)
    assert "may not read a ci" in desk.refused("--as", "maria", "export", "ci", "--format", "csv")
