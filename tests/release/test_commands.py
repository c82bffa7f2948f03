"""Releases on the command line, from the first file to the last wave: what is printed, as text and as JSON, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from deskterm.bootstrap import initialise
from tests.change.changing import RFC
from tests.cli.shell import Shell


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Shell:
    made = Shell(monkeypatch, capsys, tmp_path)
    initialise(made.database, "ada")[0].close()
    (tmp_path / "payroll-4.3.tar").write_text("the payroll")
    return made


def item(shell: Shell) -> str:
    number = shell.ok("new", "definitive-item", "name=payroll", "item_version=4.3", "licence=Contract 17")
    shell.ok("library", "deposit", number, str(shell.folder / "payroll-4.3.tar"))
    shell.ok("do", number, "check-quality", "qa_result=passed", "qa_evidence=scanned")
    shell.ok("do", number, "accept")
    return number


def test_the_library_is_listed_verified_and_found_damaged(shell: Shell) -> None:
    number = item(shell)
    (held,) = shell.read("library")["items"]
    assert (held["number"], held["integrity"], held["size_bytes"], held["qa_result"]) == (number, "verified", 11, "passed")
    assert "payroll" in shell.ok("library")
    found = {"number": number, "name": "payroll", "version": "4.3", "result": "verified", "detail": f"{held['path']}, 11 bytes"}
    assert shell.read("library", "verify") == {"verified": 1, "damaged": 0, "items": [found]}
    folder = Path(shell.read("library", "folder")["folder"])
    path = folder / held["path"]
    path.chmod(0o640)
    path.write_text("the pay*oll")
    (folder / "stray").write_text("x")
    done = shell("library", "verify", number)
    assert done.status == 1
    assert done.err.strip() == f"error: 1 of 1 files are not what the library recorded: {number} tampered"
    assert shell.ok("library", "strays") == "stray"
    moved = str(shell.folder / "elsewhere")
    assert shell.ok("library", "folder", moved) == moved
    assert shell("library", "verify").status == 1, "what is not in the new folder is missing there"


REFUSED = [
    (("library", "deposit", "DSL-00001"), 2),
    (("library", "burn"), 2),
    (("library", "name=x"), 2),
    (("library", "folder", "a", "b"), 2),
    (("library", "deposit", "DSL-00001", "../x"), 1),
    (("library", "deposit", "DSL-00009", "x"), 1),
    (("library", "verify", "REL-00001"), 1),
    (("library", "folder", "relative"), 1),
    (("build", "REL-00001", "paint"), 2),
    (("build", "REL-00001", "add", "note=x"), 2),
    (("build", "REL-00001", "add"), 1),
    (("tests", "REL-00001", "plan"), 2),
    (("tests", "REL-00001", "plan", "a"), 1),
    (("tests", "REL-00001", "cook", "a"), 2),
    (("tests", "REL-00001", "plan", "a", "b", "mandatory=perhaps"), 1),
    (("tests", "REL-00001", "pass", "a", "x"), 2),
    (("tests", "REL-00001", "plan", "a", "b", "colour=red"), 2),
    (("rollout", "REL-00001", "fly"), 2),
    (("rollout", "REL-00001", "go", "app-1"), 2),
    (("rollout", "REL-00001", "wave=1"), 2),
    (("rollout", "REL-00001", "go"), 1),
    (("rollout", "DSL-00001"), 1),
    (("build", "DSL-00001"), 1),
]


def test_what_makes_no_sense_is_refused_in_a_sentence(shell: Shell) -> None:
    shell.ok("new", "definitive-item", "name=payroll", "item_version=4.3")
    shell.ok("new", "release", "summary=Payroll")
    for words, status in REFUSED:
        assert shell.refused(*words, status=status), words


def test_a_release_from_the_first_build_to_the_last_wave(shell: Shell) -> None:
    number = item(shell)
    shell.ok("new", "agent", "login=bob", "roles=change-manager")
    shell.ok("new", "board", "name=CAB", "members=ada", "rule=any", "quorum=1")
    for name in ("app-1", "app-2"):
        shell.ok("new", "ci", f"name={name}", "type=server", "location=Haus A", "installed_version=4.2")
    given = [
        "reason=x",
        "category=minor",
        "cis=app-1,app-2",
        "plan=x",
        "backout_plan=x",
        "test_plan=x",
        "window_start=2099-01-01T00:00:00Z",
        "window_end=2099-01-01T02:00:00Z",
        f"risk_answers={json.dumps(RFC['risk_answers'])}",
    ]
    change = shell.ok("--as", "bob", "new", "change", "summary=Payroll 4.3", *given)
    for action in ("submit", "assess"):
        shell.ok("--as", "bob", "do", change, action)
    shell.ok("do", change, "approve")
    rel = shell.ok(
        "new",
        "release",
        "summary=Payroll 4.3",
        f"changes={change}",
        "category=major",
        "backout_plan=x",
        "backout_evidence=x",
        "backout_rehearsed_at=2026-01-01",
    )
    shell.ok("do", rel, "build")
    assert number in shell.ok("build", rel, "add", number)
    built = shell.read("build", rel, "finish", "note=nightly 812")["builds"][0]
    assert (built["state"], built["note"], len(built["digest"]), built["items"][0]["number"]) == (
        "complete",
        "nightly 812",
        64,
        number,
    )
    shell.ok("tests", rel, "plan", "acceptance", "pay slip", "bank file")
    shell.ok("tests", rel, "plan", "acceptance", "looks nice", "mandatory=no")
    shell.ok("do", rel, "test")
    shell.ok("tests", rel, "pass", "acceptance", "1", "2", "evidence=run 77")
    shell.ok("tests", rel, "fail", "acceptance", "3", "evidence=ugly")
    (campaign,) = shell.read("tests", rel, "sign", "acceptance", "note=good enough")["campaigns"]
    assert (campaign["verdict"], campaign["signed_by"], [case["result"] for case in campaign["cases"]]) == (
        "passed",
        "ada",
        ["passed", "passed", "failed"],
    )
    ready = shell.read("explain", rel, "ready")["ready"]
    assert (ready["ready"], ready["missing"], [gate["name"] for gate in ready["gates"]]) == (
        True,
        [],
        ["changes", "build", "tests", "backout"],
    )
    assert "Mandatory tests passed" in shell.ok("explain", rel, "ready")
    shell.ok("do", rel, "ready")
    shell.ok("rollout", rel, "plan", "name=Everything", "sites=Haus A")
    shell.ok("rollout", rel, "begin")
    shell.ok("do", shell.read("list", "ci", "name:app-2")["items"][0]["number"], "retire")
    done = shell("--json", "rollout", rel, "go")
    assert (done.status, done.err.strip()) == (1, "error: not everywhere: app-2: the CI is retired")
    assert [cell["state"] for cell in done.json["waves"][0]["cells"]] == ["distributing", "failed"]
    shell.ok("rollout", rel, "installed")
    assert "accepting it needs a note" in shell.refused("rollout", rel, "accept")
    after = shell.read("rollout", rel, "accept", "note=app-2 was scrapped")
    assert (after["progress"], after["waves"][0]["accepted_by"]) == ("1 of 1 wave accepted; 1 installed, 1 failed", "ada")
    assert [cell["installed_version"] for cell in after["waves"][0]["cells"]] == ["1.0", "4.2"]
    text = shell.ok("rollout", rel)
    assert "wave 1 (Everything): accepted by ada" in text
    shell.ok("do", rel, "early-life")
    shell.ok("do", rel, "close", "review=fine")
    assert shell.read("report", "releases")["total"]["releases"] == 1
