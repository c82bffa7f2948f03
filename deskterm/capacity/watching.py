"""The watch on thresholds: a breach raises one incident, which hears how it goes on; the resource keeps how it stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from data.queries import capacity as q
from deskterm.capacity.breaches import CRITICAL, OK, Marks, Standing, judge, marks_of
from deskterm.capacity.forecasts import Sample
from deskterm.clock import format_instant
from deskterm.fields import write_number
from deskterm.jobs import JobContext
from deskterm.journal import Entry, What
from deskterm.records import store, writing
from deskterm.records.draft import Draft
from deskterm.records.unit import Unit
from deskterm.relation_words import RECURRENCE_OF
from deskterm.workflow import Phase

FRESH_SECONDS = 86_400
"""An older sample raises no incident: somebody loads history."""
PAGE = 200
CATEGORY = "capacity"
RAISED = "raised"
"""From a resource to what was raised because of it."""
IMPACT = {"critical": 1, "high": 2}
"""By the criticality of the service."""


def watch(context: JobContext) -> int:
    """Judge every resource that has samples newer than those that were judged last."""
    count, after = 0, 0
    while True:
        with context.database.read() as connection:
            rows = connection.execute(q.UNJUDGED, {"after": after, "limit": PAGE}).all()
        if not rows:
            return count
        after = rows[-1].id
        count += context.each([row.id for row in rows], _judge_some)


def _judge_some(unit: Unit, ids: Sequence[int]) -> int:
    drafts = store.load(unit.connection, unit.registry.kind("resource"), ids, locked=True)
    return sum(_judge(unit, draft) for draft in drafts.values())


def _judge(unit: Unit, draft: Draft) -> int:
    rows = unit.connection.execute(q.LATEST_OF, {"ids": [draft.id]}).all()
    if not rows or draft.state != "active":
        return 0
    held = rows[0]
    low = max(held.latest_at - FRESH_SECONDS, (held.judged_at or 0) + 1)
    span = {"resource": draft.id, "low": low, "high": held.latest_at + 1}
    samples = [Sample(row.at, row.value) for row in unit.connection.execute(q.WITHIN, span)]
    before = [row.value for row in unit.connection.execute(q.BEFORE, {"resource": draft.id, "at": low, "limit": _confirm(draft)})]
    was = Standing(draft.get("level") or OK, draft.get("level_at"), bool(draft.get("armed")))
    standing = judge(samples, before[::-1], was, marks(draft))
    unit.connection.execute(q.JUDGED, {"resource": draft.id, "instant": held.latest_at})
    fresh = unit.at - held.latest_at <= FRESH_SECONDS
    raising = standing.level != OK and standing.armed and fresh
    if standing.level == was.level and not raising:
        return 0
    _tell(unit, draft, was, standing, raising=raising, value=held.latest)
    return 1


def _confirm(draft: Draft) -> int:
    return int(draft.get("confirm_samples") or 1)


def marks(draft: Draft) -> Marks:
    """Return the thresholds of a resource as they stand."""
    return marks_of(
        draft.get("warn"), draft.get("critical"), draft.get("rearm"), draft.get("capacity"),
        down=draft.get("direction") == "down", confirm=_confirm(draft),
    )  # fmt: skip


def _tell(unit: Unit, draft: Draft, was: Standing, now: Standing, *, raising: bool, value: float) -> None:
    """Keep how it stands now, and tell the incident."""
    draft.new["level"], draft.new["level_at"] = now.level, now.since_at
    incident = _incident(unit, draft.get("incident"))
    is_open = incident is not None and incident.phase in (Phase.ACTIVE, Phase.WAITING)
    said = sentence(draft, value, now)
    if raising and incident is not None and is_open:
        _note(unit, incident, f"{said} again")
    elif raising:
        made = _raise(unit, draft, now, said, None if incident is None else incident.id)
        draft.new["incident"] = made.id
    elif now.level == OK and incident is not None and is_open:
        _note(unit, incident, f"{said}: the breach is over")
    elif now.level == CRITICAL and incident is not None and is_open:
        _worsen(unit, draft, incident, said)
    draft.new["armed"] = now.level == OK or (now.armed and not raising)
    draft.reason = said[:255]
    writing.act(unit, draft, "judge", {})


def sentence(draft: Draft, value: float, standing: Standing) -> str:
    """Return how a resource stands in a sentence."""
    unit, capacity = draft.get("unit") or "", draft.get("capacity")
    down = draft.get("direction") == "down"
    share = f", {100 * value / capacity:.0f} % of {_amount(capacity, unit)}" if capacity else ""
    name = draft.get(draft.kind.title_field)
    found = f"{name}: {_amount(value, unit)}{share} {'left' if down else 'used'}"
    marks_ = marks(draft)
    mark = marks_.rearm if standing.level == OK else marks_.critical if standing.level == CRITICAL else marks_.warn
    word = "re-armed" if standing.level == OK else standing.level
    return f"{found} ({word} at {_amount(mark, unit)})" if mark is not None else found


def _amount(value: float, unit: str) -> str:
    return f"{write_number(round(value, 3))} {unit}".rstrip()


def _incident(unit: Unit, key: int | None) -> Draft | None:
    if key is None:
        return None
    return store.load(unit.connection, unit.registry.kind("incident"), [key], locked=True).get(key)


def _note(unit: Unit, incident: Draft, text: str) -> None:
    unit.journal(Entry(incident.id, incident.version, What.NOTE, CATEGORY, text=f"{text}."))
    store.touch(unit, incident)


def _levels(unit: Unit, draft: Draft, level: str) -> tuple[int, int]:
    """Return impact and urgency: by the criticality of the service, and by the threshold."""
    word = ""
    if draft.get("service") is not None:
        found = store.load(unit.connection, unit.registry.kind("service"), [draft.get("service")])
        word = str(found[draft.get("service")].get("criticality") or "")
    return IMPACT.get(word, 2 if level == CRITICAL else 3), 2 if level == CRITICAL else 3


def _worsen(unit: Unit, draft: Draft, incident: Draft, said: str) -> None:
    """Let an open incident be as bad as a breach has become; what a person set higher stays."""
    impact, urgency = _levels(unit, draft, CRITICAL)
    values = {"impact": min(impact, incident.get("impact")), "urgency": min(urgency, incident.get("urgency"))}
    writing.edit(unit, incident, values)
    _note(unit, store.load(unit.connection, incident.kind, [incident.id])[incident.id], said)


def _raise(unit: Unit, draft: Draft, now: Standing, said: str, previous: int | None) -> Draft:
    impact, urgency = _levels(unit, draft, now.level)
    ci = draft.get("ci")
    team = store.load(unit.connection, unit.registry.kind("ci"), [ci])[ci].get("support_team") if ci is not None else None
    since = now.since_at if now.since_at is not None else unit.at
    description = (
        f"{said}, since {format_instant(since)}.\n\nIt is told once; the next breach is a new one only after {draft.number} is "
        f"back at its re-arm mark. `deskterm explain {draft.number} forecast` says how it goes on."
    )
    values: dict[str, Any] = {
        "summary": said[:255], "description": description, "category": CATEGORY, "ci": ci, "service": draft.get("service"),
        "channel": "monitoring", "occurred_at": min(since, unit.at), "impact": impact, "urgency": urgency, "team": team,
    }  # fmt: skip
    given = {name: value for name, value in values.items() if value is not None}
    made = writing.create(unit, unit.registry.kind("incident"), given)
    if store.connect(unit, draft.id, RAISED, made.id):
        store.journal_link(unit, What.LINK, draft.id, RAISED, made.id)
    if previous is not None and store.connect(unit, made.id, RECURRENCE_OF, previous):
        store.journal_link(unit, What.LINK, made.id, RECURRENCE_OF, previous)
    return made
