"""Statements of financial management, built once: what was spent, who served whom, what decides shares, what was charged."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BindParameter, and_, bindparam, case, delete, func, insert, or_, select

from data.base import NEVER
from data.queries.records import MEMBERSHIP
from data.tables.availability import outage
from data.tables.change import work_order
from data.tables.configuration import ci, service
from data.tables.core import link, record
from data.tables.finance import (
    allocation_revision,
    budget,
    business_case,
    charge_line,
    charge_run,
    cost,
    cost_line,
    credit_note,
    exchange_rate,
    labour_rate,
    price,
)
from data.tables.incident import incident
from data.tables.people import agent
from data.tables.problem import problem
from data.tables.service_desk import interaction

_ids: BindParameter[Any] = bindparam("ids", expanding=True)
_start: BindParameter[int] = bindparam("start")
_end: BindParameter[int] = bindparam("end")

MEMBER_OF = "member-of"
ENDLESS = NEVER
SERVES = ("depends-on", "runs-on", "uses")
"""`A depends-on B`: A is served by B."""

_IN_PERIOD = and_(
    cost.c.on_at < _end,
    or_(cost.c.on_at >= _start, cost.c.until_at > _start),
)
COSTS = (
    select(
        record.c.id, record.c.number, record.c.title, record.c.service_id, record.c.ci_id, cost.c.centre_id, cost.c.about_id,
        cost.c.element, cost.c.nature, cost.c.directness, cost.c.behaviour, cost.c.amount, cost.c.exact, cost.c.currency,
        cost.c.on_at, cost.c.until_at,
    )
    .join(cost, cost.c.id == record.c.id)
    .where(record.c.state != "retired", _IN_PERIOD)
    .order_by(cost.c.on_at, record.c.id)
)  # fmt: skip
"""Costs that fall into a period, whole or in part; one that is retired was recorded by mistake."""
COSTS_OF = (
    select(record.c.id, record.c.number, record.c.title, record.c.ci_id, cost.c.element, cost.c.amount, cost.c.exact)
    .add_columns(cost.c.currency, cost.c.on_at, cost.c.about_id, cost.c.nature)
    .join(cost, cost.c.id == record.c.id)
    .where(record.c.state != "retired")
    .order_by(cost.c.on_at, record.c.id)
)
PARTS_OF = COSTS_OF.where(cost.c.about_id.in_(_ids))
COSTS_ON_CI = COSTS_OF.where(record.c.ci_id.in_(_ids), record.c.kind == "cost")

ASSETS = (
    select(
        record.c.id, record.c.number, record.c.title, record.c.state, record.c.service_id, ci.c.cost, ci.c.currency,
        ci.c.depreciation, ci.c.depreciation_rate, ci.c.life_years, ci.c.salvage, ci.c.in_service_at, ci.c.purchased_at,
        ci.c.disposed_at, ci.c.proceeds, ci.c.type, ci.c.cost_element,
    )
    .join(ci, ci.c.id == record.c.id)
    .where(ci.c.cost.is_not(None), ci.c.life_years.is_not(None))
    .where(func.coalesce(ci.c.in_service_at, ci.c.purchased_at).is_not(None))
    .order_by(record.c.id)
)  # fmt: skip
"""CIs that are written off: they have a cost, a life and a day on which that began."""

RATES = (
    select(exchange_rate.c.currency, exchange_rate.c.into, exchange_rate.c.rate, exchange_rate.c.valid_from)
    .join(record, record.c.id == exchange_rate.c.id)
    .where(record.c.state != "retired")
)
SAME_RATE = (
    select(record.c.number)
    .join(exchange_rate, exchange_rate.c.id == record.c.id)
    .where(record.c.state != "retired", record.c.id != bindparam("own"))
    .where(exchange_rate.c.currency == bindparam("currency"), exchange_rate.c.into == bindparam("into"))
    .where(exchange_rate.c.valid_from == bindparam("valid_from"))
    .limit(1)
)

REVISIONS = select(allocation_revision).order_by(allocation_revision.c.rule_id, allocation_revision.c.id)
ADD_REVISION = insert(allocation_revision)
NUMBERED_TARGETS = select(record.c.id, record.c.number, record.c.title, record.c.kind, record.c.state).where(
    record.c.kind.in_(("service", "cost-centre"))
)
NAMED = select(record.c.id, record.c.number, record.c.title, record.c.kind).where(record.c.id.in_(_ids))

SERVING = (
    select(
        case((link.c.relation.in_(SERVES), link.c.target_id), else_=link.c.source_id).label("member_id"),
        case((link.c.relation.in_(SERVES), link.c.source_id), else_=link.c.target_id).label("owner_id"),
        link.c.valid_from, link.c.valid_until, link.c.relation,
    )
    .where(link.c.relation.in_((*SERVES, "part-of", MEMBERSHIP)))
    .where(link.c.valid_until > _start)
)  # fmt: skip
"""Who is served by whom, from the beginning of a period on: a member serves its owner."""
SERVICES = (
    select(record.c.id, record.c.number, record.c.title, record.c.customer_id, record.c.state)
    .where(record.c.kind == "service")
    .order_by(record.c.title_key)
)

_BEGAN = func.coalesce(record.c.occurred_at, record.c.created_at)


def _counted(kind: str) -> Any:
    return (
        select(record.c.service_id.label("subject"), func.count().label("units"))
        .where(record.c.kind == kind, record.c.service_id.is_not(None), record.c.state.not_in(("cancelled", "void")))
        .where(_start <= _BEGAN, _end > _BEGAN)
        .group_by(record.c.service_id)
    )


DRIVERS = {
    "incidents": _counted("incident"),
    "requests": _counted("request"),
    "contacts": _counted("interaction"),
    "cis": select(link.c.target_id.label("subject"), func.count(func.distinct(link.c.source_id)).label("units"))
    .join(record, record.c.id == link.c.source_id)
    .where(link.c.relation == MEMBERSHIP, link.c.valid_from < _end, link.c.valid_until > _start, record.c.kind == "ci")
    .group_by(link.c.target_id),
}
"""By driver: how many each service had in a stretch of time."""


def _by_customer(kind: str) -> Any:
    return (
        select(record.c.customer_id, record.c.service_id, func.count().label("units"))
        .where(record.c.kind == kind, record.c.customer_id.is_not(None), record.c.service_id.is_not(None))
        .where(record.c.state.not_in(("cancelled", "void")), _start <= _BEGAN, _end > _BEGAN)
        .group_by(record.c.customer_id, record.c.service_id)
    )


USED_BY = {"incidents": _by_customer("incident"), "requests": _by_customer("request"), "contacts": _by_customer("interaction")}
"""By basis: how many each customer had of each service."""
PEOPLE_OF = (
    select(record.c.customer_id, func.count().label("units"))
    .where(record.c.kind == "person", record.c.customer_id.is_not(None), record.c.state != "retired")
    .group_by(record.c.customer_id)
)
CUSTOMERS = (
    select(record.c.id, record.c.number, record.c.title).where(record.c.kind == "organisation").order_by(record.c.title_key)
)

BUDGETS = (
    select(
        record.c.id, record.c.number, record.c.title, record.c.service_id, budget.c.centre_id, budget.c.element,
        budget.c.amount, budget.c.currency, budget.c.starts_at, budget.c.ends_at,
    )
    .join(budget, budget.c.id == record.c.id)
    .where(record.c.state != "retired", budget.c.starts_at < _end, budget.c.ends_at > _start)
    .order_by(budget.c.ends_at, record.c.id)
)  # fmt: skip

LINE_KEYS = (
    select(cost_line.c.key, cost_line.c.cost_id, record.c.state)
    .join(record, record.c.id == cost_line.c.cost_id)
    .where(cost_line.c.key.in_(bindparam("keys", expanding=True)))
)
ADD_LINES = insert(cost_line)
LINES_OF = select(cost_line).where(cost_line.c.cost_id == bindparam("cost")).order_by(cost_line.c.line, cost_line.c.id)
BY_KEY = (
    select(record.c.id, cost.c.external_key)
    .join(record, record.c.id == cost.c.id)
    .where(cost.c.external_key.in_(bindparam("keys", expanding=True)), record.c.state != "retired")
)

LABOUR = (
    select(labour_rate.c.agent_id, labour_rate.c.role, labour_rate.c.amount, labour_rate.c.currency, labour_rate.c.valid_from)
    .add_columns(record.c.team_id, record.c.number)
    .join(record, record.c.id == labour_rate.c.id)
    .where(record.c.state != "retired")
)

PRICES = (
    select(
        record.c.id, record.c.number, record.c.version, record.c.service_id, record.c.customer_id, price.c.method,
        price.c.markup, price.c.amount, price.c.currency, price.c.basis, price.c.shares, price.c.valid_from, price.c.valid_until,
    )
    .join(price, price.c.id == record.c.id)
    .where(record.c.state != "retired")
)  # fmt: skip
ADD_CHARGES = insert(charge_line)
CHARGES = select(charge_line).where(charge_line.c.run_id == bindparam("run")).order_by(charge_line.c.position)
CREDITS = (
    select(record.c.number, record.c.customer_id, credit_note.c.amount, credit_note.c.currency, credit_note.c.reason)
    .add_columns(credit_note.c.issued_at, credit_note.c.issued_by)
    .join(credit_note, credit_note.c.id == record.c.id)
    .where(credit_note.c.run_id == bindparam("run"))
    .order_by(record.c.id)
)
ISSUED_OVER = (
    select(record.c.number)
    .join(charge_run, charge_run.c.id == record.c.id)
    .where(record.c.state == "issued", charge_run.c.starts_at < _end, charge_run.c.ends_at > _start)
    .where(record.c.id != bindparam("own"), charge_run.c.notional == bindparam("notional"))
    .limit(1)
)

PEOPLE = select(record.c.id, record.c.title, agent.c.roles).join(agent, agent.c.id == record.c.id).where(record.c.kind == "agent")
TEAMS_OF = select(link.c.source_id, link.c.target_id, link.c.valid_from, link.c.valid_until).where(link.c.relation == MEMBER_OF)
"""Who belonged to which team, from when to when."""
TAKEN_BY = (
    select(interaction.c.about_id, record.c.assignee_id, interaction.c.handle_seconds, _BEGAN.label("at"), record.c.number)
    .join(record, record.c.id == interaction.c.id)
    .where(interaction.c.about_id.in_(_ids), interaction.c.handle_seconds > 0, record.c.state != "void")
    .order_by(record.c.id)
)
"""Contacts about records: who took them, and how long that was."""
WORK_ORDERS = (
    select(record.c.id, record.c.number, record.c.assignee_id, record.c.team_id, work_order.c.actual_start)
    .add_columns(work_order.c.actual_end, work_order.c.change_id)
    .join(work_order, work_order.c.id == record.c.id)
    .where(or_(work_order.c.change_id.in_(_ids), record.c.id.in_(_ids)), work_order.c.actual_start.is_not(None))
    .order_by(record.c.id)
)
DOWN_BY = (
    select(outage.c.incident_id, func.coalesce(record.c.ci_id, record.c.service_id).label("node_id"))
    .add_columns(outage.c.started_at, outage.c.ended_at, record.c.number, record.c.state)
    .join(record, record.c.id == outage.c.id)
    .where(outage.c.incident_id.in_(_ids), record.c.state != "withdrawn")
    .order_by(record.c.id)
)
"""Outages that incidents tell of."""
LASTED = (
    select(record.c.id, record.c.number, record.c.title, record.c.priority, record.c.open_since, record.c.done_at)
    .add_columns(_BEGAN.label("began_at"), func.coalesce(record.c.ci_id, record.c.service_id).label("node_id"), record.c.team_id)
    .add_columns(incident.c.resolved_at, record.c.state)
    .join(incident, incident.c.id == record.c.id)
    .where(record.c.id.in_(_ids))
    .order_by(record.c.id)
)
DOWNTIME_RATES = (
    select(record.c.id, record.c.number, record.c.title, service.c.downtime_cost_per_hour)
    .join(service, service.c.id == record.c.id)
    .where(service.c.downtime_cost_per_hour.is_not(None), record.c.id.in_(_ids))
)
TEAM_OF = select(record.c.id, record.c.team_id).where(record.c.id.in_(_ids))
INCIDENTS_OF = select(incident.c.id).where(incident.c.problem_id.in_(_ids)).order_by(incident.c.id)
CHANGE_OF = select(problem.c.change_id).where(problem.c.id.in_(_ids), problem.c.change_id.is_not(None))
ABOUT_CI = select(record.c.id).where(
    record.c.ci_id.in_(_ids), record.c.kind.in_(("incident", "request", "problem", "work-order"))
)
CASES_OF = (
    select(record.c.number, record.c.title, business_case.c.objective, business_case.c.npv)
    .join(business_case, business_case.c.id == record.c.id)
    .where(business_case.c.about_id.in_(_ids), business_case.c.objective.is_not(None), record.c.state != "retired")
    .order_by(record.c.id)
)
CASES = (
    select(record.c.number, record.c.title, record.c.state, business_case)
    .join(business_case, business_case.c.id == record.c.id)
    .where(record.c.state != "retired")
    .order_by(record.c.updated_at.desc(), record.c.id.desc())
    .limit(bindparam("limit"))
)
ANY_COST = select(cost.c.id).limit(1)
LINES_OF_BILL = (
    select(cost_line.c.key, cost_line.c.cost_id)
    .join(cost, cost.c.id == cost_line.c.cost_id)
    .where(cost.c.external_key.like(bindparam("prefix")))
)
DROP_KEYS = delete(cost_line).where(cost_line.c.key.in_(bindparam("keys", expanding=True)))
