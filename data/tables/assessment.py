"""Self-assessments as they were taken: how mature each process was, with the evidence."""

from __future__ import annotations

from sqlalchemy import Column, Index, String, Table, Text

from data.base import Document, identity, instant, metadata

assessment = Table(
    "assessment",
    metadata,
    identity(),
    instant("at", nullable=False),
    Column("actor", String(80), nullable=False),
    Column("note", Text),
    Column("content", Document, nullable=False),
)
"""Appended to, never changed: progress is told by comparing them."""
Index("ix_assessment_at", assessment.c.at)
