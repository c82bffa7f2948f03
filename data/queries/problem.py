"""Statements of problem management, built once: what hangs on a problem, what was posted, what was asked why."""

from __future__ import annotations

from sqlalchemy import BindParameter, and_, bindparam, func, insert, or_, select, update

from data.tables.change import work_order
from data.tables.core import HOLDS, journal, link, record
from data.tables.incident import incident
from data.tables.problem import known_error, problem, problem_candidate, problem_why, workaround_post
from data.tables.service_desk import interaction

MOST_INCIDENTS = 200
"""Incidents of a problem read at once."""

_id: BindParameter[int] = bindparam("id")
_ids: BindParameter[int] = bindparam("ids", expanding=True)

INCIDENTS_OF = (
    select(record.c.id, record.c.number, record.c.title, record.c.state, record.c.priority, record.c.open_since)
    .add_columns(record.c.occurred_at, record.c.created_at, record.c.done_at, incident.c.resolved_at)
    .join(incident, incident.c.id == record.c.id)
    .where(incident.c.problem_id == _id, record.c.id > bindparam("after"))
    .order_by(record.c.id)
    .limit(bindparam("limit"))
)
NEWEST_OF = (
    select(record.c.id, record.c.number, record.c.title, record.c.state, record.c.priority, record.c.open_since)
    .add_columns(record.c.occurred_at, record.c.created_at, record.c.done_at, incident.c.resolved_at)
    .join(incident, incident.c.id == record.c.id)
    .where(incident.c.problem_id == _id)
    .order_by(record.c.id.desc())
    .limit(bindparam("limit"))
)
OPEN_OF = (
    select(record.c.id)
    .join(incident, incident.c.id == record.c.id)
    .where(incident.c.problem_id == _id, record.c.open_since.is_not(None))
    .order_by(record.c.id)
)
COUNTS_OF = (
    select(incident.c.problem_id, func.count().label("incidents"), func.count(record.c.open_since).label("open"))
    .join(record, record.c.id == incident.c.id)
    .where(incident.c.problem_id.in_(_ids))
    .group_by(incident.c.problem_id)
)
OF_CHANGE = (
    select(problem.c.id)
    .join(record, record.c.id == problem.c.id)
    .where(problem.c.change_id == _id, record.c.state == bindparam("state"))
    .order_by(problem.c.id)
)
ORDERS_OF_FIX = (
    select(record.c.number, record.c.title, record.c.state, work_order.c.planned_start, work_order.c.planned_end)
    .add_columns(work_order.c.actual_start, work_order.c.actual_end)
    .join(work_order, work_order.c.id == record.c.id)
    .join(problem, problem.c.change_id == work_order.c.change_id)
    .where(problem.c.id == _id)
    .order_by(work_order.c.position, record.c.id)
)

ERROR_OF = (
    select(known_error.c.id, record.c.number, record.c.state)
    .join(record, record.c.id == known_error.c.id)
    .where(known_error.c.problem_id == _id)
)
PROBLEM_OF = select(known_error.c.problem_id).where(known_error.c.id == _id)

POSTED = select(workaround_post.c.id).where(
    workaround_post.c.incident_id == bindparam("incident"),
    workaround_post.c.problem_id == bindparam("problem"),
    workaround_post.c.digest == bindparam("digest"),
)
POST = insert(workaround_post)
POSTS_OF = select(func.count()).select_from(workaround_post).where(workaround_post.c.problem_id == _id)

WHYS = (
    select(problem_why)
    .where(problem_why.c.problem_id == _id, problem_why.c.dropped_at.is_(None))
    .order_by(problem_why.c.position, problem_why.c.id)
)
ADD_WHY = insert(problem_why)
CHANGE_WHY = (
    update(problem_why)
    .where(problem_why.c.id == bindparam("key"))
    .values({name: bindparam(f"new_{name}") for name in ("parent_id", "position", "text", "verdict", "evidence")})
)
PLACE_WHY = update(problem_why).where(problem_why.c.id == bindparam("key")).values(position=bindparam("place"))
DROP_WHYS = update(problem_why).where(problem_why.c.id.in_(_ids)).values(dropped_at=bindparam("when"))

