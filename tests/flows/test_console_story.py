"""A ticket's day by keyboard: found, taken, begun, put off, taken up again, resolved, undone, explained, left for the next."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from screens.modals.explain_clock import ExplainModal
from screens.queue import QueueScreen
from screens.record import RecordScreen
from tests.desks import MONDAY, Cast
from tests.screens.consoles import LARGE, SMALL, console, go, screen_text, settled, shows, until

MINUTE = 60


async def typed(pilot: Pilot[None], *keys: str) -> None:
    """Press keys one after the other; only what opens a window or sends it is waited for."""
    for key in keys:
        await pilot.press(key)
        if len(key) > 1 or key in "sp":
            await settled(pilot)


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_a_ticket_is_worked_on_by_keyboard_alone(cast: Cast, size: tuple[int, int]) -> None:
    cast.incident(summary="Printer jams", team="desk", assignee="bob", impact=3, urgency=3)
    number = cast.incident(summary="VPN drops at noon", team="network", impact=1, urgency=1, service="Workplace")
    ada = cast.ada

    async with console(cast, "bob", size=size) as pilot:
        await typed(pilot, "v", "6", "slash", *" noon", "enter")
        await shows(pilot, "1 found")
        await go(pilot, "", "a")
        await until(pilot, lambda: "assignee" in ada.show(number).values)
        cast.clock.advance(10 * MINUTE)

        await typed(pilot, "s", *"start", "enter")
        if ada.show(number).state != "in-progress":
            await go(pilot, "", "ctrl+s")
        await until(pilot, lambda: ada.show(number).state == "in-progress")
        cast.clock.advance(10 * MINUTE)

        await typed(pilot, "p", *"caller", "tab", "tab", *"Which floor are you on?", "ctrl+s")
        await until(pilot, lambda: ada.show(number).state == "pending")
        cast.clock.advance(30 * MINUTE)
        await typed(pilot, "s", *"resume", "enter")
        await until(pilot, lambda: ada.show(number).state == "in-progress")
        cast.clock.advance(10 * MINUTE)

        await typed(pilot, "s", *"resolve", "enter", *"fixed", "tab", *"Replaced the cable.", "ctrl+s")
        await until(pilot, lambda: ada.show(number).state == "resolved")
        await go(pilot, "", "u")
        await until(pilot, lambda: ada.show(number).state == "in-progress")

        await go(pilot, "", "f5")
        await shows(pilot, number)
        await go(pilot, "", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, RecordScreen))
        await shows(pilot, "Which floor are you on?")
        await go(pilot, "", "equals_sign")
        await until(pilot, lambda: isinstance(pilot.app.screen, ExplainModal))
        await shows(pilot, f"Clocks of {number}")
        await go(pilot, "", "escape", "escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, QueueScreen))
        await go(pilot, "", "escape", "full_stop")
        await until(pilot, lambda: number in screen_text(pilot))
        screen = pilot.app.screen
        assert isinstance(screen, QueueScreen)
        row = screen.rows.cursor_row
        assert row is not None
        assert row.number == number, "the major one comes before the printer"
        await pilot.press("q")
        await pilot.pause()
        await pilot.app.workers.wait_for_complete()
        assert pilot.app._exit
        assert pilot.app.return_code == 0

    view = ada.show(number)
    assert view.state == "in-progress"
    assert view.names[view.values["assignee"]].title == "bob"
    assert (view.values.get("code"), view.values.get("solution")) == (None, None), "undone with the rest"
    assert view.values["first_response_at"] == MONDAY + 10 * MINUTE
    public = [line.text for line in view.journal if line.text == "Which floor are you on?"]
    assert public == ["Which floor are you on?"]
    clock = {one.metric: one for one in view.clocks}["resolution"]
    assert clock.state == "running"
    assert clock.elapsed_seconds == 30 * MINUTE, "an hour, less the half that it waited for the caller"
    states = [line.new for line in view.journal if line.what == "state"]
    assert [str(one) for one in states][-1] != "resolved"
