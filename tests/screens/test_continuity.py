"""Continuity on the screen: its looks, a run by keys, what a key says that does nothing, and plans without any database."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from deskterm.continuity import copying, local_copy
from deskterm.continuity.reading import run_view
from deskterm.desk import Desk
from deskterm.errors import DatabaseError, InvalidInput
from screens.app import DeskApp
from screens.continuity import ContinuityScreen
from screens.messages import NewRecord, OpenRecord
from screens.modals.page import PageModal
from screens.preferences import Preferences
from screens.recovery_plan import PlanScreen
from screens.recovery_run import RunScreen
from screens.trouble import TroubleScreen
from tests.continuity.planning import approved, managed, planned, rated, running
from tests.continuity.scenes import stage
from tests.desks import Cast
from tests.hostile import PAYLOADS, obeyed
from tests.screens.conftest import same_terminal as same_terminal  # a fixture: the same terminal for every picture
from tests.screens.consoles import (
    LARGE,
    SMALL,
    console,
    go,
    make_app,
    said,
    screen_text,
    second,
    settled,
    shows,
    until,
    until_seen,
)  # fmt: skip


@pytest.fixture
def staged(cast: Cast) -> tuple[Cast, Desk, str, str]:
    """A desk with all there is to see."""
    return (cast, *stage(cast))


async def opened(pilot: Pilot[None], number: str, sort: type[Any]) -> Any:
    """Open a record in its own screen."""
    pilot.app.post_message(OpenRecord(number))
    await until(pilot, lambda: isinstance(pilot.app.screen, sort) and pilot.app.screen.view is not None)
    return pilot.app.screen


async def over_a_service(pilot: Pilot[None]) -> None:
    """Wait until the services are listed."""
    screen = pilot.app.screen
    assert isinstance(screen, ContinuityScreen)
    await until(pilot, lambda: screen.line is not None)


NEXT = "right_square_bracket"
SCENES: dict[str, tuple[str, tuple[str, ...]]] = {
    "services": ("", ()),
    "plans": ("", (NEXT,)),
    "runs": ("", (NEXT, NEXT)),
    "risks": ("", (NEXT,) * 3),
    "analyses": ("", (NEXT,) * 4),
    "backups": ("", (NEXT,) * 5),
    "backup-explained": ("", ((NEXT,) * 5 + ("equals_sign",))),
    "explained": ("", ("equals_sign",)),
    "plan": ("BCP-00001", ()),
    "plan-objectives": ("BCP-00001", (NEXT,)),
    "plan-evidence": ("BCP-00001", (NEXT, NEXT)),
    "plan-calls": ("BCP-00001", (NEXT,) * 3),
    "run": ("EXE-00003", ()),
    "run-verified": ("EXE-00002", ()),
    "how": ("", ("r",)),
    "skip": ("EXE-00003", ("S",)),
}
"""By name: the record whose screen is opened, then the keys."""


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
@pytest.mark.parametrize("scene", SCENES)
def test_it_looks_as_it_should(staged: Any, snap_compare: Any, scene: str, size: tuple[int, int]) -> None:
    number, pressed = SCENES[scene]

    async def before(pilot: Pilot[None]) -> None:
        await go(pilot, "continuity")
        if number:
            await opened(pilot, number, RunScreen if number.startswith("EXE") else PlanScreen)
        await go(pilot, "", *pressed)
        pilot.app.clear_notifications()
        await settled(pilot)

    assert snap_compare(make_app(staged[0], "max"), terminal_size=size, run_before=before)


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
def test_a_step_says_what_it_does_to_its_plan_while_it_is_typed(cast: Cast, snap_compare: Any, size: tuple[int, int]) -> None:
    desk = managed(cast)
    rated(desk, rto_seconds="3h")
    typed = {"plan": planned(desk), "name": "Tell the customers", "minutes": 90, "after": ["Check payslips"]}

    async def before(pilot: Pilot[None]) -> None:
        await go(pilot, "continuity")
        pilot.app.post_message(NewRecord("recovery-step", typed))
        await until_seen(pilot, "The plan takes 3:15", "RTO 3:00: 0:15 beyond it")
        await settled(pilot)

    assert snap_compare(make_app(cast, "max"), terminal_size=size, run_before=before)


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
def test_the_screen_of_trouble_offers_the_plans(
    staged: Any, snap_compare: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, size: tuple[int, int]
) -> None:
    cast: Cast = staged[0]
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DESKTERM_STATE", "state")
    location = "postgresql://desk.example/desk"
    copying.copy(cast.database, cast.clock.now(), local_copy.folder_for(local_copy.label_of(location)))

    def opener(_: str, __: str) -> Desk:
        raise DatabaseError("desk.example cannot be reached: connection refused")

    async def before(pilot: Pilot[None]) -> None:
        for _ in range(1_000):
            await pilot.pause(0.02)
            if "press p" in screen_text(pilot):
                return

    app = DeskApp(location, "max", clock=cast.clock, settings=Preferences(theme="desk-dark"), opener=opener, jobs=False)
    assert snap_compare(app, terminal_size=size, run_before=before)


async def test_a_run_is_driven_by_keys(cast: Cast) -> None:
    desk = managed(cast)
    plan = approved(desk)
    number = desk.create("exercise", {"plan": plan}).number
    async with console(cast, "max", "continuity", size=LARGE) as pilot:
        screen = await opened(pilot, number, RunScreen)
        await pilot.press("d")
        await shows(pilot, f"Begin {number}?")
        await pilot.press("y")
        await shows(pilot, "exercise  0 of 3 done")
        await pilot.press("d")
        await shows(pilot, "1 running")
        await pilot.press("f")
        await shows(pilot, "1 of 3 done")
        await pilot.press("j", "j", "d")  # the third waits for the second
        await shows(pilot, "It waits for Start hosts. Why does it start all the same?")
        await pilot.press(*"hurry", "ctrl+s")
        await until(pilot, lambda: screen.view.steps[2].state == "running")
        assert screen.view.steps[2].override == "hurry"
        await pilot.press("f", "k", "S")
        await shows(pilot, "Skip Start hosts")
        await pilot.press(*"up already", "ctrl+s")
        await until(pilot, lambda: screen.view.progress == "3 of 3 steps done, 1 skipped")
        await pilot.press("v")
        await settled(pilot)
        assert said(pilot)[-1] == "You restored it (Restore database, Check payslips); somebody else verifies it."
    async with console(cast, "bob", "continuity", size=LARGE) as pilot:
        await opened(pilot, number, RunScreen)
        await pilot.press("X")
        await shows(pilot, "It does not work yet")
        await pilot.press(*"no payslips", "ctrl+s")
        await settled(pilot)
        await pilot.press("v")
        await shows(pilot, "You confirm that the service works.")
        await pilot.press("ctrl+s")
        await shows(pilot, "exercise, verified")
    assert run_view(desk, number).verified_by == "bob"


async def test_the_countdown_runs_and_turns_when_it_is_over(staged: tuple[Cast, Desk, str, str]) -> None:
    cast, _, _, number = staged
    async with console(cast, "max", "continuity", size=LARGE) as pilot:
        screen = await opened(pilot, number, RunScreen)
        before = screen_text(pilot)
        assert "1:59:53 to the RTO" in before
        cast.clock.advance(1)
        await second(pilot)
        await shows(pilot, "1:59:52 to the RTO")
        cast.clock.advance(3 * 3600)
        await second(pilot)
        await shows(pilot, "RTO over by 1:00:08")
        assert screen.view is not None


async def test_what_a_colleague_does_is_seen(staged: tuple[Cast, Desk, str, str]) -> None:
    cast, _, _, number = staged
    async with console(cast, "max", "continuity", size=LARGE) as pilot:
        await opened(pilot, number, RunScreen)
        await shows(pilot, "1 of 3 done, 1 running")
        cast.as_("eve").act(number, "finish-step", {"step": "2"})
        await shows(pilot, "2 of 3 done")  # nobody asks for it: the feed tells


SAYS = [
    ("ron", "EXE-00003", ["d"], "ron may not act on an exercise"),
    ("max", "EXE-00003", ["v"], "Not recovered yet: Start hosts, Check payslips."),
    ("max", "EXE-00003", ["I"], "It is invoked already."),
    ("max", "EXE-00003", ["k", "f"], "Restore database is finished."),
    ("max", "EXE-00002", ["d"], "EXE-00002 is verified; that is done while it is running."),
    ("max", "BCP-00001", ["n"], "BCP-00001 is approved, its steps stand; s begins the next version."),
    ("bob", "BCP-00001", ["n"], "bob may not edit a recovery-step"),
]


@pytest.mark.parametrize(("login", "number", "pressed", "says"), SAYS)
async def test_a_key_that_does_nothing_says_why(
    staged: tuple[Cast, Desk, str, str], login: str, number: str, pressed: list[str], says: str
) -> None:
    async with console(staged[0], login, "continuity") as pilot:
        await opened(pilot, number, RunScreen if number.startswith("EXE") else PlanScreen)
        for key in pressed:
            await pilot.press(key)
            await settled(pilot)
        assert said(pilot)[-1].startswith(says)


async def test_a_plan_is_run_by_key(staged: tuple[Cast, Desk, str, str]) -> None:
    cast, _, _, _ = staged
    async with console(cast, "max", "continuity") as pilot:
        await over_a_service(pilot)
        await pilot.press("r")
        await shows(pilot, "Run BCP-00001")
        await pilot.press("down", "enter")
        await shows(pilot, "It begins now unless you say when it was disrupted.")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, RunScreen) and pilot.app.screen.view is not None)
        await shows(pilot, "invocation  0 of 3 done")


async def test_enter_opens_what_a_line_is_about(staged: tuple[Cast, Desk, str, str]) -> None:
    async with console(staged[0], "max", "continuity") as pilot:
        await over_a_service(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, PlanScreen))
        await pilot.press("enter")
        await shows(pilot, "STP-00001")


async def test_the_plans_can_be_read_when_the_desk_cannot_be_opened(cast: Cast, tmp_path: Path) -> None:
    """Take the database away: the screen of trouble offers the copy, and it reads."""
    desk = managed(cast)
    approved(desk, call_tree="Grace, lead, +49 30 1")
    copying.copy(cast.database, cast.clock.now())
    place = str(cast.database.path)
    cast.database.close()
    os.rename(place, tmp_path / "gone")
    app = DeskApp(place, "max", clock=cast.clock, jobs=False)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        for _ in range(1_000):
            await pilot.pause(0.02)
            if isinstance(app.screen, TroubleScreen) and "press p" in screen_text(pilot):
                break
        assert "1 continuity plan as of" in screen_text(pilot)
        await pilot.press("p")
        for _ in range(1_000):
            await pilot.pause(0.02)
            if "BCP-00001 Payroll recovery" in screen_text(pilot):
                break
        await pilot.press(*"payroll", "enter")
        for _ in range(1_000):
            await pilot.pause(0.02)
            if isinstance(app.screen, PageModal):
                break
        await pilot.pause(0.1)
        text = screen_text(pilot)
        assert "# BCP-00001 Payroll recovery" in text
        assert "Grace (lead, +49 30 1)" in text


async def test_the_copy_is_read_from_the_screen_too(staged: tuple[Cast, Desk, str, str]) -> None:
    cast = staged[0]
    async with console(cast, "max", "continuity") as pilot:
        await pilot.press("K")
        await settled(pilot)
        assert "no copy of the plans" in said(pilot)[-1]
        copying.copy(cast.database, cast.clock.now())
        await pilot.press("K")
        await shows(pilot, "Copy of the plans on this machine")


async def test_hostile_words_do_no_harm(cast: Cast) -> None:
    desk = managed(cast)
    for place, payload in enumerate(PAYLOADS.values()):
        text = f"{place} {payload}"[:150]
        with suppress(InvalidInput):  # what no database stores is refused
            values = {"name": text, "services": ["Payroll"], "trigger": payload, "call_tree": f"Grace {payload}"}
            plan = desk.create("continuity-plan", values).number
            desk.create("recovery-step", {"plan": plan, "name": text, "minutes": 5, "instructions": payload, "role": text[:80]})
            running(desk, plan, scenario=payload)
    async with console(cast, "max", "continuity") as pilot:
        for pressed in ((), (NEXT,), (NEXT,)):
            await go(pilot, "", *pressed)
            assert not obeyed("".join(screen_text(pilot).splitlines()))
        for number in ("BCP-00001", "BCP-00003", "EXE-00001", "EXE-00003"):
            await opened(pilot, number, RunScreen if number.startswith("EXE") else PlanScreen)
            assert not obeyed("".join(screen_text(pilot).splitlines()))
            await pilot.press("escape")
            await settled(pilot)
