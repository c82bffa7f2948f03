"""What happens to an outage while it is written: what it is about, what it is called, and what it may not be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deskterm.availability.workflow import GAP, PLANNED, SUPPLIER, UNKNOWN, UNPLANNED, WITHDRAWN
from deskterm.errors import InvalidInput, WorkflowRefused
from deskterm.kinds import Rules
from deskterm.records import resolve, store
from deskterm.records.draft import Draft
from deskterm.records.unit import Unit


def _place(unit: Unit, draft: Draft) -> None:
    """Take the CI, else the service, from the incident or the change where nobody named one."""
    if draft.get("ci") is not None or draft.get("service") is not None:
        return
    incident, change = draft.get("incident"), draft.get("change")
    if incident is not None:
        told = store.load(unit.connection, unit.registry.kind("incident"), [incident])[incident]
        draft.new["ci"] = told.get("ci")
        draft.new["service"] = told.get("service") if told.get("ci") is None else None
    elif change is not None:
        cis = store.load(unit.connection, unit.registry.kind("change"), [change])[change].get("cis") or []
        draft.new["ci"] = cis[0] if len(cis) == 1 else None


def _state(unit: Unit, draft: Draft) -> None:
    """Keep the field `state` and the state of the record one; what was withdrawn stays so."""
    if draft.state_before == WITHDRAWN and draft.changed:
        raise WorkflowRefused(f"{draft.number} is withdrawn; record a new outage instead")
    if draft.action is not None and draft.action.target is not None:
        draft.new["state"] = draft.state
    elif draft.get("state") == WITHDRAWN and not draft.creating and draft.state_before != WITHDRAWN:
        raise WorkflowRefused("an outage is withdrawn by the action withdraw, which asks why", fields={"state": "take withdraw"})
    elif draft.get("state"):
        draft.state = draft.get("state")


def _cause(unit: Unit, draft: Draft) -> None:
    """Say why, where nobody does: it follows from what is named."""
    if draft.creating and "state" not in draft.given and draft.get("cause") == GAP:
        draft.new["state"] = draft.state = UNKNOWN
    if draft.get("cause") is not None:
        return
    if draft.get("state") == UNKNOWN:
        draft.new["cause"] = GAP
    elif draft.get("supplier"):
        draft.new["cause"] = SUPPLIER
    elif draft.get("change") is not None and approved_before(unit, draft):
        draft.new["cause"] = PLANNED
    else:
        draft.new["cause"] = UNPLANNED


def _name(unit: Unit, draft: Draft) -> None:
    """Give it a name that says what it is, where nobody gave one."""
    typed = draft.get("summary") and ("summary" in draft.given or draft.get("summary") != _named(unit, draft, draft.old))
    if not typed:
        draft.new["summary"] = _named(unit, draft, draft.new)


def _named(unit: Unit, draft: Draft, values: Mapping[str, Any]) -> str:
    key = values.get("ci") or values.get("service")
    if key is None:
        return ""
    names = resolve.names(unit.connection, {key})
    why = "" if values.get("cause") in (UNPLANNED, GAP) else f", {values.get('cause')}"
    return f"{names[key].title} {values.get('state')}{why}"[:255]


COMPLETE = (_place, _cause, _state, _name)


def approved_before(unit: Unit, draft: Draft) -> bool:
    """Return whether the change that an outage names was approved before the outage began."""
    key = draft.get("change")
    change = store.load(unit.connection, unit.registry.kind("change"), [key])[key]
    approved = change.get("approved_at")
    settled = change.state in ("approved", "scheduled", "implementing", "review", "closed")
    return settled and (approved is None or approved <= draft.get("started_at"))


def _about_one(unit: Unit, draft: Draft) -> None:
    ci, service = draft.get("ci"), draft.get("service")
    if ci is None and service is None:
        raise InvalidInput(
            "an outage is of a CI or of a service: name the one that failed",
            fields={"ci": "this or service", "service": "this or ci"},
        )
    if ci is not None and service is not None:
        raise InvalidInput(
            "an outage is of a CI or of a service, not of both: name the CI, its services follow through the graph",
            fields={"service": "leave it empty"},
        )


def _times(unit: Unit, draft: Draft) -> None:
    start, end = draft.get("started_at"), draft.get("ended_at")
    for name, at in (("started_at", start), ("ended_at", end)):
        if at is not None and at > unit.recorded_at:
            raise InvalidInput(
                f"{name} lies in the future; an outage is a fact, planned work that is to come is a change",
                fields={name: "in the future"},
            )
    if end is not None and end < start:
        raise InvalidInput("an outage ends after it starts, not before", fields={"ended_at": "before started_at"})


def _causes_fit(unit: Unit, draft: Draft) -> None:
    cause, state = draft.get("cause"), draft.get("state")
    if (cause == GAP) != (state == UNKNOWN) and state != WITHDRAWN:
        raise InvalidInput(
            "a monitoring gap is time of which nothing is known: cause monitoring-gap goes with state unknown, and only with it",
            fields={"cause": "monitoring-gap goes with unknown", "state": "unknown goes with monitoring-gap"},
        )
    if cause == PLANNED and draft.get("change") is not None and not approved_before(unit, draft):
        number = resolve.names(unit.connection, {draft.get("change")})[draft.get("change")].number
        raise InvalidInput(
            f"{number} was not approved before the outage began, so it was not planned; say unplanned",
            fields={"cause": "unplanned"},
        )


CHECK = (_about_one, _times, _causes_fit)


def _end(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    if draft.get("ended_at") is None:
        draft.new["ended_at"] = max(unit.at, draft.get("started_at"))


def _withdraw(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    draft.reason = inputs["reason"]


RULES = Rules(complete=COMPLETE, check=CHECK, handlers={"end": _end, "withdraw": _withdraw})
