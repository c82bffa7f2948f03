"""Texts, numbers, yes and no, choices and scales."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite
from typing import Annotated, Any, ClassVar, Literal

from deskterm.fields.base import FieldType, Names

TEXT_LIMIT = 100_000
"""Longest text any field takes, in characters."""

_NUL = "\x00"


def clean(value: object, limit: int, lines: bool) -> str:
    """Return a text as it is stored: composed, stripped, within its limit, free of what no database can keep.

    Raises:
        ValueError: it is no text, too long, of several lines where one is wanted, or holds NUL or half a character.
    """
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

        return Annotated[str, BeforeValidator(lambda value: clean(value, self.limit, self.lines))]


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
class Number(FieldType):
    """A measured number, such as an amount of memory: finite, within bounds, not exact as money is."""

    word: ClassVar[str] = "decimal"
    numeric: ClassVar[bool] = True
    low: float = -1e15
    high: float = 1e15

    @property
    def expects(self) -> str:
        """Say what a good value is."""
        return f"a number from {write_number(self.low)} to {write_number(self.high)}, such as 12.5"

    def annotation(self) -> Any:
        """Return the pydantic annotation."""
        from pydantic import BeforeValidator
        from pydantic import Field as Bound

        def read(value: object) -> float:
            if isinstance(value, bool) or not isinstance(value, str | int | float):
                raise ValueError(f"must be {self.expects}")
            try:
                found = float("x" if isinstance(value, str) and "_" in value else value)
            except (ValueError, OverflowError):
                raise ValueError(f"must be {self.expects}") from None
            if not isfinite(found):
                raise ValueError(f"is {value}, which is no measurement; it must be {self.expects}")
            return found

        return Annotated[float, Bound(ge=self.low, le=self.high), BeforeValidator(read)]

    def export(self, value: Any, names: Names) -> object:
        """Return the number, a whole one without a point."""
        return int(value) if isinstance(value, float) and value.is_integer() else value

    def show(self, value: Any, names: Names) -> str:
        """Return the number as a person writes it."""
        return "" if value is None else write_number(value)


def write_number(value: float) -> str:
    """Write a number so that it reads back as the same: whole ones without a point."""
    if isfinite(value) and value == int(value):
        return f"{int(value):d}" if abs(value) < 1e15 else f"{value:g}"
    return repr(float(value))


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
