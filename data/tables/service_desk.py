"""The service desk's own records: contacts, knowledge, shifts and their handover, saved views, announcements."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, Text, UniqueConstraint, text

from data.base import Document, extends_record, identity, instant, metadata, reference

interaction = Table(
    "interaction",
    metadata,
    extends_record(),
    Column("channel", String(16), nullable=False),
    Column("outcome", String(24), nullable=False),
    Column("description", Text),
    Column("handle_seconds", Integer),
    reference("about_id"),
)
Index("ix_interaction_about", interaction.c.about_id)

knowledge = Table(
    "knowledge",
    metadata,
    extends_record(),
    Column("symptom", Text),
    Column("body", Text, nullable=False),
    Column("category", String(80)),
    Column("audience", String(12), nullable=False),
    Column("used", Integer, nullable=False, server_default=text("0")),
    instant("review_at"),
)

shift = Table(
    "shift",
    metadata,
    extends_record(),
    instant("starts_at", nullable=False),
    instant("ends_at", nullable=False),
    reference("lead_id"),
)

handover = Table(
    "handover",
    metadata,
    extends_record(),
    instant("starts_at", nullable=False),
    instant("ends_at", nullable=False),
    instant("next_ends_at", nullable=False),
    reference("outgoing_id"),
    reference("incoming_id"),
    Column("note", Text),
    instant("outgoing_signed_at"),
    instant("incoming_signed_at"),
)

handover_line = Table(
    "handover_line",
    metadata,
    identity(),
    reference("handover_id", nullable=False),
    Column("position", Integer, nullable=False),
    Column("section", String(24), nullable=False),
    reference("subject_id"),
    Column("number", String(40)),
    Column("text", Text, nullable=False),
    Column("facts", Document, nullable=False),
    Column("state", String(16), nullable=False),
    Column("answered_by", String(80)),
    instant("answered_at"),
    reference("reassigned_to_id"),
    Column("comment", Text),
    UniqueConstraint("handover_id", "position"),
)
"""One frozen line of a handover: what stood open when the shift closed, and what the incoming lead did with it."""

view = Table(
    "view",
    metadata,
    extends_record(),
    Column("kinds", Document, nullable=False),
    Column("query", Text, nullable=False),
    Column("sort", String(120)),
    Column("columns", Document),
    reference("owner_id"),
    Column("shared", Boolean, nullable=False, server_default=text("false")),
    Column("position", Integer, nullable=False, server_default=text("100")),
)

announcement = Table(
    "announcement",
    metadata,
    extends_record(),
    Column("body", Text, nullable=False),
    instant("starts_at", nullable=False),
    instant("ends_at"),
)

template = Table(
    "template",
    metadata,
    extends_record(),
    Column("body", Text, nullable=False),
    Column("public", Boolean, nullable=False, server_default=text("true")),
)
