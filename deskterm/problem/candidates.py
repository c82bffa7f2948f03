"""Candidates: patterns among incidents that the desk proposes, and what becomes of them: a problem, or a reason why not.

How patterns are found is `deskterm.problem.patterns`; here they are kept, so that nothing is proposed twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deskterm.errors import InvalidInput, WorkflowRefused
from deskterm.journal import Entry, What
from deskterm.kinds import Rules
from deskterm.problem import linking
from deskterm.records import resolve, store, writing
from deskterm.records.draft import Draft
from deskterm.records.unit import Unit

COMMON = ("service", "ci", "category")


def _only_the_desk(unit: Unit, draft: Draft) -> None:
    if draft.creating:
        raise InvalidInput("candidates are proposed by the desk; to look into something yourself, make a problem")


COMPLETE = (_only_the_desk,)


def _accept(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    """Make a problem of it, or add its incidents to one that is there."""
    kind = unit.registry.kind("problem")
    ids = list(draft.get("incidents") or ())
    if inputs.get("problem"):
        try:
            key = resolve.one_of(unit.connection, inputs["problem"], ("problem",))
        except ValueError as trouble:
            raise InvalidInput(f"problem {trouble}", fields={"problem": str(trouble)}) from None
        problem = store.load(unit.connection, kind, [key], locked=True)[key]
        if problem.state in ("duplicate", "closed"):
            raise WorkflowRefused(f"{problem.number} is {problem.state}", fields={"problem": problem.state})
    else:
        summary = inputs.get("summary") or draft.get("summary")
        problem = writing.create(unit, kind, {**shared(unit, ids), "summary": summary, "description": draft.get("why")})
    free = [key for key in ids if _is_free(unit, key)]
    linked = linking.join(unit, problem, free)
    draft.new["problem"] = problem.id
    draft.reason = f"became {problem.number}"
    left = len(ids) - linked
    text = f"Candidate {draft.number}: {linked} incidents linked" + (f", {left} have a problem already" if left else "") + "."
    unit.journal(Entry(problem.id, store.version_of(unit, problem.id), What.NOTE, text=text))


def _is_free(unit: Unit, key: int) -> bool:
    found = store.load(unit.connection, unit.registry.kind("incident"), [key])
    return key in found and found[key].get("problem") is None


def shared(unit: Unit, ids: list[int]) -> dict[str, Any]:
    """Return what incidents have in common: the things they name, the worst impact and urgency, and when the first began."""
    drafts = list(store.load(unit.connection, unit.registry.kind("incident"), ids).values())
    values: dict[str, Any] = {}
    for name in COMMON:
        named = {draft.get(name) for draft in drafts}
        if len(named) == 1 and (one := named.pop()) is not None:
            values[name] = one
    for name in ("impact", "urgency"):
        values[name] = min((draft.get(name) for draft in drafts), default=3)
    began = [draft.get("occurred_at") or draft.created_at for draft in drafts]
    return values | ({"occurred_at": min(began)} if began else {})


def _dismiss(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    draft.reason = str(draft.get("reason"))[:255]


HANDLERS = {"accept": _accept, "dismiss": _dismiss}
RULES = Rules(COMPLETE, handlers=HANDLERS)
