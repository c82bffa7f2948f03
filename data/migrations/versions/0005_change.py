"""Change management: changes, votes, work orders, templates, boards, freezes; incidents name changes by reference."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

LINKS = ("change_id", "caused_by_id")
"""By which change an incident is solved, and which one caused it."""
KEYS = ("change_key", "cause_key")
"""The same as text, until now. What stood in them stays readable in the journal."""
TABLES = (
    "change", "change_template", "change_vote", "board", "board_meeting", "work_order", "freeze",
)  # fmt: skip


def _key() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _document() -> sa.types.TypeEngine[object]:
    return sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def upgrade() -> None:
    """Apply this revision."""
    _create_tables()
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name in LINKS:
        constraint = f"CONSTRAINT fk_incident_{name}_record REFERENCES record (id)"
        op.execute(f"ALTER TABLE incident ADD COLUMN {name} {'INTEGER' if sqlite else 'BIGINT'} {constraint}")
        op.create_index(f"ix_incident_{name}", "incident", [name], unique=False)
    for name in KEYS:
        op.drop_column("incident", name)
    for act in ("UPDATE", "DELETE") if sqlite else ():
        op.execute(
            f"CREATE TRIGGER change_vote_no_{act.lower()} BEFORE {act} ON change_vote "
            "BEGIN SELECT RAISE(ABORT, 'change_vote is append-only: entries are never edited or deleted'); END"
        )
    if not sqlite:
        for name, event, each in (("append_only", "UPDATE OR DELETE", "ROW"), ("no_truncate", "TRUNCATE", "STATEMENT")):
            op.execute(
                f"CREATE TRIGGER change_vote_{name} BEFORE {event} ON change_vote FOR EACH {each} EXECUTE FUNCTION refuse_edit()"
            )


def _create_tables() -> None:
    op.create_table(
        "board",
        sa.Column("id", _key(), autoincrement=False, nullable=False),
        sa.Column("type", sa.String(length=8), nullable=False),
        sa.Column("rule", sa.String(length=12), nullable=False),
        sa.Column("quorum", sa.SmallInteger(), nullable=False),
        sa.Column("chair_id", _key(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["chair_id"], ["record.id"], name=op.f("fk_board_chair_id_record")),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_board_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board")),
    )
    op.create_table(
        "board_meeting",
        sa.Column("id", _key(), autoincrement=False, nullable=False),
        sa.Column("board_id", _key(), nullable=False),
        sa.Column("chair_id", _key(), nullable=True),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=True),
        sa.Column("minutes", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["board_id"], ["record.id"], name=op.f("fk_board_meeting_board_id_record")),
        sa.ForeignKeyConstraint(["chair_id"], ["record.id"], name=op.f("fk_board_meeting_chair_id_record")),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_board_meeting_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board_meeting")),
    )
    op.create_table(
        "change",
        sa.Column("id", _key(), autoincrement=False, nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("category", sa.String(length=12), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("plan", sa.Text(), nullable=True),
        sa.Column("backout_plan", sa.Text(), nullable=True),
        sa.Column("test_plan", sa.Text(), nullable=True),
        sa.Column("risk_answers", _document(), nullable=True),
        sa.Column("disruption", sa.String(length=12), nullable=True),
        sa.Column("type", sa.String(length=12), nullable=False),
        sa.Column("template_id", _key(), nullable=True),
        sa.Column("board_id", _key(), nullable=True),
        sa.Column("author_id", _key(), nullable=True),
        sa.Column("window_start", sa.BigInteger(), nullable=True),
        sa.Column("window_end", sa.BigInteger(), nullable=True),
        sa.Column("actual_start", sa.BigInteger(), nullable=True),
        sa.Column("actual_end", sa.BigInteger(), nullable=True),
        sa.Column("downtime_seconds", sa.Integer(), nullable=True),
        sa.Column("risk", sa.SmallInteger(), nullable=True),
        sa.Column("risk_level", sa.String(length=12), nullable=True),
        sa.Column("risk_basis", _document(), nullable=True),
        sa.Column("approval_round", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("content", sa.String(length=64), nullable=True),
        sa.Column("approved_content", sa.String(length=64), nullable=True),
        sa.Column("submitted_at", sa.BigInteger(), nullable=True),
        sa.Column("approved_at", sa.BigInteger(), nullable=True),
        sa.Column("code", sa.String(length=24), nullable=True),
        sa.Column("review", sa.Text(), nullable=True),
        sa.Column("reviewed_at", sa.BigInteger(), nullable=True),
        sa.Column("reviewed_by_id", _key(), nullable=True),
        sa.Column("tags", _document(), nullable=True),
        sa.Column("external_key", sa.String(length=120), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["record.id"], name=op.f("fk_change_author_id_record")),
        sa.ForeignKeyConstraint(["board_id"], ["record.id"], name=op.f("fk_change_board_id_record")),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_change_id_record")),
        sa.ForeignKeyConstraint(["reviewed_by_id"], ["record.id"], name=op.f("fk_change_reviewed_by_id_record")),
        sa.ForeignKeyConstraint(["template_id"], ["record.id"], name=op.f("fk_change_template_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change")),
    )
    op.create_index("ix_change_actual_end", "change", ["actual_end"], unique=False)
    op.create_index("ix_change_window", "change", ["window_end", "window_start"], unique=False)
    op.create_table(
        "change_template",
        sa.Column("id", _key(), autoincrement=False, nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("category", sa.String(length=12), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("plan", sa.Text(), nullable=True),
        sa.Column("backout_plan", sa.Text(), nullable=True),
        sa.Column("test_plan", sa.Text(), nullable=True),
        sa.Column("risk_answers", _document(), nullable=True),
        sa.Column("disruption", sa.String(length=12), nullable=True),
        sa.Column("duration_seconds", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_change_template_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_template")),
    )
    op.create_table(
        "change_vote",
        sa.Column("id", _key(), nullable=False),
        sa.Column("change_id", _key(), nullable=False),
        sa.Column("board_id", _key(), nullable=True),
        sa.Column("seat_id", _key(), nullable=False),
        sa.Column("voter_id", _key(), nullable=False),
        sa.Column("vote", sa.String(length=8), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("approval_round", sa.Integer(), nullable=False),
        sa.Column("content", sa.String(length=64), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["board_id"], ["record.id"], name=op.f("fk_change_vote_board_id_record")),
        sa.ForeignKeyConstraint(["change_id"], ["record.id"], name=op.f("fk_change_vote_change_id_record")),
        sa.ForeignKeyConstraint(["seat_id"], ["record.id"], name=op.f("fk_change_vote_seat_id_record")),
        sa.ForeignKeyConstraint(["voter_id"], ["record.id"], name=op.f("fk_change_vote_voter_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_vote")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_change_vote_change", "change_vote", ["change_id", "id"], unique=False)
    op.create_table(
        "freeze",
        sa.Column("id", _key(), autoincrement=False, nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("emergencies", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_freeze_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_freeze")),
    )
    op.create_index("ix_freeze_ends_at", "freeze", ["ends_at"], unique=False)
    op.create_table(
        "work_order",
        sa.Column("id", _key(), autoincrement=False, nullable=False),
        sa.Column("change_id", _key(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("step", sa.String(length=12), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("planned_start", sa.BigInteger(), nullable=True),
        sa.Column("planned_end", sa.BigInteger(), nullable=True),
        sa.Column("actual_start", sa.BigInteger(), nullable=True),
        sa.Column("actual_end", sa.BigInteger(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["change_id"], ["record.id"], name=op.f("fk_work_order_change_id_record")),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_work_order_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_order")),
    )
    op.create_index("ix_work_order_change", "work_order", ["change_id", "position"], unique=False)


def downgrade() -> None:
    """Take this revision back."""
    for name in KEYS:
        op.add_column("incident", sa.Column(name, sa.String(length=80), nullable=True))
    for name in LINKS:
        op.drop_index(f"ix_incident_{name}", "incident")
        op.drop_column("incident", name)
    for table in TABLES:
        op.drop_table(table)
