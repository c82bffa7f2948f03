"""Wall-clock time to instants and back: the one place where summer time and zone changes are decided.

The rule, for a local time that is not exactly one instant:

- One that the clocks skip (spring forward) is read with the offset in force before the change, so it falls as far
  after the change as it would have been after its start: 02:30 becomes 03:30 summer time.
- One that occurs twice (fall back) is the first occurrence.
- A civil day runs from its own midnight to the next day's, so it has 23, 24 or 25 hours; a date that a zone left out
  altogether (Apia, 30 December 2011) has none.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from deskterm.clock import parse_instant
from deskterm.errors import InvalidInput

EARLIEST = int(datetime(1900, 1, 1, tzinfo=UTC).timestamp())
"""Calendars reckon from here, the first instant of 1900 …"""
LATEST = int(datetime(2200, 1, 1, tzinfo=UTC).timestamp())
"""… up to here, the first instant of 2200."""

ONE_DAY = timedelta(days=1)
DAY_SECONDS = 86_400

_NOT_IANA = frozenset({"localtime", "posixrules", "posix", "right"})
"""Files that lie among the zones but depend on the machine."""


def zone_named(key: str) -> ZoneInfo:
    """Return the IANA zone of that name.

    Raises:
        InvalidInput: there is no such zone.
    """
    try:
        if key.partition("/")[0] in _NOT_IANA:
            raise KeyError(key)
        return ZoneInfo(key)
    except (KeyError, ValueError, OSError):  # unknown; not a plain name; a folder, or a name no file can have
        raise InvalidInput(f"{key[:60]!r} is not an IANA time zone; write one such as Europe/Berlin") from None


def instant_of(wall: datetime, zone: ZoneInfo) -> int:
    """Return the instant of a naive local time, by the rule above."""
    return int(wall.replace(tzinfo=zone, fold=0).timestamp())


def read_instant(text: str, zone: ZoneInfo) -> int:
    """Read ISO 8601 text; without an offset it is local time in `zone`, and a date alone is its midnight there.

    Raises:
        InvalidInput: the text is not an ISO 8601 date or instant.
    """
    at = parse_instant(text)
    if datetime.fromisoformat(text.strip()).tzinfo is not None:
        return at
    return instant_of(datetime.fromtimestamp(at, UTC).replace(tzinfo=None), zone)


def midnight(day: date, zone: ZoneInfo) -> int:
    """Return the first instant of a civil day."""
    return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp())


def wall_of(at: int, zone: ZoneInfo) -> datetime:
    """Return the local time of an instant, naive, to the second."""
    return datetime.fromtimestamp(at, zone).replace(tzinfo=None, fold=0)


def date_of(at: int, zone: ZoneInfo) -> date:
    """Return the civil day whose `[midnight, next midnight)` holds the instant.

    It differs from the wall's date where clocks changed across midnight (St John's until 2011 fell back at 00:01): the
    repeated minutes before midnight belong to the day that had already begun.
    """
    day = datetime.fromtimestamp(at, zone).date()
    while at < midnight(day, zone):
        day -= ONE_DAY
    while midnight(day + ONE_DAY, zone) <= at:
        day += ONE_DAY
    return day


def require_reckonable(**instants: int) -> None:
    """Refuse instants outside the years that calendars reckon with, naming the argument.

    Raises:
        InvalidInput: an instant lies before 1900 or after 2199.
    """
    for name, at in instants.items():
        if not EARLIEST <= at <= LATEST:
            message = "calendars reckon with the years 1900 to 2199 only"
            raise InvalidInput(f"{name.replace('_', ' ')}: {message}", fields={name: message})
