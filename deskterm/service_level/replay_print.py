"""A replay as rows to read and as data for programs. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from deskterm.clock import format_instant
from deskterm.service_level.replay import Replay
from deskterm.service_level.replay_rules import Line, Tally, Verdict
from deskterm.service_level.review_print import percent

TARGETS = ("target", "met now", "late now", "in time now", "met then", "late then", "in time then")
MOVED = ("record", "priority", "metric", "as it was judged", "as proposed", "summary")


def heading(found: Replay) -> str:
    """Return what was tried on what."""
    period = f"from {format_instant(found.from_at)} to {format_instant(found.end_at)}"
    return f"{found.title}: {period}, {found.records:,} records looked at"


def target_rows(found: Replay) -> Iterator[tuple[str, ...]]:
    """Yield each target with both sides, and all of them together last."""
    for name, now, proposed in (*found.targets, ("all together", found.now, found.proposed)):
        yield (name, *_side(now), *_side(proposed))


def _side(one: Tally) -> tuple[str, str, str]:
    return str(one.met), str(one.missed), percent(one.percent)


def moved_rows(found: Replay) -> Iterator[tuple[str, ...]]:
    """Yield what changes sides, record by record."""
    for line in found.moved:
        cycle = f" {line.cycle}" if line.cycle > 1 else ""
        priority = "" if line.priority is None else str(line.priority)
        sides = (verdict_words(line.now), verdict_words(line.proposed))
        yield (line.number, priority, f"{line.metric}{cycle}", *sides, line.title)


def verdict_words(one: Verdict) -> str:
    """Return `missed 2026-10-01T10:00:00Z`."""
    return one.word if one.at is None else f"{one.word} {format_instant(one.at)}"


def as_json(found: Replay) -> dict[str, Any]:
    """Return a replay as data."""
    return {
        "proposal": found.title,
        "from": format_instant(found.from_at),
        "to": format_instant(found.end_at),
        "records": found.records,
        "clocks": len(found.lines),
        "now": _tally(found.now),
        "proposed": _tally(found.proposed),
        "rows": [{"target": name, "now": _tally(now), "proposed": _tally(then)} for name, now, then in found.targets],
        "moved": [_line(line) for line in found.moved],
    }


def _tally(one: Tally) -> dict[str, Any]:
    return {"met": one.met, "missed": one.missed, "open": one.open, "met_percent": one.percent}


def _line(line: Line) -> dict[str, Any]:
    about = {"number": line.number, "title": line.title, "priority": line.priority, "metric": line.metric, "cycle": line.cycle}
    return {**about, "now": _verdict(line.now), "proposed": _verdict(line.proposed)}


def _verdict(one: Verdict) -> dict[str, Any]:
    return {"verdict": one.word, "at": None if one.at is None else format_instant(one.at), "target": one.target or None}
