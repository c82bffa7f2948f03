"""The verification inbox: what lands in it, what is decided there, and what applying, undoing and scanning again do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from deskterm.configuration import discovery, unauthorised
from deskterm.configuration import discovery_reading as reading
from deskterm.configuration.discovery_schema import Outcome
from deskterm.errors import BadQuery, InvalidInput, NotAllowed, NotFound, WorkflowRefused
from deskterm.exchange.importing import run_import
from tests.change.changing import board, implementing
from tests.configuration.scanning import DAY, facts, folder, host, inbox, known, nmap, scan, told
from tests.desks import MONDAY, Cast

AT = MONDAY - 3600
WEB, DB = "08:00:27:00:11:01", "08:00:27:00:11:02"


def values(cast: Cast, number: str) -> dict[str, Any]:
    shown = cast.ada.show(number)
    return {**shown.values, "state": shown.state}


def notes(cast: Cast, number: str) -> list[str]:
    return [line.text or "" for line in cast.ada.show(number).journal if line.what == "note"]


def incidents(cast: Cast) -> list[Any]:
    desk = cast.ada
    page = desk.page(desk.prepare(("incident",), 'category:"unauthorised change"', "number"), limit=100, columns=("ci",))
    return [desk.show(row.number) for row in page.rows]


def test_new_changed_and_unchanged_are_told_apart_and_applied(any_cast: Cast, tmp_path: Path) -> None:
    cast = any_cast
    web = known(
        cast,
        name="web-01",
        mac=WEB,
        attributes={"open_ports": ["22/tcp", "8443/tcp"], "rack_units": 2},
        fqdn="web-01.example.org",
    )
    db = known(
        cast,
        name="db-01",
        mac=DB,
        attributes={"open_ports": ["22/tcp"], "ip": "192.0.2.2"},
        manufacturer="Maker",
        fqdn="db.example.org",
    )
    file = tmp_path / "lan.xml"
    content = nmap(
        host("web-01.example.org", mac=WEB, ports=(22, 23)),
        host("db.example.org", mac=DB, address="192.0.2.2"),
        host("new.example.org", mac="08:00:27:00:11:03", address="192.0.2.3", ports=(80,)),
    )
    before = scan(cast, "nmap", file, content, dry_run=True)
    assert (before.created, before.updated, before.unchanged) == (1, 1, 1)
    assert cast.ada.count(cast.ada.prepare(("discovery",), "*")) == 0
    result = scan(cast, "nmap", file)
    assert (result.created, result.updated, result.unchanged, result.skipped) == (1, 1, 1, 0)
    number = result.number
    assert told(cast, number) == {
        "web-01.example.org": (
            "changed",
            web,
            [
                ("attributes.ip", None, "192.0.2.1"),
                ("attributes.open_ports", ["22/tcp", "8443/tcp"], ["22/tcp", "23/tcp", "8443/tcp"]),
                ("manufacturer", None, "Maker"),
            ],
        ),
        "new.example.org": ("new", "", []),
        "db.example.org": ("unchanged", db, []),
    }
    assert [row.outcome for row in inbox(cast, number)] == [Outcome.CHANGED, Outcome.NEW, Outcome.UNCHANGED]
    assert values(cast, web)["last_seen_at"] == values(cast, db)["last_seen_at"] == AT
    assert values(cast, web)["attributes"]["open_ports"] == ["22/tcp", "8443/tcp"]

    assert discovery.decide(cast.ada, number, [1, 2], "staged") == (1, 2)
    assert discovery.leave_out(cast.ada, number, 1, "manufacturer")
    tried = discovery.apply(cast.ada, number, preview=True)
    assert [(step.what, step.ok) for step in tried.steps] == [("changed", True), ("made", True)]
    assert values(cast, web)["attributes"]["open_ports"] == ["22/tcp", "8443/tcp"]
    done = discovery.apply(cast.ada, number)
    assert done.steps[0].fields == ("attributes.ip", "attributes.open_ports")
    after = values(cast, web)
    assert after["attributes"] == {"open_ports": ["22/tcp", "23/tcp", "8443/tcp"], "rack_units": 2, "ip": "192.0.2.1"}
    assert after["manufacturer"] is None
    made = values(cast, done.steps[1].number)
    assert (made["name"], made["mac"], made["fqdn"], made["state"]) == (
        "new.example.org",
        "08:00:27:00:11:03",
        "new.example.org",
        "live",
    )
    assert made["last_seen_at"] == AT
    assert notes(cast, web)[-1].startswith(f"changed by {number}, nmap 192.0.2.0/24, scanned 2026-11-02T08:00:00Z, row 1")
    assert cast.ada.show(number).state == "settled"
    assert [row.state for row in inbox(cast, number)] == ["applied", "applied", ""]

    again = scan(cast, "nmap", file)
    assert (again.created, again.updated, again.unchanged, again.number) == (0, 0, 3, number)
    with pytest.raises(WorkflowRefused, match="is settled; reopen it first"):
        discovery.decide(cast.ada, number, [1], "discarded")


def test_applying_is_undone_and_done_again(any_cast: Cast, tmp_path: Path) -> None:
    cast = any_cast
    web = known(cast, name="web-01", mac=WEB, model="R640")
    number = scan(cast, "ansible", folder(tmp_path / "out", {
        "web-01.example.org": facts(product_name="R740", default_ipv4={"macaddress": WEB}),
        "new.example.org": facts(product_serial="SN-4711-1"),
    })).number  # fmt: skip
    discovery.decide(cast.ada, number, [1, 2], "staged")
    steps = discovery.apply(cast.ada, number).steps
    assert values(cast, web)["model"] == "R740"
    report = cast.ada.undo()
    assert set(report.undone) == {web, steps[1].number, number}
    assert values(cast, web)["model"] == "R640"
    assert values(cast, steps[1].number)["state"] == "retired"
    assert [row.state for row in inbox(cast, number)] == ["staged", "staged"]
    again = discovery.apply(cast.ada, number).steps
    assert [(step.what, step.number) for step in again] == [("changed", web), ("changed", steps[1].number)]
    assert values(cast, steps[1].number)["state"] == "live"


def test_decisions_are_undone_one_by_one(cast: Cast, tmp_path: Path) -> None:
    hosts = [host(f"h{i}.example.org", address=f"192.0.2.{i}") for i in range(1, 6)]
    number = scan(cast, "nmap", tmp_path / "lan.xml", nmap(*hosts)).number
    discovery.decide(cast.ada, number, [1, 2, 3], "staged")
    discovery.decide(cast.ada, number, [2, 5], "discarded")
    assert [row.state for row in inbox(cast, number)] == ["staged", "discarded", "staged", "open", "discarded"]
    discovery.decide(cast.ada, number, [2], "open")
    cast.ada.undo()
    cast.ada.undo()
    assert [row.state for row in inbox(cast, number)] == ["staged", "staged", "staged", "open", "open"]
    assert cast.ada.show(number).values["staged"] == "1-3"
    assert discovery.positions_of(cast.ada, number, Outcome.NEW) == (4, 5)
    view = reading.view(cast.ada, number)
    assert (view.counts, view.states) == ({"new": 5}, {"staged": 3, "open": 2})


def test_what_cannot_be_decided_is_refused_with_the_reason(cast: Cast, tmp_path: Path) -> None:
    known(
        cast,
        name="web-01",
        mac=WEB,
        attributes={"ip": "192.0.2.1", "open_ports": ["22/tcp"]},
        manufacturer="Maker",
        fqdn="a.example.org",
    )
    number = scan(cast, "nmap", tmp_path / "lan.xml", nmap(host("a.example.org", mac=WEB), host("b.example.org"))).number
    for position, state, error, said in (
        (9, "staged", NotFound, "has no row 9"),
        (2, "staged", WorkflowRefused, r"row 2 \(a.example.org\) is unchanged"),
    ):
        with pytest.raises(error, match=said):
            discovery.decide(cast.ada, number, [position], state)
    with pytest.raises(WorkflowRefused, match="nothing of DSC-00001 is staged"):
        discovery.apply(cast.ada, number)
    with pytest.raises(InvalidInput, match="does not differ in 'serial'"):
        discovery.leave_out(cast.ada, number, 1, "serial")
    with pytest.raises(InvalidInput, match="is no conflict"):
        discovery.choose(cast.ada, number, 1, "new")
    with pytest.raises(InvalidInput, match="not a scan"):
        discovery.apply(cast.ada, "CI-00001")
    with pytest.raises(NotAllowed):
        discovery.decide(cast.as_("bob"), number, [1], "staged")
    with pytest.raises(NotAllowed):
        run_import(cast.as_("bob"), "nmap", tmp_path / "lan.xml")
    with pytest.raises(InvalidInput, match="a scan comes with a file"):
        cast.ada.create("discovery", {})
    assert [row.state for row in inbox(cast, number)] == ["open", ""]


def test_two_hosts_with_one_serial_number_are_a_conflict_for_a_person(any_cast: Cast, tmp_path: Path) -> None:
    cast = any_cast
    one = known(cast, name="one", serial="SN-0001-X")
    two = known(cast, name="two", serial="sn-0001-x")
    number = scan(cast, "ansible", folder(tmp_path / "out", {
        "a.example.org": facts(product_serial="SN-7777", distribution="Debian"),
        "b.example.org": facts(product_serial="SN-7777", distribution="Fedora"),
        "c.example.org": facts(product_serial="SN-0001-X"),
    })).number  # fmt: skip
    rows = {row.name: row for row in inbox(cast, number)}
    assert {row.outcome for row in rows.values()} == {Outcome.CONFLICT}
    assert rows["a.example.org"].message == "the serial number is also that of b.example.org (b.example.org)"
    assert [c.number for c in rows["c.example.org"].candidates] == [one, two]
    a, b, c = (rows[f"{letter}.example.org"].position for letter in "abc")
    with pytest.raises(WorkflowRefused, match="say first which CI it is"):
        discovery.decide(cast.ada, number, [a], "staged")
    discovery.choose(cast.ada, number, a, "new")
    discovery.choose(cast.ada, number, b, "new")
    discovery.choose(cast.ada, number, c, two)
    assert [(d.field, d.new) for d in reading.row(cast.ada, number, c).differences][:2] == [
        ("attributes.os", "Debian"),
        ("attributes.os_version", "12"),
    ]
    assert discovery.leave_out(cast.ada, number, c, "attributes.os_version")
    steps = discovery.apply(cast.ada, number).steps
    assert [(step.what, step.number) for step in steps][:2] == [("made", "CI-00004"), ("made", "CI-00005")]
    assert (steps[2].what, steps[2].number) == ("changed", two)
    assert "os_version" not in values(cast, two)["attributes"]
    assert values(cast, one)["attributes"] is None


def test_what_a_later_scan_of_the_scope_misses_is_proposed_as_missing(any_cast: Cast, tmp_path: Path) -> None:
    cast = any_cast
    both = (host("a.example.org", mac=WEB), host("b.example.org", mac=DB, address="192.0.2.2"))
    first = scan(cast, "nmap", tmp_path / "1.xml", nmap(*both, at=AT - 2 * DAY)).number
    discovery.decide(cast.ada, first, [1, 2], "staged")
    a, b = (step.number for step in discovery.apply(cast.ada, first).steps)
    other = scan(cast, "nmap", tmp_path / "other.xml", nmap(both[0], target="198.51.100.0/24", at=AT - DAY)).number
    assert "vanished" not in {outcome for outcome, _, _ in told(cast, other).values()}
    half = nmap(both[0], at=AT - DAY, end="<host><status")
    assert [
        outcome for outcome, _, _ in told(cast, scan(cast, "nmap", tmp_path / "2.xml", half, skip_bad=True).number).values()
    ] == ["unchanged"]
    second = scan(cast, "nmap", tmp_path / "3.xml", nmap(both[0], host("c.example.org"))).number
    assert told(cast, second)["b.example.org"] == ("vanished", b, [("missing_since", None, AT)])
    position = next(row.position for row in inbox(cast, second) if row.outcome is Outcome.VANISHED)
    discovery.decide(cast.ada, second, [position], "staged")
    assert [(s.what, s.number) for s in discovery.apply(cast.ada, second).steps] == [("missing", b)]
    assert (values(cast, b)["missing_since"], values(cast, b)["state"]) == (AT, "live")
    assert values(cast, b)["last_seen_at"] == AT - 2 * DAY
    cast.clock.advance(DAY)
    third = scan(cast, "nmap", tmp_path / "4.xml", nmap(*both, at=AT + DAY)).number
    assert told(cast, third)["b.example.org"] == ("changed", b, [("missing_since", AT, None)])
    assert cast.ada.show(second).state == "settled"
    position = next(row.position for row in inbox(cast, third) if row.number == b)
    discovery.decide(cast.ada, third, [position], "staged")
    discovery.apply(cast.ada, third)
    assert values(cast, b)["missing_since"] is None
    assert incidents(cast) == []
    assert a


def test_a_retired_item_that_is_seen_again_is_proposed_as_live(cast: Cast, tmp_path: Path) -> None:
    old = known(cast, name="old-01", mac=WEB, status="retired")
    gone = known(cast, name="gone-01", mac=DB, status="disposed")
    number = scan(
        cast,
        "nmap",
        tmp_path / "lan.xml",
        nmap(host("o.example.org", mac=WEB), host("g.example.org", mac=DB, address="192.0.2.2")),
    ).number
    assert ("status", "retired", "live") in told(cast, number)["o.example.org"][2]
    discovery.decide(cast.ada, number, [1, 2], "staged")
    with pytest.raises(InvalidInput, match="1 of 2 rows refuse, nothing was applied") as refusal:
        discovery.apply(cast.ada, number)
    assert "was disposed of, yet it was found" in next(iter(refusal.value.fields.values()))
    assert values(cast, old)["state"] == "retired"
    assert values(cast, gone)["state"] == "disposed"


def test_what_was_made_meanwhile_is_not_made_again(cast: Cast, tmp_path: Path) -> None:
    number = scan(cast, "nmap", tmp_path / "lan.xml", nmap(host("a.example.org", mac=WEB))).number
    discovery.decide(cast.ada, number, [1], "staged")
    made = known(cast, name="by hand", mac=WEB)
    assert [(step.what, step.number) for step in discovery.apply(cast.ada, number).steps] == [("changed", made)]
    assert cast.ada.count(cast.ada.prepare(("ci",), f'mac:"{WEB}"')) == 1


def test_a_change_that_nobody_approved_raises_one_incident_for_each_ci(any_cast: Cast, tmp_path: Path) -> None:
    cast = any_cast
    web = known(cast, name="web-01", mac=WEB, model="R640", service="Payroll", support_team="network")
    stock = known(cast, name="spare", mac=DB, model="R640", status="in-stock")
    blank = known(cast, name="blank", serial="SN-0099-Z")
    files = {
        "web-01.example.org": facts(product_name="R740", default_ipv4={"macaddress": WEB}),
        "spare.example.org": facts(product_name="R740", default_ipv4={"macaddress": DB}),
        "blank.example.org": facts(product_name="R740", product_serial="SN-0099-Z"),
    }  # fmt: skip
    number = scan(cast, "ansible", folder(tmp_path / "out", files)).number
    (alarm,) = incidents(cast)
    assert alarm.title == f"Unauthorised change on {web} web-01: model"
    assert alarm.names[alarm.values["ci"]].number == web
    assert [alarm.names[alarm.values[name]].title for name in ("service", "team")] == ["Payroll", "network"]
    assert "model: R640 is recorded, R740 was found" in alarm.values["description"]
    assert [(link.relation, link.number) for link in alarm.links if link.kind == "discovery"] == [("raised", number)]
    by_number = {row.number: row for row in inbox(cast, number)}
    assert (by_number[web].unauthorised, by_number[web].incident) == (True, alarm.number)
    assert not by_number[stock].unauthorised
    assert not by_number[blank].unauthorised
    assert reading.view(cast.ada, number).unauthorised == 1

    files["web-01.example.org"]["changed"] = True  # another file, the same difference
    second = scan(cast, "ansible", folder(tmp_path / "out", files)).number
    assert [one.number for one in incidents(cast)] == [alarm.number]
    assert f"still so: {second}, row" in notes(cast, alarm.number)[-1]
    files["web-01.example.org"] = facts(product_name="R999", default_ipv4={"macaddress": WEB})
    scan(cast, "ansible", folder(tmp_path / "out", files))
    assert len(incidents(cast)) == 2


def test_an_approved_change_since_the_ci_was_last_seen_covers_what_differs(any_cast: Cast, tmp_path: Path) -> None:
    """Its window was last night; the scan is this morning's. Another CI of the same scan was not part of it."""
    cast = any_cast
    web = known(cast, name="web-01", mac=WEB, model="R640")
    db = known(cast, name="db-01", mac=DB, model="R640")
    board(cast, "sue")
    number = implementing(cast, cis=[web])
    cast.as_("bob").act(number, "complete", {"code": "successful"})

    def found(model: str) -> dict[str, Any]:
        ends = (("web-01", WEB), ("db-01", DB))
        return {f"{name}.example.org": facts(product_name=model, default_ipv4={"macaddress": mac}) for name, mac in ends}

    cast.clock.at = MONDAY + DAY
    first = scan(cast, "ansible", folder(tmp_path / "out", found("R740"))).number
    rows = {row.number: row for row in inbox(cast, first)}
    assert (rows[web].unauthorised, rows[web].covered_by) == (False, number)
    assert (rows[db].unauthorised, rows[db].covered_by) == (True, "")
    assert [one.title for one in incidents(cast)] == [f"Unauthorised change on {db} db-01: model"]
    cast.clock.at = MONDAY + 2 * DAY
    again = scan(cast, "ansible", folder(tmp_path / "out", {**found("R740"), "other.example.org": facts()})).number
    rows = {row.number: row for row in inbox(cast, again)}
    assert (rows[web].unauthorised, rows[web].covered_by) == (False, number)  # nobody applied it yet; it is what it was
    cast.clock.at = MONDAY + 3 * DAY
    second = scan(cast, "ansible", folder(tmp_path / "out", found("R999"))).number
    assert {row.number: row.unauthorised for row in inbox(cast, second) if row.number} == {web: True, db: True}
    with cast.database.read() as connection:
        assert unauthorised.count(connection, MONDAY, MONDAY + 3 * DAY + 1) == 3
        assert unauthorised.count(connection, MONDAY, MONDAY + DAY) == 0


