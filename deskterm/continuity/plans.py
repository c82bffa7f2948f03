"""What holds for a plan and its steps however they are written: which step waits for which, and what an approval freezes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection

from data.holds import hold
from data.queries import continuity as q
from data.search import fold
from deskterm.continuity import copy_marks
from deskterm.continuity.call_tree import read_calls
from deskterm.continuity.recovery_plans import Schedule, Step, schedule
from deskterm.continuity.schema import PlanStep
from deskterm.errors import InvalidInput, WorkflowRefused
from deskterm.journal import Entry, What
from deskterm.kinds import Rules
from deskterm.records import store
from deskterm.records.draft import Draft
from deskterm.records.unit import Unit

Inputs = Mapping[str, Any]
MOST_STEPS = 500


def steps_of(connection: Connection, plans: Iterable[int]) -> dict[int, tuple[PlanStep, ...]]:
    """Return the steps of plans as they are now, by plan, in the order of their places."""
    found: dict[int, list[PlanStep]] = {key: [] for key in plans}
    for row in connection.execute(q.STEPS, {"ids": list(found)}) if found else ():
        found[row.plan_id].append(
            PlanStep(
                row.id, row.number, row.title, row.minutes * 60, tuple(row.after or ()), row.role or "", row.instructions or "",
                row.ci_id,
            )
        )  # fmt: skip
    return {key: tuple(steps) for key, steps in found.items()}


def scheduled(steps: Iterable[PlanStep]) -> Schedule | None:
    """Return how a plan goes; None where it has no step.

    Raises:
        InvalidInput: steps wait for one another in a circle, which is named.
    """
    given = [Step(one.name, one.seconds, one.after) for one in steps]
    return schedule(given) if given else None


# Plans.


def _readable_calls(unit: Unit, draft: Draft) -> None:
    if "call_tree" in draft.changed and draft.get("call_tree"):
        read_calls(str(draft.get("call_tree")))


def _frozen(unit: Unit, draft: Draft) -> None:
    """Refuse to change what was approved; the next version is another one."""
    if draft.state_before != "approved" or draft.state != "approved":
        return
    frozen = [
        name for name in ("services", "cis", "strategy", "call_tree", "trigger", "site", "description") if name in draft.changed
    ]
    if frozen:
        raise WorkflowRefused(
            f"{draft.number} is approved as version {draft.get('plan_version')}; to change its {frozen[0].replace('_', ' ')}, "
            "take the action revise first",
            fields=dict.fromkeys(frozen, "frozen while approved"),
        )


def _approve(unit: Unit, draft: Draft, inputs: Inputs) -> None:
    """Freeze this version: its steps as they are, and who says that it may be relied on."""
    hold(unit.connection, f"steps of {draft.id}")
    steps = steps_of(unit.connection, [draft.id])[draft.id]
    if not steps and draft.get("strategy") != "do-nothing":
        raise WorkflowRefused(
            f"{draft.number} has no step; add one with: deskterm new recovery-step plan={draft.number} name=… minutes=…",
            fields={"steps": "none"},
        )
    if not draft.get("services") and not draft.get("cis"):
        raise WorkflowRefused(f"{draft.number} brings back nothing; name its services or CIs", fields={"services": "none"})
    scheduled(steps)
    row = {
        "plan_id": draft.id, "version": draft.get("plan_version"), "approved_by": unit.actor.login, "approved_at": unit.at,
        "steps": [one.as_json() for one in steps], "call_tree": draft.get("call_tree"),
    }  # fmt: skip
    unit.connection.execute(q.NEW_VERSION, row)
    draft.new.update(approved_by=unit.actor.login, approved_at=unit.at)
    text = f"version {draft.get('plan_version')} approved, {len(steps)} steps"
    unit.journal(Entry(draft.id, draft.version + 1, What.SIGNED, text=text))


def _next_version(unit: Unit, draft: Draft) -> None:
    """Begin the next version, where the present one was approved."""
    versions = [row.version for row in unit.connection.execute(q.VERSIONS, {"ids": [draft.id]})]
    draft.new["plan_version"] = max([*versions, 0]) + 1
    draft.new.update(approved_by=None, approved_at=None)


def _revise(unit: Unit, draft: Draft, inputs: Inputs) -> None:
    _next_version(unit, draft)
    draft.reason = str(inputs.get("reason") or "revised")


def _restore(unit: Unit, draft: Draft, inputs: Inputs) -> None:
    _next_version(unit, draft)


def _approvals_stand(draft: Draft, fields: frozenset[str]) -> str:
    """Say why an approval is not undone: it is a record, and the next version is another one."""
    stands = {"approved_at", "plan_version"} & fields
    return f"the approval of {draft.number} stands; take the action revise to begin its next version" if stands else ""


def _changed(unit: Unit, draft: Draft) -> None:
    copy_marks.after(unit)


RULES = Rules(
    check=(_readable_calls, _frozen),
    after=(_changed,),
    handlers={"approve": _approve, "revise": _revise, "restore": _restore},
    lasting=(_approvals_stand,),
)


# Steps.


def _placed(unit: Unit, draft: Draft) -> None:
    """Put it behind the others, where nobody says where it goes."""
    if draft.get("position") is None and draft.get("plan") is not None:
        hold(unit.connection, f"steps of {draft.get('plan')}")
        draft.new["position"] = unit.connection.execute(q.NEXT_POSITION, {"plan": draft.get("plan")}).scalar_one()


def _waits(unit: Unit, draft: Draft) -> None:
    """Write what it waits for as the names of steps of its own plan.

    Raises:
        InvalidInput: a name is of no step of the plan; the message says whose it is.
    """
    if draft.get("plan") is None or not draft.get("after") or not ({"after", "plan"} & draft.changed.keys()):
        return
    own = [one for one in steps_of(unit.connection, [draft.get("plan")])[draft.get("plan")] if one.id != draft.id]
    by_word = {fold(one.name): one.name for one in own} | {one.number.casefold(): one.name for one in own}
    by_word.setdefault(fold(str(draft.get("name"))), str(draft.get("name")))
    if draft.number:
        by_word.setdefault(draft.number.casefold(), str(draft.get("name")))
    found: list[str] = []
    for word in draft.get("after"):
        name = by_word.get(fold(word)) or by_word.get(word.strip().casefold())
        if name is None:
            raise _no_step_of(unit, draft.get("plan"), word, [one.name for one in own])
        found.append(name)
    draft.new["after"] = list(dict.fromkeys(found))


def _no_step_of(unit: Unit, plan: int, word: str, names: list[str]) -> InvalidInput:
    mine = unit.connection.execute(q.STEP_PLAN, {"id": plan}).one()
    other = unit.connection.execute(q.STEP_BY_NUMBER, {"number": word.strip().upper()}).first()
    if other is None:
        same = unit.connection.execute(q.STEPS_NAMED, {"title_key": fold(word)}).all()
        other = next((row for row in same if row.plan_id != plan), None)
    if other is not None:
        whose = unit.connection.execute(q.STEP_PLAN, {"id": other.plan_id}).one()
        said = f"{other.number} ({other.title}) is a step of {whose.number} ({whose.title}), not of {mine.number} ({mine.title})"
    else:
        known = ", ".join(names[:10]) or "none yet"
        said = f"{mine.number} ({mine.title}) has no step {word!r}; its other steps are: {known}"
    return InvalidInput(f"after: {said}", fields={"after": said})


def _stays(unit: Unit, draft: Draft) -> None:
    if not draft.creating and draft.get("plan") != draft.old.get("plan"):
        raise InvalidInput("a step stays in its plan; make it anew in the other one", fields={"plan": "stays as it is"})


def _plan_is_draft(unit: Unit, draft: Draft) -> None:
    """Refuse to touch the steps of a plan that is approved or retired."""
    if not draft.creating and not draft.changed and draft.state == draft.state_before:
        return
    plan = unit.connection.execute(q.STEP_PLAN, {"id": draft.get("plan")}).first()
    if plan is None or plan.state == "draft":
        return
    cure = "take its action revise first" if plan.state == "approved" else "take its action restore first"
    raise WorkflowRefused(f"{plan.number} ({plan.title}) is {plan.state}, its steps stand; {cure}", fields={"plan": plan.state})


def _fits(unit: Unit, draft: Draft) -> None:
    """Refuse a second step of the same name, a circle, and to drop a step that others wait for.

    Raises:
        InvalidInput: the circle is named, step by step.
        WorkflowRefused: the steps that wait are named.
    """
    plan = draft.get("plan")
    hold(unit.connection, f"steps of {plan}")
    others = [one for one in steps_of(unit.connection, [plan])[plan] if one.id != draft.id]
    name = str(draft.get("name"))
    if draft.state != "active":
        waiting = [one.name for one in others if str(draft.old.get("name")) in one.after]
        if waiting:
            said = ", ".join(waiting)
            raise WorkflowRefused(f"{said} waits for {name}; change that first", fields={"state": f"awaited by {said}"})
        return
    same = next((one for one in others if fold(one.name) == fold(name)), None)
    if same is not None:
        raise InvalidInput(f"{same.number} is called {same.name} already; no two steps of a plan share a name",
                           fields={"name": f"{same.number} is called that"})  # fmt: skip
    if len(others) >= MOST_STEPS:
        raise InvalidInput(f"a plan has at most {MOST_STEPS} steps", fields={"plan": "full"})
    before = str(draft.old.get("name")) if not draft.creating else name
    renamed = [Step(one.name, one.seconds, tuple(name if a == before else a for a in one.after)) for one in others]
    own = Step(name, int(draft.get("minutes") or 0) * 60, tuple(name if a == before else a for a in draft.get("after") or ()))
    try:
        schedule([*renamed, own])
    except InvalidInput as problem:
        raise InvalidInput(problem.message, fields={"after": problem.message}) from None


def _renamed(unit: Unit, draft: Draft) -> None:
    """Let those that wait for a step that is called otherwise now wait for it under its new name."""
    before, now = draft.old.get("name"), draft.get("name")
    copy_marks.after(unit)
    if draft.creating or before == now:
        return
    waiting = [one.id for one in steps_of(unit.connection, [draft.get("plan")])[draft.get("plan")] if before in one.after]
    for other in store.load(unit.connection, draft.kind, [key for key in waiting if key != draft.id], locked=True).values():
        other.new["after"] = [now if name == before else name for name in other.get("after")]
        store.update_draft(unit, other)


STEP_RULES = Rules(complete=(_placed, _waits), check=(_stays, _plan_is_draft, _fits), after=(_renamed,))
