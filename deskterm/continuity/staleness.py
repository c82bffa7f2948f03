"""Which plans a change makes stale: those that bring back, or recover, anything that its CIs carry."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from data.queries import continuity as q
from deskterm.clock import format_instant
from deskterm.configuration import graph
from deskterm.configuration.rules import Network
from deskterm.continuity import standing
from deskterm.desk import Desk
from deskterm.explanations import Part
from deskterm.records.schema import RecordView


@dataclass(frozen=True, slots=True)
class Touched:
    """A plan whose evidence a change ends."""

    number: str
    title: str
    state: str
    through: str
    """The service or CI of the plan that the change reaches."""
    latest: str
    """Its newest verified run; empty where nothing was ever shown, so that there is nothing to end."""
    verified_at: int | None


def touched(connection: Connection, cis: Iterable[int], now: int) -> list[Touched]:
    """Return the plans in use whose scope has one of these CIs, those with evidence first.

    Args:
        connection: to the desk.
        cis: what is changed.
        now: the instant whose relations hold.
    """
    ids = sorted(set(cis))
    if not ids:
        return []
    walk = graph.dependants(connection, ids, now)
    reached = _above(walk.network, ids)
    rows = [
        row
        for start in range(0, len(reached), graph.ASKED_AT_ONCE)
        for row in connection.execute(q.PLANS_COVERING, {"ids": reached[start : start + graph.ASKED_AT_ONCE]})
    ]
    if not rows:
        return []
    through: dict[int, int] = {}
    for row in rows:
        through.setdefault(row.plan_id, row.target_id)
    named = graph.named(connection, through.values())
    latest = _latest(connection, list(through))
    found = [
        Touched(
            plan.number, plan.title, plan.state, named[through[plan.id]].title if through[plan.id] in named else "",
            *latest.get(plan.id, ("", None)),
        )
        for plan in standing.plans_of(connection)
        if plan.id in through
    ]  # fmt: skip
    return sorted(found, key=lambda one: (not one.latest, one.number))


def _above(network: Network, ids: Iterable[int]) -> list[int]:
    """Return what cannot do without one of these, themselves included."""
    reached, queue = set(ids), list(ids)
    while queue:
        at = queue.pop()
        for need in network.on.get(at, ()):
            if not need.soft and need.owner not in reached:
                reached.add(need.owner)
                queue.append(need.owner)
    return sorted(reached)


def _latest(connection: Connection, plans: list[int]) -> dict[int, tuple[str, int | None]]:
    found: dict[int, tuple[str, int | None]] = {}
    for row in connection.execute(q.RUNS_OF, {"ids": plans}):
        if row.verified_at is not None and row.verified_at >= (found.get(row.plan_id, ("", 0))[1] or 0):
            found[row.plan_id] = (row.number, row.verified_at)
    return found


def explained(desk: Desk, view: RecordView) -> tuple[Part, Any] | None:
    """Explain which plans a change makes stale; None where it touches none."""
    cis = view.values.get("cis") or []
    if not cis or desk.actor.restricted:
        return None
    with desk.database.read() as connection:
        found = touched(connection, cis, desk.moment)
    if not found:
        return None
    rows = tuple(
        (
            one.number, one.title, one.through,
            f"{one.latest}, {format_instant(one.verified_at)}" if one.verified_at is not None else "nothing was shown yet",
        )
        for one in found
    )  # fmt: skip
    ends = sum(bool(one.latest) for one in found)
    title = f"continuity: once it is carried out, the evidence of {ends} plan{'' if ends == 1 else 's'} is stale"
    data = [
        {"plan": one.number, "name": one.title, "through": one.through, "latest": one.latest or None, "stale": bool(one.latest)}
        for one in found
    ]
    return Part(title, ("plan", "name", "through", "shown by"), rows), data
