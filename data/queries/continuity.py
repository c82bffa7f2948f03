"""Statements about impact analyses, plans with their steps, runs of them, evidence and what makes it stale; built once."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BindParameter, and_, bindparam, func, insert, or_, select, update

from data.tables import continuity as t
from data.tables.availability import outage
from data.tables.change import change
from data.tables.core import HOLDS, journal, link, record
from data.tables.incident import incident

CONTINUES, RECOVERS, CHANGES, AFFECTS = "continues", "recovers", "changes", "affects"
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)

# --- objectives

ANALYSES = (
    select(record.c.id, record.c.number, record.c.title, record.c.service_id, record.c.ci_id, t.impact_analysis)
    .join(t.impact_analysis, t.impact_analysis.c.id == record.c.id)
    .where(record.c.kind == "impact-analysis", record.c.state == "active")
    .order_by(record.c.id)
)
ANALYSES_OF = ANALYSES.where(or_(record.c.service_id.in_(_IDS), record.c.ci_id.in_(_IDS)))
OTHER_ANALYSIS = (
    select(record.c.number)
    .where(
        record.c.kind == "impact-analysis",
        record.c.state == "active",
        record.c.id != bindparam("own"),
        or_(record.c.service_id == bindparam("node"), record.c.ci_id == bindparam("node")),
    )
    .limit(1)
)
BACKUPS = (
    select(record.c.id, record.c.number, record.c.title, record.c.service_id, record.c.ci_id, t.backup_schedule)
    .join(t.backup_schedule, t.backup_schedule.c.id == record.c.id)
    .where(record.c.kind == "backup-schedule", record.c.state == "active")
    .order_by(record.c.id)
)
SERVICES = select(record.c.id, record.c.number, record.c.title, record.c.state).where(
    record.c.kind == "service", record.c.id.in_(_IDS)
)

# --- plans

PLANS = (
    select(
        record.c.id, record.c.number, record.c.title, record.c.state, record.c.assignee_id, record.c.updated_at, t.continuity_plan
    )
    .join(t.continuity_plan, t.continuity_plan.c.id == record.c.id)
    .where(record.c.kind == "continuity-plan")
    .order_by(record.c.title_key, record.c.id)
)
PLANS_IN_USE = PLANS.where(record.c.state != "retired")
PLAN = PLANS.where(record.c.id == bindparam("id"))
COVERED = select(link.c.source_id.label("plan_id"), link.c.relation, link.c.target_id).where(
    link.c.relation.in_((CONTINUES, RECOVERS)), HOLDS, link.c.source_id.in_(_IDS)
)
PLANS_COVERING = select(link.c.source_id.label("plan_id"), link.c.relation, link.c.target_id).where(
    link.c.relation.in_((CONTINUES, RECOVERS)), HOLDS, link.c.target_id.in_(_IDS)
)
_STEPS = (
    select(record.c.id, record.c.number, record.c.title, record.c.state, record.c.ci_id, t.recovery_step)
    .join(t.recovery_step, t.recovery_step.c.id == record.c.id)
    .where(record.c.kind == "recovery-step")
)
STEPS = (
    _STEPS.where(record.c.state == "active", t.recovery_step.c.plan_id.in_(_IDS))
    .order_by(t.recovery_step.c.plan_id, t.recovery_step.c.position, record.c.id)
)  # fmt: skip
STEP_NUMBERED = select(record.c.id, record.c.number, record.c.title, t.recovery_step.c.plan_id).join(
    t.recovery_step, t.recovery_step.c.id == record.c.id
)
STEP_BY_NUMBER = STEP_NUMBERED.where(record.c.number == bindparam("number"))
STEPS_NAMED = STEP_NUMBERED.where(
    record.c.kind == "recovery-step", record.c.title_key == bindparam("title_key"), record.c.state == "active"
).limit(5)
NEXT_POSITION = select(func.coalesce(func.max(t.recovery_step.c.position), 0) + 1).where(
    t.recovery_step.c.plan_id == bindparam("plan")
)
VERSIONS = (
    select(t.plan_version).where(t.plan_version.c.plan_id.in_(_IDS)).order_by(t.plan_version.c.plan_id, t.plan_version.c.version)
)
NEW_VERSION = insert(t.plan_version)
STEP_PLAN = (
    select(record.c.id, record.c.number, record.c.title, record.c.state)
    .where(record.c.id == bindparam("id"), record.c.kind == "continuity-plan")
)  # fmt: skip

# --- runs

RUNS = (
    select(record.c.id, record.c.number, record.c.title, record.c.state, record.c.version, record.c.assignee_id, t.exercise)
    .join(t.exercise, t.exercise.c.id == record.c.id)
    .where(record.c.kind == "exercise")
    .order_by(t.exercise.c.disrupted_at, record.c.id)
)
RUNS_OF = RUNS.where(t.exercise.c.plan_id.in_(_IDS), record.c.state != "cancelled")
RUN = RUNS.where(record.c.id == bindparam("id"))
RUNNING = RUNS.where(record.c.state == "running")
RUN_STEPS = (
    select(t.exercise_step).where(t.exercise_step.c.exercise_id == bindparam("exercise")).order_by(t.exercise_step.c.position)
)
NEW_RUN_STEPS = insert(t.exercise_step)
CHANGE_RUN_STEP = (
    update(t.exercise_step)
    .where(t.exercise_step.c.id == bindparam("step"))
    .values(
        state=bindparam("to"), who=bindparam("on_it"),
        hands=bindparam("all_hands", type_=t.exercise_step.c.hands.type),
        started_at=bindparam("begun"), started_by=bindparam("begun_by"),
        finished_at=bindparam("ended"), finished_by=bindparam("ended_by"), override=bindparam("why"), note=bindparam("said"),
    )
)  # fmt: skip

# --- evidence

_HIT = select(link.c.source_id).where(link.c.relation == AFFECTS, HOLDS, link.c.target_id == bindparam("service"))
MAJORS = (
    select(record.c.id, record.c.number, record.c.title, record.c.occurred_at, record.c.created_at, incident.c.resolved_at,
           incident.c.restored_at, incident.c.newest_data_at, record.c.state, record.c.ci_id)
    .join(incident, incident.c.id == record.c.id)
    .where(record.c.kind == "incident", incident.c.major, record.c.state != "cancelled", incident.c.resolved_at.is_not(None))
    .order_by(record.c.occurred_at, record.c.id)
)  # fmt: skip
"""Major incidents that are over."""
MAJOR_OF = MAJORS.where(or_(record.c.service_id == bindparam("service"), record.c.id.in_(_HIT)))
"""Those that hit a service: as its own, or pinned to it."""
TOLD_BY_OUTAGES = (
    select(outage.c.incident_id, outage.c.started_at, outage.c.ended_at, record.c.number)
    .add_columns(func.coalesce(record.c.ci_id, record.c.service_id).label("node_id"))
    .join(record, record.c.id == outage.c.id)
    .where(outage.c.incident_id.in_(_IDS), record.c.state == "down")
    .order_by(outage.c.started_at, record.c.id)
)
"""When something was down, of these incidents."""
DECLARED = (
    select(journal.c.record_id, func.min(journal.c.at).label("at"))
    .where(journal.c.record_id.in_(_IDS), journal.c.what == "field", journal.c.field == "major")
    .group_by(journal.c.record_id)
)
CHANGED_CIS = (
    select(journal.c.record_id, journal.c.at, journal.c.what, journal.c.field, journal.c.actor)
    .where(
        journal.c.record_id.in_(_IDS),
        journal.c.at > bindparam("after"),
        or_(
            and_(journal.c.what == "field", journal.c.field.in_(bindparam("fields", expanding=True))),
            and_(journal.c.what.in_(("link", "unlink")), journal.c.field.in_(bindparam("relations", expanding=True))),
            journal.c.what == "state",
        ),
    )
    .order_by(journal.c.at, journal.c.seq)
    .limit(bindparam("limit"))
)
"""What was changed on CIs since an instant, the oldest first."""
CHANGES_DONE = (
    select(record.c.number, record.c.title, change.c.actual_end.label("at"), link.c.target_id.label("ci_id"))
    .join(change, change.c.id == record.c.id)
    .join(link, and_(link.c.source_id == record.c.id, link.c.relation == CHANGES, HOLDS))
    .where(
        record.c.kind == "change",
        link.c.target_id.in_(_IDS),
        change.c.actual_end > bindparam("after"),
        func.coalesce(change.c.code, "").not_in(("backed-out", "failed")),
    )
    .order_by(change.c.actual_end, record.c.id)
    .limit(bindparam("limit"))
)
"""Changes that were carried out on CIs since an instant."""

# --- risks and the copy

RISKS = (
    select(
        record.c.id,
        record.c.number,
        record.c.title,
        record.c.state,
        record.c.service_id,
        record.c.ci_id,
        record.c.assignee_id,
        t.risk,
    )
    .join(t.risk, t.risk.c.id == record.c.id)
    .where(record.c.kind == "risk", record.c.state != "closed")
    .order_by(t.risk.c.score.desc(), record.c.id)
    .limit(bindparam("limit"))
)
STAND = select(func.count(record.c.id), func.max(record.c.updated_at), func.sum(record.c.version)).where(
    record.c.kind.in_(("continuity-plan", "recovery-step", "impact-analysis", "backup-schedule"))
)
"""Differs once anything differs that the local copy of the plans tells of."""
NAMES = select(record.c.id, record.c.number, record.c.title).where(record.c.id.in_(_IDS))
