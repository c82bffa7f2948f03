"""Availability management: outages, summaries of days and months, the stamps of an incident's life cycle."""

import sqlalchemy as sa
from alembic import op

from data.base import Document, Key

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

STAMPS = ("detected_at", "diagnosed_at", "repaired_at", "recovered_at", "restored_at")
"""Of the expanded incident life cycle, besides when it occurred."""
PARTIAL = (
    ("ix_record_failure", "record", "occurred_at", "kind = 'incident' AND priority = 1"),
    ("ix_journal_priority", "journal", "at", "what = 'field' AND field = 'priority'"),
)
"""What says that something was down: incidents of the highest priority, and those that had it once."""


def upgrade() -> None:
    """Apply this revision."""
    _outages()
    _summaries()
    for name in STAMPS:
        op.add_column("incident", sa.Column(name, sa.BigInteger(), nullable=True))
    op.add_column("service", sa.Column("vital_functions", Document(), nullable=True))
    for name in ("mtbf_seconds", "mtrs_seconds"):
        op.add_column("ci", sa.Column(name, sa.BigInteger(), nullable=True))
    for name, table, column, where in PARTIAL:
        condition = sa.text(where)
        op.create_index(name, table, [column], unique=False, sqlite_where=condition, postgresql_where=condition)


def downgrade() -> None:
    """Take this revision back."""
    for name, table, _, _ in PARTIAL:
        op.drop_index(name, table)
    for table, names in (("ci", ("mtbf_seconds", "mtrs_seconds")), ("service", ("vital_functions",)), ("incident", STAMPS)):
        for name in names:
            op.drop_column(table, name)
    for table in ("availability_progress", "availability_summary", "outage"):
        op.drop_table(table)


def _outages() -> None:
    op.create_table(
        "outage",
        sa.Column("id", Key, autoincrement=False, nullable=False),
        sa.Column("cause", sa.String(16), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("incident_id", Key, nullable=True),
        sa.Column("change_id", Key, nullable=True),
        sa.Column("supplier", sa.String(120), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("external_key", sa.String(120), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_outage_id_record")),
        sa.ForeignKeyConstraint(["incident_id"], ["record.id"], name=op.f("fk_outage_incident_id_record")),
        sa.ForeignKeyConstraint(["change_id"], ["record.id"], name=op.f("fk_outage_change_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outage")),
    )
    for name, column in (
        ("started_at", "started_at"), ("ended_at", "ended_at"), ("incident", "incident_id"), ("change", "change_id"),
        ("external_key", "external_key"),
    ):  # fmt: skip
        op.create_index(f"ix_outage_{name}", "outage", [column], unique=False)


def _summaries() -> None:
    op.create_table(
        "availability_summary",
        sa.Column("id", Key, nullable=False),
        sa.Column("node_id", Key, nullable=False),
        sa.Column("period", sa.String(8), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("agreed_seconds", sa.Integer(), nullable=False),
        sa.Column("downtime_seconds", sa.Integer(), nullable=False),
        sa.Column("planned_seconds", sa.Integer(), nullable=False),
        sa.Column("unknown_seconds", sa.Integer(), nullable=False),
        sa.Column("outages", sa.Integer(), nullable=False),
        sa.Column("attribution", Document(), nullable=True),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("reopened_at", sa.BigInteger(), nullable=True),
        sa.Column("before", Document(), nullable=True),
        sa.Column("revisions", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.ForeignKeyConstraint(["node_id"], ["record.id"], name=op.f("fk_availability_summary_node_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_availability_summary")),
        sa.UniqueConstraint(
            "node_id", "period", "starts_at", name=op.f("uq_availability_summary_node_id_period_starts_at")
        ),
    )
    op.create_index("ix_availability_summary_period", "availability_summary", ["period", "starts_at"], unique=False)
    op.create_table(
        "availability_progress",
        sa.Column("period", sa.String(8), nullable=False),
        sa.Column("summed_until", sa.BigInteger(), nullable=False),
        sa.Column("cursor", sa.String(200), nullable=True),
        sa.PrimaryKeyConstraint("period", name=op.f("pk_availability_progress")),
    )
