"""Who watches a record: the two actions that every kind of work has. What watchers have not seen yet is `service_desk.news`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from deskterm.errors import InvalidInput, WorkflowRefused
from deskterm.kinds import WATCHERS
from deskterm.records import resolve

if TYPE_CHECKING:
    from deskterm.records.draft import Draft
    from deskterm.records.unit import Unit


def add(draft: Draft, agent: int) -> bool:
    """Let an agent watch a record, once it is written; return whether they did not before."""
    known = draft.get(WATCHERS.name) or []
    draft.new[WATCHERS.name] = sorted({*known, agent})
    return agent not in known


def _watch(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    agent = _whom(unit, draft, inputs)
    if not add(draft, agent):
        raise WorkflowRefused(f"{_named(unit, agent)} watches {draft.number} already")


def _unwatch(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    agent = _whom(unit, draft, inputs)
    known = draft.get(WATCHERS.name) or []
    if agent not in known:
        raise WorkflowRefused(f"{_named(unit, agent)} does not watch {draft.number}")
    draft.new[WATCHERS.name] = [one for one in known if one != agent]


def _whom(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> int:
    """Return the agent it is about; whom others hear of is for those to say who may edit the record."""
    agent = inputs.get("agent")
    if agent is None:
        agent = unit.actor.agent_id
    if agent is None:
        raise InvalidInput("say who watches it: agent=LOGIN", fields={"agent": "required"})
    if agent != unit.actor.agent_id:
        unit.require("edit", draft.kind)
    return int(agent)


def _named(unit: Unit, agent: int) -> str:
    return resolve.names(unit.connection, {agent})[agent].title


HANDLERS = {"watch": _watch, "unwatch": _unwatch}
"""By action; a kind's own handlers come first."""
