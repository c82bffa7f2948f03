"""Why a figure of continuity is what it is: MTPD, critical path, objectives and from whom, evidence, the stamps of a run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from deskterm.clock import format_instant
from deskterm.continuity.analyses import ratings
from deskterm.continuity.impacts import after_text
from deskterm.continuity.reading import plan_view, run_view, scope_of
from deskterm.continuity.rules import Record as Drills
from deskterm.continuity.rules import mtpd, told
from deskterm.continuity.schema import Evidence, InheritedLine, PlanView
from deskterm.desk import Desk
from deskterm.explanations import Part
from deskterm.fields import show_duration
from deskterm.records.schema import RecordView

NOTHING = "n/a"


def _length(seconds: int | None) -> str:
    return NOTHING if seconds is None else show_duration(seconds)


def tolerable(desk: Desk, view: RecordView) -> tuple[Part, Any] | None:
    """Explain the MTPD of an impact analysis: rating by rating, and how RTO and WRT fit in."""
    if view.kind != "impact-analysis":
        return None
    impacts, unacceptable = view.values.get("impacts") or {}, int(view.values.get("unacceptable") or 0)
    found = view.values.get("mtpd_seconds")
    worked_out = mtpd(ratings(impacts), unacceptable)
    rto, wrt = view.values.get("rto_seconds"), view.values.get("wrt_seconds")
    over = None if None in (rto, wrt, found) else max(0, int(rto or 0) + int(wrt or 0) - int(found or 0))
    rows = [
        (category, after_text(after), str(level), "unacceptable" if level >= unacceptable else "")
        for category, levels in impacts.items()
        for after, level in levels
    ]
    rows.append(
        ("RTO + WRT", f"{_length(rto)} + {_length(wrt)}", "", "" if not over else f"{show_duration(over)} beyond the MTPD")
    )
    source = "from the impacts" if worked_out is not None else "as somebody said" if found is not None else "not rated"
    title = f"MTPD {_length(found)}, {source}; unacceptable is level {unacceptable} or more"
    data = {
        "mtpd_seconds": found, "from_impacts": worked_out, "unacceptable": unacceptable, "impacts": impacts,
        "rto_seconds": rto, "wrt_seconds": wrt, "gap_seconds": over,
    }  # fmt: skip
    return Part(title, ("category", "outage", "level", ""), tuple(rows)), data


def recovery(desk: Desk, view: RecordView) -> tuple[Part, Any] | None:
    """Explain how long a plan takes: the critical path with its running total; of a run, its stamps."""
    if view.kind == "exercise":
        return _run(desk, view.number)
    if view.kind != "continuity-plan":
        return None
    found = plan_view(desk, view.number)
    brief = found.brief
    by_name = {one.step.name: one for one in found.lines}
    rows = []
    for name in brief.critical_path:
        one = by_name[name]
        rows.append(
            (name, one.step.role, show_duration(one.step.seconds), show_duration(one.ends_seconds), ", ".join(one.step.after))
        )
    over = found.gaps[0].seconds if found.gaps else None
    against = "no RTO to meet" if found.rto_seconds is None else f"RTO {show_duration(found.rto_seconds)}"
    late = f", {show_duration(over)} beyond it" if over else ""
    title = f"planned recovery {_length(brief.planned_seconds)}, effort {_length(brief.effort_seconds)}; {against}{late}"
    data = {
        "elapsed_seconds": brief.planned_seconds, "effort_seconds": brief.effort_seconds, "rto_seconds": found.rto_seconds,
        "gap_seconds": None if found.rto_seconds is None or brief.planned_seconds is None else over or 0,
        "critical_path": [
            {"step": name, "number": by_name[name].step.number, "seconds": by_name[name].step.seconds,
             "running_seconds": by_name[name].ends_seconds}
            for name in brief.critical_path
        ],
        "steps": [
            {"step": one.step.name, "number": one.step.number, "starts_seconds": one.starts_seconds,
             "ends_seconds": one.ends_seconds, "critical": one.critical, "after": list(one.step.after)}
            for one in found.lines
        ],
    }  # fmt: skip
    return Part(title, ("critical path", "role", "takes", "total", "waits for"), tuple(rows), (2, 3)), data


def _run(desk: Desk, number: str) -> tuple[Part, Any]:
    found = run_view(desk, number)
    stamps = (
        ("disruption", found.disrupted_at), ("invocation", found.invoked_at), ("newest data", found.newest_data_at),
        ("verification", found.verified_at),
    )  # fmt: skip
    rows = [(name, "" if at is None else format_instant(at), _since(at, found.disrupted_at)) for name, at in stamps]
    rows += [
        (one.name, f"{one.state}{f' by {one.who}' if one.who else ''}"
         f"{f' since {format_instant(one.started_at)}' if one.started_at is not None and not one.is_over else ''}",
         _since(desk.moment if one.finished_at is None else one.finished_at, one.started_at))
        for one in found.steps
    ]  # fmt: skip
    title = (
        f"RTO actual {_length(found.rto_actual_seconds)} (RTO {_length(found.rto_seconds)}: {found.result or 'not judged'}), "
        f"from invocation {_length(found.from_invocation_seconds)}; "
        f"RPO actual {_length(found.rpo_actual_seconds)} (RPO {_length(found.rpo_seconds)})"
    )
    return Part(title, ("what", "when, who", "length"), tuple(rows), (2,)), run_data(found)


def _since(at: int | None, begin: int | None) -> str:
    return "" if at is None or begin is None else show_duration(at - begin)


def run_data(found: Any) -> dict[str, Any]:
    """Return a run as data."""

    def when(at: int | None) -> str | None:
        return None if at is None else format_instant(at)

    return {
        "number": found.number, "plan": found.plan_number, "plan_version": found.plan_version, "state": found.state,
        "type": found.type, "disrupted_at": when(found.disrupted_at), "invoked_at": when(found.invoked_at),
        "verified_at": when(found.verified_at), "verified_by": found.verified_by or None,
        "newest_data_at": when(found.newest_data_at), "rto_seconds": found.rto_seconds, "rpo_seconds": found.rpo_seconds,
        "rto_actual_seconds": found.rto_actual_seconds, "from_invocation_seconds": found.from_invocation_seconds,
        "rpo_actual_seconds": found.rpo_actual_seconds, "result": found.result or None, "due_at": when(found.due_at),
        "left_seconds": found.left_seconds, "progress": found.progress or None,
        "steps": [
            {
                "position": one.position, "number": one.number, "name": one.name, "planned_seconds": one.seconds,
                "after": list(one.after), "role": one.role or None, "state": one.state, "who": one.who or None,
                "started_at": when(one.started_at), "finished_at": when(one.finished_at), "override": one.override or None,
                "note": one.note or None, "critical": one.name in found.critical,
            }
            for one in found.steps
        ],
    }  # fmt: skip


def asked(desk: Desk, view: RecordView) -> tuple[Part, Any] | None:
    """Explain the objectives of what a plan needs, or of a service or CI: the tightest RTO that is asked, and by whom."""
    if view.kind == "continuity-plan":
        lines: Sequence[InheritedLine] = plan_view(desk, view.number).scope
        if not lines:
            return None
    elif view.kind in ("ci", "service") and not desk.actor.restricted:
        with desk.database.read() as connection:
            lines = [one for one in scope_of(connection, [view.id], desk.moment)[0] if one.node.id == view.id]
        if not lines or lines[0].seconds is None:
            return None
    else:
        return None
    rows = tuple(
        (
            f"{one.node.number} {one.node.title}", _length(one.seconds),
            "" if one.source is None or one.source.id == one.node.id else f"{one.source.title} through {' → '.join(one.path)}",
            "" if one.own_seconds is None else show_duration(one.own_seconds),
            "inversion" if _inverted(one) else "",
        )
        for one in lines
    )  # fmt: skip
    tight = [one.seconds for one in lines if one.seconds is not None]
    title = f"objectives: RTO {_length(min(tight, default=None))} at the tightest, of {len(lines)} services and CIs"
    data = [
        {
            "number": one.node.number, "name": one.node.title, "kind": one.kind, "rto_seconds": one.seconds,
            "from": None if one.source is None else one.source.number, "path": list(one.path),
            "own_rto_seconds": one.own_seconds, "inversion": _inverted(one),
        }
        for one in lines
    ]  # fmt: skip
    return Part(title, ("what", "RTO", "asked by", "promises", ""), rows, (1, 3)), data


def _inverted(one: InheritedLine) -> bool:
    return one.own_seconds is not None and one.seconds is not None and one.own_seconds > one.seconds


def shown(desk: Desk, view: RecordView) -> tuple[Part, Any] | None:
    """Explain the evidence of a plan: its runs, how they went, until when that stands and what ends it."""
    if view.kind != "continuity-plan":
        return None
    found: PlanView = plan_view(desk, view.number)
    part, data = evidence_part(found.evidence)
    return part, data


def evidence_part(found: Evidence) -> tuple[Part, dict[str, Any]]:
    """Return evidence as a table and as data."""
    judged = [one for one in found.drills if one.met is not None]
    latest = judged[-1].rto_actual_seconds if judged else None
    record = Drills(sum(bool(one.met) for one in judged), len(judged), found.worst_seconds, latest) if judged else None
    stands = (
        "" if found.stands_until is None
        else f"; {'stale since' if found.stale else 'stands until'} {format_instant(found.stands_until)}: {found.why}"
    )  # fmt: skip
    said = "nothing was ever shown" if not found.drills else told(record, show_duration)
    rows = tuple(
        (
            one.number, f"{one.kind}, by {one.told_by}" if one.told_by else one.kind, format_instant(one.failed_at)[:10],
            _length(one.rto_actual_seconds),
            _length(one.from_invocation_seconds), _length(one.rto_seconds),
            {True: "met", False: "missed", None: ""}[one.met], _length(one.rpo_actual_seconds),
        )
        for one in found.drills
    )  # fmt: skip
    data = {
        "drills": [
            {
                "number": one.number, "kind": one.kind, "disrupted_at": format_instant(one.failed_at),
                "rto_seconds": one.rto_seconds, "rto_actual_seconds": one.rto_actual_seconds,
                "from_invocation_seconds": one.from_invocation_seconds,
                "rpo_seconds": one.rpo_seconds, "rpo_actual_seconds": one.rpo_actual_seconds, "met": one.met,
                "told_by": one.told_by or None,
            }
            for one in found.drills
        ],
        "met": found.met, "worst_seconds": found.worst_seconds, "stale": found.stale, "why": found.why,
        "stands_until": None if found.stands_until is None else format_instant(found.stands_until),
    }  # fmt: skip
    header = ("run", "sort", "on", "actual", "invoked", "RTO", "", "lost")
    return Part(f"evidence: {said}{stands}", header, rows, (3, 4, 5, 7)), data
