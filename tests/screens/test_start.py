"""The start: nothing heavy before the first frame, a plain sentence where the desk does not open, a banner where it goes."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from textual.widgets import Static

from deskterm.bootstrap import open_desk
from deskterm.desk import Desk
from deskterm.errors import DatabaseError
from screens import feed
from screens.app import DeskApp
from screens.messages import DatabaseTrouble
from screens.queue import QueueScreen
from screens.trouble import TroubleScreen
from tests.desks import Cast
from tests.screens import consoles
from tests.screens.consoles import console, go, screen_text, settled, until, until_seen

HEAVY = ("sqlalchemy", "pydantic", "apscheduler", "alembic", "psycopg")
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("module", ["screens.app", "screens.queue"])
def test_what_the_first_frame_needs_imports_nothing_heavy(module: str) -> None:
    script = f"import sys, {module}; print(*sorted(set(sys.modules) & set({HEAVY!r})))"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stderr


def _opening(cast: Cast) -> tuple[DeskApp, asyncio.Event]:
    """Return a console whose desk opens no sooner than the event is set."""
    gate = asyncio.Event()
    loop = asyncio.get_running_loop()

    def slowly(_: str, login: str) -> Desk:
        asyncio.run_coroutine_threadsafe(gate.wait(), loop).result(20)
        return cast.as_(login)

    consoles.driver.task = asyncio.current_task()
    return DeskApp("somewhere", "bob", clock=cast.clock, opener=slowly, jobs=False), gate


async def test_the_queue_is_painted_before_the_desk_is_open(cast: Cast) -> None:
    app, gate = _opening(cast)
    async with app.run_test(size=consoles.SMALL) as pilot:
        text = await until_seen(pilot, "1 Mine", "Loading")
        assert "bob" in text
        await pilot.press("j", "s", "a", "full_stop", "slash", "escape", "v", "escape")
        gate.set()
        await consoles.until_open(pilot)
        assert "Nothing here" in screen_text(pilot)


async def test_a_q_typed_after_other_keys_while_the_desk_opens_is_a_letter_in_its_place(cast: Cast) -> None:
    app, gate = _opening(cast)
    async with app.run_test(size=consoles.SMALL) as pilot:
        await until_seen(pilot, "1 Mine", "Loading")
        await pilot.press("slash", "q", "u", "e", "q")
        assert not app._exit
        gate.set()
        await consoles.until_open(pilot)
        screen = app.screen
        assert isinstance(screen, QueueScreen)
        await until(pilot, lambda: screen.filter.typed.endswith("queq"))
        assert not app._exit


@pytest.mark.parametrize("key", ["q", "ctrl+q"])
async def test_a_key_that_leaves_is_obeyed_at_once_where_nothing_was_typed_before_it(cast: Cast, key: str) -> None:
    app, gate = _opening(cast)
    async with app.run_test(size=consoles.SMALL) as pilot:
        await until_seen(pilot, "1 Mine", "Loading")
        await pilot.press(key)
        assert app._exit
        assert not app.session.is_open
        gate.set()


async def test_ctrl_c_ends_nothing_and_says_at_once_what_does(cast: Cast) -> None:
    app, gate = _opening(cast)
    async with app.run_test(size=consoles.SMALL, notifications=True) as pilot:
        await until_seen(pilot, "1 Mine", "Loading")
        await pilot.press("ctrl+c")
        await until_seen(pilot, "ctrl+c does not end the console", "ctrl+q does")
        assert not app._exit
        gate.set()
        await consoles.until_open(pilot)
        await pilot.press("ctrl+q")
        await until(pilot, lambda: app._exit)


@pytest.mark.parametrize(
    ("content", "told", "status"),
    [(None, "nothing.db init", 3), (b"not a database at all, just words in a file" * 40, "is not a database", 3)],
)
async def test_a_desk_that_does_not_open_says_why(tmp_path: Path, content: bytes | None, told: str, status: int) -> None:
    path = tmp_path / "nothing.db"
    if content is not None:
        path.write_bytes(content)
    app = DeskApp(str(path), "bob", jobs=False, opener=open_desk)
    async with app.run_test(size=consoles.SMALL) as pilot:
        await until_seen(pilot, told)
        assert isinstance(app.screen, TroubleScreen)
        assert "Traceback" not in screen_text(pilot)
        await pilot.press("q")
        await pilot.pause()
    assert app.return_code == status


async def test_a_stranger_is_told_so_and_may_not_in(cast: Cast) -> None:
    app = DeskApp(str(cast.database.path), "mallory", jobs=False)
    async with app.run_test(size=consoles.SMALL) as pilot:
        await until_seen(pilot, "nobody with the login 'mallory'")
        await pilot.press("q")
        await pilot.pause()
    assert app.return_code == 1


async def test_the_banner_comes_and_goes_with_the_database_and_typing_goes_on(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed, "TROUBLE_SECONDS", 0.05)
    cast.incident(assignee="bob")
    away = False
    original = Desk.changes

    def changes(self: Desk, cursor: str) -> object:
        if away:
            raise DatabaseError("the database cannot be reached")
        return original(self, cursor)

    monkeypatch.setattr(Desk, "changes", changes)
    async with console(cast, "bob") as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, QueueScreen)
        banner = screen.query_one("#banner", Static)
        away = True
        await until_seen(pilot, "cannot be reached. What you type is kept")
        assert banner.display
        await go(pilot, "", "slash", *"vpn")
        assert screen.filter.typed.endswith("vpn")
        away = False
        cast.as_("eve").edit("INC-00001", {"summary": "While it was away"})
        await until_seen(pilot, "While it was away")
        assert not banner.display
        await settled(pilot)


async def test_a_console_that_ends_as_it_settles_has_nothing_to_tidy(cast: Cast) -> None:
    async with console(cast, "bob") as pilot:
        app = pilot.app
        assert isinstance(app, DeskApp)
    app._settle()  # a timer that comes due while the screens are being taken down
    assert app._exception is None


async def test_leaving_waits_for_what_is_being_written(cast: Cast) -> None:
    number = cast.incident(team="network")
    async with console(cast, "bob") as pilot:
        await go(pilot, "", "v", "3")
        await pilot.press("a", "q")
        await until(pilot, lambda: pilot.app._exit)
    view = cast.ada.show(number)
    assert view.names[view.values["assignee"]].title == "bob"


async def test_a_second_that_passes_while_a_screen_is_being_made_is_no_harm(cast: Cast) -> None:
    """A screen is in the stack before anything stands on it: the clock, the banner and the opened desk come by then too."""
    async with console(cast, "bob") as pilot:
        app = pilot.app
        assert isinstance(app, DeskApp)
        screen = QueueScreen(app.session)
        app.push_screen(screen)
        app._second()
        screen.desk_opened()
        app.post_message(DatabaseTrouble("the database cannot be reached"))
        await until_seen(pilot, "cannot be reached. What you type is kept")
        assert app.screen is screen


async def test_the_time_is_that_of_the_person_from_the_first_moment_it_is_shown(cast: Cast) -> None:
    ada = cast.ada
    [bob] = ada.page(ada.prepare(["agent"], "login:bob")).rows
    ada.edit(bob.number, {"tz": "Asia/Tokyo"})
    async with console(cast, "bob") as pilot:
        assert "18:00 bob" in screen_text(pilot).splitlines()[0]
