"""A configuration manager's morning by keyboard: find the sick part, see what hangs on it, repair it, freeze it, compare."""

from __future__ import annotations

from screens.cis import CisScreen
from screens.modals.page import PageModal
from screens.record import RecordScreen
from tests.configuration.estates import payroll
from tests.desks import MONDAY, Cast
from tests.screens.consoles import console, go, said, screen_text, settled, shows, until


async def test_sam_finds_what_is_down_and_freezes_what_is_well(cast: Cast) -> None:
    numbers = payroll(cast)
    cast.ada.edit(numbers["node-1"], {"status": "in-repair"})
    incident = cast.incident(ci="node-1", impact=1, urgency=1, summary="node-1 does not answer")

    async with console(cast, "sam") as pilot:
        await pilot.press("3")
        await shows(pilot, "by service")
        await go(pilot, "", "right", "j", "right", "j", "j")
        assert "node-1" in screen_text(pilot).splitlines()[0]
        assert incident in screen_text(pilot)
        await go(pilot, "", "j", "i")
        flat = " ".join(screen_text(pilot).split())
        assert "if node-2 is down" in flat
        assert "cluster breaks" in flat
        assert "Payroll (service) breaks" in flat
        await go(pilot, "", "t", "t")
        assert "Nothing could be degraded." in screen_text(pilot)
        await go(pilot, "", "t", "i", "k", "s")
        await pilot.press(*"live", "enter")
        await shows(pilot, "is live; u takes it back")
        assert cast.ada.show(numbers["node-1"]).state == "live"
        await go(pilot, "", "b")
        await pilot.press("enter")
        await shows(pilot, "Take a baseline")
        await settled(pilot)
        await pilot.press(*"All well", "ctrl+s")
        await shows(pilot, "BL-00001 is taken.")

        cast.clock.at = MONDAY + 3600
        cast.ada.edit(numbers["node-1"], {"location": "Rack 9"})
        await go(pilot, "", "b", "down", "down", "enter")
        await shows(pilot, "beside BL-00001")
        await shows(pilot, "nothing → Rack 9")
        await pilot.press("B")
        await until(pilot, lambda: isinstance(pilot.app.screen, PageModal))
        assert "location: nothing → Rack 9" in screen_text(pilot)
        await go(pilot, "", "escape", "b")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, CisScreen) and pilot.app.screen.side is None)
        await pilot.press("equals_sign")
        await shows(pilot, "impact of its failure")
        await go(pilot, "", "escape", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, RecordScreen))
        await go(pilot, "", "escape")
        assert isinstance(pilot.app.screen, CisScreen)
        await pilot.press("y")
        await settled(pilot)
        assert said(pilot)[-1] == f"Copied: {numbers['node-1']}"
