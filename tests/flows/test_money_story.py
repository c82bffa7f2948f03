"""A month's money by keyboard: from a bill and typed costs to who bears them, what customers are charged, and what is left."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from deskterm.doctor import examine
from deskterm.exchange.importing import run_import
from deskterm.financial.statements import data, statements
from screens.finance import FinanceScreen
from screens.form import FormScreen
from screens.kind_list import KindListScreen
from screens.modals.page import PageModal
from screens.record import RecordScreen
from tests.desks import MONDAY, Cast
from tests.financial.spending import by_service, report
from tests.flows.hands import Hands
from tests.screens.consoles import LARGE, SMALL, console, settled, until

DAY = 86_400
BILL = Path(__file__).parents[1] / "exchange" / "focus.csv"
OCTOBER = {"starts_at": "2026-10-01", "ends_at": "2026-11-01"}
RUN, NOTE = "CRN-00001", "CRD-00001"


class Money:
    """What Fay, who keeps the money, does in the first days of November; a chapter each."""

    def __init__(self, cast: Cast, size: tuple[int, int], folder: Path) -> None:
        self.cast, self.size, self.folder = cast, size, folder

    @asynccontextmanager
    async def october(self) -> AsyncIterator[Hands]:
        """Yield Fay's hands, who has gone to the money of October."""
        async with console(self.cast, "fay", size=self.size) as pilot:
            fay = Hands(pilot)
            await fay.press("app.finance")
            await fay.at(FinanceScreen)
            await fay.press("finance.earlier")
            await fay.see("Oct 2026")
            yield fay

    def prepare(self) -> None:
        """Before the story: payroll is Globex' own, Workplace is used by one person of each customer."""
        self.cast.ada.create("agent", {"login": "fay", "roles": ["agent", "financial-manager"]})
        self.cast.ada.edit("SVC-00002", {"customer": "Globex"})

    async def the_bill_comes_in(self) -> None:
        """The bill is in dollars, and the screen says what it lacks until somebody types it."""
        bill = self.folder / "bill.csv"
        text = BILL.read_text(encoding="utf-8").replace("2024-10", "2026-11").replace("2024-09", "2026-10")
        bill.write_text(text, encoding="utf-8")
        assert run_import(self.cast.as_("fay"), "focus", bill).created == 12
        async with self.october() as fay:
            await fay.see("cannot be reckoned", "there is no rate from USD to EUR")
            await fay.press("app.palette")
            await fay.pilot.press(*"exchange rates")
            await fay.see("Exchange rates")
            await fay.pilot.press("enter")
            await fay.at(KindListScreen)
            await fay.press("kinds.create")
            await fay.at(FormScreen)
            await fay.save(currency="USD", into="EUR", rate="0.5", valid_from="2026-01-01")
            await fay.press("app.back")
            await fay.at(FinanceScreen)
            await fay.see("-1.03 EUR, -1.03 unallocated")

    async def costs_are_typed(self) -> None:
        costs = (
            {"name": "Rent of the hall", "amount": "900", "on": "2026-10-01", "element": "accommodation", "centre": "Hall"},
            {"name": "Guards", "amount": "100", "on": "2026-10-01", "element": "people", "centre": "Hall"},
            {"name": "Payroll licences", "amount": "300", "on": "2026-10-02", "element": "software", "service": "Payroll"},
        )
        async with self.october() as fay:
            for one in costs:
                await fay.press("finance.create")
                await fay.at(FormScreen)
                await fay.save(**one)
                await fay.at(FinanceScreen)
            await fay.see("Payroll", "300.00", "1,298.97 EUR, 998.97 unallocated")

    async def a_rule_says_who_bears_the_hall(self) -> None:
        async with self.october() as fay:
            await fay.press("finance.rules")
            await fay.at(KindListScreen)
            await fay.press("kinds.create")
            await fay.at(FormScreen)
            rule = {"from": "Hall", "shares": '{"Payroll": 0.5, "Workplace": 0.4}', "valid_from": "2026-01-01"}
            await fay.save(**rule)
            await fay.press("app.back")
            await fay.at(FinanceScreen)
            await fay.see("1,298.97 EUR, 98.97 unallocated", "800.00", "400.00")

    async def the_attribution_explains_itself(self) -> None:
        async with self.october() as fay:
            await fay.see("Payroll")
            await fay.press("finance.explain")
            await fay.at(PageModal)
            await fay.see("cost in 2026-10: 800.00 EUR, direct 300.00, shared 500.00", "accommodation", "people", "50.00")
            await fay.press("app.back")
            await fay.at(FinanceScreen)
            await fay.pilot.press("enter")
            await fay.see("Payroll licences", "Hall, by its shares")
            await fay.press("finance.explain")
            await fay.see("CEN-", "1,000.00 EUR of its own", "where it went", "unallocated")

    async def the_run_is_drafted_reckoned_and_issued(self) -> None:
        async with self.october() as fay:
            await fay.press("finance.tab_after")
            await fay.press("finance.create")
            await fay.at(FormScreen)
            await fay.save(**OCTOBER)
            await fay.at(FinanceScreen)
            await fay.see(RUN, "draft", "1,200.00")
            await fay.press("finance.record")
            await fay.at(RecordScreen)
            await fay.act("Reckon")
            await until(fay.pilot, lambda: self.cast.ada.show(RUN).values["total"] == 120_000)
            await fay.act("Issue")
            await until(fay.pilot, lambda: self.cast.ada.show(RUN).state == "issued")
        values = self.cast.ada.show(RUN).values
        assert (values["cost"], values["uncharged"], values["issued_by"]) == (120_000, 9_897, "fay")

    async def the_statement_is_read(self) -> None:
        async with self.october() as fay:
            await fay.press("finance.tab_after")
            await fay.see(RUN, "issued")
            await fay.press("finance.print")
            await fay.at(PageModal)
            await fay.see("Notional charges for 2026-10, EUR", "Acme", "200.00")
            await fay.press("app.back")
            await fay.at(FinanceScreen)
            await fay.pilot.press("enter")
            await fay.see("Globex", "Payroll", "800.00")

    async def a_late_refund_is_credited(self) -> None:
        """What was issued stands as it is: the refund changes what October cost, and a credit note what Globex owes."""
        self.cast.clock.at = MONDAY + 2 * DAY
        async with self.october() as fay:
            await fay.press("finance.create")
            await fay.at(FormScreen)
            late = {
                "name": "Licences given back",
                "amount": "-50",
                "on": "2026-10-20",
                "element": "software",
                "service": "Payroll",
            }
            await fay.save(**late)
            await fay.at(FinanceScreen)
            await fay.see("750.00", "1,248.97 EUR")
            await fay.press("finance.tab_after")
            await fay.see(RUN, "1,200.00")
            await fay.press("finance.record")
            await fay.at(RecordScreen)
            await fay.act("Credit", reason="Licences were given back", customer="Globex", amount="50")
            await until(fay.pilot, lambda: self.cast.ada.show(RUN).values["credited"] == 5_000)
            await fay.press("app.back")
            await fay.at(FinanceScreen)
            await fay.pilot.press("enter")
            await fay.see(f"credit {NOTE}", "-50.00")
        globex = next(one for one in data(statements(self.cast.ada, RUN))["customers"] if one["customer"] == "Globex")
        assert (globex["charged"], globex["credited"], globex["due"]) == ("1000.00", "50.00", "950.00")

    async def the_budgets_say_what_is_left(self) -> None:
        budgets = (
            {"name": "Payroll in October", "amount": "700", "service": "Payroll"},
            {"name": "Payroll's people", "amount": "60", "service": "Payroll", "element": "people"},
        )
        async with self.october() as fay:
            await fay.press("finance.tab_after", "finance.tab_after")
            for one in budgets:
                await fay.press("finance.create")
                await fay.at(FormScreen)
                await fay.save(**one, **OCTOBER)
                await fay.at(FinanceScreen)
            await fay.see("Payroll in October", "-50.00", "overspent", "10.00")
            await fay.pilot.press("down")
            await fay.see("what the service bears")
            await fay.press("finance.explain")
            await fay.at(PageModal)
            await fay.see("people alone", "Hall, by its shares", "50.00")
            await fay.press("app.back")
            await fay.at(FinanceScreen)
            await fay.pilot.press(*["left_square_bracket"] * 2)
            await fay.see("Payroll", "750.00")
            await settled(fay.pilot)

    def tell(self) -> None:
        """It adds up to the cent, what was issued is what was issued, and the desk is whole."""
        found = report(self.cast.ada, period="2026-10")
        assert by_service(found) == {"Payroll": "750.00", "Workplace": "400.00"}
        assert (found["spend"], found["unallocated"]) == ("1248.97", "98.97")
        assert statements(self.cast.ada, RUN).intact is True
        findings = examine(self.cast.database, clock=self.cast.clock, registry=self.cast.ada.registry)
        assert [one for one in findings if one.code != "job-overdue"] == []


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_from_a_bill_to_what_is_left_of_the_budget(cast: Cast, size: tuple[int, int], tmp_path: Path) -> None:
    story = Money(cast, size, tmp_path)
    story.prepare()
    await story.the_bill_comes_in()
    await story.costs_are_typed()
    await story.a_rule_says_who_bears_the_hall()
    await story.the_attribution_explains_itself()
    await story.the_run_is_drafted_reckoned_and_issued()
    await story.the_statement_is_read()
    await story.a_late_refund_is_credited()
    await story.the_budgets_say_what_is_left()
    story.tell()
