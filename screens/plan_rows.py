"""Capacity plans as lines and columns, and in the pane what each said when it was frozen beside what it would say now. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from screens.capacity_rows import DAY, Line, date_of
from widgets.columns import Cell, Column

if TYPE_CHECKING:
    from deskterm.capacity.plan_briefs import PlanBrief

FIGURES: Final = (
    ("used_up_already", "used up", 7), ("used_up_within_horizon", "will be", 7), ("order_overdue", "overdue", 7),
    ("no_forecast", "no date", 7), ("critical", "critical", 8), ("warning", "warning", 7),
)  # fmt: skip
"""Of a plan's summary: name, heading, cells."""
WORSE: Final = ("used_up_already", "used_up_within_horizon", "order_overdue", "critical")
"""More of these is bad news."""
LABEL, COST = 12, 17
LINES_LOW, LINES_HIGH = 9, 17
"""Of the pane, as the style sheet has it."""
Text = tuple[str, str]


def plan_columns(tz: str, now: int) -> list[Column[Line]]:
    """Return the columns of capacity plans."""

    def of(line: Line) -> PlanBrief:
        assert line.plan is not None
        return line.plan

    def frozen(line: Line, _: int) -> Cell:
        return date_of(of(line).row.values.get("frozen_at"), now, tz)

    return [
        Column("number", "number", 9, lambda line, _: of(line).row.number),
        Column("name", "plan", 34, lambda line, _: (of(line).row.title, "strong"), min_width=20, grow=1),
        Column("state", "state", 8, lambda line, _: of(line).row.state),
        Column("versions", "versions", 8, lambda line, _: of(line).row.shown.get("versions") or "0", align="right"),
        Column("frozen", "frozen", 12, frozen, priority=1),
        Column("horizon", "days", 5, lambda line, _: of(line).row.shown.get("horizon_days") or "", align="right", priority=2),
    ]


def in_brief(line: Line | None, now: int, tz: str, height: int) -> tuple[Text, ...]:
    """Return what the pane says of a plan: its figures then and now, and what is to be done, as far as that finds room.

    Args:
        line: the plan's line.
        now: the instant of the reader.
        tz: the reader's zone.
        height: lines of the pane.
    """
    plan = None if line is None else line.plan
    if plan is None:
        return ()
    head = [_head(plan, now, tz)]
    scope = " ".join(str(plan.row.values.get("scope") or "").split())
    if scope:
        head.append((scope, "muted"))
    head.append((f"{'':<{LABEL}}{_headings()}", "muted"))
    if plan.then is not None:
        head.append((f"{'when frozen':<{LABEL}}{_figures(plan.then)}", ""))
    head.append((f"{'now':<{LABEL}}{_figures(plan.now)}", "risk" if _is_worse(plan) else ""))
    advice = [str(one) for one in plan.now["recommendations"]] or ["Nothing needs to be done."]
    room = max(height - len(head), 1)
    if len(advice) > room:
        advice[room - 1 :] = [f"and {len(advice) - room + 1} more: enter, then v, shows all of it as it stands now"]
    return (*head, *((one, "") for one in advice))


def _head(plan: PlanBrief, now: int, tz: str) -> Text:
    row = plan.row
    until = date_of(now + int(row.values["horizon_days"]) * DAY, now, tz)
    if plan.frozen is None:
        return f"{row.number} {row.title}: never frozen, looks ahead to {until}", "strong"
    kept = plan.frozen
    told = f"{row.number} {row.title}: version {kept.version}, frozen {date_of(kept.at, now, tz)} by {kept.actor}"
    if not kept.intact:
        return f"{told}; it is NOT as it was frozen", "breach"
    return told, "strong"


def _headings() -> str:
    return "".join(f"{heading:>{cells + 1}}" for _, heading, cells in FIGURES) + f"{'cost':>{COST}}"


def _figures(document: Mapping[str, Any]) -> str:
    summary = document["summary"]
    counts = "".join(f"{summary[name]:>{cells + 1},}" for name, _, cells in FIGURES)
    return f"{counts}{_cost(document['cost']):>{COST}}"


def _cost(cost: Mapping[str, Any]) -> str:
    """Return the sum of each currency; n/a where options have no cost, or a mark that some have none."""
    sums = " ".join(f"{float(amount):,.0f} {code}" for code, amount in cost["totals"].items())
    if not cost["without_cost"]:
        return sums or "none"
    return f"{sums} + ?" if sums else "n/a"


def _is_worse(plan: PlanBrief) -> bool:
    then = plan.then
    return then is not None and any(plan.now["summary"][name] > then["summary"][name] for name in WORSE)
