"""What was agreed: calendars with the holidays of Brandenburg, agreements, and the targets they are judged by."""

from __future__ import annotations

from typing import Any

import holidays

from deskterm.demo.cast import CLINIC, SHOPS
from deskterm.opening_hours import WEEKDAYS

ZONE = "Europe/Berlin"
STATE = "BB"
"""Brandenburg, where the data centre and most of the callers are."""

OFFICE, AROUND, SATURDAY = "Office hours", "Around the clock", "Shop hours"

STANDARD, GOLD, SHOP_FLOOR, ONLINE = "Standard SLA", "Gold SLA", "Shop floor SLA", "Web shop SLA"
OLA, UC = "OLA Network", "UC Nordlink lines"

MINUTE, HOUR = 60, 3600


def public_holidays(years: range) -> dict[str, str]:
    """Return the public holidays of the state by date, with their names in German as people here call them."""
    found = holidays.country_holidays("DE", subdiv=STATE, years=years, language="de")
    return {day.isoformat(): name for day, name in sorted(found.items())}


def calendars(years: range) -> tuple[dict[str, Any], ...]:
    """Return the calendars: office, around the clock, and one with a short Saturday."""
    closed = public_holidays(years)
    weekdays = {day: [["08:00", "18:00"]] for day in WEEKDAYS[:5]}
    short_days = {f"{year}-12-{day}": [["08:00", "12:00"]] for year in years for day in ("24", "31")}
    return (
        {"name": OFFICE, "tz": ZONE, "hours": weekdays, "holidays": closed},
        {"name": AROUND, "tz": ZONE, "hours": {day: [["00:00", "24:00"]] for day in WEEKDAYS}},
        {"name": SATURDAY, "tz": ZONE, "hours": weekdays | {"sat": [["08:00", "12:30"]]}, "holidays": closed, "days": short_days},
    )


AGREEMENTS: tuple[dict[str, Any], ...] = (
    {"name": STANDARD, "type": "sla", "calendar": OFFICE, "note": "For everybody who has not agreed something else."},
    {"name": GOLD, "type": "sla", "calendar": AROUND, "customer": CLINIC, "note": "Signed by both managing directors."},
    {"name": SHOP_FLOOR, "type": "sla", "calendar": SATURDAY, "customer": SHOPS, "note": "Tills and scales first."},
    {"name": ONLINE, "type": "sla", "calendar": AROUND, "customer": SHOPS, "service": "Web shop", "note": "Orders never sleep."},
    {"name": OLA, "type": "ola", "calendar": OFFICE, "team": "Network", "note": "What Network owes the first line."},
    {
        "name": UC,
        "type": "uc",
        "calendar": AROUND,
        "supplier": "Nordlink",
        "note": "Fault repair of lines, from the moment we call.",
    },
)

# metric, priorities, amount in seconds, kinds
_Target = tuple[str, tuple[int, ...], int, tuple[str, ...]]
_BOTH: tuple[str, ...] = ()

TARGETS: dict[str, tuple[_Target, ...]] = {
    STANDARD: (
        ("response", (1, 2), 30 * MINUTE, _BOTH),
        ("response", (3, 4, 5), 2 * HOUR, _BOTH),
        ("resolution", (1,), 4 * HOUR, ("incident",)),
        ("resolution", (2,), 8 * HOUR, ("incident",)),
        ("resolution", (3,), 16 * HOUR, ("incident",)),
        ("resolution", (4, 5), 40 * HOUR, ("incident",)),
        ("resolution", (), 30 * HOUR, ("request",)),
        ("update", (1,), 1 * HOUR, ("incident",)),
    ),
    GOLD: (
        ("response", (1, 2), 15 * MINUTE, _BOTH),
        ("response", (3, 4, 5), 1 * HOUR, _BOTH),
        ("resolution", (1,), 2 * HOUR, ("incident",)),
        ("resolution", (2,), 6 * HOUR, ("incident",)),
        ("resolution", (3,), 24 * HOUR, ("incident",)),
        ("resolution", (4, 5), 72 * HOUR, ("incident",)),
        ("resolution", (), 96 * HOUR, ("request",)),
        ("update", (1,), 30 * MINUTE, ("incident",)),
    ),
    SHOP_FLOOR: (
        ("response", (1, 2), 20 * MINUTE, _BOTH),
        ("response", (3, 4, 5), 90 * MINUTE, _BOTH),
        ("resolution", (1,), 3 * HOUR, ("incident",)),
        ("resolution", (2,), 6 * HOUR, ("incident",)),
        ("resolution", (3,), 14 * HOUR, ("incident",)),
        ("resolution", (4, 5), 40 * HOUR, ("incident",)),
        ("resolution", (), 30 * HOUR, ("request",)),
    ),
    ONLINE: (
        ("response", (1, 2), 10 * MINUTE, _BOTH),
        ("response", (3, 4, 5), 2 * HOUR, _BOTH),
        ("resolution", (1,), 2 * HOUR, ("incident",)),
        ("resolution", (2,), 4 * HOUR, ("incident",)),
        ("resolution", (3, 4, 5), 36 * HOUR, ("incident",)),
        ("resolution", (), 72 * HOUR, ("request",)),
    ),
    OLA: (
        ("resolution", (1,), 2 * HOUR, _BOTH),
        ("resolution", (2,), 4 * HOUR, _BOTH),
        ("resolution", (3,), 10 * HOUR, _BOTH),
        ("resolution", (4, 5), 24 * HOUR, _BOTH),
    ),
    UC: (
        ("resolution", (1,), 4 * HOUR, ("incident",)),
        ("resolution", (2,), 12 * HOUR, ("incident",)),
        ("resolution", (3,), 48 * HOUR, ("incident",)),
        ("resolution", (4, 5), 96 * HOUR, ("incident",)),
    ),
}  # fmt: skip
"""By agreement: metric, priorities (none: all), amount in seconds, kinds (none: all). Around the clock every hour counts."""

OBJECTIVES: dict[str, str] = {STANDARD: "90", GOLD: "92", SHOP_FLOOR: "95", ONLINE: "90", OLA: "90"}
"""By agreement: percent of its records that must be in time. The supplier's contract names none, so it has no budget to burn."""
AVAILABILITY: dict[str, str] = {STANDARD: "99.5", GOLD: "99.9", ONLINE: "99.8"}
"""By agreement: percent of the agreed time in which its services are to be up."""
