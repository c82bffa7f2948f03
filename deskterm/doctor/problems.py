"""Problems examined: a known error is what its problem says, and each incident names a known error of its own problem."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, and_, func, or_, select

from data.tables.core import record
from data.tables.incident import incident
from data.tables.problem import known_error, problem, workaround_post
from deskterm.doctor.findings import Finding, Severity
from deskterm.problem.known_errors import FOLLOWS
from deskterm.problem.workflow import RETIRED

MOST = 500
"""Rows of one sort that are told of."""
_own, _of = record.alias("own"), record.alias("of")
_BOTH = and_(
    func.coalesce(problem.c.root_cause, "") != "", func.coalesce(problem.c.workaround, "") != "", record.c.state.in_(FOLLOWS)
)
_MISSING = (
    select(record.c.number)
    .join(problem, problem.c.id == record.c.id)
    .outerjoin(known_error, known_error.c.problem_id == problem.c.id)
    .outerjoin(_own, _own.c.id == known_error.c.id)
    .where(_BOTH, or_(known_error.c.id.is_(None), _own.c.state != record.c.state))
    .limit(MOST)
)
_LEFT_OVER = (
    select(_own.c.number)
    .join(known_error, known_error.c.id == _own.c.id)
    .join(problem, problem.c.id == known_error.c.problem_id)
    .join(record, record.c.id == problem.c.id)
    .where(_own.c.state != RETIRED, ~_BOTH)
    .limit(MOST)
)
_DIFFERENT = (
    select(_own.c.number)
    .join(known_error, known_error.c.id == _own.c.id)
    .join(problem, problem.c.id == known_error.c.problem_id)
    .where(
        _own.c.state != RETIRED,
        or_(known_error.c.cause != problem.c.root_cause, known_error.c.workaround != problem.c.workaround),
    )
    .limit(MOST)
)
_OF_ANOTHER = (
    select(record.c.number)
    .join(incident, incident.c.id == record.c.id)
    .join(known_error, known_error.c.id == incident.c.known_error_id)
    .where(or_(incident.c.problem_id.is_(None), incident.c.problem_id != known_error.c.problem_id))
    .limit(MOST)
)
_TWICE = (
    select(_of.c.number)
    .join(workaround_post, workaround_post.c.incident_id == _of.c.id)
    .group_by(_of.c.number, workaround_post.c.problem_id, workaround_post.c.digest)
    .having(func.count() > 1)
    .limit(MOST)
)
CHECKS = (
    (_MISSING, "known-error", "root cause and workaround are recorded, but its known error is missing or in another state"),
    (_LEFT_OVER, "known-error", "it stands though its problem lacks root cause or workaround, or is over as a duplicate"),
    (_DIFFERENT, "known-error", "it says another cause or workaround than its problem"),
    (_OF_ANOTHER, "known-error", "its known error is of another problem than the one it names"),
    (_TWICE, "workaround", "the same wording of a workaround is recorded as posted twice"),
)
"""Statement, code, what is wrong."""


def problems(connection: Connection) -> Iterator[Finding]:
    """Yield what contradicts itself."""
    for statement, code, message in CHECKS:
        for number in connection.execute(statement).scalars():
            yield Finding(code, Severity.ERROR, message, number)
