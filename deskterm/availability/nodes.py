"""What reports and views of availability ask alike: who may read it, which service or CI is meant, what nodes are called."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from data.queries import availability as q
from deskterm.errors import InvalidInput
from deskterm.permissions import require
from deskterm.records import resolve

if TYPE_CHECKING:
    from deskterm.desk import Desk

ASKED_AT_ONCE = 900
"""Ids in one statement: fewer than any SQLite allows."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The service and the CI that somebody named."""

    service: int | None = None
    ci: int | None = None

    @property
    def nodes(self) -> list[int]:
        """Return what was named; nothing where everything is meant."""
        return [node for node in (self.service, self.ci) if node is not None]


def may_read(desk: Desk) -> None:
    """Refuse whoever may not read outages.

    Raises:
        NotAllowed: so it is.
    """
    kind = desk.registry.kind("outage")
    require(desk.actor, "read", kind.family, kind.process, kind.name)


def only(options: Mapping[str, str], known: Sequence[str]) -> None:
    """Refuse options that a report does not take.

    Raises:
        InvalidInput: there is one.
    """
    strange = sorted(options.keys() - set(known))
    if strange:
        said = f"this report takes {', '.join(known)}, not {strange[0]!r}"
        raise InvalidInput(said, fields={strange[0]: "unknown"})


def asked(connection: Connection, options: Mapping[str, str]) -> Asked:
    """Return the service and the CI that options name, by number or by name.

    Raises:
        InvalidInput: there is no such service or CI.
    """
    found = {}
    for kind in ("service", "ci"):
        if kind in options:
            try:
                found[kind] = resolve.one_of(connection, options[kind], (kind,))
            except resolve.NotNamed as problem:
                raise InvalidInput(str(problem), fields={kind: str(problem)}) from None
    return Asked(**found)


def named(connection: Connection, ids: Iterable[int | None]) -> dict[int, Any]:
    """Return `id, kind, number, title, state, created_at` of these records, by id."""
    wanted = sorted({key for key in ids if key is not None})
    return {row.id: row for part in in_parts(wanted) for row in connection.execute(q.NAMED, {"ids": part})}


def in_parts(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """Yield ids in parts that one statement takes."""
    for start in range(0, len(ids), ASKED_AT_ONCE):
        yield ids[start : start + ASKED_AT_ONCE]
