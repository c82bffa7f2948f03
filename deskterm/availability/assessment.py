"""What availability management is assessed by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deskterm.assessment.criteria import Evidence, count, measured, share
from deskterm.assessment.rules import of_share

if TYPE_CHECKING:
    from deskterm.desk import Desk

DAYS = 30


def _met(desk: Desk) -> Evidence:
    """Answer whether the agreed availability was measured and met, over the last month."""
    from deskterm.availability.measuring import measure

    services = desk.page(desk.prepare(("service",), "state:active"), limit=200).rows
    now = desk.moment
    with desk.database.read() as connection:
        nodes = [row.id for row in services]
        found = measure(connection, desk.registry, nodes=nodes, start=now - DAYS * 86_400, end=now, now=now)
    judged = {row.number: found[row.id].met for row in services if row.id in found and found[row.id].met is not None}
    missed = [number for number, met in judged.items() if not met]
    said = f"{len(judged) - len(missed)} of {len(judged)} in {DAYS} days, 80 % wanted" if judged else "no objective is agreed"
    query = " OR ".join(f"number:{number}" for number in missed)
    word = of_share(len(judged) - len(missed), len(judged), 80)
    return Evidence(word, said, ("service",) if query else (), query, tuple(missed[:3]))


CRITERIA = (
    count(1, "Are outages recorded?", "outage", "created:<180d"),
    share(2, "Does each that is over say when it ended?", "outage", "started_at:>2d", "ended_at:any", 90),
    share(2, "Is it known which incident each belongs to?", "outage", "created:<180d cause:unplanned", "incident:any", 60),
    count(3, "Is availability agreed?", "target", "state:active metric:availability"),
    share(3, "Is planned work told from failures by its change?", "outage", "cause:planned", "change:any", 80),
    measured(4, "Is the agreed availability met?", _met),
)
