"""The back-to-back check on a real desk: what stands behind what, at whichever place it is asked for."""

from __future__ import annotations

from typing import Any

import pytest

from deskterm.desk import Desk
from deskterm.errors import InvalidInput, NotFound
from deskterm.explanations import explain
from deskterm.forms.hints import hints_for
from deskterm.reports import Period, run
from deskterm.service_desk.glance import whole
from deskterm.service_level import back_to_back
from tests.desks import MONDAY, Cast

HOUR = 3_600
ALWAYS = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}


def promise(ada: Desk, name: str, *targets: dict[str, Any], **values: Any) -> str:
    """Make an agreement with its targets, in business hours of the office unless said otherwise."""
    given = {"name": name, "calendar": "Office", "valid_from": "2020-01-01", **values}
    number = ada.create("agreement", given).number
    for target in targets:
        ada.create("target", {"agreement": name, "metric": "resolution", "unit": "business-hours", **target})
    return number


def found(ada: Desk, *only: str) -> dict[tuple[str, tuple[int, ...]], back_to_back.Finding]:
    """Check, from the Monday on; by the SLA's target and priorities."""
    with ada.database.read() as connection:
        promises = back_to_back.read(connection, MONDAY)
    ids = [key for key, row in promises.agreements.items() if row["number"] in only] if only else None
    return {(one.target, one.priorities): one for one in back_to_back.findings(promises, MONDAY, ids)}


def test_without_an_ola_or_a_contract_nothing_is_said(cast: Cast) -> None:
    assert {one.verdict for one in found(cast.ada).values()} == {"n/a"}
    report = run(cast.ada, "sla", Period(), {"check": "back-to-back"})
    assert {row["margin"] for row in report.rows} == {"n/a"}
    assert report.data["late"] == 0
    with pytest.raises(InvalidInput, match="check=back-to-back"):
        run(cast.ada, "sla", Period(), {"check": "everything"})


def test_the_path_goes_through_each_line_and_then_the_supplier(any_cast: Cast) -> None:
    ada = any_cast.ada
    promise(ada, "OLA desk", {"amount_seconds": "1h"}, type="ola", team="desk")
    promise(ada, "OLA network", {"amount_seconds": "2h", "priorities": [1, 2]}, type="ola", team="network")
    promise(ada, "UC Nordlink", {"amount_seconds": "4h"}, type="uc", supplier="Nordlink", service="Payroll")
    checked = found(ada)
    urgent = checked["resolution 4 h, P1, P2", (1, 2)]
    assert [one.agreement for one in urgent.path] == ["OLA desk", "OLA network", "UC Nordlink"]
    assert (urgent.verdict, urgent.margin_seconds) == ("too late", -65 * HOUR), (
        "three hours too long, a night and a weekend later"
    )
    rest = checked["resolution 8 h, P3, P4, P5", (3, 4, 5)]
    assert [one.agreement for one in rest.path] == ["OLA desk", "UC Nordlink"]
    assert rest.verdict == "fits"
    assert checked["response 1 h, all priorities", (1, 2, 3, 4, 5)].verdict == "n/a", "nobody promised when to answer"


def test_only_what_a_service_needs_stands_behind_it(any_cast: Cast) -> None:
    ada = any_cast.ada
    promise(ada, "Gold", {"amount_seconds": "2h"}, service="Payroll")
    promise(ada, "UC mail", {"amount_seconds": "9h"}, type="uc", supplier="Post", service="Workplace")
    assert found(ada)["resolution 2 h, all priorities", (1, 2, 3, 4, 5)].verdict == "n/a"
    numbers = {row.title: row.number for row in ada.page(ada.prepare(("service",), "*"), limit=9).rows}
    ada.link(numbers["Payroll"], "depends-on", numbers["Workplace"])
    any_cast.clock.advance(60)
    with ada.database.read() as connection:
        promises = back_to_back.read(connection, any_cast.clock.now())
    late = {one.target: one.verdict for one in back_to_back.findings(promises, MONDAY)}
    assert late["resolution 2 h, all priorities"] == "too late"


