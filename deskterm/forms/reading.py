"""From what is typed in a field to what it means: a value for the desk, words for the person. Needs no database.

It helps while typing; the desk checks again when it writes, and its word is the last.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

from deskterm.errors import InvalidInput
from deskterm.fields import as_list, parse_duration, show_duration
from deskterm.forms.moments import EXAMPLES, read_moment, say_moment
from deskterm.forms.schema import Answer, FieldKind, FormField, Reading, matching

_CLOCK = re.compile(r"(\d{1,4}):([0-5]\d)")
_YES = frozenset({"yes", "y", "true", "on", "1", "x", "ja", "j"})
_NO = frozenset({"no", "n", "false", "off", "0", "nein"})


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the fields of one person's forms."""

    now: Callable[[], int]
    """The present instant."""
    tz: str = "UTC"

    def __call__(self, field: FormField, answer: Answer) -> Reading:
        """Return what an answer means. An empty field is nothing; whether it may be is not asked here."""
        text = answer.text.strip()
        if not text:
            return Reading()
        match field.kind:
            case FieldKind.INSTANT:
                return self._instant(field, text)
            case FieldKind.DURATION:
                return _duration(text)
            case FieldKind.NUMBER:
                return _number(field, text)
            case FieldKind.CHOICE | FieldKind.SCALE:
                return _choice(field, text)
            case FieldKind.FLAG:
                return _flag(text)
            case FieldKind.REFERENCE:
                return Reading(answer.picks.get(text, text))
            case FieldKind.REFERENCES:
                parts = (part.strip() for part in text.split(";"))
                return Reading([answer.picks.get(part, part) for part in parts if part])
            case FieldKind.LIST:
                return _list(text)
            case FieldKind.JSON:
                return _json(text)
            case _:
                return Reading(text)

    def _instant(self, field: FormField, text: str) -> Reading:
        now = self.now()
        try:
            at = read_moment(text, now=now, tz=self.tz, future=field.future)
        except InvalidInput as problem:
            return Reading(error=problem.message)
        return Reading(at, say_moment(at, now=now, tz=self.tz))


EXPECTED: dict[FieldKind, str] = {
    FieldKind.INSTANT: EXAMPLES,
    FieldKind.DURATION: "90s, 15m, 4h, 1h 30m or 1:30",
    FieldKind.FLAG: "yes or no",
    FieldKind.JSON: "JSON",
    FieldKind.LIST: "words, separated by commas",
    FieldKind.REFERENCES: "names or numbers, separated by semicolons",
}
"""What a good answer looks like, by kind of field."""


def _duration(text: str) -> Reading:
    found = _CLOCK.fullmatch(text)
    try:
        seconds = int(found[1]) * 3600 + int(found[2]) * 60 if found else parse_duration(text.casefold())
    except ValueError as problem:
        return Reading(error=str(problem))
    return Reading(seconds, show_duration(seconds) + " h" if seconds >= 60 else f"{seconds} s")


def _number(field: FormField, text: str) -> Reading:
    low, high = field.low, field.high
    said = (
        f"must be a whole number from {low:,} to {high:,}" if low is not None and high is not None else "must be a whole number"
    )
    try:
        number = int(text) if len(text) <= 20 else None
    except ValueError:
        number = None
    if number is None or (low is not None and number < low) or (high is not None and number > high):
        return Reading(error=said)
    return Reading(number)


def _choice(field: FormField, text: str) -> Reading:
    wanted = text.casefold()
    exact = [o for o in field.options if wanted in (o.value.casefold(), o.label.casefold(), o.label.partition(" ")[2].casefold())]
    near = exact or matching(field.options, text)
    if len(near) != 1:
        what = (
            "could mean " + ", ".join(o.label for o in near)
            if near
            else "must be one of " + ", ".join(o.label for o in field.options)
        )
        return Reading(error=what)
    value, detail = near[0].value, near[0].detail
    echo = ", ".join(part for part in ("" if exact else near[0].label, detail) if part)
    return Reading(int(value) if field.kind is FieldKind.SCALE else value, echo)


def _flag(text: str) -> Reading:
    word = text.casefold()
    if word in _YES or word in _NO:
        return Reading(word in _YES)
    return Reading(error="must be yes or no")


def _list(text: str) -> Reading:
    try:
        return Reading(as_list(text))
    except ValueError as problem:
        return Reading(error=str(problem))


def _json(text: str) -> Reading:
    try:
        return Reading(json.loads(text))
    except json.JSONDecodeError as problem:
        return Reading(error=f"is not JSON: {problem.msg.lower()} (line {problem.lineno}, column {problem.colno})")
    except RecursionError:
        return Reading(error="is nested too deeply")
