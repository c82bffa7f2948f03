"""The mapping of a FOCUS bill: whose cost each row is, by the names of services, accounts, resources and tags."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

from deskterm.errors import InvalidInput
from deskterm.exchange.mapping import Rules
from deskterm.financial.vocab import ELEMENTS
from deskterm.records import resolve, writing
from deskterm.records.unit import Unit

COLUMNS = {
    "provider": "ProviderName", "account": "BillingAccountName", "sub_account": "SubAccountName", "service_name": "ServiceName",
    "service_category": "ServiceCategory", "charge_category": "ChargeCategory", "resource": "ResourceName",
    "resource_id": "ResourceId",
}  # fmt: skip
"""What a target may be told by, and the column that says it."""


class TargetRule(Rules):
    """Whose cost the rows are that match; `*` stands for anything, letter case does not matter, the first that matches counts."""

    service: str | None = None
    ci: str | None = None
    centre: str | None = None
    provider: str | None = None
    account: str | None = None
    sub_account: str | None = None
    service_name: str | None = None
    service_category: str | None = None
    charge_category: str | None = None
    resource: str | None = None
    resource_id: str | None = None
    tags: dict[str, str] = {}


class FocusRules(Rules):
    """What a mapping of this format may hold."""

    cost: Literal["billed", "effective"] = "billed"
    currency: str | None = None
    centre: str = "Cloud"
    element: str = "external"
    whole_bills: bool = False
    to: list[TargetRule] = []

    @property
    def column(self) -> str:
        """Return the column that is the cost."""
        return "EffectiveCost" if self.cost == "effective" else "BilledCost"


@dataclass(frozen=True, slots=True)
class Target:
    """Whose cost a row is."""

    service: int | None = None
    ci: int | None = None
    centre: int | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """Return it as texts."""
        return str(self.service), str(self.ci), str(self.centre)


class Targets:
    """The targets of a mapping, looked up once."""

    def __init__(self, unit: Unit, rules: FocusRules) -> None:
        """Look them up.

        Raises:
            InvalidInput: a service or a CI is not there, a rule names none or several, or the element is unknown.
        """
        if rules.element not in ELEMENTS:
            raise InvalidInput(f"the mapping's element is one of {', '.join(ELEMENTS)}", fields={"element": "unknown"})
        self._unit = unit
        self._rules = [(rule, self._target(place, rule)) for place, rule in enumerate(rules.to)]
        self._centre = rules.centre
        self._rest: Target | None = None

    def _target(self, place: int, rule: TargetRule) -> Target:
        named = [name for name in ("service", "ci", "centre") if getattr(rule, name)]
        if len(named) != 1:
            said = "names one of service, ci and centre"
            raise InvalidInput(f"the mapping's to.{place} {said}", fields={f"to.{place}": said})
        name = named[0]
        given = str(getattr(rule, name))
        if name == "centre":
            return Target(centre=self._made(given))
        try:
            key = resolve.one_of(self._unit.connection, given, (name,))
        except ValueError as problem:
            raise InvalidInput(
                f"the mapping's to.{place}.{name}: {problem}", fields={f"to.{place}.{name}": str(problem)}
            ) from None
        return Target(service=key) if name == "service" else Target(ci=key)

    def _made(self, name: str) -> int:
        """Return a cost centre, made where there is none of that name."""
        try:
            return resolve.one_of(self._unit.connection, name, ("cost-centre",))
        except resolve.NotNamed:
            return writing.create(self._unit, self._unit.registry.kind("cost-centre"), {"name": name}).id

    def of(self, values: Mapping[str, str], tags: Mapping[str, str]) -> Target:
        """Return whose cost a row is: the first rule that matches, else the cost centre of everything else."""
        for rule, target in self._rules:
            if _matches(rule, values, tags):
                return target
        if self._rest is None:
            self._rest = Target(centre=self._made(self._centre))
        return self._rest


def _matches(rule: TargetRule, values: Mapping[str, str], tags: Mapping[str, str]) -> bool:
    for name, column in COLUMNS.items():
        pattern = getattr(rule, name)
        if pattern is not None and not _like(values.get(column, ""), pattern):
            return False
    return all(name in tags and _like(tags[name], pattern) for name, pattern in rule.tags.items())


def _like(text: str, pattern: str) -> bool:
    return fnmatchcase(text.casefold(), pattern.casefold())
