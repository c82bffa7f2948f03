"""The overview on the screen: eleven lines, one key to the worst item, to the list, to the place."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot

from screens.board import BoardScreen
from screens.kind_list import KindListScreen
from screens.queue import QueueScreen
from screens.record import RecordScreen
from tests.desks import Cast
from tests.screens.consoles import LARGE, SMALL, console, go, make_app, said, screen_text, second, settled
from tests.screens.test_board import busy

assert busy


async def test_each_system_has_its_line(busy: Cast) -> None:
    async with console(busy, place="overview") as pilot:
        lines = screen_text(pilot).splitlines()
        assert sum("· not in use" in line or any(sign in line for sign in "✖!✓–") for line in lines[2:13]) == 11  # noqa: RUF001
        assert any("Incidents" in line and "trouble" in line and "INC-" in line for line in lines)


@pytest.mark.parametrize(
    ("line", "screen"), [("service_desk", QueueScreen), ("incident", QueueScreen), ("service_level", BoardScreen)]
)
async def test_enter_goes_there(busy: Cast, line: str, screen: type) -> None:
    async with console(busy, place="overview") as pilot:
        pilot.app.screen.systems.select_key(line)  # type: ignore[attr-defined]
        await pilot.press("enter")
        await settled(pilot)
        assert isinstance(pilot.app.screen, screen)


async def test_the_worst_item_and_the_list_are_one_key_away(busy: Cast) -> None:
    async with console(busy, place="overview") as pilot:
        await pilot.press("j", "w")
        await settled(pilot)
        assert isinstance(pilot.app.screen, RecordScreen)
        await pilot.press("escape", "l")
        await settled(pilot)
        assert isinstance(pilot.app.screen, QueueScreen)
        assert pilot.app.screen.view.query == "state:open breached priority:1..2"


async def test_what_is_kept_and_not_worked_on_is_listed_as_such(cast: Cast) -> None:
    async with console(cast, place="overview") as pilot:
        pilot.app.screen.systems.select_key("configuration")  # type: ignore[attr-defined]
        await pilot.press("l")
        await settled(pilot)
        assert isinstance(pilot.app.screen, KindListScreen)
        assert "vpn-gw-1" in screen_text(pilot)


async def test_a_system_that_is_not_in_use_says_so(cast: Cast) -> None:
    async with console(cast, place="overview") as pilot:
        screen = pilot.app.screen
        unused = [line for line in screen._lines if line.health.word == "not in use"]  # type: ignore[attr-defined]
        for line in unused:
            screen.systems.select_key(line.process)  # type: ignore[attr-defined]
            await pilot.press("w")
            await settled(pilot)
            assert said(pilot)[-1] == f"{line.title}: nothing stands out."


async def test_it_follows_the_desk(cast: Cast) -> None:
    async with console(cast, place="overview") as pilot:
        assert "nothing open" in screen_text(pilot)
        cast.incident(summary="now there is something")
        cast.clock.advance(61)
        await second(pilot)
        assert "1 open, 1 nobody has" in screen_text(pilot)


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
def test_it_looks_as_it_should(busy: Cast, snap_compare: Any, size: tuple[int, int]) -> None:
    async def before(pilot: Pilot[None]) -> None:
        await go(pilot, "overview", "j")

    assert snap_compare(make_app(busy), terminal_size=size, run_before=before)
