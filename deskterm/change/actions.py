"""What the actions of a change do beyond moving its state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from data.queries import change as q
from deskterm.change import conflicts, service
from deskterm.change.conflict_rules import Severity
from deskterm.change.fields import COPIED, MATERIAL
from deskterm.change.rules import content_of, material_changes
from deskterm.change.service import template_of
from deskterm.change.voting import cast_vote
from deskterm.change.work_orders import cancel_open, move_work_orders, require_done
from deskterm.change.workflow import DECIDED
from deskterm.clock import format_instant
from deskterm.errors import WorkflowRefused
from deskterm.journal import Entry, What
from deskterm.kinds import Rules
from deskterm.problem.fixes import follow_change
from deskterm.records.draft import Draft
from deskterm.records.unit import Unit

Inputs = Mapping[str, Any]
REVIEWED_ALWAYS = ("backed-out", "failed")
"""Closure codes after which a review is owed, as after every emergency."""


def _submit(unit: Unit, draft: Draft, inputs: Inputs) -> None:
    """Ask for it; a standard change is approved with its template and goes straight onto the schedule."""
    draft.new["submitted_at"] = unit.at
    if draft.get("type") == "standard":
        _pre_approved(unit, draft)
        draft.state, draft.reason = "scheduled", "pre-approved with its template"


def _pre_approved(unit: Unit, draft: Draft) -> None:
    key = draft.get("template")
    if key is None:
        raise WorkflowRefused(
            "a standard change comes from a pre-approved template; name it in template, or make the change normal",
            fields={"template": "required for a standard change"},
        )
    template = template_of(unit, key)
    if template.state != "approved":
        raise WorkflowRefused(
            f"{template.number} is {template.state}; only an approved template makes a standard change",
            fields={"template": f"is {template.state}"},
        )
    differs = [name for name in COPIED if name != "description" and draft.get(name) != template.get(name)]
    strange = set(draft.get("cis") or ()) - set(template.get("cis") or ()) if template.get("cis") else set()
    wrong = [*differs, *(["cis"] if strange else [])]
    if wrong:
        raise WorkflowRefused(
            f"{', '.join(wrong)} differ from {template.number}, which was approved as it is; make the change normal",
            fields=dict.fromkeys(wrong, f"differs from {template.number}"),
        )
    draft.new["approved_at"], draft.new["approved_content"] = unit.at, content_of(draft.new, MATERIAL)
    _clear_way(unit, draft, None)


def _clear_way(unit: Unit, draft: Draft, exception: str | None) -> None:
    """Refuse a window within a freeze, unless who may override says why; journal what else it runs into.

    Raises:
        WorkflowRefused: it names the freeze.
    """
    wish = conflicts.wish_of(draft)
    found = conflicts.find(unit.connection, wish, unit.at) if wish is not None else ()
    frozen = [one for one in found if one.severity is Severity.FREEZE]
    if frozen and exception is None:
        first = frozen[0]
        raise WorkflowRefused(
            f"{first.number} {first.title} freezes its CIs from {format_instant(first.start)} until {format_instant(first.end)}; "
            "move the window, or schedule it with an exception",
            fields={"window_start": f"in {first.number}"},
        )
    if frozen:
        unit.require("override", draft.kind)
        text = f"scheduled within {', '.join(one.number for one in frozen)}: {exception}"
        unit.journal(Entry(draft.id, draft.version + 1, What.NOTE, text=text))
    others = [one for one in found if one.severity is not Severity.FREEZE]
    if others:
        text = f"scheduled in spite of: {conflicts.numbers_of(others)}"
        unit.journal(Entry(draft.id, draft.version + 1, What.NOTE, text=text))


def _vote(unit: Unit, draft: Draft, inputs: Inputs) -> None:
    cast_vote(unit, draft, inputs["vote"], inputs)


def _approve(unit: Unit, draft: Draft, inputs: Inputs) -> None:
    cast_vote(unit, draft, "approve", inputs)


def _reject(unit: Unit, draft: Draft, inputs: Inputs) -> None:
    cast_vote(unit, draft, "reject", inputs)


def _schedule(unit: Unit, draft: Draft, inputs: Inputs) -> None:
    """Put it on the schedule. Moving an approved window is for who may also decide: the rest of it stays as it was agreed."""
    if draft.state_before == "draft":
        if draft.get("type") != "standard":
            raise WorkflowRefused(f"only a standard change goes straight onto the schedule; submit {draft.number} first")
        draft.new["submitted_at"] = unit.at
        _pre_approved(unit, draft)
        return
    require_as_decided(draft)
    moved = material_changes(draft.old, draft.new, MATERIAL)
    if moved:
        unit.require("override", draft.kind)
        draft.new["approved_content"] = content_of(draft.new, MATERIAL)
        if inputs.get("move_work_orders"):
            move_work_orders(unit, draft)
    _clear_way(unit, draft, inputs.get("exception"))


def _move(unit: Unit, draft: Draft, inputs: Inputs) -> None:
    """Give it another window. What was decided on moves by who may decide; before that, a moved window voids the votes."""
    if draft.state_before in DECIDED:
        require_as_decided(draft)
        if material_changes(draft.old, draft.new, MATERIAL):
            unit.require("override", draft.kind)
            draft.new["approved_content"] = content_of(draft.new, MATERIAL)
        _clear_way(unit, draft, inputs.get("exception"))
    if inputs.get("work_orders") is not False:
        move_work_orders(unit, draft)


def require_as_decided(draft: Draft) -> None:
    """Refuse to go on with a change that is not what was decided on, such as one with a CI linked to it since.

    Raises:
        WorkflowRefused: it says what to do.
    """
    if content_of(draft.old, MATERIAL) != draft.old.get("approved_content"):
        raise WorkflowRefused(
            f"{draft.number} is not what was decided on any more; take it back to draft and ask again",
            fields={"content": "differs"},
        )


def _let_begin(unit: Unit, draft: Draft, exception: str | None) -> None:
    """Refuse to begin within a freeze that nobody agreed to when it was scheduled: one declared since, or outside the window.

    Raises:
        WorkflowRefused: it names the freeze.
    """
    wish = conflicts.wish_of(draft)
    if wish is None:
        return
    now = replace(wish, start=unit.at, end=unit.at + 1)
    frozen = {one.number: one for one in conflicts.find(unit.connection, now, unit.at) if one.severity is Severity.FREEZE}
    if frozen and wish.start <= unit.at < wish.end:
        asked = {"change": draft.id, "numbers": sorted(frozen)}
        for number in unit.connection.execute(q.KNOWN_FREEZES, asked).scalars():
            del frozen[number]
    if not frozen:
        return
    numbers = ", ".join(frozen)
    if exception is None:
        title = next(iter(frozen.values())).title
        raise WorkflowRefused(
            f"{numbers} {title} freezes its CIs now; wait for its end, move the window, or begin with an exception",
            fields={"exception": f"within {numbers}"},
        )
    unit.require("override", draft.kind)
    unit.journal(Entry(draft.id, draft.version + 1, What.NOTE, text=f"began within {numbers}: {exception}"))


def _implement(unit: Unit, draft: Draft, inputs: Inputs) -> None:
    require_as_decided(draft)
    _let_begin(unit, draft, inputs.get("exception"))
    draft.new["actual_start"], draft.new["actual_end"] = unit.at, None
    if draft.get("assignee") is None:
        draft.new["assignee"] = unit.actor.agent_id
    start, end = draft.get("window_start"), draft.get("window_end")
    if not start <= unit.at < end:
        text = "work began before its window" if unit.at < start else "work began after its window"
        unit.journal(Entry(draft.id, draft.version + 1, What.NOTE, text=text))


def _complete(unit: Unit, draft: Draft, inputs: Inputs) -> None:
    require_done(unit, draft)
    draft.new["actual_end"] = unit.at
    if draft.get("review"):
        _review(unit, draft, inputs)


def _review(unit: Unit, draft: Draft, inputs: Inputs) -> None:
    require_review_text(draft)
    draft.new["reviewed_at"], draft.new["reviewed_by"] = unit.at, unit.actor.agent_id


def review_owed(draft: Draft) -> str:
    """Return why a change does not close without a written review; empty where it may."""
    if draft.get("type") == "emergency":
        return "an emergency change"
    return f"a change that was {draft.get('code')}" if draft.get("code") in REVIEWED_ALWAYS else ""


def require_review_text(draft: Draft) -> None:
    """Refuse to call a change reviewed of which nothing is written, where a review is mandatory.

    Raises:
        WorkflowRefused: it says why, and where to write it.
    """
    why = review_owed(draft)
    if why and not draft.get("review"):
        raise WorkflowRefused(
            f"{why} needs a post-implementation review; write it in review", fields={"review": "required: what did it teach?"}
        )


def _close(unit: Unit, draft: Draft, inputs: Inputs) -> None:
    require_review_text(draft)
    if draft.get("review") and draft.get("reviewed_at") is None:
        draft.new["reviewed_at"], draft.new["reviewed_by"] = unit.at, unit.actor.agent_id


def _revise(unit: Unit, draft: Draft, inputs: Inputs) -> None:
    draft.new["approval_round"] = (draft.get("approval_round") or 1) + 1
    draft.new["approved_at"] = draft.new["approved_content"] = draft.new["submitted_at"] = None
    draft.reason = inputs.get("why") or "back to draft; every vote is void"


def _cancel(unit: Unit, draft: Draft, inputs: Inputs) -> None:
    draft.reason = inputs.get("why") or ""
    cancel_open(unit, draft)


HANDLERS = {
    "submit": _submit,
    "vote": _vote,
    "approve": _approve,
    "reject": _reject,
    "schedule": _schedule,
    "move": _move,
    "implement": _implement,
    "complete": _complete,
    "review": _review,
    "close": _close,
    "revise": _revise,
    "cancel": _cancel,
}
RULES = Rules(service.COMPLETE, service.CHECK, (*service.AFTER, follow_change), handlers=HANDLERS)
