"""What raw values mean for a field of numbers, lengths of time, yes and no, choices or references: pure readers.

Points in time, which depend on the clock and the person's zone, are left to `deskterm.query.instants`; SQL is left to the
compiler. `intervals` joins an operator with one of the readers: `intervals(test.op, test.values, duration)`. The operators
EMPTY and PRESENT have no values and need no reading.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from typing import Generic, TypeVar

from deskterm.errors import BadQuery
from deskterm.query.terms import Op, Value, brief, like_pieces

MAX_DURATION_SECONDS = 100 * 366 * 86_400
_MAX_DIGITS = 18
"""What always fits the 64 bits of a database's integer."""
_UNIT_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
_TRUE, _FALSE = frozenset({"yes", "true", "1"}), frozenset({"no", "false", "0"})

N = TypeVar("N", int, float, Decimal)


@dataclass(frozen=True, slots=True)
class Interval(Generic[N]):
    """A stretch of numbers; an end that is `None` is open for ever, an end marked open does not belong to it."""

    low: N | None
    high: N | None
    low_open: bool = False
    high_open: bool = False


def number(value: Value) -> Decimal:
    """Read an exact number: digits with an optional sign and one point.

    Raises:
        BadQuery: it is none, or has more than eighteen digits before or after the point.
    """
    digits, point, places = value.text.removeprefix("-").partition(".")
    if not _is_digits(digits) or (point and not _is_digits(places)):
        raise BadQuery(f"{brief(value.text)} is not a number; write one like 4 or 12.50", column=value.column)
    if max(len(digits), len(places)) > _MAX_DIGITS:
        raise BadQuery(f"a number has at most {_MAX_DIGITS} digits; write a shorter one", column=value.column)
    return Decimal(value.text)


def whole(value: Value) -> int:
    """Read a whole number of at most eighteen digits, which fits any database's integer.

    Raises:
        BadQuery: it is none.
    """
    if not _is_digits(value.text.removeprefix("-")):
        raise BadQuery(f"{brief(value.text)} is not a whole number; write one like 4", column=value.column)
    return int(number(value))


def measured(value: Value) -> float:
    """Read a number that is compared with measurements.

    Raises:
        BadQuery: it is none.
    """
    return float(number(value))


def hundredths(value: Value) -> int:
    """Read an amount of money, in hundredths.

    Raises:
        BadQuery: it is no number, or finer than a hundredth.
    """
    amount = number(value).scaleb(2)
    if amount != amount.to_integral_value() or len(str(int(abs(amount)))) > _MAX_DIGITS:
        raise BadQuery(f"{brief(value.text)} is no amount; write one like 12.50", column=value.column)
    return int(amount)


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def duration(value: Value) -> int:
    """Read a length of time such as `90s`, `15m`, `4h`, `2d`, `1w` or `1h30m`, in whole seconds; a bare number is seconds.

    A day is 86,400 seconds and a week seven of them, whatever the calendar says.

    Raises:
        BadQuery: it is none, or longer than a century.
    """
    seconds = whole(value) if _is_digits(value.text) else unit_seconds(value.text)
    if seconds is None:
        raise BadQuery(f"{brief(value.text)} is not a length of time; write one like 4h or 2d", column=value.column)
    if seconds > MAX_DURATION_SECONDS:
        raise BadQuery("a length of time is a century at most; write a shorter one", column=value.column)
    return seconds


def unit_seconds(text: str) -> int | None:
    """Add up numbers with their units, `1h30m` is 5,400 seconds; anything else is `None`, any excess one past the maximum."""
    total, digits = 0, ""
    for character in text.lower():
        if _is_digits(character):
            digits += character
        elif digits and character in _UNIT_SECONDS:
            total += int(digits[:_MAX_DIGITS]) * _UNIT_SECONDS[character]
            digits = ""
        else:
            return None
    return None if digits or not text else min(total, MAX_DURATION_SECONDS + 1)


def truth(value: Value) -> bool:
    """Read `yes` or `no` (also `true`, `false`, `1`, `0`).

    Raises:
        BadQuery: it is neither.
    """
    word = value.text.lower()
    if word not in _TRUE | _FALSE:
        raise BadQuery(f"{brief(value.text)} is neither yes nor no; write one of them", column=value.column)
    return word in _TRUE


