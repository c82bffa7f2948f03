"""Configuration management: what CIs carry, their types, baselines, discovery and audits."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NEVER = 253_402_300_799
BASELINE_TABLES = ("baseline", "baseline_item", "baseline_seal")
_SEALED = "EXISTS (SELECT 1 FROM baseline_seal WHERE baseline_id = NEW.baseline_id)"
_SEALED_SENTENCE = "a baseline is frozen: nothing is added to it once it is taken"
CI_COLUMNS = (
    "support_team_id", "environment", "criticality", "asset_number", "uuid", "mac", "fqdn", "manufacturer", "model",
    "installed_version", "supplier_id", "purchased_at", "in_service_at", "warranty_until", "maintenance_until", "cost",
    "currency", "maintenance_window_id", "last_seen_at", "description",
)  # fmt: skip
CI_REFERENCES = ("support_team_id", "supplier_id", "maintenance_window_id")
CI_INDEXES = ("serial", "uuid", "mac", "fqdn", "asset_number")


def upgrade() -> None:
    """Apply this revision."""
    _ci_fields()
    _ci_types()
    _baselines()
    _memberships()
    _discovery()
    _audits()


def downgrade() -> None:
    """Take this revision back."""
    _no_audits()
    _no_discovery()
    _no_memberships()
    _no_baselines()
    op.drop_table("ci_type")
    _no_ci_fields()


# What a CI carries


def _key() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _document() -> sa.types.TypeEngine[object]:
    return sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def _ci_fields() -> None:
    texts = {
        "environment": 20, "criticality": 12, "asset_number": 120, "uuid": 36, "mac": 17, "fqdn": 255, "manufacturer": 120,
        "model": 120, "installed_version": 120, "currency": 3,
    }  # fmt: skip
    with op.batch_alter_table("ci") as batch:
        for name in CI_COLUMNS:
            if name in texts:
                batch.add_column(sa.Column(name, sa.String(length=texts[name]), nullable=True))
            elif name == "description":
                batch.add_column(sa.Column(name, sa.Text(), nullable=True))
            elif name in CI_REFERENCES:
                batch.add_column(sa.Column(name, _key(), nullable=True))
            else:
                batch.add_column(sa.Column(name, sa.BigInteger(), nullable=True))
        for name in CI_REFERENCES:
            batch.create_foreign_key(op.f(f"fk_ci_{name}_record"), "record", [name], ["id"])
    op.create_index("ix_ci_type", "ci", ["type", "id"])
    op.create_index("ix_ci_location", "ci", ["location", "id"])
    for name in CI_INDEXES:
        op.create_index(f"ix_ci_{name}", "ci", [name])


def _no_ci_fields() -> None:
    for name in ("type", "location", *CI_INDEXES):
        op.drop_index(f"ix_ci_{name}", "ci")
    with op.batch_alter_table("ci") as batch:
        for name in CI_REFERENCES:
            batch.drop_constraint(op.f(f"fk_ci_{name}_record"), type_="foreignkey")
        for name in CI_COLUMNS:
            batch.drop_column(name)


# The types


def _ci_types() -> None:
    op.create_table(
        "ci_type",
        sa.Column("id", _key(), autoincrement=False, nullable=False),
        sa.Column("parent_id", _key(), nullable=True),
        sa.Column("attributes", _document(), nullable=True),
        sa.Column("open_ended", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_ci_type_id_record")),
        sa.ForeignKeyConstraint(["parent_id"], ["record.id"], name=op.f("fk_ci_type_parent_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ci_type")),
    )
    op.create_index("ix_ci_type_parent", "ci_type", ["parent_id"])


# Baselines


def _baselines() -> None:
    op.create_table(
        "baseline",
        sa.Column("id", _key(), autoincrement=False, nullable=False),
        sa.Column("scope", sa.String(length=4000), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("taken_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_baseline_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_baseline")),
    )
    op.create_table(
        "baseline_item",
        sa.Column("id", _key(), nullable=False),
        sa.Column("baseline_id", _key(), nullable=False),
        sa.Column("ci_id", _key(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("facts", _document(), nullable=False),
        sa.Column("relations", _document(), nullable=False),
        sa.ForeignKeyConstraint(["baseline_id"], ["record.id"], name=op.f("fk_baseline_item_baseline_id_record")),
        sa.ForeignKeyConstraint(["ci_id"], ["record.id"], name=op.f("fk_baseline_item_ci_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_baseline_item")),
    )
    op.create_index("ix_baseline_item_baseline", "baseline_item", ["baseline_id", "ci_id"], unique=True)
    op.create_table(
        "baseline_seal",
        sa.Column("baseline_id", _key(), autoincrement=False, nullable=False),
        sa.Column("last_item_id", _key(), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["baseline_id"], ["record.id"], name=op.f("fk_baseline_seal_baseline_id_record")),
        sa.ForeignKeyConstraint(
            ["last_item_id"], ["baseline_item.id"], name=op.f("fk_baseline_seal_last_item_id_baseline_item")
        ),
        sa.PrimaryKeyConstraint("baseline_id", name=op.f("pk_baseline_seal")),
    )
    for table in BASELINE_TABLES:
        _append_only(table)
    _sealed_items()


def _append_only(table: str) -> None:
    """Have the database itself refuse to edit or delete the rows of a table."""
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only: entries are never edited or deleted'); END"
            )
        return
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_edit()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_edit()"
    )


def _sealed_items() -> None:
    """Have the database itself refuse to add an item to a baseline that is sealed."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER baseline_item_sealed BEFORE INSERT ON baseline_item WHEN {_SEALED} "
            f"BEGIN SELECT RAISE(ABORT, '{_SEALED_SENTENCE}'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION baseline_item_sealed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {_SEALED} THEN RAISE EXCEPTION '{_SEALED_SENTENCE}'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER baseline_item_sealed BEFORE INSERT ON baseline_item "
        "FOR EACH ROW EXECUTE FUNCTION baseline_item_sealed()"
    )


