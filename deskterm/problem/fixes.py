"""The change that fixes a problem: when it ends, the problem is resolved, or a known error again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from data.queries import problem as q

if TYPE_CHECKING:
    from deskterm.records.draft import Draft
    from deskterm.records.unit import Unit

SUCCESSFUL = ("successful", "successful-with-issues")
OVER = ("closed", "cancelled")
NOBODY_SAID = "unknown"
"""Root-cause code of a problem whose change mended it before anybody sorted its cause."""


def follow_change(unit: Unit, change: Draft) -> None:
    """Follow up on a change that was just written, once it is over.

    A success resolves the problems that it was to fix; their open incidents are not touched: resolving them is offered, by the
    action `resolve-incidents`. Any other end takes them back: to the known error, or to the search for a cause where no
    workaround is known.
    """
    if change.state not in OVER or change.state_before in OVER:
        return
    from deskterm.records import store, writing

    kind = unit.registry.kind("problem")
    ids = list(unit.connection.execute(q.OF_CHANGE, {"id": change.id, "state": "fix-in-progress"}).scalars())
    code = str(change.get("code") or "") if change.state == "closed" else "cancelled"
    for key in ids:
        draft = store.load(unit.connection, kind, [key], locked=True)[key]
        if code in SUCCESSFUL:
            values: dict[str, Any] = {} if draft.get("solution") else {"solution": f"{change.number}: {change.get('summary')}"}
            if not draft.get("root_cause_code"):
                values["root_cause_code"] = NOBODY_SAID
            draft.reason = f"{change.number} closed as {code}"
            writing.act(unit, draft, "resolve", values)
        else:
            back = "fix-failed" if draft.get("workaround") else "look-again"
            writing.act(unit, draft, back, {"reason": f"{change.number} ended as {code or 'not successful'}"})
