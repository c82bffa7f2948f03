"""Releases on the screen: their looks, what a key says that does nothing, few bytes, and that hostile words do no harm."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from textual.pilot import Pilot

from deskterm.errors import InvalidInput
from deskterm.release import library
from screens.messages import OpenRecord
from screens.release_cockpit import ReleaseCockpit
from screens.releases import ReleasesScreen
from tests.desks import MONDAY, Cast
from tests.hostile import PAYLOADS, obeyed
from tests.release.rollouts import cell, rolling, through
from tests.release.scenes import file_of, proposed, servers
from tests.screens.consoles import LARGE, SMALL, console, go, make_app, said, screen_text, settled, shows

DAY = 86_400


@pytest.fixture
def rollout(cast: Cast) -> tuple[Cast, str]:
    """A desk with a release in the middle of its rollout, one that is planned, a library and a spare."""
    desk, number, _ = rolling(cast, target_at=MONDAY + 3 * DAY)
    cast.clock.advance(3_600)
    through(desk, number, 1)
    cast.clock.advance(3_600)
    desk.act(number, "go")
    desk.act(number, "report", {"outcome": "installed", "cis": ["app-3"]})
    desk.act(number, "report", {"outcome": "failed", "cis": ["app-4"], "reason": "No room on the device: 3 MB short"})
    desk.create("release", {"summary": "The next one", "category": "major", "target_at": MONDAY - DAY})
    proposed(desk, cast, "payroll", "1.2")
    (spare,) = servers(cast.ada, "spare-1", location="Store")
    cast.ada.act(spare, "stock")
    return cast, number


async def open_cockpit(pilot: Pilot[None]) -> ReleaseCockpit:
    screen = pilot.app.screen
    assert isinstance(screen, ReleasesScreen)
    place = next(i for i in range(5) if (row := screen.rows.row_at(i)) is not None and row.title == "Payroll 1.1")
    screen.rows.cursor = place
    await pilot.press("enter")
    await settled(pilot)
    assert isinstance(pilot.app.screen, ReleaseCockpit)
    return pilot.app.screen


SAYS = [
    ("rex", ["d"], "Nothing under the cursor is planned or failed or unreachable or backed out."),
    ("rex", ["R"], "Nothing under the cursor is held."),
    ("ron", ["d"], "ron may not act on a release: that takes one of the roles"),
    ("rex", ["right_square_bracket", "right_square_bracket", "S"], "No build is open while REL-00001 is rolling out."),
    ("rex", [*["right_square_bracket"] * 3, "j", "p"], "Results are recorded while it is tested; REL-00001 is rolling out."),
]


@pytest.mark.parametrize(("login", "pressed", "says"), SAYS)
async def test_a_key_that_does_nothing_says_why(rollout: tuple[Cast, str], login: str, pressed: list[str], says: str) -> None:
    async with console(rollout[0], login, "releases") as pilot:
        await open_cockpit(pilot)
        for key in pressed:
            await pilot.press(key)
            await settled(pilot)
        assert said(pilot)[-1].startswith(says)


async def test_a_failed_ci_is_told_of_at_once(rollout: tuple[Cast, str]) -> None:
    cast, number = rollout
    cast.ada.act(cell(cast.ada, number, "app-5").ci, "retire")
    async with console(cast, "rex", "releases") as pilot:
        await open_cockpit(pilot)
        await pilot.press("i", "y")
        await shows(pilot, "✖ failed")
        await settled(pilot)
        assert any("Not everywhere: app-5: the CI is retired" in line for line in said(pilot))


async def test_what_a_colleague_reports_is_seen(rollout: tuple[Cast, str]) -> None:
    cast, number = rollout
    async with console(cast, "sue", "releases") as pilot:
        screen = await open_cockpit(pilot)
        await shows(pilot, "1 distributing")
        cast.as_("rex").act(number, "report", {"outcome": "installed", "cis": ["app-5"]})
        screen.action_refresh_desk()
        await shows(pilot, "4 installed")


async def test_the_library_is_verified_and_a_file_deposited_by_key(rollout: tuple[Cast, str]) -> None:
    cast, _ = rollout
    rex = cast.as_("rex")
    path = library.library(rex).folder / str(rex.show("DSL-00001").values["path"])
    path.chmod(0o640)
    path.write_bytes(b"trojan")
    number = rex.create("definitive-item", {"name": "zeta", "item_version": "1"}).number
    async with console(cast, "rex", "releases") as pilot:
        await pilot.press("right_square_bracket")
        await shows(pilot, "payroll")
        await pilot.press("A")
        await shows(pilot, "✖ tampered")
        assert any("DSL-00001 payroll: tampered" in line for line in said(pilot))
        await pilot.press("G")
        await settled(pilot)
        await pilot.press("v")
        await settled(pilot)
        assert said(pilot)[-1] == f"{number} has no file yet; d deposits one."
        await pilot.press("d")
        await shows(pilot, "Deposit the file of zeta")
        await pilot.press(*str(file_of(cast, "zeta-1.tar")), "ctrl+s")
        await shows(pilot, f"{number}: deposited and hashed.")
        await pilot.press("right_square_bracket")
        await shows(pilot, "spare-1")


async def test_an_idle_cockpit_costs_nothing_and_a_step_little(rollout: tuple[Cast, str]) -> None:
    cast, number = rollout
    async with console(cast, "sue", "releases") as pilot:
        screen = await open_cockpit(pilot)
        painted = list(screen.lines.rows)
        screen.action_refresh_desk()
        await settled(pilot)
        assert list(screen.lines.rows) == painted, "what did not change is not shown again"
        cast.as_("rex").act(number, "report", {"outcome": "installed", "cis": ["app-5"]})
        screen.action_refresh_desk()
        await settled(pilot)
        changed = [i for i, (old, new) in enumerate(zip(painted, screen.lines.rows, strict=True)) if old.texts != new.texts]
        assert len(changed) == 2, "the line of the CI, and that of its site"


async def test_hostile_words_are_shown_harmlessly(cast: Cast) -> None:
    desk, number, _ = rolling(cast)
    second = cell(desk, number, "app-2").ci
    desk.act(number, "go")
    for place, payload in enumerate(PAYLOADS.values()):
        with suppress(InvalidInput):
            desk.act(number, "report", {"outcome": "failed", "cis": ["app-1"], "reason": payload[:200]})
            desk.act(number, "go", {"cis": ["app-1"]})
        with suppress(InvalidInput):
            desk.create("definitive-item", {"name": payload[:100], "item_version": str(place)})
        with suppress(InvalidInput):
            cast.ada.edit(second, {"name": payload[:100], "location": payload[:100]})
    async with console(cast, "rex", "releases", size=LARGE) as pilot:
        await open_cockpit(pilot)
        for _ in range(4):
            await pilot.press("j")
        for key in ("right_square_bracket", "right_square_bracket", "right_square_bracket", "escape", "right_square_bracket"):
            await pilot.press(key)
            await settled(pilot)
            assert not obeyed("".join(screen_text(pilot).splitlines()))


SCENES = {
    "list": [],
    "rollout": ["enter", "j", "j", "j", "j"],
    "checks": ["enter", "right_square_bracket"],
    "library": ["right_square_bracket"],
}


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
@pytest.mark.parametrize("scene", SCENES)
def test_it_looks_as_it_should(rollout: tuple[Cast, str], snap_compare: Any, size: tuple[int, int], scene: str) -> None:
    async def before(pilot: Pilot[None]) -> None:
        await go(pilot, "releases", *(["G"] if scene in ("rollout", "checks") else []), *SCENES[scene])

    assert snap_compare(make_app(rollout[0], "rex"), terminal_size=size, run_before=before)


async def test_a_release_that_is_not_there_has_no_cockpit(cast: Cast) -> None:
    async with console(cast, "bob") as pilot:
        pilot.app.post_message(OpenRecord("REL-00404"))
        await settled(pilot)
        assert not isinstance(pilot.app.screen, ReleaseCockpit)
        assert any("there is no record 'REL-00404'" in one for one in said(pilot))
