"""Agreements as the board and the overview show them: worked example e through the process, and what few records prove."""

from __future__ import annotations

import pytest

from deskterm.desk import Desk
from deskterm.opening_hours import WEEKDAYS
from deskterm.reports import Period, run
from deskterm.service_level.attainment import DAYS, SECONDS, agreements
from deskterm.service_level.error_budget import Fate
from tests.availability.outages import service
from tests.desks import MONDAY, Cast

HOUR, DAY = 3_600, 86_400
MIDNIGHT = MONDAY - MONDAY % DAY
DOWN_SECONDS = 50 * 60 * DAYS // 30
"""50 minutes of 30 days, for as many days as the board looks back."""


def promised_shop(ada: Desk) -> None:
    """Make the service Shop on one host, promised around the clock at 99.9 %."""
    ada.create("calendar", {"name": "Always", "tz": "UTC", "hours": {day: [["00:00", "24:00"]] for day in WEEKDAYS}})
    service(ada, "Shop", host=None)
    ada.create("agreement", {"name": "Shop", "service": "Shop", "calendar": "Always", "valid_from": "2020-01-01"})
    ada.create("target", {"agreement": "Shop", "metric": "availability", "objective": "99.9"})


def test_worked_example_e_through_the_process(any_cast: Cast) -> None:
    """99.9 % agreed, as much down as 50 minutes in 30 days: 15.74 % more than the budget, burnt 1.157 times as fast."""
    cast, ada = any_cast, any_cast.ada
    promised_shop(ada)
    cast.clock.at = MIDNIGHT + DAY - 1
    began = MIDNIGHT - 3 * DAY
    ada.create("outage", {"ci": "host", "started_at": began, "ended_at": began + DOWN_SECONDS})
    (found,) = (one for one in agreements(ada) if one.unit == SECONDS)
    assert sum(found.days.missed) == DOWN_SECONDS
    assert found.budget_left == pytest.approx(-0.1574, abs=5e-5)
    assert 1 - (found.budget_left or 0) == pytest.approx(1.157, abs=5e-4)
    assert (found.fate, found.today) == (Fate.MISSED, Fate.KEPT)


def test_the_report_tells_the_measured_availability_beside_what_is_agreed(any_cast: Cast) -> None:
    """The same over its 30 days: 2,592,000 s agreed, 3,000 s down."""
    cast, ada = any_cast, any_cast.ada
    promised_shop(ada)
    ada.create("agreement", {"name": "Everything", "calendar": "Always", "valid_from": "2020-01-01"})
    ada.create("target", {"agreement": "Everything", "metric": "availability", "objective": "99"})
    cast.clock.at = MIDNIGHT
    ada.create("outage", {"ci": "host", "started_at": MIDNIGHT - 3 * DAY, "ended_at": MIDNIGHT - 3 * DAY + 50 * 60})
    service(ada, "Mail", mail_host=None)
    data = run(ada, "sla", Period(MIDNIGHT - 30 * DAY, MIDNIGHT), {}).data
    shop, rest = (
        next(row for row in data["rows"] if (row["agreement"], row["metric"]) == (name, "availability"))
        for name in ("Shop", "Everything")
    )
    assert shop["met_percent"] == pytest.approx(100 * (2_592_000 - 3_000) / 2_592_000)
    assert (shop["objective_percent"], shop["met"], shop["missed"], shop["open"]) == (99.9, 0, 1, None)
    assert (rest["missed"], rest["met_percent"]) == (0, 100.0), "every other service is judged by what is agreed for all"
    assert rest["met"] >= 1
    assert (data["total"]["met"], data["total"]["missed"]) == (0, 0), "services are no clocks"


def test_one_late_record_of_few_is_within_what_is_agreed(cast: Cast) -> None:
    target = cast.ada.page(cast.ada.prepare(("target",), "metric:response")).rows[0].number
    cast.ada.edit(target, {"objective": "90"})
    cast.ada.act(cast.incident(), "start")
    cast.incident()
    cast.clock.advance(2 * HOUR)
    (found,) = agreements(cast.ada)
    assert found.budget_left == pytest.approx(-4)
    assert (found.days.period, found.fate) == (50.0, Fate.KEPT)
