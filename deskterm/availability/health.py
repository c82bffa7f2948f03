"""How availability fares: services that an outage has taken away, through whatever they need, before what merely limps."""

from __future__ import annotations

from sqlalchemy import Connection

from data.queries import availability as q
from deskterm.availability.workflow import DEGRADED, DOWN, PLANNED
from deskterm.configuration import graph
from deskterm.configuration.rules import State, evaluate
from deskterm.configuration.states import MOST_FACTS
from deskterm.desk import Desk
from deskterm.health import CAP, Health, Level, Word, Worst, amount, judged

KINDS = ("outage",)
LEVELS = (
    Level("ended_at:none state:down -cause:planned", "", Word.WATCH, "is down"),
    Level("ended_at:none state:degraded,unknown -cause:planned", "degraded or unknown", Word.WATCH, "is not well"),
    Level("ended_at:none cause:planned", "planned", Word.WELL, ""),
)
"""What goes on, the worst first; what is away as planned is away as planned."""
RUNNING = "ended_at:none"


def health(desk: Desk) -> Health:
    """Return the line of availability: trouble where a service is down, watch where only a part is."""
    down = desk.count(desk.prepare(KINDS, LEVELS[0].query), cap=CAP)
    if not desk.count(desk.prepare(KINDS, "*"), cap=1):
        return Health(Word.QUIET, "no outage was ever recorded", None, "", KINDS)
    found = judged(desk, KINDS, amount(down, "outage runs", "outages run"), down, LEVELS, sort="started_at")
    if not down:
        return Health(found.word, found.figure, found.worst, found.query if found.worst else "*", KINDS)
    with desk.database.read() as connection:
        gone = services_down(connection, desk.moment)
    if not gone:
        return found
    number, title = gone[0]
    return Health(
        Word.TROUBLE, f"{found.figure}, {amount(len(gone), 'service')} down", Worst(number, title, "is down"), RUNNING, KINDS
    )


def services_down(connection: Connection, now: int) -> list[tuple[str, str]]:
    """Return number and name of each service that outages take away now, planned ones apart, the longest first."""
    away = {DOWN: dict[int, int](), DEGRADED: dict[int, int]()}
    for row in connection.execute(q.RUNNING, {"states": tuple(away), "limit": MOST_FACTS}):
        if row.cause != PLANNED:
            away[row.state].setdefault(row.node_id, row.started_at)
    walk = graph.dependants(connection, away[DOWN], now)
    verdict = evaluate(walk.network, away[DOWN].keys(), away[DEGRADED].keys() - away[DOWN].keys())
    gone = [node for node, state in verdict.states.items() if state is State.DOWN]
    since = {node: away[DOWN].get(verdict.path(node)[0], now) for node in gone}
    nodes = graph.named(connection, gone).values()
    services = sorted((since[node.id], node.number, node.title) for node in nodes if node.kind == "service")
    return [(number, title) for _, number, title in services]
