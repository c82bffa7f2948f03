"""The steps of a run while it goes on: who starts and finishes which, and that none starts before what it waits for is over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from data.queries import continuity as q
from data.search import fold
from deskterm.clock import format_instant
from deskterm.continuity.plans import steps_of
from deskterm.continuity.schema import PlanStep, RunStep
from deskterm.errors import InvalidInput, WorkflowRefused
from deskterm.journal import Entry, What
from deskterm.records import resolve
from deskterm.records.draft import Draft
from deskterm.records.unit import Unit

Inputs = Mapping[str, Any]
WAITING, RUNNING, FINISHED, SKIPPED = "waiting", "running", "finished", "skipped"


def to_run(unit: Unit, draft: Draft) -> tuple[int, tuple[PlanStep, ...]]:
    """Return the version of its plan that a run runs, and that version's steps.

    It is the newest one that was approved; the draft where none was, or where it rehearses the draft.
    """
    plan = int(draft.get("plan"))
    versions = unit.connection.execute(q.VERSIONS, {"ids": [plan]}).all()
    if versions and not draft.get("of_draft"):
        return versions[-1].version, tuple(PlanStep.of_json(one) for one in versions[-1].steps)
    now = unit.connection.execute(q.PLAN, {"id": plan}).one()
    return now.plan_version, steps_of(unit.connection, [plan])[plan]


def take(unit: Unit, draft: Draft) -> None:
    """Take over the steps of its plan as it begins; later changes of the plan leave it as it is."""
    if draft.state != "running" or rows_of(unit.connection, draft.id):
        return
    rows = [
        {
            "exercise_id": draft.id, "step_id": one.id, "position": place, "number": one.number, "name": one.name,
            "planned_seconds": one.seconds, "after": list(one.after), "role": one.role or None,
            "instructions": one.instructions or None, "state": WAITING,
        }
        for place, one in enumerate(to_run(unit, draft)[1], 1)
    ]  # fmt: skip
    if rows:
        unit.connection.execute(q.NEW_RUN_STEPS, rows)


def rows_of(connection: Connection, exercise: int) -> list[RunStep]:
    """Return the steps of a run in the order of its plan."""
    return [
        RunStep(
            row.id, row.position, row.number, row.name, row.planned_seconds or 0, tuple(row.after or ()), row.role or "",
            row.instructions or "", row.state, row.who or "", row.started_at, row.started_by or "", row.finished_at,
            row.finished_by or "", row.override or "", row.note or "", tuple(row.hands or ()),
        )
        for row in connection.execute(q.RUN_STEPS, {"exercise": exercise})
    ]  # fmt: skip


def progress_of(states: Iterable[str]) -> str | None:
    """Return how far a run has come: `2 of 5 steps done, 1 running`; None where it has no steps."""
    counts = Counter(states)
    total = counts.total()
    if not total:
        return None
    done = counts[FINISHED] + counts[SKIPPED]
    running = f", {counts[RUNNING]} running" if counts[RUNNING] else ""
    skipped = f", {counts[SKIPPED]} skipped" if counts[SKIPPED] else ""
    return f"{done} of {total} step{'' if total == 1 else 's'} done{running}{skipped}"


def waits_for(step: RunStep, steps: Sequence[RunStep]) -> list[RunStep]:
    """Return what a step waits for and is not over yet."""
    by_name = {one.name: one for one in steps}
    return [by_name[name] for name in step.after if name in by_name and not by_name[name].is_over]


def require_over(unit: Unit, draft: Draft) -> None:
    """Refuse to call a run recovered while a step of it is open.

    Raises:
        WorkflowRefused: it names the steps.
    """
    left = [one for one in rows_of(unit.connection, draft.id) if not one.is_over]
    if left:
        said = ", ".join(f"{one.name} is {one.state}" for one in left)
        raise WorkflowRefused(f"{draft.number} is not recovered: {said}; finish or skip it first", fields={"steps": said})


def done_by(unit: Unit, exercise: int, login: str) -> list[str]:
    """Return the names of the steps that somebody was on in a run; whoever only notes what others do restores nothing."""
    return [one.name for one in rows_of(unit.connection, exercise) if login in one.hands]


# Actions.


def start(unit: Unit, draft: Draft, inputs: Inputs) -> None:
    """Let somebody begin a step; one that waits only with a reason."""
    steps, step = _find(unit, draft, inputs["step"])
    if step.state != WAITING:
        raise _cannot(step, "started", f"it is {_stands(step)}")
    _require_after(unit, draft.get("disrupted_at"), "the disruption")
    owed = waits_for(step, steps)
    why = str(inputs.get("override") or "")
    if owed and not why:
        said = ", ".join(f"{one.name} ({one.state})" for one in owed)
        raise WorkflowRefused(
            f"{step.name} waits for {said}; finish that first, or say in override why it starts all the same",
            fields={"override": f"waits for {said}"},
        )
    if draft.get("invoked_at") is None:
        draft.new["invoked_at"] = unit.at
    who = _login(unit, inputs.get("who")) or step.who or unit.actor.login
    early = f"; before {', '.join(one.name for one in owed)}: {why}" if owed else ""
    _change(unit, draft, step, RUNNING, who=who, begun=unit.at, begun_by=unit.actor.login, why=why if owed else "",
            text=f"{step.name} started, {who} is on it{early}")  # fmt: skip


def finish(unit: Unit, draft: Draft, inputs: Inputs) -> None:
    """Say that a step is done."""
    _, step = _find(unit, draft, inputs["step"])
    if step.state != RUNNING:
        raise _cannot(
            step, "finished", "it was not started; start it first" if step.state == WAITING else f"it is {_stands(step)}"
        )
    _require_after(unit, step.started_at, f"{step.name} was started")
    note = str(inputs.get("note") or "")
    _change(unit, draft, step, FINISHED, ended=unit.at, ended_by=unit.actor.login, note=note,
            text=f"{step.name} finished" + (f": {note}" if note else ""))  # fmt: skip


def assign(unit: Unit, draft: Draft, inputs: Inputs) -> None:
    """Say who is on a step, or will be."""
    _, step = _find(unit, draft, inputs["step"])
    if step.is_over:
        raise _cannot(step, "assigned", f"it is {_stands(step)}")
    who = _login(unit, inputs["who"])
    _change(unit, draft, step, step.state, who=who, text=f"{who} is on {step.name}")


def skip(unit: Unit, draft: Draft, inputs: Inputs) -> None:
    """Leave a step out this time."""
    _, step = _find(unit, draft, inputs["step"])
    if step.is_over:
        raise _cannot(step, "skipped", f"it is {_stands(step)}")
    why = str(inputs["reason"])
    _change(unit, draft, step, SKIPPED, ended=unit.at, ended_by=unit.actor.login, note=why, text=f"{step.name} skipped: {why}")


def repeat(unit: Unit, draft: Draft, inputs: Inputs) -> None:
    """Do a step again that was over."""
    _, step = _find(unit, draft, inputs["step"])
    if not step.is_over:
        raise _cannot(step, "repeated", f"it is {step.state}")
    why = str(inputs["reason"])
    who = step.who or unit.actor.login
    _change(unit, draft, step, RUNNING, who=who, begun=unit.at, begun_by=unit.actor.login, again=True, note=why,
            text=f"{step.name} is done again: {why}")  # fmt: skip


def _change(
    unit: Unit, draft: Draft, step: RunStep, to: str, *, text: str, who: str | None = None, begun: int | None = None,
    begun_by: str | None = None, ended: int | None = None, ended_by: str | None = None, why: str = "", note: str = "",
    again: bool = False,
) -> None:  # fmt: skip
    on_it = who or step.who
    hands = (
        list(step.hands)
        if to == WAITING or not on_it or (to == SKIPPED and step.started_at is None)
        else list(dict.fromkeys((*step.hands, on_it)))
    )
    unit.connection.execute(
        q.CHANGE_RUN_STEP,
        {
            "step": step.id, "to": to, "on_it": on_it or None, "all_hands": hands,
            "begun": step.started_at if begun is None else begun,
            "begun_by": begun_by or step.started_by or None,
            "ended": None if again else (step.finished_at if ended is None else ended),
            "ended_by": None if again else (ended_by or step.finished_by or None),
            "why": why or step.override or None, "said": (note or step.note)[:400] or None,
        },
    )  # fmt: skip
    unit.journal(Entry(draft.id, draft.version + 1, What.NOTE, "step", step.state, to, text=text))
    draft.new["progress"] = progress_of(one.state for one in rows_of(unit.connection, draft.id))


def _find(unit: Unit, draft: Draft, word: str) -> tuple[list[RunStep], RunStep]:
    """Return the steps of a run, and the one that is meant by its name, its number or its place.

    Raises:
        InvalidInput: it is a step of another plan, or none; the message says which there are.
    """
    steps = rows_of(unit.connection, draft.id)
    wanted = word.strip()
    for step in steps:
        if fold(step.name) == fold(wanted) or step.number.casefold() == wanted.casefold() or str(step.position) == wanted:
            return steps, step
    plan = unit.connection.execute(q.STEP_PLAN, {"id": draft.get("plan")}).one()
    other = unit.connection.execute(q.STEP_BY_NUMBER, {"number": wanted.upper()}).first()
    if other is None:
        other = unit.connection.execute(q.STEPS_NAMED, {"title_key": fold(wanted)}).first()
    if other is not None and other.plan_id != draft.get("plan"):
        whose = unit.connection.execute(q.STEP_PLAN, {"id": other.plan_id}).one()
        said = f"{other.number} ({other.title}) is a step of {whose.number} ({whose.title}); {draft.number} runs {plan.number}"
    else:
        known = ", ".join(one.name for one in steps[:20]) or "none"
        said = f"{draft.number} runs no step {wanted!r}; its steps are: {known}"
    raise InvalidInput(said, fields={"step": said})


def _cannot(step: RunStep, what: str, why: str) -> WorkflowRefused:
    return WorkflowRefused(f"{step.name} cannot be {what}: {why}", fields={"step": why})


def _stands(step: RunStep) -> str:
    if step.state == RUNNING and step.started_at is not None:
        return f"running since {format_instant(step.started_at)}, {step.who} is on it"
    return step.state


def _require_after(unit: Unit, since: int | None, what: str) -> None:
    if since is not None and unit.at < since:
        raise InvalidInput(f"{format_instant(unit.at)} is before {what} ({format_instant(since)})", fields={"at": "too early"})


def _login(unit: Unit, agent: int | None) -> str:
    return "" if agent is None else resolve.names(unit.connection, {agent})[agent].title
