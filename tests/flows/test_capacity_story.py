"""Capacity as one chain, by keyboard: what is measured, what it will come to, what is done about it, and if that was right."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from deskterm.capacity.plan_rules import document_of
from deskterm.clock import format_instant
from deskterm.doctor import examine
from deskterm.exchange.importing import run_import
from deskterm.reports import Period, run
from screens.capacity import CapacityScreen
from screens.capacity_plan import CapacityPlanScreen
from screens.form import FormScreen
from screens.modals.page import PageModal
from screens.resource import ResourceScreen
from tests.capacity.resources import run as run_job
from tests.change.changing import board
from tests.desks import MONDAY, Cast
from tests.flows.hands import Hands
from tests.screens.consoles import LARGE, SMALL, console, until

HOUR, DAY = 3_600, 86_400
START = MONDAY - MONDAY % DAY - 60 * DAY
"""Sixty days before the story, at midnight."""
DISK, PEOPLE, SCENARIO, PLAN, INCIDENT, CHANGE = "RES-00001", "RES-00002", "SCN-00001", "CPL-00001", "INC-00001", "CHG-00001"


def used(at: int) -> float:
    """Return what is used of the disk at an instant: five more a day, give or take a few."""
    return 600 + 5 * (at - START) / DAY + 4 * math.sin(at)


def people(at: int) -> float:
    """Return how many people have an account: two more a day for a month, then three."""
    days = (at - START) / DAY
    return 300 + 2 * days + max(0.0, days - 30)


class Capacity:
    """Cleo, who manages capacity, and what she does, a chapter each."""

    def __init__(self, cast: Cast, size: tuple[int, int], folder: Path) -> None:
        self.cast, self.size, self.folder = cast, size, folder
        cast.ada.create("agent", {"login": "cleo", "roles": ["agent", "capacity-manager"]})
        board(cast, "sue")

    @asynccontextmanager
    async def at_the_console(self) -> AsyncIterator[Hands]:
        """Yield Cleo's hands, at the resources."""
        async with console(self.cast, "cleo", size=self.size) as pilot:
            hands = Hands(pilot)
            await hands.press("app.capacity")
            await hands.at(CapacityScreen)
            yield hands

    def values(self, number: str) -> Any:
        """Return the fields of a record."""
        return self.cast.ada.show(number).values

    def row(self) -> Any:
        """Return what the report says of the disk."""
        rows = run(self.cast.ada, "capacity", Period(), {"resource": DISK}).data["rows"]
        return rows[0]

    def measured(self, times: Iterable[int]) -> None:
        """Import what the probes wrote, and let the jobs of the next minute run."""
        path = self.folder / "samples.csv"
        lines = [f"fs-01 /data,{format_instant(at)},{used(at)}\npeople,{format_instant(at)},{people(at)}\n" for at in times]
        path.write_text("resource,at,value\n" + "".join(lines), encoding="utf-8")
        told = run_import(self.cast.as_("cleo"), "samples", path)
        assert told.created == 2 * len(lines)
        for name in ("capacity-roll-up", "capacity-watch", "capacity-forecast"):
            run_job(self.cast, name)

    async def what_is_watched_is_said(self) -> None:
        async with self.at_the_console() as cleo:
            await cleo.press("capacity.create")
            await cleo.at(FormScreen)
            await cleo.save(
                name="fs-01 /data", ci="vpn-gw-1", metric="disk", unit="GB", capacity="1000", warn="85", critical="95",
                lead_time_days="10", upgrade_amount="500", upgrade_cost="2400",
            )  # fmt: skip
            await cleo.press("app.capacity")
            await cleo.see("fs-01 /data")
            await cleo.press("capacity.create")
            await cleo.at(FormScreen)
            await cleo.save(name="people", metric="users", role="driver")
        assert (self.values(DISK)["capacity"], self.values(PEOPLE)["role"]) == (1000, "driver")
        self.cast.ada.act(DISK, "set-capacity", {"amount": 1000, "from_at": START - DAY, "reason": "as it was bought"})

    async def the_forecast_says_when_it_is_full(self) -> None:
        self.measured(range(START, MONDAY, 6 * HOUR))
        row = self.row()
        assert (row["level"], row["withheld"]) == ("warning", None)
        assert row["days_left_low"] < row["days_left"] < row["days_left_high"]
        assert row["days_left"] == pytest.approx(20, abs=1), "a hundred are left, five a day go"
        async with self.at_the_console() as cleo:
            await cleo.see("fs-01 /data", "used up")
            await cleo.press("list.open")
            await cleo.at(ResourceScreen)
            await cleo.see("warning 850", "days left", "order by")
            await cleo.press("resource.explain")
            await cleo.at(PageModal)
            await cleo.see("least-squares")

    async def the_threshold_raised_an_incident(self) -> None:
        values = self.values(INCIDENT)
        assert (values["ci"], self.values(DISK)["incident"]) == (
            self.cast.ada.show("CI-00001").id,
            self.cast.ada.show(INCIDENT).id,
        )
        run_job(self.cast, "capacity-watch")
        assert self.cast.ada.count(self.cast.ada.prepare(("incident",), "*")) == 1, "once, however often it is looked"
        async with self.at_the_console() as cleo:
            await cleo.see("fs-01 /data")
            await cleo.press("capacity.raise")
            await cleo.choose("Change")
            await cleo.press("form.submit")
            await until(cleo.pilot, lambda: self.cast.ada.count(self.cast.ada.prepare(("change",), "*")) == 1)
            await cleo.open(CHANGE)
            await cleo.see("More capacity for fs-01 /data")
        assert "days left" in self.values(CHANGE)["reason"] or "used up" in self.values(CHANGE)["reason"]

    async def growth_is_tried_out(self) -> None:
        async with self.at_the_console() as cleo:
            await cleo.press("capacity.tab_after")
            await cleo.see("[Scenarios]")
            await cleo.press("capacity.create")
            await cleo.at(FormScreen)
            await cleo.save(name="a second site", driver="people", growth_percent="30", months="6", resources=DISK)
            await cleo.press("app.capacity")
            await cleo.see("a second site", "full after")

    async def the_plan_recommends(self) -> None:
        async with self.at_the_console() as cleo:
            await cleo.press("capacity.tab_before")
            await cleo.see("[Plans]")
            await cleo.press("capacity.create")
            await cleo.at(FormScreen)
            await cleo.save(name="Plan of the year", scope="Storage.")
            await cleo.open(PLAN)
            await cleo.at(CapacityPlanScreen)
            await cleo.press("capplan.freeze")
            await cleo.see("version 1")
        version, document = document_of(self.cast.ada, PLAN)
        assert version == 1
        assert document["summary"]["warning"] == 1
        said = "By 2026-11-12 order 4 upgrades of fs-01 /data: 2000 GB, 9600.00 EUR; they last until 2027-11-02."
        assert document["recommendations"] == [said], "full in twenty days, ordered ten before"
        assert document["scenarios"][0]["scenario"] == "a second site"

    async def more_is_installed(self) -> None:
        self.cast.clock.at = MONDAY + 2 * DAY
        async with self.at_the_console() as cleo:
            await cleo.see("fs-01 /data")
            await cleo.press("capacity.set_capacity")
            await cleo.see("Set capacity")
            await cleo.save(amount="1500", reason="one shelf more", change=CHANGE)
            await until(cleo.pilot, lambda: self.values(DISK)["capacity"] == 1500)
        self.measured(range(MONDAY - MONDAY % DAY + DAY, self.cast.clock.at + HOUR, 6 * HOUR))
        assert self.values(DISK)["level"] == "ok", "61 % is back beyond the re-arm mark"
        notes = [line.text for line in self.cast.ada.show(INCIDENT).journal if line.what == "note"]
        assert any("the breach is over" in (text or "") for text in notes)

    async def what_was_foretold_is_scored(self) -> None:
        self.cast.clock.at = MONDAY + 9 * DAY
        day = MONDAY - MONDAY % DAY
        self.measured(range(day + 3 * DAY, day + 9 * DAY, 6 * HOUR))
        assert run_job(self.cast, "capacity-score") > 0
        score = self.row()["score"]
        assert (score["scored"] >= 2, score["within_percent"]) == (True, 100)
        async with self.at_the_console() as cleo:
            await cleo.see("fs-01 /data")
            await cleo.press("list.open")
            await cleo.at(ResourceScreen)
            await cleo.pilot.press("down", "down", "down")
            await cleo.see("trust", "100 % within the band")
            await cleo.pilot.press("end")
            await cleo.see("one shelf more", "foretold")

    def tell(self) -> None:
        """The frozen plan still says what it said, and the desk is whole."""
        version, document = document_of(self.cast.ada, PLAN)
        assert (version, document["resources"][0]["capacity"]) == (1, 1000)
        findings = examine(self.cast.database, clock=self.cast.clock, registry=self.cast.ada.registry)
        assert [one for one in findings if one.code != "job-overdue"] == []


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
async def test_from_samples_to_a_forecast_that_was_right(cast: Cast, size: tuple[int, int], tmp_path: Path) -> None:
    story = Capacity(cast, size, tmp_path)
    await story.what_is_watched_is_said()
    await story.the_forecast_says_when_it_is_full()
    await story.the_threshold_raised_an_incident()
    await story.growth_is_tried_out()
    await story.the_plan_recommends()
    await story.more_is_installed()
    await story.what_was_foretold_is_scored()
    story.tell()
