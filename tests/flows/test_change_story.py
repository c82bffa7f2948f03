"""A board meets by keyboard: sue reads the schedule, votes page by page and writes the minutes; bob learns why he has no vote."""

from __future__ import annotations

from deskterm.errors import NotFound
from screens.cab import CabScreen
from screens.changes import ChangesScreen
from screens.messages import NewRecord, OpenRecord
from screens.record import RecordScreen
from tests.change.changing import HOUR, RFC, assessing, board, implementing
from tests.desks import Cast
from tests.screens.consoles import LARGE, console, said, screen_text, settled, shows, until


async def test_sue_holds_the_meeting_of_the_board(cast: Cast) -> None:
    board(cast, "sue", "bob", rule="any")
    first = assessing(cast.as_("bob"))
    second = assessing(cast.as_("bob"), summary="Move the gateway", window_end=RFC["window_end"] + HOUR)

    async with console(cast, "bob") as pilot:
        await pilot.press("4")
        await until(pilot, lambda: isinstance(pilot.app.screen, ChangesScreen))
        await shows(pilot, "Move the gateway")
        await pilot.press("b")
        await until(pilot, lambda: isinstance(pilot.app.screen, CabScreen))
        await shows(pilot, "page 1/2")
        await pilot.press("y")
        await settled(pilot)
        assert said(pilot)[-1] == f"bob raised {first}; nobody votes on their own request for change"

    async with console(cast, "sue") as pilot:
        await pilot.press("4")
        await shows(pilot, "Move the gateway")
        await pilot.press("right_square_bracket")
        await shows(pilot, "and a week on")
        await shows(pilot, f"shares a CI with {second}")
        await pilot.press("z")
        await shows(pilot, "and two weeks on")
        await pilot.press("left", "t", "b")
        await until(pilot, lambda: isinstance(pilot.app.screen, CabScreen))
        await shows(pilot, "would break")
        await pilot.press("equals_sign")
        await shows(pilot, "risk 35 of 100: medium")
        await shows(pilot, "pending, 1 more must vote")
        await pilot.press("escape")
        await settled(pilot)
        await pilot.press("x")
        await settled(pilot)
        await pilot.press(*"good plan", "ctrl+s")
        await shows(pilot, "with your vote: good")
        await pilot.press("y")
        await shows(pilot, "approved")
        await pilot.press("y")
        await settled(pilot)
        assert said(pilot)[-1] == f"{first} is approved; there is nothing to vote on any more."
        await pilot.press("space")
        await shows(pilot, "page 2/2")
        await pilot.press("n")
        await shows(pilot, "rejected")
        await pilot.press("m")
        await settled(pilot)
        await pilot.press(*"ask again in May", "ctrl+s")
        await shows(pilot, "for the minutes")
        await pilot.press("space")
        await settled(pilot)
        assert said(pilot)[-1] == "That was the last one; M writes the minutes."
        await pilot.press("M")
        await shows(pilot, "End the meeting?")
        await pilot.press("y")
        await until(pilot, lambda: isinstance(pilot.app.screen, ChangesScreen))

    minutes = str(cast.ada.show("MTG-00001").values["minutes"])
    assert f"{first} New firmware for the VPN gateway: approved" in minutes
    assert "sue: approve, good plan" in minutes
    assert "ask again in May" in minutes
    assert [cast.ada.show(number).state for number in (first, second)] == ["approved", "rejected"]


async def test_services_say_what_the_schedule_does_to_them_and_lead_to_it(cast: Cast) -> None:
    number = assessing(cast.as_("bob"))
    async with console(cast, "sue", "changes") as pilot:
        await pilot.press("left_square_bracket")
        await shows(pilot, "No service suffers")
        cast.as_("sue").act(number, "approve")
        await pilot.press("f5")
        await shows(pilot, "Workplace")
        assert f"by {number}" in screen_text(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, RecordScreen))


async def test_one_key_names_the_change_that_caused_an_incident(cast: Cast) -> None:
    number = implementing(cast)
    cast.as_("bob").act(number, "complete", {"code": "successful"})
    incident = cast.incident(ci="vpn-gw-1")
    async with console(cast, "bob", size=LARGE) as pilot:
        pilot.app.post_message(OpenRecord(incident))
        await shows(pilot, f"{number}")
        await shows(pilot, "b: the cause?")
        await pilot.press("b")
        await shows(pilot, "the cause")
        await until(pilot, lambda: cause_of(cast, incident) == number)
        pilot.app.screen.post_message(NewRecord("incident", {"ci": "vpn-gw-1", "summary": "No VPN since the change"}))
        await shows(pilot, f"Changed lately: {number}")
        await pilot.press("f7", "ctrl+s")
        await until(pilot, lambda: cause_of(cast, "INC-00002") == number)


def cause_of(cast: Cast, incident: str) -> str:
    try:
        view = cast.ada.show(incident)
    except NotFound:
        return ""
    key = view.values["caused_by"]
    return view.names[key].number if key is not None else ""
