"""Questions about failures: how does this fare and why, what would its failure do, and which services does that reach."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from deskterm.configuration import graph, states
from deskterm.configuration.rules import Effect, Network, State, Verdict, cycles, evaluate, impact, redundancy
from deskterm.configuration.schema import EffectLine, Impact, NeedLine, NodeLine, Standing
from deskterm.configuration.words import NODES
from deskterm.desk import Desk
from deskterm.errors import InvalidInput, NotAllowed
from deskterm.records import resolve


def impact_of(desk: Desk, number: str) -> Impact:
    """Return what the failure of a CI or a service would do, beyond what is down already.

    Looked at for a past instant, nothing else is taken to be down: only the relations are dated.

    Raises:
        NotFound: there is no such record.
        InvalidInput: it is neither a CI nor a service.
        NotAllowed: the person is a requester.
    """
    with desk.database.read() as connection:
        key = node_id(desk, connection, number)
        facts = states.facts(connection, desk.moment) if desk.at is None else {}
        walk = graph.dependants(connection, {key, *facts}, desk.moment)
        down = {n for n, each in facts.items() if any(f.state is State.DOWN for f in each)}
        degraded = facts.keys() - down
        effects = impact(walk.network, {key}, down=down - {key}, degraded=degraded - {key})
        before = evaluate(walk.network, down, degraded)
        touched = {key, *(one.node for one in effects)}
        rings = tuple(ring for ring in cycles(walk.network) if touched & set(ring))
        named = _named(
            connection, {*touched, *(n for one in effects for n in one.path), *(n for ring in rings for n in ring)}, before
        )
    lines = tuple(_effect(one, named) for one in effects)
    circles = tuple(tuple(named[n] for n in ring) for ring in rings)
    return Impact(named[key], desk.moment, lines, walk.truncated, circles, bool(walk.network.on.get(key)))


def _effect(one: Effect, named: Mapping[int, NodeLine]) -> EffectLine:
    assert one.need is not None
    assert one.redundancy is not None
    path = tuple(named[node] for node in one.path)
    return EffectLine(
        named[one.node], one.state is State.DOWN, path, str(one.redundancy), one.redundancy.need, one.need.relation,
        one.need.group or "",
    )  # fmt: skip


def standing_of(desk: Desk, number: str) -> Standing:
    """Return how a CI or a service fares now, through what, and how each of its needs stands.

    Raises:
        NotFound: there is no such record.
        InvalidInput: it is neither a CI nor a service.
        NotAllowed: the person is a requester.
    """
    with desk.database.read() as connection:
        key = node_id(desk, connection, number)
        now = states.standing(connection, desk.now())
        needs = graph.direct_needs(connection, [key], desk.now())
        causes = _causes(key, now.verdict, now.network)
        ids = {key, *(m for need in needs for m in need.members), *(n for path in causes for n in path)}
        named = _named(connection, ids, now.verdict)
    lines = []
    for need in needs:
        stands = redundancy(need, now.verdict)
        members = tuple(sorted((named[m] for m in need.members), key=lambda one: one.title.casefold()))
        spof = stands.is_spof and not need.soft
        lines.append(NeedLine(need.relation, need.group or "", need.need, stands.up, members, need.soft, spof, need.is_short))
    lines.sort(key=lambda one: (one.soft, one.relation, one.group, one.members[0].title.casefold()))
    reasons = tuple(f"{fact.state}: {fact.why}" for fact in now.facts.get(key, ()))
    paths = tuple(tuple(named[n] for n in path) for path in causes)
    return Standing(named[key], desk.now(), reasons, paths, tuple(lines))


def _causes(key: int, verdict: Verdict, network: Network) -> tuple[tuple[int, ...], ...]:
    """Return the paths of failures that reach a node, one through each member that is not up."""
    members = {m for need in network.of.get(key, ()) for m in need.members if verdict.state(m) is not State.UP}
    paths = [(*verdict.path(member), key) for member in members]
    return tuple(sorted({path for path in paths if path.count(key) == 1}, key=lambda path: (len(path), path)))


def node_id(desk: Desk, connection: Connection, number: str) -> int:
    """Return the row of a CI or a service by its number.

    Raises:
        NotFound: there is no such record.
        InvalidInput: it is something else.
        NotAllowed: the person is a requester.
    """
    if desk.actor.restricted:
        raise NotAllowed("the configuration is for the desk's own people")
    found = resolve.by_number(connection, number)
    if found.kind not in NODES:
        raise InvalidInput(f"{found.number} is neither a CI nor a service, so nothing depends on it", fields={"number": "no CI"})
    return found.id


def _named(connection: Connection, ids: set[int], verdict: Verdict) -> dict[int, NodeLine]:
    found = graph.named(connection, ids)
    return {
        key: NodeLine(key, node.kind, node.number, node.title, node.state, verdict.state(key).value)
        for key, node in found.items()
    }


def affected_services(desk: Desk, ci_id: int) -> tuple[EffectLine, ...]:
    """Return the services that the failure of a CI reaches, those that would break first; nothing is written anywhere."""
    with desk.database.read() as connection:
        number = graph.named(connection, [ci_id])[ci_id].number
    return impact_of(desk, number).services
