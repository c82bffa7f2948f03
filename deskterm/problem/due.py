"""Whether there may be new patterns among incidents: asked every hour, so it costs next to nothing."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, select

from data.tables.core import job, record

JOB = "problem-candidates"
DAY_SECONDS = 86_400
"""What was answered may be asked again as time goes by: once a day it is looked whatever happened."""
_LAST = select(job.c.last_run).where(job.c.name == JOB)
_TOUCHED = select(record.c.id).where(record.c.kind == "incident", record.c.updated_at >= bindparam("since")).limit(1)


def candidates(connection: Connection, now: int) -> bool:
    """Return whether an incident was logged or changed since the last look, or that was a day ago."""
    last = connection.execute(_LAST).scalar()
    if last is None or now - last >= DAY_SECONDS:
        return True
    return connection.execute(_TOUCHED, {"since": last}).first() is not None
