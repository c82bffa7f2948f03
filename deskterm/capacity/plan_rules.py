"""What happens to scenarios and capacity plans while they are written; a plan is frozen as a version that nobody edits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from data.queries import capacity as q
from deskterm import desk_settings
from deskterm.capacity import plan_document
from deskterm.clock import format_instant
from deskterm.desk import Desk
from deskterm.errors import InvalidInput, NotFound
from deskterm.journal import Entry, What
from deskterm.kinds import Rules
from deskterm.records import store
from deskterm.records.draft import Draft
from deskterm.records.unit import Unit

PLAN_FIELDS = ("name", "horizon_days", "scope", "assumptions", "options", "recommendations")


@dataclass(frozen=True, slots=True)
class Frozen:
    """One version of a plan."""

    version: int
    at: int
    actor: str
    document: Mapping[str, Any]
    digest: str

    @property
    def intact(self) -> bool:
        """Whether it still is what was frozen."""
        return plan_document.digest(self.document) == self.digest


def _driver(unit: Unit, draft: Draft) -> None:
    """Refuse a scenario whose driver is none."""
    kind = unit.registry.kind("resource")
    key = draft.get("driver")
    driver = store.load(unit.connection, kind, [key])[key]
    if driver.get("role") != "driver":
        rule = f"{driver.number} {driver.get('name')} is no driver; set its role to driver"
        raise InvalidInput(rule, fields={"driver": rule})


def _freeze(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    """Keep the plan as it stands, as its next version."""
    currency = desk_settings.load(unit.connection).currency
    plan = {name: draft.get(name) for name in PLAN_FIELDS} | {"number": draft.number}
    document = plan_document.build(unit.connection, unit.at, plan, currency)
    version = int(draft.get("versions") or 0) + 1
    row = {"plan_id": draft.id, "version": version, "at": unit.at, "actor": unit.actor.login, "document": document}
    unit.connection.execute(q.FREEZE, {**row, "digest": plan_document.digest(document)})
    draft.new["versions"], draft.new["frozen_at"] = version, unit.at
    summary = document["summary"]
    text = f"Version {version} frozen at {format_instant(unit.at)}: {summary['resources']} resources, "
    text += f"{summary['used_up_within_horizon']} used up within {document['horizon_days']} days."
    unit.journal(Entry(draft.id, draft.version, What.SIGNED, "version", new=version, text=text))


def versions(desk: Desk, number: str) -> tuple[Frozen, ...]:
    """Return the frozen versions of a plan, the first one first."""
    view = desk.show(number)
    if view.kind != "capacity-plan":
        raise InvalidInput(f"{view.number} is a {view.kind}; only a capacity plan has versions")
    with desk.database.read() as connection:
        rows = connection.execute(q.VERSIONS, {"plan": view.id}).all()
    return tuple(Frozen(row.version, row.at, row.actor, row.document, row.digest) for row in rows)


def document_of(
    desk: Desk, number: str, version: int | None = None, *, live: bool = False
) -> tuple[int | None, Mapping[str, Any]]:
    """Return a plan's document and its version: the newest frozen one, the one that is asked for, or as it stands now.

    Raises:
        NotFound: there is no such version.
    """
    frozen = versions(desk, number)
    if version is not None:
        found = next((one for one in frozen if one.version == version), None)
        if found is None:
            known = ", ".join(str(one.version) for one in frozen) or "none"
            raise NotFound(f"{number} has no version {version}; there are: {known}")
        return found.version, found.document
    if frozen and not live:
        return frozen[-1].version, frozen[-1].document
    view = desk.show(number)
    plan = {name: view.values.get(name) for name in PLAN_FIELDS} | {"number": view.number}
    with desk.database.read() as connection:
        currency = desk_settings.load(connection).currency
        return None, plan_document.build(connection, desk.moment, plan, currency)


PLAN_RULES = Rules(handlers={"freeze": _freeze})
SCENARIO_RULES = Rules(check=(_driver,))
