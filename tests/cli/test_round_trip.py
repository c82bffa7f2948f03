"""What is exported is imported as the same: on the desk it came from nothing changes, on a fresh one it is all there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli.shell import Shell
from tests.hostile import PAYLOADS

ORDER = ("organisation", "person", "agent", "team", "service", "ci", "calendar", "agreement", "target", "incident")
"""References point backwards, but for agents, who name their teams: a team names its members again."""
FRESH = {"created_at", "updated_at", "version", "journal", "operation", "clocks", "open_since", "due_at", "clock_state"}


@pytest.fixture
def filled(desk: Shell) -> Shell:
    desk.ok("new", "person", "name=MARIA LOPEZ", "email=other@globex.example")
    desk.ok("new", "ci", "name=db, \"one\"; 'two'", "type=database", 'attributes={"os": "Debian 12", "disks": [1, 2]}')
    desk.ok("new", "incident", 'summary==HYPERLINK("x")', "requester=PER-00001", "team=network", "tags=a,b")
    desk.ok("new", "incident", "summary='=quoted", "description=-", "impact=1", stdin='one\n\n  two, "three"\n')
    for i, text in enumerate(PAYLOADS.values()):
        desk("new", "incident", f"summary=Hostile {i}", "description=-", stdin=text[:2_000].encode("utf-8", "surrogatepass"))
    desk.ok("edit", "CI-00001", "status=retired")
    return desk


def _export(shell: Shell, kind: str, form: str, folder: Path, database: str) -> Path:
    path = folder / f"{kind}.{form}"
    done = shell("--database", database, "export", kind, "--format", form, "--sort", "number")
    assert done.status == 0, done.err
    path.write_text(done.out, encoding="utf-8", newline="")
    return path


def _all(shell: Shell, database: str, kind: str) -> list[dict[str, Any]]:
    items = shell.read("--database", database, "list", kind, "--sort", "number", "--limit", "0")["items"]
    return [{name: value for name, value in item.items() if name not in FRESH} for item in items]


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_importing_the_own_export_changes_nothing(filled: Shell, tmp_path: Path, form: str) -> None:
    for kind in ORDER:
        path = _export(filled, kind, form, tmp_path, filled.database)
        answer = filled.read("import", form, str(path))
        assert (answer["created"], answer["updated"], answer["skipped"]) == (0, 0, 0), kind
        assert answer["unchanged"] > 0


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_a_fresh_desk_gets_the_same_records(filled: Shell, tmp_path: Path, form: str) -> None:
    fresh = str(tmp_path / "fresh.db")
    filled.ok("--database", fresh, "init", "--admin", "ada")
    mapping = tmp_path / "agents.toml"
    mapping.write_text('columns = { teams = "" }\n', encoding="utf-8")
    for kind in ORDER:
        path = _export(filled, kind, form, tmp_path, filled.database)
        words = ("--mapping", str(mapping)) if kind == "agent" else ()
        done = filled("--database", fresh, "--json", "import", form, str(path), *words)
        assert done.status == 0, (kind, done.err)
    for kind in ORDER:
        assert _all(filled, fresh, kind) == _all(filled, filled.database, kind), kind
    again = filled.read("--database", fresh, "import", form, str(tmp_path / f"incident.{form}"))
    assert (again["created"], again["updated"]) == (0, 0)


def test_a_bad_row_is_named_and_nothing_is_loaded(desk: Shell, tmp_path: Path) -> None:
    path = tmp_path / "person.csv"
    path.write_text("name,vip\nGood,yes\nBad,maybe\nWorse,never\n", encoding="utf-8")
    before = desk.read("list", "person")["count"]
    done = desk("--json", "import", "csv", str(path))
    assert done.status == 1
    assert done.json["error"]["code"] == "import"
    assert [(row["line"], row["field"]) for row in done.json["rows"]] == [(3, "vip"), (4, "vip")]
    named = [f"line {row['line']}: vip {row['message']}" for row in done.json["rows"]]
    assert done.err.splitlines()[:2] == named
    assert desk.read("list", "person")["count"] == before
    assert desk.read("import", "csv", str(path), "--skip-bad", "--dry-run")["created"] == 1
    assert desk.read("list", "person")["count"] == before
    assert desk.read("import", "csv", str(path), "--skip-bad") == {"created": 1, "updated": 0, "unchanged": 0, "skipped": 2}
    assert "may not import" in desk.refused("--as", "bob", "import", "csv", str(path))
    assert "there is no format 'xls'" in desk.refused("import", "xls", str(path))
