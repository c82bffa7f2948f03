"""Discovery and audit at the prompt: a scan is listed, decided about and applied, codes are scanned into an audit."""

from __future__ import annotations

from pathlib import Path

from tests.cli.shell import Shell
from tests.configuration.scanning import host, nmap


def brought_in(desk: Shell, tmp_path: Path) -> str:
    """Import a scan with a change, a conflict and two new hosts, and return its number."""
    desk.ok(
        "new",
        "ci",
        "name=web-01",
        "fqdn=web-01.example.org",
        'attributes={"open_ports": ["22/tcp"], "ip": "192.0.2.1"}',
        "asset_number=10042",
    )
    desk.ok("new", "ci", "name=a", "serial=SN-0001-X", "mac=08:00:27:00:11:09", "location=Haus A")
    desk.ok("new", "ci", "name=b", "mac=08:00:27:00:11:09")
    path = tmp_path / "lan.xml"
    hosts = (
        host("web-01.example.org", ports=(23,)),
        host("c.example.org", mac="08:00:27:00:11:09"),
        host("n1.example.org"),
        host("n2.example.org"),
    )
    path.write_bytes(nmap(*hosts, at=1_793_000_000))
    counts = {"created": 2, "updated": 2, "unchanged": 0, "skipped": 0}
    answer = desk.read("import", "nmap", str(path), "--dry-run")
    assert {name: answer[name] for name in counts} == counts
    assert "DSC-00001 holds them in the inbox" in desk.ok("import", "nmap", str(path))
    assert desk.read("import", "nmap", str(path)) == {
        "created": 0,
        "updated": 0,
        "unchanged": 4,
        "skipped": 0,
        "number": "DSC-00001",
    }
    return "DSC-00001"


def test_a_scan_is_verified_at_the_prompt(desk: Shell, tmp_path: Path) -> None:
    number = brought_in(desk, tmp_path)
    listed = desk.ok("discovery", number)
    assert "1 conflict, 1 changed, 2 new" in listed
    assert "unauthorised, INC-" in listed
    shown = desk.read("discovery", number)
    assert [row["outcome"] for row in shown["rows"]] == ["conflict", "changed", "new", "new"]
    assert shown["rows"][1]["differences"] == [{"field": "attributes.open_ports", "old": ["22/tcp"], "new": ["23/tcp"]}]
    assert len(shown["rows"][0]["candidates"]) == 2
    assert desk.ok("discovery", number, "stage", "changed", "3-4") == f"{number}: 3 rows staged"
    assert desk.ok("discovery", number, "discard", "4") == f"{number}: 1 row discarded"
    listed = desk.read("discovery", number, "list", "conflict", "unauthorised", "discarded")
    assert [row["row"] for row in listed["rows"]] == [1, 2, 4]
    assert [row["row"] for row in desk.read("discovery", number, "list", "staged")["rows"]] == [2, 3]
    desk.ok("discovery", number, "choose", "1", f"ci={shown['rows'][0]['candidates'][0]}")
    desk.ok("discovery", number, "leave-out", "2", "field=open_ports")
    tried = desk.read("discovery", number, "apply", "--dry-run")
    assert [(row["row"], row["what"]) for row in tried["rows"]] == [(1, "changed"), (2, "as it is"), (3, "made")]
    applied = desk.ok("discovery", number, "apply")
    assert applied.splitlines()[-1] == "1 made, 1 changed, 0 missing, 1 as it is"
    assert desk.read("show", number)["state"] == "settled"


def test_what_is_not_understood_says_what_is(desk: Shell, tmp_path: Path) -> None:
    number = brought_in(desk, tmp_path)
    for words, status, said in (
        (("eat", "1"), 2, "rows take list, stage,"),
        (("list", "blue"), 2, "rows are listed by new, changed,"),
        (("list", "ci=x"), 2, "list takes nothing besides rows"),
        (("stage",), 2, "say which rows"),
        (("stage", "x"), 2, "takes a whole number"),
        (("stage", "1", "ci=x"), 2, "stage takes nothing besides rows"),
        (("choose", "1"), 2, "choose takes ci=…"),
        (("apply", "1"), 2, "apply takes over what is staged"),
        (("apply",), 1, "nothing of DSC-00001 is staged"),
        (("stage", "99"), 1, "has no row 99"),
    ):
        done = desk("discovery", number, *words)
        assert (done.status, said in done.err) == (status, True), done.err
    desk.ok("discovery", number, "discard", "new")
    done = desk("discovery", number, "stage", "new")
    assert (done.status, f"no row of {number} that is new is open" in done.err) == (1, True), done.err
    assert desk("discovery", "CI-00001").status == 1


def test_codes_are_scanned_from_a_pipe(desk: Shell, tmp_path: Path) -> None:
    brought_in(desk, tmp_path)
    number = desk.ok("new", "audit", "location=haus a")
    scanned = desk("audit", number, "scan", "-", stdin="sn-0001-x\n10042\n4711\n")
    assert [line.split()[1] for line in scanned.out.splitlines()[1:]] == ["found", "unexpected", "unknown"]
    assert desk.ok("audit", number, "take-back", "4711") == f"{number}: 1 taken back"
    view = desk.read("audit", number)
    assert (view["expected"], view["scanned"], view["unexpected"], view["accuracy"]) == (1, 1, 1, 50.0)
    assert "accuracy 50.0 %" in desk.ok("audit", number)
    for words, said in ((("eat",), "takes scan and take-back"), (("scan",), "give the codes")):
        assert said in desk("audit", number, *words).err
    report = desk.read("report", "data-quality")
    assert report["counts"]["duplicate"] == 2
    assert report["unauthorised"] == 1
