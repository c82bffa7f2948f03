"""What capacity management is assessed by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from data.queries import capacity as q
from deskterm.assessment.criteria import Evidence, count, measured, share
from deskterm.assessment.rules import of_share

if TYPE_CHECKING:
    from deskterm.desk import Desk

MEASURED_SECONDS = 7 * 86_400
LEAST_PERCENT = 70
MOST_NAMED = 50
"""So many numbers are named in a query."""


def _measured(desk: Desk) -> Evidence:
    """Answer whether what is watched is measured: of how many active resources there are samples of the last week."""
    with desk.database.read() as connection:
        rows = connection.execute(q.MEASURED_AT).all()
    silent = [row.number for row in rows if row.latest_at is None or row.latest_at < desk.moment - MEASURED_SECONDS]
    known = len(rows) - len(silent)
    said = f"{known} of {len(rows)} in a week, {LEAST_PERCENT} % wanted" if rows else "nothing to judge by"
    query = " OR ".join(f"number:{number}" for number in silent[:MOST_NAMED])
    return Evidence(of_share(known, len(rows), LEAST_PERCENT), said, ("resource",) if query else (), query, tuple(silent[:3]))


CRITERIA = (
    count(1, "Is it recorded what fills up?", "resource", "state:active"),
    share(
        2, "Is it known from when on it is too full?", "resource", "state:active role:resource", "warn:any OR critical:any", 80
    ),
    measured(2, "Is it measured?", _measured),
    share(
        3, "Is it known how long more of it takes to come?", "resource", "state:active role:resource", "lead_time_days:any", 50
    ),
    share(3, "Does somebody own it?", "resource", "state:active", "owner:any", 70),
    share(4, "Is none of it critically full?", "resource", "state:active level:any", "-level:critical", 95),
)
