"""Texts with bad intentions in every field that queue and record show: nothing obeyed, nothing broken."""

from __future__ import annotations

import pytest
from textual import events
from textual.pilot import Pilot

from deskterm.errors import InvalidInput
from screens.messages import OpenRecord
from screens.modals.choose import Choice, ChooseModal
from screens.queue import QueueScreen
from screens.record import RecordScreen
from tests.desks import Cast
from tests.hostile import PAYLOADS, obeyed
from tests.screens.consoles import LARGE, SMALL, console, go, screen_text, settled
from widgets.safe_text import typed
from widgets.text_area import DeskTextArea

EVERYWHERE = ("summary", "description", "subcategory", "symptom", "location", "vendor")


def stored(cast: Cast, text: str) -> str | None:
    """Log an incident with a text in every field that takes it; None where the desk refuses it everywhere."""
    number = None
    kind = cast.ada.registry.kind("incident")
    values: dict[str, object] = {}
    for name in EVERYWHERE:
        limit: int = getattr(kind.all_fields[name].type, "limit", 255)
        one_line = not getattr(kind.all_fields[name].type, "lines", False)
        fitting = text[:limit].replace("\n", " ").replace("\r", " ") if one_line else text[:limit]
        try:
            kind.all_fields[name].type.parse(fitting)
        except ValueError:
            continue
        if fitting.strip():
            values[name] = fitting
    if not values:
        return None
    number = cast.ada.create("incident", {"summary": "hostile", **values, "assignee": "bob"}).number
    for public in (False, True):
        try:
            cast.ada.note(number, text[:90_000], public=public)
        except InvalidInput:
            continue
    return number


NAMES = sorted(PAYLOADS)
PARTS = [NAMES[start::4] for start in range(4)]
"""The corpus in four, so that one console shows many of them and a failure still names few."""


def harmless(pilot: Pilot[None]) -> None:
    assert obeyed(screen_text(pilot).replace("\n", "")) == []


@pytest.mark.parametrize("names", PARTS, ids=lambda names: names[0])
@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["small", "large"])
async def test_records_of_it_are_shown_harmlessly(cast: Cast, names: list[str], size: tuple[int, int]) -> None:
    numbers = [number for name in names if (number := stored(cast, PAYLOADS[name])) is not None]
    assert len(numbers) >= len(names) - 3
    async with console(cast, "bob", size=size) as pilot:
        for _ in numbers:
            await pilot.pause(0.25)
            await settled(pilot)
            harmless(pilot)
            await go(pilot, "", "j")
        for keys in (("s",), ("escape", "A"), ("escape", "x"), ("escape",)):
            await go(pilot, "", *keys)
            harmless(pilot)
        assert isinstance(pilot.app.screen, QueueScreen)
        for number in numbers:
            pilot.app.post_message(OpenRecord(number))
            await settled(pilot)
            assert isinstance(pilot.app.screen, RecordScreen)
            for key in ("tab", "f", "equals_sign", "escape"):
                harmless(pilot)
                await pilot.press(key)
                await settled(pilot)
            await go(pilot, "", "minus")


async def test_it_may_be_the_name_of_a_person_a_team_and_a_view(cast: Cast) -> None:
    for name in NAMES:
        text = typed(PAYLOADS[name][:2_000], lines=False)[0].strip()[:60]
        if not text:
            continue
        person = cast.ada.create("person", {"name": text, "vip": True}).number
        cast.ada.create("team", {"name": f"{text} {name}", "members": ["bob"]})
        cast.ada.create("view", {"name": text, "query": "state:open", "shared": True})
        cast.incident(assignee="bob", requester=person)
    async with console(cast, "bob", size=LARGE) as pilot:
        for keys in (
            (),
            ("v",),
            ("down", "down", "escape", "A"),
            ("escape", "colon"),
            ("escape", "slash", *"team:"),
            ("escape",),
        ):
            await go(pilot, "", *keys)
            await pilot.pause(0.2)
            harmless(pilot)


async def test_pasting_it_into_filter_and_note_is_bounded(cast: Cast) -> None:
    cast.incident(assignee="bob")
    async with console(cast, "bob") as pilot:
        for key in ("slash", "x"):
            for name in NAMES:
                await go(pilot, "", key)
                focused = pilot.app.focused
                assert focused is not None
                focused.post_message(events.Paste(PAYLOADS[name]))
                await pilot.pause()
                harmless(pilot)
                if isinstance(focused, DeskTextArea):
                    focused.load_text("")
                await go(pilot, "", "escape")
        assert isinstance(pilot.app.screen, QueueScreen)


async def test_choices_are_never_parsed(cast: Cast) -> None:
    async with console(cast, "bob") as pilot:
        app = pilot.app
        screen = app.screen
        assert isinstance(screen, QueueScreen)
        choices = [Choice(name, text[:200], text[:200]) for name, text in PAYLOADS.items()]
        app.push_screen(ChooseModal(screen.session, PAYLOADS["markup_click"], choices))
        await settled(pilot)
        harmless(pilot)
