"""When a service was agreed to be up: by an agreement about its availability, else by one that names it, else always."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from data.base import NEVER
from data.queries import availability as q
from deskterm.calendars import Calendar
from deskterm.intervals import Spans
from deskterm.service_level.matching import in_force


@dataclass(frozen=True, slots=True)
class Promise:
    """One agreement as far as it is about the availability of a service."""

    agreement: str
    """Its number."""
    name: str
    calendar: Calendar
    since: int
    until: int
    objective: str | None
    """The agreed share of the time in percent, where a target says it."""


@dataclass(frozen=True, slots=True)
class Agreed:
    """What was agreed about one service; the promise that counts first stands first."""

    promises: tuple[Promise, ...] = ()

    @property
    def objective(self) -> float | None:
        """Return the agreed availability in percent; None where no target says it."""
        return next((float(one.objective) for one in self.promises if one.objective), None)

    def time(self, start: int, end: int) -> Spans | None:
        """Return the agreed service time of a period; None: around the clock.

        Where several promises hold at an instant, the first counts. What lies before all of them is counted by the earliest, as
        its calendar has held since ever; what lies after them, or between, around the clock.
        """
        if not self.promises:
            return None
        earliest = min(self.promises, key=lambda one: one.since)
        left = Spans.between(start, end)
        agreed = Spans.EMPTY
        for one in self.promises:
            since = start if one is earliest else one.since
            holds = left.clip(since, one.until)
            left -= holds
            for piece in holds:
                agreed |= one.calendar.spans(piece.start, piece.end)
        return agreed | left


ALWAYS = Agreed()


def agreed_of(connection: Connection, services: Iterable[int]) -> Mapping[int, Agreed]:
    """Return what was agreed about each of these services; one about which nothing was is missing."""
    wanted = set(services)
    if not wanted:
        return {}
    owners = {row.id: row.customer_id for row in _owned(connection, sorted(wanted))}
    rows = [row for row in connection.execute(q.AGREED) if _counts(row) and (row.service_id is None or row.service_id in wanted)]
    calendars = _calendars(connection, {row.calendar_id for row in rows})
    general: list[tuple[Any, Promise]] = []
    own: dict[int, list[tuple[Any, Promise]]] = defaultdict(list)
    for row in rows:
        until = NEVER if row.valid_until is None else row.valid_until
        promise = Promise(row.number, row.title, calendars[row.calendar_id], row.valid_from, until, row.objective)
        (general if row.service_id is None else own[row.service_id]).append((row, promise))
    found = {}
    for service in wanted:
        owner = owners.get(service)
        meant = [one for one in general if one[0].customer_id in (None, owner)]
        ranked = sorted([*own[service], *meant], key=lambda one: _rank(one[0], owner), reverse=True)
        if ranked:
            found[service] = Agreed(tuple(promise for _, promise in ranked))
    return found


def _counts(row: Any) -> bool:
    """Return whether an agreement says anything about availability: by a target, or because it names its service."""
    return row.target_id is not None or row.service_id is not None


def _rank(row: Any, owner: int | None) -> tuple[bool, bool, bool, bool, int]:
    """What names the service first, with a target for availability before none; then its owner's, everybody's, the newest."""
    owned = owner is not None and row.customer_id == owner
    return row.target_id is not None, row.service_id is not None, owned, row.customer_id is None, row.valid_from


def _owned(connection: Connection, services: Sequence[int]) -> Iterator[Any]:
    for start in range(0, len(services), 900):
        yield from connection.execute(q.OWNERS, {"ids": services[start : start + 900]})


def _calendars(connection: Connection, ids: set[int]) -> dict[int, Calendar]:
    revisions: dict[int, list[tuple[int, Mapping[str, Any]]]] = defaultdict(list)
    for row in connection.execute(q.REVISIONS_OF, {"ids": sorted(ids)}):
        revisions[row.calendar_id].append((row.valid_from, row.definition))
    return {key: Calendar.from_json(in_force(each)) for key, each in revisions.items()}
