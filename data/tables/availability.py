"""Availability: outages as recorded, what was summed up of days and months, and how far that has read the change feed."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table, Text, UniqueConstraint, text

from data.base import Document, extends_record, identity, instant, metadata, reference

outage = Table(
    "outage",
    metadata,
    extends_record(),
    Column("cause", String(16), nullable=False),
    instant("started_at", nullable=False),
    instant("ended_at"),
    reference("incident_id"),
    reference("change_id"),
    Column("supplier", String(120)),
    Column("note", Text),
    Column("external_key", String(120)),
)
"""A stretch of time in which a CI or a service was not up. What it is about and its state stand in the spine."""
Index("ix_outage_started_at", outage.c.started_at)
Index("ix_outage_ended_at", outage.c.ended_at)
Index("ix_outage_incident", outage.c.incident_id)
Index("ix_outage_change", outage.c.change_id)
Index("ix_outage_external_key", outage.c.external_key)

availability_summary = Table(
    "availability_summary",
    metadata,
    identity(),
    reference("node_id", nullable=False),
    Column("period", String(8), nullable=False),
    instant("starts_at", nullable=False),
    instant("ends_at", nullable=False),
    Column("agreed_seconds", Integer, nullable=False),
    Column("downtime_seconds", Integer, nullable=False),
    Column("planned_seconds", Integer, nullable=False),
    Column("unknown_seconds", Integer, nullable=False),
    Column("outages", Integer, nullable=False),
    Column("attribution", Document),
    instant("recorded_at", nullable=False),
    instant("reopened_at"),
    Column("before", Document),
    Column("revisions", Integer, nullable=False, server_default=text("0")),
    UniqueConstraint("node_id", "period", "starts_at"),
)
"""What a day or a month came to for a service or a CI: a cache of the facts, reckoned again where a fact comes late.

`reopened_at` is set while it waits to be reckoned again; `before` keeps everything that it said earlier, and why that changed.
"""
Index("ix_availability_summary_period", availability_summary.c.period, availability_summary.c.starts_at)

availability_progress = Table(
    "availability_progress",
    metadata,
    Column("period", String(8), primary_key=True),
    instant("summed_until", nullable=False),
    Column("cursor", String(200)),
)
"""Until when the summaries of a period are written, and how far the facts that came late have been looked at."""
