"""The work orders of a change move, end and are dropped with it."""

from __future__ import annotations

from data.queries import change as q
from deskterm.errors import WorkflowRefused
from deskterm.records import store, writing
from deskterm.records.draft import Draft
from deskterm.records.unit import Unit


def of_change(unit: Unit, change: int, *, locked: bool = False) -> list[Draft]:
    """Return the work orders of a change in their order."""
    ids = [row.id for row in unit.connection.execute(q.WORK_ORDERS, {"change": change})]
    found = store.load(unit.connection, unit.registry.kind("work-order"), ids, locked=locked)
    return [found[key] for key in ids]


def move_work_orders(unit: Unit, draft: Draft) -> int:
    """Move the steps that have not begun by as much as the window of their change moved; return how many moved."""
    before, after = draft.old.get("window_start"), draft.get("window_start")
    if before is None or after is None:
        return 0
    moved = 0
    for order in of_change(unit, draft.id, locked=True):
        if order.state != "planned":
            continue
        for name in ("planned_start", "planned_end"):
            if order.get(name) is not None:
                order.new[name] = order.get(name) + after - before
        moved += store.update_draft(unit, order)
    return moved


def require_done(unit: Unit, draft: Draft) -> None:
    """Refuse to call a change complete of which a step is still being worked on.

    Raises:
        WorkflowRefused: it names the steps.
    """
    begun = [order for order in of_change(unit, draft.id) if order.state == "in-progress"]
    if begun:
        said = ", ".join(f"{order.number} {order.get('summary')}" for order in begun)
        raise WorkflowRefused(f"work goes on: {said}; finish or cancel it first", fields={"work_orders": said})
    cancel_open(unit, draft, "the change was completed without it")


def cancel_open(unit: Unit, draft: Draft, why: str = "the change was cancelled") -> None:
    """Drop the steps that will not be done any more."""
    for order in of_change(unit, draft.id, locked=True):
        if order.state == "planned":
            writing.act(unit, order, "cancel", {"why": why})
