"""Service reviews examined: each published one has its seal, and says what its seal says."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

from data.queries import review as q
from deskterm.doctor.findings import Finding, Severity
from deskterm.service_level.review_rules import digest_of


def reviews(connection: Connection) -> Iterator[Finding]:
    """Yield what contradicts itself."""
    for row in connection.execute(q.SEALS):
        if digest_of(row.content) != row.digest or row.digest != row.told:
            said = "what it says is not what was sealed when it was published: the database was edited; restore a backup"
            yield Finding("review", Severity.ERROR, said, row.number)
    for number in connection.execute(q.UNSEALED).scalars():
        yield Finding("review", Severity.ERROR, "it is published, but what it said is missing", number)
