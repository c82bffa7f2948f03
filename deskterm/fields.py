"""What a field of a record can be: its type says how it is read, checked, stored, shown, queried and offered in a form.

A kind is declared from these, and every face (form, column, command line, JSON, import, search, help) follows. pydantic does the
checking, behind one adapter per type that is built when first used, so that declaring hundreds of fields costs nothing at start.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from deskterm.clock import format_instant, parse_instant
from deskterm.errors import DeskError

if TYPE_CHECKING:
    from pydantic import TypeAdapter

TEXT_LIMIT = 100_000
"""Longest text any field takes, in characters."""

_NUL = "\x00"


@dataclass(frozen=True, slots=True)
class Named:
    """What a reference shows of the record it points at."""

    number: str
    title: str


Names = Mapping[int, Named]


class FieldType:
    """How values of one sort behave. Subclasses are frozen dataclasses, so that equal types share one adapter."""

    word: ClassVar[str] = "text"
    """What `deskterm fields` calls it."""
    numeric: ClassVar[bool] = False
    """Right-aligned, and compared by size."""

    @property
    def expects(self) -> str:
        """Say what a good value is, as the second half of "summary must be …"."""
        return "text"

    def annotation(self) -> Any:
        """Return the pydantic annotation that reads and checks a value."""
        return str

    def parse(self, raw: object) -> Any:
        """Return the stored form of a raw value.

        Raises:
            ValueError: with one sentence that says what is wrong.
        """
        from pydantic import ValidationError

        try:
            return _adapter(self).validate_python(raw)
        except ValidationError as problem:
            first = problem.errors(include_url=False, include_input=False)[0]
            cause = first.get("ctx", {}).get("error")
            raise ValueError(str(cause) if cause else f"must be {self.expects}") from None

    def export(self, value: Any, names: Names) -> object:
        """Return the value as JSON shows it."""
        return value

    def show(self, value: Any, names: Names) -> str:
        """Return the value as a person reads it; empty for nothing."""
        return "" if value is None else str(value)


@lru_cache(maxsize=512)
def _adapter(kind: FieldType) -> TypeAdapter[Any]:
    from pydantic import TypeAdapter

    return TypeAdapter(kind.annotation())


def _clean(value: object, limit: int, lines: bool) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError("must be text")
    text = str(value)
    if _NUL in text:
        raise ValueError("holds a NUL character, which no database can store; remove it")
    if any("\ud800" <= c <= "\udfff" for c in text):
        raise ValueError("holds half a character (a lone surrogate); it is not valid Unicode")
    text = unicodedata.normalize("NFC", text).strip()
    if len(text) > limit:
        raise ValueError(f"is {len(text):,} characters long, at most {limit:,} fit; attach or shorten it")
    if not lines and ("\n" in text or "\r" in text):
        raise ValueError("must be a single line")
    return text


@dataclass(frozen=True, slots=True)
class Text(FieldType):
    """A text; one line unless `lines`."""

    limit: int = 255
    lines: bool = False

    @property
    def expects(self) -> str:
        """Say what a good value is."""
        return f"text of at most {self.limit:,} characters" + ("" if self.lines else " on one line")

    def annotation(self) -> Any:
        """Return the pydantic annotation."""
        from pydantic import BeforeValidator

        return Annotated[str, BeforeValidator(lambda value: _clean(value, self.limit, self.lines))]


def long_text(limit: int = TEXT_LIMIT) -> Text:
    """Return the type of a text of several lines."""
    return Text(limit, lines=True)


@dataclass(frozen=True, slots=True)
class Whole(FieldType):
    """A whole number within bounds."""

    word: ClassVar[str] = "number"
    numeric: ClassVar[bool] = True
    low: int = -(2**31)
    high: int = 2**31 - 1

    @property
    def expects(self) -> str:
        """Say what a good value is."""
        return f"a whole number from {self.low} to {self.high}"

    def annotation(self) -> Any:
        """Return the pydantic annotation."""
        from pydantic import Field as Bound

        return Annotated[int, Bound(ge=self.low, le=self.high)]


@dataclass(frozen=True, slots=True)
class Flag(FieldType):
    """Yes or no."""

    word: ClassVar[str] = "yes/no"

    @property
    def expects(self) -> str:
        """Say what a good value is."""
        return "yes or no"

    def annotation(self) -> Any:
        """Return the pydantic annotation."""
        return bool

    def show(self, value: Any, names: Names) -> str:
        """Return yes, no, or nothing."""
        return "" if value is None else ("yes" if value else "no")


@dataclass(frozen=True, slots=True)
class Choice(FieldType):
    """One of a few words."""

    word: ClassVar[str] = "choice"
    options: tuple[str, ...]
    labels: tuple[str, ...] = ()

    @classmethod
    def of(cls, vocabulary: type[StrEnum]) -> Choice:
        """Return the choice among an enumeration's values."""
        return cls(tuple(member.value for member in vocabulary))

    @property
    def expects(self) -> str:
        """Say what a good value is."""
        return "one of " + ", ".join(self.options)

    def annotation(self) -> Any:
        """Return the pydantic annotation."""
        from pydantic import BeforeValidator

        def match(value: object) -> object:
            text = str(value).strip().casefold()
            return next((option for option in self.options if option.casefold() == text), value)

        return Annotated[Literal[self.options], BeforeValidator(match)]


