"""The indexes over a part of a table: open work, what wakes up, what is due, links that still hold.

Only migrations and the tests of the schema import this module: SQLAlchemy loads its whole PostgreSQL dialect to look at such an
index, and no statement needs to know that one is there. The predicates are literal, as the queries spell them.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Index, text

from data.base import NEVER
from data.tables.core import journal, link, record
from data.tables.incident import incident, request
from data.tables.service_level import clock


def _partial(name: str, *columns: Column[Any], where: str, postgresql: str = "", unique: bool = False) -> Index:
    """Declare an index over the rows for which `where` holds, on both databases."""
    condition = {"sqlite_where": text(where), "postgresql_where": text(postgresql or where)}
    return Index(name, *columns, unique=unique, **condition)  # type: ignore[arg-type]


OPEN = "open_since IS NOT NULL"
_partial("ix_record_open_due", record.c.due_at, record.c.id, where=OPEN)
_partial("ix_record_open_team", record.c.team_id, record.c.due_at, record.c.id, where=OPEN)
_partial("ix_record_open_assignee", record.c.assignee_id, record.c.due_at, record.c.id, where=OPEN)
_partial("ix_record_open_priority", record.c.priority, record.c.due_at, record.c.id, where=OPEN)
_partial("ix_record_snoozed", record.c.snoozed_until, where="snoozed_until IS NOT NULL")
_partial("ix_record_person_customer", record.c.customer_id, record.c.title_key, where="kind = 'person'")
_partial("uq_link_current", link.c.source_id, link.c.relation, link.c.target_id, where=f"valid_until = {NEVER}", unique=True)

_partial("ix_incident_major", incident.c.id, where="major = 1", postgresql="major")
WAITING = "pending_until IS NOT NULL"
_partial("ix_incident_pending_until", incident.c.pending_until, where=WAITING)
_partial("ix_request_pending_until", request.c.pending_until, where=WAITING)

JUDGED = (clock.c.agreement_id, clock.c.target_id)
BROKEN = "breached_at IS NOT NULL"
_partial("ix_clock_next", clock.c.next_at, where="next_at IS NOT NULL")
_partial("ix_clock_kept", clock.c.met_at, *JUDGED, where="met_at IS NOT NULL AND breached_at IS NULL")
_partial("ix_clock_broken", clock.c.breached_at, *JUDGED, clock.c.cancelled_at, where=BROKEN)

_partial("ix_record_failure", record.c.occurred_at, where="kind = 'incident' AND priority = 1")
_partial("ix_journal_priority", journal.c.at, where="what = 'field' AND field = 'priority'")
