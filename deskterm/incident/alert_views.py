"""The alerts of a record, to be listed with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from data.queries import alerts as q
from data.queries import records as rq
from deskterm.clock import format_instant
from deskterm.incident.alert_messages import Status, name_of
from deskterm.incident.service import MERGED_INTO

MOST = 200
"""So many alerts of a record are listed at once."""


@dataclass(frozen=True, slots=True)
class AlertLine:
    """One alert on a record."""

    source: str
    fingerprint: str
    group_key: str
    name: str
    """What is wrong, and with what."""
    status: Status
    starts_at: int | None
    """When it last began to fire."""
    ends_at: int | None
    """When it was over, None while it fires."""
    first_seen_at: int
    last_seen_at: int
    """The newest instant that its source told of."""
    count: int
    """How often its source said that it fired; the same message told twice counts once."""
    flaps: int
    """How often it fired again soon after it was over."""
    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    generator: str | None

    def as_json(self) -> dict[str, object]:
        """Return it as JSON shows it: instants in ISO 8601."""
        return {
            "source": self.source, "fingerprint": self.fingerprint, "group_key": self.group_key or None, "name": self.name,
            "status": self.status.value, "starts_at": _written(self.starts_at), "ends_at": _written(self.ends_at),
            "first_seen_at": _written(self.first_seen_at), "last_seen_at": _written(self.last_seen_at), "count": self.count,
            "flaps": self.flaps, "labels": dict(self.labels), "annotations": dict(self.annotations), "generator": self.generator,
        }  # fmt: skip


def _written(at: int | None) -> str | None:
    return None if at is None else format_instant(at)


def alerts_of(connection: Connection, record_id: int, *, limit: int = MOST) -> tuple[AlertLine, ...]:
    """Return the alerts of a record and of those that were merged into it: what fires first, then the newest."""
    ids = merged_into_it(connection, record_id)
    rows = connection.execute(q.LISTED, {"ids": ids, "limit": limit}).mappings()
    return tuple(
        AlertLine(
            row["source"], row["fingerprint"], row["group_key"], name_of(row["labels"]), Status(row["status"]), row["starts_at"],
            row["ends_at"], row["first_seen_at"], row["last_seen_at"], row["count"], row["flaps"], row["labels"],
            row["annotations"], row["generator"],
        )
        for row in rows
    )  # fmt: skip


def counts_of(connection: Connection, record_id: int) -> dict[Status, int]:
    """Return how many alerts of a record fire and how many are resolved: what a folded list shows."""
    found: dict[Status, int] = defaultdict(int)
    for status, count in connection.execute(q.COUNTED, {"ids": merged_into_it(connection, record_id)}):
        found[Status(status)] = count
    return dict(found)


def merged_into_it(connection: Connection, record_id: int) -> list[int]:
    """Return a record's id and those of every record that was merged into it, directly or not."""
    found = [record_id]
    for one in found:
        rows = connection.execute(rq.LINKED_TO, {"relation": MERGED_INTO, "id": one})
        found += [row.source_id for row in rows if row.source_id not in found]
    return found
