"""What every console and worker does for itself, whoever leads the shared jobs: keep a copy of the plans on its own machine."""

from __future__ import annotations

from data.engine import Database
from deskterm.jobs import Job, LocalJob


def _copy(database: Database, now: int) -> bool:
    from data.queries.continuity import STAND

    with database.read() as connection:
        if not connection.execute(STAND).one()[0]:
            return False  # a desk without plans costs this one look
    from deskterm.continuity import copying

    return copying.refresh(database, now)


JOBS: tuple[Job, ...] = ()
LOCAL_JOBS = (
    LocalJob(
        "plans-copy", 10, _copy, "Keeps a copy of the continuity plans that can be read without the database.",
        ("continuity-plan", "impact-analysis"),
    ),
)  # fmt: skip
