"""Continuity examined: approved versions and steps of runs beside their guards, figures of runs beside their stamps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, text

from data.queries import continuity as q
from deskterm.continuity.plans import scheduled, steps_of
from deskterm.continuity.rules import Recovery
from deskterm.continuity.run_steps import progress_of, rows_of
from deskterm.continuity.runs import result_of
from deskterm.doctor.findings import Finding, Severity
from deskterm.errors import InvalidInput

GUARDS = ("plan_version_update_guard", "plan_version_delete_guard", "exercise_step_update_guard", "exercise_step_delete_guard")
"""The triggers by which the database itself refuses to touch what is approved or over."""
_TRIGGERS = {
    "sqlite": text("SELECT name FROM sqlite_master WHERE type = 'trigger'"),
    "postgresql": text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"),
}


def continuity(connection: Connection) -> Iterator[Finding]:
    """Find plans that no rule would have let in, and runs that say otherwise of themselves than their stamps and steps."""
    there = set(connection.execute(_TRIGGERS[connection.dialect.name]).scalars())
    for name in GUARDS:
        if name not in there:
            said = f"the trigger {name} is gone or switched off: SQL could rewrite what is approved or over unseen"
            yield Finding("guard", Severity.ERROR, said, name.removesuffix("_guard"))
    plans = connection.execute(q.PLANS).all()
    steps = steps_of(connection, [row.id for row in plans])
    for row in plans:
        try:
            scheduled(steps[row.id])
        except InvalidInput as problem:
            yield Finding("plan", Severity.ERROR, f"{row.number}: {problem.message}", row.number)
    for row in connection.execute(q.RUNS).all():
        yield from _run(connection, row)


def _run(connection: Connection, row: Any) -> Iterator[Finding]:
    if row.disrupted_at is not None and row.state != "cancelled":
        one = Recovery(row.disrupted_at, row.invoked_at, row.verified_at, row.newest_data_at)
        reckoned = (one.rto_actual_seconds, one.rto_actual_from_invocation_seconds, one.rpo_actual_seconds)
        stored = (row.rto_actual_seconds, row.from_invocation_seconds, row.rpo_actual_seconds)
        result = result_of(reckoned[0], row.rto_seconds, reckoned[2], row.rpo_seconds)
        if stored != reckoned or result != row.result:
            said = f"{row.number} says otherwise of how long it took than its stamps do"
            yield Finding("run", Severity.ERROR, said, row.number)
    states = [step.state for step in rows_of(connection, row.id)]
    if states and progress_of(states) != row.progress:
        yield Finding("run", Severity.ERROR, f"{row.number} says otherwise of its progress than its steps do", row.number)
