"""The journal: one entry per fact that became true of a record, appended in the transaction that made it true."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

CALLER = "caller"
"""The field of a reply that the caller wrote, as against the desk's own public words."""


class What(StrEnum):
    """The sorts of journal entry."""

    CREATED = "created"
    FIELD = "field"
    STATE = "state"
    NOTE = "note"
    REPLY = "reply"
    LINK = "link"
    UNLINK = "unlink"
    CLOCK = "clock"
    SIGNED = "signed"
    REFUSED = "refused"
    """Somebody tried what their role does not allow."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A fact to be journalled; `old` and `new` are stored values, references as row ids."""

    record_id: int
    version: int
    what: What
    field: str | None = None
    old: Any = None
    new: Any = None
    text: str | None = None
    public: bool = False
    at: int | None = None
    """When it happened, where that is not the unit's own instant."""
    actor: str | None = None
    """Who did it, where that is not the unit's own actor: history that is imported."""
