"""Continuity: service by service what is asked, what is planned, what was shown, and every gap between them."""

from __future__ import annotations

from typing import Any

from deskterm.clock import format_instant
from deskterm.continuity.schema import PlanBrief, ServiceLine
from deskterm.continuity.standing import standing
from deskterm.desk import Desk
from deskterm.errors import InvalidInput
from deskterm.records import resolve
from deskterm.reports import Column, Options, Period, Report

COLUMNS = (
    Column("service", "Service"),
    Column("rto_seconds", "RTO", "seconds"),
    Column("rpo_seconds", "RPO", "seconds"),
    Column("mtpd_seconds", "MTPD", "seconds"),
    Column("plan", "Plan"),
    Column("planned_seconds", "Planned", "seconds"),
    Column("met_text", "Met RTO"),
    Column("worst_seconds", "Worst", "seconds"),
    Column("latest_seconds", "Latest", "seconds"),
    Column("evidence", "Evidence"),
    Column("gap_texts", "Gaps"),
)
FORMULAS = {
    "mtpd_seconds": "the first time at which a category of the impact analysis reaches the unacceptable level",
    "planned_seconds": "critical path: a step starts at the latest end of those it waits for; the plan takes its longest chain",
    "drills": "exercises and invocations of its plans and major incidents that hit it, that were verified or resolved",
    "met": "drills whose verification - disruption is within the RTO that was in force then; null where there was none",
    "worst_seconds": "longest verification - disruption; latest_seconds: that of the newest drill",
    "rpo_actual_seconds": "disruption - newest recovered data; 0 where the data are newer",
    "stale": "the newest drill is too old, a newer version of the plan was approved, or something in its scope changed since",
    "gaps": "RTO + WRT beyond the MTPD; planned beyond the RTO; backups (interval + duration + lag) beyond the RPO; a part "
    "that promises less than its dependant needs; a drill that missed; what is unrated, unplanned, never shown or stale",
}


def report(desk: Desk, period: Period, options: Options) -> Report:
    """Return how continuity stands now; with a period, only what was verified in it counts as a drill.

    Options: `service`, by number or name.
    """
    strange = sorted(options.keys() - {"service"})
    if strange:
        raise InvalidInput(f"this report does not take {strange[0]!r}; it takes service", fields={strange[0]: "unknown"})
    chosen = None
    if "service" in options:
        with desk.database.read() as connection:
            try:
                chosen = [resolve.one_of(connection, options["service"], ("service",))]
            except ValueError as problem:
                raise InvalidInput(f"service: {problem}", fields={"service": str(problem)}) from None
    between = None if period.from_at is None and period.to_at is None else period.settled(desk.moment)
    found = standing(desk, chosen, between)
    rows = [_row(one) for one in found.services]
    inversions = [{name: value for name, value in one.items() if name != "dependant_id"} for one in found.inversions]
    begin, end = between or (None, found.at)
    data = {
        "from": None if begin is None else format_instant(begin), "to": format_instant(end), "at": format_instant(found.at),
        "rows": rows, "inversions": inversions, "truncated": found.truncated, "formulas": FORMULAS,
    }  # fmt: skip
    return Report(f"Continuity at {format_instant(found.at)}", COLUMNS, tuple(rows), data)


def _row(one: ServiceLine) -> dict[str, Any]:
    shown, latest, plan = one.evidence, one.evidence.latest, one.plan
    return {
        "service": one.service, "number": one.number, "analysis": one.analysis or None,
        "rto_seconds": one.rto_seconds, "rpo_seconds": one.rpo_seconds, "wrt_seconds": one.wrt_seconds,
        "mtpd_seconds": one.mtpd_seconds, "loses_seconds": one.loses_seconds, **_plan(plan),
        "drills": len(shown.drills), "met": shown.met, "worst_seconds": shown.worst_seconds,
        "latest_seconds": latest.rto_actual_seconds if latest is not None else None,
        "latest_from_invocation_seconds": latest.from_invocation_seconds if latest is not None else None,
        "rpo_actual_seconds": latest.rpo_actual_seconds if latest is not None else None,
        "latest": latest.number if latest is not None else None,
        "stale": shown.stale, "stands_until": None if shown.stands_until is None else format_instant(shown.stands_until),
        "stale_why": shown.why if shown.stale else None,
        "gaps": [each.as_json() for each in one.gaps], "gap_texts": "; ".join(each.text for each in one.gaps),
        "met_text": met_text(one), "evidence": {None: "none", True: "stale", False: "good"}[shown.stale],
    }  # fmt: skip


def _plan(plan: PlanBrief | None) -> dict[str, Any]:
    if plan is None:
        return {"plan": None, "plan_state": None, "planned_seconds": None, "effort_seconds": None, "critical_path": None}
    return {
        "plan": plan.number, "plan_state": plan.state, "planned_seconds": plan.planned_seconds,
        "effort_seconds": plan.effort_seconds, "critical_path": list(plan.critical_path),
    }  # fmt: skip


def met_text(one: ServiceLine) -> str:
    """Return `2 of 3`, or what there is instead."""
    shown = one.evidence
    if not shown.drills:
        return "never shown"
    return "no RTO" if shown.met is None else f"{shown.met} of {len(shown.drills)}"
