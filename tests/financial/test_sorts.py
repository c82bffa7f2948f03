"""What was spent by element of cost: it adds up both ways, to the cent, and depreciation is among it."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given

from deskterm.errors import InvalidInput
from deskterm.financial.attribution import Item
from deskterm.financial.rules import money, total_of
from deskterm.financial.sorts import by_element
from deskterm.reports import Period, run
from tests.desks import Cast
from tests.financial.spending import report, spent, total
from tests.financial.test_attribution import spendings


@given(spendings)
def test_elements_add_up_to_the_spend_and_halves_to_their_element(items: list[Item]) -> None:
    found = by_element(items)
    assert sum((one.total for one in found), Decimal("0.00")) == money(total_of(item.exact for item in items))
    assert {one.element for one in found} == {item.element for item in items}
    for one in found:
        assert one.direct + one.indirect == one.fixed + one.variable == one.total
        exact = total_of(item.exact for item in items if item.element == one.element and item.fixed)
        assert abs(one.fixed - money(exact)) <= Decimal("0.01")


def test_nothing_spent_has_no_element_and_no_part() -> None:
    assert by_element([]) == ()
    (one,) = by_element([Item("C", "x", 0, Fraction(0), "people", "cost")])
    assert one.part_of(Decimal(0)) is None


def test_the_report_tells_each_element(any_cast: Cast) -> None:
    ada = any_cast.ada
    spent(ada, "100.10", service="Payroll", element="software")
    spent(ada, "20.05", centre="Hall", element="accommodation", behaviour="variable")
    spent(ada, "-0.10", service="Payroll", element="software", behaviour="variable")
    ada.create("ci", {"name": "box", "type": "server", "cost": "1200", "life_years": 1, "in_service_at": "2026-01-01"})
    data = report(ada)
    assert [(one["element"], one["total"]) for one in data["elements"]] == [
        ("hardware", "100.00"), ("software", "100.00"), ("accommodation", "20.05"),
    ]  # fmt: skip
    assert total(data["elements"], "total") == Decimal(data["spend"])
    _, software, hall = data["elements"]
    assert (software["fixed"], software["variable"], software["direct"]) == ("100.10", "-0.10", "100.00")
    assert (hall["indirect"], hall["variable"], hall["fixed"]) == ("20.05", "20.05", "0.00")
    table = run(ada, "finance", Period(), {"period": "2026-11", "by": "element"})
    assert [row["element"] for row in table.rows] == ["hardware", "software", "accommodation"]
    assert table.data["rows"] == data["rows"], "the data are the same, whatever the table tells"
    with pytest.raises(InvalidInput, match="by is service or element"):
        run(ada, "finance", Period(), {"by": "colour"})
