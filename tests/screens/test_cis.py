"""The CI browser: what its trees hold, what its pane says, what a dimmed key says, and that hostile names do no harm."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from textual.pilot import Pilot

from deskterm.errors import InvalidInput
from screens.cis import CisScreen
from tests.configuration.estates import ci, payroll
from tests.desks import MONDAY, Cast
from tests.hostile import PAYLOADS, obeyed
from tests.screens.consoles import LARGE, SMALL, console, go, make_app, said, screen_text, settled, shows, until, until_seen

DAY = 86_400


@pytest.fixture
def estate(cast: Cast) -> Cast:
    """Payroll on a cluster that has lost a node, a baseline of before, and an incident on its database."""
    numbers = payroll(cast)
    cast.ada.create("baseline", {"name": "Go-live", "reason": "Release 4"})
    cast.clock.at = MONDAY + DAY
    cast.ada.edit(numbers["node-1"], {"status": "in-repair"})
    cast.ada.edit(
        numbers["db-pay"], {"location": "Rack 7", "cost": "1200", "attributes": {"engine": "PostgreSQL", "size_gb": 80}}
    )
    cast.incident(ci="db-pay", impact=1, urgency=2, summary="Payroll run is slow")
    return cast


def tree(pilot: Pilot[None]) -> list[str]:
    """Return the rows of the tree as they are painted, without the pane."""
    return [line.partition("│")[0].rstrip() for line in screen_text(pilot).splitlines()[3:-1] if line.partition("│")[0].strip()]


async def open_path(pilot: Pilot[None], *keys: str) -> CisScreen:
    await go(pilot, "", *keys)
    assert isinstance(pilot.app.screen, CisScreen)
    return pilot.app.screen


async def test_the_tree_by_service_shows_redundancy_and_states(estate: Cast) -> None:
    async with console(estate, "ada", "cis") as pilot:
        await open_path(pilot, "right", "j", "right")
        shown = [" ".join(line.replace("▸", " ").replace("▾", " ").split()) for line in tree(pilot)]
        assert shown == [
            "Payroll ▲ degraded", "cluster 2/3 SPOF ▲ degraded", "db-pay ▲ degraded", "node-1 in-repa… ✖ down", "node-2 up",
            "node-3 up", "Workplace up",
        ]  # fmt: skip


async def test_the_other_orders_of_the_tree(estate: Cast) -> None:
    ci(estate, "elsewhere/100%", location="Site A/Room 1")
    async with console(estate, "ada", "cis") as pilot:
        screen = await open_path(pilot, "m")
        assert "by type" in screen_text(pilot)
        assert any("hardware" in line for line in tree(pilot))
        await open_path(pilot, "m", "G", "right")
        assert [line.split()[-2] for line in tree(pilot)][-1] == "elsewhere/100%"
        await open_path(pilot, "m")
        names = [line.replace("▸", " ").split()[0] for line in tree(pilot)]
        assert names == ["report", "vpn-gw-1"] or names == ["report"]
        await open_path(pilot, "D")
        names = [line.replace("▸", " ").split()[0] for line in tree(pilot)]
        assert "rack" in names
        await open_path(pilot, *["j"] * names.index("rack"), "right")
        assert screen.browser is not None
        assert screen.browser.upwards
        assert sum("node-" in line for line in tree(pilot)) == 3


async def test_circles_end_where_they_close(cast: Cast) -> None:
    a, b = ci(cast, "alpha", service="Payroll"), ci(cast, "beta")
    cast.ada.link(a, "depends-on", b)
    cast.ada.link(b, "depends-on", a)
    async with console(cast, "ada", "cis") as pilot:
        await open_path(pilot, *["right"] * 6)
        assert [line.replace("▸", " ").replace("▾", " ").split()[:2] for line in tree(pilot)][:4] == [
            ["Payroll", "up"], ["alpha", "up"], ["beta", "up"], ["alpha", "circle"],
        ]  # fmt: skip


async def test_the_pane_says_what_is_wrong_with_what_is_recorded_until_it_is_mended(cast: Cast) -> None:
    cast.ada.edit("CI-00001", {"serial": "To Be Filled By O.E.M."})
    async with console(cast, "ada", "cis", size=LARGE) as pilot:
        await open_path(pilot, "slash", *"vpn", "enter")
        await shows(pilot, "record to mend")
        await until_seen(pilot, "no real serial To Be Filled By O.E.M.", "no owner no owner")
        cast.ada.edit("CI-00001", {"serial": "SN-7741", "owner": "Maria Lopez", "service": "Payroll"})
        await until(pilot, lambda: "record to mend" not in screen_text(pilot) and "SN-7741" in screen_text(pilot))


async def test_the_filter_finds_cis_wherever_they_are(estate: Cast) -> None:
    async with console(estate, "ada", "cis") as pilot:
        await open_path(pilot, "slash")
        await pilot.press(*"name:node*", "enter")
        await shows(pilot, "node-3")
        assert len(tree(pilot)) == 3
        await open_path(pilot, "slash")
        await pilot.press("end", *["backspace"] * 20, *"colour:red", "enter")
        await shows(pilot, "colour")
        await open_path(pilot, "escape", "m")
        assert any("hardware" in line for line in tree(pilot))


@pytest.mark.parametrize(("size", "told"), [(SMALL, "cluster  breaks  1/3 up"), (LARGE, "cluster  breaks  1/3 up, needs 2")])
async def test_the_impact_says_how_many_are_left_however_narrow_the_pane_is(
    estate: Cast, size: tuple[int, int], told: str
) -> None:
    async with console(estate, "ada", "cis", size=size) as pilot:
        await open_path(pilot, "slash", *"name:node-2", "enter", "i")
        await shows(pilot, told)


SAYS = [
    ("ada", ("t",), "i shows the impact first."),
    ("ada", ("B",), "b chooses what to compare with first."),
    ("ron", ("e",), "ron may not edit a ci"),
    ("ada", ("m", "s"), "This is neither a CI nor a service."),
    ("ada", ("m", "m", "e"), "There is no record under the cursor."),
]


@pytest.mark.parametrize(("login", "keys", "says"), SAYS)
async def test_a_dimmed_key_says_why(estate: Cast, login: str, keys: tuple[str, ...], says: str) -> None:
    async with console(estate, login, "cis") as pilot:
        await open_path(pilot, *keys)
        assert said(pilot)[-1].startswith(says)


async def test_what_others_do_is_seen(estate: Cast) -> None:
    async with console(estate, "ada", "cis") as pilot:
        await open_path(pilot, "right", "j", "right")
        estate.as_("sam").edit("CI-00003", {"status": "live"})
        await pilot.press("f5")
        await settled(pilot)
        assert "3/3" in screen_text(pilot)
        assert not any("down" in line for line in tree(pilot))


async def test_hostile_names_are_shown_harmlessly(cast: Cast) -> None:
    for payload in PAYLOADS.values():
        with suppress(InvalidInput):
            number = ci(cast, payload[:150], location=payload[:100], attributes={"os": payload[:400]}, service="Payroll")
            cast.ada.link("CI-00001", "depends-on", number, group=payload[:60], need=1)
    async with console(cast, "ada", "cis", size=LARGE) as pilot:
        await open_path(pilot, "right")
        for _ in range(len(PAYLOADS)):
            await pilot.press("down")
        await settled(pilot)
        assert not obeyed("".join(screen_text(pilot).splitlines()))
        for keys in (("i",), ("i", "m", "m", "right"), ("equals_sign",)):
            await go(pilot, "", *keys)
            assert not obeyed("".join(screen_text(pilot).splitlines()))


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
@pytest.mark.parametrize(
    "keys",
    [("right", "j", "right"), ("right", "j", "right", "j", "i"), ("right", "j", "right", "j", "b", "down", "down", "enter")],
    ids=["detail", "impact", "compared"],
)
def test_it_looks_as_it_should(estate: Cast, snap_compare: Any, size: tuple[int, int], keys: tuple[str, ...]) -> None:
    async def before(pilot: Pilot[None]) -> None:
        await go(pilot, "cis", *keys)

    assert snap_compare(make_app(estate, "ada"), terminal_size=size, run_before=before)
