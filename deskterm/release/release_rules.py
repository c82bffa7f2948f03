"""What holds for a release however it is written: its number, what is frozen once it is out, and that a rollout is not undone.

The steps of a build, of tests and of a rollout are in `builds`, `campaigns`, `waves` and `distribution`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from data.base import NEVER
from data.holds import hold
from data.queries import release as q
from deskterm.civil_time import DAY_SECONDS
from deskterm.errors import InvalidInput, WorkflowRefused
from deskterm.kinds import Rules
from deskterm.records.draft import Draft
from deskterm.records.unit import Unit
from deskterm.release import builds, campaigns, checklist, distribution, early_life, numbering, waves
from deskterm.release.cells import WAITING
from deskterm.release.workflow import BEFORE_ROLLOUT
from deskterm.workflow import Phase

_NUMBERED_BY = ("unit", "service", "category")
_FROZEN = ("unit", "type", "category", "release_version")
"""What is settled once something of it may be installed."""


def _taken(unit: Unit, draft: Draft) -> list[numbering.Version]:
    """Return the numbers in the same row: those of the unit, or without a unit those of the service."""
    rows = unit.connection.execute(q.NUMBERS_TAKEN, {"own": draft.id, "unit": draft.get("unit")})
    own = draft.get("service")
    return [numbering.parse(row.release_version) for row in rows if draft.get("unit") is not None or row.service_id == own]


def _numbered(unit: Unit, draft: Draft) -> None:
    """Give it the next number of its row, where nobody gives one; and anew where it goes to another row or category."""
    if draft.state not in BEFORE_ROLLOUT or draft.get("category") is None:
        return
    moved = any(name in draft.changed for name in _NUMBERED_BY)
    if draft.get("release_version") and (draft.creating or "release_version" in draft.given or not moved):
        return
    hold(unit.connection, f"release numbers of {draft.get('unit')}")
    draft.new["release_version"] = numbering.show(numbering.following(draft.get("category"), _taken(unit, draft)))


def _number_fits(unit: Unit, draft: Draft) -> None:
    """Refuse a number that its category or its row does not allow."""
    touched = {*_NUMBERED_BY, "release_version"} & draft.changed.keys()
    if not touched or draft.state == "cancelled":
        return
    hold(unit.connection, f"release numbers of {draft.get('unit')}")
    try:
        version = numbering.parse(str(draft.get("release_version")))
    except ValueError as problem:
        raise InvalidInput(f"release_version: {problem}", fields={"release_version": str(problem)}) from None
    wrong = numbering.fault(version, str(draft.get("category")), _taken(unit, draft))
    if wrong:
        raise InvalidInput(f"release_version: {wrong}", fields={"release_version": wrong})


def _due(unit: Unit, draft: Draft) -> None:
    """Let queues sort it by what is next: when it is to be out, and once it is, when early life ends and its review is owed.

    Whoever makes it answers for it until somebody else does.
    """
    if draft.creating and draft.get("manager") is None and not unit.actor.system:
        draft.new["manager"] = unit.actor.agent_id
    is_open = draft.phase in (Phase.ACTIVE, Phase.WAITING)
    next_at = draft.get("early_life_until" if draft.state == "early-life" else "target_at")
    draft.extra["due_at"] = next_at if is_open and next_at is not None else NEVER


def _rehearsed_before_now(unit: Unit, draft: Draft) -> None:
    at = draft.get("backout_rehearsed_at")
    if "backout_rehearsed_at" in draft.changed and at is not None and at > unit.recorded_at:
        raise InvalidInput(
            "a rehearsal that is still to come has not been held; enter it once it was",
            fields={"backout_rehearsed_at": "in the future"},
        )


def _settled(unit: Unit, draft: Draft) -> None:
    """Refuse to call something else what is out already."""
    wrong = [name for name in _FROZEN if name in draft.changed]
    if wrong and not draft.creating and draft.state_before not in BEFORE_ROLLOUT:
        raise WorkflowRefused(
            f"{draft.number} is {draft.state_before.replace('-', ' ')}; its {wrong[0].replace('_', ' ')} stands",
            fields=dict.fromkeys(wrong, "frozen"),
        )


def _nothing_is_out(unit: Unit, draft: Draft) -> None:
    """Refuse a way back to before the rollout, such as by an undo, while something was sent somewhere."""
    if draft.creating or draft.state not in BEFORE_ROLLOUT or draft.state_before in BEFORE_ROLLOUT:
        return
    out = [row.title for row in unit.connection.execute(q.CELLS, {"release": draft.id}) if row.state not in WAITING]
    if out:
        raise WorkflowRefused(f"{draft.number} was sent to {', '.join(out[:5])} already; back it out instead")


def _rollouts_stand(draft: Draft, fields: frozenset[str]) -> str:
    """Say why a step of a rollout is not undone: what was sent is backed out, on the CIs themselves."""
    return (
        f"a step of the rollout of {draft.number} is not undone by this: back out the CIs, or hold them"
        if "progress" in fields
        else ""
    )


def _early_life(unit: Unit, draft: Draft) -> None:
    """Let early life end later or sooner where its days are changed while it goes on."""
    if "early_life_days" in draft.changed and draft.state == "early-life" and draft.get("rolled_out_at") is not None:
        draft.new["early_life_until"] = draft.get("rolled_out_at") + int(draft.get("early_life_days") or 0) * DAY_SECONDS


COMPLETE = (_numbered, _early_life, _due)
CHECK = (_number_fits, _rehearsed_before_now, _settled, _nothing_is_out)
LASTING = (_rollouts_stand,)


def _ready(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    """Let it out only with everything in place."""
    checklist.require(unit, draft, "ready")


def _cancel(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    builds.abandon_open(unit, draft, "the release was cancelled")
    draft.reason = str(inputs["reason"])


HANDLERS = {
    "build": builds.begin,
    "test": campaigns.begin,
    "rebuild": builds.again,
    "ready": _ready,
    "plan-wave": waves.plan,
    "drop-cells": waves.drop,
    "roll-out": distribution.begin,
    "go": distribution.go,
    "report": distribution.report,
    "hold": distribution.hold,
    "resume": distribution.resume,
    "accept-wave": distribution.accept,
    "back-out-cells": distribution.back_out_cells,
    "early-life": early_life.begin,
    "back-out": distribution.back_out,
    "end-early-life": early_life.end,
    "close": early_life.close,
    "cancel": _cancel,
}
RULES = Rules(COMPLETE, CHECK, lasting=LASTING, handlers=HANDLERS)
