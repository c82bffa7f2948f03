"""A list taken along: what it shows, in three formats, into a file that was not there before."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from deskterm.errors import BadQuery, InvalidInput
from deskterm.exchange import listed as module
from deskterm.exchange.listed import Listed, export_list
from tests.desks import Cast

BOTH = ("incident", "request")


def _listed(**more: object) -> Listed:
    values = {"kinds": BOTH, "query": "state:open", "sort": "created_at", "columns": ("assignee", "state", "requester", "tags")}
    return Listed(**{**values, "name": "Team / open", **more})  # type: ignore[arg-type]


def test_each_format_has_the_rows_of_the_list_in_its_order_and_no_cell_does_anything(any_cast: Cast, tmp_path: Path) -> None:
    bob, folder = any_cast.as_("bob"), tmp_path / "mine"
    any_cast.incident(summary="=cmd|' /C calc'!A0", assignee="bob", tags=["a", "b"])
    any_cast.incident(summary="Pipe | and\u202e <b>bold</b>")
    bob.create("request", {"summary": "A chair, please", "requester": "Hank Scorpio"})
    wanted = ["INC-00001", "INC-00002", "REQ-00001"]
    written = {form: export_list(bob, _listed(), form, folder) for form in module.FORMATS}
    assert all((one.rows, one.more) == (3, False) for one in written.values())
    assert written["csv"].path.name == "team-open-2026-11-02.csv"
    assert (written["csv"].path.stat().st_mode & 0o777, folder.stat().st_mode & 0o777) == (0o600, 0o700)
    with written["csv"].path.open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    assert [row["number"] for row in table] == wanted
    assert list(table[0]) == ["number", "kind", "state", "priority", "due_at", "title", "assignee", "requester", "tags"]
    assert table[0]["title"].startswith("'=cmd")
    assert (table[0]["assignee"], table[0]["requester"], table[0]["due_at"][-1]) == ("bob", "Maria Lopez", "Z")
    lines = [json.loads(line) for line in written["jsonl"].path.read_text(encoding="utf-8").splitlines()]
    assert [line["number"] for line in lines] == wanted
    assert (lines[0]["title"], lines[0]["tags"]) == ("=cmd|' /C calc'!A0", ["a", "b"])
    assert "assignee" not in lines[1], "nothing is no value"
    document = written["md"].path.read_text(encoding="utf-8")
    assert document.count("\n") == 5
    assert r"Pipe \| and" in document
    assert "<b>" not in document
    assert "\u202e" not in document


def test_no_file_is_overwritten_and_a_refusal_leaves_none(
    any_cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bob = any_cast.as_("bob")
    first, second = (export_list(bob, _listed(name="…"), "csv", tmp_path).path for _ in range(2))
    assert (first.name, second.name) == ("list-2026-11-02.csv", "list-2026-11-02-2.csv")
    first.write_text("kept", encoding="utf-8")
    export_list(bob, _listed(name="…"), "csv", tmp_path)
    assert first.read_text(encoding="utf-8") == "kept"
    before = sorted(tmp_path.iterdir())
    for wrong, form, refusal in (({"query": "team:nowhere"}, "csv", BadQuery), ({}, "xlsx", InvalidInput)):
        with pytest.raises(refusal):
            export_list(bob, _listed(**wrong), form, tmp_path)
    with pytest.raises(InvalidInput, match="cannot be written"):
        export_list(bob, _listed(), "csv", first / "below a file")
    assert sorted(tmp_path.iterdir()) == before
    for _ in range(3):
        any_cast.incident()
    monkeypatch.setattr(module, "MOST", 2)
    assert (lambda one: (one.rows, one.more))(export_list(bob, _listed(), "jsonl", tmp_path)) == (2, True)


def test_a_list_holds_no_more_than_the_person_may_see(any_cast: Cast, tmp_path: Path) -> None:
    any_cast.incident(requester="Hank Scorpio", assignee="bob")
    own = any_cast.incident()
    written = export_list(any_cast.as_("maria"), _listed(), "jsonl", tmp_path)
    [line] = written.path.read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["number"] == own
