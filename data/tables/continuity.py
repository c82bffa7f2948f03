"""Continuity: what an outage costs the business, the plans against it with their steps, runs of them, risks, backups."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, SmallInteger, String, Table, Text, UniqueConstraint

from data.base import Document, extends_record, identity, instant, metadata, reference


def _seconds(name: str) -> Column[int]:
    return Column(name, BigInteger)


impact_analysis = Table(
    "impact_analysis",
    metadata,
    extends_record(),
    Column("impacts", Document),
    Column("unacceptable", SmallInteger, nullable=False),
    _seconds("mtpd_seconds"),
    _seconds("rto_seconds"),
    _seconds("rpo_seconds"),
    _seconds("wrt_seconds"),
    reference("owner_id"),
    Column("minimum", Text),
    Column("peak", String(255)),
    instant("review_at"),
    Column("note", Text),
)

backup_schedule = Table(
    "backup_schedule",
    metadata,
    extends_record(),
    _seconds("interval_seconds"),
    _seconds("duration_seconds"),
    _seconds("lag_seconds"),
    Column("place", String(160)),
    instant("restored_at"),
    Column("note", Text),
)

continuity_plan = Table(
    "continuity_plan",
    metadata,
    extends_record(),
    Column("strategy", String(20)),
    Column("plan_version", Integer, nullable=False),
    reference("deputy_id"),
    Column("trigger", Text),
    Column("site", String(160)),
    Column("call_tree", Text),
    Column("description", Text),
    Column("evidence_days", Integer, nullable=False),
    instant("review_at"),
    Column("approved_by", String(80)),
    instant("approved_at"),
)

plan_version = Table(
    "plan_version",
    metadata,
    identity(),
    reference("plan_id", nullable=False),
    Column("version", Integer, nullable=False),
    Column("approved_by", String(80), nullable=False),
    instant("approved_at", nullable=False),
    Column("steps", Document, nullable=False),
    Column("call_tree", Text),
    UniqueConstraint("plan_id", "version"),
)
"""A plan as it was approved: its steps in full. Triggers refuse to change or delete it."""

recovery_step = Table(
    "recovery_step",
    metadata,
    extends_record(),
    reference("plan_id", nullable=False),
    Column("position", Integer),
    Column("minutes", Integer, nullable=False),
    Column("after", Document),
    Column("role", String(120)),
    Column("instructions", Text),
)
Index("ix_recovery_step_plan", recovery_step.c.plan_id, recovery_step.c.position)

exercise = Table(
    "exercise",
    metadata,
    extends_record(),
    reference("plan_id", nullable=False),
    Column("type", String(12), nullable=False),
    Column("scenario", Text),
    Column("plan_version", Integer),
    Column("of_draft", Boolean),
    instant("planned_at"),
    instant("disrupted_at"),
    instant("invoked_at"),
    instant("verified_at"),
    instant("newest_data_at"),
    reference("restored_by_id"),
    reference("verified_by_id"),
    reference("incident_id"),
    _seconds("rto_seconds"),
    _seconds("rpo_seconds"),
    Column("objectives", Document),
    _seconds("rto_actual_seconds"),
    _seconds("from_invocation_seconds"),
    _seconds("rpo_actual_seconds"),
    Column("result", String(10)),
    Column("progress", String(160)),
    Column("review", Text),
)
Index("ix_exercise_plan", exercise.c.plan_id, exercise.c.disrupted_at)

exercise_step = Table(
    "exercise_step",
    metadata,
    identity(),
    reference("exercise_id", nullable=False),
    reference("step_id"),
    Column("position", Integer, nullable=False),
    Column("number", String(40), nullable=False),
    Column("name", String(160), nullable=False),
    _seconds("planned_seconds"),
    Column("after", Document, nullable=False),
    Column("role", String(120)),
    Column("instructions", Text),
    Column("state", String(12), nullable=False),
    Column("who", String(80)),
    Column("hands", Document),
    instant("started_at"),
    Column("started_by", String(80)),
    instant("finished_at"),
    Column("finished_by", String(80)),
    Column("override", String(255)),
    Column("note", String(400)),
    UniqueConstraint("exercise_id", "position"),
)
"""One step of a run: as the plan had it when the run began, who was on it, and when."""

risk = Table(
    "risk",
    metadata,
    extends_record(),
    Column("likelihood", SmallInteger, nullable=False),
    Column("impact", SmallInteger, nullable=False),
    Column("score", SmallInteger),
    Column("level", String(10)),
    Column("threat", Text),
    Column("treatment", String(12)),
    Column("measures", Text),
    instant("review_at"),
    reference("plan_id"),
)
Index("ix_risk_plan", risk.c.plan_id)
