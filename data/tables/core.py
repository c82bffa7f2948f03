"""What every record of every kind shares: the spine, the journal, links, and the desk's own housekeeping."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    literal_column,
    text,
)

from data.base import NEVER, Document, identity, instant, metadata, reference

record = Table(
    "record",
    metadata,
    identity(),
    Column("kind", String(40), nullable=False),
    Column("number", String(40), nullable=False, unique=True),
    Column("title", Text, nullable=False),
    Column("title_key", Text, nullable=False),
    Column("state", String(40), nullable=False),
    Column("version", Integer, nullable=False),
    instant("created_at", nullable=False),
    instant("updated_at", nullable=False),
    instant("open_since"),
    instant("done_at"),
    Column("priority", SmallInteger),
    reference("team_id"),
    reference("assignee_id"),
    reference("requester_id"),
    reference("customer_id"),
    reference("service_id"),
    reference("ci_id"),
    instant("occurred_at"),
    instant("due_at", nullable=False, server_default=text(str(NEVER))),
    Column("clock_state", String(12)),
    instant("snoozed_until"),
    sqlite_autoincrement=True,
)
"""One row per record of any kind; a kind's further fields live in its own table under the same id.

`open_since` is set exactly while the record is open work, so `open_since IS NOT NULL` is the predicate of every queue and of
the partial indexes (`data.tables.partial_indexes`). `title_key` is the title without case and accents, by
which names are looked up. `due_at` is the earliest due instant of its running clocks, `NEVER` where none runs.
"""

Index("ix_record_kind_title", record.c.kind, record.c.title_key)
Index("ix_record_kind_updated", record.c.kind, record.c.updated_at, record.c.id)
Index("ix_record_kind_state_done", record.c.kind, record.c.state, record.c.done_at)
Index("ix_record_requester", record.c.requester_id, record.c.id)
Index("ix_record_service", record.c.service_id, record.c.id)
Index("ix_record_ci", record.c.ci_id, record.c.id)

journal = Table(
    "journal",
    metadata,
    identity("seq"),
    reference("record_id", nullable=False),
    Column("version", Integer, nullable=False),
    instant("at", nullable=False),
    instant("recorded_at", nullable=False),
    Column("actor", String(80), nullable=False),
    Column("operation", String(36), nullable=False),
    Column("what", String(16), nullable=False),
    Column("field", String(60)),
    Column("old", Document),
    Column("new", Document),
    Column("text", Text),
    Column("public", Boolean, nullable=False, server_default=text("false")),
    Column("tx", BigInteger),
    sqlite_autoincrement=True,
)
"""Who did what to which record, when it happened and when it was recorded. Appended to, never edited: triggers refuse it.

It is the change feed as well: `seq` orders it on SQLite, `tx` (the writing transaction) makes it gapless on PostgreSQL.
"""
Index("ix_journal_record", journal.c.record_id, journal.c.seq)
Index("ix_journal_operation", journal.c.operation)
Index("ix_journal_tx", journal.c.tx)

link = Table(
    "link",
    metadata,
    identity(),
    reference("source_id", nullable=False),
    Column("relation", String(40), nullable=False),
    reference("target_id", nullable=False),
    instant("valid_from", nullable=False),
    instant("valid_until", nullable=False, server_default=text(str(NEVER))),
    Column("group", String(80)),
    Column("need", Integer),
    sqlite_autoincrement=True,
)
"""Typed, effective-dated connections between records: memberships, parents, CI relations alike."""
HOLDS = link.c.valid_until == literal_column(str(NEVER))
"""The condition that a link still holds, spelt as the predicate of `uq_link_current`: with a bound value neither database can
count on that index, and SQLite 3.53 refuses `OR` between both ends ("internal query planner error")."""
Index("ix_link_source", link.c.source_id, link.c.relation)
Index("ix_link_target", link.c.target_id, link.c.relation)

operation = Table(
    "operation",
    metadata,
    identity("seq"),
    Column("id", String(36), nullable=False, unique=True),
    Column("actor", String(80), nullable=False),
    instant("at", nullable=False),
    Column("what", String(60), nullable=False),
    Column("records", Integer, nullable=False),
    Column("undone_by", String(36)),
    sqlite_autoincrement=True,
)
"""One row per committed unit of work: what `u` undoes, and what tells a lost answer from a lost write."""
Index("ix_operation_actor", operation.c.actor, operation.c.seq)

counter = Table(
    "counter",
    metadata,
    Column("prefix", String(12), primary_key=True),
    Column("value", Integer, nullable=False),
)
"""The last number given out under each prefix."""

setting = Table(
    "setting",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("value", Document, nullable=False),
    Column("version", Integer, nullable=False),
)
"""Policy of the whole desk that is no record: the priority matrix, the auto-close delay."""

lease = Table(
    "lease",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("holder", String(36), nullable=False),
    Column("pid", Integer, nullable=False),
    Column("host", String(255), nullable=False),
    instant("since", nullable=False),
    instant("seen_at", nullable=False),
    Column("epoch", Integer, nullable=False),
)
"""Who leads the scheduler, and since when. `epoch` counts leaderships: whoever held an earlier one acts no more."""

job = Table(
    "job",
    metadata,
    Column("name", String(60), primary_key=True),
    instant("last_run"),
    instant("next_run"),
    Column("last_error", Text),
    Column("last_seconds", Integer),
    Column("runs", Integer, nullable=False, server_default=text("0")),
)
"""What each scheduled job did last and does next."""

job_fault = Table(
    "job_fault",
    metadata,
    identity(),
    Column("job", String(60), nullable=False),
    Column("subject", Integer, nullable=False),
    instant("at", nullable=False),
    Column("message", Text, nullable=False),
    Column("attempts", Integer, nullable=False, server_default=text("1")),
    UniqueConstraint("job", "subject"),
)
"""Rows that a job could not work on, set apart so that the rest of the batch proceeds."""

presence = Table(
    "presence",
    metadata,
    reference("record_id", nullable=False, primary_key=True),
    Column("console", String(36), primary_key=True),
    Column("agent", String(80), nullable=False),
    Column("mode", String(8), nullable=False),
    instant("seen_at", nullable=False),
)
"""Who has which record open, and whether they are typing in it."""
