"""Statements about what was down when: outages, the incidents and changes that tell of it, and the dependency graph through time.

Each comes for a few nodes by their ids (`…_OF`) or for everything in a period.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BindParameter, Select, and_, bindparam, func, literal_column, or_, select

from data.queries.change import AUTHORISED, CHANGES
from data.queries.graph import EXPLICIT, MEMBER_FIRST, OWNER_FIRST
from data.queries.records import MEMBERSHIP
from data.tables.alert import alert
from data.tables.availability import availability_progress, availability_summary, outage
from data.tables.change import change
from data.tables.configuration import ci
from data.tables.core import HOLDS, journal, link, record
from data.tables.incident import incident
from data.tables.service_level import agreement, calendar_revision, target

_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_FROM = bindparam("from_at", type_=record.c.created_at.type)
_TO = bindparam("to_at", type_=record.c.created_at.type)
NODES = ("ci", "service")

_node = func.coalesce(record.c.ci_id, record.c.service_id)
OUTAGES = (
    select(
        record.c.id, record.c.number, _node.label("node_id"), record.c.state, outage.c.cause, outage.c.started_at,
        outage.c.ended_at, outage.c.incident_id, outage.c.change_id, outage.c.supplier,
    )
    .join(outage, outage.c.id == record.c.id)
    .where(
        record.c.kind == "outage",
        record.c.state != "withdrawn",
        outage.c.started_at < _TO,
        or_(outage.c.ended_at.is_(None), outage.c.ended_at >= _FROM),
    )
)  # fmt: skip
"""Every outage that touches a period."""
OUTAGES_OF = (OUTAGES.where(record.c.ci_id.in_(_IDS)), OUTAGES.where(record.c.service_id.in_(_IDS)))

REPLACED = (
    select(outage.c.incident_id, outage.c.change_id)
    .join(record, record.c.id == outage.c.id)
    .where(record.c.state != "withdrawn", or_(outage.c.incident_id.in_(_IDS), outage.c.change_id.in_(_IDS)))
)
"""Which of these incidents and changes an outage speaks for: it says when something was down, they do not."""

_INCIDENT = (record.c.id, record.c.number, _node.label("node_id"), record.c.state, record.c.occurred_at, record.c.open_since)
_TOLD = and_(
    literal_column("record.kind") == literal_column("'incident'"),
    record.c.state != "cancelled",
    or_(record.c.ci_id.is_not(None), record.c.service_id.is_not(None)),
    or_(record.c.occurred_at.is_(None), record.c.occurred_at < _TO),
    or_(record.c.done_at.is_(None), record.c.done_at >= _FROM),
)
FAILURES = select(*_INCIDENT).where(_TOLD, literal_column("record.priority") == literal_column("1"))
"""Incidents that say now that something was down in a period."""
ONCE_FAILURES = select(*_INCIDENT).where(
    _TOLD,
    record.c.id.in_(
        select(journal.c.record_id).where(
            literal_column("journal.what") == literal_column("'field'"),
            literal_column("journal.field") == literal_column("'priority'"),
            journal.c.at >= _FROM,
        )
    ),
)
"""Incidents whose priority changed since a period began: some may have said so once."""
TOLD = (
    select(journal.c.record_id, journal.c.at, journal.c.what, journal.c.field, journal.c.old, journal.c.new)
    .where(
        journal.c.record_id.in_(_IDS),
        or_(journal.c.what.in_(("created", "state")), and_(journal.c.what == "field", journal.c.field == "priority")),
    )
    .order_by(journal.c.record_id, journal.c.at, journal.c.seq)
)
"""What an incident said of itself, in order."""

CHANGED = (
    select(
        record.c.id, record.c.number, link.c.target_id.label("node_id"), record.c.state, change.c.disruption,
        change.c.window_start, change.c.window_end, change.c.actual_start, change.c.actual_end, change.c.approved_at,
        change.c.downtime_seconds,
    )
    .join(change, change.c.id == record.c.id)
    .join(link, and_(link.c.source_id == record.c.id, link.c.relation == CHANGES))
    .where(
        record.c.kind == "change",
        record.c.state.in_(AUTHORISED),
        HOLDS,
        or_(
            and_(change.c.window_start < _TO, change.c.window_end >= _FROM),
            and_(change.c.actual_start < _TO, or_(change.c.actual_end.is_(None), change.c.actual_end >= _FROM)),
        ),
    )
    .order_by(record.c.id)
)  # fmt: skip
"""Changes that somebody decided for, with a row for each CI, which may touch a period by their window or by their work."""
WINDOWS = (
    select(record.c.id, record.c.number, change.c.window_start, change.c.window_end, change.c.approved_at)
    .join(change, change.c.id == record.c.id)
    .where(record.c.id.in_(_IDS), record.c.state.in_(AUTHORISED))
)
CHANGED_OF = CHANGED.where(link.c.target_id.in_(_IDS))

_THEN = and_(link.c.valid_from < _TO, link.c.valid_until >= _FROM)
_REST = (link.c.relation, link.c.group, link.c.need, link.c.id, link.c.valid_from, link.c.valid_until)
_FORWARD = (link.c.source_id.label("owner_id"), link.c.target_id.label("member_id"), *_REST)
_BACKWARD = (link.c.target_id.label("owner_id"), link.c.source_id.label("member_id"), *_REST)
_HARD = tuple(word for word in OWNER_FIRST if word != "uses")

NEEDS: tuple[Select[Any], ...] = (
    select(*_FORWARD).where(link.c.source_id.in_(_IDS), link.c.relation.in_(_HARD), _THEN),
    select(*_BACKWARD).where(link.c.target_id.in_(_IDS), link.c.relation.in_((*MEMBER_FIRST, MEMBERSHIP)), _THEN),
)
"""What these nodes need to be up, at any time of a period. Belonging to a service counts where nothing else says so."""
NEEDED_BY: tuple[Select[Any], ...] = (
    select(*_FORWARD).where(link.c.target_id.in_(_IDS), link.c.relation.in_(_HARD), _THEN),
    select(*_BACKWARD).where(link.c.source_id.in_(_IDS), link.c.relation.in_((*MEMBER_FIRST, MEMBERSHIP)), _THEN),
)
"""Who needs these nodes, at any time of a period."""
SAID_OUTRIGHT: tuple[Select[Any], ...] = tuple(
    select(own.label("owner_id"), other.label("member_id"), link.c.valid_from, link.c.valid_until).where(
        own.in_(_IDS), link.c.relation.in_(EXPLICIT), _THEN
    )
    for own, other in ((link.c.source_id, link.c.target_id), (link.c.target_id, link.c.source_id))
)
"""Every relation that somebody made with these nodes, by which a CI no longer merely belongs to its service."""

AGREED = (
    select(
        record.c.id, record.c.number, record.c.title, record.c.service_id, record.c.customer_id, agreement.c.calendar_id,
        agreement.c.valid_from, agreement.c.valid_until, target.c.id.label("target_id"), target.c.objective,
    )
    .join(agreement, agreement.c.id == record.c.id)
    .outerjoin(target, and_(target.c.agreement_id == agreement.c.id, target.c.metric == "availability"))
    .where(record.c.kind == "agreement", record.c.state == "active", agreement.c.type == "sla")
    .order_by(agreement.c.valid_from, record.c.id)
)  # fmt: skip
"""What was agreed about the availability of services, and else what names them."""
REVISIONS_OF = (
    select(calendar_revision.c.calendar_id, calendar_revision.c.valid_from, calendar_revision.c.definition)
    .where(calendar_revision.c.calendar_id.in_(_IDS))
    .order_by(calendar_revision.c.calendar_id, calendar_revision.c.id)
)

NAMED = select(record.c.id, record.c.kind, record.c.number, record.c.title, record.c.state, record.c.created_at).where(
    record.c.id.in_(_IDS)
)
IN_USE = (
    select(record.c.id, record.c.kind, record.c.number, record.c.title, record.c.state)
    .where(record.c.kind == bindparam("kind"), record.c.state.not_in(("retired", "disposed")))
    .order_by(record.c.title_key, record.c.id)
)
"""The services, or the CIs, that are in use."""
ALERTS_ON = select(alert.c.id, alert.c.record_id).where(alert.c.record_id.in_(_IDS)).order_by(alert.c.id)
"""The alerts that tell of these incidents."""

_SUM = availability_summary
PROGRESS = select(availability_progress.c.period, availability_progress.c.summed_until, availability_progress.c.cursor)
SUMMED = (
    select(availability_progress.c.period, func.min(_SUM.c.starts_at), availability_progress.c.summed_until)
    .join(_SUM, _SUM.c.period == availability_progress.c.period)
    .group_by(availability_progress.c.period, availability_progress.c.summed_until)
)
"""From when until when summaries of each period are written."""
FIRST_OUTAGE = select(func.min(outage.c.started_at))
SUMMARIES_OF = (
    select(_SUM)
    .where(_SUM.c.node_id.in_(_IDS), _SUM.c.period == bindparam("period"), _SUM.c.starts_at < _TO, _SUM.c.ends_at > _FROM)
    .order_by(_SUM.c.node_id, _SUM.c.starts_at)
)
REOPENED = select(_SUM).where(_SUM.c.reopened_at.is_not(None)).order_by(_SUM.c.starts_at, _SUM.c.id).limit(bindparam("limit"))
"""Summaries that wait to be reckoned again, the oldest first."""
LINKS_BETWEEN = select(link.c.source_id, link.c.target_id, link.c.relation, link.c.valid_from, link.c.valid_until).where(
    link.c.relation.in_((*_HARD, *MEMBER_FIRST)),
    or_(
        and_(link.c.source_id == bindparam("one"), link.c.target_id == bindparam("other")),
        and_(link.c.source_id == bindparam("other"), link.c.target_id == bindparam("one")),
    ),
)
PLACES = select(record.c.id, record.c.kind, record.c.number, record.c.ci_id, record.c.service_id, record.c.occurred_at,
                record.c.done_at, record.c.priority).where(record.c.id.in_(_IDS))  # fmt: skip
OUTAGE_TIMES = select(outage.c.id, outage.c.started_at, outage.c.ended_at).where(outage.c.id.in_(_IDS))
CHANGE_TIMES = (
    select(change.c.id, change.c.window_start, change.c.actual_start, change.c.actual_end, link.c.target_id)
    .join(link, and_(link.c.source_id == change.c.id, link.c.relation == CHANGES))
    .where(change.c.id.in_(_IDS))
)
STEADY = (
    select(record.c.id, record.c.created_at, ci.c.in_service_at, ci.c.mtbf_seconds, ci.c.mtrs_seconds)
    .outerjoin(ci, ci.c.id == record.c.id)
    .where(record.c.id.in_(_IDS))
)
"""What the records of CIs say of how often they fail and how long that lasts, and since when there is anything of them."""
LIFE_CYCLES = (
    select(
        record.c.id, record.c.number, record.c.title, record.c.occurred_at, incident.c.detected_at, incident.c.diagnosed_at,
        incident.c.repaired_at, incident.c.recovered_at, incident.c.restored_at,
    )
    .join(incident, incident.c.id == record.c.id)
    .where(record.c.id.in_(_IDS))
    .order_by(record.c.id)
)  # fmt: skip
OUTAGE_INCIDENTS = select(outage.c.incident_id).where(outage.c.id.in_(_IDS), outage.c.incident_id.is_not(None))
OWNERS = select(record.c.id, record.c.customer_id).where(record.c.id.in_(_IDS))
"""Whose a service is, where it serves only one customer."""
