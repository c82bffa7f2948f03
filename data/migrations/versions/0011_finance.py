"""Financial management: costs, budgets, rules of allocation, rates, prices, charge runs, cases; what a CI loses in value."""

import sqlalchemy as sa
from alembic import op

from data.base import Document, Key

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_ISSUED = "EXISTS (SELECT 1 FROM charge_run WHERE id = {row}.run_id AND issued_at IS NOT NULL)"
_RUN = "an issued charge run is a record: neither it nor its lines are changed, added to or deleted; write a credit note"
FROZEN = (
    "starts_at",
    "ends_at",
    "currency",
    "notional",
    "total",
    "cost",
    "uncharged",
    "lines",
    "issued_at",
    "issued_by",
    "digest",
)
_MOVED = " OR ".join(f"OLD.{name} {{differs}} NEW.{name}" for name in FROZEN)
GUARDS = (
    ("charge_run", "UPDATE", f"OLD.issued_at IS NOT NULL AND ({_MOVED})"),
    ("charge_run", "DELETE", "OLD.issued_at IS NOT NULL"),
    (
        "charge_line",
        "INSERT",
        "(SELECT lines FROM charge_run WHERE id = NEW.run_id AND issued_at IS NOT NULL)"
        " <= (SELECT count(*) FROM charge_line WHERE run_id = NEW.run_id)",
    ),
    ("charge_line", "UPDATE", f"{_ISSUED.format(row='OLD')} OR {_ISSUED.format(row='NEW')}"),
    ("charge_line", "DELETE", _ISSUED.format(row="OLD")),
)
"""Table, act, and when it is refused. Lines are added to an issued run only up to its own count: a restore."""
APPEND_ONLY = "allocation_revision"


def upgrade() -> None:
    """Apply this revision."""
    _create_tables()
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table, act, when in GUARDS:
        _guard(table, act, when.replace("{differs}", "IS NOT" if sqlite else "IS DISTINCT FROM"), sqlite=sqlite)
    for act in ("UPDATE", "DELETE") if sqlite else ():
        op.execute(
            f"CREATE TRIGGER {APPEND_ONLY}_no_{act.lower()} BEFORE {act} ON {APPEND_ONLY} "
            f"BEGIN SELECT RAISE(ABORT, '{APPEND_ONLY} is append-only: entries are never edited or deleted'); END"
        )
    if not sqlite:
        for name, event, each in (("append_only", "UPDATE OR DELETE", "ROW"), ("no_truncate", "TRUNCATE", "STATEMENT")):
            op.execute(
                f"CREATE TRIGGER {APPEND_ONLY}_{name} BEFORE {event} ON {APPEND_ONLY} "
                f"FOR EACH {each} EXECUTE FUNCTION refuse_edit()"
            )


