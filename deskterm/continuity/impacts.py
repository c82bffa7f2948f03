"""What an outage costs the business over time, as people write it and as it is stored. Pure.

Stored is, by category, a list of `[after_seconds, level]`, the soonest first: from an outage of that length on the impact is
that bad. Levels go from 0, none, to 5, catastrophic.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from deskterm.errors import InvalidInput
from deskterm.fields.times import parse_duration

LEVELS = ("none", "minor", "moderate", "serious", "severe", "catastrophic")
HIGHEST = len(LEVELS) - 1
EXAMPLE = '{"financial": [["0", 1], ["4h", 2], ["24h", 4]]}'
MOST = 50
"""Ratings of one category, and categories."""
_TIMES = ("after_seconds", "after", "at_seconds", "at", "seconds", "time")
_RATES = ("level", "impact", "rating", "value")


def read_impacts(given: object) -> dict[str, list[list[int]]]:
    """Return ratings as they are stored.

    Takes by category a list of `[after, level]`, a map of `after` to `level`, or a list of objects with `after` and `level`;
    also one list of such objects that name their `category`. Times are seconds or texts such as `4h`.

    Raises:
        InvalidInput: it says which rating is wrong.
    """
    found: dict[str, dict[int, int]] = {}
    for category, after, level in _ratings(given):
        ratings = found.setdefault(category, {})
        if ratings.get(after, level) != level:
            raise _wrong(f"{category} has two levels after {after} seconds")
        ratings[after] = level
    if not found:
        raise _wrong(f"must be JSON such as {EXAMPLE}")
    if len(found) > MOST or any(len(ratings) > MOST for ratings in found.values()):
        raise _wrong(f"takes at most {MOST} categories of {MOST} ratings")
    return {category: [[after, level] for after, level in sorted(ratings.items())] for category, ratings in found.items()}


def _ratings(given: object) -> Iterator[tuple[str, int, int]]:
    if isinstance(given, Mapping):
        for category, ratings in given.items():
            for after, level in _of_category(str(category), ratings):
                yield _category(category), _seconds(after, str(category)), _level(level, str(category))
        return
    if not isinstance(given, list | tuple):
        raise _wrong(f"must be JSON such as {EXAMPLE}")
    for one in given:
        if isinstance(one, Mapping):
            category = _category(one.get("category", "overall"))
            after, level = _pair(one, category)
        elif isinstance(one, list | tuple) and len(one) == 2:
            category, (after, level) = "overall", one
        else:
            raise _wrong(f"{one!r} is no rating; write [after, level]")
        yield category, _seconds(after, category), _level(level, category)


def _of_category(category: str, ratings: object) -> Iterable[tuple[object, object]]:
    if isinstance(ratings, Mapping):
        return list(ratings.items())
    if not isinstance(ratings, list | tuple):
        raise _wrong(f"{category} must be a list of [after, level]")
    return [_pair(one, category) for one in ratings]


def _pair(one: object, category: str) -> tuple[object, object]:
    if isinstance(one, list | tuple) and len(one) == 2:
        return one[0], one[1]
    if isinstance(one, Mapping):
        after = next((one[name] for name in _TIMES if name in one), None)
        level = next((one[name] for name in _RATES if name in one), None)
        if after is not None and level is not None:
            return after, level
    raise _wrong(f"{category}: {one!r} is no rating; write [after, level]")


def _category(name: object) -> str:
    text = str(name).strip()
    if not text or len(text) > 60 or "\x00" in text:
        raise _wrong("a category has a name of 1 to 60 characters")
    return text


def _seconds(after: object, category: str) -> int:
    try:
        seconds = parse_duration(int(after) if isinstance(after, float) and after.is_integer() else after)
    except ValueError as problem:
        raise _wrong(f"{category}: {after!r} {problem}") from None
    if not 0 <= seconds <= 2**31 - 1:
        raise _wrong(f"{category}: {after!r} is no length of time")
    return seconds


def _level(level: object, category: str) -> int:
    text = str(level).strip().casefold()
    if text in LEVELS:
        return LEVELS.index(text)
    if isinstance(level, bool) or not text.isdigit() or not 0 <= int(text) <= HIGHEST:
        raise _wrong(f"{category}: {level!r} is no level; there are 0 (none) to {HIGHEST} ({LEVELS[-1]})")
    return int(text)


def _wrong(message: str) -> InvalidInput:
    return InvalidInput(message, fields={"impacts": message})


def shown(impacts: Any) -> str:
    """Return stored ratings in words: `financial 1 at once, 2 after 4:00, 4 after 24:00`."""
    if not isinstance(impacts, Mapping):
        return ""
    parts = []
    for category, ratings in impacts.items():
        said = ", ".join(f"{level} {after_text(after)}" for after, level in ratings)
        parts.append(f"{category} {said}")
    return "; ".join(parts)


def after_text(seconds: int) -> str:
    """Return how long an outage lasts: `at once`, `after 4:00`."""
    from deskterm.fields.times import show_duration

    return "at once" if seconds == 0 else f"after {show_duration(seconds)}"
