"""The inbox of scans and the audits: what they look like, what they refuse, and hostile text in them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from deskterm.configuration import audits, discovery
from screens.scan import ScanScreen
from tests.configuration.scanning import facts, folder, known, scan
from tests.desks import Cast
from tests.flows.test_discovery_story import waiting
from tests.hostile import PAYLOADS, obeyed
from tests.screens.consoles import LARGE, SMALL, console, go, make_app, said, screen_text, settled, shows, until


@pytest.fixture
def inboxed(cast: Cast, tmp_path: Path) -> Cast:
    """A desk with a scan that waits, one row of each sort, and an audit that is under way."""
    number = waiting(cast, tmp_path)
    discovery.decide(cast.ada, number, [4], "staged")
    for place in range(1, 6):
        known(cast, name=f"lt-220{place}", asset_number=f"1004{place}", location="Haus A, room 3", type="laptop")
    known(cast, name="beamer", serial="SN-STRAY-9", location="Haus B", type="peripheral")
    audit = cast.ada.create("audit", {"location": "Haus A", "types": ["laptop"]}).number
    audits.scan(cast.as_("sam"), audit, ["10041", "10042", "SN-STRAY-9", "4711"])
    return cast


async def test_who_may_not_decide_reads_why(inboxed: Cast) -> None:
    async with console(inboxed, "bob", "inbox") as pilot:
        await shows(pilot, "DSC-00002")
        await pilot.press("enter")
        await shows(pilot, "1 staged")
        for key in ("space", "d", "a"):
            await pilot.press(key)
            await settled(pilot)
            assert "bob may not edit a discovery" in said(pilot)[-1]


def names(pilot: Pilot[None]) -> list[str]:
    """Return what the rows that are read are called."""
    screen = pilot.app.screen
    assert isinstance(screen, ScanScreen)
    return [row.name for place in range(screen.rows.total or 0) if (row := screen.rows.row_at(place)) is not None]


async def test_the_rows_of_a_scan_are_narrowed_to_some_sorts_and_the_count_says_of_how_many(inboxed: Cast) -> None:
    async with console(inboxed, "ada", "inbox") as pilot:
        await go(pilot, "", "enter")
        await shows(pilot, "1 staged")
        everything = names(pilot)
        assert len(everything) == 5
        await pilot.press("slash", *"con")
        await shows(pilot, "[conflict]")
        await pilot.press("tab", *"new", "enter")
        await shows(pilot, "3 of 5 rows")
        assert names(pilot) == ["db.example.org", "new-1.example.org", "new-2.example.org"]
        await pilot.press("slash", "end", *["backspace"] * 20, *"unauthorised", "enter")
        await shows(pilot, "1 of 5 rows")
        assert names(pilot) == ["web-01.example.org"]
        await pilot.press("slash", "end", *["backspace"] * 20, *"new red", "enter")
        await shows(pilot, "rows are shown by new, changed")
        assert names(pilot) == ["web-01.example.org"], "what is refused changes nothing"
        await pilot.press("escape")
        await shows(pilot, "1 of 5 rows")
        await pilot.press("slash", "end", *["backspace"] * 20, "enter")
        await until(pilot, lambda: names(pilot) == everything)
        assert "of 5 rows" not in screen_text(pilot)


async def test_a_row_that_is_decided_leaves_the_open_ones_and_the_next_is_under_the_cursor(inboxed: Cast) -> None:
    async with console(inboxed, "ada", "inbox") as pilot:
        await go(pilot, "", "enter")
        await shows(pilot, "1 staged")
        await pilot.press("slash", *"changed new", "enter")
        await shows(pilot, "3 of 5 rows")
        await pilot.press("slash", "end", *["backspace"] * 20, *"open", "enter")
        await shows(pilot, "4 of 5 rows")
        left = names(pilot)
        await pilot.press("j", "d")
        await shows(pilot, "3 of 5 rows")
        screen = pilot.app.screen
        assert isinstance(screen, ScanScreen)
        await until(pilot, lambda: names(pilot) == [left[0], *left[2:]])
        assert screen.row is not None
        assert screen.row.name == left[2]


async def test_where_no_row_is_of_a_sort_the_list_says_so(inboxed: Cast) -> None:
    async with console(inboxed, "ada", "inbox") as pilot:
        await go(pilot, "", "enter")
        await pilot.press("slash", *"applied", "enter")
        await shows(pilot, "No row is of these sorts.")
        await shows(pilot, "0 of 5 rows")


async def test_a_row_that_refuses_stops_the_apply_and_says_why(cast: Cast, tmp_path: Path) -> None:
    known(cast, name="gone", serial="SN-GONE-7", status="disposed")
    number = scan(cast, "ansible", folder(tmp_path / "out", {"gone.example.org": facts(product_serial="SN-GONE-7")})).number
    async with console(cast, "ada") as pilot:
        pilot.app.post_message(_opened(number))
        await shows(pilot, "known by serial number")
        await pilot.press("space", "a")
        await shows(pilot, "1 row refuses; nothing can be applied")
        await shows(pilot, "was disposed of, yet it was found")
        await pilot.press("escape", "w")
        await shows(pilot, f"Settle {number}?")
        await pilot.press("y")
        await shows(pilot, "settled")
        await pilot.press("w")
        await shows(pilot, "waiting")


def _opened(number: str) -> Any:
    from screens.messages import OpenRecord

    return OpenRecord(number)


async def test_hostile_words_of_a_scan_are_shown_harmlessly(cast: Cast, tmp_path: Path) -> None:
    files: dict[str, object] = {}
    for place, text in enumerate(PAYLOADS.values()):
        content = facts(hostname=f"h{place}", product_name=text[:110], distribution=text[:100], system_vendor=text[:100])
        files[f"h{place}.json"] = json.dumps(content).encode("utf-8", "surrogatepass")
    number = scan(cast, "ansible", folder(tmp_path / "out", files), skip_bad=True).number
    async with console(cast, "ada", size=LARGE) as pilot:
        pilot.app.post_message(_opened(number))
        await shows(pilot, "0 staged")
        for _ in range(len(PAYLOADS)):
            assert not obeyed("".join(screen_text(pilot).splitlines()))
            await pilot.press("down")
            await settled(pilot)


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
@pytest.mark.parametrize(
    ("place", "keys"),
    [
        ("inbox", ()),
        ("inbox", ("enter",)),
        ("inbox", ("enter", "down")),
        ("inbox", ("enter", "a")),
        ("inbox", ("enter", "slash", *"changed new", "enter")),
        ("inbox", ("enter", "slash", *"un")),
        ("audits", ()),
        ("audits", ("enter",)),
    ],
    ids=["inbox", "conflict", "changed", "apply", "narrowed", "narrowing", "audits", "audit"],
)
def test_it_looks_as_it_should(
    inboxed: Cast, snap_compare: Any, size: tuple[int, int], place: str, keys: tuple[str, ...]
) -> None:
    async def before(pilot: Pilot[None]) -> None:
        await go(pilot, place, *keys)
        await settled(pilot)

    assert snap_compare(make_app(inboxed, "ada"), terminal_size=size, run_before=before)
