"""Problem management's own records: problems, known errors, the causes that were asked for, workarounds sent, candidates."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, SmallInteger, String, Table, Text, UniqueConstraint, text

from data.base import Document, extends_record, identity, instant, metadata, reference

problem = Table(
    "problem",
    metadata,
    extends_record(),
    Column("description", Text),
    Column("symptoms", Text),
    Column("category", String(80)),
    Column("impact", SmallInteger, nullable=False),
    Column("urgency", SmallInteger, nullable=False),
    Column("priority_reason", Text),
    Column("versions", Document),
    Column("root_cause", Text),
    Column("root_cause_code", String(80)),
    instant("root_cause_at"),
    Column("workaround", Text),
    instant("workaround_at"),
    Column("audience", String(12), nullable=False, server_default=text("'everybody'")),
    instant("published_at"),
    Column("published_digest", String(64)),
    Column("fix_seconds", Integer),
    reference("change_id"),
    Column("solution", Text),
    reference("duplicate_of_id"),
    Column("risk_reason", Text),
    instant("resolved_at"),
    Column("reopens", Integer, nullable=False, server_default=text("0")),
    instant("recurred_at"),
    Column("recurrences", Integer, nullable=False, server_default=text("0")),
    Column("external_key", String(120)),
)
Index("ix_problem_change", problem.c.change_id)
Index("ix_problem_external_key", problem.c.external_key)

known_error = Table(
    "known_error",
    metadata,
    extends_record(),
    reference("problem_id", nullable=False, unique=True),
    Column("symptom", Text),
    Column("cause", Text, nullable=False),
    Column("workaround", Text, nullable=False),
    Column("versions", Document),
    Column("category", String(80)),
)
"""What is known of a problem, one row a problem: kept by the desk itself, never by hand."""

problem_why = Table(
    "problem_why",
    metadata,
    identity(),
    reference("problem_id", nullable=False),
    reference("parent_id", "problem_why.id"),
    Column("position", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("verdict", String(12), nullable=False),
    Column("evidence", Text),
    Column("actor", String(80), nullable=False),
    instant("at", nullable=False),
    instant("dropped_at"),
)
"""One answer to the question why: under its parent, at its place among those beside it. What is dropped stays, marked."""
Index("ix_problem_why_problem", problem_why.c.problem_id)

workaround_post = Table(
    "workaround_post",
    metadata,
    identity(),
    reference("problem_id", nullable=False),
    reference("incident_id", nullable=False),
    Column("digest", String(64), nullable=False),
    instant("at", nullable=False),
    Column("actor", String(80), nullable=False),
    UniqueConstraint("incident_id", "problem_id", "digest"),
)
"""That a wording of a workaround stands on an incident: appended to, one row for each, so that nobody reads it twice."""

problem_candidate = Table(
    "problem_candidate",
    metadata,
    extends_record(),
    Column("pattern", String(12), nullable=False),
    reference("subject_id"),
    Column("subject", String(160)),
    Column("why", Text, nullable=False),
    Column("evidence", Document, nullable=False),
    Column("key", String(64), nullable=False, unique=True),
    Column("reason", Text),
    reference("problem_id"),
)
"""A pattern among incidents that may be a problem. `key` is made of the pattern and the incidents it was found in."""
Index("ix_problem_candidate_pattern", problem_candidate.c.pattern, problem_candidate.c.subject_id)
