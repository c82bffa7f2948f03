"""The definitive software library as it is read: what it holds, and how each file was when it was last looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from data.queries import release as q
from deskterm.clock import format_instant
from deskterm.desk import Desk
from deskterm.permissions import require


@dataclass(frozen=True, slots=True)
class Holding:
    """One item of the library."""

    number: str
    name: str
    version: str
    state: str
    licence: str
    quality: str
    sha256: str
    size_bytes: int | None
    place: str
    integrity: str
    found: str
    """What the last look at its file said, where it was not as recorded."""
    checked_at: int | None

    def as_json(self) -> dict[str, Any]:
        """Return it as data."""
        return {
            "number": self.number,
            "name": self.name,
            "version": self.version,
            "state": self.state,
            "licence": self.licence or None,
            "qa_result": self.quality or None,
            "sha256": self.sha256 or None,
            "size_bytes": self.size_bytes,
            "path": self.place or None,
            "integrity": self.integrity or None,
            "found": self.found or None,
            "checked_at": None if self.checked_at is None else format_instant(self.checked_at),
        }


def holdings(desk: Desk) -> tuple[Holding, ...]:
    """Return what the library holds and what is proposed for it, in the order in which it was made."""
    kind = desk.registry.kind("definitive-item")
    require(desk.actor, "read", kind.family, kind.process, kind.name)
    with desk.database.read() as connection:
        rows = connection.execute(q.ITEMS).all()
    return tuple(
        Holding(
            row.number, row.title, row.item_version, row.state, row.licence or "", row.qa_result or "", row.sha256 or "",
            row.size_bytes, row.path or "", row.integrity or "", row.integrity_note or "", row.checked_at,
        )
        for row in rows
    )  # fmt: skip
