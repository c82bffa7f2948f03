"""Capacity on the screen: its looks at both sizes, its keys, what it says of nothing, and that hostile words do no harm."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import pytest
from textual.pilot import Pilot

from deskterm.capacity.plan_briefs import PlanBrief
from deskterm.capacity.plan_rules import Frozen
from deskterm.records.schema import Row
from screens import plan_rows
from screens.capacity import CapacityScreen
from screens.capacity_plan import CapacityPlanScreen
from screens.capacity_rows import Line
from screens.messages import OpenRecord
from screens.resource import ResourceScreen
from tests.capacity.resources import DAY, HOUR, fill, resource
from tests.capacity.resources import run as run_job
from tests.desks import MONDAY, Cast
from tests.hostile import PAYLOADS, obeyed
from tests.screens.consoles import LARGE, SMALL, console, go, make_app, said, screen_text, settled, shows, until


@pytest.fixture
def watched(cast: Cast) -> Cast:
    """A desk that watches three resources, with a driver, a scenario, contacts, a shift and a plan."""
    start = MONDAY - MONDAY % DAY - 60 * DAY
    upgrade = {"upgrade_amount": 500, "upgrade_cost": "2400", "currency": "EUR"}
    disk = resource(cast, "fs-01 group folders", capacity=1000, warn=85, critical=95, lead_time_days=20, **upgrade)
    cast.ada.act(disk, "set-capacity", {"amount": 800, "from_at": start - 10 * DAY, "reason": "as it was bought"})
    cast.ada.act(disk, "set-capacity", {"amount": 1000, "from_at": start + 20 * DAY, "reason": "one shelf more"})
    erp = resource(cast, "erp processors", metric="cpu", unit="%", warn=80, critical=90, ci=None)
    resource(cast, "tape", unit="TB", capacity=50, ci=None)
    users = resource(cast, "people", role="driver", metric="users", unit=None, capacity=None, ci=None)
    times = range(start, MONDAY, 6 * HOUR)
    fill(cast, disk, [(at, 600 + (at - start) / DAY * 5 + 3 * math.sin(at)) for at in times])
    fill(
        cast,
        erp,
        [(at, 40 + 20 * max(0.0, math.sin(math.pi * (at % DAY / HOUR - 5) / 13)) * (at // DAY % 7 < 5)) for at in times],
    )
    fill(cast, users, [(at, 300 + (at - start) / DAY * 2.5) for at in times])
    cast.ada.create("scenario", {"name": "a second site", "driver": "people", "growth_percent": 20, "resources": [disk]})
    for place in range(12):
        at = MONDAY - 7 * DAY + place * 400
        values = {"summary": "call", "channel": "phone", "occurred_at": at, "handle_seconds": 300}
        cast.ada.create("interaction", values)
    cast.ada.create("shift", {"name": "early", "team": "desk", "starts_at": MONDAY - HOUR, "ends_at": MONDAY + 7 * HOUR})
    plan = cast.ada.create("capacity-plan", {"name": "Plan of the year", "scope": "Storage and the ERP hosts."}).number
    cast.ada.act(plan, "freeze")
    cast.ada.create("capacity-plan", {"name": "Draft"})
    run_job(cast, "capacity-watch")
    run_job(cast, "capacity-forecast")
    return cast


async def test_resources_stand_by_urgency_and_open_with_their_chart(watched: Cast) -> None:
    async with console(watched, "ada", "capacity") as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, CapacityScreen)
        await shows(pilot, "fs-01 group folders")
        assert [line.outlook.name for line in screen.lines.rows if line.outlook] == [
            "fs-01 group folders",
            "erp processors",
            "tape",
        ]
        await shows(pilot, "used up")
        await pilot.press("enter")
        await shows(pilot, "one shelf more")
        assert isinstance(pilot.app.screen, ResourceScreen)
        assert "critical 950" in screen_text(pilot)
        await pilot.press("z")
        await settled(pilot)
        await pilot.press("equals_sign")
        await shows(pilot, "RES-00001, explained")
        await shows(pilot, "measured    model")
        await pilot.press("escape", "t")
        await shows(pilot, "Installed since 2026-09-23")
        await pilot.press("escape", "escape")
        await settled(pilot)
        assert isinstance(pilot.app.screen, CapacityScreen)


async def test_a_sample_is_told_and_capacity_set_by_key(watched: Cast) -> None:
    async with console(watched, "ada", "capacity") as pilot:
        await shows(pilot, "fs-01 group folders")
        await pilot.press("m")
        await settled(pilot)
        await pilot.press(*"912.5", "ctrl+s")
        await settled(pilot)
        assert any("912.5 GB  new" in line for line in said(pilot))
        await shows(pilot, "912.5")
        await pilot.press("i")
        await settled(pilot)
        await pilot.press(*"1500", "ctrl+s")
        await settled(pilot)
        assert watched.ada.show("RES-00001").values["capacity"] == 1500
        await pilot.press("m")
        await settled(pilot)
        await pilot.press(*"nan", "ctrl+s")
        await shows(pilot, "which is no measurement")


async def test_a_change_is_raised_from_the_forecast_by_key(watched: Cast) -> None:
    async with console(watched, "ada", "capacity") as pilot:
        await shows(pilot, "fs-01 group folders")
        await pilot.press("r")
        await shows(pilot, "Raise for RES-00001")
        await pilot.press("enter")
        await settled(pilot)
        await pilot.press("ctrl+s")
        await settled(pilot)
        rows = watched.ada.page(watched.ada.prepare(("change",), "*")).rows
        assert [row.title for row in rows] == ["More capacity for fs-01 group folders"]


async def test_the_tabs_show_scenarios_staffing_and_plans(watched: Cast) -> None:
    async with console(watched, "ada", "capacity", size=LARGE) as pilot:
        await pilot.press("right_square_bracket")
        await shows(pilot, "a second site")
        await pilot.press("j")
        await shows(pilot, "for each one more of people")
        await pilot.press("right_square_bracket")
        await shows(pilot, "12 contacts in 1 week")
        await pilot.press("enter")
        await settled(pilot)
        assert said(pilot)[-1].startswith("A half-hour is no record")
        await pilot.press("right_square_bracket")
        await shows(pilot, "Plan of the year")
        await pilot.press("F")
        await settled(pilot)
        assert watched.ada.show("CPL-00002").values["versions"] == 1
        await pilot.press("enter")
        await shows(pilot, "Management summary")
        assert isinstance(pilot.app.screen, CapacityPlanScreen)
        await pilot.press("v")
        await shows(pilot, "as it stands now")
        await pilot.press("F")
        await shows(pilot, "version 2")


async def test_the_pane_sets_a_plan_as_it_was_frozen_beside_what_it_would_say_now(watched: Cast) -> None:
    watched.ada.edit("CPL-00001", {"horizon_days": 10})
    watched.ada.act("CPL-00001", "freeze")
    watched.ada.edit("CPL-00001", {"horizon_days": 365})
    async with console(watched, "ada", "capacity") as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, CapacityScreen)
        await go(pilot, "", "left_square_bracket")
        await shows(pilot, "CPL-00002 Draft: never frozen, looks ahead to 2 Nov 2027")
        assert not any(text.startswith("when frozen") for text, _ in screen.pane.texts)
        await go(pilot, "", "j")
        await shows(pilot, "version 2, frozen 2 Nov by ada")
        texts = dict(screen.pane.texts)
        assert "Storage and the ERP hosts." in texts
        then, now = (next(text for text in texts if text.startswith(word)) for word in ("when frozen", "now"))
        assert [int(word) for word in then.split()[2:8]] == [0, 0, 1, 2, 0, 1]
        assert [int(word) for word in now.split()[1:7]] == [0, 1, 1, 2, 0, 1]
        assert texts[now] == "risk"
        assert any(text.startswith("By 2026-11-01 (overdue) order 4 upgrades of fs-01 group folders: 2000 GB") for text in texts)
        for size, lines in ((LARGE, plan_rows.LINES_HIGH), (SMALL, plan_rows.LINES_LOW)):
            await pilot.resize_terminal(*size)
            await until(pilot, partial(lambda height: screen.pane.size.height == height, lines))
        await go(pilot, "", "right_square_bracket")
        await shows(pilot, "RES-00001")
        assert screen.pane.size.height == 3


def brief(horizon: int = 365, **summary: int) -> dict[str, Any]:
    names = ("resources", "used_up_already", "used_up_within_horizon", "order_overdue", "no_forecast", "critical", "warning")
    cost = {"totals": {"CHF": "12.50", "EUR": "99000.00"}, "without_cost": 2}
    return {"summary": dict.fromkeys(names, 0) | summary, "cost": cost, "recommendations": [f"Do {n}." for n in range(20)]}


def plan_line(kept: Frozen | None, now: dict[str, Any]) -> Line:
    values = {"horizon_days": 30, "scope": "All\nof it", "frozen_at": None}
    row = Row(1, "capacity-plan", "CPL-00001", "Year", "draft", 1, None, None, None, values, {}, ())
    return Line("CPL-00001", "CPL-00001", plan=PlanBrief(row, kept, now))


def test_what_the_pane_says_of_a_plan_fits_it_and_tells_an_altered_version() -> None:
    told = plan_rows.in_brief(plan_line(None, brief()), MONDAY, "UTC", 9)
    assert (len(told), told[1][0], told[-1][0].partition(":")[0]) == (9, "All of it", "and 16 more")
    assert "12 CHF 99,000 EUR + ?" in told[3][0]
    assert len(plan_rows.in_brief(plan_line(None, brief()), MONDAY, "UTC", 40)) == 24
    altered = Frozen(3, MONDAY - DAY, "ada", brief(critical=2), "no digest")
    head = plan_rows.in_brief(plan_line(altered, brief(critical=1)), MONDAY, "UTC", 17)
    assert head[0] == ("CPL-00001 Year: version 3, frozen 1 Nov by ada; it is NOT as it was frozen", "breach")
    assert (head[4][0].split()[0], head[4][1]) == ("now", "")
    assert plan_rows.in_brief(None, MONDAY, "UTC", 9) == ()
    nothing = brief() | {"recommendations": [], "cost": {"totals": {}, "without_cost": 0}}
    assert plan_rows.in_brief(plan_line(None, nothing), MONDAY, "UTC", 9)[-1][0] == "Nothing needs to be done."


@pytest.mark.parametrize(("login", "pressed", "says"), [
    ("ron", ["m"], "ron may not edit a resource"), ("bob", ["n"], "bob may not create a resource"),
    ("ron", ["right_square_bracket", "n"], "ron may not create a scenario"),
])  # fmt: skip
async def test_a_key_that_does_nothing_says_why(watched: Cast, login: str, pressed: list[str], says: str) -> None:
    async with console(watched, login, "capacity") as pilot:
        await settled(pilot)
        for key in pressed:
            await pilot.press(key)
            await settled(pilot)
        assert said(pilot)[-1].startswith(says)


async def test_an_empty_desk_says_what_to_do(cast: Cast) -> None:
    async with console(cast, "ada", "capacity") as pilot:
        await shows(pilot, "Nothing is watched yet.")
        await pilot.press("m")
        await settled(pilot)
        assert said(pilot)[-1] == "There is nothing under the cursor."
        for words in ("No scenario is kept.", "No contacts with a handle time", "No capacity plan is kept."):
            await pilot.press("right_square_bracket")
            await shows(pilot, words)
        number = resource(cast)
        pilot.app.post_message(OpenRecord(number))
        await shows(pilot, "No sample was told yet.")
        pilot.app.post_message(OpenRecord("RES-00404"))
        await settled(pilot)
        assert any("there is no record 'RES-00404'" in line for line in said(pilot))


async def test_hostile_names_do_no_harm(cast: Cast) -> None:
    for place, payload in enumerate(PAYLOADS):
        try:
            number = resource(cast, f"{place} {payload}"[:150], unit=payload[:10], ci=None)
        except Exception:  # broad: what no field takes is refused, and cannot be shown
            continue
        fill(cast, number, [(MONDAY - i * HOUR, 50.0 - i) for i in range(20)])
    cast.ada.create(
        "scenario",
        {"name": "[/b] [@click=app.quit]", "driver": resource(cast, "[b]d", role="driver", capacity=None), "growth_percent": 5},
    )
    plan = cast.ada.create("capacity-plan", {"name": "[/b]\u202e", "scope": "[/b] \x1b]52;c;eA==\x07 [red]"}).number
    async with console(cast, "ada", "capacity") as pilot:
        await settled(pilot)
        assert not obeyed("".join(screen_text(pilot).splitlines()))
        await pilot.press("enter")
        await settled(pilot)
        assert not obeyed("".join(screen_text(pilot).splitlines()))
        pilot.app.post_message(OpenRecord(plan))
        await shows(pilot, "Management summary")
        assert not obeyed("".join(screen_text(pilot).splitlines()))


SCENES = {"resources": (), "resource": ("enter",), "scenarios": ("right_square_bracket", "j"),
          "staffing": (*["right_square_bracket"] * 2,), "plans": (*["right_square_bracket"] * 3,),
          "plan": (*["right_square_bracket"] * 3, "j", "enter"), "plan-now": (*["right_square_bracket"] * 3, "j", "enter", "v"),
          "explained": ("equals_sign",), "sample": ("m",), "installed": ("i",), "raise": ("r",), "span": ("enter", "z"),
          "staffing-explained": (*["right_square_bracket"] * 2, "equals_sign"),
          "demand-explained": ("right_square_bracket", "equals_sign"),
          "without-date": ("j", "enter")}  # fmt: skip


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
@pytest.mark.parametrize("scene", SCENES)
def test_it_looks_as_it_should(watched: Cast, snap_compare: Any, size: tuple[int, int], scene: str) -> None:
    async def before(pilot: Pilot[None]) -> None:
        await go(pilot, "capacity", *SCENES[scene])

    assert snap_compare(make_app(watched, "ada"), terminal_size=size, run_before=before)
