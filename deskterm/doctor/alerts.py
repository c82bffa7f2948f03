"""Alerts examined: what is stored of each beside what follows from everything that was told of it."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, select

from data.queries import alerts as q
from data.tables.core import record
from deskterm.doctor.findings import Finding, Severity
from deskterm.incident.alert_rows import KnownAlerts, figures

BATCH = 500


def alerts(connection: Connection) -> Iterator[Finding]:
    """Find alerts whose figures are not those of their events. Flaps are left out: what counts as one is a setting."""
    after = 0
    while rows := connection.execute(q.AFTER, {"after": after, "limit": BATCH}).mappings().all():
        after = rows[-1]["id"]
        known = KnownAlerts(connection)
        for source in sorted({row["source"] for row in rows}):
            known.load(source, (row["fingerprint"] for row in rows if row["source"] == source))
        for row in rows:
            own = next(one for one in known.of(row["source"], row["fingerprint"]) if one.id == row["id"])
            if not own.instants:
                said, wrong = "nothing was ever told of it", ["status"]
            else:
                due = figures(own, 0)
                wrong = sorted(name for name, value in due.items() if name != "flaps" and row[name] != value)
                said = f"its {', '.join(wrong)} do not follow from what was told"
            if wrong:
                subject = _number(connection, row["record_id"])
                yield Finding("alert", Severity.ERROR, f"the alert {row['fingerprint']} on {subject}: {said}", subject)


def _number(connection: Connection, record_id: int | None) -> str:
    found = connection.execute(select(record.c.number).where(record.c.id == record_id)).scalar() if record_id else None
    return str(found or "no record")
