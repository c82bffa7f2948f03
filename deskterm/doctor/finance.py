"""Money examined: issued charge runs beside their digest, imported costs beside their bills, rules beside their history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, func, select, text

from data.tables.core import record
from data.tables.finance import allocation_revision, allocation_rule, charge_line, charge_run, cost, cost_line, credit_note
from deskterm.doctor.findings import Finding, Severity
from deskterm.financial.charging import digest

GUARDS = tuple(
    f"{table}_{act}_guard"
    for table, acts in (("charge_run", ("update", "delete")), ("charge_line", ("insert", "update", "delete")))
    for act in acts
)
"""The triggers by which the database itself refuses to touch what was issued."""
_TRIGGERS = {
    "sqlite": text("SELECT name FROM sqlite_master WHERE type = 'trigger'"),
    "postgresql": text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"),
}
_RUNS = (
    select(charge_run, record.c.number).join(record, record.c.id == charge_run.c.id).where(charge_run.c.issued_at.is_not(None))
)
_LINES = (
    select(charge_line)
    .join(charge_run, charge_run.c.id == charge_line.c.run_id)
    .where(charge_run.c.issued_at.is_not(None))
    .order_by(charge_line.c.run_id, charge_line.c.position)
)
_CREDITED = select(credit_note.c.run_id, func.sum(credit_note.c.amount).label("amount")).group_by(credit_note.c.run_id)
_BILLED = (
    select(cost_line.c.cost_id, cost_line.c.billed, cost_line.c.effective, cost.c.exact, record.c.number)
    .join(cost, cost.c.id == cost_line.c.cost_id)
    .join(record, record.c.id == cost.c.id)
    .where(cost.c.exact.is_not(None), record.c.state != "retired")
)
_RULES = (
    select(record.c.number, func.count(allocation_revision.c.id).label("revisions"))
    .join(allocation_rule, allocation_rule.c.id == record.c.id)
    .outerjoin(allocation_revision, allocation_revision.c.rule_id == record.c.id)
    .group_by(record.c.number)
)


def finance(connection: Connection) -> Iterator[Finding]:
    """Find charge runs that were meddled with, costs that are not the sum of their bill, and rules without a history."""
    there = set(connection.execute(_TRIGGERS[connection.dialect.name]).scalars())
    for name in GUARDS:
        if name not in there:
            said = f"the trigger {name} is gone or switched off: SQL could rewrite what was charged unseen"
            yield Finding("guard", Severity.ERROR, said, name.removesuffix("_guard"))
    yield from _runs(connection)
    yield from _bills(connection)
    for row in connection.execute(_RULES):
        if not row.revisions:
            said = f"{row.number} has no history: nothing says what it passed on when"
            yield Finding("allocation-rule", Severity.ERROR, said, row.number)


def _runs(connection: Connection) -> Iterator[Finding]:
    lines: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in connection.execute(_LINES).mappings():
        lines[row["run_id"]].append(dict(row))
    credited = {row.run_id: int(row.amount) for row in connection.execute(_CREDITED)}
    for run in connection.execute(_RUNS):
        own = lines[run.id]
        if len(own) != run.lines or digest(own) != run.digest:
            said = f"{run.number} is not what its digest was taken of when it was issued"
            yield Finding("charge-run", Severity.ERROR, said, run.number)
        if sum(row["amount"] for row in own) != run.total or credited.get(run.id, 0) != (run.credited or 0):
            said = f"{run.number} says otherwise of its total, or of what was given back, than its lines and credit notes do"
            yield Finding("charge-run", Severity.ERROR, said, run.number)


def _bills(connection: Connection) -> Iterator[Finding]:
    """Compare each cost with its lines: it is the sum of what was billed, or of the effective cost."""
    sums: dict[str, tuple[Decimal, Decimal, Decimal]] = {}
    for row in connection.execute(_BILLED):
        _, billed, effective = sums.get(row.number, (Decimal(0), Decimal(0), Decimal(0)))
        billed, effective = billed + Decimal(row.billed), effective + Decimal(row.effective or row.billed)
        sums[row.number] = (Decimal(row.exact), billed, effective)
    for number, (exact, billed, effective) in sums.items():
        if exact not in (billed, effective):
            said = f"{number} is {exact}, the lines of its bill come to {billed}"
            yield Finding("cost", Severity.ERROR, said, number)
