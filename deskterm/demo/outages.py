"""What was down in the quarter: outages with their causes, a gap in the monitoring, one that goes on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from data.engine import Database
from deskterm.bootstrap import desk_of
from deskterm.civil_time import date_of
from deskterm.clock import FrozenClock
from deskterm.demo.roster import BERLIN, wall
from deskterm.desk import Desk
from deskterm.kinds import Registry

DAY, HOUR, MINUTE = 86_400, 3_600, 60
KEEPER = "tarik"

PAST: tuple[tuple[int, float, int, str, Mapping[str, Any]], ...] = (
    (84, 10.2, 95, "db-erp-1", {"note": "Log disk full; the nightly clean-up had been off since the update."}),
    (77, 14.0, 40, "sbc-1", {"supplier": "Nordlink", "note": "Card of the carrier; ticket NL-88211."}),
    (70, 22.5, 60, "san-01", {"cause": "planned", "note": "Firmware, at night, agreed with everybody."}),
    (63, 9.1, 35, "db-kis-1", {"note": "Lock table too small after month end."}),
    (58, 11.4, 70, "pbx-01", {"note": "Power supply. Spare from the shelf."}),
    (49, 13.0, 120, "shop-web-1", {"note": "Memory leak; the other one carried on."}),
    (49, 13.9, 30, "shop-web-2", {"note": "Restarted by mistake while the other one was down."}),
    (44, 9.5, 300, "fs-01", {"note": "Disk shelf; fs-02 took over by itself."}),
    (30, 12.0, 240, "pbx-01", {"cause": "monitoring-gap", "note": "The probe was moved; nobody watched."}),
    (21, 12.1, 52, "db-shop-1", {"note": "Index rebuilt at noon instead of midnight."}),
    (14, 9.0, 360, "print-01", {"state": "degraded", "note": "Queues slow; spooler moved to another disk."}),
    (9, 15.0, 180, "app-kis-01", {"note": "Certificate; app-kis-02 carried on."}),
    (5, 16.2, 25, "sbc-1", {"supplier": "Nordlink", "note": "The same card again."}),
    (2, 11.3, 18, "db-pay-1", {"note": "Failed over by hand in the end."}),
)
"""Days ago (or the working day before), at which hour in Berlin, minutes, CI, what else is known."""


def outages(database: Database, registry: Registry, now: int) -> None:
    """Record what was down up to `now`."""
    for days_ago, hour, minutes, ci, more in PAST:
        start = _on_a_working_day(now, days_ago, hour)
        end = start + minutes * MINUTE
        _at(database, registry, end + 20 * MINUTE).create("outage", {"ci": ci, "started_at": start, "ended_at": end, **more})
    _mail(database, registry, now)
    _at(database, registry, now - HOUR).create(
        "outage",
        {
            "ci": "bi-etl-01",
            "state": "degraded",
            "started_at": now - 100 * MINUTE,
            "note": "Loads at half its speed since this morning.",
        },
    )


def _on_a_working_day(now: int, days_ago: int, hour: float) -> int:
    day = date_of(now, BERLIN) - timedelta(days=days_ago)
    day -= timedelta(days=max(0, day.weekday() - 4))
    return wall(day, int(hour), int(hour % 1 * 60))


def _mail(database: Database, registry: Registry, now: int) -> None:
    """In the bad week both mail servers were away: the incident tells of the one, this of the other."""
    desk = _at(database, registry, now)
    rows = desk.page(desk.prepare(("incident",), 'tag:outage priority:1 "Mail down for everybody"'), limit=1).rows
    if rows:
        values = desk.show(rows[0].number).values
        if values["resolved_at"]:
            told = {"ci": "mail-02", "started_at": values["occurred_at"], "ended_at": values["resolved_at"]}
            _at(database, registry, values["resolved_at"] + HOUR).create("outage", {**told, "note": "The same shelf as mail-01."})


def _at(database: Database, registry: Registry, at: int) -> Desk:
    return desk_of(database, KEEPER, clock=FrozenClock(at), registry=registry)
