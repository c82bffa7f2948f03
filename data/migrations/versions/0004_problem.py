"""Problem management: problems, known errors, hypotheses and candidates."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from data.base import Document, Key

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

APPEND_ONLY = ("workaround_post",)
KEYLESS = "problem_key"
"""What incidents said of their problem before: its number in another system, as text."""


def upgrade() -> None:
    """Apply this revision."""
    _problems()
    _parts()
    _candidates()
    _incidents()
    _guard()


def downgrade() -> None:
    """Take this revision back."""
    _unguard()
    with op.batch_alter_table("incident") as batch:
        batch.add_column(sa.Column(KEYLESS, sa.String(80), nullable=True))
        batch.drop_index("ix_incident_problem")
        batch.drop_constraint("fk_incident_problem_id_record", type_="foreignkey")
        batch.drop_constraint("fk_incident_known_error_id_record", type_="foreignkey")
        batch.drop_column("problem_id")
        batch.drop_column("known_error_id")
    for name in ("problem_candidate", "workaround_post", "problem_why", "known_error", "problem"):
        op.drop_table(name)


def _record(table: str, column: str, target: str = "record") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def _own(table: str) -> tuple[sa.Column[int], sa.PrimaryKeyConstraint]:
    return sa.Column("id", Key, autoincrement=False, nullable=False), sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))


def _problems() -> None:
    key, primary = _own("problem")
    op.create_table(
        "problem",
        key,
        sa.Column("description", sa.Text()),
        sa.Column("symptoms", sa.Text()),
        sa.Column("category", sa.String(80)),
        sa.Column("impact", sa.SmallInteger(), nullable=False),
        sa.Column("urgency", sa.SmallInteger(), nullable=False),
        sa.Column("priority_reason", sa.Text()),
        sa.Column("versions", Document()),
        sa.Column("root_cause", sa.Text()),
        sa.Column("root_cause_code", sa.String(80)),
        sa.Column("root_cause_at", sa.BigInteger()),
        sa.Column("workaround", sa.Text()),
        sa.Column("workaround_at", sa.BigInteger()),
        sa.Column("audience", sa.String(12), server_default=sa.text("'everybody'"), nullable=False),
        sa.Column("published_at", sa.BigInteger()),
        sa.Column("published_digest", sa.String(64)),
        sa.Column("fix_seconds", sa.Integer()),
        sa.Column("change_id", Key),
        sa.Column("solution", sa.Text()),
        sa.Column("duplicate_of_id", Key),
        sa.Column("risk_reason", sa.Text()),
        sa.Column("resolved_at", sa.BigInteger()),
        sa.Column("reopens", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("recurred_at", sa.BigInteger()),
        sa.Column("recurrences", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("external_key", sa.String(120)),
        *(_record("problem", name) for name in ("id", "change_id", "duplicate_of_id")),
        primary,
    )
    op.create_index("ix_problem_change", "problem", ["change_id"])
    op.create_index("ix_problem_external_key", "problem", ["external_key"])
    key, primary = _own("known_error")
    op.create_table(
        "known_error",
        key,
        sa.Column("problem_id", Key, nullable=False),
        sa.Column("symptom", sa.Text()),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("workaround", sa.Text(), nullable=False),
        sa.Column("versions", Document()),
        sa.Column("category", sa.String(80)),
        *(_record("known_error", name) for name in ("id", "problem_id")),
        primary,
        sa.UniqueConstraint("problem_id", name=op.f("uq_known_error_problem_id")),
    )


def _parts() -> None:
    op.create_table(
        "problem_why",
        sa.Column("id", Key, nullable=False),
        sa.Column("problem_id", Key, nullable=False),
        sa.Column("parent_id", Key),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("verdict", sa.String(12), nullable=False),
        sa.Column("evidence", sa.Text()),
        sa.Column("actor", sa.String(80), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("dropped_at", sa.BigInteger()),
        _record("problem_why", "problem_id"),
        _record("problem_why", "parent_id", "problem_why"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_problem_why")),
    )
    op.create_index("ix_problem_why_problem", "problem_why", ["problem_id"])
    op.create_table(
        "workaround_post",
        sa.Column("id", Key, nullable=False),
        sa.Column("problem_id", Key, nullable=False),
        sa.Column("incident_id", Key, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(80), nullable=False),
        _record("workaround_post", "problem_id"),
        _record("workaround_post", "incident_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workaround_post")),
        sa.UniqueConstraint("incident_id", "problem_id", "digest", name=op.f("uq_workaround_post_incident_id_problem_id_digest")),
    )


def _candidates() -> None:
    key, primary = _own("problem_candidate")
    op.create_table(
        "problem_candidate",
        key,
        sa.Column("pattern", sa.String(12), nullable=False),
        sa.Column("subject_id", Key),
        sa.Column("subject", sa.String(160)),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("evidence", Document(), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("problem_id", Key),
        *(_record("problem_candidate", name) for name in ("id", "subject_id", "problem_id")),
        primary,
        sa.UniqueConstraint("key", name=op.f("uq_problem_candidate_key")),
    )
    op.create_index("ix_problem_candidate_pattern", "problem_candidate", ["pattern", "subject_id"])


def _incidents() -> None:
    """Incidents name their problem by reference. What they said as text stays in their journal."""
    with op.batch_alter_table("incident") as batch:
        batch.add_column(sa.Column("problem_id", Key, nullable=True))
        batch.add_column(sa.Column("known_error_id", Key, nullable=True))
        batch.create_foreign_key(op.f("fk_incident_problem_id_record"), "record", ["problem_id"], ["id"])
        batch.create_foreign_key(op.f("fk_incident_known_error_id_record"), "record", ["known_error_id"], ["id"])
        batch.drop_column(KEYLESS)
        batch.create_index("ix_incident_problem", ["problem_id"])


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
