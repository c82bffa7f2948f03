"""What the local copy of the plans holds, read from the desk; and when it is to be written anew."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from data.engine import Database
from data.queries import continuity as q
from deskterm.clock import format_instant, parse_instant
from deskterm.configuration import graph
from deskterm.continuity import copy_marks, local_copy, objectives, standing
from deskterm.continuity.plans import scheduled, steps_of
from deskterm.continuity.schema import PlanBrief, PlanStep
from deskterm.errors import DeskError, InvalidInput
from deskterm.records import resolve

CONFIRM_SECONDS = 3_600
"""A copy of which nothing has changed is written again after so long, so that its date says that it was looked at."""


def contents(connection: Connection, label: str, now: int) -> dict[str, Any]:
    """Return the plans in use, whole, with the objectives of every service; of an approved plan the approved version."""
    found = standing.of(connection, now)
    plans = found.plans
    ids = [one.id for one in plans]
    rows = {row.id: row for row in connection.execute(q.PLANS_IN_USE)}
    versions = {row.plan_id: row for row in connection.execute(q.VERSIONS, {"ids": ids})} if ids else {}
    now_steps = steps_of(connection, ids)
    people = {getattr(row, name) for row in rows.values() for name in ("assignee_id", "deputy_id")} - {None}
    names = resolve.names(connection, {int(key) for key in people})
    kept = []
    for plan in plans:
        version = versions.get(plan.id)
        steps = now_steps[plan.id] if version is None else tuple(PlanStep.of_json(one) for one in version.steps)
        kept.append(_plan(connection, plan, rows[plan.id], version, steps, names))
    services = [
        {
            "service": one.service, "number": one.number, "rto_seconds": one.rto_seconds, "rpo_seconds": one.rpo_seconds,
            "wrt_seconds": one.wrt_seconds, "mtpd_seconds": one.mtpd_seconds, "plan": one.plan.number if one.plan else None,
            "gaps": [gap.text for gap in one.gaps],
        }
        for one in found.services
    ]  # fmt: skip
    stand = [int(value or 0) for value in connection.execute(q.STAND).one()]
    return {
        "format": local_copy.FORMAT, "desk": label, "at": format_instant(now), "stand": stand, "plans": kept,
        "services": services,
    }  # fmt: skip


def _plan(
    connection: Connection, plan: PlanBrief, row: Any, version: Any, steps: tuple[PlanStep, ...], names: Mapping[int, Any]
) -> dict[str, Any]:
    try:
        found = scheduled(steps)
    except InvalidInput:  # written past the rules; its steps are readable all the same
        found = None
    rto, rpo = objectives.tightest_of(objectives.of_plan(connection, plan.id).values())
    nodes = graph.named(connection, {*plan.services, *plan.cis, *(one.ci_id for one in steps if one.ci_id is not None)})

    def who(key: int | None) -> str:
        return names[key].title if key is not None and key in names else ""

    return {
        "number": plan.number, "name": plan.title, "state": "approved" if version is not None else plan.state,
        "version": plan.plan_version if version is None else version.version,
        "services": [nodes[key].title for key in plan.services if key in nodes],
        "cis": [nodes[key].title for key in plan.cis if key in nodes], "strategy": plan.strategy, "owner": who(row.assignee_id),
        "deputy": who(row.deputy_id), "site": row.site or "", "trigger": row.trigger or "", "description": row.description or "",
        "call_tree": (row.call_tree if version is None else version.call_tree) or "", "rto_seconds": rto, "rpo_seconds": rpo,
        "planned_seconds": None if found is None else found.elapsed_seconds,
        "critical_path": [] if found is None else list(found.critical_path),
        "steps": [
            {
                "number": one.number, "name": one.name, "seconds": one.seconds, "after": list(one.after), "role": one.role,
                "instructions": one.instructions,
                "ci": nodes[one.ci_id].title if one.ci_id is not None and one.ci_id in nodes else "",
                "ends_seconds": None if found is None else found.starts[one.name] + one.seconds,
                "critical": found is not None and one.name in found.critical_path,
            }
            for one in steps
        ],
    }  # fmt: skip


def copy(database: Database, now: int, folder: Path | None = None) -> Path:
    """Write the copy of a desk's plans on this machine, or into another folder; return where.

    Raises:
        CopyLost: it cannot be written.
        DatabaseError: the desk cannot be read.
    """
    place = local_copy.folder_for(database.label) if folder is None else folder
    with database.read() as connection:
        found = contents(connection, database.label, now)
    local_copy.write(place, found)
    return place


def refresh(database: Database, now: int) -> bool:
    """Write the copy on this machine anew where anything it tells of has changed; return whether it was.

    Raises:
        CopyLost: it cannot be written.
        DatabaseError: the desk cannot be read.
    """
    copy_marks.take(str(database.url))
    with database.read() as connection:
        stand = [int(value or 0) for value in connection.execute(q.STAND).one()]
    if not any(stand):
        return False  # a desk without plans leaves nothing on anybody's machine
    try:
        kept = local_copy.read(local_copy.folder_for(database.label))
        age = now - parse_instant(str(kept["at"]))
        if kept.get("stand") == stand and 0 <= age < CONFIRM_SECONDS:
            return False
    except DeskError:
        pass  # there is none yet, or none that can be read: write one
    copy(database, now)
    return True
