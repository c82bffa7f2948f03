"""The figures of a CI or a service that can be explained: how it fares, and what its failure would do."""

from __future__ import annotations

from typing import Any

from deskterm.configuration import impact
from deskterm.configuration.schema import EffectLine, Impact, NeedLine, NodeLine, Standing
from deskterm.configuration.words import NODES
from deskterm.desk import Desk
from deskterm.explanations import Part
from deskterm.records.schema import RecordView


def state(desk: Desk, view: RecordView) -> tuple[Part, Any] | None:
    """Explain how a node fares: what is known of it, what reaches it, how its needs stand."""
    if view.kind not in NODES or desk.at is not None:  # how it fared in the past is what its outages say
        return None
    found = impact.standing_of(desk, view.number)
    rows = [("by itself", why, "", "") for why in found.reasons]
    rows += [("through", path_text(path), "", "") for path in found.causes]
    rows += [(one.relation, ", ".join(m.title for m in one.members), _stands(one), _marks(one)) for one in found.needs]
    title = f"state {found.node.state}: " + (_why(found) if found.node.state != "up" else "nothing that it needs is missing")
    return Part(title, ("relation", "what", "stands", ""), tuple(rows)), state_data(found)


def _why(found: Standing) -> str:
    return found.reasons[0] if found.reasons else f"through {path_text(found.causes[0])}" if found.causes else "of itself"


def _stands(one: NeedLine) -> str:
    return f"{one.redundancy}, needs {one.need}" if len(one.members) > 1 or one.group else one.members[0].state


def _marks(one: NeedLine) -> str:
    marks = [word for word, there in (("SPOF now", one.is_spof), ("short of members", one.is_short)) if there]
    return ", ".join(marks)


def failure(desk: Desk, view: RecordView) -> tuple[Part, Any] | None:
    """Explain what the failure of a node would do."""
    if view.kind not in NODES:
        return None
    found = impact.impact_of(desk, view.number)
    title = f"impact of its failure: {len(found.breaks)} would break, {len(found.degrades)} could be degraded"
    rows = tuple(
        ("breaks" if one.breaks else "degraded", f"{one.node.number} {one.node.title}", one.redundancy, path_text(one.path))
        for one in found.effects
    )
    return Part(title, ("what", "which", "afterwards", "path"), rows), impact_data(found)


def path_text(path: tuple[NodeLine, ...]) -> str:
    """Return a path of causes in one line."""
    return " → ".join(node.title for node in path)


def node_data(node: NodeLine) -> dict[str, Any]:
    """Return a node as data."""
    return {"number": node.number, "kind": node.kind, "name": node.title, "status": node.status, "state": node.state}


def state_data(found: Standing) -> dict[str, Any]:
    """Return how a node fares as data."""
    return {
        **node_data(found.node),
        "reasons": list(found.reasons),
        "paths": [[node.number for node in path] for path in found.causes],
        "needs": [
            {
                "relation": one.relation, "group": one.group or None, "need": one.need, "up": one.up,
                "of": len(one.members), "spof": one.is_spof, "short": one.is_short,
                "members": [node_data(member) for member in one.members],
            }
            for one in found.needs
        ],
    }  # fmt: skip


def impact_data(found: Impact) -> dict[str, Any]:
    """Return what a failure would do as data."""
    return {
        **node_data(found.node),
        "would_break": [_effect_data(one) for one in found.breaks],
        "could_degrade": [_effect_data(one) for one in found.degrades],
        "services": [one.node.number for one in found.services],
        "single_point_for": [one.node.number for one in found.breaks],
        "circles": [[node.number for node in ring] for ring in found.circles],
        "truncated": found.truncated,
    }


def _effect_data(one: EffectLine) -> dict[str, Any]:
    return {
        **node_data(one.node),
        "path": [node.number for node in one.path],
        "relation": one.relation,
        "group": one.group or None,
        "redundancy": one.redundancy,
        "need": one.needed,
    }


AFFECTS = "affects"
"""The relation by which a person pins a service or a CI that a record affects."""


def affected(desk: Desk, view: RecordView) -> tuple[Part, Any] | None:
    """Explain what a record affects: what its CI reaches, and what somebody pinned; only that is part of the record."""
    if desk.actor.restricted:
        return None
    pinned = [link for link in view.links if link.relation == AFFECTS and not link.inverse and link.valid_until is None]
    ci_id = view.values.get("ci") if view.kind == "incident" else None
    if ci_id is None and not pinned:
        return None
    found = impact.affected_services(desk, ci_id) if ci_id is not None else ()
    numbers = {link.number for link in pinned}
    rows = [
        (
            f"{one.node.number} {one.node.title}", "would break" if one.breaks else "could be degraded", one.redundancy,
            path_text(one.path), "pinned" if one.node.number in numbers else "",
        )
        for one in found
    ]  # fmt: skip
    reached = {one.node.number for one in found}
    rows += [
        (f"{link.number} {link.title}", "somebody says so", "", "", "pinned") for link in pinned if link.number not in reached
    ]
    title = f"affected: {len(found)} services by the impact graph, {len(pinned)} pinned (deskterm link {view.number} affects …)"
    data = {"services": [_effect_data(one) | {"breaks": one.breaks} for one in found], "pinned": sorted(numbers)}
    return Part(title, ("what", "how", "afterwards", "path", ""), tuple(rows)), data


def affects_nothing(desk: Desk, view: RecordView) -> str:
    """Return why nothing is known of what a record affects, and what to do about it; empty where it is no record of work."""
    if desk.actor.restricted or not desk.registry.kind(view.kind).is_work:
        return ""
    pin = f"name what it affects with: deskterm link {view.number} affects NUMBER"
    if view.kind == "incident":
        return (
            f"{view.number} names no CI, so the impact graph says nothing of what it affects; "
            f"name the CI with: deskterm edit {view.number} ci=NUMBER, or {pin}"
        )
    return f"nobody has said what {view.number} affects; {pin}"
