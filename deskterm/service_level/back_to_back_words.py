"""The back-to-back check in words: the arithmetic of each finding as a person reads it and as scripts do. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from deskterm.clock import format_instant
from deskterm.fields import show_duration
from deskterm.service_level.back_to_back import PRIORITIES, Finding, Support


def covered(one: Finding) -> str:
    """Return which priorities it is about: `P1, P2`."""
    return ", ".join(f"P{number}" for number in one.priorities)


def named(one: Finding) -> str:
    """Return the target and the priorities it is about, those its name does not tell already."""
    told = covered(one)
    plain = not told or one.target.endswith(f", {told}") or len(one.priorities) == len(PRIORITIES)
    return one.target if plain else f"{one.target} ({told})"


def margin(one: Finding) -> str:
    """Return what is left, or how much too late it is."""
    if one.spare_percent is not None:
        return f"{one.spare_percent:+g} % points"
    if one.walk is None:
        return "n/a"
    left = one.margin_seconds
    if left is None:
        return "never" if not one.walk.fits else "no limit"
    return show_duration(left) if left >= 0 else f"-{show_duration(-left)}"


def step(one: Support) -> str:
    """Return a step of the path: `OLA Network: resolution 4 h, P1, P2`."""
    return f"{one.agreement}: {one.target}"


def arithmetic(one: Finding, tz: str) -> Iterator[str]:
    """Yield the worst case line by line: when it begins, when each step ends, when the promise is used up."""
    if one.spare_percent is not None:
        yield f"what supports may lose in a row leaves {one.spare_percent:+g} percent points of what this one may"
        return
    if one.walk is None:
        whom = f" for {covered(one)}" if one.priorities else ""
        yield f"nothing stands behind it{whom}: no OLA or UC has a target for its {one.metric}"
        return
    yield f"begun {moment(one.walk.start_at, tz)}"
    for support, end in zip(one.path, one.walk.ends, strict=True):
        ended = "never used up within ten years" if end is None else f"used up {moment(end, tz)}"
        yield f"{step(support)} ({support.type.upper()}): {ended}"
    limit = one.walk.limit_at
    yield f"{one.target} ({one.agreement}): " + ("never used up" if limit is None else f"used up {moment(limit, tz)}")
    left = one.margin_seconds
    if left is not None:
        yield f"{show_duration(abs(left))} {'to spare' if left >= 0 else 'too late'}"


def moment(at: int, tz: str) -> str:
    """Return an instant with its weekday, for calendars are about those."""
    return f"{datetime.fromtimestamp(at, ZoneInfo(tz)):%a %Y-%m-%d %H:%M:%S}".removesuffix(":00")


def as_json(one: Finding) -> dict[str, Any]:
    """Return a finding as data."""
    walk = one.walk
    return {
        "agreement": one.agreement,
        "agreement_number": one.agreement_number,
        "target": one.target,
        "target_number": one.target_number,
        "metric": one.metric,
        "priorities": list(one.priorities),
        "verdict": one.verdict,
        "margin_seconds": one.margin_seconds,
        "spare_percent": one.spare_percent,
        "starts_at": None if walk is None else format_instant(walk.start_at),
        "limit_at": None if walk is None or walk.limit_at is None else format_instant(walk.limit_at),
        "steps": [
            {
                "agreement": support.agreement, "agreement_number": support.number, "target": support.target,
                "type": support.type, "line": support.line, "ends_at": None if end is None else format_instant(end),
            }
            for support, end in zip(one.path, walk.ends if walk is not None else (), strict=True)
        ],
    }  # fmt: skip
