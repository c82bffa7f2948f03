"""Points in time and lengths of time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from deskterm.clock import format_instant, parse_instant
from deskterm.errors import DeskError
from deskterm.fields.base import FieldType, Names


@dataclass(frozen=True, slots=True)
class Instant(FieldType):
    """A point in time: whole seconds since the epoch; `future` fields are looked at ahead (due), others back (created)."""

    word: ClassVar[str] = "instant"
    numeric: ClassVar[bool] = True
    future: bool = False

    @property
    def expects(self) -> str:
        """Say what a good value is."""
        return "an instant such as 2026-11-22T14:02:00Z"

    def annotation(self) -> Any:
        """Return the pydantic annotation."""
        from pydantic import BeforeValidator

        def read(value: object) -> int:
            if isinstance(value, int) and not isinstance(value, bool):
                return value
            try:
                return parse_instant(str(value))
            except DeskError as problem:
                raise ValueError(problem.message) from None

        return Annotated[int, BeforeValidator(read)]

    def export(self, value: Any, names: Names) -> object:
        """Return ISO 8601 UTC."""
        return None if value is None else format_instant(value)

    def show(self, value: Any, names: Names) -> str:
        """Return ISO 8601 UTC."""
        return "" if value is None else format_instant(value)


_DURATION = re.compile(r"\s*(\d+)\s*([smhdw]?)\s*")
_UNIT = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}


def parse_duration(raw: object) -> int:
    """Read seconds from `90`, `15m`, `4h`, `1h 30m`, `2d`.

    Raises:
        ValueError: it is none of these.
    """
    if isinstance(raw, int) and not isinstance(raw, bool):
        return raw
    text, total, at = str(raw), 0, 0
    while at < len(text):
        match = _DURATION.match(text, at)
        if not match or match.end() == at:
            break
        total += int(match[1]) * _UNIT[match[2]]
        at = match.end()
    if not text.strip() or at < len(text):
        raise ValueError("must be a duration such as 90s, 15m, 4h or 1h 30m")
    return total


def show_duration(seconds: int) -> str:
    """Write a duration in hours and minutes (`3:12`), with days from 48 hours on (`2d 04:00`)."""
    sign, rest = ("-", -seconds) if seconds < 0 else ("", seconds)
    hours, minutes = rest // 3600, rest % 3600 // 60
    return f"{sign}{hours // 24}d {hours % 24:02d}:{minutes:02d}" if hours >= 48 else f"{sign}{hours}:{minutes:02d}"


@dataclass(frozen=True, slots=True)
class Duration(FieldType):
    """A length of time in whole seconds."""

    word: ClassVar[str] = "duration"
    numeric: ClassVar[bool] = True

    @property
    def expects(self) -> str:
        """Say what a good value is."""
        return "a duration such as 90s, 15m, 4h or 1h 30m"

    def annotation(self) -> Any:
        """Return the pydantic annotation."""
        from pydantic import BeforeValidator
        from pydantic import Field as Bound

        return Annotated[int, Bound(ge=0, le=2**31 - 1), BeforeValidator(parse_duration)]

    def show(self, value: Any, names: Names) -> str:
        """Return hours and minutes."""
        return "" if value is None else show_duration(value)
