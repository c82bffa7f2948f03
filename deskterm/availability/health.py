"""How availability fares: services that an outage has taken away, through whatever they need, before what merely limps."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from deskterm.availability.gathering import running
from deskterm.availability.workflow import DEGRADED, DOWN, PLANNED
from deskterm.configuration import graph
from deskterm.configuration.rules import State, evaluate
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
    with desk.database.read() as connection:
        gone = services_down(connection, desk.moment)
    down = desk.count(desk.prepare(KINDS, LEVELS[0].query), cap=CAP)
    if not gone and not desk.count(desk.prepare(KINDS, "*"), cap=1):
        return Health(Word.QUIET, "no outage was ever recorded", None, "", KINDS)
    found = judged(desk, KINDS, amount(down, "outage runs", "outages run"), down, LEVELS, sort="started_at")
    if gone:
        number, title = gone[0]
        figure = f"{found.figure}, {amount(len(gone), 'service')} down"
        return Health(Word.TROUBLE, figure, Worst(number, title, "is down"), RUNNING if down else "", KINDS)
    return found if found.worst else replace(found, query="*")


def services_down(connection: Connection, now: int) -> list[tuple[str, str]]:
    """Return number and name of each service that is away now, by what availability is measured from, the longest first.

    What is away as planned does not count.
    """
    since: dict[str, dict[int, int]] = {DOWN: {}, DEGRADED: {}}
    for fact in running(connection, now):
        if fact.state in since and fact.cause != PLANNED:
            known = since[fact.state]
            known[fact.node] = min(fact.start, known.get(fact.node, fact.start))
    down = since[DOWN]
    walk = graph.dependants(connection, down, now)
    verdict = evaluate(walk.network, down.keys(), since[DEGRADED].keys() - down.keys())
    gone = [node for node, state in verdict.states.items() if state is State.DOWN]
    begun = {node: down.get(verdict.path(node)[0], now) for node in gone}
    nodes = graph.named(connection, gone).values()
    services = sorted((begun[node.id], node.number, node.title) for node in nodes if node.kind == "service")
    return [(number, title) for _, number, title in services]
