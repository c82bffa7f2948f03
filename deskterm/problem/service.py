"""What happens to a problem while it is written: priority, milestones, its known error, and what each action does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from data.queries import problem as q
from deskterm.errors import InvalidInput, WorkflowRefused
from deskterm.incident.service import derive_priority, take, teams_of
from deskterm.journal import Entry, What
from deskterm.kinds import Rules
from deskterm.problem import broadcast, known_errors, linking, outline
from deskterm.problem.workflow import (
    DUPLICATE,
    INVESTIGATING,
    KNOWN_ERROR,
    NEW,
    RESOLVED,
)
from deskterm.records import store, writing
from deskterm.records.draft import Draft
from deskterm.records.unit import Unit
from deskterm.workflow import Phase


def _ownership(unit: Unit, draft: Draft) -> None:
    """An agent brings a team along; a team that the agent is none of takes it from them."""
    assignee, team = draft.get("assignee"), draft.get("team")
    if assignee is None:
        return
    teams = teams_of(unit, assignee)
    if team is None and teams:
        draft.new["team"] = teams[0]
    elif team != draft.old.get("team") and "assignee" not in draft.given and team not in teams:
        draft.new["assignee"] = None


def _known(unit: Unit, draft: Draft) -> None:
    """A known error exists exactly when root cause and workaround are both recorded: the state follows by itself."""
    both = bool(draft.get("root_cause") and draft.get("workaround"))
    if both and draft.state in (NEW, INVESTIGATING):
        draft.state = KNOWN_ERROR
        draft.reason = draft.reason or "root cause and workaround are recorded"
    for name, stamp in (("root_cause", "root_cause_at"), ("workaround", "workaround_at")):
        if draft.get(name) and draft.get(stamp) is None:
            draft.new[stamp] = unit.at
        elif not draft.get(name):
            draft.new[stamp] = None


def _milestones(unit: Unit, draft: Draft) -> None:
    if draft.state == RESOLVED and draft.state_before != RESOLVED:
        draft.new["resolved_at"] = unit.at
        draft.new["recurred_at"] = None
    if draft.action is not None and draft.action.name == "reopen":
        draft.new["reopens"] = (draft.get("reopens") or 0) + 1
        draft.new["resolved_at"] = draft.new["recurred_at"] = None


COMPLETE = (derive_priority, _ownership, _known, _milestones)


def _check_known(unit: Unit, draft: Draft) -> None:
    if draft.state == KNOWN_ERROR and not (draft.get("root_cause") and draft.get("workaround")):
        missing = {name: f"required while {KNOWN_ERROR}" for name in ("root_cause", "workaround") if not draft.get(name)}
        raise WorkflowRefused(
            f"a known error has a root cause and a workaround; {' and '.join(missing)} is missing", fields=missing
        )


def _check_original(unit: Unit, draft: Draft) -> None:
    """A duplicate leads to a problem that goes on, never in circles."""
    original = draft.get("duplicate_of")
    if original is None or (original == draft.old.get("duplicate_of") and draft.state == draft.state_before):
        return
    if original == draft.id:
        raise InvalidInput("a problem is no duplicate of itself", fields={"duplicate_of": "the same record"})
    found = store.load(unit.connection, draft.kind, [original])[original]
    if found.state == DUPLICATE:
        raise InvalidInput(
            f"{found.number} is a duplicate as well; name the problem that goes on", fields={"duplicate_of": "a duplicate"}
        )


CHECK = (_check_known, _check_original)


def follow_known_error(unit: Unit, draft: Draft) -> None:
    """Keep the known error in step with what was just written of its problem."""
    known_errors.keep(unit, draft)


AFTER = (follow_known_error,)


def _reason(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    reason = inputs.get("reason")
    if reason and draft.action is not None and draft.action.target is None:
        _say(unit, draft, f"{draft.action.title}: {reason}")
    elif reason:
        draft.reason = reason


def _say(unit: Unit, draft: Draft, text: str) -> None:
    unit.journal(Entry(draft.id, draft.version + 1, What.NOTE, text=text))


def _resolve(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    if inputs.get("incidents"):
        resolve_incidents(unit, draft)


def _resolve_incidents(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    if not resolve_incidents(unit, draft):
        raise WorkflowRefused(f"no open incident is linked to {draft.number} any more")
    store.touch(unit, draft)


def resolve_incidents(unit: Unit, draft: Draft) -> int:
    """Resolve the open incidents of a problem with its solution; what is resolved or closed is never touched. Return how many."""
    kind = unit.registry.kind("incident")
    ids = list(unit.connection.execute(q.OPEN_OF, {"id": draft.id}).scalars())
    for key in ids:
        incident = store.load(unit.connection, kind, [key], locked=True)[key]
        if incident.phase in (Phase.ACTIVE, Phase.WAITING):
            solution = f"{draft.number}: {draft.get('solution')}"
            writing.act(unit, incident, "resolve", {"code": "solved", "solution": solution})
    if ids:
        _say(unit, draft, f"{len(ids)} open incident{'s were' if len(ids) > 1 else ' was'} resolved with it")
    return len(ids)


def _duplicate(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    """Hand the incidents to the problem that goes on."""
    _check_original(unit, draft)
    original = store.load(unit.connection, draft.kind, [draft.get("duplicate_of")], locked=True)[draft.get("duplicate_of")]
    moved = linking.move(unit, draft, original)
    draft.reason = f"the same as {original.number}"
    if moved:
        _say(unit, draft, f"{moved} incidents went to {original.number}")


def _gather(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    ids = inputs["incidents"]
    if not linking.join(unit, draft, ids):
        raise WorkflowRefused("all of them are linked to it already", fields={"incidents": "linked already"})


def _publish(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    broadcast.publish(unit, draft)


HANDLERS = {
    "take": take,
    "fix-failed": _reason,
    "look-again": _reason,
    "refute": _reason,
    "reopen": _reason,
    "reconsider": _reason,
    "dismiss-recurrence": _reason,
    "resolve": _resolve,
    "resolve-incidents": _resolve_incidents,
    "duplicate": _duplicate,
    "gather": _gather,
    "publish": _publish,
    **outline.HANDLERS,
}
RULES = Rules(COMPLETE, CHECK, AFTER, handlers=HANDLERS)
