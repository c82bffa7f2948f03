"""What a service level requirement checks while it is written; how far it is met is answered by `requirement_standing`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from data.tables.core import record
from data.tables.service_level import agreement
from data.vocab import AgreementType, Metric
from deskterm.errors import InvalidInput, WorkflowRefused
from deskterm.kinds import Rules
from deskterm.service_level.review_workflow import AGREED
from deskterm.service_level.service import figure_makes_sense

if TYPE_CHECKING:
    from deskterm.records.draft import Draft
    from deskterm.records.unit import Unit

WANTED = frozenset(
    {"customer", "service", "metric", "priority", "amount_seconds", "days", "unit", "calendar", "objective", "wanted_from"}
)
"""The fields that say what is wanted."""


def _availability(unit: Unit, draft: Draft) -> None:
    """Refuse an availability that could not be measured, or that says what only a clock can count."""
    if draft.get("metric") != Metric.AVAILABILITY:
        return
    if draft.get("service") is None:
        raise InvalidInput("an availability is that of a service: name it", fields={"service": "required for availability"})
    given = [name for name in ("priority", "amount_seconds", "days") if draft.get(name) is not None]
    if given:
        wrong = dict.fromkeys(given, "empty for availability")
        raise InvalidInput(f"an availability is a share of the time: leave {' and '.join(given)} empty", fields=wrong)


def _agreed_stands(unit: Unit, draft: Draft) -> None:
    """Refuse to change what was agreed, behind the back of the agreement."""
    changed = sorted(WANTED & draft.changed.keys())
    if not draft.creating and changed and draft.state == draft.state_before == AGREED:
        wrong = dict.fromkeys(changed, f"as it is while {AGREED}")
        raise WorkflowRefused(f"{draft.number} is agreed as it is; reopen it to change {', '.join(changed)}", fields=wrong)


def _became(unit: Unit, draft: Draft) -> None:
    """Refuse an agreement that the requirement cannot have become part of."""
    key = draft.get("agreement")
    settled = draft.state == AGREED and draft.state_before != AGREED
    if key is None or not (draft.creating or settled or "agreement" in draft.changed):
        return
    unit.flush()
    wanted = select(record.c.number, record.c.state, record.c.customer_id, record.c.service_id, agreement.c.type)
    row = unit.connection.execute(wanted.join(agreement, agreement.c.id == record.c.id).where(record.c.id == key)).one()
    service = draft.get("service")
    if row.state == "retired":
        why = "is retired; name one that is in use"
    elif row.type != AgreementType.SLA:
        why = f"is no agreement with a customer but {row.type.upper()}; name an SLA"
    elif row.customer_id not in (None, draft.get("customer")):
        why = "is with another customer; name one with this customer or with everybody"
    elif service is not None and row.service_id not in (None, service):
        why = "is about another service; name one about this service or about every service"
    else:
        return
    raise InvalidInput(f"{row.number} {why}", fields={"agreement": why})


def _reopen(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    draft.reason = str(inputs["reason_given"])


RULES = Rules(
    check=(_availability, figure_makes_sense, _agreed_stands, _became),
    handlers={"reopen": _reopen},
)
