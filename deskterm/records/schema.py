"""What leaves the desk for reading: frozen, plain, ready to be shown or written as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from deskterm.fields import Named

WATCHES = "watches"
"""The relation from an agent to each record that they follow."""


class Row(NamedTuple):
    """One record in a list. A tuple by name: a frozen dataclass takes five times as long to make, and a page has fifty."""

    id: int
    kind: str
    number: str
    title: str
    state: str
    version: int
    priority: int | None
    due_at: int | None
    clock_state: str | None
    values: Mapping[str, Any]
    """Stored values of the columns that were asked for."""
    shown: Mapping[str, str]
    """The same as a person reads them."""
    cursor: tuple[Any, ...]
    """Where the row stands in the sort order: the next page starts after it."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list."""

    rows: tuple[Row, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One journal entry, readable: references by name."""

    seq: int
    at: int
    recorded_at: int
    actor: str
    what: str
    field: str | None
    old: object
    new: object
    text: str | None
    public: bool
    operation: str


@dataclass(frozen=True, slots=True)
class LinkLine:
    """One link of a record, seen from that record."""

    relation: str
    inverse: bool
    number: str
    kind: str
    title: str
    state: str
    valid_from: int
    valid_until: int | None
    group: str | None = None
    need: int | None = None


@dataclass(frozen=True, slots=True)
class RecordView:
    """One record, whole."""

    id: int
    kind: str
    number: str
    title: str
    state: str
    version: int
    created_at: int
    updated_at: int
    values: Mapping[str, Any]
    names: Mapping[int, Named]
    extra: Mapping[str, Any]
    links: tuple[LinkLine, ...]
    journal: tuple[JournalLine, ...]
    earlier: bool
    """There are journal entries before the first one here."""
    clocks: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class PossibleAction:
    """An action of a record's workflow, possible now or not."""

    name: str
    title: str
    key: str
    target: str | None
    demands: tuple[str, ...]
    takes: tuple[str, ...]
    help: str
    refusal: str = ""
    """Why it is not possible; empty where it is."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What came of a write."""

    number: str
    version: int
    state: str
    operation: str
    id: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a bulk act does, or would do, to one record."""

    number: str
    title: str
    ok: bool
    message: str
    changes: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UndoReport:
    """What an undo did."""

    undone: tuple[str, ...]
    """Numbers of the records that were put back."""
    kept: tuple[Outcome, ...]
    """Records that were left as they are, and why."""
    operation: str
