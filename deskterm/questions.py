"""What every question to `deskterm calc` shares: fields that are checked one by one, instants, calendars, exact figures.

An instant without an offset is local time of the question's calendar, as people write it ("Mon 17:00"); without a
calendar it is UTC. What is asked belongs to the process (`deskterm/<process>/schema.py`); this knows none of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from deskterm.calendars import ALWAYS, Calendar
from deskterm.civil_time import read_instant, require_reckonable
from deskterm.clock import parse_instant
from deskterm.errors import InvalidInput
from deskterm.intervals import Interval

Seconds = Annotated[int, Field(strict=True, ge=0, le=10**11)]
"""A duration in whole seconds, up to some three thousand years."""
Given = Annotated[str, Field(strict=True)]
"""An instant as it was written."""
Figure = Annotated[float, Field(strict=True, allow_inf_nan=False)]
"""A measurement: any number that is one."""

MOST_DECIMALS = 40
"""Decimals that an exact figure may have; a float that somebody printed has 17 digits."""


def _exact(value: object) -> Decimal:
    """Take a number, or one in text, for exactly the decimal that was written."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError("must be a number")
    try:
        figure = Decimal(str(value).strip().replace("_", "x"))  # Decimal reads 1_000; people mean something else by it
    except InvalidOperation:
        raise ValueError("must be a number") from None
    if not figure.is_finite():
        raise ValueError("must be a finite number")
    if figure and figure.adjusted() > 15:
        raise ValueError("must be below 10 to the power of 16")
    exponent = figure.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -MOST_DECIMALS:
        raise ValueError(f"must not have more than {MOST_DECIMALS} decimals")
    return figure


Exact = Annotated[Decimal, BeforeValidator(_exact)]
"""An exact figure: what was typed, digit by digit, never the nearest binary fraction."""


class Question(BaseModel):
    """One line of input; what it does not know is refused, for a misspelt `pauses` would give a wrong figure."""

    model_config = ConfigDict(extra="forbid", frozen=True, serialize_by_alias=True)

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> Self:
        """Check a line.

        Raises:
            InvalidInput: a field is missing, unknown or wrong; `fields` names each.
        """
        try:
            return cls.model_validate(given)
        except ValidationError as problem:
            wrong = {".".join(map(str, each["loc"])): _told(each) for each in problem.errors()}
        place, rule = next(iter(wrong.items()))
        raise InvalidInput(f"{place} {rule}", fields=wrong)


def calendar_at(place: str, given: object) -> Calendar:
    """Read the calendar in a field of a question.

    Raises:
        InvalidInput: it is wrong; `fields` says where below `place`.
    """
    try:
        return _calendar(json.dumps(given))
    except InvalidInput as refusal:
        wrong = {
            at if at == place else place if at == "calendar" else f"{place}.{at}": rule for at, rule in refusal.fields.items()
        }
        raise InvalidInput(f"{place}: {refusal.message.removeprefix('calendar: ')}", fields=wrong) from None


def instant_at(place: str, text: str, calendar: Calendar = ALWAYS) -> int:
    """Read the instant in a field of a question, local to a calendar unless it says otherwise.

    Raises:
        InvalidInput: it is none, or outside the years that calendars reckon with; `fields` names the place.
    """
    try:
        at = read_instant(text, calendar.zone_at(parse_instant(text)))
    except InvalidInput as refusal:
        raise InvalidInput(f"{place}: {refusal.message}", fields={place: refusal.message}) from None
    require_reckonable(**{place: at})
    return at


def stretches_at(place: str, pairs: Iterable[tuple[str, str]], calendar: Calendar = ALWAYS) -> list[Interval]:
    """Read the stretches of time in a field of a question, in the order given.

    Raises:
        InvalidInput: one is no pair of instants, or ends before it starts.
    """
    found = []
    for number, (start, end) in enumerate(pairs):
        stretch = Interval(instant_at(f"{place}.{number}.0", start, calendar), instant_at(f"{place}.{number}.1", end, calendar))
        if stretch.end < stretch.start:
            where = f"{place}.{number}"
            raise InvalidInput(f"{where} ends before it starts", fields={where: "ends before it starts"})
        found.append(stretch)
    return found


def number(exact: Fraction | Decimal | None) -> int | float | None:
    """Write an exact figure as JSON does: a whole number as one, anything else as the nearest float; None is null."""
    if exact is None:
        return None
    return int(exact) if exact == int(exact) else float(exact)


def refuse(place: str, rule: str) -> InvalidInput:
    """Make the refusal of one field: a sentence that begins with the field."""
    return InvalidInput(f"{place} {rule}", fields={place: rule})


@lru_cache(maxsize=64)
def _calendar(text: str) -> Calendar:
    """Keep calendars between lines: thousands of questions usually share one, with all it has worked out."""
    return Calendar.from_json(json.loads(text))


_RULES = {
    "missing": "is required",
    "extra_forbidden": "is not a field of this function",
    "string_type": "must be text",
    "list_type": "must be a list",
    "tuple_type": "must be a list",
    "dict_type": "must be an object",
    "model_type": "must be an object",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "finite_number": "must be a finite number",
    "greater_than_equal": "must be {ge} or more",
    "less_than_equal": "must be {le} or less",
    "too_short": "must hold {min_length} or more",
    "too_long": "must hold {max_length} at most",
    "value_error": "{error}",
}
"""What is said of a violation, as the end of a sentence that begins with the field; in the words of JSON, not of Python."""


def _told(violation: ErrorDetails) -> str:
    rule = _RULES.get(violation["type"])
    if rule is not None:
        return rule.format(**violation.get("ctx", {}))
    message = violation["msg"]
    return f"{message[0].lower()}{message[1:]}".replace("input should be", "must be")