def test_half_the_estate_is_one_incident(cast: Cast, tmp_path: Path) -> None:
    for i in range(1, 53):
        known(cast, name=f"h{i}", fqdn=f"h{i}.example.org", attributes={"open_ports": ["22/tcp"]})
    hosts = [host(f"h{i}.example.org", address=f"192.0.2.{i}", ports=(23,)) for i in range(1, 53)]
    number = scan(cast, "nmap", tmp_path / "lan.xml", nmap(*hosts)).number
    (alarm,) = incidents(cast)
    assert alarm.title == f"Unauthorised changes on 52 CIs found by {number}"
    assert "CI-00053 h52: open ports" in alarm.values["description"]
    assert {row.incident for row in inbox(cast, number)} == {alarm.number}


def test_an_import_is_undone_with_all_it_raised(cast: Cast, tmp_path: Path) -> None:
    web = known(cast, name="web-01", mac=WEB, model="R640")
    out = folder(tmp_path / "out", {"web-01.example.org": facts(product_name="R740", default_ipv4={"macaddress": WEB})})
    number = scan(cast, "ansible", out).number
    assert values(cast, web)["last_seen_at"] == MONDAY
    cast.ada.undo()
    assert cast.ada.show(number).state == "void"
    assert [one.state for one in incidents(cast)] == ["cancelled"]
    assert values(cast, web)["last_seen_at"] is None
    again = scan(cast, "ansible", out)
    assert again.number != number
    assert again.updated == 1
    assert [one.state for one in incidents(cast)] == ["cancelled", "new"]


