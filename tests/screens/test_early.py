"""The head start: rows read by another process are the desk's own, and nobody misses it where it comes to nothing."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from deskterm.desk import Desk
from screens import early, views
from screens.app import DeskApp
from screens.early import FirstPage
from screens.paging import Pages
from screens.queue import QueueScreen
from tests.desks import Cast
from tests.screens import consoles
from tests.screens.consoles import go, screen_text, settled, until, until_seen

ROOT = Path(__file__).parents[2]
SCRIPT = """
import json, os, sys
from screens import early
if sys.argv[3]:
    early.PATIENCE_SECONDS, early._send = 0.1, lambda *_: os.read(os.pipe()[0], 1)
begun = early.begin(sys.argv[1], sys.argv[2])
page = begun.take() if begun else None
heavy = sorted({"sqlalchemy", "textual"} & set(sys.modules))
rows = [row.number for row in page.answer.rows] if page else None
print(json.dumps({"rows": rows, "heavy": heavy, "begun": begun is not None}))
"""


def _told(location: str, login: str, *, silent: bool = False) -> dict[str, object]:
    """Have another process read early in a process of its own, and say what it was told."""
    arguments = [sys.executable, "-c", SCRIPT, location, login, "silent" if silent else ""]
    done = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    assert done.stderr == ""
    found: dict[str, object] = json.loads(done.stdout)
    return found


@pytest.fixture
def rows(cast: Cast) -> list[str]:
    """Three incidents of bob's; what his queue shows first."""
    for number in range(3):
        cast.incident(summary=f"Early {number}", assignee="bob")
    desk = cast.as_("bob")
    return [row.number for row in Pages(desk, views.USUAL[0].question()).read(0, 0, None, None).rows]


def test_what_is_read_early_is_what_the_desk_says(cast: Cast, rows: list[str]) -> None:
    if early._processors() < 2:
        assert early.begin("anywhere", "bob") is None
        return
    told = _told(str(cast.database.path), "bob")
    assert told == {"rows": rows, "heavy": [], "begun": True}
    assert len(rows) == 3


@pytest.mark.parametrize("case", ["stranger", "no desk", "silent"])
def test_a_head_start_that_comes_to_nothing_says_nothing(cast: Cast, tmp_path: Path, case: str) -> None:
    location = str(tmp_path / "nothing.db") if case == "no desk" else str(cast.database.path)
    told = _told(location, "mallory" if case == "stranger" else "bob", silent=case == "silent")
    assert (told["rows"], told["heavy"]) == (None, [])


def test_one_processor_takes_no_head_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(early, "_processors", lambda: 1)
    assert early.begin("anywhere", "bob") is None


class Ready:
    """A child that has read."""

    def __init__(self, page: FirstPage | None) -> None:
        self.page = page

    def take(self) -> FirstPage | None:
        return self.page


def _first(cast: Cast) -> FirstPage:
    question = views.USUAL[0].question()
    return FirstPage(question, Pages(cast.as_("bob"), question).read(0, 0, None, None))


async def test_early_rows_stand_until_the_desk_is_open_and_then_live(cast: Cast, rows: list[str]) -> None:
    gate = asyncio.Event()
    loop = asyncio.get_running_loop()

    def slowly(_: str, login: str) -> Desk:
        asyncio.run_coroutine_threadsafe(gate.wait(), loop).result(20)
        return cast.as_(login)

    app = DeskApp("somewhere", "bob", clock=cast.clock, opener=slowly, jobs=False)
    app.early = Ready(_first(cast))  # type: ignore[assignment]
    consoles.driver.task = asyncio.current_task()
    async with app.run_test(size=consoles.SMALL) as pilot:
        await until_seen(pilot, "Early 2", "3 found")
        assert not app.session.is_open
        screen = next(one for one in app.desk_screens() if isinstance(one, QueueScreen))
        assert screen.rows.cursor_row is not None
        first = screen.rows.cursor_row.number
        await pilot.press("j")
        assert screen.rows.cursor_row.number == first, "what is typed is held until it can be obeyed"
        cast.ada.edit(rows[0], {"summary": "Changed meanwhile"})
        gate.set()
        await consoles.until_open(pilot)
        await until_seen(pilot, "Changed meanwhile")
        assert isinstance(screen.rows.pages, Pages)
        await consoles.until(pilot, lambda: screen.rows.cursor_row is not None and screen.rows.cursor_row.number != first)
        cast.ada.edit(rows[1], {"summary": "Changed later"})
        await until_seen(pilot, "Changed later")
        await settled(pilot)


async def test_early_rows_of_another_question_are_not_shown(cast: Cast, rows: list[str]) -> None:
    page = _first(cast)
    app = consoles.make_app(cast, "bob")
    app.early = Ready(replace(page, question=replace(page.question, query="state:closed")))  # type: ignore[assignment]
    consoles.driver.task = asyncio.current_task()
    async with app.run_test(size=consoles.SMALL) as pilot:
        await go(pilot)
        await until(pilot, lambda: rows[0] in screen_text(pilot))
        screen = pilot.app.screen
        assert isinstance(screen, QueueScreen)
        assert isinstance(screen.rows.pages, Pages)


async def test_without_early_rows_the_console_reads_for_itself(cast: Cast, rows: list[str]) -> None:
    app = consoles.make_app(cast, "bob")
    app.early = Ready(None)  # type: ignore[assignment]
    consoles.driver.task = asyncio.current_task()
    async with app.run_test(size=consoles.SMALL) as pilot:
        await go(pilot)
        assert all(number in screen_text(pilot) for number in rows)
