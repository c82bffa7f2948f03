"""Mapping files: TOML that tells an import what a file does not say by itself. What may stand in one is up to the format."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, TypeAlias, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from deskterm.civil_time import zone_named
from deskterm.errors import DeskError, InvalidInput

LARGEST_MAPPING = 1 << 20
"""Bytes."""

Table = Mapping[str, object]


class Rules(BaseModel):
    """The base of what a format reads from a mapping: nothing unknown, nothing changed afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True)


R = TypeVar("R", bound=Rules)


def _known_zone(name: str) -> str:
    try:
        return zone_named(name).key
    except DeskError as problem:
        raise ValueError(problem.message) from None


ZoneName: TypeAlias = Annotated[str, AfterValidator(_known_zone)]
"""The name of an IANA zone."""


def read_mapping(given: Table | Path | str | None) -> Table:
    """Return a mapping that is given as a table or as a TOML file.

    Raises:
        InvalidInput: the file cannot be read, or is not TOML; the message says where.
    """
    if given is None or isinstance(given, Mapping):
        return given or {}
    path = Path(given)
    try:
        if path.stat().st_size > LARGEST_MAPPING:
            raise InvalidInput(f"{str(path)!r} is too large for a mapping", fields={"mapping": "too large"})
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as problem:
        raise InvalidInput(
            f"the mapping {str(path)!r} cannot be read: {problem.strerror}", fields={"mapping": "unreadable"}
        ) from None
    except (ValueError, RecursionError) as problem:
        raise InvalidInput(f"the mapping {str(path)!r} is not TOML: {problem}", fields={"mapping": "not TOML"}) from None


def rules_of(model: type[R], mapping: Table) -> R:
    """Return a mapping as the rules of a format.

    Raises:
        InvalidInput: something in it is unknown or wrong; `fields` names each.
    """
    try:
        return model.model_validate(mapping)
    except ValidationError as problem:
        wrong = {
            ".".join(str(part) for part in error["loc"]) or "mapping": _sentence(error["type"], error["msg"])
            for error in problem.errors(include_url=False, include_input=False)
        }
        name, why = next(iter(wrong.items()))
        known = ", ".join(model.model_fields)
        raise InvalidInput(f"the mapping's {name} {why}; a mapping may hold {known}", fields=wrong) from None


def _sentence(sort: str, message: str) -> str:
    return (
        "is not known here"
        if sort == "extra_forbidden"
        else message.removeprefix("Value error, ").replace("Input should", "should")
    )
