"""Clocks of records whose whole history is imported: read once, from the facts at hand, and written in batches.

They are the clocks that `service_level.clocks` would set by reading every record back; only the reading back is spared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import func, insert, select, text

from data.tables.service_level import clock, clock_event
from data.vocab import AgreementType
from deskterm.journal import Entry, What
from deskterm.records.draft import Draft
from deskterm.records.unit import Unit
from deskterm.service_level.clocks import ClockSet, clock_columns, clock_sets, event_row, facts_from, summary
from deskterm.service_level.matching import Book
from deskterm.service_level.policy import BREACH
from deskterm.service_level.rules import Threshold

_NEXT_IDS = text("SELECT nextval(pg_get_serial_sequence('clock', 'id')) FROM generate_series(1, :count)")
_LAST_ID = select(func.coalesce(func.max(clock.c.id), 0))


class PastClocks:
    """Judges imported records by the agreements that were in force when they began."""

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        self._book = Book.read(unit.connection)
        self._set: list[tuple[Draft, ClockSet]] = []

    @property
    def wanted(self) -> bool:
        """Return whether there is anything to judge by."""
        return bool(self._book.agreements)

    def judge(self, draft: Draft, facts: Mapping[str, Any], entries: Sequence[Entry]) -> None:
        """Set the clocks of a new record, and what queues sort it by. The record is written before `flush`.

        Args:
            facts: the values of its journal's first entry, state included.
            entries: the rest of its journal, in order of when it happened.
        """
        if not self.wanted:
            return
        told = facts_from(draft, list(_told(draft, facts, entries)))
        sets = clock_sets(self.unit, self._book, draft, told, {}, {})
        decisive = [one.reading for one in sets if one.type == AgreementType.SLA] or [one.reading for one in sets]
        draft.extra["due_at"], draft.extra["clock_state"] = summary(decisive)
        self._set += [(draft, one) for one in sets]

    def flush(self) -> None:
        """Write the clocks and what they crossed."""
        rows, events = [], []
        for key, (draft, one) in zip(self._ids(len(self._set)), self._set, strict=True):
            named = {"record_id": draft.id, "type": one.type, "metric": one.metric, "cycle": one.cycle.number}
            rows.append({"id": key, **named, **clock_columns(one)})
            events += [self._event(key, draft, one, threshold) for threshold in one.reading.crossed()]
        if rows:
            self.unit.connection.execute(insert(clock), rows)
        if events:
            self.unit.connection.execute(insert(clock_event), events)
        self._set = []

    def _event(self, key: int, draft: Draft, one: ClockSet, threshold: Threshold) -> dict[str, Any]:
        """Journal a threshold that was crossed, and return its row."""
        percent, at = threshold
        said = "breached" if percent == BREACH else f"used {percent} %"
        said = f"{one.metric} {said}"
        self.unit.journal(Entry(draft.id, draft.version, What.CLOCK, one.metric, new=percent, at=at, text=said, actor="desk"))
        return event_row(key, one, threshold) | {"recorded_at": self.unit.recorded_at}

    def _ids(self, count: int) -> list[int]:
        """Return ids for clocks that are written at once, before anybody else can write one."""
        connection = self.unit.connection
        if not count:
            return []
        if connection.dialect.name != "sqlite":
            return [int(key) for (key,) in connection.execute(_NEXT_IDS, {"count": count})]
        last = int(connection.execute(_LAST_ID).scalar_one())
        return list(range(last + 1, last + count + 1))


def _told(draft: Draft, facts: Mapping[str, Any], entries: Sequence[Entry]) -> Iterator[dict[str, Any]]:
    """Yield what clocks are read from, as `data.queries.clocks.FACTS` selects it from a journal that is stored."""
    yield {"what": What.CREATED.value, "at": draft.created_at, "actor": "", "field": None, "new": facts, "text": None}
    for entry in entries:
        if entry.what is What.STATE or (entry.what is What.FIELD and entry.field in ("team", "pending_reason")):
            what, actor = entry.what.value, entry.actor or ""
            yield {"what": what, "at": entry.at, "actor": actor, "field": entry.field, "new": entry.new, "text": entry.text}
