"""Consoles for tests of screens: the real application on a real desk, with a clock that stands still."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from textual.pilot import Pilot
from textual.widgets import Static

from screens.app import DeskApp
from screens.preferences import Preferences
from tests.desks import Cast
from tests.widgets.looking import painted

SMALL, LARGE = (80, 24), (120, 40)
LOOKS = 1_000
"""How often it is looked for what does not come, before that is a failure: half a minute and more."""
WAIT_FOR_PEOPLE = frozenset({"conversation", "perform", "send", "default"})
"""Groups of workers that may wait for a key: nobody waits for them in turn."""


@dataclass
class Driver:
    """The task of the test that drives a console."""

    task: asyncio.Task[Any] | None = None
    """Alone of all in the loop it may touch the database: it plays the colleagues. It ends with the test, its name with it."""


driver = Driver()


def make_app(cast: Cast, login: str = "sue") -> DeskApp:
    """Return the application, in dark colours, on the desk of a test."""
    settings = Preferences(theme="desk-dark")
    return DeskApp(
        str(cast.database.path), login, clock=cast.clock, settings=settings, opener=lambda _, who: cast.as_(who), jobs=False
    )


@asynccontextmanager
async def console(
    cast: Cast, login: str = "sue", place: str = "", *, size: tuple[int, int] = SMALL
) -> AsyncIterator[Pilot[None]]:
    """Yield a console that has opened the desk and gone to a place."""
    before, driver.task = driver.task, asyncio.current_task()
    try:
        async with make_app(cast, login).run_test(size=size, notifications=True) as pilot:
            await go(pilot, place)
            yield pilot
    finally:
        driver.task = before


async def go(pilot: Pilot[None], place: str = "", *keys: str) -> None:
    """Wait until the desk is open, go to a place, press keys one after the other."""
    await until_open(pilot)
    if place:
        app = pilot.app
        assert isinstance(app, DeskApp)
        app.action_go(place)
        await settled(pilot)
    for key in keys:
        await pilot.press(key)
        await settled(pilot)


async def until_open(pilot: Pilot[None]) -> None:
    """Wait until the desk is open and what is shown has been read."""
    app = pilot.app
    assert isinstance(app, DeskApp)
    for _ in range(LOOKS):
        await pilot.pause()
        if app.session.is_open:
            break
    assert app.session.is_open, f"the desk was not opened; the screen shows\n{screen_text(pilot)}"
    await settled(pilot)


async def settled(pilot: Pilot[None]) -> None:
    """Wait until nothing is being read any more and all of it is painted."""
    app = pilot.app
    assert isinstance(app, DeskApp)
    for _ in range(3):
        await pilot.pause()
        await app.session.settled()
        for _ in range(LOOKS):
            if not app.has_keys_waiting:
                break
            await pilot.pause(0.01)
        busy = [one for one in app.workers if one.group not in WAIT_FOR_PEOPLE and not one.is_finished]
        if busy:  # an empty list would mean all of them
            await asyncio.gather(*(one.wait() for one in busy), return_exceptions=True)
    await pilot.pause()


async def still(pilot: Pilot[None], seconds: float = 0.3) -> None:
    """Wait until the screen shows the same for a while: what is read once a cursor rests has come by then."""
    before = ""
    for _ in range(LOOKS):
        await pilot.pause(seconds)
        await settled(pilot)
        now = screen_text(pilot)
        if now == before:
            return
        before = now


async def until(pilot: Pilot[None], condition: Callable[[], bool]) -> None:
    """Wait until something is so: what a conversation leads to comes in steps that nobody can wait for by name."""
    for _ in range(LOOKS):
        await settled(pilot)
        if condition():
            return
    raise AssertionError(f"it did not come to pass; the screen shows:\n{screen_text(pilot)}")


async def shows(pilot: Pilot[None], text: str) -> None:
    """Wait until a text is painted."""
    await until(pilot, lambda: text in screen_text(pilot))


async def until_seen(pilot: Pilot[None], *texts: str) -> str:
    """Wait until texts are painted, wherever lines break, and return all there is; never seeing them fails with the picture."""
    for _ in range(LOOKS):
        flat = " ".join(screen_text(pilot).replace("│", " ").split())
        if all(text in flat for text in texts):
            return flat
        await pilot.pause(0.05)
    raise AssertionError(f"waited for {texts}; the screen shows\n{screen_text(pilot)}")


async def second(pilot: Pilot[None]) -> None:
    """Let the console notice that time has passed."""
    app = pilot.app
    assert isinstance(app, DeskApp)
    app._second()
    await settled(pilot)


def screen_text(pilot: Pilot[None]) -> str:
    """Return what is painted, as lines."""
    return "\n".join(line.rstrip() for line in painted(pilot.app))


def said(pilot: Pilot[None]) -> list[str]:
    """Return what the console says: the notices that stand, and last what it says in the place of the keys."""
    told = [str(line.content) for line in pilot.app.screen.query("#said").results(Static)]
    return [*(note.message for note in pilot.app._notifications), *(line for line in told if line)]
