"""Finance on the screen: a period's services down to the record, charge runs, budgets, assets; each key where it works."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from textual.pilot import Pilot

from deskterm.errors import InvalidInput
from deskterm.explanations import Part
from screens.explanation_pages import table
from screens.finance import FinanceScreen
from screens.finance_periods import bounds, named, shifted
from screens.kind_list import KindListScreen
from screens.messages import NewRecord
from screens.record import RecordScreen
from tests.desks import MONDAY, Cast
from tests.financial.spending import rule, spent
from tests.hostile import PAYLOADS, obeyed
from tests.screens.consoles import LARGE, SMALL, console, go, make_app, said, screen_text, settled, shows, until_seen


@pytest.fixture
def spending(cast: Cast) -> Cast:
    """A desk with costs of two months, shared and direct, idle and lost, an asset, budgets and an issued run."""
    ada = cast.ada
    for month in ("2026-10", "2026-11"):
        spent(ada, "900", centre="Hall", name="Rent of the hall", element="accommodation", on=f"{month}-01")
        spent(ada, "1250.40", service="Payroll", name="Payroll software", element="software", on=f"{month}-02")
    spent(ada, "99.99", ci="vpn-gw-1", name="Fan tray", element="hardware")
    spent(ada, "12.50", name="Forgotten invoice")
    rule(ada, "Hall", {"Payroll": 30, "Workplace": 50}, capacity="100", unit="racks")
    ada.edit("CI-00001", {"cost": "4800", "life_years": 4, "in_service_at": "2026-02-01"})
    november = {"starts_at": "2026-11-01", "ends_at": "2026-12-01"}
    ada.create("budget", {"name": "Payroll, November", "service": "Payroll", "amount": "1200", **november})
    ada.create("budget", {"name": "Hall, the year", "centre": "Hall", "amount": "24000", "starts_at": "2026-01-01",
                          "ends_at": "2027-01-01"})  # fmt: skip
    ada.create("charge-run", {"starts_at": "2026-10-01", "ends_at": "2026-11-01"})
    ada.act("CRN-00001", "issue")
    ada.create("charge-run", {**november, "notional": False})
    ada.create("business-case", {"name": "A second line", "record": "SVC-00002", "rate": 5,
                                 "flows": [-15000, 1500, 2500, 3500, 4500, 6000]})  # fmt: skip
    ada.create("business-case", {"name": "Buy and sell and buy", "rate": "7.5", "flows": [-100, 230, -132]})
    ada.create("business-case", {"name": "A tape robot", "rate": 8, "flows": [-40000, 9000, 9000]})
    ada.act("BC-00001", "approve", {"decision": "Go, from January on."})
    return cast


async def test_a_line_opens_down_to_its_record(spending: Cast) -> None:
    async with console(spending, "ada", "finance", size=LARGE) as pilot:
        await until_seen(pilot, "Payroll", "Idle capacity", "Unallocated", "Spend")
        assert "1,520.40" in screen_text(pilot)
        await pilot.press("enter")
        await until_seen(pilot, "Payroll software", "ALC-00001 v1", "Hall, by its shares")
        await pilot.press("r")
        await settled(pilot)
        assert isinstance(pilot.app.screen, RecordScreen)
        await pilot.press("escape", "escape")
        await shows(pilot, "Idle capacity")
        assert isinstance(pilot.app.screen, FinanceScreen)


async def test_the_period_moves_and_widens_and_says_what_it_is(spending: Cast) -> None:
    async with console(spending, "ada", "finance") as pilot:
        await shows(pilot, "Nov 2026 so far")
        await pilot.press("left")
        await shows(pilot, "Oct 2026 ")
        await pilot.press("z")
        await shows(pilot, "4th quarter 2026 so far")
        await pilot.press("z")
        await shows(pilot, "2026 so far")
        await pilot.press("z", "left", "left", "left")
        await shows(pilot, "Jul 2026")
        await pilot.press("t")
        await shows(pilot, "Nov 2026 so far")
        await pilot.press("m")
        await shows(pilot, "reciprocal")


async def test_every_figure_says_what_is_behind_it(spending: Cast) -> None:
    async with console(spending, "ada", "finance", size=LARGE) as pilot:
        for page, text in enumerate(("cost in 2026-11", "charged", "burn rate", "book value", "what they come to")):
            await settled(pilot)
            await pilot.press("equals_sign")
            await until_seen(pilot, "explained", text)
            await pilot.press("escape")
            await settled(pilot)
            if page < 4:
                await pilot.press("right_square_bracket")
                await settled(pilot)


async def test_an_explanation_is_of_the_period_shown_and_cuts_no_figure(spending: Cast) -> None:
    async with console(spending, "ada", "finance") as pilot:
        await pilot.press("left")
        await shows(pilot, "Oct 2026 ")
        await pilot.press("equals_sign")
        await until_seen(pilot, "cost in 2026-10", "1,250.40", "270.00", "Hall, by its shares")


async def test_an_explanation_is_of_the_quarter_the_year_and_the_method_shown(spending: Cast) -> None:
    async with console(spending, "ada", "finance") as pilot:
        await pilot.press("z")
        await shows(pilot, "4th quarter 2026 so far")
        await pilot.press("equals_sign")
        await until_seen(pilot, "cost in 2026-Q4 so far: 3,040.80 EUR", "explain SVC-00002 cost:2026-Q4")
        await pilot.press("escape", "z", "m")
        await shows(pilot, "reciprocal")
        await pilot.press("equals_sign")
        await until_seen(pilot, "cost in 2026 so far, passed on reciprocal: 3,040.80 EUR", "cost:2026:reciprocal")
        await pilot.press("escape", "enter")
        await shows(pilot, "Hall, by its shares")
        await pilot.press("G", "equals_sign")
        await until_seen(pilot, "CEN-00001, explained", "cost in 2026 so far, passed on reciprocal: 1,800.00 EUR of its own")


async def test_a_line_of_a_charge_is_explained_for_the_time_of_its_run(spending: Cast) -> None:
    async with console(spending, "ada", "finance", size=LARGE) as pilot:
        await pilot.press("right_square_bracket")
        await shows(pilot, "CRN-00001")
        await pilot.press("j", "enter", "enter")
        await until_seen(pilot, "CEN-00001", "ALC-00001 v1")
        await pilot.press("G", "equals_sign")
        await until_seen(pilot, "CEN-00001, explained", "cost in 2026-10: 900.00 EUR of its own")


async def test_a_budget_opens_to_what_was_spent_of_it(spending: Cast) -> None:
    async with console(spending, "ada", "finance") as pilot:
        await pilot.press("right_square_bracket", "right_square_bracket")
        await until_seen(pilot, "Payroll, November", "it counts what the service bears")
        await pilot.press("enter")
        await until_seen(pilot, "Payroll software", "Hall, by its shares", "1,250.40", "270.00")
        await pilot.press("G", "equals_sign")
        await until_seen(pilot, "cost in 2026-11 so far: 900.00 EUR of its own")


async def test_a_business_case_opens_to_its_flows_and_explains_its_arithmetic(spending: Cast) -> None:
    async with console(spending, "ada", "finance") as pilot:
        await pilot.press("left_square_bracket")
        await until_seen(pilot, "A second line", "122.89", "5.2433 %", "4.50", "n/a")
        await pilot.press(*"jj")
        await until_seen(pilot, "A second line for Payroll", "approved: Go, from January on.")
        await pilot.press("equals_sign")
        await until_seen(
            pilot,
            "4 + 3,000.00 / 6,000.00",
            "flow x factor, added up",
            "0.952381",
            "1,428.57",
            "deskterm --json explain BC-00001 worth",
        )
        await pilot.press("escape", "enter")
        await until_seen(pilot, "year 0: -15,000.00 EUR, worth -15,000.00 today at 5 % a year")
        await pilot.press("escape", "g")
        await until_seen(pilot, "A tape robot")
        await pilot.press("j")
        await until_seen(pilot, "no IRR, several: 2 rates make these flows worth 0")


@pytest.mark.parametrize("width", [20, 40, 60, 90])
def test_a_table_of_figures_gives_up_text_before_figures(width: int) -> None:
    part = Part("t", ("from", "what", "amount"), (("COST-00001", "a very long description " * 4, "-1,234,567.89"),), (2,))
    lines = list(table(part, width))
    assert all(line.endswith(("amount", "-1,234,567.89")) for line in lines)
    assert all(len(line) <= max(width + 1, 35) for line in lines)


async def test_a_charge_run_opens_to_customers_and_to_what_a_charge_is_made_of(spending: Cast) -> None:
    async with console(spending, "ada", "finance", size=LARGE) as pilot:
        await pilot.press("right_square_bracket")
        await until_seen(pilot, "CRN-00001", "CRN-00002", "issued", "draft")
        await pilot.press("j", "enter")
        await until_seen(pilot, "Acme", "Globex", "Workplace")
        await pilot.press("enter")
        await until_seen(pilot, "CEN-00001", "ALC-00001 v1")
        await pilot.press("escape", "P")
        await until_seen(pilot, "Notional charges for 2026-10")


async def test_a_currency_without_a_rate_is_told_where_the_figures_would_stand(spending: Cast) -> None:
    spent(spending.ada, "5", service="Payroll", currency="USD")
    async with console(spending, "ada", "finance", size=LARGE) as pilot:
        await until_seen(pilot, "there is no rate from USD to EUR on 2026-11-02", "cannot be reckoned")
        spending.ada.create("exchange-rate", {"currency": "USD", "into": "EUR", "rate": "0.5", "valid_from": "2026-01-01"})
        pilot.app.screen.action_refresh_desk()  # type: ignore[attr-defined]
        await until_seen(pilot, "Idle capacity")


async def test_lists_and_rights(spending: Cast) -> None:
    async with console(spending, "bob", "finance") as pilot:
        await settled(pilot)
        await pilot.press("n")
        await settled(pilot)
        assert "bob may not create a cost" in said(pilot)[-1]
        await pilot.press("G", "r")
        await settled(pilot)
        assert "no record behind this line" in said(pilot)[-1]
        await pilot.press("l")
        await settled(pilot)
        assert isinstance(pilot.app.screen, KindListScreen)


async def test_nothing_spent_says_what_to_do(cast: Cast) -> None:
    async with console(cast, "ada", "finance") as pilot:
        for text in ("n records a cost", "No charge run yet", "No budget yet", "No CI is written off", "No business case yet"):
            await shows(pilot, text)
            await pilot.press("right_square_bracket")
            await settled(pilot)


async def test_hostile_words_do_no_harm(cast: Cast) -> None:
    for payload in PAYLOADS.values():
        with suppress(InvalidInput):
            spent(cast.ada, "3", name=payload[:150], service="Payroll", supplier=payload[:150])
    async with console(cast, "ada", "finance", size=LARGE) as pilot:
        await until_seen(pilot, "Payroll")
        await pilot.press("enter")
        await settled(pilot)
        assert not obeyed("".join(screen_text(pilot).splitlines()))


@pytest.mark.parametrize(
    ("scale", "name", "before"), [(0, "Nov 2026", "Oct 2026"), (1, "4th quarter 2026", "3rd quarter 2026"), (2, "2026", "2025")]
)
def test_periods_are_months_quarters_and_years(scale: int, name: str, before: str) -> None:
    start, end = bounds(MONDAY, scale)
    assert start <= MONDAY < end
    assert named(start, scale) == name
    assert named(bounds(shifted(MONDAY, scale, -1), scale)[0], scale) == before
    assert bounds(shifted(MONDAY, scale, 1), scale)[0] == end


PAGES = {
    "services": (),
    "lines": ("enter",),
    "elements": ("G", "enter"),
    "runs": ("right_square_bracket",),
    "statement": ("right_square_bracket", "j", "enter"),
    "budgets": ("right_square_bracket", "right_square_bracket"),
    "spent": ("right_square_bracket", "right_square_bracket", "enter"),
    "charge": ("right_square_bracket", "j", "enter", "enter"),
    "assets": ("left_square_bracket", "left_square_bracket"),
    "years": ("left_square_bracket", "left_square_bracket", "enter"),
    "value": ("left_square_bracket", "left_square_bracket", "equals_sign"),
    "cases": ("left_square_bracket", "j", "j"),
    "worth": ("left_square_bracket", "j", "j", "equals_sign"),
    "flows": ("left_square_bracket", "j", "j", "enter"),
}


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
@pytest.mark.parametrize("page", PAGES)
def test_it_looks_as_it_should(spending: Cast, snap_compare: Any, size: tuple[int, int], page: str) -> None:
    async def prepare(pilot: Pilot[None]) -> None:
        await go(pilot, "finance", *PAGES[page])
        await settled(pilot)

    assert snap_compare(make_app(spending, "ada"), terminal_size=size, run_before=prepare)


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
def test_an_investment_is_appraised_while_it_is_typed(spending: Cast, snap_compare: Any, size: tuple[int, int]) -> None:
    typed: dict[str, object] = {"name": "A second line", "flows": [-15000, 1500, 2500, 3500, 4500, 6000], "rate": "5"}

    async def before(pilot: Pilot[None]) -> None:
        await go(pilot, "finance")
        pilot.app.post_message(NewRecord("business-case", typed))
        await until_seen(pilot, "NPV 122.89", "IRR 5.24 %")
        await settled(pilot)

    assert snap_compare(make_app(spending, "ada"), terminal_size=size, run_before=before)
