"""Incidents and service requests: the fields that the spine does not already carry."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, SmallInteger, String, Table, Text, text

from data.base import Document, extends_record, instant, metadata, reference


def _contact_columns() -> list[Column[object]]:
    """Return the columns an incident and a request have in common."""
    return [
        Column("description", Text),
        Column("channel", String(16)),
        Column("category", String(80)),
        Column("subcategory", String(80)),
        Column("impact", SmallInteger, nullable=False),
        Column("urgency", SmallInteger, nullable=False),
        Column("priority_reason", Text),
        Column("tags", Document),
        Column("pending_reason", String(16)),
        instant("pending_until"),
        Column("code", String(80)),
        Column("solution", Text),
        instant("first_response_at"),
        instant("resolved_at"),
        reference("resolved_by_id"),
        Column("reassignments", Integer, nullable=False, server_default=text("0")),
        Column("reopens", Integer, nullable=False, server_default=text("0")),
        Column("contacts", Integer, nullable=False, server_default=text("1")),
        Column("affected", Integer, nullable=False, server_default=text("1")),
        Column("satisfaction", SmallInteger),
        Column("satisfaction_comment", Text),
        Column("external_key", String(120)),
        Column("breach_risk", SmallInteger),
    ]


incident = Table(
    "incident",
    metadata,
    extends_record(),
    *_contact_columns(),
    Column("symptom", String(80)),
    Column("location", String(120)),
    Column("major", Boolean, nullable=False, server_default=text("false")),
    reference("commander_id"),
    Column("update_minutes", Integer),
    Column("review", Text),
    reference("problem_id"),
    reference("known_error_id"),
    Column("vendor", String(80)),
    reference("change_id"),
    reference("caused_by_id"),
    instant("detected_at"),
    instant("diagnosed_at"),
    instant("repaired_at"),
    instant("recovered_at"),
    instant("restored_at"),
    instant("newest_data_at"),
)
Index("ix_incident_category", incident.c.category)
Index("ix_incident_external_key", incident.c.external_key)
Index("ix_incident_change_id", incident.c.change_id)
Index("ix_incident_caused_by_id", incident.c.caused_by_id)
Index("ix_incident_problem", incident.c.problem_id)

request = Table(
    "request",
    metadata,
    extends_record(),
    *_contact_columns(),
    Column("item", String(120)),
    Column("approval", String(12)),
    reference("approver_id"),
)
Index("ix_request_external_key", request.c.external_key)
