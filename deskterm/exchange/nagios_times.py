"""Instants as Nagios and Icinga write them: whatever `date_format` says, with the zone as an abbreviation or not at all."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from deskterm.civil_time import instant_of, zone_named
from deskterm.clock import parse_instant
from deskterm.exchange.faults import brief
from deskterm.exchange.mapping import Rules, ZoneName

US: Literal["us"] = "us"

_SHORT = re.compile(r"(\d{2})[-/](\d{2})[-/](\d{4})[ T](\d{2}):(\d{2}):(\d{2})(?: ([A-Z]{1,5}))?")
_LONG = re.compile(
    r"[A-Z][a-z]{2},? ([A-Z][a-z]{2}) +(\d{1,2}),? (\d{2}):(\d{2}):(\d{2}) (?:([A-Z]{1,5}|[+-]\d{2}:?\d{2}) )?(\d{4})"
)
_ISO = re.compile(r"(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}(?::\d{2})?(?:\.\d+)?) ?(Z|[+-]\d{2}:?\d{2}|[A-Z]{2,5})?")
_EPOCH = re.compile(r"\d{9,11}(?:\.\d+)?")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_UNIVERSAL = ("UTC", "GMT", "Z")


class TimeRules(Rules):
    """What a mapping may say about times."""

    zone: ZoneName | None = None
    """The IANA zone of times that name none, or only an abbreviation; UTC if nothing says otherwise."""
    dates: Literal["us", "euro"] = US
    """Whether 05-10-2012 is the tenth of May (`us`, Nagios' default) or the fifth of October (`euro`)."""


def read_time(text: str, rules: TimeRules) -> int:
    """Return the instant that a notification names.

    Raises:
        ValueError: it names none, or one that needs a mapping to be understood.
    """
    stripped = text.strip()
    if len(stripped) > 64:
        raise ValueError(f"must be a time, not {brief(stripped)}")
    if _EPOCH.fullmatch(stripped):
        return int(float(stripped))
    try:
        readings = (read(stripped, rules) for read in (_iso, _short, _long))
        found = next((at for at in readings if at is not None), None)
    except (ValueError, OverflowError) as problem:
        raise ValueError(str(problem) if isinstance(problem, _Unclear) else f"{brief(stripped)} is no time of any day") from None
    if found is None or found <= 0:
        raise ValueError(
            f"must be a time such as 2026-11-22 14:02:00 +0100 or Sun Nov 22 14:02:00 UTC 2026, not {brief(stripped)}"
        )
    return found


class _Unclear(ValueError):
    """A time that has more than one meaning."""


def _iso(text: str, rules: TimeRules) -> int | None:
    match = _ISO.fullmatch(text)
    if match is None:
        return None
    day, time, zone = match.groups()
    if zone and (zone == "Z" or zone[0] in "+-"):
        return parse_instant(f"{day}T{time if time.count(':') == 2 else time + ':00'}{zone}")
    return _at(datetime.fromisoformat(f"{day}T{time}").replace(microsecond=0), zone or "", rules)


def _short(text: str, rules: TimeRules) -> int | None:
    match = _SHORT.fullmatch(text)
    if match is None:
        return None
    first, second, year, hour, minute, seconds = (int(part) for part in match.groups()[:6])
    month, day = (first, second) if rules.dates == US else (second, first)
    return _at(datetime(year, month, day, hour, minute, seconds), match[7] or "", rules)  # noqa: DTZ001 - the zone is applied


def _long(text: str, rules: TimeRules) -> int | None:
    match = _LONG.fullmatch(text)
    if match is None or match[1] not in _MONTHS:
        return None
    day, hour, minute, seconds = (int(part) for part in match.group(2, 3, 4, 5))
    wall = datetime(int(match[7]), _MONTHS.index(match[1]) + 1, day, hour, minute, seconds)  # noqa: DTZ001 - the zone is applied
    zone = match[6] or ""
    if zone[:1] in ("+", "-"):
        return parse_instant(f"{wall.isoformat()}{zone}")
    return _at(wall, zone, rules)


def _at(wall: datetime, abbreviation: str, rules: TimeRules) -> int:
    """Return the instant of a local time; where the clocks showed it twice, the abbreviation says which of the two is meant."""
    if abbreviation in _UNIVERSAL or (not abbreviation and not rules.zone):
        return int(wall.replace(tzinfo=UTC).timestamp())
    if not rules.zone:
        raise _Unclear(f"is in the zone {abbreviation}, of which there are several; a mapping says which: zone = 'Europe/Berlin'")
    zone: ZoneInfo = zone_named(rules.zone)
    second = wall.replace(tzinfo=zone, fold=1)
    if abbreviation and second.tzname() == abbreviation:
        return int(second.timestamp())
    return instant_of(wall, zone)
