"""Unauthorised changes: what a scan finds otherwise on a live CI though no approved change covers it. An incident each, once.

A blank that is filled changes nothing; only what contradicts the record counts. A CI whose alarm is open and says the same is
not reported again by the next scan. Where half the estate differs, something is wrong with the scan or the record: one incident
lists them all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from data.queries import discovery as q
from deskterm.change.cover import covering_between
from deskterm.clock import format_instant
from deskterm.configuration.discovery_rules import Difference
from deskterm.configuration.discovery_schema import Outcome
from deskterm.journal import Entry, What
from deskterm.records import resolve, store, writing
from deskterm.records.draft import Draft
from deskterm.records.unit import Unit

if TYPE_CHECKING:
    from deskterm.configuration.discovery_intake import Judged

CATEGORY = "unauthorised change"
RAISED = "raised"
"""Links a scan to the incidents it raised."""
MOST_ALARMS = 50
"""So many CIs of one scan have an incident each; if there are more, one incident is about all of them."""
NO_DRIFT = frozenset({"status", "missing_since", "name", "type"})
"""Fields whose difference says something about the record, not about the thing."""

UNSEEN_SECONDS = 7 * 86_400
"""So long before the first scan that saw a difference the change may have been made."""
REMEMBERED_SECONDS = 400 * 86_400
"""So far back earlier scans are asked."""


def drifts(changes: Iterable[Difference]) -> tuple[Difference, ...]:
    """Return the differences that a change must have made."""
    return tuple(one for one in changes if one.contradicts and one.field not in NO_DRIFT)


def judge(unit: Unit, rows: Sequence[Judged], live: set[int], at: int) -> None:
    """Mark the rows whose difference no approved change covers, and name the change on those that one does.

    The change lies between the last scan that did not see the difference and the first that did: a row that nobody applied is
    found again by every later scan, and the change that made it goes on covering it.

    Args:
        unit: the unit of work.
        rows: what the scan found.
        live: the live CIs among them.
        at: when the scan was made.
    """
    drifting = {row.ci: row for row in rows if row.outcome is Outcome.CHANGED and row.ci in live and drifts(row.changes)}
    ids = [key for key in drifting if key is not None]
    history: dict[int, list[Any]] = defaultdict(list)
    for start in range(0, len(ids), 500):
        asked = {"ids": ids[start : start + 500], "from_at": at - REMEMBERED_SECONDS, "to_at": at}
        for row in unit.connection.execute(q.HISTORY, asked):
            history[row.ci_id].append(row)
    marks = {key: {_mark((one.field, one.old, one.new)) for one in drifts(drifting[key].changes)} for key in ids}
    spans = {key: (seen_without(history[key], marks[key], at), at) for key in ids}
    covered = covering_between(unit.connection, spans)
    for key in ids:
        drifting[key].covered_by = covered.get(key)
        drifting[key].unauthorised = key not in covered


def seen_without(history: Sequence[Any], marks: set[str], at: int) -> int:
    """Return when a CI was last seen without some of its differences.

    Args:
        history: what earlier scans said of it, the newest first.
        marks: its differences now.
        at: when they are seen.
    """
    first = at
    for row in history:
        before = {_mark(one) for one in _drifting(row)} if row.outcome == Outcome.CHANGED else set()
        if not marks <= before:
            return int(row.scanned_at)
        first = int(row.scanned_at)
    return first - UNSEEN_SECONDS


def raise_alarms(unit: Unit, scan: Draft, at: int) -> None:
    """Raise an incident for each CI of a scan that is marked, or one for all where there are too many."""
    rows = [row for row in unit.connection.execute(q.ROWS, {"discovery": scan.id}) if row.unauthorised]
    if not rows:
        return
    ids = [row.ci_id for row in rows]
    known: dict[int, tuple[int, set[str]]] = {}
    for start in range(0, len(ids), 500):
        for row in unit.connection.execute(q.OPEN_ALARMS, {"ids": ids[start : start + 500]}):
            said = known.setdefault(row.ci_id, (row.id, set()))
            known[row.ci_id] = (row.id, said[1] | {_mark(one) for one in row.differences or ()})
    fresh = []
    for row in rows:
        earlier = known.get(row.ci_id)
        if earlier is not None and {_mark(one) for one in _drifting(row)} <= earlier[1]:
            _attach(unit, scan, row, earlier[0])
        else:
            fresh.append(row)
    if len(fresh) > MOST_ALARMS:
        incident = _about_all(unit, scan, fresh, at)
        unit.connection.execute(q.RAISED, [{"row": row.id, "incident": incident.id} for row in fresh])
        return
    for row in fresh:
        incident = _about_one(unit, scan, row, at)
        unit.connection.execute(q.RAISED, {"row": row.id, "incident": incident.id})


def _mark(difference: Sequence[Any]) -> str:
    return f"{difference[0]}={difference[2]!r}"


def _drifting(row: Any) -> list[Sequence[Any]]:
    return [one for one in row.differences or () if drifts([Difference(*one)])]


def _attach(unit: Unit, scan: Draft, row: Any, incident: int) -> None:
    """Say on the open incident that the difference is still there."""
    unit.connection.execute(q.RAISED, {"row": row.id, "incident": incident})
    version = store.version_of(unit, incident)
    unit.journal(Entry(incident, version, What.NOTE, text=f"still so: {scan.number}, row {row.position}"))
    _join(unit, scan, incident)


def _about_one(unit: Unit, scan: Draft, row: Any, at: int) -> Draft:
    ci = _ci(unit, row.ci_id)
    fields = ", ".join(_label(one[0]) for one in _drifting(row))
    lines = [f"{_label(one[0])}: {_shown(one[1])} is recorded, {_shown(one[2])} was found" for one in _drifting(row)]
    said = [
        f"{scan.number}, row {row.position} ({scan.get('name')}, scanned {format_instant(at)}) finds {ci.number} {ci.get('name')}"
        " changed, and no approved change covers it:",
        *lines, "", "Find out who changed it and why: record the change, or put it back.",
    ]  # fmt: skip
    values = {
        "summary": f"Unauthorised change on {ci.number} {ci.get('name')}: {fields}"[:255],
        "description": "\n".join(said)[:20_000],
        "category": CATEGORY,
        "ci": ci.id,
        "service": ci.get("service"),
        "channel": "monitoring",
        "occurred_at": at,
        "team": ci.get("support_team"),
    }
    return _raised(unit, scan, values)


def _about_all(unit: Unit, scan: Draft, rows: Sequence[Any], at: int) -> Draft:
    names = resolve.names(unit.connection, {row.ci_id for row in rows})
    lines = [
        f"{names[row.ci_id].number} {names[row.ci_id].title}: {', '.join(_label(one[0]) for one in _drifting(row))}"
        for row in rows
    ]
    more = f"\n… and {len(lines) - 500:,} more" if len(lines) > 500 else ""
    said = (
        f"{scan.number} ({scan.get('name')}, scanned {format_instant(at)}) finds {len(rows):,} CIs changed, and no approved "
        "change covers them. So many at once may mean that the scan or the records are wrong.\n" + "\n".join(lines[:500]) + more
    )
    values = {
        "summary": f"Unauthorised changes on {len(rows):,} CIs found by {scan.number}", "description": said[:90_000],
        "category": CATEGORY, "channel": "monitoring", "occurred_at": at, "impact": 2,
    }  # fmt: skip
    return _raised(unit, scan, values)


def _raised(unit: Unit, scan: Draft, values: Mapping[str, Any]) -> Draft:
    given = {name: value for name, value in values.items() if value is not None}
    incident = writing.create(unit, unit.registry.kind("incident"), given)
    _join(unit, scan, incident.id)
    return incident


def _join(unit: Unit, scan: Draft, incident: int) -> None:
    if store.connect(unit, scan.id, RAISED, incident):
        store.journal_link(unit, What.LINK, scan.id, RAISED, incident)


def _ci(unit: Unit, key: int) -> Draft:
    return store.load(unit.connection, unit.registry.kind("ci"), [key])[key]


def _label(field: str) -> str:
    return field.removeprefix("attributes.").replace("_", " ")


def _shown(value: Any) -> str:
    if value in (None, "", [], {}):
        return "nothing"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def count(connection: Connection, from_at: int, to_at: int) -> int:
    """Return how many unauthorised changes scans found in a period: one for each CI and incident."""
    rows = connection.execute(q.ALARMS, {"from_at": from_at, "to_at": to_at}).all()
    return len({(row.ci_id, row.incident_id) for row in rows})