_began = func.coalesce(record.c.occurred_at, record.c.created_at)
SINCE = (
    select(
        record.c.id, record.c.number, record.c.title, record.c.ci_id, record.c.service_id, record.c.state, incident.c.category,
        incident.c.description, incident.c.problem_id, incident.c.impact, incident.c.urgency, _began.label("began_at"),
    )
    .join(incident, incident.c.id == record.c.id)
    .where(record.c.kind == "incident", record.c.state != "cancelled")
    .where(_began >= bindparam("since"), record.c.id > bindparam("after"))
    .order_by(record.c.id)
    .limit(bindparam("limit"))
)  # fmt: skip
"""What came lately, by id, a page at a time."""
FIRST_EVER = select(func.min(_began)).where(record.c.kind == "incident")
PAST = {
    name: select(column.label("subject"), func.count().label("incidents"))
    .select_from(record.join(incident, incident.c.id == record.c.id))
    .where(record.c.kind == "incident", record.c.state != "cancelled")
    .where(_began >= bindparam("past"), _began < bindparam("since"), column.in_(bindparam("subjects", expanding=True)))
    .group_by(column)
    for name, column in (("ci", record.c.ci_id), ("service", record.c.service_id), ("category", incident.c.category))
}
"""By pattern: how many of each subject there were before the recent window."""

BEGAN_AMONG = select(func.count()).where(
    record.c.id.in_(_ids), record.c.kind == "incident", _began >= bindparam("past"), _began < bindparam("since")
)
CANDIDATES = (
    select(
        problem_candidate.c.id, problem_candidate.c.pattern, problem_candidate.c.subject_id, problem_candidate.c.subject,
        problem_candidate.c.key, record.c.state, link.c.target_id,
    )
    .join(record, record.c.id == problem_candidate.c.id)
    .join(
        link,
        and_(link.c.source_id == problem_candidate.c.id, link.c.relation == "found-in", HOLDS),
    )
    .where(or_(record.c.state == "proposed", record.c.updated_at >= bindparam("since")))
    .order_by(problem_candidate.c.id)
)  # fmt: skip
"""Candidates that are proposed or were answered lately, one row for each of their incidents."""

CONTACTS_ABOUT = (
    select(interaction.c.about_id, func.sum(interaction.c.handle_seconds).label("seconds"), func.count().label("contacts"))
    .where(interaction.c.about_id.in_(_ids))
    .group_by(interaction.c.about_id)
)
WORKED_ON = (
    select(journal.c.record_id, journal.c.actor, journal.c.at, journal.c.recorded_at)
    .where(
        journal.c.record_id.in_(_ids),
        journal.c.actor.not_in(("desk",)),
        journal.c.what.in_(("created", "field", "state", "note", "reply", "link", "unlink")),
        or_(journal.c.field.is_(None), journal.c.field != "caller"),
    )
    .order_by(journal.c.record_id, journal.c.actor, journal.c.at)
)
"""When people of the desk did something on a record; what the caller wrote is not the desk's work."""

COUNTED = {
    name: select(column.label("subject"), func.count().label("incidents"))
    .select_from(record.join(incident, incident.c.id == record.c.id))
    .where(record.c.kind == "incident", record.c.state != "cancelled")
    .where(_began >= bindparam("from_at"), _began < bindparam("to_at"))
    .group_by(column)
    .order_by(func.count().desc())
    .limit(bindparam("limit"))
    for name, column in (
        ("problem", incident.c.problem_id),
        ("category", incident.c.category),
        ("ci", record.c.ci_id),
        ("service", record.c.service_id),
    )
}
"""By what they are counted: incidents that began in a period."""

BEGUN = (
    select(
        func.count().label("incidents"),
        func.count(incident.c.problem_id).label("with_problem"),
        func.count(incident.c.known_error_id).label("matched"),
        func.count(incident.c.problem_id.distinct()).label("problems"),
    )
    .select_from(record.join(incident, incident.c.id == record.c.id))
    .where(record.c.kind == "incident", record.c.state != "cancelled")
    .where(_began >= bindparam("from_at"), _began < bindparam("to_at"))
)
"""Of the incidents that began in a period: all, those with a problem, those with a known error, and the problems."""
MILESTONES = (
    select(
        record.c.id, record.c.number, record.c.state, record.c.created_at, record.c.occurred_at, record.c.open_since,
        problem.c.root_cause_at, problem.c.workaround_at, problem.c.resolved_at, problem.c.recurrences, problem.c.published_at,
    )
    .join(problem, problem.c.id == record.c.id)
    .where(
        or_(
            *(
                and_(column >= bindparam("from_at"), column < bindparam("to_at"))
                for column in (record.c.created_at, problem.c.root_cause_at, problem.c.workaround_at, problem.c.resolved_at)
            )
        ),
        record.c.id > bindparam("after"),
    )
    .order_by(record.c.id)
    .limit(bindparam("limit"))
)  # fmt: skip
"""Problems to which something happened in a period: logged, cause or workaround found, resolved."""
OPEN_AT_END = select(func.count()).where(
    record.c.kind == "problem",
    record.c.created_at < bindparam("to_at"),
    or_(record.c.done_at.is_(None), record.c.done_at >= bindparam("to_at")),
)