@dataclass(frozen=True, slots=True)
class Scale(FieldType):
    """A small number whose meanings have names, such as impact 1 high … 3 low."""

    word: ClassVar[str] = "scale"
    numeric: ClassVar[bool] = True
    labels: tuple[str, ...]

    @property
    def expects(self) -> str:
        """Say what a good value is."""
        return ", ".join(f"{i} {label}" for i, label in enumerate(self.labels, 1))

    def annotation(self) -> Any:
        """Return the pydantic annotation."""
        from pydantic import BeforeValidator
        from pydantic import Field as Bound

        def match(value: object) -> object:
            words = [label.casefold() for label in self.labels]
            text = str(value).strip().casefold()
            return words.index(text) + 1 if text in words else value

        return Annotated[int, Bound(ge=1, le=len(self.labels)), BeforeValidator(match)]


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


@dataclass(frozen=True, slots=True)
class Words(FieldType):
    """A list of short texts: tags, roles; each from `options` where given."""

    word: ClassVar[str] = "list"
    options: tuple[str, ...] = ()

    @property
    def expects(self) -> str:
        """Say what a good value is."""
        among = f", each one of {', '.join(self.options)}" if self.options else ""
        return f'a list such as ["a", "b"] or a,b{among}'

    def annotation(self) -> Any:
        """Return the pydantic annotation."""
        from pydantic import BeforeValidator

        def read(value: object) -> list[str]:
            items = [_clean(item, 255, lines=False) for item in as_list(value)]
            unknown = [item for item in items if self.options and item not in self.options]
            if unknown:
                raise ValueError(f"{unknown[0]!r} is not one of {', '.join(self.options)}")
            return list(dict.fromkeys(item for item in items if item))

        return Annotated[list[str], BeforeValidator(read)]

    def show(self, value: Any, names: Names) -> str:
        """Return the words, separated by commas."""
        return ", ".join(value or ())


def as_list(value: object) -> list[object]:
    """Return a list from a list, a JSON list, or text with commas."""
    if value is None or value == "":
        return []
    if isinstance(value, list | tuple):
        return list(value)
    text = str(value).strip()
    if text.startswith("["):
        try:
            parsed = json.loads(text)
        except (ValueError, RecursionError) as problem:
            raise ValueError(f"is not a JSON list: {problem}") from None
        if isinstance(parsed, list):
            return parsed
    return [part.strip() for part in text.split(",") if part.strip()]