def test_our_own_export_changes_nothing(cast: Cast, tmp_path: Path) -> None:
    known(cast, name="web-01", mac=WEB, model="=R740", attributes={"os": "Debian", "disks": [1, 2]}, service="Payroll")
    known(cast, name="web-01", serial="SN-0001-Y", status="retired", cost="12.50", purchased_at="2024-05-01")
    from deskterm.exchange.exporting import run_export

    path = tmp_path / "ci.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        run_export(cast.ada, "csv", cast.ada.registry.kind("ci"), "", "number", file)
    result = scan(cast, "discovery", path)
    assert (result.created, result.updated, result.unchanged, result.skipped) == (0, 0, 3, 0)
    assert cast.ada.show(result.number).state == "settled"
    assert values(cast, "CI-00002")["last_seen_at"] is None


def test_packages_that_differ_from_the_scan_before_are_listed(cast: Cast, tmp_path: Path) -> None:
    def answer(*packages: tuple[str, str]) -> dict[str, Any]:
        rows = [{"name": name, "version": version} for name, version in packages]
        return {"system_info": [{"hostname": "lt-1", "uuid": "4c4c4544-0031-3510-8052-b4c04f4d3532"}], "deb_packages": rows}

    first = scan(cast, "osquery", tmp_path / "lt-1.json", answer(("bash", "5.1"), ("vim", "9"))).number
    discovery.decide(cast.ada, first, [1], "staged")
    discovery.apply(cast.ada, first)
    cast.clock.advance(60)
    second = scan(cast, "osquery", tmp_path / "lt-1.json", answer(("bash", "5.2"), ("vim", "9"))).number
    assert [field for field, _, _ in told(cast, second)["lt-1"][2]] == ["attributes.packages"]
    assert reading.software(cast.ada, second, 1) == [("bash", "5.1", "5.2")]


