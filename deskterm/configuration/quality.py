"""The quality of what is recorded: CIs unseen for long, without owner or tie, recorded twice, with a serial that is none.

`findings` reckons it anew from the records; the job keeps it in a table, with the day since when each is so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, RowMapping

from data.queries import audits as q
from data.queries import discovery as dq
from deskterm.configuration.discovery_rules import fqdn_key, is_placeholder_serial, mac_key, serial_key, uuid_key
from deskterm.jobs import JobContext

STALE_SECONDS = 90 * 86_400
"""A live CI that no scan, no audit and nobody at a form has touched for so long is stale."""
TIES = ("depends-on", "runs-on", "part-of", "connects-to", "backs-up", "uses", "belongs-to")
SORTS: Mapping[str, str] = {
    "stale": f"live, and neither seen by a scan or audit nor changed by anybody for {STALE_SECONDS // 86_400} days",
    "orphan": "in use, but part of no service and related to nothing",
    "duplicate": "shares a serial number, UUID, MAC address, host name or asset number with another CI in use",
    "no-owner": "in use, but nobody answers for it and no team supports it",
    "placeholder-serial": "its serial number is one that makers leave in place of one",
    "missing": "a scan or an audit did not find it",
}
"""What is looked for, and the rule."""
_IN_USE = ("live", "in-repair")
_NO_MACHINES = frozenset({"document", "licence", "contract", "location", "business-service"})
"""Types that no scan can see."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with the record of a CI."""

    ci_id: int
    number: str
    title: str
    sort: str
    detail: str


def findings(connection: Connection, now: int) -> Iterator[Finding]:
    """Yield everything that is wrong, CI by CI."""
    rows = [row for row in connection.execute(dq.CIS).mappings() if row["state"] in _IN_USE]
    tied = _tied(connection)
    twice = _twice(rows)
    for row in rows:
        for sort, detail in _of(row, tied, twice, now):
            yield Finding(row["id"], row["number"], row["title"], sort, detail)


def _of(row: RowMapping, tied: set[int], twice: Mapping[int, str], now: int) -> Iterator[tuple[str, str]]:
    seen = max(row["last_seen_at"] or 0, row["updated_at"])
    if row["state"] == "live" and row["type"] not in _NO_MACHINES and now - seen > STALE_SECONDS:
        yield "stale", f"last seen or changed {(now - seen) // 86_400} days ago"
    if row["id"] not in tied and row["service_id"] is None:
        yield "orphan", "no service, no relation"
    if row["id"] in twice:
        yield "duplicate", twice[row["id"]]
    if row["owner_id"] is None and row["support_team_id"] is None:
        yield "no-owner", "no owner, no support team"
    if is_placeholder_serial(row["serial"]):
        yield "placeholder-serial", str(row["serial"])
    if row["missing_since"] is not None:
        yield "missing", f"for {max(0, now - row['missing_since']) // 86_400} days"


def _tied(connection: Connection) -> set[int]:
    found = connection.execute(q.LINKED, {"relations": list(TIES)})
    return {key for row in found for key in (row.source_id, row.target_id)}


def findings_of(connection: Connection, ci_id: int, now: int) -> tuple[Finding, ...]:
    """Return what is wrong with the record of one CI as it stands; whether it is recorded twice as the job last found."""
    row = connection.execute(dq.CIS_BY_ID, {"ids": [ci_id]}).mappings().first()
    if row is None or row["state"] not in _IN_USE:
        return ()
    kept = {one.sort: one.detail for one in connection.execute(q.FINDINGS_OF, {"ci": ci_id})}
    twice = {ci_id: kept["duplicate"]} if "duplicate" in kept else {}
    tied = {ci_id} if connection.execute(q.TIED, {"ci": ci_id, "relations": list(TIES)}).first() is not None else set()
    return tuple(Finding(ci_id, row["number"], row["title"], sort, detail) for sort, detail in _of(row, tied, twice, now))


_KEYS = (
    ("serial number", "serial", serial_key), ("UUID", "uuid", uuid_key), ("MAC address", "mac", mac_key),
    ("host name", "fqdn", fqdn_key), ("asset number", "asset_number", serial_key),
)  # fmt: skip


def _twice(rows: Sequence[RowMapping]) -> dict[int, str]:
    found: dict[int, str] = {}
    for label, column, key_of in _KEYS:
        groups: dict[str, list[RowMapping]] = defaultdict(list)
        for row in rows:
            if (key := key_of(row[column])) is not None:
                groups[key].append(row)
        for group in groups.values():
            for row in group if len(group) > 1 else ():
                others = ", ".join(other["number"] for other in group if other is not row)
                found.setdefault(row["id"], f"{label} is also that of {others[:200]}")
    return found


def keep_current(context: JobContext) -> int:
    """Bring the table of findings up to date; return how many came, went or changed."""
    with context.database.read() as connection:
        now = {(one.ci_id, one.sort): one.detail for one in findings(connection, context.now)}
        kept = {(row.ci_id, row.sort): row for row in connection.execute(q.FINDINGS)}
    fresh = [
        {"ci_id": ci, "sort": sort, "detail": detail, "since": context.now}
        for (ci, sort), detail in now.items() if (ci, sort) not in kept
    ]  # fmt: skip
    cured = [row.id for key, row in kept.items() if key not in now]
    other = [{"finding": row.id, "said": now[key]} for key, row in kept.items() if key in now and now[key] != row.detail]
    if not (fresh or cured or other):
        return 0
    with context.unit() as unit:
        for start in range(0, len(cured), 500):
            unit.connection.execute(q.CURE, {"ids": cured[start : start + 500]})
        if other:
            unit.connection.execute(q.SAY, other)
        for start in range(0, len(fresh), 500):
            unit.connection.execute(q.FIND, fresh[start : start + 500])
    return len(fresh) + len(cured) + len(other)
