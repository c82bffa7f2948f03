"""Statements of service reviews and of the improvement programme: what was judged, what is promised, what is still to be done."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, insert, or_, select

from data.tables.core import record
from data.tables.service_level import agreement, clock, target
from data.tables.service_review import improvement, review_seal, service_review

_id: BindParameter[int] = bindparam("id")

SEAL = insert(review_seal)
SEAL_OF = select(review_seal.c.content, review_seal.c.digest, review_seal.c.at).where(review_seal.c.review_id == _id)
SEALS = (
    select(record.c.number, review_seal.c.content, review_seal.c.digest, service_review.c.digest.label("told"))
    .join(service_review, service_review.c.id == review_seal.c.review_id)
    .join(record, record.c.id == service_review.c.id)
    .order_by(review_seal.c.id)
)
UNSEALED = (
    select(record.c.number)
    .join(service_review, service_review.c.id == record.c.id)
    .outerjoin(review_seal, review_seal.c.review_id == record.c.id)
    .where(record.c.state == "published", review_seal.c.id.is_(None))
)
"""Published reviews whose content is missing."""

PROMISES = (
    select(
        target.c.id, target.c.metric, target.c.priorities, target.c.kinds, target.c.amount_seconds, target.c.days, target.c.unit,
        target.c.objective, record.c.number, record.c.title, record.c.state, agreement.c.id.label("agreement_id"),
    )
    .join(record, record.c.id == target.c.id)
    .join(agreement, agreement.c.id == target.c.agreement_id)
    .order_by(target.c.agreement_id, target.c.metric, target.c.id)
)  # fmt: skip
AGREEMENTS = (
    select(
        record.c.id, record.c.number, record.c.title, record.c.state, record.c.service_id, record.c.customer_id,
        record.c.team_id, agreement.c.type, agreement.c.supplier, agreement.c.calendar_id, agreement.c.valid_from,
        agreement.c.valid_until, agreement.c.review_at,
    )
    .join(agreement, agreement.c.id == record.c.id)
    .order_by(record.c.title_key, record.c.id)
)  # fmt: skip

BROKEN = (
    select(
        clock.c.id, clock.c.metric, clock.c.cycle, clock.c.due_at, clock.c.breached_at, clock.c.met_at, clock.c.target_id,
        record.c.number, record.c.title, record.c.priority, record.c.kind,
    )
    .join(record, record.c.id == clock.c.record_id)
    .where(clock.c.id.in_(bindparam("ids", expanding=True)))
)  # fmt: skip
"""Clocks that were late, with their records."""

ACTIONS = (
    select(
        record.c.id, record.c.number, record.c.title, record.c.state, record.c.assignee_id, improvement.c.finish_by,
        improvement.c.review_id, improvement.c.agreement_id, record.c.service_id, record.c.customer_id,
    )
    .join(improvement, improvement.c.id == record.c.id)
    .where(record.c.open_since.is_not(None))
    .order_by(improvement.c.finish_by.is_(None), improvement.c.finish_by, record.c.id)
)  # fmt: skip
"""What the improvement programme has still to do, the most urgent first."""


def subjects(service: int | None, customer: int | None, priority: int | None = None) -> Select[Any]:
    """Return the records that a review or a requirement is about: of a service, a customer, a priority, where one is said."""
    found = select(record.c.id)
    if service is not None:
        found = found.where(record.c.service_id == service)
    if priority is not None:
        found = found.where(record.c.priority == priority)
    return found if customer is None else found.where(record.c.customer_id == customer)


def open_actions(service: int | None, customer: int | None, agreement_id: int | None, review_id: int | None) -> Select[Any]:
    """Return what is still to be done and bears on a review: its review, agreement, service or customer."""
    ties: list[ColumnElement[bool]] = []
    if service is customer is agreement_id is None:
        return ACTIONS
    if review_id is not None:
        ties.append(improvement.c.review_id == review_id)
    if agreement_id is not None:
        ties.append(improvement.c.agreement_id == agreement_id)
    if service is not None:
        ties.append(record.c.service_id == service)
    if customer is not None:
        ties.append(record.c.customer_id == customer)
    return ACTIONS.where(or_(*ties))
