"""The configuration on the command line: what was, what differs, what a failure does, and the report."""

from __future__ import annotations

from tests.cli.shell import Shell


def test_the_configuration_is_asked_and_answers(desk: Shell) -> None:
    one, other = (desk.ok("new", "ci", f"name={name}", "type=database", "cost=1000.10") for name in ("db-1", "db-2"))
    web = desk.ok("new", "ci", "name=web", "type=application", "service=Workplace")
    for member in (one, other):
        desk.ok("link", web, "depends-on", member, "--group", "db", "--need", "1")
    desk.ok("new", "baseline", "name=Go-live")
    desk.ok("do", one, "repair")
    assert desk.read("explain", web, "state")["state"]["state"] == "degraded"
    data = desk.read("explain", other, "impact")["impact"]
    assert [(hit["number"], hit["redundancy"]) for hit in data["would_break"]] == [(web, "0/2 up"), ("SVC-00001", "0/1 up")]
    assert "would break" in desk.ok("explain", other, "impact")
    differences = desk.read("compare", "Go-live")["differences"]
    assert [(d["number"], d["field"], d["old"], d["new"]) for d in differences] == [(one, "status", "live", "in-repair")]
    assert "live" in desk.ok("compare", "Go-live", "now", "--ci", one)
    assert "nothing differs" in desk.ok("compare", "Go-live", "--ci", other)
    assert "neither now" in desk.refused("compare", "yesterday")
    assert "was not there yet" in desk.refused("--at", "2020-01-01", "show", one)
    rows = {row["group"]: row for row in desk.read("report", "cmdb")["rows"]}
    assert (rows["database"]["here"], rows["database"]["in_repair"], rows["database"]["cost"]) == (2, 1, {"EUR": "2000.20"})
    assert "SPOF now" in desk.ok("explain", web, "state")
    assert "Database" not in desk.ok("report", "cmdb", "by=status", "--format", "csv")
    assert "not by 'colour'" in desk.refused("report", "cmdb", "by=colour")
