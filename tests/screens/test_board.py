"""The board as a supervisor sees it: figures, ticking clocks, news, keys, a wall."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from textual.pilot import Pilot

from deskterm.errors import InvalidInput
from screens.app import DeskApp
from screens.board import BoardScreen, NewsLine
from screens.board_now import NowLine
from screens.queue import QueueScreen
from screens.record import RecordScreen
from tests.change.changing import board, implementing
from tests.desks import Cast
from tests.hostile import PAYLOADS, obeyed
from tests.screens.consoles import LARGE, SMALL, console, go, make_app, said, screen_text, second, settled
from tests.service_level.test_board import check_clocks
from widgets.tile import Tile
from widgets.wall_tile import WallTile, blocks

HOUR = 3600
SUMMARIES = (
    "VPN gateway drops every session", "Payroll run stuck at step 3", "Label printer prints blanks, dock 4",
    "Shared mailbox missing after migration", "New laptop, waiting for caller", "日本語の件名 in the subject",
    "Monitor flickers when docked, cable swapped twice already, still flickering", "Access to BI workspace",
    "Outlook asks for the password", "Phone has no dial tone", "Scanner jams on page two", "Teams call drops",
)  # fmt: skip


@pytest.fixture
def busy(cast: Cast) -> Cast:
    """A desk at one in the afternoon with a dozen incidents and half a dozen solved ones."""
    cast.ada.create("team", {"name": "databases and middleware", "members": ["sam"], "line": "second"})
    cast.clock.advance(3 * HOUR)
    teams = (None, "network", "desk", "databases and middleware")
    for i, summary in enumerate(SUMMARIES):
        occurred = cast.clock.now() - (12 - i) * 900
        own = {"assignee": "bob"} if i % 3 == 0 else {}
        cast.incident(summary=summary, impact=1 + i % 3, urgency=1 + i // 2 % 3, occurred_at=occurred, team=teams[i % 4], **own)
    for _ in range(6):
        cast.ada.act(cast.incident(summary="quick one"), "resolve", {"code": "solved", "solution": "restarted"})
    check_clocks(cast)
    return cast


def tiles(pilot: Pilot[None]) -> dict[str, str]:
    return {tile.label: tile.number for tile in pilot.app.screen.query(Tile)}


async def test_it_shows_what_burns_and_leads_to_it(busy: Cast) -> None:
    async with console(busy, place="levels") as pilot:
        assert tiles(pilot) == {"breached": "9", "at risk": "1", "due this hour": "4", "unassigned": "8"}
        lines = screen_text(pilot).splitlines()
        assert any("INC-00001" in line and "−2:00" in line for line in lines)  # noqa: RUF001
        assert any("Standard" in line and "%" in line for line in lines)
        await pilot.press("enter")
        await settled(pilot)
        assert isinstance(pilot.app.screen, QueueScreen)
        assert pilot.app.screen.view.query == "state:open breached"


async def test_it_says_what_is_down_and_which_changes_run_and_lists_both(busy: Cast) -> None:
    async with console(busy, place="levels") as pilot:
        assert "nothing is down, no change runs" in screen_text(pilot)
    outage = busy.ada.create("outage", {"ci": "vpn-gw-1", "started_at": busy.clock.now() - 2 * HOUR}).number
    busy.ada.create("outage", {"ci": "vpn-gw-1", "state": "degraded"})
    whole = busy.incident(service="Payroll", impact=1, urgency=1, occurred_at=busy.clock.now() - HOUR)
    board(busy, "sue")
    start = busy.clock.now() + HOUR
    change = implementing(busy, disruption="none", window_start=start, window_end=start + HOUR)
    async with console(busy, place="levels") as pilot:
        (line,) = [line for line in screen_text(pilot).splitlines() if " down: " in line]
        assert "2 down: vpn-gw-1 3:00, Payroll 2:00" in line
        assert f"{change} runs" in line
        pilot.app.screen.query_one(NowLine).focus()
        await pilot.press("enter")
        await settled(pilot)
        assert isinstance(pilot.app.screen, QueueScreen)
        assert pilot.app.screen.view.query == f"number:{outage} OR number:{whole} OR number:{change}"
        assert all(number in screen_text(pilot) for number in (outage, whole, change))


async def test_more_is_down_than_has_room(cast: Cast) -> None:
    for place in range(9):
        cast.ada.create("ci", {"name": f"server in the cellar {place}", "type": "server"})
        cast.ada.create("outage", {"ci": f"server in the cellar {place}"})
    async with console(cast, place="levels") as pilot:
        (line,) = [line for line in screen_text(pilot).splitlines() if " down: " in line]
        assert "9 down: server in the cellar 0 0:00, " in line
        assert line.rstrip().endswith(", +7")


async def test_arrows_go_from_tile_to_tile_and_tab_to_the_lists(busy: Cast) -> None:
    async with console(busy, place="levels") as pilot:
        await pilot.press("left")
        assert isinstance(pilot.app.screen.focused, WallTile)
        assert pilot.app.screen.focused.label == "unassigned"
        await pilot.press("tab", "down", "enter")
        await settled(pilot)
        assert isinstance(pilot.app.screen, RecordScreen)


async def test_clocks_tick_without_reading_anything(busy: Cast) -> None:
    async with console(busy, place="levels") as pilot:
        busy.clock.advance(6)
        await second(pilot)
        before = screen_text(pilot)
        busy.clock.advance(1)
        await second(pilot)
        after = screen_text(pilot)
        changed = [(old, new) for old, new in zip(before.splitlines(), after.splitlines(), strict=True) if old != new]
        assert changed
        assert all(old[11:] == new[11:] for old, new in changed), changed


async def test_a_breach_rings_once_marks_its_line_and_is_named(busy: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    rung: list[int] = []
    monkeypatch.setattr(DeskApp, "bell", lambda self: rung.append(1))
    async with console(busy, place="levels") as pilot:
        assert not rung
        news = pilot.app.screen.query_one(NewsLine)
        first = news.crossing
        busy.clock.advance(16 * 60)
        check_clocks(busy)
        await second(pilot)
        assert rung == [1]
        assert news.crossing is not None
        assert news.crossing != first
        text = screen_text(pilot)
        assert "◆" in text
        assert f"{news.crossing.number} {news.crossing.metric} breached" in text
        busy.clock.advance(60)
        await second(pilot)
        assert rung == [1]
        busy.clock.advance(HOUR)
        await second(pilot)
        assert "◆" not in screen_text(pilot)


async def test_it_follows_what_colleagues_do_but_not_more_often_than_it_may(busy: Cast) -> None:
    async with console(busy, place="levels") as pilot:
        assert tiles(pilot)["unassigned"] == "8"
        busy.as_("eve").act("INC-00002", "take")
        busy.clock.advance(6)
        pilot.app.screen.action_refresh_desk()  # type: ignore[attr-defined]
        await second(pilot)
        assert tiles(pilot)["unassigned"] == "7"


async def test_on_a_wall_nothing_has_the_cursor(busy: Cast) -> None:
    async with console(busy, place="levels", size=LARGE) as pilot:
        await pilot.press("W")
        await settled(pilot)
        screen = pilot.app.screen
        assert isinstance(screen, BoardScreen)
        assert screen.focused is None
        text = screen_text(pilot)
        assert "▸ ✖" not in text
        assert "██████" in text
        await pilot.press("tab", "down", "enter")
        await settled(pilot)
        assert pilot.app.screen is screen
        await pilot.press("W")
        await settled(pilot)
        assert screen.focused is not None
        assert "██████" not in screen_text(pilot)


async def test_a_small_wall_has_room_for_the_teams_too(busy: Cast) -> None:
    async with console(busy, place="levels", size=SMALL) as pilot:
        await pilot.press("W")
        await settled(pilot)
        lines = screen_text(pilot).splitlines()
        heading = next(place for place, line in enumerate(lines) if "oldest" in line and "agreement" in line)
        assert any("network" in line for line in lines[heading + 1 :])


async def test_figures_explain_themselves(busy: Cast) -> None:
    async with console(busy, place="levels", size=LARGE) as pilot:
        await pilot.press("equals_sign")
        await settled(pilot)
        assert said(pilot)[-1] == "9 of 12 open; the same as: state:open breached"
        pilot.app.screen.query_one("#agreements").focus()
        await pilot.press("equals_sign")
        await settled(pilot)
        assert said(pilot)[-1].endswith("No target names an agreed share, so there is no budget to burn.")


async def test_an_empty_desk_is_told_in_calm_words(cast: Cast) -> None:
    async with console(cast, place="levels") as pilot:
        text = screen_text(pilot)
        assert "No clock runs." in text
        assert "No open work." in text
        assert "nothing crossed a threshold within the hour" in text
        assert set(tiles(pilot).values()) == {"0"}


async def test_hostile_words_are_shown_harmlessly(cast: Cast) -> None:
    for payload in PAYLOADS.values():
        with suppress(InvalidInput):
            cast.incident(summary=payload[:250], team="network")
    async with console(cast, place="levels", size=LARGE) as pilot:
        assert not obeyed("".join(screen_text(pilot).splitlines()))


@pytest.mark.parametrize("size", [(20, 5), (40, 12), (200, 60)])
async def test_any_terminal_will_do(busy: Cast, size: tuple[int, int]) -> None:
    async with console(busy, place="levels", size=size) as pilot:
        await pilot.press("W", "W", "down", "tab")
        await settled(pilot)
        assert tiles(pilot)["breached"] == "9"
        assert "✖" in screen_text(pilot)


def test_blocks_hold_figures_and_nothing_else() -> None:
    assert blocks("10") is not None
    assert blocks("") is None
    assert blocks("n/a") is None
    assert all(len(row) == 14 for row in blocks("42") or ())


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
@pytest.mark.parametrize("wall", [False, True], ids=["desk", "wall"])
def test_it_looks_as_it_should(busy: Cast, snap_compare: Any, size: tuple[int, int], wall: bool) -> None:
    async def before(pilot: Pilot[None]) -> None:
        await go(pilot, "levels", *(["W"] if wall else []))
        pilot.app.clear_notifications()
        await settled(pilot)

    assert snap_compare(make_app(busy), terminal_size=size, run_before=before)
