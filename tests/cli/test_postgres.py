"""The same commands on PostgreSQL: one story from an empty database to a report."""

from __future__ import annotations

import json

from tests.cli.shell import Shell


def test_a_desk_lives_in_postgresql_as_well(shell: Shell, postgres_url: str) -> None:
    place = ("--database", postgres_url)

    def ok(*words: str, stdin: str = "") -> str:
        return shell.ok(*place, *words, stdin=stdin)

    def read(*words: str, stdin: str = "") -> dict[str, object]:
        answer: dict[str, object] = json.loads(shell.ok(*place, "--json", *words, stdin=stdin))
        return answer

    assert "holds no desk yet" in shell.refused(*place, "list", "incident", status=3)
    ok("init", "--admin", "ada")
    ok("new", "team", "name=network")
    numbers = [ok("new", "incident", f"summary=Case {i}", f"urgency={1 + i}", "tags=vpn") for i in range(3)]
    listed = ok("list", "incident", "tag:vpn", "--sort", "-urgency")
    assert [line.split()[0] for line in listed.splitlines()[1:]] == numbers[::-1]
    assert read("edit", "-", "team=network", stdin=listed)["count"] == 3
    assert "refuse, nothing was changed" in shell.refused(*place, "do", *numbers, "close")
    ok("do", *numbers, "resolve", "code=solved", "solution=y")
    assert read("search", "case")["count"] == 3
    page = read("list", "incident", "--limit", "2", "--sort", "number")
    rest = read("list", "incident", "--limit", "2", "--sort", "number", "--after", str(page["next"]))
    assert (page["count"], rest["next"]) == (3, None)
    assert len(ok("export", "incident", "--format", "jsonl").splitlines()) == 3
    assert read("report", "incidents")["total"] == read("report", "incidents", "team=network")["total"]
    assert ok("undo").count("put back") == 3
    ok("jobs", "run-due")
    assert read("doctor")["findings"] == []
