"""The service improvement programme: who answers for what until when, and whether it helped, measured before and after.

Where an improvement names a target, the desk measures by itself: the share of its clocks in time over the days before work
began, and over those since it was implemented.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from data.queries import reports
from data.tables.service_level import clock
from deskterm.errors import InvalidInput, WorkflowRefused
from deskterm.journal import Entry, What
from deskterm.kinds import Rules
from deskterm.service_level.review_workflow import APPROVED, IMPLEMENTED, PROPOSED, STARTED

if TYPE_CHECKING:
    from deskterm.records.draft import Draft
    from deskterm.records.unit import Unit

DAY = 86_400
USUAL_DAYS = 30
"""So long before it began is measured where nobody says otherwise."""


def measured(unit: Unit, target: int, from_at: int, to_at: int) -> tuple[int, int]:
    """Return how many clocks of a target were in time in a period, and how many late, as reports count them."""
    counts = {0: 0, 1: 0}
    statement = reports.judged(clock.c.target_id, clock.c.record_id)
    for row in unit.connection.execute(statement, {"from_at": from_at, "to_at": to_at, "now_at": unit.at}):
        if row.target_id == target:
            counts[row.kept] += 1
    return counts[1], counts[0]


def words(met: int, missed: int) -> str:
    """Return a measurement in words: `92.4 % (61 of 66)`, cut so that only what is whole is 100 %; n/a of nothing."""
    if met + missed == 0:
        return "n/a"
    tenths = 1000 * met // (met + missed)
    return f"{tenths // 10}.{tenths % 10} % ({met} of {met + missed})"


def outcome(before: tuple[int, int], after: tuple[int, int]) -> str | None:
    """Return better, same or worse, by the shares in time; None where one of them has nothing behind it."""
    if not sum(before) or not sum(after):
        return None
    was, now = before[0] * sum(after), after[0] * sum(before)
    return "better" if now > was else "worse" if now < was else "same"


def _days(draft: Draft) -> int:
    return int(draft.get("measured_days") or USUAL_DAYS) * DAY


def _measure_before(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    """Fill in how it was, where the desk can measure it and nobody said it."""
    target = draft.get("target")
    if target is not None and not draft.get("before"):
        unit.flush()
        draft.new["before"] = words(*measured(unit, target, unit.at - _days(draft), unit.at + 1))


def _close(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    """Fill in how it is now and whether that is better, where the desk can measure it; somebody has to say it elsewhere."""
    target = draft.get("target")
    if target is not None:
        unit.flush()
        begun, done = _instants(unit, draft)
        after = measured(unit, target, done, unit.at + 1)
        if "after" not in draft.given:
            draft.new["after"] = words(*after)
        if draft.get("outcome") is None:
            draft.new["outcome"] = outcome(measured(unit, target, begun - _days(draft), begun), after)
    missing = {name: "close needs it" for name in ("after", "outcome") if draft.get(name) in (None, "")}
    if missing:
        raise WorkflowRefused(f"close needs {' and '.join(missing)}: what was measured, and if it is better", fields=missing)


def _instants(unit: Unit, draft: Draft) -> tuple[int, int]:
    """Return when it was approved, from which the days before are counted, and when it was implemented."""
    from data.queries import clocks as q

    rows = unit.connection.execute(q.FACTS, {"ids": [draft.id]})
    begun = [row.at for row in rows if row.what == "state" and row.new in (APPROVED, STARTED)]
    return min(begun, default=draft.created_at), int(draft.get("implemented_at") or unit.at)


def _complete(unit: Unit, draft: Draft) -> None:
    """Let the review or the target say what it is about, and keep when it was implemented."""
    if draft.state == IMPLEMENTED and draft.state_before != IMPLEMENTED:
        draft.new["implemented_at"] = unit.at
    elif draft.state in (PROPOSED, APPROVED, STARTED):
        draft.new["implemented_at"] = None
    if draft.get("target") is not None and not draft.get("measure"):
        draft.new["measure"] = "share of clocks in time"


def _check(unit: Unit, draft: Draft) -> None:
    finish_by = draft.get("finish_by")
    if draft.creating and finish_by is not None and finish_by < unit.at:
        raise InvalidInput("an improvement is due in the future", fields={"finish_by": "in the past"})


def _take(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    if unit.actor.agent_id is None:
        raise WorkflowRefused("only an agent can take an improvement")
    draft.new["owner"] = unit.actor.agent_id


def _postpone(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    if draft.get("finish_by") <= (draft.old.get("finish_by") or 0):
        raise InvalidInput("postponed means later than it was due", fields={"finish_by": "not later than before"})
    unit.journal(Entry(draft.id, draft.version + 1, What.NOTE, text=f"Postponed: {inputs['reason_given']}"))


def _reopen(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    draft.reason = str(inputs["reason_given"])


RULES = Rules(
    complete=(_complete,),
    check=(_check,),
    handlers={
        "take": _take,
        "approve": _measure_before,
        "start": _measure_before,
        "close": _close,
        "postpone": _postpone,
        "reopen": _reopen,
    },
)
