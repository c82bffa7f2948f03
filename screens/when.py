"""Instants and durations as people at the desk read them: local, short, relative where that says more. Pure."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@lru_cache(maxsize=32)
def zone(tz: str) -> ZoneInfo:
    """Return a time zone, UTC for one that is not known here."""
    try:
        return ZoneInfo(tz)
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")


def local(at: int, tz: str) -> datetime:
    """Return an instant (seconds since the epoch) in a time zone."""
    return datetime.fromtimestamp(at, zone(tz))


def clock_time(at: int, tz: str) -> str:
    """Return `14:02`."""
    return f"{local(at, tz):%H:%M}"


def day(at: int, tz: str) -> str:
    """Return `Wed 25 Nov`."""
    moment = local(at, tz)
    return f"{DAYS[moment.weekday()]} {moment.day} {MONTHS[moment.month - 1]}"


def short(at: int, now: int, tz: str) -> str:
    """Return the least that says when: `14:02` today, `Wed 14:02` in the coming six days, else `25 Nov 14:02`, `25 Nov 2025`.

    A bare weekday is always ahead: what is past has its date, so that last Wednesday is never taken for the next one.
    """
    moment, today = local(at, tz), local(now, tz)
    away = (moment.date() - today.date()).days
    if away == 0:
        return f"{moment:%H:%M}"
    if 0 < away < 7:
        return f"{DAYS[moment.weekday()]} {moment:%H:%M}"
    if moment.year == today.year:
        return f"{moment.day} {MONTHS[moment.month - 1]} {moment:%H:%M}"
    return f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}"


def full(at: int, tz: str) -> str:
    """Return `Wed 2026-11-25 14:02`."""
    moment = local(at, tz)
    return f"{DAYS[moment.weekday()]} {moment:%Y-%m-%d %H:%M}"


def length(seconds: int) -> str:
    """Return a duration as hours and minutes, `3:12`; the sign is a real minus."""
    rest = abs(seconds)
    return f"{'−' if seconds < 0 else ''}{rest // 3600}:{rest % 3600 // 60:02}"  # noqa: RUF001


def ago(at: int, now: int) -> str:
    """Return how long ago in one unit: `3 min`, `5 h`, `12 d`."""
    seconds = max(0, now - at)
    if seconds < 3600:
        return f"{seconds // 60} min"
    return f"{seconds // 3600} h" if seconds < 2 * 86400 else f"{seconds // 86400} d"
