"""Keys that arrive at once, as over a slow line, do what they do one by one: a letter meant for a field is no command."""

from __future__ import annotations

import asyncio
import threading

import pytest
from textual import events
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.widgets import Input

from deskterm.configuration.browsing import Browser, Mode
from deskterm.configuration.schema import BranchPage
from deskterm.desk import Desk
from screens import cis as cis_screen
from screens import queue as queue_screen
from screens.app import DeskApp
from screens.cis import CisScreen
from screens.contact import ContactScreen
from screens.modals.write_text import WriteModal
from screens.paging import Pages, Question
from screens.palette import Palette
from screens.queue import QueueScreen
from screens.record import RecordScreen
from tests.desks import Cast
from tests.screens.consoles import LOOKS, SMALL, console, driver, screen_text, settled, until, until_open, until_seen
from widgets import hardened_app

NAMED = frozenset({"enter", "tab"})


def clump(pilot: Pilot[None], *keys: str) -> None:
    """Let keys arrive in one packet: names of keys, and texts of which each letter is one."""
    for key in keys:
        for one in [key] if key in NAMED else key:
            pilot.app.post_message(events.Key(one, None) if one in NAMED else events.Key(_character_to_key(one), one))


def queue(pilot: Pilot[None]) -> QueueScreen:
    screen = pilot.app.screen_stack[0]
    assert isinstance(screen, QueueScreen)
    return screen


def mine(cast: Cast, count: int) -> list[str]:
    """Make incidents that wait in bob's team."""
    return [cast.incident(summary=f"Printer {place} jams", team="network") for place in range(count)]


async def test_a_filter_is_typed_though_its_letters_are_commands(cast: Cast) -> None:
    mine(cast, 2)
    async with console(cast, "bob") as pilot:
        clump(pilot, "/queq")
        await until(pilot, lambda: queue(pilot).filter.typed.endswith("queq"))
        assert not pilot.app._exit


@pytest.mark.parametrize("opened_first", [False, True])
async def test_a_note_is_typed_in_the_window_that_its_key_opens(cast: Cast, opened_first: bool) -> None:
    [number] = mine(cast, 1)
    async with console(cast, "bob") as pilot:
        clump(pilot, "]", *(["enter"] if opened_first else []), "xhello qap")
        await until(pilot, lambda: isinstance(pilot.app.screen, WriteModal))
        modal = pilot.app.screen
        assert isinstance(modal, WriteModal)
        await until(pilot, lambda: modal.text.text == "hello qap")
        assert isinstance(pilot.app.screen_stack[-2], RecordScreen if opened_first else QueueScreen)
    view = cast.ada.show(number)
    assert (view.state, view.values["assignee"]) == ("assigned", None)


async def test_who_calls_is_typed_into_the_form_that_is_still_being_read(cast: Cast) -> None:
    async with console(cast, "bob") as pilot:
        clump(pilot, "cMaria", "tab", "Quiet phone")
        await until(pilot, lambda: isinstance(pilot.app.screen, ContactScreen) and pilot.app.screen.is_ready)
        form = pilot.app.screen
        assert isinstance(form, ContactScreen)
        await until(pilot, lambda: "Quiet phone" in screen_text(pilot))
        assert form.form.rows["caller"].answer.text.startswith("Maria")


async def test_of_two_records_taken_at_once_neither_is_forgotten(cast: Cast) -> None:
    numbers = mine(cast, 3)
    async with console(cast, "bob") as pilot:
        clump(pilot, "]aja")
        await until(pilot, lambda: sum(cast.ada.show(one).values["assignee"] is not None for one in numbers) == 2)


async def test_a_database_that_is_slow_holds_keys_up_only_so_long(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hardened_app, "PATIENCE_SECONDS", 0.05)
    mine(cast, 1)
    async with console(cast, "bob") as pilot:
        app = pilot.app
        assert isinstance(app, DeskApp)
        gate = asyncio.Event()

        async def slow() -> None:
            await gate.wait()

        queue(pilot).converse(slow())
        clump(pilot, "/", "qq")
        await until(pilot, lambda: queue(pilot).filter.typed.endswith("qq"))
        gate.set()
        await settled(pilot)


async def test_what_is_pasted_behind_a_key_goes_where_the_key_leads(cast: Cast) -> None:
    mine(cast, 1)
    async with console(cast, "bob") as pilot:
        pilot.app.post_message(events.Key("slash", "/"))
        pilot.app.post_message(events.Paste("state:pending"))
        pilot.app.post_message(events.Key("enter", None))
        await until(pilot, lambda: queue(pilot).view.query.endswith("state:pending"))


