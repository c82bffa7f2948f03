"""Services and configuration items: what incidents hit and agreements are about."""

from __future__ import annotations

from sqlalchemy import Column, String, Table, Text

from data.base import Document, extends_record, metadata, reference

service = Table(
    "service",
    metadata,
    extends_record(),
    Column("criticality", String(12)),
    Column("description", Text),
    reference("owner_id"),
)

ci = Table(
    "ci",
    metadata,
    extends_record(),
    Column("type", String(60), nullable=False),
    Column("location", String(120)),
    Column("serial", String(120)),
    reference("owner_id"),
    Column("attributes", Document),
)
"""A configuration item; its status is the record's state."""
