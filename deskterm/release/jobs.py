"""What the desk does by itself to releases: read the library's files again, and end early life when its days are over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from deskterm import late
from deskterm.jobs import Job, JobContext, JobStopped, Work
from deskterm.records import store, writing
from deskterm.records.unit import Unit

if TYPE_CHECKING:
    from data.queries import release as q
    from deskterm.release import library
    from deskterm.release.library_store import Found
else:
    q = late.module("data.queries.release")
    library = late.module("deskterm.release.library")  # few desks have one

DAY = 86_400
BATCH = 200


def verify_library(context: JobContext) -> int:
    """Read every file of the library again; return how many are not what they were at the last look.

    Reading happens outside any transaction, one file after the other, and stops between two of them.
    """
    with context.database.read() as connection:
        rows = list(library.stored(connection))
        if not rows:
            return 0
        folder = library.store_of(context.database, connection)
    count = 0
    for row in rows:
        if context.stopping():
            raise JobStopped(f"{context.job} was stopped")
        found = folder.check(row.path, row.sha256, row.size_bytes)
        count += context.each([row.id], _noting(row.sha256, found))
    return count


def _noting(sha256: str, found: Found) -> Work:
    """Return the work of noting what was found of an item's file, unless it has another one by now."""

    def work(unit: Unit, ids: Sequence[int]) -> int:
        kind = unit.registry.kind("definitive-item")
        drafts = store.load(unit.connection, kind, ids, locked=True).values()
        return sum(library.record_check(unit, draft, found) for draft in drafts if draft.get("sha256") == sha256)

    return work


def end_early_life(context: JobContext) -> int:
    """End early life where its days are over, as of that instant, and say that the review is owed."""
    count = 0
    while True:
        with context.database.read() as connection:
            rows = connection.execute(q.EARLY_LIFE_OVER, {"now": context.now, "limit": BATCH}).all()
        ready = {row.id: row.at for row in rows if row.id not in context.faults}
        done = context.each(list(ready), _ending, at=ready)
        count += done
        if done < BATCH:
            return count


def _ending(unit: Unit, ids: Sequence[int]) -> int:
    count = 0
    for draft in store.load(unit.connection, unit.registry.kind("release"), ids, locked=True).values():
        if draft.state == "early-life" and draft.get("early_life_ended_at") is None:
            writing.act(unit, draft, "end-early-life", {})
            count += 1
    return count


JOBS = (
    Job(
        "early-life-end",
        600,
        end_early_life,
        "Ends early-life support when its days are over; the review is owed then.",
        ("release",),
    ),
    Job(
        "library-verify",
        DAY,
        verify_library,
        "Reads the files of the definitive library again and reports what differs.",
        ("definitive-item",),
        apart=True,
    ),
)