@dataclass(frozen=True, slots=True)
class Reference:
    """How a record is referred to: by number, by a unique name, or as the person who asks."""

    text: str
    """A number in capitals, a name as it was written."""
    is_me: bool = False
    may_be_number: bool = False
    """It has the shape of a number such as `INC-20412`; a name may have that shape as well."""


def reference(value: Value) -> Reference:
    """Read a reference; a quoted one is a name, whatever it looks like."""
    if value.quoted:
        return Reference(value.text)
    letters, dash, digits = value.text.rpartition("-")
    is_number = bool(dash) and letters.isascii() and letters.replace("-", "").isalpha() and _is_digits(digits)
    return Reference(value.text.upper() if is_number else value.text, value.text == "me", is_number)


def intervals(op: Op, values: Sequence[Value], read: Callable[[Value], N]) -> tuple[Interval[N], ...]:
    """Turn a comparison into stretches of numbers of which one must hold the field, each value read by `read`.

    Raises:
        BadQuery: a range runs backwards, a wildcard stands where numbers are compared, or `read` refuses.
    """
    points = [read(value) for value in values] if op is not Op.LIKE else []
    match op, points:
        case ((Op.EQ | Op.IN), _):
            return tuple(Interval(point, point) for point in points)
        case Op.LT, [point]:
            return (Interval(None, point, high_open=True),)
        case Op.LE, [point]:
            return (Interval(None, point),)
        case Op.GT, [point]:
            return (Interval(point, None, low_open=True),)
        case Op.GE, [point]:
            return (Interval(point, None),)
        case Op.BETWEEN, [low, high]:
            if low > high:
                raise backwards(values)
            return (Interval(low, high),)
    raise no_number(values)


def backwards(values: Sequence[Value]) -> BadQuery:
    """Say that a range runs from high to low."""
    low, high = (value.text for value in values)
    return BadQuery(f"this range runs backwards; write {brief(high)}..{brief(low)}", column=values[0].column)


def no_number(values: Sequence[Value]) -> BadQuery:
    """Say that a wildcard cannot stand here."""
    return BadQuery("a star needs a field of text; write a value, a range or a comparison", column=values[0].column)


def choices(op: Op, values: Sequence[Value], options: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Look values up among what a field can hold, in any case.

    Args:
        op: EQ, IN, or LIKE.
        values: what was written.
        options: what may be written, each with the stored values it stands for, such as `open` for every unfinished state.

    Returns:
        The stored values, each once, in the order of `options` under LIKE and as written otherwise.

    Raises:
        BadQuery: a value is none of them (the message names the nearest), or they are to be compared by size.
    """
    if op not in (Op.EQ, Op.IN, Op.LIKE):
        raise BadQuery("this field knows no larger or smaller; list the values, as in new,held", column=values[0].column)
    by_name = {name.casefold(): tuple(stored) for name, stored in options.items()}
    found: dict[str, None] = {}
    for value in values:
        wanted = value.text.casefold()
        if op is Op.LIKE:
            pieces = like_pieces(Value(wanted, value.quoted))
            names = [name for name in by_name if _fits(name, pieces)]
        else:
            names = [wanted] if wanted in by_name else []
        if not names:
            raise BadQuery(f"{brief(value.text)} is not known here; {_hint(wanted, options)}", column=value.column)
        found.update(dict.fromkeys(stored for name in names for stored in by_name[name]))
    return tuple(found)


def _fits(name: str, pieces: Sequence[str]) -> bool:
    first, *middle, last = pieces
    if not name.startswith(first) or not name.endswith(last):
        return False
    at, end = len(first), len(name) - len(last)
    for piece in middle:
        at = name.find(piece, at, end)
        if at < 0:
            return False
        at += len(piece)
    return at <= end


def _hint(wanted: str, options: Mapping[str, Sequence[str]]) -> str:
    near = get_close_matches(wanted[:40], options, n=1)
    return f"did you mean {near[0]}?" if near else f"choose from {', '.join(sorted(options)[:12])}"
