"""Resources for tests, and samples of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from deskterm.capacity import samples
from deskterm.job_runs import has_nothing_to_do
from deskterm.jobs import Job, JobContext, declared_jobs
from tests.desks import Cast

HOUR, DAY = 3600, 86_400


def resource(cast: Cast, name: str = "fs-01 /data", **values: Any) -> str:
    """Make a resource of 100 GB and return its number."""
    given = {"name": name, "ci": "vpn-gw-1", "metric": "disk", "unit": "GB", "capacity": 100, **values}
    return cast.ada.create("resource", {key: value for key, value in given.items() if value is not None}).number


def id_of(cast: Cast, number: str) -> int:
    """Return the row of a record."""
    return cast.ada.show(number).id


def fill(cast: Cast, number: str, pairs: Iterable[tuple[int, float]], *, rolled: bool = True) -> samples.Tally:
    """Keep samples, and sum them up."""
    with cast.ada.unit("samples") as unit:
        tally = samples.put(unit.connection, id_of(cast, number), list(pairs))
    if rolled:
        run(cast, "capacity-roll-up")
    return tally


def context(cast: Cast, name: str) -> JobContext:
    """Return what one run of a job works with."""
    return JobContext(name, cast.database, cast.ada.registry, cast.clock.now())


def job(name: str) -> Job:
    """Return a job by name."""
    return next(one for one in declared_jobs() if one.name == name)


def is_due(cast: Cast, name: str) -> bool:
    """Return whether a job says that there is anything to do."""
    return not has_nothing_to_do(job(name), cast.database, cast.clock.now())


def run(cast: Cast, name: str) -> int:
    """Run a job once; where it says that nothing is due, there was indeed nothing."""
    was_due = is_due(cast, name)
    count = job(name).run(context(cast, name))
    assert was_due or not count
    return count
