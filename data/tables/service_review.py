"""Service reviews, what they said when they were published, and the service improvement programme."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table, Text

from data.base import Document, extends_record, identity, instant, metadata, reference

service_review = Table(
    "service_review",
    metadata,
    extends_record(),
    reference("agreement_id"),
    instant("from_at", nullable=False),
    instant("to_at", nullable=False),
    instant("held_at"),
    Column("attendees", Text),
    Column("comments", Text),
    instant("published_at"),
    Column("published_by", String(80)),
    Column("digest", String(64)),
)
"""Achieved against agreed, over a period. Service and customer stand in the spine."""
Index("ix_service_review_agreement", service_review.c.agreement_id)

review_seal = Table(
    "review_seal",
    metadata,
    identity(),
    reference("review_id", nullable=False, unique=True),
    Column("digest", String(64), nullable=False),
    Column("content", Document, nullable=False),
    instant("at", nullable=False),
)
"""What a review said when it was published. Appended to, one row a review, never changed."""

improvement = Table(
    "improvement",
    metadata,
    extends_record(),
    Column("description", Text),
    instant("finish_by"),
    reference("agreement_id"),
    reference("target_id"),
    reference("review_id"),
    reference("problem_id"),
    reference("change_id"),
    Column("measure", String(255)),
    Column("measured_days", Integer),
    Column("before", String(40)),
    Column("wanted", String(40)),
    Column("after", String(40)),
    instant("implemented_at"),
    Column("outcome", String(12)),
    Column("conclusion", Text),
    Column("reason", Text),
)
"""One action of the service improvement programme. Its owner is the spine's assignee."""
for _name in ("agreement", "review", "problem", "change"):
    Index(f"ix_improvement_{_name}", improvement.c[f"{_name}_id"])
