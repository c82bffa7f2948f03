"""Jobs of the desk as a whole, which belong to none of the eleven systems: full-text search, presence, self-assessment."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from deskterm import presence
from deskterm.jobs import Job, JobContext
from deskterm.records import indexing

BATCH = 200


def search_upkeep(context: JobContext) -> int:
    """Index the records that search does not find, then tidy the index a little."""
    count = after = 0
    while True:
        with context.database.read() as connection:
            found = indexing.missing(connection, limit=BATCH, after=after)
        if not found:
            break
        after = found[-1]
        count += context.each(found, indexing.reindex)
    with context.unit() as unit:
        indexing.tidy(unit.connection)
    return count


def presence_cleanup(context: JobContext) -> int:
    """Forget who is no longer there."""
    return presence.forget_expired(context.database)


ASSESSED_EVERY_SECONDS = 30 * 86_400


def assessment_due(connection: Connection, now: int) -> bool:
    """Return whether a self-assessment was kept, and the last thirty days ago."""
    from data.tables.assessment import assessment

    last = connection.execute(select(func.max(assessment.c.at))).scalar()
    return last is not None and now - last >= ASSESSED_EVERY_SECONDS


def self_assessment(context: JobContext) -> int:
    """Keep a self-assessment thirty days after the last one; the first is kept by somebody, when the desk is worth assessing."""
    from deskterm.assessment.running import history, keep  # late: eleven systems are asked, once in thirty days
    from deskterm.clock import FrozenClock
    from deskterm.desk import Desk
    from deskterm.permissions import DESK

    desk = Desk(context.database, context.registry, FrozenClock(context.now), DESK)
    last = history(desk, limit=1)
    if not last or context.now - last[0].at < ASSESSED_EVERY_SECONDS:
        return 0
    keep(desk, "kept by itself")
    return 1


JOBS = (
    Job(
        "self-assessment", 86_400, self_assessment, "Keeps a self-assessment every thirty days, once somebody kept the first.",
        due=assessment_due, apart=True,
    ),
    Job("presence-cleanup", 300, presence_cleanup, "Forgets consoles that closed without a word."),
    Job(
        "search-upkeep", 6 * 3600, search_upkeep, "Indexes records that search does not find, and tidies the index.", apart=True
    ),
)  # fmt: skip