async def test_a_list_that_arrives_late_takes_nothing_away_from_who_types_a_filter(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hardened_app, "PATIENCE_SECONDS", 0.05)
    mine(cast, 1)
    gate, original = threading.Event(), queue_screen._prepared

    def slowly(screen: QueueScreen, question: Question) -> Pages:
        assert gate.wait(20)
        return original(screen, question)

    async with console(cast, "bob") as pilot:
        monkeypatch.setattr(queue_screen, "_prepared", slowly)
        clump(pilot, "]", "/vpn")
        for _ in range(LOOKS):
            if queue(pilot).filter.typed.endswith("vpn"):
                break
            await pilot.pause(0.01)
        gate.set()
        await until(pilot, lambda: queue(pilot).view.name == "Team")
        assert queue(pilot).filter.typed.endswith("vpn")
        clump(pilot, "q")
        await until(pilot, lambda: queue(pilot).filter.typed.endswith("vpnq"))
        assert not pilot.app._exit


async def test_the_palette_opens_what_was_typed_and_not_what_stood_there_before_its_hits(cast: Cast) -> None:
    one, other = mine(cast, 2)
    async with console(cast, "bob") as pilot:
        clump(pilot, f":{other}", "enter", "xhello")
        await until(pilot, lambda: isinstance(pilot.app.screen, WriteModal))
        modal = pilot.app.screen
        assert isinstance(modal, WriteModal)
        await until(pilot, lambda: modal.text.text == "hello")
        assert isinstance(pilot.app.screen_stack[-2], RecordScreen)
        assert pilot.app.screen_stack[-2].number == other != one


async def test_the_palette_stays_where_nothing_is_like_what_was_typed(cast: Cast) -> None:
    async with console(cast, "bob") as pilot:
        clump(pilot, ":zzzzqx", "enter")
        await until_seen(pilot, "No matches")
        assert isinstance(pilot.app.screen, Palette)
        clump(pilot, "q")
        palette = pilot.app.screen
        await until(pilot, lambda: palette.query_one(Input).value == "zzzzqxq")


def browser(pilot: Pilot[None]) -> CisScreen:
    screen = pilot.app.screen
    assert isinstance(screen, CisScreen)
    return screen


async def test_a_query_is_typed_above_the_tree_though_its_letters_are_commands(cast: Cast) -> None:
    async with console(cast, "ada") as pilot:
        clump(pilot, "3/name:vpn*", "enter", "/i")
        await until(pilot, lambda: isinstance(pilot.app.screen, CisScreen) and browser(pilot).filter.typed.endswith("i"))
        screen = browser(pilot)
        assert screen.browser is not None
        assert (screen.browser.mode, screen.browser.query) == (Mode.SERVICE, "name:vpn*")
        assert screen.filter.typed == "name:vpn* i"


async def test_what_is_typed_behind_a_query_that_is_refused_late_goes_to_the_query(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, original = threading.Event(), cis_screen._branch

    def slowly(browser: Browser, key: str, after: str, count: int) -> BranchPage:
        assert gate.wait(20) or not browser.query
        return original(browser, key, after, count)

    async with console(cast, "ada", "cis") as pilot:
        monkeypatch.setattr(cis_screen, "_branch", slowly)
        clump(pilot, "/colour:red", "enter", "mDiI")
        await until_seen(pilot, "colour:red")
        gate.set()
        await until(pilot, lambda: browser(pilot).filter.typed == "mDiIcolour:red")
        screen = browser(pilot)
        assert screen.browser is not None
        assert (screen.browser.mode, screen.browser.upwards) == (Mode.SERVICE, False)
        assert screen.filter.field.has_focus


async def test_a_query_begun_before_the_desk_is_open_is_typed_on(cast: Cast) -> None:
    gate = asyncio.Event()
    loop = asyncio.get_running_loop()

    def slowly(_: str, login: str) -> Desk:
        asyncio.run_coroutine_threadsafe(gate.wait(), loop).result(20)
        return cast.as_(login)

    app = DeskApp("somewhere", "ada", clock=cast.clock, opener=slowly, jobs=False)
    driver.task = asyncio.current_task()
    async with app.run_test(size=SMALL) as pilot:
        await until(pilot, lambda: isinstance(app.screen, QueueScreen))
        app.push_screen(CisScreen(app.session))
        await pilot.press("slash", *"vp")
        gate.set()
        clump(pilot, "n")
        await until_open(pilot)
        await until(pilot, lambda: browser(pilot).filter.typed == "vpn")
