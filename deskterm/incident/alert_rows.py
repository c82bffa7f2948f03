"""Alerts as they are stored: what was told of each, on which record, and the figures that follow from it."""

from __future__ import annotations

from bisect import insort
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, RowMapping, update

from data.base import NEVER
from data.queries import alerts as q
from data.tables.alert import alert, alert_event
from deskterm.incident import alert_timeline as timeline
from deskterm.incident.alert_messages import Status
from deskterm.intervals import Interval
from deskterm.records.unit import Unit

FIRED, CLEARED = "fired", "cleared"
"""The events that say when an alert fired; every other one is a remark."""


@dataclass(slots=True)
class AlertRow:
    """One alert on one record, with all that was told of it there."""

    id: int
    source: str
    fingerprint: str
    group_key: str
    record_id: int | None
    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    generator: str | None
    ends: list[int]
    """When the alert is known to have been over, on this record or another, sorted; shared by the rows of a fingerprint."""
    fired: dict[int, int | None] = field(default_factory=dict)
    """By instant at which it began to fire: when that was over, None where nobody said."""
    others: set[tuple[str, int]] = field(default_factory=set)
    """Whatever else was told."""

    @property
    def episodes(self) -> tuple[Interval, ...]:
        """When it fired, while it was on this record."""
        return timeline.episodes(self.fired, self.ends)

    @property
    def instants(self) -> list[int]:
        """Every instant that was told of it here."""
        return [*self.fired, *(end for end in self.fired.values() if end is not None), *(at for _, at in self.others)]


class KnownAlerts:
    """What is known of alerts, each read once."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._by_id: dict[int, AlertRow] = {}
        self._by_fingerprint: dict[tuple[str, str], list[AlertRow]] = {}
        self._ends: dict[tuple[str, str], list[int]] = defaultdict(list)
        self._on_record: dict[int, list[AlertRow]] = defaultdict(list)
        self._read_records: set[int] = set()

    def load(self, source: str, fingerprints: Iterable[str]) -> None:
        """Read everything known of some alerts."""
        wanted = sorted({one for one in fingerprints if (source, one) not in self._by_fingerprint})
        for start in range(0, len(wanted), 500):
            some = wanted[start : start + 500]
            rows = self.connection.execute(q.BY_FINGERPRINTS, {"source": source, "fingerprints": some}).mappings().all()
            for one in some:
                self._by_fingerprint[source, one] = []
            self._take(rows)

    def of(self, source: str, fingerprint: str) -> Sequence[AlertRow]:
        """Return the rows of an alert that was loaded, the oldest first."""
        return self._by_fingerprint[source, fingerprint]

    def on(self, record_id: int) -> list[AlertRow]:
        """Return the alerts of a record."""
        if record_id not in self._read_records:
            rows = self.connection.execute(q.ON_RECORD, {"record_id": record_id}).mappings().all()
            for source in {row["source"] for row in rows}:
                self.load(source, (row["fingerprint"] for row in rows if row["source"] == source))
            self._read_records.add(record_id)
        return list(self._on_record[record_id])

    def newest_record_of_group(self, source: str, group_key: str) -> int | None:
        """Return the newest record that a group of alerts was about."""
        return self.connection.execute(q.OF_GROUP, {"source": source, "group_key": group_key}).scalar()

    def _take(self, rows: Sequence[RowMapping]) -> None:
        for row in rows:
            key = row["source"], row["fingerprint"]
            kept = AlertRow(
                row["id"], *key, row["group_key"], row["record_id"], row["labels"], row["annotations"], row["generator"],
                self._ends[key],
            )  # fmt: skip
            self._keep(kept)
        ids = [row["id"] for row in rows]
        for start in range(0, len(ids), 500):
            for event in self.connection.execute(q.EVENTS, {"ids": ids[start : start + 500]}):
                self._remember(self._by_id[event.alert_id], event.what, event.at, event.ends_at)

    def _remember(self, row: AlertRow, what: str, at: int, ends_at: int | None) -> None:
        if what == FIRED:
            row.fired[at] = ends_at
        else:
            row.others.add((what, at))
        over_at = ends_at if what == FIRED else at if what == CLEARED else None
        if over_at is not None:
            insort(row.ends, over_at)

    def _keep(self, row: AlertRow) -> None:
        self._by_id[row.id] = row
        self._by_fingerprint[row.source, row.fingerprint].append(row)
        if row.record_id is not None:
            self._on_record[row.record_id].append(row)


class AlertRows(KnownAlerts):
    """The alerts that one unit of work is told of; what is told is written at once."""

    def __init__(self, unit: Unit) -> None:
        super().__init__(unit.connection)
        self.unit = unit

    def add(self, values: Mapping[str, Any]) -> AlertRow:
        """Write a new row, of which nothing was told yet."""
        seen = {"first_seen_at": 0, "last_seen_at": 0, "status": Status.RESOLVED.value, "count": 0, "flaps": 0}
        key = str(values["source"]), str(values["fingerprint"])
        row = AlertRow(
            self.unit.insert(alert, {**values, **seen}), *key, values["group_key"], values["record_id"], values["labels"],
            values["annotations"], values["generator"], self._ends[key],
        )  # fmt: skip
        self._keep(row)
        return row

    def attach(self, row: AlertRow, record_id: int, group_key: str) -> None:
        """Let an alert of which only a remark or an end was known belong to a record."""
        row.record_id, row.group_key = record_id, group_key
        self._on_record[record_id].append(row)
        self.unit.update(alert, row.id, {"record_id": record_id, "group_key": group_key})

    def tell(self, row: AlertRow, what: str, at: int, ends_at: int | None = None) -> None:
        """Keep one thing that was told of an alert; of one that fired, that it is over, or was later than known."""
        if what == FIRED and at in row.fired:
            key = (alert_event.c.alert_id == row.id, alert_event.c.what == what, alert_event.c.at == at)
            self.connection.execute(update(alert_event).where(*key).values(ends_at=ends_at))
            earlier = row.fired[at]
            if earlier is not None:
                row.ends.remove(earlier)
        else:
            event = {"alert_id": row.id, "what": what, "at": at, "ends_at": ends_at, "recorded_at": self.unit.recorded_at}
            self.connection.execute(q.INSERT_EVENT, event)
        self._remember(row, what, at, ends_at)

    def save(self, row: AlertRow, flap_seconds: int) -> None:
        """Write what an alert looks like now, and the figures that follow from what was told of it."""
        values = {"labels": row.labels, "annotations": row.annotations}
        self.unit.update(alert, row.id, values | figures(row, flap_seconds))


def figures(row: AlertRow, flap_seconds: int) -> dict[str, Any]:
    """Return what follows from everything that was told of an alert, by column."""
    found, instants = row.episodes, row.instants
    last = found[-1] if found else None
    fires = last is not None and last.end == NEVER
    return {
        "status": Status.FIRING.value if fires else Status.RESOLVED.value,
        "starts_at": last.start if last else None,
        "ends_at": None if last is None or fires else last.end,
        "first_seen_at": min(instants),
        "last_seen_at": max(instants),
        "count": len(row.fired),
        "flaps": timeline.flaps(found, flap_seconds),
    }
