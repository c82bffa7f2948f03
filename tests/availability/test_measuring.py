"""Measured availability on a real desk: the worked examples, the graph as it was, and every source of facts once."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from deskterm.availability.measuring import measure
from deskterm.clock import parse_instant
from tests.availability.outages import DAY, NEXT, charged, ci, measured, on, outage, service
from tests.change.changing import HOUR, board, implementing
from tests.desks import MONDAY, Cast


def two_down(cast: Cast) -> None:
    outage(cast.ada, "A", on("01", "10:00"), on("01", "11:00"))
    outage(cast.ada, "B", on("01", "10:30"), on("01", "11:30"))


def test_example_a_both_needed(any_cast: Cast) -> None:
    service(any_cast.ada, "Shop", A=None, B=None)
    two_down(any_cast)
    found = measured(any_cast.ada, "Shop")
    assert (float(found.availability or 0), found.downtime_seconds, found.figures.outages) == (93.75, 5400, 1)
    assert charged(any_cast.ada, found) == {"A": 2700, "B": 2700}


def test_example_a_one_of_two_needed(any_cast: Cast) -> None:
    service(any_cast.ada, "Shop", A={"group": "web", "need": 1}, B={"group": "web", "need": 1})
    two_down(any_cast)
    found = measured(any_cast.ada, "Shop")
    assert (found.downtime_seconds, f"{float(found.availability or 0):.2f}") == (1800, "97.92")
    assert charged(any_cast.ada, found) == {"A": 900, "B": 900}


def test_example_b_means_over_the_agreed_time(cast: Cast) -> None:
    days = ("mon", "tue", "wed", "thu", "fri")
    cast.ada.create("calendar", {"name": "Weekdays", "tz": "UTC", "hours": {day: [["00:00", "24:00"]] for day in days}})
    service(cast.ada, "Batch", host=None)
    cast.ada.create("agreement", {"name": "Batch", "service": "Batch", "calendar": "Weekdays", "valid_from": "2020-01-01"})
    cast.clock.at = parse_instant("2026-11-09T00:00:00Z")
    for day, hours in (("02", 2), ("03", 4), ("05", 3)):
        outage(cast.ada, "host", on(day, "08:00"), on(day, f"{8 + hours:02d}:00"))
    outage(cast.ada, "host", on("07", "08:00"), on("07", "20:00"))  # a Saturday, when nobody was promised anything
    found = measured(cast.ada, "Batch", on("02", "00:00"), on("09", "00:00")).figures
    assert found.agreed_seconds == 120 * HOUR
    assert [found.mtbf_seconds, found.mtrs_seconds, found.availability] == [37 * HOUR, 3 * HOUR, Fraction(925, 10)]


def test_example_c_windows_of_approved_changes_are_planned(cast: Cast) -> None:
    board(cast, "sue")
    start = MONDAY + 12 * HOUR
    for first, last in ((1100, 1300), (1400, 1600)):
        implementing(cast, window_start=start + first, window_end=start + last, disruption="none")
    cast.clock.at = start + 2000
    cast.ada.create("outage", {"ci": "vpn-gw-1", "started_at": start + 1200, "ended_at": start + 1500})
    with cast.database.read() as connection:
        nodes = [row.id for row in cast.ada.page(cast.ada.prepare(("ci",), "name:vpn-gw-1")).rows]
        period = {"start": start + 1000, "end": start + 2000}
        found = measure(connection, cast.ada.registry, nodes=nodes, **period, now=cast.clock.now())[nodes[0]]
    assert (found.downtime_seconds, found.planned_seconds) == (300, 200)
    assert [found.availability, found.availability_excluding_planned] == [70, 90]


def test_the_graph_is_taken_as_it_was_at_each_instant(any_cast: Cast) -> None:
    ada = any_cast.ada
    number = ada.create("service", {"name": "Shop"}).number
    old, new = ci(ada, "old-db"), ci(ada, "new-db")
    noon = parse_instant(on("01", "12:00"))
    ada.link(number, "depends-on", old, valid_from=0, valid_until=noon)
    ada.link(number, "depends-on", new, valid_from=noon)
    for name in ("old-db", "new-db"):
        outage(ada, name, on("01", "11:00"), on("01", "13:30"))
    found = measured(ada, "Shop")
    assert found.downtime_seconds == int(2.5 * HOUR)
    assert charged(ada, found) == {"new-db": int(1.5 * HOUR), "old-db": HOUR}


def test_a_group_that_shrank_needs_what_it_needed_then(cast: Cast) -> None:
    ada = cast.ada
    number = ada.create("service", {"name": "Shop"}).number
    noon = parse_instant(on("01", "12:00"))
    for name, until in (("web-1", None), ("web-2", None), ("web-3", noon)):
        ada.link(number, "depends-on", ci(ada, name), valid_from=0, valid_until=until, group="web", need=2)
    outage(ada, "web-1", on("01", "11:00"), on("01", "13:00"))
    assert measured(ada, "Shop").downtime_seconds == HOUR  # two of three are enough until noon, two of two after it


def test_what_merely_uses_a_part_is_not_down_with_it(cast: Cast) -> None:
    ada = cast.ada
    number = service(ada, "Shop")
    ada.link(number, "uses", ci(ada, "search"), valid_from=0)
    outage(ada, "search", on("01", "11:00"), on("01", "13:00"))
    assert (measured(ada, "Shop").downtime_seconds, measured(ada, "search").downtime_seconds) == (0, 2 * HOUR)


def test_circles_are_no_cause_of_themselves(cast: Cast) -> None:
    ada = cast.ada
    number = service(ada, "Shop", A=None, B=None)
    view = {link.title: link.number for link in ada.show(number).links}
    ada.link(view["A"], "depends-on", view["B"], valid_from=0)
    ada.link(view["B"], "depends-on", view["A"], valid_from=0)
    two_down(cast)
    assert measured(ada, "Shop").downtime_seconds == measured(ada, "A").downtime_seconds == 5400
    assert charged(ada, measured(ada, "Shop")) == {"A": 2700, "B": 2700}
    assert measured(ada, "Shop", on("01", "12:00")).downtime_seconds == 0


def test_a_ci_is_part_of_its_service_unless_a_relation_says_otherwise(cast: Cast) -> None:
    ada = cast.ada
    ada.create("service", {"name": "Shop"})
    number = ci(ada, "till", service="Shop")
    cast.clock.advance(2 * HOUR)
    now = cast.clock.now()
    ada.create("outage", {"ci": "till", "started_at": now - HOUR, "ended_at": now})
    cast.clock.advance(HOUR)
    period = ("2026-11-02T09:00:00Z", "2026-11-02T12:00:00Z")
    assert measured(ada, "Shop", *period).downtime_seconds == HOUR
    shop = next(row.number for row in ada.page(ada.prepare(("service",), "name:Shop")).rows)
    ada.link(shop, "uses", number, valid_from=now - HOUR // 2)
    assert measured(ada, "Shop", *period).downtime_seconds == HOUR // 2


def test_an_open_outage_counts_until_now_and_is_flagged(any_cast: Cast) -> None:
    service(any_cast.ada, "Shop", A=None)
    outage(any_cast.ada, "A", on("02", "08:00"), None)
    found = measured(any_cast.ada, "Shop", NEXT, on("03", "00:00"))
    assert (found.downtime_seconds, found.agreed_seconds, found.figures.is_open) == (HOUR, 9 * HOUR, True)
    assert not measured(any_cast.ada, "Shop").figures.is_open  # it began after that day
    any_cast.ada.act("OUT-00001", "end")
    assert not measured(any_cast.ada, "Shop", NEXT, on("03", "00:00")).figures.is_open


def test_unknown_time_is_kept_apart_and_recorded_outages_are_knowledge(cast: Cast) -> None:
    ada = cast.ada
    service(ada, "Shop", A=None, B=None)
    outage(ada, "A", on("01", "10:00"), on("01", "14:00"), cause="monitoring-gap")
    outage(ada, "B", on("01", "13:00"), on("01", "15:00"))
    found = measured(ada, "Shop")
    assert (found.downtime_seconds, found.unknown_seconds) == (2 * HOUR, 3 * HOUR)
    assert found.figures.availability_known_time == Fraction(100 * (21 - 2), 21)


def test_no_agreed_time_is_no_figure(cast: Cast) -> None:
    ada = cast.ada
    ada.create("calendar", {"name": "Mondays", "tz": "UTC", "hours": {"mon": [["08:00", "09:00"]]}})
    service(ada, "Shop", A=None)
    ada.create("agreement", {"name": "Shop", "service": "Shop", "calendar": "Mondays", "valid_from": "2020-01-01"})
    outage(ada, "A", on("01", "10:00"), on("01", "14:00"))
    found = measured(ada, "Shop").figures
    assert (found.agreed_seconds, found.availability, found.mtbf_seconds) == (0, None, None)


def incident(cast: Cast, **values: Any) -> str:
    return cast.incident(ci="vpn-gw-1", impact=1, urgency=1, **values)


def test_an_incident_of_the_highest_priority_says_that_its_ci_was_down(any_cast: Cast) -> None:
    number = incident(any_cast, occurred_at=MONDAY - HOUR)
    bob = any_cast.as_("bob")
    any_cast.clock.advance(HOUR)
    bob.act(number, "resolve", {"code": "solved", "solution": "Restarted"})
    any_cast.clock.advance(HOUR)
    bob.act(number, "reopen")
    any_cast.clock.advance(HOUR)
    bob.edit(number, {"impact": 3, "urgency": 3})
    any_cast.clock.advance(HOUR)
    found = measured(any_cast.ada, "vpn-gw-1", NEXT, on("03", "00:00"))
    assert [(one.start - MONDAY, one.end - MONDAY) for one in found.down] == [(-HOUR, HOUR), (2 * HOUR, 3 * HOUR)]
    bob.act(number, "cancel", {"reason": "It was none"})
    assert not measured(any_cast.ada, "vpn-gw-1", NEXT, on("03", "00:00")).down


def test_an_outage_speaks_for_the_incident_it_names(cast: Cast) -> None:
    number = incident(cast)
    cast.clock.advance(4 * HOUR)
    assert measured(cast.ada, "vpn-gw-1", NEXT, on("03", "00:00")).downtime_seconds == 4 * HOUR
    cast.as_("bob").create("outage", {"incident": number, "started_at": MONDAY, "ended_at": MONDAY + HOUR})
    assert measured(cast.ada, "vpn-gw-1", NEXT, on("03", "00:00")).downtime_seconds == HOUR
    cast.as_("sue").act("OUT-00001", "withdraw", {"reason": "Never down"})
    assert measured(cast.ada, "vpn-gw-1", NEXT, on("03", "00:00")).downtime_seconds == 4 * HOUR


def test_a_change_takes_its_cis_away_and_only_its_window_is_planned(any_cast: Cast) -> None:
    board(any_cast, "sue")
    number = implementing(any_cast)
    any_cast.clock.advance(3 * HOUR)  # an hour longer than its window
    any_cast.as_("bob").act(number, "complete", {"code": "successful-with-issues"})
    any_cast.clock.advance(HOUR)
    found = measured(any_cast.ada, "vpn-gw-1", NEXT, on("03", "12:00"))
    assert (found.downtime_seconds, found.planned_seconds) == (3 * HOUR, 2 * HOUR)
    assert found.attribution[0].change is not None
    assert measured(any_cast.ada, "Workplace", NEXT, on("03", "12:00")).planned_seconds == 2 * HOUR


def test_planned_work_on_a_spare_does_not_excuse_the_failure_of_the_other(cast: Cast) -> None:
    ada = cast.ada
    service(ada, "Shop", A={"group": "web", "need": 1}, B={"group": "web", "need": 1})
    outage(ada, "A", on("01", "10:00"), on("01", "12:00"), cause="planned")
    outage(ada, "B", on("01", "11:00"), on("01", "13:00"))
    found = measured(ada, "Shop")
    assert (found.downtime_seconds, found.planned_seconds) == (HOUR, 0)


def test_the_share_of_a_supplier_bears_its_name(cast: Cast) -> None:
    service(cast.ada, "Shop", line=None)
    outage(cast.ada, "line", on("01", "10:00"), on("01", "12:00"), supplier="Telco")
    share = measured(cast.ada, "Shop").attribution[0]
    assert (share.supplier, share.seconds) == ("Telco", 2 * HOUR)


def test_a_day_of_a_period_is_measured_like_the_day_itself(cast: Cast) -> None:
    service(cast.ada, "Shop", A=None, B=None)
    two_down(cast)
    week = measured(cast.ada, "Shop", "2026-10-28", on("02", "08:00"))
    assert week.during(parse_instant(DAY), parse_instant(NEXT)) == measured(cast.ada, "Shop").figures
