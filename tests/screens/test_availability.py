"""Availability on the screen: what it looks like at both sizes, where each key works, and hostile words."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from textual.pilot import Pilot

from deskterm.errors import InvalidInput
from screens.availability import AvailabilityScreen
from screens.availability_rows import percent, spans
from tests.availability.outages import ci, on, outage, service
from tests.desks import Cast
from tests.hostile import PAYLOADS, obeyed
from tests.screens.consoles import LARGE, SMALL, console, go, make_app, screen_text, settled, shows, until

HOUR = 3600


@pytest.fixture
def month(cast: Cast) -> Cast:
    """Three services: one with a database alone, one with two servers of which one is enough, one that nothing hit."""
    ada = cast.ada
    ada.edit("SVC-00001", {"vital_functions": ["Log in", "Print"]})
    ada.create("calendar", {"name": "Always", "tz": "UTC", "hours": {day: [["00:00", "24:00"]] for day in
                            ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}})  # fmt: skip
    ada.create("agreement", {"name": "Services", "calendar": "Always", "valid_from": "2020-01-01"})
    ada.create("target", {"agreement": "Services", "metric": "availability", "objective": "99.9", "name": "99.9 %"})
    service(ada, "Shop", **{"shop-db": None, "web-1": {"group": "web", "need": 1}, "web-2": {"group": "web", "need": 1}})
    ada.link("SVC-00002", "depends-on", ci(ada, "pay-db"), valid_from=0)
    outage(ada, "shop-db", on("01", "10:00"), on("01", "11:30"))
    outage(ada, "web-1", on("01", "20:00"), on("01", "23:00"), cause="planned")
    outage(ada, "web-2", on("01", "22:00"), on("01", "22:30"), supplier="Telco")
    outage(ada, "vpn-gw-1", on("02", "08:10"), None)
    outage(ada, "pay-db", on("01", "12:00"), on("01", "14:00"), state="degraded")
    cast.incident(ci="shop-db", impact=1, urgency=1, occurred_at=on("01", "15:00"))
    bob = cast.as_("bob")
    bob.edit("INC-00001", {"diagnosed_at": on("01", "16:00"), "repaired_at": on("02", "07:00")})
    bob.act("INC-00001", "resolve", {"code": "solved", "solution": "Index rebuilt"})
    cast.clock.advance(HOUR)
    return cast


VIEWS = {
    "services": ((), "19:30"), "predicted": (("v",), "single points of failure"), "life cycle": (("v", "v"), "diagnosis"),
    "outages": (("right_square_bracket",), "OUT-00005"), "impact": (("left_square_bracket",), "weakens"),
    "explained": (("equals_sign",), "counted"), "period": (("z",), "last month"),
}  # fmt: skip
"""By picture: the keys that lead to it, and what is there then."""


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
@pytest.mark.parametrize("view", VIEWS)
def test_it_looks_as_it_should(month: Cast, snap_compare: Any, size: tuple[int, int], view: str) -> None:
    async def prepare(pilot: Pilot[None]) -> None:
        await go(pilot, "availability")
        await shows(pilot, "vital: Log in")
        await go(pilot, "", "j")
        await shows(pilot, "shop-db")
        await until(pilot, lambda: on_screen(pilot)._detail is not None and on_screen(pilot)._detail.line.name == "Shop")
        keys, text = VIEWS[view]
        await go(pilot, "", *keys)
        await shows(pilot, text)
        await settled(pilot)

    assert snap_compare(make_app(month), terminal_size=size, run_before=prepare)


def on_screen(pilot: Pilot[None]) -> Any:
    return next(screen for screen in pilot.app.screen_stack if isinstance(screen, AvailabilityScreen))


async def test_a_period_is_chosen_and_the_figures_follow(month: Cast) -> None:
    async with console(month, place="availability", size=LARGE) as pilot:
        await shows(pilot, "99.86%")  # Workplace was down for an hour of thirty days
        await pilot.press("z")
        await shows(pilot, "Which period?")
        await pilot.press("1")
        await shows(pilot, "24 hours, since")
        await shows(pilot, "95.83%")


async def test_an_outage_that_goes_on_is_ended_from_the_list(month: Cast) -> None:
    async with console(month, place="availability") as pilot:
        await settled(pilot)
        await pilot.press("right_square_bracket")
        await shows(pilot, "OUT-00004")
        await settled(pilot)
        await pilot.press("X")
        await until(pilot, lambda: month.ada.show("OUT-00004").values["ended_at"] == month.clock.now())
        await pilot.press("n")
        await shows(pilot, "New outage")


@pytest.mark.parametrize(("keys", "number"), [((), "SVC-00001"), (("left_square_bracket",), "CI-00005")])
async def test_enter_opens_the_service_or_the_ci(month: Cast, keys: tuple[str, ...], number: str) -> None:
    async with console(month, place="availability") as pilot:
        await shows(pilot, "Workplace")
        for key in keys:
            await pilot.press(key)
            await shows(pilot, "weakens")
        await settled(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: number in screen_text(pilot).splitlines()[0])


async def test_hostile_names_are_shown_and_never_obeyed(cast: Cast) -> None:
    for place, payload in enumerate(PAYLOADS.values()):
        with suppress(InvalidInput):  # what cannot be stored is refused, and not shown either
            number = ci(cast.ada, f"{payload[:60]} {place}")
            outage(cast.ada, number, on("01", "10:00"), on("01", f"1{place % 10}:30"), note=payload)
            cast.ada.link("SVC-00001", "depends-on", number, valid_from=0)
    async with console(cast, place="availability", size=LARGE) as pilot:
        await shows(pilot, "Workplace")
        for keys in ("v", "v", "v", "equals_sign", "escape", "right_square_bracket", "right_square_bracket"):
            await pilot.press(keys)
            await settled(pilot)
            assert not any(obeyed(line) for line in screen_text(pilot).splitlines())


def test_percentages_are_cut_and_never_round_up_to_all() -> None:
    shown = [percent(value) for value in (None, 100, 99.999, 99.95, 0, 8.5)]
    assert shown == ["n/a", "100 %", "99.99%", "99.95%", "0.00%", "8.50%"]


def test_months_are_the_persons_own() -> None:
    found = {span.label: (span.start, span.end) for span in spans(1_000, lambda now, step: now + step * 100)}
    assert found["this month"] == (1_000, 1_000)
    assert found["last month"] == (900, 1_000)
    assert found["7 days"] == (1_000 - 7 * 86_400, 1_000)


async def test_the_matrix_names_every_service_of_the_ci_below(month: Cast) -> None:
    for name in ("Billing", "Catalogue", "Delivery", "Exports"):
        month.ada.link(service(month.ada, name), "depends-on", "CI-00001", valid_from=0)
    async with console(month, size=SMALL, place="availability") as pilot:
        await shows(pilot, "1 down now")
        await go(pilot, "", "left_square_bracket")
        await shows(pilot, "alone brings down: Billing, Catalogue, Delivery, Exports, Workplace")
        await go(pilot, "", "G")
        await shows(pilot, "an alternative takes over for: Shop")
