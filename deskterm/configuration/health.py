"""How the configuration fares: services hit by open incidents of priority 1 and 2, the most critical first; scans that wait."""

from __future__ import annotations

from data.queries import health as q
from deskterm.desk import Desk
from deskterm.health import CAP, Health, Word, Worst, amount

CRITICALITY = ("critical", "high", "medium", "low")


def health(desk: Desk) -> Health:
    """Return the line of the configuration: trouble where a critical service is hit, watch where any is."""
    services = desk.count(desk.prepare(("service",), "state:active"), cap=CAP)
    cis = desk.count(desk.prepare(("ci",), "*"), cap=CAP)
    held = f"{amount(services, 'service')}, {amount(cis, 'CI')}"
    if not services and not cis:
        return Health(Word.QUIET, f"{held}: nothing is recorded yet")
    with desk.database.read() as connection:
        hit = connection.execute(q.SERVICES_HIT).all()
    scans = desk.prepare(("discovery",), "state:waiting", "scanned_at")
    if waiting := desk.count(scans, cap=CAP):
        held += f", {amount(waiting, 'scan')} to verify"
    if waiting and not hit:
        oldest = desk.page(scans, limit=1).rows[0]
        why = "nobody has verified it yet"
        return Health(Word.WATCH, held, Worst(oldest.number, oldest.title, why), "state:waiting", ("discovery",))
    if not hit:
        return Health(Word.WELL, held, None, "*", ("ci",))
    first = min(hit, key=lambda row: (_rank(row.criticality), row.priority, -row.open, row.title))
    why = f"{amount(first.open, 'open incident')} of priority {first.priority}"
    word = Word.TROUBLE if first.criticality == CRITICALITY[0] else Word.WATCH
    query = f"state:open priority:1..2 service:{first.number}"
    return Health(word, f"{held}; {amount(len(hit), 'service')} hit", Worst(first.number, first.title, why), query, ("incident",))


def _rank(criticality: str | None) -> int:
    return CRITICALITY.index(criticality) if criticality in CRITICALITY else len(CRITICALITY)
