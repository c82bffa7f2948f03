"""What happens to a CI while it is written: its type and attributes are checked, its status moves, its service is dated."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from deskterm import desk_settings
from deskterm.configuration import relations, types
from deskterm.configuration.attributes import checked_values
from deskterm.configuration.relations import BELONGS_TO, end_all
from deskterm.configuration.workflow import GONE, step_to
from deskterm.errors import InvalidInput, WorkflowRefused
from deskterm.kinds import Rules
from deskterm.records import store
from deskterm.records.draft import Draft
from deskterm.records.unit import Unit


def _status(unit: Unit, draft: Draft) -> None:
    """Keep the field `status` and the state one: setting the field is taking the action that leads there."""
    wanted = draft.get("status")
    if draft.action is not None or wanted is None:
        draft.new["status"] = draft.state
        return
    if draft.creating:
        draft.state = wanted
    elif wanted != draft.state_before:
        step = step_to(wanted, draft.state_before)
        if step is None:
            possible = ", ".join(a.target for a in draft.kind.actions_from(draft.state_before) if a.target) or "nothing any more"
            said = f"{draft.number} is {draft.state_before} and cannot become {wanted}; it can become {possible}"
            raise WorkflowRefused(said, fields={"status": f"not after {draft.state_before}"})
        draft.action, draft.state = step, wanted


def _type(unit: Unit, draft: Draft) -> None:
    """Spell the type as it is called, and hold the attributes to what it declares, where either is new."""
    name, attributes = draft.get("type"), draft.get("attributes")
    renewed = name != draft.old.get("type")
    if name is None or not (renewed or attributes != draft.old.get("attributes")):
        return
    found = types.required(unit, str(name))
    if found.retired and renewed:
        raise InvalidInput(f"the type {found.name} is retired; choose another", fields={"type": "retired"})
    draft.new["type"] = found.name
    if attributes is not None and not isinstance(attributes, Mapping):
        raise InvalidInput('attributes are an object such as {"os": "Debian 12"}', fields={"attributes": "must be an object"})
    kept, wrong = checked_values(attributes or {}, found.declared, open_ended=found.open_ended)
    if wrong:
        said = "; ".join(f"attributes.{name} {problem}" for name, problem in wrong.items())
        by_name = {f"attributes.{name}": problem for name, problem in wrong.items()}
        listed = "; ".join(f"{name} {problem}" for name, problem in wrong.items())
        raise InvalidInput(said, fields={"attributes": listed, **by_name})
    draft.new["attributes"] = kept or None


def _money(unit: Unit, draft: Draft) -> None:
    """Say in what currency a cost is, where nobody does; refuse facts about its value that cannot be."""
    if draft.get("cost") is not None and not draft.get("currency"):
        draft.new["currency"] = unit.once("settings", lambda: desk_settings.load(unit.connection)).currency
    salvage, cost = draft.get("salvage"), draft.get("cost")
    if salvage is not None and cost is not None and not 0 <= salvage <= cost:
        raise InvalidInput("what is left of an asset is from nothing to what it cost", fields={"salvage": "from 0 to the cost"})
    since = next((name for name in ("in_service_at", "purchased_at") if draft.get(name) is not None), None)
    if since is not None and (end := draft.get("disposed_at")) is not None and end < draft.get(since):
        what = "it went into service" if since == "in_service_at" else "it was bought"
        raise InvalidInput(f"a CI is disposed of after {what}", fields={"disposed_at": f"before {since}"})
    _depreciation_rate(draft)


def _depreciation_rate(draft: Draft) -> None:
    rate = draft.get("depreciation_rate")
    if rate is None or not {"depreciation_rate", "depreciation"} & draft.changed.keys():
        return
    if draft.get("depreciation") != "declining-balance":
        raise InvalidInput(
            "a rate of depreciation goes with depreciation=declining-balance alone: a straight line takes as much each year",
            fields={"depreciation_rate": "for declining-balance alone"},
        )
    if not Decimal(rate):
        raise InvalidInput(
            "a rate of depreciation is above 0; leave it empty for twice that of a straight line",
            fields={"depreciation_rate": "must be above 0"},
        )


def _dates(unit: Unit, draft: Draft) -> None:
    """Note when it went live first."""
    if draft.state == "live" and draft.state_before != "live" and draft.get("in_service_at") is None and not draft.creating:
        draft.new["in_service_at"] = unit.at


def _membership(unit: Unit, draft: Draft) -> None:
    """Date the service of a CI like any other relation, so that past instants are read like the present one."""
    before, after = draft.old.get("service"), None if draft.state in GONE else draft.get("service")
    if draft.state_before in GONE and draft.state not in GONE:
        before = None
    if before == after and not draft.creating:
        return
    if before is not None:
        store.disconnect(unit, draft.id, BELONGS_TO, before)
    if after is not None:
        store.connect(unit, draft.id, BELONGS_TO, after)


def _leaving(unit: Unit, draft: Draft) -> None:
    """End what a CI carried once it is gone; every day before stays readable."""
    if draft.state in GONE and draft.state_before not in (*GONE, ""):
        end_all(unit, draft.id)


COMPLETE = (_status, _type, _money, _dates)
AFTER = (_membership, _leaving)
RULES = Rules(COMPLETE, after=AFTER, link=(relations.check,))