def _no_baselines() -> None:
    for table in reversed(BASELINE_TABLES):
        op.drop_table(table)
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION baseline_item_sealed")


# Which service a CI belongs to, dated like every other relation


def _memberships() -> None:
    """Date the services of the CIs that are there already from when they were recorded."""
    op.execute(
        "INSERT INTO link (source_id, relation, target_id, valid_from, valid_until) "
        f"SELECT id, 'belongs-to', service_id, created_at, {NEVER} FROM record WHERE kind = 'ci' AND service_id IS NOT NULL"
    )


def _no_memberships() -> None:
    op.execute("DELETE FROM link WHERE relation = 'belongs-to'")


# What scans find, and what audits find of it


def _record_row(table: str, *columns: sa.Column) -> None:
    """Make the table of a kind: its own columns under the id of its record."""
    op.create_table(
        table,
        sa.Column("id", _key(), autoincrement=False, nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f(f"fk_{table}_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def _points_at(table: str, *columns: str) -> list[sa.ForeignKeyConstraint]:
    return [sa.ForeignKeyConstraint([name], ["record.id"], name=op.f(f"fk_{table}_{name}_record")) for name in columns]


def _discovery() -> None:
    op.add_column("ci", sa.Column("missing_since", sa.BigInteger(), nullable=True))
    _record_row(
        "discovery",
        sa.Column("format", sa.String(length=20), nullable=False),
        sa.Column("file", sa.String(length=255), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("scope", sa.String(length=255), nullable=False),
        sa.Column("scanned_at", sa.BigInteger(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("hosts", sa.Integer(), nullable=False),
        sa.Column("ports", _document(), nullable=True),
        sa.Column("staged", sa.Text(), nullable=True),
        sa.Column("discarded", sa.Text(), nullable=True),
        sa.Column("applied", sa.Text(), nullable=True),
        sa.Column("choices", _document(), nullable=True),
    )
    op.create_index("ix_discovery_digest", "discovery", ["digest"])
    op.create_index("ix_discovery_scope", "discovery", ["format", "scope", "scanned_at"])
    op.create_table(
        "discovery_row",
        sa.Column("id", _key(), nullable=False),
        sa.Column("discovery_id", _key(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=255), server_default=sa.text("''"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("ci_id", _key(), nullable=True),
        sa.Column("matched_by", sa.String(length=12), server_default=sa.text("''"), nullable=False),
        sa.Column("source_key", sa.String(length=300), nullable=True),
        sa.Column("found", _document(), nullable=False),
        sa.Column("keys", _document(), nullable=False),
        sa.Column("guessed", _document(), nullable=True),
        sa.Column("software", _document(), nullable=True),
        sa.Column("differences", _document(), nullable=True),
        sa.Column("candidates", _document(), nullable=True),
        sa.Column("unauthorised", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("covered_by", sa.String(length=40), nullable=True),
        sa.Column("incident_id", _key(), nullable=True),
        sa.Column("message", sa.Text(), nullable=True),
        *_points_at("discovery_row", "discovery_id", "ci_id", "incident_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discovery_row")),
        sa.UniqueConstraint("discovery_id", "position", name=op.f("uq_discovery_row_discovery_id_position")),
    )
    op.create_index("ix_discovery_row_ci", "discovery_row", ["ci_id", "discovery_id"])
    op.create_index("ix_discovery_row_source", "discovery_row", ["source_key"])


def _no_discovery() -> None:
    op.drop_table("discovery_row")
    op.drop_table("discovery")
    with op.batch_alter_table("ci") as batch:
        batch.drop_column("missing_since")


def _audits() -> None:
    counts = ("expected", "scanned", "missing", "unexpected")
    _record_row(
        "audit",
        sa.Column("location", sa.String(length=120), nullable=True),
        sa.Column("types", _document(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        *(sa.Column(name, sa.Integer(), server_default=sa.text("0"), nullable=False) for name in counts),
    )
    op.create_table(
        "audit_line",
        sa.Column("id", _key(), nullable=False),
        sa.Column("audit_id", _key(), nullable=False),
        sa.Column("ci_id", _key(), nullable=True),
        sa.Column("code", sa.String(length=120), server_default=sa.text("''"), nullable=False),
        sa.Column("expected", sa.Boolean(), nullable=False),
        sa.Column("scanned_at", sa.BigInteger(), nullable=True),
        sa.Column("scanned_by", sa.String(length=80), nullable=True),
        *_points_at("audit_line", "audit_id", "ci_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_line")),
    )
    op.create_index("ix_audit_line_audit", "audit_line", ["audit_id", "ci_id"])
    op.create_table(
        "ci_finding",
        sa.Column("id", _key(), nullable=False),
        sa.Column("ci_id", _key(), nullable=False),
        sa.Column("sort", sa.String(length=24), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        *_points_at("ci_finding", "ci_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ci_finding")),
        sa.UniqueConstraint("ci_id", "sort", name=op.f("uq_ci_finding_ci_id_sort")),
    )


def _no_audits() -> None:
    for table in ("ci_finding", "audit_line", "audit"):
        op.drop_table(table)