@dataclass(frozen=True, slots=True)
class Numbers(FieldType):
    """A list of small whole numbers, such as the priorities a target covers."""

    word: ClassVar[str] = "list of numbers"
    low: int = 0
    high: int = 1_000

    @property
    def expects(self) -> str:
        """Say what a good value is."""
        return f"a list of whole numbers from {self.low} to {self.high}, such as [1, 2]"

    def annotation(self) -> Any:
        """Return the pydantic annotation."""
        from pydantic import BeforeValidator
        from pydantic import Field as Bound

        return Annotated[list[Annotated[int, Bound(ge=self.low, le=self.high)]], BeforeValidator(as_list)]

    def show(self, value: Any, names: Names) -> str:
        """Return the numbers, separated by commas."""
        return ", ".join(str(item) for item in value or ())


@dataclass(frozen=True, slots=True)
class Structure(FieldType):
    """A JSON object or list; `check` may hold it to a schema of its own."""

    word: ClassVar[str] = "json"
    check: Callable[[object], object] | None = None
    example: str = "{}"

    @property
    def expects(self) -> str:
        """Say what a good value is."""
        return f"JSON such as {self.example}"

    def annotation(self) -> Any:
        """Return the pydantic annotation."""
        from pydantic import BeforeValidator

        return Annotated[Any, BeforeValidator(self._read)]

    def _read(self, value: object) -> object:
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except (ValueError, RecursionError) as problem:
                raise ValueError(f"is not JSON: {problem}") from None
        if not self.check:
            return value
        try:
            return self.check(value)
        except DeskError as problem:
            raise ValueError(problem.message) from None

    def show(self, value: Any, names: Names) -> str:
        """Return compact JSON."""
        return "" if value is None else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Ref(FieldType):
    """A reference to a record of some kind, by number or unique name; stored as its row id in `<field>_id`."""

    word: ClassVar[str] = "reference"
    to: tuple[str, ...]

    @property
    def expects(self) -> str:
        """Say what a good value is."""
        return f"the number or the unique name of a {' or '.join(self.to)}"

    def export(self, value: Any, names: Names) -> object:
        """Return the name where it is one, as scripts write it."""
        return None if value is None else (names[value].title if value in names else None)

    def show(self, value: Any, names: Names) -> str:
        """Return the name."""
        return "" if value is None else (names[value].title if value in names else "?")


@dataclass(frozen=True, slots=True)
class Refs(FieldType):
    """Several records of one kind, kept as links: `relation` from this record, or to it if `inverse`."""

    word: ClassVar[str] = "references"
    to: str
    relation: str
    inverse: bool = False

    @property
    def expects(self) -> str:
        """Say what a good value is."""
        return f"a list of numbers or unique names of {self.to} records"

    def export(self, value: Any, names: Names) -> object:
        """Return the names."""
        return [names[item].title for item in value or () if item in names]

    def show(self, value: Any, names: Names) -> str:
        """Return the names, separated by commas."""
        return ", ".join(names[item].title for item in value or () if item in names)


def ref(*kinds: str) -> Ref:
    """Return the type of a reference to one of these kinds."""
    return Ref(kinds)


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a kind."""

    name: str
    type: FieldType
    label: str = ""
    """What a person reads beside it; made from the name if empty."""
    help: str = ""
    """One sentence for the help and for `deskterm fields`."""
    required: bool = False
    """A record cannot be without it."""
    default: Any = None
    """Its value where none is given; a callable is handed the present instant."""
    column: str = ""
    """Where it is stored, if not under its own name."""
    derived: bool = False
    """The desk works it out; nobody types it."""
    searchable: bool = False
    """Its text is found by full-text search."""
    section: str = ""
    """The group it stands in on a form."""
    width: int = 12
    """Cells it takes as a column of a list."""
    suggestions: tuple[str, ...] = ()
    """Usual values, offered while typing; others are allowed."""
    sensitive: bool = False
    """Requesters neither read it nor query by it."""

    @property
    def title(self) -> str:
        """Return the label a person reads."""
        return self.label or self.name.replace("_", " ").capitalize()

    @property
    def stored_as(self) -> str:
        """Return the column's name."""
        return self.column or (f"{self.name}_id" if isinstance(self.type, Ref) else self.name)

    def initial(self, now: int) -> Any:
        """Return the value where none is given."""
        return self.default(now) if callable(self.default) else self.default
