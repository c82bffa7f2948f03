"""Jobs of the desk as a whole, which belong to none of the eleven systems: full-text search and presence."""

from __future__ import annotations

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


JOBS = (
    Job("presence-cleanup", 300, presence_cleanup, "Forgets consoles that closed without a word."),
    Job("search-upkeep", 6 * 3600, search_upkeep, "Indexes records that search does not find, and tidies the index."),
)
