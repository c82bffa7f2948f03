"""Statements over the spine, links and journal, built once."""

from __future__ import annotations

from sqlalchemy import bindparam, insert, literal_column, or_, select, text, update

from data.base import NEVER
from data.tables.core import HOLDS, journal, link, record

BY_NUMBER = select(record.c.id, record.c.kind, record.c.number, record.c.title, record.c.state).where(
    record.c.number == bindparam("number")
)
BY_TITLE = (
    select(record.c.id, record.c.kind, record.c.number, record.c.title, record.c.state)
    .where(record.c.kind.in_(bindparam("kinds", expanding=True)), record.c.title_key == bindparam("title_key"))
    .order_by(record.c.id)
    .limit(3)
)
BY_TITLE_OF_KIND = (
    select(record.c.id, record.c.number)
    .where(record.c.kind == bindparam("kind"), record.c.title_key == bindparam("title_key"))
    .order_by(record.c.id)
    .limit(literal_column("3"))
)
"""The same of one kind: what most names in a query are of, and cheaper to send than a list of one."""
NAMES = select(record.c.id, record.c.number, record.c.title).where(record.c.id.in_(bindparam("ids", expanding=True)))
SPINE = select(record).where(record.c.id.in_(bindparam("ids", expanding=True)))
LOCKED = SPINE.with_for_update()
LOCK = select(record.c.id).where(record.c.id.in_(bindparam("ids", expanding=True))).order_by(record.c.id).with_for_update()
NUMBERED = select(record.c.id, record.c.number).where(record.c.number.in_(bindparam("numbers", expanding=True)))
KIND = select(record.c.kind).where(record.c.id == bindparam("id"))
INSERT = insert(record)
NEXT_NUMBER = text(
    "INSERT INTO counter (prefix, value) VALUES (:prefix, 1) "
    "ON CONFLICT (prefix) DO UPDATE SET value = counter.value + 1 RETURNING value"
)
RAISE_NUMBER = text(
    "INSERT INTO counter (prefix, value) VALUES (:prefix, :value) "
    "ON CONFLICT (prefix) DO UPDATE SET value = excluded.value WHERE counter.value < excluded.value"
)
MEMBERSHIP = "belongs-to"
"""The relation that dates which service a CI belongs to: its field says the same, so it is not shown beside it."""
LINKS_OF = (
    select(link)
    .where(
        or_(link.c.source_id == bindparam("id"), link.c.target_id == bindparam("id")),
        link.c.valid_until > bindparam("at"),
        link.c.relation != MEMBERSHIP,
    )
    .order_by(link.c.id)
)
LINKED = select(link.c.id, link.c.source_id, link.c.target_id).where(link.c.relation == bindparam("relation"), HOLDS)
LINKED_FROM = LINKED.where(link.c.source_id == bindparam("id"))
LINKED_TO = LINKED.where(link.c.target_id == bindparam("id"))
LINKED_FROM_ANY = LINKED.where(link.c.source_id.in_(bindparam("ids", expanding=True)))
LINKED_TO_ANY = LINKED.where(link.c.target_id.in_(bindparam("ids", expanding=True)))
LINK = insert(link)
UNLINK = update(link).where(link.c.id == bindparam("link_id")).values(valid_until=bindparam("until"))
LINK_EXISTS = select(link.c.id).where(
    link.c.source_id == bindparam("source_id"),
    link.c.relation == bindparam("relation"),
    link.c.target_id == bindparam("target_id"),
    HOLDS,
)
LINK_LASTS = select(link.c.id).where(
    link.c.source_id == bindparam("source_id"),
    link.c.relation == bindparam("relation"),
    link.c.target_id == bindparam("target_id"),
    link.c.valid_from <= bindparam("valid_from"),
    link.c.valid_until == bindparam("valid_until"),
)
"""The same link, bounded: it was there by then and ends at that very instant."""
LINK_ENDED = (
    select(link.c.id)
    .where(
        link.c.source_id == bindparam("source_id"),
        link.c.relation == bindparam("relation"),
        link.c.target_id == bindparam("target_id"),
        link.c.valid_until < NEVER,
    )
    .order_by(link.c.valid_until.desc(), link.c.id.desc())
    .limit(1)
)
JOURNAL_BEFORE = (
    select(journal)
    .where(journal.c.record_id == bindparam("id"), journal.c.seq < bindparam("before"))
    .order_by(journal.c.seq.desc())
    .limit(bindparam("limit"))
)
PUBLIC_JOURNAL_BEFORE = JOURNAL_BEFORE.where(journal.c.public)
"""The same as requesters read it."""
CHANGED_SINCE = (
    select(journal.c.field, journal.c.old, journal.c.new, journal.c.actor, journal.c.version)
    .where(
        journal.c.record_id == bindparam("id"),
        journal.c.version > bindparam("version"),
        journal.c.what.in_(("field", "state")),
    )
    .order_by(journal.c.seq)
)
OPERATION_ENTRIES = select(journal).where(journal.c.operation == bindparam("operation")).order_by(journal.c.seq)
