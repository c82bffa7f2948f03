"""Capacity management: resources, samples and roll-ups, forecasts, scenarios and plans."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from data.base import Document, Key

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

APPEND_ONLY = ("resource_capacity", "capacity_forecast", "capacity_plan_version")
TABLES = (
    "capacity_plan_version", "capacity_plan", "capacity_scenario", "forecast_score", "capacity_forecast", "resource_reading",
    "resource_day", "resource_hour", "sample_dirty", "sample", "resource_capacity", "resource",
)


def upgrade() -> None:
    """Apply this revision."""
    _resources()
    _samples()
    _forecasts()
    _plans()
    _guard()


def downgrade() -> None:
    """Take this revision back."""
    _unguard()
    for name in TABLES:
        op.drop_table(name)


def _refers(table: str, column: str, target: str = "record") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def _own(table: str) -> tuple[sa.Column[int], sa.PrimaryKeyConstraint]:
    return sa.Column("id", Key, autoincrement=False, nullable=False), sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))


def _series(table: str, *columns: sa.Column[object]) -> None:
    """Create a table with a row for each resource and instant, lying in that order."""
    op.create_table(
        table,
        sa.Column("resource_id", Key, autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), autoincrement=False, nullable=False),
        *columns,
        _refers(table, "resource_id"),
        sa.PrimaryKeyConstraint("resource_id", "at", name=op.f(f"pk_{table}")),
        sqlite_with_rowid=False,
    )


def _resources() -> None:
    key, primary = _own("resource")
    op.create_table(
        "resource",
        key,
        sa.Column("role", sa.String(10), nullable=False),
        sa.Column("metric", sa.String(60), nullable=False),
        sa.Column("unit", sa.String(20)),
        sa.Column("direction", sa.String(4), nullable=False),
        sa.Column("capacity", sa.Double()),
        sa.Column("warn", sa.Double()),
        sa.Column("critical", sa.Double()),
        sa.Column("rearm", sa.Double()),
        sa.Column("confirm_samples", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("lead_time_days", sa.Integer()),
        sa.Column("method", sa.String(16), nullable=False),
        sa.Column("basis", sa.String(6), nullable=False),
        sa.Column("keep_samples_days", sa.Integer(), nullable=False),
        sa.Column("keep_hours_days", sa.Integer(), nullable=False),
        sa.Column("collect", sa.String(8)),
        sa.Column("collect_path", sa.String(400)),
        sa.Column("collect_host", sa.String(255)),
        sa.Column("upgrade_amount", sa.Double()),
        sa.Column("upgrade_cost", sa.BigInteger()),
        sa.Column("currency", sa.String(3)),
        sa.Column("external_key", sa.String(400)),
        sa.Column("owner_id", Key),
        sa.Column("description", sa.Text()),
        sa.Column("level", sa.String(10), server_default=sa.text("'ok'"), nullable=False),
        sa.Column("level_at", sa.BigInteger()),
        sa.Column("armed", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("incident_id", Key),
        *(_refers("resource", name) for name in ("id", "owner_id", "incident_id")),
        primary,
    )
    op.create_index("ix_resource_external_key", "resource", ["external_key"])
    op.create_table(
        "resource_capacity",
        sa.Column("id", Key, nullable=False),
        sa.Column("resource_id", Key, nullable=False),
        sa.Column("from_at", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.Double(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("change_id", Key),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(80), nullable=False),
        _refers("resource_capacity", "resource_id"),
        _refers("resource_capacity", "change_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resource_capacity")),
    )
    op.create_index("ix_resource_capacity_resource", "resource_capacity", ["resource_id", "from_at"])


def _samples() -> None:
    _series("sample", sa.Column("value", sa.Double(), nullable=False))
    _series("sample_dirty", sa.Column("marks", sa.Integer(), nullable=False))
    for name in ("resource_hour", "resource_day"):
        figures = (sa.Column(one, sa.Double(), nullable=False) for one in ("least", "mean", "p95", "most"))
        _series(name, sa.Column("samples", sa.Integer(), nullable=False), *figures)
    op.create_table(
        "resource_reading",
        sa.Column("resource_id", Key, autoincrement=False, nullable=False),
        sa.Column("latest_at", sa.BigInteger(), nullable=False),
        sa.Column("latest", sa.Double(), nullable=False),
        sa.Column("judged_at", sa.BigInteger()),
        sa.Column("samples_from", sa.BigInteger()),
        sa.Column("hours_from", sa.BigInteger()),
        _refers("resource_reading", "resource_id"),
        sa.PrimaryKeyConstraint("resource_id", name=op.f("pk_resource_reading")),
    )


def _forecasts() -> None:
    op.create_table(
        "capacity_forecast",
        sa.Column("id", Key, nullable=False),
        sa.Column("resource_id", Key, nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("as_of", sa.BigInteger(), nullable=False),
        sa.Column("method", sa.String(16), nullable=False),
        sa.Column("series", sa.String(8), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        *(sa.Column(one, sa.Double()) for one in (
            "slope", "r2", "threshold", "seconds_left", "seconds_left_low", "seconds_left_high")),
        sa.Column("withheld", sa.Text()),
        _refers("capacity_forecast", "resource_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capacity_forecast")),
        sa.UniqueConstraint("resource_id", "made_at", name=op.f("uq_capacity_forecast_resource_id_made_at")),
    )
    op.create_table(
        "forecast_score",
        sa.Column("forecast_id", Key, autoincrement=False, nullable=False),
        sa.Column("due_at", sa.BigInteger(), autoincrement=False, nullable=False),
        *(sa.Column(one, sa.Double(), nullable=False) for one in ("predicted", "low", "high")),
        sa.Column("actual", sa.Double()),
        sa.Column("scored_at", sa.BigInteger()),
        _refers("forecast_score", "forecast_id", "capacity_forecast"),
        sa.PrimaryKeyConstraint("forecast_id", "due_at", name=op.f("pk_forecast_score")),
    )
    op.create_index("ix_forecast_score_due", "forecast_score", ["scored_at", "due_at"])


def _plans() -> None:
    key, primary = _own("capacity_scenario")
    op.create_table(
        "capacity_scenario",
        key,
        sa.Column("driver_id", Key, nullable=False),
        sa.Column("growth_percent", sa.Double(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("description", sa.Text()),
        _refers("capacity_scenario", "id"),
        _refers("capacity_scenario", "driver_id"),
        primary,
    )
    key, primary = _own("capacity_plan")
    op.create_table(
        "capacity_plan",
        key,
        sa.Column("horizon_days", sa.Integer(), nullable=False),
        sa.Column("scope", sa.Text()),
        sa.Column("assumptions", sa.Text()),
        sa.Column("options", Document()),
        sa.Column("recommendations", sa.Text()),
        sa.Column("versions", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("frozen_at", sa.BigInteger()),
        _refers("capacity_plan", "id"),
        primary,
    )
    op.create_table(
        "capacity_plan_version",
        sa.Column("id", Key, nullable=False),
        sa.Column("plan_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(80), nullable=False),
        sa.Column("document", Document(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        _refers("capacity_plan_version", "plan_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capacity_plan_version")),
        sa.UniqueConstraint("plan_id", "version", name=op.f("uq_capacity_plan_version_plan_id_version")),
    )


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
