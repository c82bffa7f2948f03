"""Attributes that a CI type declares as data, and the checking of a CI's values against them. Pure: no statement, no screen.

A declaration is `{"cores": {"type": "whole", "required": true, "low": 1}, "os": {"choices": ["Debian", "Windows"]}}`. A type
has its own attributes and those of every type above it; what it declares anew replaces what the one above said.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any, ClassVar, Literal

from deskterm.errors import InvalidInput
from deskterm.fields import Choice, Field, FieldType, Flag, Instant, Text, Whole, Words
from deskterm.fields.scalars import clean

MOST_ATTRIBUTES = 60
LONGEST_VALUE = 4_000
LARGEST_EXTRA = 20_000
"""Characters that the undeclared attributes of a CI may take together, as JSON."""
_NAME = r"[a-z][a-z0-9_]{0,39}"


@dataclass(frozen=True, slots=True)
class Number(FieldType):
    """A measured number; money and whole things are other types."""

    word: ClassVar[str] = "number"
    numeric: ClassVar[bool] = True
    low: float = -1e15
    high: float = 1e15

    @property
    def expects(self) -> str:
        """Say what a good value is."""
        return f"a number from {self.low:g} to {self.high:g}"

    def annotation(self) -> Any:
        """Return the pydantic annotation."""
        from pydantic import Field as Bound

        return Annotated[float, Bound(ge=self.low, le=self.high, allow_inf_nan=False)]


@lru_cache(maxsize=1)
def _model() -> Any:
    """Return the pydantic model of one declaration; made when first needed, for pydantic takes a while to load."""
    from pydantic import BaseModel, ConfigDict, model_validator
    from pydantic import Field as Bound

    class Declaration(BaseModel):
        """What a type says about one attribute."""

        model_config = ConfigDict(extra="forbid")
        type: Literal["text", "whole", "number", "flag", "instant", "list"] = "text"
        required: bool = False
        label: str = Bound("", max_length=60)
        help: str = Bound("", max_length=200)
        unit: str = Bound("", max_length=12)
        choices: list[str] = Bound(default_factory=list, max_length=200)
        low: float | None = None
        high: float | None = None

        @model_validator(mode="after")
        def _fits(self) -> Declaration:
            if self.choices and self.type not in ("text", "list"):
                raise ValueError("choices are for text and list only")
            if (self.low is not None or self.high is not None) and self.type not in ("whole", "number"):
                raise ValueError("low and high are for whole and number only")
            if self.low is not None and self.high is not None and self.low > self.high:
                raise ValueError("low is above high")
            if any(not math.isfinite(bound) for bound in (self.low, self.high) if bound is not None):
                raise ValueError("low and high are finite numbers")
            return self

    return Declaration


def declarations(value: object) -> dict[str, dict[str, Any]]:
    """Check what a type declares; each attribute comes back with what differs from the default.

    Raises:
        InvalidInput: it is no such declaration; the message names the attribute.
    """
    import re

    from pydantic import ValidationError

    if not isinstance(value, Mapping):
        raise InvalidInput('must be an object of attributes, such as {"cores": {"type": "whole"}}')
    if len(value) > MOST_ATTRIBUTES:
        raise InvalidInput(f"has {len(value)} attributes; at most {MOST_ATTRIBUTES} fit a form")
    checked: dict[str, dict[str, Any]] = {}
    for name, said in value.items():
        if not isinstance(name, str) or not re.fullmatch(_NAME, name):
            raise InvalidInput(f"names an attribute {name!r}; write small letters, digits and underscores, such as disk_gb")
        try:
            model = _model().model_validate({"type": said} if isinstance(said, str) else said)
        except ValidationError as problem:
            first = problem.errors(include_url=False, include_input=False)[0]
            where = ".".join(str(part) for part in first["loc"])
            raise InvalidInput(f"{name}{'.' + where if where else ''}: {first['msg'].removeprefix('Value error, ')}") from None
        checked[name] = model.model_dump(exclude_defaults=True)
    return checked


def fields_of(declared: Mapping[str, Mapping[str, Any]]) -> dict[str, Field]:
    """Return a field per declared attribute."""
    return {name: _field(name, _model().model_validate(dict(said))) for name, said in declared.items()}


def _field(name: str, said: Any) -> Field:
    unit = f" ({said.unit})" if said.unit else ""
    label = (said.label or name.replace("_", " ").capitalize()) + unit
    return Field(name, _type(said), label, said.help, required=said.required)


def _type(said: Any) -> FieldType:
    match said.type:
        case "whole":
            low, high = (
                (-(2**53) if said.low is None else math.ceil(said.low)),
                (2**53 if said.high is None else math.floor(said.high)),
            )
            return Whole(low, high)
        case "number":
            return Number(
                *(bound for bound in (-1e15 if said.low is None else said.low, 1e15 if said.high is None else said.high))
            )
        case "flag":
            return Flag()
        case "instant":
            return Instant()
        case "list":
            return Words(tuple(said.choices))
    return Choice(tuple(said.choices)) if said.choices else Text(LONGEST_VALUE, lines=True)


def checked_values(
    values: Mapping[str, object], declared: Mapping[str, Mapping[str, Any]], *, open_ended: bool
) -> tuple[dict[str, Any], dict[str, str]]:
    """Check a CI's attributes against what its type declares.

    Args:
        values: as they were given.
        declared: everything the type and those above it declare.
        open_ended: attributes that nothing declares are kept as they are, within `LARGEST_EXTRA`.

    Returns:
        The values as they are stored, and what is wrong by the name of the attribute.
    """
    fields = fields_of(declared)
    kept: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for name, value in values.items():
        field = fields.get(name)
        if field is None:
            if open_ended:
                kept[name] = value
            else:
                known = ", ".join(fields) or "none"
                wrong[name] = f"is no attribute of this type; there are: {known}"
            continue
        if value is None or (isinstance(value, str) and not value.strip()):
            continue
        try:
            kept[name] = field.type.parse(value)
        except ValueError as problem:
            wrong[name] = str(problem)
    wrong |= {name: "is required" for name, field in fields.items() if field.required and name not in kept | wrong}
    extra = {name: value for name, value in kept.items() if name not in fields}
    wrong |= {name: said for name, value in extra.items() if (said := _unstorable(name) or _unstorable(value))}
    if extra and not wrong and len(json.dumps(extra, ensure_ascii=False)) > LARGEST_EXTRA:
        wrong["attributes"] = f"take more than {LARGEST_EXTRA:,} characters; declare them on the type, or attach a document"
    return kept, wrong


def _unstorable(value: object) -> str:
    """Return why no database can keep a value of JSON, nothing where it can."""
    if isinstance(value, str):
        try:
            clean(value, LARGEST_EXTRA, lines=True)
        except ValueError as problem:
            return str(problem)
    elif isinstance(value, Mapping):
        return next((said for pair in value.items() for part in pair if (said := _unstorable(part))), "")
    elif isinstance(value, list | tuple):
        return next((said for part in value if (said := _unstorable(part))), "")
    elif isinstance(value, float) and not math.isfinite(value):
        return "must be a finite number"
    return ""
