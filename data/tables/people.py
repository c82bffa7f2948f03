"""People and the groups they work in: organisations, persons, teams, agents."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, String, Table, Text, text

from data.base import Document, extends_record, metadata, reference

organisation = Table(
    "organisation",
    metadata,
    extends_record(),
    Column("external_key", String(120)),
    Column("domain", String(255)),
    Column("note", Text),
)

person = Table(
    "person",
    metadata,
    extends_record(),
    Column("email", String(320)),
    Column("phone", String(60)),
    Column("location", String(120)),
    Column("vip", Boolean, nullable=False, server_default=text("false")),
    Column("tz", String(60)),
    Column("note", Text),
)
Index("ix_person_email", person.c.email)

team = Table(
    "team",
    metadata,
    extends_record(),
    Column("email", String(320)),
    Column("line", String(12)),
    reference("lead_id"),
    reference("calendar_id"),
    Column("note", Text),
)

agent = Table(
    "agent",
    metadata,
    extends_record(),
    Column("name", String(200)),
    Column("email", String(320)),
    Column("roles", Document, nullable=False),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    reference("person_id"),
    Column("tz", String(60)),
    Column("ssh_keys", Text),
)
"""A login of the desk; the login itself is the record's title."""
