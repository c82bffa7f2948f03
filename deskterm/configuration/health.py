"""How the configuration fares: changes that nobody approved, critical services hit at priority 1, scans nobody has verified."""

from __future__ import annotations

from data.queries import health as q
from deskterm.configuration.unauthorised import CATEGORY
from deskterm.desk import Desk
from deskterm.health import CAP, Health, Word, Worst, amount

CRITICALITY = ("critical", "high", "medium", "low")
UNAUTHORISED = f'state:open category:"{CATEGORY}"'
ALARMS = (
    (f"{UNAUTHORISED} unassigned", Word.TROUBLE, "nobody approved it, nobody looks into it"),
    (UNAUTHORISED, Word.WATCH, "nobody approved it"),
)
UNVERIFIED = "state:waiting scanned_at:<now-24h"
"""Scans come by night; whoever verifies them has the day for it."""


def health(desk: Desk) -> Health:
    """Return the line of the configuration."""
    services = desk.count(desk.prepare(("service",), "state:active"), cap=CAP)
    cis = desk.count(desk.prepare(("ci",), "*"), cap=CAP)
    waiting = desk.count(desk.prepare(("discovery",), "state:waiting"), cap=CAP)
    alarms = desk.count(desk.prepare(("incident",), UNAUTHORISED), cap=CAP)
    with desk.database.read() as connection:
        hit = connection.execute(q.SERVICES_HIT).all()
    said = [amount(services, "service"), amount(cis, "CI")]
    said += [f"{alarms:,} unauthorised"] if alarms else []
    said += [f"{amount(waiting, 'scan')} to verify"] if waiting else []
    said += [f"{amount(len(hit), 'service')} hit"] if hit else []
    figure = ", ".join(said)
    if not services and not cis:
        return Health(Word.QUIET, f"{figure}: nothing is recorded yet")
    for query, word, why in ALARMS if alarms else ():
        first = desk.page(desk.prepare(("incident",), query, "created_at"), limit=1).rows
        if first:
            return Health(word, figure, Worst(first[0].number, first[0].title, why), query, ("incident",))
    urgent = [row for row in hit if row.priority == 1 and _rank(row.criticality) <= 1]
    if urgent:
        row = min(urgent, key=lambda row: (_rank(row.criticality), -row.urgent, row.title))
        why = f"{amount(row.urgent, 'open incident')} of priority 1"
        query = f"state:open priority:1 service:{row.number}"
        return Health(Word.WATCH, figure, Worst(row.number, row.title, why), query, ("incident",))
    old = desk.page(desk.prepare(("discovery",), UNVERIFIED, "scanned_at"), limit=1).rows if waiting else ()
    if old:
        worst = Worst(old[0].number, old[0].title, "nobody has verified it yet")
        return Health(Word.WATCH, figure, worst, UNVERIFIED, ("discovery",))
    return Health(Word.WELL, figure, None, "*", ("ci",))


def _rank(criticality: str | None) -> int:
    return CRITICALITY.index(criticality) if criticality in CRITICALITY else len(CRITICALITY)
