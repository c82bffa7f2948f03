"""Statements about alerts, built once."""

from __future__ import annotations

from sqlalchemy import bindparam, func, insert, select, text

from data.tables.alert import alert, alert_event, alert_rule
from data.tables.configuration import ci, service
from data.tables.core import journal, record

HOLD = {"postgresql": text("LOCK TABLE alert IN SHARE ROW EXCLUSIVE MODE")}
"""Intake decides by what it finds, so two must not look at once; reading goes on meanwhile. SQLite has one writer anyway."""

BY_FINGERPRINTS = (
    select(alert)
    .where(alert.c.source == bindparam("source"), alert.c.fingerprint.in_(bindparam("fingerprints", expanding=True)))
    .order_by(alert.c.id)
)
ON_RECORD = select(alert).where(alert.c.record_id == bindparam("record_id")).order_by(alert.c.id)
OF_GROUP = select(func.max(alert.c.record_id)).where(
    alert.c.source == bindparam("source"), alert.c.group_key == bindparam("group_key")
)
"""The newest record that a group of alerts was about."""
EVENTS = (
    select(alert_event.c.alert_id, alert_event.c.what, alert_event.c.at, alert_event.c.ends_at)
    .where(alert_event.c.alert_id.in_(bindparam("ids", expanding=True)))
    .order_by(alert_event.c.alert_id, alert_event.c.at, alert_event.c.id)
)
INSERT_EVENT = insert(alert_event)

RULES = (
    select(alert_rule, record.c.title, record.c.team_id, record.c.service_id)
    .join(record, record.c.id == alert_rule.c.id)
    .where(record.c.state == "active")
    .order_by(alert_rule.c.position, alert_rule.c.id)
)

_GONE = ("retired", "disposed")
CI_BY_NAME = (
    select(record.c.id, record.c.number)
    .where(record.c.kind == "ci", record.c.title_key == bindparam("title_key"), record.c.state.not_in(_GONE))
    .order_by(record.c.id)
    .limit(3)
)
_KNOWN_AS = tuple(ci.c.attributes[name].as_string() for name in ("fqdn", "hostname", "ip", "address"))
CI_MARKS = (
    select(record.c.id, record.c.number, ci.c.serial, *(mark.label(f"mark_{i}") for i, mark in enumerate(_KNOWN_AS)))
    .join(record, record.c.id == ci.c.id)
    .where(record.c.state.not_in(_GONE))
    .order_by(record.c.id)
)
"""By what else than its name each configuration item may be known."""
BY_NAME = (
    select(record.c.id)
    .where(record.c.kind == bindparam("kind"), record.c.title_key == bindparam("title_key"), record.c.state == "active")
    .order_by(record.c.id)
    .limit(2)
)
CI_PLACE = select(record.c.service_id, ci.c.owner_id).join(ci, ci.c.id == record.c.id).where(record.c.id == bindparam("id"))
SERVICE_OWNER = select(service.c.owner_id).where(service.c.id == bindparam("id"))
KIND_OF = select(record.c.kind, record.c.state).where(record.c.id == bindparam("id"))

BY_PEOPLE = (
    select(journal.c.actor)
    .where(
        journal.c.record_id == bindparam("id"),
        journal.c.actor.not_in(bindparam("machines", expanding=True)),
        journal.c.what.not_in(("clock", "refused")),
    )
    .order_by(journal.c.seq)
    .limit(1)
)
"""The first one who did something to a record and is no machine."""
LAST_MOVE = select(func.max(journal.c.at)).where(journal.c.record_id == bindparam("id"), journal.c.what.in_(("created", "state")))
AFTER = select(alert).where(alert.c.id > bindparam("after", 0)).order_by(alert.c.id).limit(bindparam("limit"))
LISTED = (
    select(alert)
    .where(alert.c.record_id.in_(bindparam("ids", expanding=True)))
    .order_by(alert.c.status, alert.c.last_seen_at.desc(), alert.c.id)
    .limit(bindparam("limit"))
)
"""`firing` sorts before `resolved`."""
COUNTED = (
    select(alert.c.status, func.count()).where(alert.c.record_id.in_(bindparam("ids", expanding=True))).group_by(alert.c.status)
)
