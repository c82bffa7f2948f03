"""How long it takes from the decision to use: as the resource says, else as purchases and changes of this desk took.

A purchase takes from `purchased_at` to `in_service_at` of a CI, of the same type if enough were bought, a normal change from
its request to the end of its work. Their medians are added: first it is bought, then it is built in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from sqlalchemy import Connection

from data.queries import capacity as q

DAY_SECONDS = 86_400
PURCHASES_SINCE = 3 * 365 * DAY_SECONDS
CHANGES_SINCE = 365 * DAY_SECONDS
ENOUGH = 3
"""So few of a type say nothing of it; then purchases of every type count."""
MOST = 500


@dataclass(frozen=True, slots=True)
class Lead:
    """From the order to use."""

    seconds: int | None
    """None where neither the resource nor the desk's records say anything."""
    source: str
    """One sentence: where the figure comes from."""
    purchases: int = 0
    purchase_seconds: int | None = None
    changes: int = 0
    change_seconds: int | None = None

    @property
    def days(self) -> float | None:
        """The same in days."""
        return None if self.seconds is None else self.seconds / DAY_SECONDS


@dataclass(frozen=True, slots=True)
class Records:
    """The desk's own records of how long things took, read once."""

    purchases: tuple[tuple[str, int], ...]
    """Type of the CI, seconds."""
    changes: tuple[int, ...]


def read_records(connection: Connection, now: int) -> Records:
    """Read how long purchases and changes took."""
    bought = connection.execute(q.BOUGHT, {"since": now - PURCHASES_SINCE, "until": now, "limit": MOST})
    purchases = tuple((row.type, row.in_service_at - row.purchased_at) for row in bought)
    changed = connection.execute(q.CHANGED, {"since": now - CHANGES_SINCE, "until": now, "limit": MOST})
    return Records(purchases, tuple(row.actual_end - row.created_at for row in changed if row.actual_end >= row.created_at))


def lead_of(days: int | None, ci_type: str | None, records: Records) -> Lead:
    """Return the lead time of a resource.

    Args:
        days: what the resource says itself.
        ci_type: the type of its CI.
        records: the desk's own.
    """
    if days is not None:
        return Lead(days * DAY_SECONDS, f"{days} days, as the resource says")
    of_type = [seconds for kind, seconds in records.purchases if kind == ci_type]
    bought = of_type if len(of_type) >= ENOUGH else [seconds for _, seconds in records.purchases]
    purchase, change = _median(bought), _median(records.changes)
    known = [seconds for seconds in (purchase, change) if seconds is not None]
    what = f"{ci_type} purchases" if bought is of_type and of_type else "purchases"
    parts = [
        f"median of {len(times)} {name}: {seconds / DAY_SECONDS:.1f} days"
        for name, times, seconds in ((what, bought, purchase), ("normal changes", records.changes, change))
        if seconds is not None
    ]
    source = " + ".join(parts) or "not known: no purchase and no normal change is on record; set lead_time_days"
    return Lead(sum(known) if known else None, source, len(bought), purchase, len(records.changes), change)


def _median(seconds: Sequence[int]) -> int | None:
    return round(median(seconds)) if seconds else None


def as_json(lead: Lead) -> dict[str, Any]:
    """Return a lead time for a program."""
    return {
        "seconds": lead.seconds, "source": lead.source, "purchases": lead.purchases, "purchase_seconds": lead.purchase_seconds,
        "changes": lead.changes, "change_seconds": lead.change_seconds,
    }  # fmt: skip
