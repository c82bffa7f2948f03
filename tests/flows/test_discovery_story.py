"""Discovery and audit by keyboard: a scan is verified row by row and applied, a corridor is scanned with a barcode reader."""

from __future__ import annotations

from pathlib import Path

from deskterm.configuration.audits import view as audit_view
from screens.audits import AuditScreen
from screens.record import RecordScreen
from screens.scan import ScanScreen
from tests.configuration.scanning import host, inbox, known, nmap, scan
from tests.desks import Cast
from tests.screens.consoles import console, said, screen_text, settled, shows, until

WEB, DB, OLD = "08:00:27:00:11:01", "08:00:27:00:11:02", "08:00:27:00:11:05"


def waiting(cast: Cast, folder: Path) -> str:
    """Let a scan with one row of each sort wait, and return its number."""
    known(cast, name="web-01", mac=WEB, attributes={"open_ports": ["22/tcp"], "ip": "192.0.2.1"}, manufacturer="Maker")
    known(cast, name="db-01", mac=DB)
    known(cast, name="db-02", mac=DB)
    both = (host("web-01.example.org", mac=WEB), host("old.example.org", mac=OLD, address="192.0.2.5"))
    known(cast, name="old", mac=OLD)
    scan(cast, "nmap", folder / "1.xml", nmap(*both, at=cast.clock.now() - 90_000))
    hosts = (
        host("web-01.example.org", mac=WEB, ports=(22, 23)), host("db.example.org", mac=DB, address="192.0.2.2"),
        host("new-1.example.org", address="192.0.2.3"), host("new-2.example.org", address="192.0.2.4"),
    )  # fmt: skip
    return scan(cast, "nmap", folder / "2.xml", nmap(*hosts)).number


async def test_a_scan_is_verified_and_applied(cast: Cast, tmp_path: Path) -> None:
    number = waiting(cast, tmp_path)
    async with console(cast, "ada", "inbox") as pilot:
        await shows(pilot, number)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ScanScreen))
        await shows(pilot, "1 conflict  1 changed  1 vanished  ! 1 unauthorised")
        await shows(pilot, "may be CI-00003 db-01")
        await pilot.press("a")
        await settled(pilot)
        assert said(pilot)[-1] == "Nothing is staged yet; space stages a row."
        await pilot.press("space")
        await shows(pilot, "Which one is db.example.org?")
        await pilot.press("2")
        await shows(pilot, "1 staged, 4 open")
        await shows(pilot, "! no approved change covers this: INC-00001")
        await shows(pilot, "open ports  22/tcp → 22/tcp, 23/tcp")
        await pilot.press("r")
        await until(pilot, lambda: isinstance(pilot.app.screen, RecordScreen))
        await shows(pilot, "Unauthorised change on CI-00002")
        await pilot.press("escape")
        await settled(pilot)
        await pilot.press("f")
        await shows(pilot, "Leave which field")
        await pilot.press("1")
        await shows(pilot, "left open ports")
        await pilot.press("space")
        await shows(pilot, "2 staged, 3 open")
        await pilot.press("d")
        await shows(pilot, "2 staged, 2 open")
        await pilot.press("S")
        await shows(pilot, "4 staged, 0 open")
        await pilot.press("a")
        await shows(pilot, "Apply 4 rows?")
        await shows(pilot, "2 made, 2 changed.")
        await pilot.press("y")
        await shows(pilot, "all decided")
        assert [row.state for row in inbox(cast, number)] == ["applied", "applied", "discarded", "applied", "applied"]
        await pilot.press("u")
        await shows(pilot, "4 staged, 0 open")
        assert cast.ada.show("CI-00006").state == "retired"
        await pilot.press("escape")
        await shows(pilot, number)


async def test_a_corridor_is_scanned_without_leaving_the_line(cast: Cast) -> None:
    for place in range(1, 4):
        known(cast, name=f"lt-{place}", asset_number=f"1004{place}", location="Haus A, room 3", type="laptop")
    known(cast, name="lt-9", serial="SN-STRAY-9", location="Haus B")
    number = cast.ada.create("audit", {"location": "Haus A"}).number
    async with console(cast, "sam", "audits") as pilot:
        await shows(pilot, number)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, AuditScreen))
        await shows(pilot, "0 of 3 found  3 missing")
        await pilot.press(*"10041", "enter")
        await shows(pilot, "10041: found. CI-00002 lt-1")
        await pilot.press(*"sn-stray-9", "enter")
        await shows(pilot, "should not be here. CI-00005 lt-9 recorded at Haus B")
        await pilot.press(*"77777", "enter")
        await shows(pilot, "77777: nothing carries this code.")
        await pilot.press("f6")
        await shows(pilot, "77777: taken back")
        await shows(pilot, "1 of 3 found  2 missing  1 unexpected")
        assert "accuracy 25.0 %" in screen_text(pilot)
        await pilot.press("f8")
        await shows(pilot, f"Close {number}")
        await pilot.press(*"yes", "ctrl+s")
        await shows(pilot, "closed  1 of 3 found")
    found = audit_view(cast.ada, number)
    assert (found.scanned, found.missing, found.unexpected) == (1, 2, 1)
    assert cast.ada.show("CI-00003").values["missing_since"] == cast.clock.now()
    assert cast.ada.show("CI-00002").values["missing_since"] is None


async def test_the_inbox_is_a_key_away_from_the_cis(cast: Cast, tmp_path: Path) -> None:
    number = waiting(cast, tmp_path)
    async with console(cast, "sam", "cis") as pilot:
        await pilot.press("I")
        await shows(pilot, number)
