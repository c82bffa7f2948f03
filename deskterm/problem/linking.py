"""Incidents and their problem: what follows when an incident names one, and bringing many to one."""

from __future__ import annotations

from collections.abc import Sequence

from data.queries import problem as q
from deskterm.clock import format_instant
from deskterm.errors import InvalidInput
from deskterm.journal import Entry, What
from deskterm.problem import broadcast, known_errors
from deskterm.problem.rules import digest
from deskterm.problem.workflow import CLOSED, DUPLICATE, RESOLVED
from deskterm.records import store
from deskterm.records.draft import Draft
from deskterm.records.unit import Unit

FIELD = "problem"
OF = "problem of"
"""How a problem's journal names the link that an incident's field keeps."""


def complete(unit: Unit, incident: Draft) -> None:
    """Keep problem and known error of an incident in step: each brings the other along."""
    error, problem = incident.get("known_error"), incident.get(FIELD)
    if error is not None and error != incident.old.get("known_error") and (problem == incident.old.get(FIELD) or problem is None):
        found = unit.connection.execute(q.PROBLEM_OF, {"id": error}).scalar()
        if found is not None:
            incident.new[FIELD] = found
    elif problem != incident.old.get(FIELD) and "known_error" not in incident.given:
        incident.new["known_error"] = None if problem is None else known_errors.helping(unit.connection, problem)


def check(unit: Unit, incident: Draft) -> None:
    """Refuse a problem that leads nowhere, and a known error of another problem."""
    problem, error = incident.get(FIELD), incident.get("known_error")
    if error is not None and (error, problem) != (incident.old.get("known_error"), incident.old.get(FIELD)):
        belongs = unit.connection.execute(q.PROBLEM_OF, {"id": error}).scalar()
        if belongs is not None and belongs != problem:
            raise InvalidInput(
                "the known error is of another problem; leave one of the two empty, it follows from the other",
                fields={"known_error": "of another problem"},
            )
    if problem is None or problem == incident.old.get(FIELD) or unit.what == "undo":
        return
    found = _problem(unit, problem)
    if found is not None and found.state == DUPLICATE:
        original = _problem(unit, found.get("duplicate_of"))
        raise InvalidInput(
            f"{found.number} is a duplicate; link it to {original.number if original else 'the problem that goes on'}",
            fields={FIELD: "a duplicate"},
        )


def follow(unit: Unit, incident: Draft) -> None:
    """Tell both problems, post the workaround that helps, and propose to reopen what was thought to be gone."""
    before, now = incident.old.get(FIELD), incident.get(FIELD)
    applied = "known_error" in incident.given and incident.get("known_error") is not None
    if before == now and not applied:
        return
    if before is not None and before != now:
        _tell(unit, before, incident, What.UNLINK)
    if now is None:
        return
    store.lock(unit, [now])
    problem = _problem(unit, now)
    if problem is None:
        return
    if before != now:
        _tell(unit, now, incident, What.LINK)
        _recurs(unit, problem, incident)
    published = problem.get("published_digest")
    if applied or (published and published == digest(str(problem.get("workaround")))):
        broadcast.post(unit, problem, incident)


def _problem(unit: Unit, key: int | None) -> Draft | None:
    return store.load(unit.connection, unit.registry.kind("problem"), [key]).get(key) if key is not None else None


def _tell(unit: Unit, problem: int, incident: Draft, what: What) -> None:
    old, new = (None, incident.id) if what is What.LINK else (incident.id, None)
    unit.journal(Entry(problem, store.version_of(unit, problem), what, OF, old, new))


def _recurs(unit: Unit, problem: Draft, incident: Draft) -> None:
    """An incident that began after its problem was resolved says that it was not: that is proposed, never done in silence."""
    resolved, began = problem.get("resolved_at"), incident.get("occurred_at") or unit.at
    if problem.state not in (RESOLVED, CLOSED) or resolved is None or began <= resolved:
        return
    problem.new["recurred_at"] = began
    problem.new["recurrences"] = (problem.get("recurrences") or 0) + 1
    store.update_draft(unit, problem)
    cure = "reopen it" if problem.state == RESOLVED else "make a new problem"
    text = f"{incident.number} began at {format_instant(began)}, after this was resolved: {cure}, or say why it is not the same."
    unit.journal(Entry(problem.id, problem.version, What.NOTE, text=text))


def join(unit: Unit, problem: Draft, ids: Sequence[int]) -> int:
    """Link incidents to a problem, also such as are over; return how many were not linked to it before.

    Raises:
        NotAllowed: the actor may not link incidents.
    """
    kind = unit.registry.kind("incident")
    unit.require("link", kind)
    count = 0
    for key in sorted(set(ids)):
        incident = store.load(unit.connection, kind, [key], locked=True)[key]
        if incident.get(FIELD) == problem.id:
            continue
        incident.new[FIELD] = problem.id
        incident.new["known_error"] = known_errors.helping(unit.connection, problem.id)
        store.update_draft(unit, incident)
        for rule in kind.hooks.after:
            unit.follow(rule, incident)
        count += 1
    return count


def move(unit: Unit, problem: Draft, original: Draft) -> int:
    """Give all incidents of a problem to another one; return how many."""
    after, count = 0, 0
    while True:
        page = {"id": problem.id, "after": after, "limit": q.MOST_INCIDENTS}
        rows = unit.connection.execute(q.INCIDENTS_OF, page).all()
        if not rows:
            return count
        after = rows[-1].id
        count += join(unit, original, [row.id for row in rows])
