"""What could stand where the cursor is: suggestions for the console's filter, from text that need not be a whole query yet.

Offsets here count from 0, as an input widget does. The vocabulary decides which fields and values there are; ranking beyond
"begins with" before "contains" (from two letters on), and showing the list, is left to the widget.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Protocol

from deskterm.query.readings import unit_seconds
from deskterm.query.show import show_value
from deskterm.query.syntax import OPERATORS, SIGNS, field_end
from deskterm.query.terms import Value


class ValueType(StrEnum):
    """What a field holds, as far as completion cares."""

    TEXT = "text"
    CHOICE = "choice"
    REFERENCE = "reference"
    TRUTH = "truth"
    NUMBER = "number"
    DURATION = "duration"
    FUTURE = "future"
    """An instant that lies ahead, such as `due`."""
    PAST = "past"
    """An instant that has been, such as `created`."""


class Vocabulary(Protocol):
    """The words of one list: what may stand before and after a colon."""

    def fields(self) -> Mapping[str, ValueType]:
        """Return every field that this person may filter by."""
        ...

    def flags(self) -> Collection[str]:
        """Return the bare keywords."""
        ...

    def values(self, field: str, typed: str) -> Iterable[str]:
        """Return values of a choice or a reference that contain what is typed, in any case; must not block."""
        ...


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One way to go on."""

    text: str
    """What replaces the span, quoted where it has to be."""
    detail: str
    """A word or two to show beside it."""


@dataclass(frozen=True, slots=True)
class Completion:
    """Suggestions for `text[start:end]`; none where nothing can be guessed."""

    start: int
    end: int
    suggestions: tuple[Suggestion, ...] = ()


_TIMES = {
    "today": "the local day",
    "yesterday": "the local day",
    "week": "Monday to Sunday",
    "now": "this second",
    "now-1h": "an hour ago",
}
_LENGTHS = {"30m": "half an hour", "4h": "four hours", "2d": "48 hours", "1w": "seven days"}
_EXAMPLES: Mapping[ValueType, Mapping[str, str]] = {
    ValueType.FUTURE: {"<4h": "within four hours, or overdue", ">1d": "in more than a day", "tomorrow": "the local day"},
    ValueType.PAST: {"<4h": "less than four hours ago", ">2d": "more than two days ago"},
    ValueType.DURATION: {"<4h": "shorter than four hours", ">2d": "longer than two days", "1h..4h": "one to four hours"},
    ValueType.NUMBER: {"1..2": "from one to two", ">4": "more than four"},
    ValueType.TRUTH: {"yes": "it is so", "no": "it is not"},
}
_INSTANTS = frozenset({ValueType.FUTURE, ValueType.PAST})
_EMPTINESS = {"none": "is empty", "any": "is not empty"}
_MOST_VALUES = 500
"""How many values are asked of the vocabulary: enough to rank, few enough for every keystroke."""


@dataclass(slots=True)
class _Spot:
    """What surrounds the cursor."""

    word: int = 0
    """Where the word begins, behind its signs."""
    item: int = 0
    """Where the value, list item or end of a range begins, behind a comparison."""
    field: str | None = None
    quoted: bool = False
    compared: bool = False
    """A comparison or a range has begun."""
    low: str = ""
    """What stands before the two dots of a range."""

    def begin(self, at: int, group: str | None) -> None:
        """Start the next word; in a group it is a value."""
        self.word = self.item = at
        self.field, self.compared, self.low = group, False, ""


def complete(text: str, cursor: int, vocabulary: Vocabulary, *, limit: int = 20) -> Completion:
    """Suggest what may stand at the cursor, in one pass over the text.

    Args:
        text: the filter as it is now, however broken.
        cursor: the offset of the cursor, 0 to `len(text)`.
        vocabulary: fields, flags and values of the list.
        limit: how many suggestions to return at most.
    """
    cursor = max(0, min(cursor, len(text)))
    spot = _spot(text, cursor)
    if spot.field is None and (spot.quoted or text[spot.word : cursor].startswith('"')):
        return Completion(cursor, cursor)
    end = _end(text, cursor, spot)
    if spot.field is None:
        typed = text[spot.word : cursor]
        colon_follows = text[end - 1 : end] == ":" and end > cursor
        return Completion(spot.word, end, _ranked(_names(typed, vocabulary, colon_follows), typed, limit))
    typed = text[spot.item : cursor].removeprefix('"')
    return Completion(spot.item, end, _ranked(_values(typed, spot, vocabulary), typed, limit))


