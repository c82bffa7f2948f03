"""Each capacity plan in brief: what it said when it was frozen, beside what the same figures come to now, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from data.queries import capacity as q
from deskterm import desk_settings
from deskterm.capacity import plan_document
from deskterm.capacity.outlook import outlooks
from deskterm.capacity.plan_rules import Frozen
from deskterm.desk import Desk
from deskterm.records.schema import Row

MOST_PLANS = 200
COLUMNS = ("versions", "frozen_at", "horizon_days", "scope", "options")


@dataclass(frozen=True, slots=True)
class PlanBrief:
    """A plan in brief."""

    row: Row
    frozen: Frozen | None
    """Its newest version; None where none was frozen."""
    now: Mapping[str, Any]
    """Its figures as they stand: see `plan_document.figures`."""

    @property
    def then(self) -> Mapping[str, Any] | None:
        """The figures that were frozen."""
        return None if self.frozen is None else self.frozen.document


def plan_briefs(desk: Desk) -> tuple[PlanBrief, ...]:
    """Return every plan in use, the one that was worked on last first; resources are read once for all of them.

    Raises:
        NotAllowed: the person may not read resources.
    """
    listing = desk.prepare(("capacity-plan",), "-state:retired", "-updated_at")
    rows = desk.page(listing, limit=MOST_PLANS, columns=COLUMNS).rows
    if not rows:
        return ()
    found = outlooks(desk)
    with desk.database.read() as connection:
        currency = desk_settings.load(connection).currency
        newest = {row.plan_id: row for row in connection.execute(q.NEWEST_VERSIONS, {"ids": [row.id for row in rows]})}
    briefs = []
    for row in rows:
        kept = newest.get(row.id)
        frozen = None if kept is None else Frozen(kept.version, kept.at, kept.actor, kept.document, kept.digest)
        horizon, own = int(row.values["horizon_days"]), row.values.get("options") or ()
        briefs.append(PlanBrief(row, frozen, plan_document.figures(found, desk.moment, horizon, own, currency)))
    return tuple(briefs)
