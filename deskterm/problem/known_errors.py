"""The known-error database, kept by the desk: a known error is what its problem says, there exactly while both halves are."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from data.queries import problem as q
from deskterm.errors import InvalidInput, WorkflowRefused
from deskterm.journal import Entry, What
from deskterm.kinds import Rules
from deskterm.problem.workflow import ACCEPTED_RISK, CLOSED, FIXING, HELPS, KNOWN_ERROR, RESOLVED, RETIRED
from deskterm.records import store
from deskterm.records.draft import Draft
from deskterm.records.unit import Unit

FOLLOWS = (KNOWN_ERROR, FIXING, RESOLVED, CLOSED, ACCEPTED_RISK)
"""States that a known error shares with its problem; in any other it is retired."""
SHARED = ("summary", "workaround", "versions", "service", "ci", "cis", "category")


def keep(unit: Unit, problem: Draft) -> None:
    """Make, change or retire the known error of a problem that was just written."""
    known = bool(problem.get("root_cause") and problem.get("workaround"))
    state = problem.state if known and problem.state in FOLLOWS else RETIRED
    row = unit.connection.execute(q.ERROR_OF, {"id": problem.id}).first()
    if row is None and state == RETIRED:
        return
    kind = unit.registry.kind("known-error")
    if row is None:
        draft = Draft(kind, {}, _values(problem) | {"problem": problem.id}, state=state)
        store.insert_draft(unit, draft)
        unit.journal(Entry(problem.id, problem.version, What.NOTE, text=f"Known error {draft.number} exists from now on."))
        return
    draft = store.load(unit.connection, kind, [row.id], locked=True)[row.id]
    if known:
        draft.new.update(_values(problem))
    draft.state = state
    draft.reason = f"{problem.number} is {problem.state}"
    store.update_draft(unit, draft)


def _values(problem: Draft) -> dict[str, Any]:
    shared = {name: problem.get(name) for name in SHARED}
    symptom = problem.get("symptoms") or problem.get("description")
    return {**shared, "symptom": symptom, "cause": problem.get("root_cause")}


def helping(connection: Connection, problem_id: int) -> int | None:
    """Return the id of a problem's known error while it is of help to anybody."""
    row = connection.execute(q.ERROR_OF, {"id": problem_id}).first()
    return row.id if row is not None and row.state in HELPS else None


def _not_by_hand(unit: Unit, draft: Draft) -> None:
    if draft.creating:
        raise InvalidInput(
            "a known error is there once root cause and workaround of its problem are recorded; edit the problem instead"
        )


def _only_with_its_problem(unit: Unit, draft: Draft) -> None:
    if draft.changed or draft.state != draft.state_before:
        raise WorkflowRefused(f"{draft.number} is what its problem says; change the problem instead")


COMPLETE = (_not_by_hand,)
CHECK = (_only_with_its_problem,)
RULES = Rules(COMPLETE, CHECK)
