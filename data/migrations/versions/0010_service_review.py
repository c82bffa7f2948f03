"""Service reviews with their seals, the improvement programme, breach forecasts, and self-assessments."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from data.base import Document, Key

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

APPEND_ONLY = ("review_seal", "forecast_point", "assessment")
INDEXED = ("agreement", "review", "problem", "change")
"""What an improvement hangs on, each with an index."""


def upgrade() -> None:
    """Apply this revision."""
    _reviews()
    _improvements()
    _forecasts()
    _assessments()
    _guard()


def downgrade() -> None:
    """Take this revision back."""
    _unguard()
    for name in ("assessment", "forecast_point", "breach_forecast", "improvement", "review_seal", "service_review"):
        op.drop_table(name)


def _points(table: str, column: str, target: str = "record") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def _own(table: str) -> tuple[sa.Column[int], sa.PrimaryKeyConstraint]:
    return sa.Column("id", Key, autoincrement=False, nullable=False), sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))


def _reviews() -> None:
    key, primary = _own("service_review")
    op.create_table(
        "service_review",
        key,
        sa.Column("agreement_id", Key),
        sa.Column("from_at", sa.BigInteger(), nullable=False),
        sa.Column("to_at", sa.BigInteger(), nullable=False),
        sa.Column("held_at", sa.BigInteger()),
        sa.Column("attendees", sa.Text()),
        sa.Column("comments", sa.Text()),
        sa.Column("published_at", sa.BigInteger()),
        sa.Column("published_by", sa.String(80)),
        sa.Column("digest", sa.String(64)),
        *(_points("service_review", name) for name in ("id", "agreement_id")),
        primary,
    )
    op.create_index("ix_service_review_agreement", "service_review", ["agreement_id"])
    op.create_table(
        "review_seal",
        sa.Column("id", Key, nullable=False),
        sa.Column("review_id", Key, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("content", Document(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        _points("review_seal", "review_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_seal")),
        sa.UniqueConstraint("review_id", name=op.f("uq_review_seal_review_id")),
    )


def _improvements() -> None:
    key, primary = _own("improvement")
    references = ("agreement_id", "target_id", "review_id", "problem_id", "change_id")
    op.create_table(
        "improvement",
        key,
        sa.Column("description", sa.Text()),
        sa.Column("finish_by", sa.BigInteger()),
        *(sa.Column(name, Key) for name in references),
        sa.Column("measure", sa.String(255)),
        sa.Column("measured_days", sa.Integer()),
        sa.Column("before", sa.String(40)),
        sa.Column("wanted", sa.String(40)),
        sa.Column("after", sa.String(40)),
        sa.Column("implemented_at", sa.BigInteger()),
        sa.Column("outcome", sa.String(12)),
        sa.Column("conclusion", sa.Text()),
        sa.Column("reason", sa.Text()),
        *(_points("improvement", name) for name in ("id", *references)),
        primary,
    )
    for name in INDEXED:
        op.create_index(f"ix_improvement_{name}", "improvement", [f"{name}_id"])


def _forecasts() -> None:
    op.create_table(
        "breach_forecast",
        sa.Column("record_id", Key, autoincrement=False, nullable=False),
        sa.Column("clock_id", Key, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("elapsed_seconds", sa.Integer(), nullable=False),
        sa.Column("target_seconds", sa.Integer(), nullable=False),
        sa.Column("probability", sa.Float()),
        sa.Column("low", sa.Float()),
        sa.Column("high", sa.Float()),
        sa.Column("at_risk", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(120), nullable=False),
        _points("breach_forecast", "record_id"),
        _points("breach_forecast", "clock_id", "clock"),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_breach_forecast")),
    )
    op.create_table(
        "forecast_point",
        sa.Column("id", Key, nullable=False),
        sa.Column("clock_id", Key, nullable=False),
        sa.Column("point", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("probability", sa.Float(), nullable=False),
        _points("forecast_point", "clock_id", "clock"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forecast_point")),
        sa.UniqueConstraint("clock_id", "point", name=op.f("uq_forecast_point_clock_id_point")),
    )


def _assessments() -> None:
    op.create_table(
        "assessment",
        sa.Column("id", Key, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(80), nullable=False),
        sa.Column("note", sa.Text()),
        sa.Column("content", Document(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
    )
    op.create_index("ix_assessment_at", "assessment", ["at"])


def _guard() -> None:
    for table in APPEND_ONLY:
        if op.get_bind().dialect.name == "sqlite":
            for act in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only: entries are never edited or deleted'); END"
                )
            continue
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_edit()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_edit()"
        )


def _unguard() -> None:
    for table in APPEND_ONLY:
        if op.get_bind().dialect.name == "sqlite":
            for act in ("update", "delete"):
                op.execute(f"DROP TRIGGER {table}_no_{act}")
            continue
        op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
        op.execute(f"DROP TRIGGER {table}_no_truncate ON {table}")