def _guard(table: str, act: str, when: str, *, sqlite: bool) -> None:
    name = f"{table}_{act.lower()}_guard"
    if sqlite:
        op.execute(f"CREATE TRIGGER {name} BEFORE {act} ON {table} WHEN {when} BEGIN SELECT RAISE(ABORT, '{_RUN}'); END")
        return
    row = "OLD" if act == "DELETE" else "NEW"
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {when} THEN RAISE EXCEPTION '{_RUN}'; END IF; RETURN {row}; END $$"
    )
    op.execute(f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")


def _create_tables() -> None:
    op.create_table(
        "allocation_revision",
        sa.Column("id", Key, nullable=False),
        sa.Column("rule_id", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.BigInteger(), nullable=False),
        sa.Column("definition", Document(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["rule_id"], ["record.id"], name=op.f("fk_allocation_revision_rule_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocation_revision")),
    )
    op.create_index("ix_allocation_revision_rule", "allocation_revision", ["rule_id", "id"], unique=False)
    op.create_table(
        "allocation_rule",
        sa.Column("id", Key, autoincrement=False, nullable=False),
        sa.Column("from_id", Key, nullable=False),
        sa.Column("driver", sa.String(length=16), nullable=False),
        sa.Column("shares", Document(), nullable=True),
        sa.Column("capacity", sa.String(length=24), nullable=True),
        sa.Column("unit", sa.String(length=40), nullable=True),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("valid_from", sa.BigInteger(), nullable=False),
        sa.Column("valid_until", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["from_id"], ["record.id"], name=op.f("fk_allocation_rule_from_id_record")),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_allocation_rule_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocation_rule")),
    )
    op.create_index("ix_allocation_rule_from", "allocation_rule", ["from_id"], unique=False)
    op.create_table(
        "budget",
        sa.Column("id", Key, autoincrement=False, nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("centre_id", Key, nullable=True),
        sa.Column("element", sa.String(length=16), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["centre_id"], ["record.id"], name=op.f("fk_budget_centre_id_record")),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_budget_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget")),
    )
    op.create_index("ix_budget_ends", "budget", ["ends_at", "starts_at"], unique=False)
    op.create_table(
        "business_case",
        sa.Column("id", Key, autoincrement=False, nullable=False),
        sa.Column("about_id", Key, nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("rate", sa.String(length=16), nullable=False),
        sa.Column("step", sa.String(length=8), nullable=False),
        sa.Column("flows", Document(), nullable=False),
        sa.Column("objective", sa.String(length=12), nullable=True),
        sa.Column("npv", sa.BigInteger(), nullable=True),
        sa.Column("irr", sa.String(length=24), nullable=True),
        sa.Column("irr_reason", sa.String(length=255), nullable=True),
        sa.Column("payback", sa.String(length=24), nullable=True),
        sa.Column("roi", sa.String(length=24), nullable=True),
        sa.Column("tco", sa.BigInteger(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["about_id"], ["record.id"], name=op.f("fk_business_case_about_id_record")),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_business_case_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_business_case")),
    )
    op.create_index("ix_business_case_about", "business_case", ["about_id"], unique=False)
    op.create_table(
        "charge_line",
        sa.Column("id", Key, nullable=False),
        sa.Column("run_id", Key, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("customer_id", Key, nullable=True),
        sa.Column("customer", sa.String(length=160), nullable=False),
        sa.Column("service_id", Key, nullable=False),
        sa.Column("service", sa.String(length=160), nullable=False),
        sa.Column("price", sa.String(length=60), nullable=False),
        sa.Column("method", sa.String(length=12), nullable=False),
        sa.Column("quantity", sa.String(length=48), nullable=True),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("detail", Document(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["record.id"], name=op.f("fk_charge_line_customer_id_record")),
        sa.ForeignKeyConstraint(["run_id"], ["record.id"], name=op.f("fk_charge_line_run_id_record")),
        sa.ForeignKeyConstraint(["service_id"], ["record.id"], name=op.f("fk_charge_line_service_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charge_line")),
        sa.UniqueConstraint("run_id", "position", name=op.f("uq_charge_line_run_id_position")),
    )
    op.create_table(
        "charge_run",
        sa.Column("id", Key, autoincrement=False, nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("notional", sa.Boolean(), nullable=False),
        sa.Column("reckoned_at", sa.BigInteger(), nullable=True),
        sa.Column("total", sa.BigInteger(), nullable=True),
        sa.Column("cost", sa.BigInteger(), nullable=True),
        sa.Column("uncharged", sa.BigInteger(), nullable=True),
        sa.Column("lines", sa.Integer(), nullable=True),
        sa.Column("issued_at", sa.BigInteger(), nullable=True),
        sa.Column("issued_by", sa.String(length=80), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("credited", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_charge_run_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charge_run")),
    )
    op.create_index("ix_charge_run_ends", "charge_run", ["ends_at"], unique=False)
    op.create_table(
        "cost",
        sa.Column("id", Key, autoincrement=False, nullable=False),
        sa.Column("element", sa.String(length=16), nullable=False),
        sa.Column("nature", sa.String(length=12), nullable=False),
        sa.Column("directness", sa.String(length=8), nullable=False),
        sa.Column("behaviour", sa.String(length=8), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("exact", sa.String(length=48), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("on_at", sa.BigInteger(), nullable=False),
        sa.Column("until_at", sa.BigInteger(), nullable=True),
        sa.Column("centre_id", Key, nullable=True),
        sa.Column("about_id", Key, nullable=True),
        sa.Column("supplier", sa.String(length=160), nullable=True),
        sa.Column("account", sa.String(length=160), nullable=True),
        sa.Column("external_key", sa.String(length=200), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["about_id"], ["record.id"], name=op.f("fk_cost_about_id_record")),
        sa.ForeignKeyConstraint(["centre_id"], ["record.id"], name=op.f("fk_cost_centre_id_record")),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_cost_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cost")),
    )
    op.create_index("ix_cost_about", "cost", ["about_id"], unique=False)
    op.create_index("ix_cost_centre", "cost", ["centre_id"], unique=False)
    op.create_index("ix_cost_external_key", "cost", ["external_key"], unique=False)
    op.create_index("ix_cost_on", "cost", ["on_at", "id"], unique=False)
    op.create_table(
        "cost_centre",
        sa.Column("id", Key, autoincrement=False, nullable=False),
        sa.Column("manager_id", Key, nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_cost_centre_id_record")),
        sa.ForeignKeyConstraint(["manager_id"], ["record.id"], name=op.f("fk_cost_centre_manager_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cost_centre")),
    )
    op.create_table(
        "cost_line",
        sa.Column("id", Key, nullable=False),
        sa.Column("cost_id", Key, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("from_at", sa.BigInteger(), nullable=False),
        sa.Column("until_at", sa.BigInteger(), nullable=True),
        sa.Column("billed", sa.String(length=48), nullable=False),
        sa.Column("effective", sa.String(length=48), nullable=True),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("description", sa.String(length=255), nullable=False),
        sa.Column("resource", sa.String(length=255), nullable=False),
        sa.Column("quantity", sa.String(length=48), nullable=True),
        sa.Column("unit", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(["cost_id"], ["record.id"], name=op.f("fk_cost_line_cost_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cost_line")),
        sa.UniqueConstraint("key", name=op.f("uq_cost_line_key")),
    )
    op.create_index("ix_cost_line_cost", "cost_line", ["cost_id", "id"], unique=False)
    op.create_table(
        "credit_note",
        sa.Column("id", Key, autoincrement=False, nullable=False),
        sa.Column("run_id", Key, nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.BigInteger(), nullable=False),
        sa.Column("issued_by", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_credit_note_id_record")),
        sa.ForeignKeyConstraint(["run_id"], ["record.id"], name=op.f("fk_credit_note_run_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_note")),
    )
    op.create_index("ix_credit_note_run", "credit_note", ["run_id"], unique=False)
    op.create_table(
        "exchange_rate",
        sa.Column("id", Key, autoincrement=False, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("into", sa.String(length=3), nullable=False),
        sa.Column("rate", sa.String(length=32), nullable=False),
        sa.Column("valid_from", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_exchange_rate_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_rate")),
    )
    op.create_index("ix_exchange_rate_pair", "exchange_rate", ["currency", "into", "valid_from"], unique=False)
    op.create_table(
        "labour_rate",
        sa.Column("id", Key, autoincrement=False, nullable=False),
        sa.Column("agent_id", Key, nullable=True),
        sa.Column("role", sa.String(length=30), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("valid_from", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["record.id"], name=op.f("fk_labour_rate_agent_id_record")),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_labour_rate_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_labour_rate")),
    )
    op.create_table(
        "price",
        sa.Column("id", Key, autoincrement=False, nullable=False),
        sa.Column("method", sa.String(length=12), nullable=False),
        sa.Column("basis", sa.String(length=12), nullable=False),
        sa.Column("shares", Document(), nullable=True),
        sa.Column("markup", sa.String(length=16), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("valid_from", sa.BigInteger(), nullable=False),
        sa.Column("valid_until", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_price_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price")),
    )
    op.add_column("ci", sa.Column("depreciation", sa.String(length=20), nullable=True))
    op.add_column("ci", sa.Column("depreciation_rate", sa.String(length=16), nullable=True))
    op.add_column("ci", sa.Column("life_years", sa.SmallInteger(), nullable=True))
    op.add_column("ci", sa.Column("salvage", sa.BigInteger(), nullable=True))
    op.add_column("ci", sa.Column("disposed_at", sa.BigInteger(), nullable=True))
    op.add_column("ci", sa.Column("proceeds", sa.BigInteger(), nullable=True))
    op.add_column("service", sa.Column("downtime_cost_per_hour", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    """Take this revision back."""
    for table, act, _ in GUARDS:
        name = f"{table}_{act.lower()}_guard"
        if op.get_bind().dialect.name == "sqlite":
            op.execute(f"DROP TRIGGER {name}")
        else:
            op.execute(f"DROP TRIGGER {name} ON {table}")
            op.execute(f"DROP FUNCTION {name}")
    op.drop_column("service", "downtime_cost_per_hour")
    op.drop_column("ci", "proceeds")
    op.drop_column("ci", "disposed_at")
    op.drop_column("ci", "salvage")
    op.drop_column("ci", "life_years")
    op.drop_column("ci", "depreciation_rate")
    op.drop_column("ci", "depreciation")
    op.drop_table("price")
    op.drop_table("labour_rate")
    op.drop_index("ix_exchange_rate_pair", table_name="exchange_rate")
    op.drop_table("exchange_rate")
    op.drop_index("ix_credit_note_run", table_name="credit_note")
    op.drop_table("credit_note")
    op.drop_index("ix_cost_line_cost", table_name="cost_line")
    op.drop_table("cost_line")
    op.drop_table("cost_centre")
    op.drop_index("ix_cost_on", table_name="cost")
    op.drop_index("ix_cost_external_key", table_name="cost")
    op.drop_index("ix_cost_centre", table_name="cost")
    op.drop_index("ix_cost_about", table_name="cost")
    op.drop_table("cost")
    op.drop_index("ix_charge_run_ends", table_name="charge_run")
    op.drop_table("charge_run")
    op.drop_table("charge_line")
    op.drop_index("ix_business_case_about", table_name="business_case")
    op.drop_table("business_case")
    op.drop_index("ix_budget_ends", table_name="budget")
    op.drop_table("budget")
    op.drop_index("ix_allocation_rule_from", table_name="allocation_rule")
    op.drop_table("allocation_rule")
    op.drop_index("ix_allocation_revision_rule", table_name="allocation_revision")
    op.drop_table("allocation_revision")