def _spot(text: str, cursor: int) -> _Spot:
    spot, groups = _Spot(), list[str | None]()
    colon: int | None = None
    at = 0
    while at < cursor:
        character = text[at]
        if at == spot.word:
            colon = field_end(text, at, cursor) if spot.field is None else None
        if spot.quoted:
            if character == "\\" and text[at + 1 : at + 2] in ('"', "\\"):
                at += 1
            spot.quoted = character != '"'
        elif character == '"':
            spot.quoted = True
        elif character.isspace() or character in "()":
            if character == "(":
                opens_group = spot.item == at and text[at - 1 : at] == ":"
                groups.append(spot.field if opens_group else groups[-1] if groups else None)
            elif character == ")" and groups:
                groups.pop()
            spot.begin(at + 1, groups[-1] if groups else None)
        elif at == spot.word and character in SIGNS:
            spot.begin(at + 1, spot.field)
        elif at == colon:
            spot.field, spot.item = text[spot.word : at].lower(), at + 1
        elif spot.field is not None:
            at = _in_value(text, at, spot)
        at += 1
    return spot


def _in_value(text: str, at: int, spot: _Spot) -> int:
    """Take one character of a value, or both dots of a range; return the offset of the last one taken."""
    if text[at] == ",":
        spot.item, spot.compared, spot.low = at + 1, False, ""
    elif text.startswith("..", at):
        spot.item, spot.compared, spot.low = at + 2, True, text[spot.item : at]
        return at + 1
    elif at == spot.item and (text[at] in "<>" or (text[at] == "=" and text[at - 1] in "<>")):
        spot.item, spot.compared = at + 1, True
    return at


def _end(text: str, cursor: int, spot: _Spot) -> int:
    """Find where the word or value under the cursor ends, so that it is replaced whole."""
    at = cursor
    if spot.quoted:
        while at < len(text) and text[at] != '"':
            at += 1
        closes = at < len(text) and (text[at + 1 : at + 2].isspace() or text[at + 1 : at + 2] in ("", ")", ",", "*"))
        return at + 1 if closes else cursor
    if spot.field is None:
        colon = field_end(text, spot.word, len(text))
        if colon is not None and colon >= cursor:
            return colon + 1
    while at < len(text) and not text[at].isspace() and text[at] not in '(),"' and not text.startswith("..", at):
        at += 1
    return at


def _names(typed: str, vocabulary: Vocabulary, colon_follows: bool) -> list[Suggestion]:
    found = [Suggestion(f"{name}:", str(kind)) for name, kind in sorted(vocabulary.fields().items())]
    if colon_follows:
        return found
    found += [Suggestion(flag, "flag") for flag in sorted(vocabulary.flags())]
    return found + [Suggestion(word, "operator") for word in sorted(OPERATORS) if typed and word.startswith(typed)]


def _values(typed: str, spot: _Spot, vocabulary: Vocabulary) -> list[Suggestion]:
    kind = vocabulary.fields().get(spot.field or "")
    if kind is None:
        return []
    if kind in (ValueType.CHOICE, ValueType.REFERENCE):
        texts = islice(vocabulary.values(spot.field or "", typed), _MOST_VALUES)
        found = [Suggestion(show_value(Value(text)), str(kind)) for text in texts]
    elif spot.compared:
        found = [Suggestion(text, detail) for text, detail in _bounds(kind, spot.low).items()]
    else:
        examples = [*_EXAMPLES.get(kind, {}).items(), *(_TIMES.items() if kind in _INSTANTS else ())]
        found = [Suggestion(text, detail) for text, detail in examples]
    if spot.compared or spot.quoted:
        return found
    return found + [Suggestion(text, detail) for text, detail in _EMPTINESS.items()]


def _bounds(kind: ValueType, low: str) -> Mapping[str, str]:
    """Say what can stand behind `<`, or behind the dots after `low`: a range does not mix times and lengths."""
    if kind is ValueType.DURATION:
        return _LENGTHS
    if kind not in _INSTANTS:
        return {}
    if low:
        return _LENGTHS if unit_seconds(low) is not None else _TIMES
    return _TIMES | _LENGTHS


def _ranked(found: Iterable[Suggestion], typed: str, limit: int) -> tuple[Suggestion, ...]:
    wanted = typed.casefold()
    begins, contains = [], []
    for suggestion in found:
        text = suggestion.text.removeprefix('"').casefold()
        if text.startswith(wanted):
            begins.append(suggestion)
        elif len(wanted) > 1 and wanted in text:
            contains.append(suggestion)
    return tuple((begins + contains)[:limit])