def test_pages_of_some_sorts_are_the_rows_that_the_command_line_lists(any_cast: Cast, tmp_path: Path) -> None:
    known(any_cast, name="web", mac=WEB)
    hosts = [host(f"h{place}.example.org", address=f"192.0.2.{place}") for place in range(10, 17)]
    number = scan(any_cast, "nmap", tmp_path / "1.xml", nmap(host("web", mac=WEB, ports=(22, 23)), *hosts)).number
    discovery.decide(any_cast.ada, number, [3, 5], "discarded")
    for sorts in ((), ("new",), ("changed", "discarded"), ("open",), ("applied",)):
        wanted = reading.rows_of(any_cast.ada, number, sorts) if sorts else reading.rows(any_cast.ada, number)
        found: list[int] = []
        for first in range(0, 9, 3):
            total, rows = reading.page_of(any_cast.ada, number, sorts, first=first, limit=3)
            assert total == len(wanted)
            found += [row.position for row in rows]
        assert found == [row.position for row in wanted]


def test_sorts_of_rows_are_read_from_words_and_a_wrong_one_is_pointed_at() -> None:
    assert reading.sorts_in("  Conflict, open  conflict ") == ("conflict", "open")
    assert reading.sorts_in(" ") == ()
    with pytest.raises(BadQuery, match=r"rows are shown by new, .*, not by 'colour:red'") as caught:
        reading.sorts_in("new colour:red")
    assert caught.value.column == 5
