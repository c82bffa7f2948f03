"""The one error tree: every refusal a service can raise, with text for the person and a code for scripts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from data.errors import (
    DatabaseBusy,
    DatabaseError,
    DeskError,
    NotADesk,
    ReadOnlyDatabase,
    SchemaMismatch,
)

__all__ = [
    "BadQuery",
    "Clash",
    "Conflict",
    "DatabaseBusy",
    "DatabaseError",
    "DeskError",
    "ImportRefused",
    "InvalidInput",
    "NotADesk",
    "NotAllowed",
    "NotFound",
    "ReadOnlyDatabase",
    "RowError",
    "SchemaMismatch",
    "UsageError",
    "WorkflowRefused",
    "repeated",
]


class UsageError(DeskError):
    """The command line was not understood."""

    code = "usage"
    exit_status = 2


class InvalidInput(DeskError):
    """A value breaks the rule of its field; `fields` names each one."""

    code = "invalid"


class NotFound(DeskError):
    """No such record, or none that this person may see: the two are told apart by nobody."""

    code = "not-found"


class NotAllowed(DeskError):
    """The person's roles do not include this right."""

    code = "not-allowed"


class WorkflowRefused(DeskError):
    """The action is not possible in this state, or what it demands is missing."""

    code = "workflow"


class BadQuery(DeskError):
    """The query text is not understood; `column` points at the place (counted from 1)."""

    code = "query"

    def __init__(self, message: str, *, column: int) -> None:
        super().__init__(f"{message} (column {column})")
        self.column = column


@dataclass(frozen=True, slots=True)
class Clash:
    """One field that two people changed: what it was, what they made it, what you wanted."""

    field: str
    base: object
    theirs: object
    yours: object
    by: str


class Conflict(DeskError):
    """Somebody changed the same fields meanwhile; nothing was written, both values are here."""

    code = "conflict"

    def __init__(self, message: str, *, clashes: tuple[Clash, ...], version: int) -> None:
        super().__init__(message, fields={c.field: f"{c.by} set it to {c.theirs!s}" for c in clashes})
        self.clashes = clashes
        self.version = version
        """The record's version now: save again on this one to overwrite, after asking."""


@dataclass(frozen=True, slots=True)
class RowError:
    """One bad row of an import."""

    line: int
    field: str
    message: str


class ImportRefused(DeskError):
    """An import found bad rows and loaded nothing; `rows` names every one."""

    code = "import"

    def __init__(self, message: str, *, rows: tuple[RowError, ...], fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message, fields=fields)
        self.rows = rows


def repeated(value: object) -> str:
    """Return a value as a refusal repeats it: at most forty letters of what somebody wrote."""
    text = repr(value)
    return text if len(text) <= 40 else text[:39] + "…"
