"""News of what is watched, in the lists of problems, changes and releases: marked until it is opened."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.change.changing import rfc
from tests.desks import Cast
from tests.screens.consoles import LARGE, console, go, screen_text, second, until, until_seen


def _problem(cast: Cast) -> str:
    return cast.ada.create("problem", {"summary": "It recurs"}).number


def _change(cast: Cast) -> str:
    return rfc(cast.ada, summary="It recurs")


def _release(cast: Cast) -> str:
    return cast.ada.create("release", {"summary": "It recurs", "category": "minor"}).number


PLACES: dict[str, Callable[[Cast], str]] = {"problems": _problem, "changes": _change, "releases": _release}


@pytest.mark.parametrize("place", PLACES)
async def test_what_a_watcher_has_not_seen_is_marked_until_it_is_opened(cast: Cast, place: str) -> None:
    number = PLACES[place](cast)
    cast.as_("sue").act(number, "watch")
    async with console(cast, "sue", place, size=LARGE) as pilot:
        await until_seen(pilot, "It recurs")
        assert "◆" not in screen_text(pilot)
        cast.as_("eve").note(number, "seen again")
        await until_seen(pilot, "◆ It recurs")
        depth = len(pilot.app.screen_stack)
        await go(pilot, "", "enter")
        await until(pilot, lambda: "recurs" in screen_text(pilot) and len(pilot.app.screen_stack) > depth)
        await go(pilot, "", "escape")
        cast.clock.advance(3)
        await second(pilot)
        await until(pilot, lambda: "◆" not in screen_text(pilot) and "It recurs" in screen_text(pilot))
