"""Statements about clocks, built once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, bindparam, insert, select, tuple_, update

from data.tables.core import journal, record
from data.tables.service_level import agreement, calendar_revision, clock, clock_event, policy, target

OF_RECORDS = select(clock).where(clock.c.record_id.in_(bindparam("ids", expanding=True))).order_by(clock.c.record_id, clock.c.id)
DUE = (
    select(clock.c.id, clock.c.record_id, clock.c.next_at)
    .where(
        clock.c.next_at.is_not(None),
        clock.c.next_at <= bindparam("now"),
        tuple_(clock.c.next_at, clock.c.id) > tuple_(bindparam("next_at", -1), bindparam("clock_id", 0)),
    )
    .order_by(clock.c.next_at, clock.c.id)
    .limit(bindparam("limit"))
)
"""Clocks with a threshold to fire, in order of when, after the one that the last page ended with."""
INSERT = insert(clock)
UPDATE = update(clock).where(clock.c.id == bindparam("clock_id"))
POLICY_BY_DIGEST = select(policy.c.id).where(policy.c.digest == bindparam("digest"))
POLICIES = select(policy.c.id, policy.c.definition).where(policy.c.id.in_(bindparam("ids", expanding=True)))
INSERT_POLICY = insert(policy)
EVENTS = select(
    clock_event.c.clock_id, clock_event.c.cycle, clock_event.c.policy_id, clock_event.c.threshold, clock_event.c.at
).where(clock_event.c.clock_id.in_(bindparam("ids", expanding=True)))
INSERT_EVENT = insert(clock_event)

AGREEMENTS = (
    select(
        record.c.id, record.c.title, record.c.service_id, record.c.customer_id, record.c.team_id, agreement.c.type,
        agreement.c.calendar_id, agreement.c.supplier, agreement.c.valid_from, agreement.c.valid_until, agreement.c.on_reopen,
    )
    .join(agreement, agreement.c.id == record.c.id)
    .where(record.c.kind == "agreement", record.c.state == "active")
    .order_by(record.c.id)
)  # fmt: skip
TARGETS = (
    select(target, record.c.title)
    .join(record, record.c.id == target.c.id)
    .where(record.c.kind == "target", record.c.state == "active", target.c.metric != "availability")
    .order_by(target.c.id)
)
REVISIONS = select(calendar_revision.c.calendar_id, calendar_revision.c.valid_from, calendar_revision.c.definition).order_by(
    calendar_revision.c.calendar_id, calendar_revision.c.id
)
REVISIONS_OF = (
    select(calendar_revision.c.valid_from, calendar_revision.c.definition)
    .where(calendar_revision.c.calendar_id == bindparam("calendar"))
    .order_by(calendar_revision.c.id)
)
FACTS = (
    select(
        journal.c.record_id, journal.c.at, journal.c.actor, journal.c.what, journal.c.field, journal.c.old, journal.c.new,
        journal.c.text, journal.c.public,
    )
    .where(
        journal.c.record_id.in_(bindparam("ids", expanding=True)),
        journal.c.what.in_(("created", "state", "reply"))
        | ((journal.c.what == "field") & (journal.c.field.in_(("team", "pending_reason")))),
    )
    .order_by(journal.c.record_id, journal.c.at, journal.c.seq)
)  # fmt: skip

COVERAGE = (
    select(record.c.service_id, record.c.customer_id, agreement.c.type, agreement.c.valid_from)
    .join(agreement, agreement.c.id == record.c.id)
    .where(record.c.id == bindparam("agreement"))
)
_RUNS = select(clock.c.record_id).where(clock.c.met_at.is_(None), clock.c.cancelled_at.is_(None)).distinct()


def judged_by_agreements(ids: Sequence[int]) -> Select[Any]:
    """Return the statement that finds the records with a clock that is not over under some agreements."""
    return _RUNS.where(clock.c.agreement_id.in_(ids))


def judged_by_target(key: int) -> Select[Any]:
    """Return the statement that finds the records with a clock that is not over under a target."""
    return _RUNS.where(clock.c.target_id == key)


def coverable(kinds: Sequence[str], terms: Any) -> Select[Any]:
    """Return the statement that finds open work that an agreement with these terms could judge, by what queues know of it."""
    found = select(record.c.id).where(record.c.open_since.is_not(None), record.c.kind.in_(kinds))
    found = found.where((record.c.created_at >= terms.valid_from) | (record.c.occurred_at >= terms.valid_from))
    if terms.service_id is not None:
        found = found.where(record.c.service_id == terms.service_id)
    if terms.customer_id is not None and terms.type != "ola":
        found = found.where(record.c.customer_id == terms.customer_id)
    return found
