"""Administration, lists of any kind, settings and jobs on the screen; a key that is not yours says why."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from textual.pilot import Pilot

from deskterm.administration import settings
from deskterm.errors import InvalidInput
from screens.administration import entries
from screens.kind_list import KindListScreen
from screens.settings import SettingsScreen, understood, written
from tests.desks import Cast
from tests.hostile import PAYLOADS, obeyed
from tests.screens.consoles import LARGE, SMALL, console, go, make_app, said, screen_text, settled, shows, until


async def open_kind(pilot: Pilot[None], name: str) -> KindListScreen:
    pilot.app.screen.entries.select_key(name)  # type: ignore[attr-defined]
    await pilot.press("enter")
    await settled(pilot)
    assert isinstance(pilot.app.screen, KindListScreen)
    return pilot.app.screen


def test_every_kind_that_is_kept_can_be_administered(cast: Cast) -> None:
    found = {entry.name for entry in entries(cast.ada)}
    kept = {kind.name for kind in cast.ada.registry if not kind.is_work} - {"handover", "interaction"}
    assert found == kept | {"settings", "jobs"}


async def test_every_kind_is_listed(cast: Cast) -> None:
    async with console(cast, "ada", "administration") as pilot:
        for entry in entries(cast.ada):
            if entry.is_kind:
                screen = await open_kind(pilot, entry.name)
                assert screen.rows.total is not None, entry.name
                await pilot.press("escape")
                await settled(pilot)


async def test_a_record_is_retired_and_taken_back(cast: Cast) -> None:
    async with console(cast, "ada", "administration") as pilot:
        screen = await open_kind(pilot, "organisation")
        assert "Acme" in screen_text(pilot)
        await pilot.press("R")
        await settled(pilot)
        screen.list_query("state:retired")
        await shows(pilot, "Acme")
        await pilot.press("R")
        await settled(pilot)
        assert cast.ada.show("ORG-00001").state == "active"


SAYS = [
    ("bob", "calendar", "n", "bob may not create a calendar"),
    ("ron", "person", "e", "ron may not edit a person"),
    ("bob", "team", "R", "bob may not edit a team"),
    ("ada", "template", "e", "There is nothing under the cursor."),
]


@pytest.mark.parametrize(("login", "kind", "key", "says"), SAYS)
async def test_a_dimmed_key_says_why(cast: Cast, login: str, kind: str, key: str, says: str) -> None:
    async with console(cast, login, "administration") as pilot:
        await open_kind(pilot, kind)
        await pilot.press(key)
        await settled(pilot)
        assert said(pilot)[-1].startswith(says)


async def test_an_error_in_the_filter_is_pointed_at(cast: Cast) -> None:
    async with console(cast, "ada", "administration") as pilot:
        screen = await open_kind(pilot, "person")
        await pilot.press("slash", *"colour:red", "enter")
        await shows(pilot, "there is no field 'colour'")
        screen.list_query("vip:yes")
        await shows(pilot, "1 found")


async def test_the_matrix_of_the_desk_is_changed(cast: Cast) -> None:
    async with console(cast, "ada", "administration") as pilot:
        await pilot.press("s")
        await settled(pilot)
        assert isinstance(pilot.app.screen, SettingsScreen)
        await pilot.press("j", "e")
        await settled(pilot)
        await pilot.press("end", *["backspace"] * 21, *"1 2 / 3", "ctrl+s")
        await shows(pilot, "as many columns")
        await pilot.press("end", *["backspace"] * 7, *"1 1 2 / 2 3 4 / 3 4 5", "ctrl+s")
        await shows(pilot, "Priority matrix is changed.")
        found = {one.name: one.value for one in settings(cast.ada)}
        assert found["priority_matrix"] == ((1, 1, 2), (2, 3, 4), (3, 4, 5))
        await pilot.press("R")
        await settled(pilot)
        await pilot.press("y")
        await shows(pilot, "as it comes")


async def test_a_supervisor_reads_the_settings_and_is_told_who_changes_them(cast: Cast) -> None:
    async with console(cast, "sue", "administration") as pilot:
        await pilot.press("s")
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        assert said(pilot)[-1].startswith("sue may not manage a desk setting: that takes one of the roles")


def test_settings_read_as_they_are_written(cast: Cast) -> None:
    matrix = ((1, 2, 3), (2, 3, 4), (3, 4, 5))
    assert understood("priority_matrix", written("priority_matrix", matrix)) == [list(row) for row in matrix]
    assert written("auto_close_seconds", 5 * 86400) == "5d"
    with pytest.raises(InvalidInput):
        understood("priority_matrix", "one two")


async def test_jobs_are_shown_and_run(cast: Cast) -> None:
    number = cast.incident()
    cast.ada.act(number, "resolve", {"code": "solved", "solution": "x"})
    cast.clock.advance(30 * 86400)
    async with console(cast, "ada", "jobs") as pilot:
        assert "Nobody runs the jobs" in screen_text(pilot)
        pilot.app.screen.jobs.select_key("auto-close")  # type: ignore[attr-defined]
        await pilot.press("r")
        await shows(pilot, "auto-close: 1 record changed.")
        assert cast.ada.show(number).state == "closed"
        await pilot.press("f")
        await settled(pilot)
        assert said(pilot)[-1].startswith("This job has set nothing apart")


async def test_an_agent_sees_the_jobs_and_is_told_who_runs_them(cast: Cast) -> None:
    async with console(cast, "bob", "jobs") as pilot:
        await pilot.press("r")
        await settled(pilot)
        await until(
            pilot, lambda: any(one.startswith("bob may not run a job: that takes one of the roles") for one in said(pilot))
        )


async def test_hostile_words_are_shown_harmlessly(cast: Cast) -> None:
    for payload in PAYLOADS.values():
        with suppress(InvalidInput):
            cast.ada.create("person", {"name": payload[:150], "location": payload[:100]})
    async with console(cast, "ada", "administration", size=LARGE) as pilot:
        await open_kind(pilot, "person")
        assert not obeyed("".join(screen_text(pilot).splitlines()))
        await pilot.press("G")
        await settled(pilot)
        assert not obeyed("".join(screen_text(pilot).splitlines()))


LOOKS: dict[str, tuple[str, tuple[str, ...]]] = {
    "administration": ("administration", ()),
    "people": ("administration", ("enter",)),
    "settings": ("administration", ("s", "j")),
    "jobs": ("jobs", ()),
}


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
@pytest.mark.parametrize("name", LOOKS)
def test_it_looks_as_it_should(cast: Cast, snap_compare: Any, size: tuple[int, int], name: str) -> None:
    place, keys = LOOKS[name]

    async def before(pilot: Pilot[None]) -> None:
        await go(pilot, place, *keys)

    assert snap_compare(make_app(cast, "ada"), terminal_size=size, run_before=before)
