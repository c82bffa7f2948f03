"""A shift is handed over by keyboard: bob closes his shift and signs, eve answers every line and signs."""

from __future__ import annotations

from deskterm.service_desk import handover
from deskterm.service_desk.handover_reading import view
from screens.handover_lines import HandoverLinesScreen
from screens.record import RecordScreen
from tests.desks import MONDAY, Cast
from tests.screens.consoles import console, said, screen_text, settled, shows, until

HOUR = 3600


async def test_bob_hands_his_shift_over_to_eve(cast: Cast) -> None:
    switch = cast.incident(summary="core switch down", impact=1, urgency=1, team="network", assignee="bob")
    cast.incident(summary="printer prints blanks", team="network", assignee="bob")
    cast.clock.at = MONDAY + 8 * HOUR

    async with console(cast, "bob") as pilot:
        await pilot.press("h")
        await shows(pilot, "n closes yours")
        await pilot.press("n")
        await shows(pilot, "eight hours, for want of a roster")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, HandoverLinesScreen))
        assert isinstance(pilot.app.screen, HandoverLinesScreen)
        number = pilot.app.screen.number
        await shows(pilot, "not signed yet  bob → nobody yet")
        await pilot.press("n")
        await settled(pilot)
        await pilot.press(*"Siemens calls back", "ctrl+s")
        await shows(pilot, "0 of 3 answered")
        await pilot.press("a")
        await settled(pilot)
        assert said(pilot)[-1] == "It is answered once bob has signed."
        await pilot.press("S")
        await shows(pilot, "Sign as the outgoing lead?")
        await pilot.press("y")
        await shows(pilot, "0 of 3 answered")

    cast.clock.advance(600)
    async with console(cast, "eve") as pilot:
        await pilot.press("h")
        await shows(pilot, "0 of 3")
        await pilot.press("enter")
        await settled(pilot)
        await pilot.press("S")
        await settled(pilot)
        assert said(pilot)[-1] == "3 lines are neither acknowledged nor reassigned."
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, RecordScreen))
        await pilot.press("escape")
        await settled(pilot)
        await pilot.press("A")
        await settled(pilot)
        await pilot.press(*"eve", "enter")
        await shows(pilot, "1 of 3 answered")
        await pilot.press("x")
        await settled(pilot)
        await pilot.press(*"spare is in the cellar", "ctrl+s")
        await shows(pilot, "comment: spare")
        await pilot.press("space", "a")
        await shows(pilot, "3 of 3 answered")
        await pilot.press("S")
        await settled(pilot)
        await pilot.press("y")
        await shows(pilot, "accepted")
        await pilot.press("a")
        await settled(pilot)
        assert said(pilot)[-1] == f"{number} is accepted; it stands as it is."

    found = view(cast.ada, number)
    assert [line.state for line in found.lines] == ["reassigned", "acknowledged", "acknowledged"]
    assert [line.comment for line in found.lines] == ["", "spare is in the cellar", ""]
    assert (found.outgoing_signed_at, found.incoming_signed_at) == (MONDAY + 8 * HOUR, MONDAY + 8 * HOUR + 600)
    record = cast.ada.show(switch)
    assert record.names[record.values["assignee"]].title == "eve"


async def test_what_a_colleague_answers_is_seen_at_once(cast: Cast) -> None:
    cast.incident(summary="core switch down", impact=1, urgency=1, team="network")
    cast.clock.at = MONDAY + 8 * HOUR
    number = handover.close_shift(cast.as_("bob"), "network", MONDAY, MONDAY + 8 * HOUR, MONDAY + 16 * HOUR).number
    handover.sign(cast.as_("bob"), number)
    async with console(cast, "bob", "handover") as pilot:
        await pilot.press("enter")
        await shows(pilot, "0 of 1 answered")
        handover.acknowledge(cast.as_("eve"), number, 1, "on it")
        screen = pilot.app.screen
        assert isinstance(screen, HandoverLinesScreen)
        screen.action_refresh_desk()
        await settled(pilot)
        text = screen_text(pilot)
        assert "1 of 1 answered" in text
        assert "acknowledged by eve" in text
