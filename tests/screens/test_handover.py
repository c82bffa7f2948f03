"""The handover on the screen: what it looks like, what a dimmed key says, and that hostile words do no harm."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from textual.pilot import Pilot

from deskterm.errors import InvalidInput
from deskterm.service_desk import handover
from screens.handover_lines import HandoverLinesScreen
from tests.desks import MONDAY, Cast
from tests.hostile import PAYLOADS, obeyed
from tests.screens.consoles import LARGE, SMALL, console, go, make_app, said, screen_text, settled, shows
from tests.screens.test_board import SUMMARIES

HOUR = 3600


@pytest.fixture
def handed(cast: Cast) -> Cast:
    """A desk with two handovers: one half answered, one that is not signed yet."""
    bob, eve = cast.as_("bob"), cast.as_("eve")
    for i, summary in enumerate(SUMMARIES):
        cast.clock.at = MONDAY + i * 1200
        own = {"assignee": "bob"} if i % 2 else {}
        cast.incident(summary=summary, impact=1 + i % 3, urgency=1 + i // 2 % 3, team=("network", "desk")[i % 5 == 4], **own)
    cast.clock.at = MONDAY + 8 * HOUR
    note = "Siemens calls back at eight\nthe door of room 4 is stuck"
    times = (MONDAY, MONDAY + 8 * HOUR, MONDAY + 16 * HOUR)
    number = handover.close_shift(bob, "network", *times, note, incoming="eve").number
    handover.comment(bob, number, 1, "the supplier is on the way")
    handover.sign(bob, number)
    handover.close_shift(bob, "desk", *times)
    cast.clock.advance(600)
    handover.acknowledge(eve, number, 1)
    handover.reassign(eve, number, 2, assignee="eve")
    return cast


async def open_lines(pilot: Pilot[None]) -> HandoverLinesScreen:
    await pilot.press("G", "enter")
    await settled(pilot)
    assert isinstance(pilot.app.screen, HandoverLinesScreen)
    return pilot.app.screen


async def test_the_cursor_begins_where_an_answer_is_owed(handed: Cast) -> None:
    async with console(handed, "eve", "handover") as pilot:
        screen = await open_lines(pilot)
        assert screen.line is not None
        assert screen.line.position == 3


async def test_an_answer_is_taken_back_and_given_again(handed: Cast) -> None:
    async with console(handed, "eve", "handover") as pilot:
        screen = await open_lines(pilot)
        await pilot.press("g", "z")
        await settled(pilot)
        assert screen.view is not None
        assert screen.view.answered == 1
        await pilot.press("space")
        await settled(pilot)
        assert screen.view.answered == 2


SAYS = [
    ("bob", "a", "You hand it over; the incoming lead answers and signs now."),
    ("bob", "n", "It is signed: nothing is added or dropped any more."),
    ("sue", "A", "eve is the incoming lead; i makes you it."),
    ("ron", "space", "ron may not act on a handover: that takes one of the roles"),
    ("eve", "z", "This line is not answered yet."),
    ("bob", "i", "You hand it over yourself."),
]


@pytest.mark.parametrize(("login", "key", "says"), SAYS)
async def test_a_dimmed_key_says_why(handed: Cast, login: str, key: str, says: str) -> None:
    async with console(handed, login, "handover") as pilot:
        await open_lines(pilot)
        await pilot.press(key)
        await settled(pilot)
        assert said(pilot)[-1].startswith(says)


async def test_a_supervisor_takes_a_handover_over(handed: Cast) -> None:
    async with console(handed, "sue", "handover") as pilot:
        screen = await open_lines(pilot)
        await pilot.press("i")
        await settled(pilot)
        assert screen.view is not None
        assert screen.view.incoming == "sue"


async def test_a_handover_closed_with_wrong_times_is_withdrawn(handed: Cast) -> None:
    async with console(handed, "bob", "handover") as pilot:
        await pilot.press("enter")
        await settled(pilot)
        await pilot.press("D")
        await settled(pilot)
        await pilot.press("y")
        await shows(pilot, "withdrawn")


async def test_a_refusal_of_the_form_stands_beside_its_field(handed: Cast) -> None:
    async with console(handed, "bob", "handover") as pilot:
        await pilot.press("n")
        await settled(pilot)
        await pilot.press("tab", "end", *["backspace"] * 16, *"2026-11-02 10:00", "ctrl+s")
        await shows(pilot, "overlaps HND-00001")


async def test_the_printed_page_is_shown_and_closed(handed: Cast) -> None:
    async with console(handed, "eve", "handover") as pilot:
        await open_lines(pilot)
        await pilot.press("P")
        await settled(pilot)
        assert "SHIFT HANDOVER HND-00001" in screen_text(pilot)
        await pilot.press("pagedown", "escape")
        await settled(pilot)
        assert isinstance(pilot.app.screen, HandoverLinesScreen)


async def test_hostile_words_are_shown_harmlessly(cast: Cast) -> None:
    for payload in PAYLOADS.values():
        with suppress(InvalidInput):
            cast.incident(summary=payload[:250], impact=1, urgency=1, team="network")
    cast.clock.at = MONDAY + 8 * HOUR
    number = handover.close_shift(cast.as_("bob"), "network", MONDAY, MONDAY + 8 * HOUR, MONDAY + 16 * HOUR).number
    handover.sign(cast.as_("bob"), number)
    for payload in PAYLOADS.values():
        with suppress(InvalidInput):
            handover.comment(cast.as_("eve"), number, 1, payload[:500])
    async with console(cast, "eve", "handover", size=LARGE) as pilot:
        await pilot.press("enter")
        await settled(pilot)
        assert not obeyed("".join(screen_text(pilot).splitlines()))
        for _ in range(len(PAYLOADS)):
            await pilot.press("down")
        await pilot.press("P")
        await settled(pilot)
        assert not obeyed("".join(screen_text(pilot).splitlines()))


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
@pytest.mark.parametrize("keys", [(), ("G", "enter"), ("n",)], ids=["list", "lines", "form"])
def test_it_looks_as_it_should(handed: Cast, snap_compare: Any, size: tuple[int, int], keys: tuple[str, ...]) -> None:
    async def before(pilot: Pilot[None]) -> None:
        await go(pilot, "handover", *keys)

    assert snap_compare(make_app(handed, "bob" if keys == ("n",) else "eve"), terminal_size=size, run_before=before)
