"""Alerts of monitoring systems: what they told about which incident, and the rules by which they are routed."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, Text, UniqueConstraint, text

from data.base import Document, extends_record, identity, instant, metadata, reference

alert = Table(
    "alert",
    metadata,
    identity(),
    Column("source", String(20), nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("group_key", String(255), nullable=False, server_default=text("''")),
    reference("record_id"),
    Column("status", String(8), nullable=False),
    instant("starts_at"),
    instant("ends_at"),
    instant("first_seen_at", nullable=False),
    instant("last_seen_at", nullable=False),
    Column("count", Integer, nullable=False, server_default=text("0")),
    Column("flaps", Integer, nullable=False, server_default=text("0")),
    Column("labels", Document, nullable=False),
    Column("annotations", Document, nullable=False),
    Column("generator", Text),
    UniqueConstraint("source", "fingerprint", "record_id"),
)
"""One alert, by its source's fingerprint, on one incident; the newest row of a fingerprint is the one that counts.

Without a record while all that is known is a remark or an end. Everything from `status` to `flaps` is a cache of `alert_event`.
"""
Index("ix_alert_record", alert.c.record_id)
Index("ix_alert_group", alert.c.source, alert.c.group_key, alert.c.record_id)

alert_event = Table(
    "alert_event",
    metadata,
    identity(),
    reference("alert_id", "alert.id", nullable=False),
    Column("what", String(16), nullable=False),
    instant("at", nullable=False),
    instant("ends_at"),
    instant("recorded_at", nullable=False),
    UniqueConstraint("alert_id", "what", "at"),
)
"""One thing that was told of an alert: it fired at an instant (until `ends_at`, once known), was over, or a remark was made.

The key is the source's own, so that the same message told twice, late or out of order adds nothing.
"""

alert_rule = Table(
    "alert_rule",
    metadata,
    extends_record(),
    Column("position", Integer, nullable=False),
    Column("source", String(20), nullable=False),
    Column("match", Document),
    Column("category", String(80)),
    Column("severities", Document),
    Column("grouping", String(8), nullable=False),
    Column("drop", Boolean, nullable=False, server_default=text("false")),
)
"""Where alerts go. Team and service stand in the spine."""
