"""Release management: the definitive library, builds, tests and waves."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_FINISHED = "EXISTS (SELECT 1 FROM release_build WHERE id = {row}.build_id AND finished_at IS NOT NULL)"
_SIGNED = "EXISTS (SELECT 1 FROM release_campaign WHERE id = {row}.campaign_id AND signed_at IS NOT NULL)"
_BUILD = "a finished build is a record: neither it nor its items are changed, added to or deleted; make another build"
_CAMPAIGN = "a signed campaign is a record: neither it nor its cases are changed, added to or deleted; test in another round"
GUARDS = (
    ("release_build", "UPDATE", "OLD.finished_at IS NOT NULL", _BUILD),
    ("release_build", "DELETE", "OLD.finished_at IS NOT NULL", _BUILD),
    (
        "release_build_item",
        "INSERT",
        "(SELECT items FROM release_build WHERE id = NEW.build_id)"
        " <= (SELECT count(*) FROM release_build_item WHERE build_id = NEW.build_id)",
        _BUILD,
    ),
    ("release_build_item", "UPDATE", f"{_FINISHED.format(row='OLD')} OR {_FINISHED.format(row='NEW')}", _BUILD),
    ("release_build_item", "DELETE", _FINISHED.format(row="OLD"), _BUILD),
    ("release_campaign", "UPDATE", "OLD.signed_at IS NOT NULL", _CAMPAIGN),
    ("release_campaign", "DELETE", "OLD.signed_at IS NOT NULL", _CAMPAIGN),
    (
        "release_case",
        "INSERT",
        "(SELECT cases FROM release_campaign WHERE id = NEW.campaign_id)"
        " <= (SELECT count(*) FROM release_case WHERE campaign_id = NEW.campaign_id)",
        _CAMPAIGN,
    ),
    ("release_case", "UPDATE", f"{_SIGNED.format(row='OLD')} OR {_SIGNED.format(row='NEW')}", _CAMPAIGN),
    ("release_case", "DELETE", _SIGNED.format(row="OLD"), _CAMPAIGN),
)
"""Table, act, when it is refused, and the sentence. Rows are added to a finished record only up to its own count: a restore."""


def upgrade() -> None:
    """Apply this revision."""
    op.create_table(
        "definitive_item",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("item_version", sa.String(length=60), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("licence", sa.String(length=255), nullable=True),
        sa.Column("licence_ci_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("supplier", sa.String(length=160), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("path", sa.String(length=400), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("size_bytes", sa.BigInteger(), nullable=True),
        sa.Column("deposited_by", sa.String(length=80), nullable=True),
        sa.Column("deposited_at", sa.BigInteger(), nullable=True),
        sa.Column("qa_result", sa.String(length=10), nullable=True),
        sa.Column("qa_evidence", sa.Text(), nullable=True),
        sa.Column("qa_by", sa.String(length=80), nullable=True),
        sa.Column("qa_at", sa.BigInteger(), nullable=True),
        sa.Column("integrity", sa.String(length=12), nullable=True),
        sa.Column("integrity_note", sa.String(length=400), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_definitive_item_id_record")),
        sa.ForeignKeyConstraint(["licence_ci_id"], ["record.id"], name=op.f("fk_definitive_item_licence_ci_id_record")),
        sa.ForeignKeyConstraint(["unit_id"], ["record.id"], name=op.f("fk_definitive_item_unit_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_definitive_item")),
    )
    op.create_index("ix_definitive_item_unit", "definitive_item", ["unit_id"], unique=False)
    op.create_table(
        "library_check",
        sa.Column("item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("checked_at", sa.BigInteger(), nullable=False),
        sa.Column("result", sa.String(length=12), nullable=False),
        sa.Column("detail", sa.String(length=400), nullable=False),
        sa.Column("checked_by", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["record.id"], name=op.f("fk_library_check_item_id_record")),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_library_check")),
    )
    op.create_table(
        "release",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("type", sa.String(length=12), nullable=False),
        sa.Column("category", sa.String(length=12), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("release_version", sa.String(length=40), nullable=True),
        sa.Column("plan", sa.Text(), nullable=True),
        sa.Column("backout_plan", sa.Text(), nullable=True),
        sa.Column("backout_rehearsed_at", sa.BigInteger(), nullable=True),
        sa.Column("backout_evidence", sa.Text(), nullable=True),
        sa.Column("target_at", sa.BigInteger(), nullable=True),
        sa.Column("early_life_days", sa.Integer(), nullable=False),
        sa.Column("review", sa.Text(), nullable=True),
        sa.Column("progress", sa.String(length=255), nullable=True),
        sa.Column("rollout_started_at", sa.BigInteger(), nullable=True),
        sa.Column("rolled_out_at", sa.BigInteger(), nullable=True),
        sa.Column("early_life_until", sa.BigInteger(), nullable=True),
        sa.Column("early_life_ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_release_id_record")),
        sa.ForeignKeyConstraint(["unit_id"], ["record.id"], name=op.f("fk_release_unit_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release")),
    )
    op.create_index("ix_release_unit", "release", ["unit_id"], unique=False)
    op.create_table(
        "release_build",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("release_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("started_by", sa.String(length=80), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("finished_by", sa.String(length=80), nullable=True),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("items", sa.Integer(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["release_id"], ["record.id"], name=op.f("fk_release_build_release_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release_build")),
        sa.UniqueConstraint("release_id", "position", name=op.f("uq_release_build_release_id_position")),
    )
    op.create_table(
        "release_unit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_release_unit_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release_unit")),
    )
    op.create_table(
        "release_wave",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("release_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("planned_at", sa.BigInteger(), nullable=True),
        sa.Column("accepted_by", sa.String(length=80), nullable=True),
        sa.Column("accepted_at", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["release_id"], ["record.id"], name=op.f("fk_release_wave_release_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release_wave")),
        sa.UniqueConstraint("release_id", "position", name=op.f("uq_release_wave_release_id_position")),
    )
    op.create_table(
        "release_build_item",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("build_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("item_version", sa.String(length=60), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("verified_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["build_id"], ["release_build.id"], name=op.f("fk_release_build_item_build_id_release_build")),
        sa.ForeignKeyConstraint(["item_id"], ["record.id"], name=op.f("fk_release_build_item_item_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release_build_item")),
        sa.UniqueConstraint("build_id", "item_id", name=op.f("uq_release_build_item_build_id_item_id")),
    )
    op.create_index("ix_release_build_item_item", "release_build_item", ["item_id"], unique=False)
    op.create_table(
        "release_campaign",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("release_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("build_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("cases", sa.Integer(), nullable=True),
        sa.Column("verdict", sa.String(length=10), nullable=True),
        sa.Column("signed_by", sa.String(length=80), nullable=True),
        sa.Column("signed_at", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["build_id"], ["release_build.id"], name=op.f("fk_release_campaign_build_id_release_build")),
        sa.ForeignKeyConstraint(["release_id"], ["record.id"], name=op.f("fk_release_campaign_release_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release_campaign")),
        sa.UniqueConstraint("release_id", "name", "round", name=op.f("uq_release_campaign_release_id_name_round")),
    )
    op.create_table(
        "release_cell",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("release_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("wave_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ci_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("site", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("version", sa.String(length=120), nullable=True),
        sa.Column("previous", sa.String(length=120), nullable=True),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("installed_at", sa.BigInteger(), nullable=True),
        sa.Column("changed_by", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=True),
        sa.ForeignKeyConstraint(["ci_id"], ["record.id"], name=op.f("fk_release_cell_ci_id_record")),
        sa.ForeignKeyConstraint(["release_id"], ["record.id"], name=op.f("fk_release_cell_release_id_record")),
        sa.ForeignKeyConstraint(["wave_id"], ["release_wave.id"], name=op.f("fk_release_cell_wave_id_release_wave")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release_cell")),
        sa.UniqueConstraint("release_id", "ci_id", name=op.f("uq_release_cell_release_id_ci_id")),
    )
    op.create_index("ix_release_cell_ci", "release_cell", ["ci_id", "id"], unique=False)
    op.create_index("ix_release_cell_wave", "release_cell", ["wave_id", "state"], unique=False)
    op.create_table(
        "release_case",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("mandatory", sa.Boolean(), nullable=False),
        sa.Column("result", sa.String(length=10), nullable=False),
        sa.Column("tested_by", sa.String(length=80), nullable=True),
        sa.Column("tested_at", sa.BigInteger(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["release_campaign.id"], name=op.f("fk_release_case_campaign_id_release_campaign")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release_case")),
        sa.UniqueConstraint("campaign_id", "position", name=op.f("uq_release_case_campaign_id_position")),
    )
    for table, act, guard, sentence in GUARDS:
        _guard(f"{table}_{act.lower()}_guard", table, act, guard, sentence)


def _guard(name: str, table: str, act: str, guard: str, sentence: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"CREATE TRIGGER {name} BEFORE {act} ON {table} WHEN {guard} BEGIN SELECT RAISE(ABORT, '{sentence}'); END")
        return
    row = "OLD" if act == "DELETE" else "NEW"
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {guard} THEN RAISE EXCEPTION '{sentence}'; END IF; RETURN {row}; END $$"
    )
    op.execute(f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")


def downgrade() -> None:
    """Take this revision back."""
    for table, act, _, _ in GUARDS:
        name = f"{table}_{act.lower()}_guard"
        if op.get_bind().dialect.name == "sqlite":
            op.execute(f"DROP TRIGGER {name}")
        else:
            op.execute(f"DROP TRIGGER {name} ON {table}")
            op.execute(f"DROP FUNCTION {name}")
    op.drop_table("release_case")
    op.drop_index("ix_release_cell_wave", table_name="release_cell")
    op.drop_index("ix_release_cell_ci", table_name="release_cell")
    op.drop_table("release_cell")
    op.drop_table("release_campaign")
    op.drop_index("ix_release_build_item_item", table_name="release_build_item")
    op.drop_table("release_build_item")
    op.drop_table("release_wave")
    op.drop_table("release_unit")
    op.drop_table("release_build")
    op.drop_index("ix_release_unit", table_name="release")
    op.drop_table("release")
    op.drop_table("library_check")
    op.drop_index("ix_definitive_item_unit", table_name="definitive_item")
    op.drop_table("definitive_item")
