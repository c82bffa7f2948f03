"""Releases examined: finished builds beside their digest, signed campaigns beside their cases, rollouts beside their cells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, func, select, text

from data.tables.core import record
from data.tables.release import (
    release,
    release_build,
    release_build_item,
    release_campaign,
    release_case,
    release_cell,
    release_wave,
)
from deskterm.doctor.findings import Finding, Severity
from deskterm.release.builds import digest
from deskterm.release.cells import progress
from deskterm.release.waves import gates_of

GUARDS = tuple(
    f"{table}_{act}_guard"
    for table, acts in (
        ("release_build", ("update", "delete")),
        ("release_build_item", ("insert", "update", "delete")),
        ("release_campaign", ("update", "delete")),
        ("release_case", ("insert", "update", "delete")),
    )
    for act in acts
)
"""The triggers by which the database itself refuses to touch what is finished or signed."""
_TRIGGERS = {
    "sqlite": text("SELECT name FROM sqlite_master WHERE type = 'trigger'"),
    "postgresql": text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"),
}
_BUILDS = (
    select(release_build, record.c.number.label("release"))
    .join(record, record.c.id == release_build.c.release_id)
    .where(release_build.c.finished_at.is_not(None))
    .order_by(release_build.c.id)
)
_ITEMS = select(release_build_item).order_by(release_build_item.c.id)
_SIGNED = (
    select(release_campaign.c.name, release_campaign.c.cases, record.c.number, func.count(release_case.c.id).label("there"))
    .join(record, record.c.id == release_campaign.c.release_id)
    .join(release_case, release_case.c.campaign_id == release_campaign.c.id, isouter=True)
    .where(release_campaign.c.signed_at.is_not(None))
    .group_by(release_campaign.c.id, release_campaign.c.name, release_campaign.c.cases, record.c.number)
    .order_by(release_campaign.c.id)
)
_RELEASES = (
    select(record.c.id, record.c.number, release.c.progress).join(release, release.c.id == record.c.id).order_by(record.c.id)
)
_WAVES = select(release_wave).order_by(release_wave.c.release_id, release_wave.c.position)
_CELLS = select(release_cell).order_by(release_cell.c.id)


def releases(connection: Connection) -> Iterator[Finding]:
    """Find records of builds and tests that were meddled with, and releases that say otherwise than their cells."""
    there = set(connection.execute(_TRIGGERS[connection.dialect.name]).scalars())
    for name in GUARDS:
        if name not in there:
            said = f"the trigger {name} is gone or switched off: SQL could rewrite what is finished or signed unseen"
            yield Finding("guard", Severity.ERROR, said, name.removesuffix("_guard"))
    yield from _builds(connection)
    for row in connection.execute(_SIGNED):
        if row.there != row.cases:
            said = f"the campaign {row.name} of {row.number} was signed with {row.cases} cases and has {row.there}"
            yield Finding("campaign", Severity.ERROR, said, row.number)
    yield from _rollouts(connection)


def _builds(connection: Connection) -> Iterator[Finding]:
    items: dict[int, list[Any]] = defaultdict(list)
    for row in connection.execute(_ITEMS):
        items[row.build_id].append(row)
    for row in connection.execute(_BUILDS):
        own = items[row.id]
        if len(own) != row.items or digest(own) != row.digest:
            said = f"build {row.position} of {row.release} is not what its digest was taken of"
            yield Finding("build", Severity.ERROR, said, row.release)


def _rollouts(connection: Connection) -> Iterator[Finding]:
    waves: dict[int, list[Any]] = defaultdict(list)
    cells: dict[int, list[Any]] = defaultdict(list)
    for row in connection.execute(_WAVES):
        waves[row.release_id].append(row)
    for row in connection.execute(_CELLS):
        cells[row.release_id].append(row)
    for row in connection.execute(_RELEASES):
        if (progress(gates_of(waves[row.id], cells[row.id])) or None) != row.progress:
            said = f"{row.number} says otherwise of its rollout than its waves and cells do"
            yield Finding("rollout", Severity.ERROR, said, row.number)