def test_first_answers_are_not_added_up_and_a_promise_to_another_customer_is_none(cast: Cast) -> None:
    ada = cast.ada
    answer = {"metric": "response", "amount_seconds": "45m"}
    promise(ada, "OLA desk", answer, type="ola", team="desk")
    promise(ada, "OLA network", answer, type="ola", team="network")
    promise(ada, "OLA Globex", {"metric": "response", "amount_seconds": "9h"}, type="ola", team="network", customer="Globex")
    one = found(ada)["response 1 h, all priorities", (1, 2, 3, 4, 5)]
    assert (one.verdict, one.margin_seconds, len(one.path)) == ("fits", 15 * 60, 1)


def test_what_suppliers_may_lose_must_fit_into_what_was_agreed_to_be_up(cast: Cast) -> None:
    ada = cast.ada
    up = {"metric": "availability", "amount_seconds": "1h"}
    promise(ada, "Gold", {**up, "objective": "99.5"}, service="Payroll")
    assert next(one for one in found(ada).values() if one.metric == "availability").verdict == "n/a"
    promise(ada, "UC line", {**up, "objective": "99.8"}, type="uc", supplier="Nordlink")
    one = next(one for one in found(ada).values() if one.metric == "availability")
    assert one.verdict == "fits"
    assert one.spare_percent == pytest.approx(0.3)
    promise(ada, "UC power", {**up, "objective": "99.6"}, type="uc", supplier="Grid")
    one = next(one for one in found(ada).values() if one.metric == "availability")
    assert one.verdict == "too late"
    assert one.spare_percent == pytest.approx(-0.1)


def test_it_is_shown_in_the_record_explained_and_told_while_typing(cast: Cast) -> None:
    ada = cast.ada
    standard = ada.page(ada.prepare(("agreement",), "Standard"), limit=1).rows[0].number
    with pytest.raises(NotFound):
        explain(ada, cast.ada.page(ada.prepare(("calendar",), "*"), limit=1).rows[0].number, "back-to-back")
    uc = promise(ada, "UC Nordlink", {"amount_seconds": "6h"}, type="uc", supplier="Nordlink")
    told = explain(ada, standard, "back-to-back")
    assert told.parts[0].title == "back to back: 1 of 2 too late"
    assert told.data["back-to-back"][0]["steps"][0]["agreement"] == "UC Nordlink"
    for number in (standard, uc):
        title, lines = whole(ada, number).sections[0]
        assert title.startswith("Back to back")
        assert lines[0][0].startswith("too late -"), "of a contract it is told what it lets fall"
    kind = ada.registry.kind("target")
    form = {"agreement": "UC Nordlink", "metric": "resolution", "unit": "business-hours", "priorities": "1, 2"}
    number = ada.page(ada.prepare(("target",), 'agreement:"UC Nordlink"'), limit=1).rows[0].number
    worse = hints_for(ada, kind, {**form, "amount_seconds": 9 * HOUR, "number": number})
    assert [hint.title for hint in worse] == ["Too late: Standard: resolution 4 h, P1, P2"]
    better = hints_for(ada, kind, {**form, "amount_seconds": 4 * HOUR, "number": number})
    assert [hint.title for hint in better] == ["Back to back: fits"]
    assert hints_for(ada, kind, form) == (), "not enough is said yet"
    ada.create("calendar", {"name": "Around", "tz": "Europe/Berlin", "hours": ALWAYS})
    agreement = {"number": uc, "name": "UC Nordlink", "calendar": "Around", "type": "uc", "supplier": "Nordlink"}
    around = hints_for(ada, ada.registry.kind("agreement"), agreement)
    assert [hint.title for hint in around] == ["Too late: Standard: resolution 4 h, P1, P2"]
