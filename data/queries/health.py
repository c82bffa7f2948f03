"""Statements behind the lines of the overview, built once; each costs one pass over open work at most."""

from __future__ import annotations

from sqlalchemy import case, func, select

from data.tables.configuration import service
from data.tables.core import record

_incident = record.alias("incident_record")
_named = record.alias("service_record")

SERVICES_HIT = (
    select(
        _named.c.number,
        _named.c.title,
        service.c.criticality,
        func.min(_incident.c.priority).label("priority"),
        func.sum(case((_incident.c.priority == 1, 1), else_=0)).label("urgent"),
    )
    .select_from(_incident)
    .join(service, service.c.id == _incident.c.service_id)
    .join(_named, _named.c.id == service.c.id)
    # Concatenated, so that SQLite does not prefer the index over every record of the kind.
    .where(_incident.c.open_since.is_not(None), _incident.c.kind.concat("") == "incident", _incident.c.priority <= 2)
    .group_by(_named.c.number, _named.c.title, service.c.criticality)
)
"""Services with open incidents of priority 1 or 2, and how many of priority 1."""
