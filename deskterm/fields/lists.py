"""Lists of words or numbers, and JSON of a kind's own making."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from deskterm.errors import DeskError
from deskterm.fields.base import FieldType, Names
from deskterm.fields.scalars import clean
from deskterm.late import named


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
            items = [clean(item, 255, lines=False) for item in as_list(value)]
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
    check: Callable[[object], object] | str = ""
    """Reads a value or refuses it; or `module:function`, loaded when the first value is read."""
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
        check = named(self.check) if isinstance(self.check, str) else self.check
        try:
            return check(value)
        except DeskError as problem:
            raise ValueError(problem.message) from None

    def show(self, value: Any, names: Names) -> str:
        """Return compact JSON."""
        return "" if value is None else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
