"""The contract of a field type, and the one adapter per type that pydantic checks values with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from pydantic import TypeAdapter


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
