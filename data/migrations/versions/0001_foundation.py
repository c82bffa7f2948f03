"""The foundation: records, journal, people, incidents, service levels."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this revision."""
    op.create_table(
        "counter",
        sa.Column("prefix", sa.String(length=12), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("prefix", name=op.f("pk_counter")),
    )
    op.create_table(
        "job",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("last_run", sa.BigInteger(), nullable=True),
        sa.Column("next_run", sa.BigInteger(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("last_seconds", sa.Integer(), nullable=True),
        sa.Column("runs", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job")),
    )
    op.create_table(
        "job_fault",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("job", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_fault")),
        sa.UniqueConstraint("job", "subject", name=op.f("uq_job_fault_job_subject")),
    )
    op.create_table(
        "lease",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("holder", sa.String(length=36), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lease")),
    )
    op.create_table(
        "operation",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("what", sa.String(length=60), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("undone_by", sa.String(length=36), nullable=True),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_operation")),
        sa.UniqueConstraint("id", name=op.f("uq_operation_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_operation_actor", "operation", ["actor", "seq"], unique=False)
    op.create_table(
        "policy",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column(
            "definition", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy")),
        sa.UniqueConstraint("digest", name=op.f("uq_policy_digest")),
    )
    op.create_table(
        "record",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("title_key", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("open_since", sa.BigInteger(), nullable=True),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.Column("priority", sa.SmallInteger(), nullable=True),
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("assignee_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("requester_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("service_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("ci_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("occurred_at", sa.BigInteger(), nullable=True),
        sa.Column("due_at", sa.BigInteger(), server_default=sa.text("(253402300799)"), nullable=False),
        sa.Column("clock_state", sa.String(length=12), nullable=True),
        sa.Column("snoozed_until", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["assignee_id"], ["record.id"], name=op.f("fk_record_assignee_id_record")),
        sa.ForeignKeyConstraint(["ci_id"], ["record.id"], name=op.f("fk_record_ci_id_record")),
        sa.ForeignKeyConstraint(["customer_id"], ["record.id"], name=op.f("fk_record_customer_id_record")),
        sa.ForeignKeyConstraint(["requester_id"], ["record.id"], name=op.f("fk_record_requester_id_record")),
        sa.ForeignKeyConstraint(["service_id"], ["record.id"], name=op.f("fk_record_service_id_record")),
        sa.ForeignKeyConstraint(["team_id"], ["record.id"], name=op.f("fk_record_team_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record")),
        sa.UniqueConstraint("number", name=op.f("uq_record_number")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_record_ci", "record", ["ci_id", "id"], unique=False)
    op.create_index("ix_record_kind_state_done", "record", ["kind", "state", "done_at"], unique=False)
    op.create_index("ix_record_kind_title", "record", ["kind", "title_key"], unique=False)
    op.create_index("ix_record_kind_updated", "record", ["kind", "updated_at", "id"], unique=False)
    op.create_index(
        "ix_record_open_assignee",
        "record",
        ["assignee_id", "due_at", "id"],
        unique=False,
        sqlite_where=sa.text("open_since IS NOT NULL"),
        postgresql_where=sa.text("open_since IS NOT NULL"),
    )
    op.create_index(
        "ix_record_open_due",
        "record",
        ["due_at", "id"],
        unique=False,
        sqlite_where=sa.text("open_since IS NOT NULL"),
        postgresql_where=sa.text("open_since IS NOT NULL"),
    )
    op.create_index(
        "ix_record_open_priority",
        "record",
        ["priority", "due_at", "id"],
        unique=False,
        sqlite_where=sa.text("open_since IS NOT NULL"),
        postgresql_where=sa.text("open_since IS NOT NULL"),
    )
    op.create_index(
        "ix_record_open_team",
        "record",
        ["team_id", "due_at", "id"],
        unique=False,
        sqlite_where=sa.text("open_since IS NOT NULL"),
        postgresql_where=sa.text("open_since IS NOT NULL"),
    )
    op.create_index(
        "ix_record_person_customer",
        "record",
        ["customer_id", "title_key"],
        unique=False,
        sqlite_where=sa.text("kind = 'person'"),
        postgresql_where=sa.text("kind = 'person'"),
    )
    op.create_index("ix_record_requester", "record", ["requester_id", "id"], unique=False)
    op.create_index("ix_record_service", "record", ["service_id", "id"], unique=False)
    op.create_index(
        "ix_record_snoozed",
        "record",
        ["snoozed_until"],
        unique=False,
        sqlite_where=sa.text("snoozed_until IS NOT NULL"),
        postgresql_where=sa.text("snoozed_until IS NOT NULL"),
    )
    op.create_table(
        "setting",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column(
            "value", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_setting")),
    )
    op.create_table(
        "agent",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column("email", sa.String(length=320), nullable=True),
        sa.Column(
            "roles", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("active", sa.Boolean(), server_default=sa.text("(true)"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("tz", sa.String(length=60), nullable=True),
        sa.Column("ssh_keys", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_agent_id_record")),
        sa.ForeignKeyConstraint(["person_id"], ["record.id"], name=op.f("fk_agent_person_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agent")),
    )
    op.create_table(
        "agreement",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("type", sa.String(length=4), nullable=False),
        sa.Column("calendar_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("supplier", sa.String(length=120), nullable=True),
        sa.Column("valid_from", sa.BigInteger(), nullable=False),
        sa.Column("valid_until", sa.BigInteger(), nullable=True),
        sa.Column("review_at", sa.BigInteger(), nullable=True),
        sa.Column("on_reopen", sa.String(length=12), server_default=sa.text("'continue'"), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["calendar_id"], ["record.id"], name=op.f("fk_agreement_calendar_id_record")),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_agreement_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
    )
    op.create_table(
        "alert",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("group_key", sa.String(length=255), server_default=sa.text("('')"), nullable=False),
        sa.Column("record_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=True),
        sa.Column("ends_at", sa.BigInteger(), nullable=True),
        sa.Column("first_seen_at", sa.BigInteger(), nullable=False),
        sa.Column("last_seen_at", sa.BigInteger(), nullable=False),
        sa.Column("count", sa.Integer(), server_default=sa.text("(0)"), nullable=False),
        sa.Column("flaps", sa.Integer(), server_default=sa.text("(0)"), nullable=False),
        sa.Column(
            "labels", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column(
            "annotations", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("generator", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_alert_record_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
        sa.UniqueConstraint(
            "source", "fingerprint", "record_id", name=op.f("uq_alert_source_fingerprint_record_id")
        ),
    )
    op.create_index("ix_alert_group", "alert", ["source", "group_key", "record_id"], unique=False)
    op.create_index("ix_alert_record", "alert", ["record_id"], unique=False)
    op.create_table(
        "alert_event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("alert_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("what", sa.String(length=16), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=True),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name=op.f("fk_alert_event_alert_id_alert")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_event")),
        sa.UniqueConstraint("alert_id", "what", "at", name=op.f("uq_alert_event_alert_id_what_at")),
    )
    op.create_table(
        "alert_rule",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column(
            "match", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=True
        ),
        sa.Column("category", sa.String(length=80), nullable=True),
        sa.Column(
            "severities", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=True
        ),
        sa.Column("grouping", sa.String(length=8), nullable=False),
        sa.Column("drop", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_alert_rule_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_rule")),
    )
    op.create_table(
        "announcement",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_announcement_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement")),
    )
    op.create_table(
        "calendar",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("tz", sa.String(length=60), nullable=False),
        sa.Column(
            "hours", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column(
            "holidays", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=True
        ),
        sa.Column("days", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=True),
        sa.Column("valid_from", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_calendar_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar")),
    )
    op.create_table(
        "calendar_revision",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("calendar_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("valid_from", sa.BigInteger(), nullable=False),
        sa.Column(
            "definition", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["calendar_id"], ["record.id"], name=op.f("fk_calendar_revision_calendar_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_revision")),
    )
    op.create_index("ix_calendar_revision_calendar", "calendar_revision", ["calendar_id", "valid_from"], unique=False)
    op.create_table(
        "ci",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("type", sa.String(length=60), nullable=False),
        sa.Column("location", sa.String(length=120), nullable=True),
        sa.Column("serial", sa.String(length=120), nullable=True),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "attributes", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=True
        ),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_ci_id_record")),
        sa.ForeignKeyConstraint(["owner_id"], ["record.id"], name=op.f("fk_ci_owner_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ci")),
    )
    op.create_table(
        "clock",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("record_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("target_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("agreement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("policy_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("type", sa.String(length=4), nullable=False),
        sa.Column("metric", sa.String(length=12), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("next_at", sa.BigInteger(), nullable=True),
        sa.Column("next_threshold", sa.Integer(), nullable=True),
        sa.Column("met_at", sa.BigInteger(), nullable=True),
        sa.Column("breached_at", sa.BigInteger(), nullable=True),
        sa.Column("cancelled_at", sa.BigInteger(), nullable=True),
        sa.Column("elapsed_seconds", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["agreement_id"], ["record.id"], name=op.f("fk_clock_agreement_id_record")),
        sa.ForeignKeyConstraint(["policy_id"], ["policy.id"], name=op.f("fk_clock_policy_id_policy")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_clock_record_id_record")),
        sa.ForeignKeyConstraint(["target_id"], ["record.id"], name=op.f("fk_clock_target_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock")),
        sa.UniqueConstraint("record_id", "type", "metric", "cycle", name=op.f("uq_clock_record_id_type_metric_cycle")),
    )
    op.create_index("ix_clock_agreement", "clock", ["agreement_id", "metric", "due_at"], unique=False)
    op.create_index(
        "ix_clock_broken",
        "clock",
        ["breached_at", "agreement_id", "target_id", "cancelled_at"],
        unique=False,
        sqlite_where=sa.text("breached_at IS NOT NULL"),
        postgresql_where=sa.text("breached_at IS NOT NULL"),
    )
    op.create_index(
        "ix_clock_kept",
        "clock",
        ["met_at", "agreement_id", "target_id"],
        unique=False,
        sqlite_where=sa.text("met_at IS NOT NULL AND breached_at IS NULL"),
        postgresql_where=sa.text("met_at IS NOT NULL AND breached_at IS NULL"),
    )
    op.create_index(
        "ix_clock_next",
        "clock",
        ["next_at"],
        unique=False,
        sqlite_where=sa.text("next_at IS NOT NULL"),
        postgresql_where=sa.text("next_at IS NOT NULL"),
    )
    op.create_table(
        "handover",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("next_ends_at", sa.BigInteger(), nullable=False),
        sa.Column("outgoing_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("incoming_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("outgoing_signed_at", sa.BigInteger(), nullable=True),
        sa.Column("incoming_signed_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_handover_id_record")),
        sa.ForeignKeyConstraint(["incoming_id"], ["record.id"], name=op.f("fk_handover_incoming_id_record")),
        sa.ForeignKeyConstraint(["outgoing_id"], ["record.id"], name=op.f("fk_handover_outgoing_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
    )
    op.create_table(
        "handover_line",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("handover_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("section", sa.String(length=24), nullable=False),
        sa.Column("subject_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("number", sa.String(length=40), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "facts", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("answered_by", sa.String(length=80), nullable=True),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.Column("reassigned_to_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["handover_id"], ["record.id"], name=op.f("fk_handover_line_handover_id_record")),
        sa.ForeignKeyConstraint(
            ["reassigned_to_id"], ["record.id"], name=op.f("fk_handover_line_reassigned_to_id_record")
        ),
        sa.ForeignKeyConstraint(["subject_id"], ["record.id"], name=op.f("fk_handover_line_subject_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover_line")),
        sa.UniqueConstraint("handover_id", "position", name=op.f("uq_handover_line_handover_id_position")),
    )
    op.create_table(
        "incident",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("channel", sa.String(length=16), nullable=True),
        sa.Column("category", sa.String(length=80), nullable=True),
        sa.Column("subcategory", sa.String(length=80), nullable=True),
        sa.Column("impact", sa.SmallInteger(), nullable=False),
        sa.Column("urgency", sa.SmallInteger(), nullable=False),
        sa.Column("priority_reason", sa.Text(), nullable=True),
        sa.Column("tags", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=True),
        sa.Column("pending_reason", sa.String(length=16), nullable=True),
        sa.Column("pending_until", sa.BigInteger(), nullable=True),
        sa.Column("code", sa.String(length=80), nullable=True),
        sa.Column("solution", sa.Text(), nullable=True),
        sa.Column("first_response_at", sa.BigInteger(), nullable=True),
        sa.Column("resolved_at", sa.BigInteger(), nullable=True),
        sa.Column("resolved_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reassignments", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("reopens", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("contacts", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("affected", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("satisfaction", sa.SmallInteger(), nullable=True),
        sa.Column("satisfaction_comment", sa.Text(), nullable=True),
        sa.Column("external_key", sa.String(length=120), nullable=True),
        sa.Column("symptom", sa.String(length=80), nullable=True),
        sa.Column("location", sa.String(length=120), nullable=True),
        sa.Column("major", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("commander_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("update_minutes", sa.Integer(), nullable=True),
        sa.Column("review", sa.Text(), nullable=True),
        sa.Column("problem_key", sa.String(length=80), nullable=True),
        sa.Column("change_key", sa.String(length=80), nullable=True),
        sa.Column("cause_key", sa.String(length=80), nullable=True),
        sa.Column("vendor", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(["commander_id"], ["record.id"], name=op.f("fk_incident_commander_id_record")),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_incident_id_record")),
        sa.ForeignKeyConstraint(["resolved_by_id"], ["record.id"], name=op.f("fk_incident_resolved_by_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
    )
    op.create_index("ix_incident_category", "incident", ["category"], unique=False)
    op.create_index("ix_incident_external_key", "incident", ["external_key"], unique=False)
    op.create_index(
        "ix_incident_major",
        "incident",
        ["id"],
        unique=False,
        sqlite_where=sa.text("major = 1"),
        postgresql_where=sa.text("major"),
    )
    op.create_index(
        "ix_incident_pending_until",
        "incident",
        ["pending_until"],
        unique=False,
        sqlite_where=sa.text("pending_until IS NOT NULL"),
        postgresql_where=sa.text("pending_until IS NOT NULL"),
    )
    op.create_table(
        "interaction",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("outcome", sa.String(length=24), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("handle_seconds", sa.Integer(), nullable=True),
        sa.Column("about_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["about_id"], ["record.id"], name=op.f("fk_interaction_about_id_record")),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_interaction_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interaction")),
    )
    op.create_index("ix_interaction_about", "interaction", ["about_id"], unique=False)
    op.create_table(
        "journal",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("record_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("operation", sa.String(length=36), nullable=False),
        sa.Column("what", sa.String(length=16), nullable=False),
        sa.Column("field", sa.String(length=60), nullable=True),
        sa.Column("old", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=True),
        sa.Column("new", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("public", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("tx", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_journal_record_id_record")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_journal")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_journal_operation", "journal", ["operation"], unique=False)
    op.create_index("ix_journal_record", "journal", ["record_id", "seq"], unique=False)
    op.create_index("ix_journal_tx", "journal", ["tx"], unique=False)
    op.create_table(
        "knowledge",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("symptom", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("category", sa.String(length=80), nullable=True),
        sa.Column("audience", sa.String(length=12), nullable=False),
        sa.Column("used", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("review_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_knowledge_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_knowledge")),
    )
    op.create_table(
        "link",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("relation", sa.String(length=40), nullable=False),
        sa.Column("target_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("valid_from", sa.BigInteger(), nullable=False),
        sa.Column("valid_until", sa.BigInteger(), server_default=sa.text("(253402300799)"), nullable=False),
        sa.Column("group", sa.String(length=80), nullable=True),
        sa.Column("need", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["source_id"], ["record.id"], name=op.f("fk_link_source_id_record")),
        sa.ForeignKeyConstraint(["target_id"], ["record.id"], name=op.f("fk_link_target_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_link_source", "link", ["source_id", "relation"], unique=False)
    op.create_index("ix_link_target", "link", ["target_id", "relation"], unique=False)
    op.create_index(
        "uq_link_current",
        "link",
        ["source_id", "relation", "target_id"],
        unique=True,
        sqlite_where=sa.text("valid_until = 253402300799"),
        postgresql_where=sa.text("valid_until = 253402300799"),
    )
    op.create_table(
        "organisation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("external_key", sa.String(length=120), nullable=True),
        sa.Column("domain", sa.String(length=255), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_organisation_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("email", sa.String(length=320), nullable=True),
        sa.Column("phone", sa.String(length=60), nullable=True),
        sa.Column("location", sa.String(length=120), nullable=True),
        sa.Column("vip", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("tz", sa.String(length=60), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_person_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    op.create_index("ix_person_email", "person", ["email"], unique=False)
    op.create_table(
        "presence",
        sa.Column("record_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("console", sa.String(length=36), nullable=False),
        sa.Column("agent", sa.String(length=80), nullable=False),
        sa.Column("mode", sa.String(length=8), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_presence_record_id_record")),
        sa.PrimaryKeyConstraint("record_id", "console", name=op.f("pk_presence")),
    )
    op.create_table(
        "request",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("channel", sa.String(length=16), nullable=True),
        sa.Column("category", sa.String(length=80), nullable=True),
        sa.Column("subcategory", sa.String(length=80), nullable=True),
        sa.Column("impact", sa.SmallInteger(), nullable=False),
        sa.Column("urgency", sa.SmallInteger(), nullable=False),
        sa.Column("priority_reason", sa.Text(), nullable=True),
        sa.Column("tags", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=True),
        sa.Column("pending_reason", sa.String(length=16), nullable=True),
        sa.Column("pending_until", sa.BigInteger(), nullable=True),
        sa.Column("code", sa.String(length=80), nullable=True),
        sa.Column("solution", sa.Text(), nullable=True),
        sa.Column("first_response_at", sa.BigInteger(), nullable=True),
        sa.Column("resolved_at", sa.BigInteger(), nullable=True),
        sa.Column("resolved_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reassignments", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("reopens", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("contacts", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("affected", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("satisfaction", sa.SmallInteger(), nullable=True),
        sa.Column("satisfaction_comment", sa.Text(), nullable=True),
        sa.Column("external_key", sa.String(length=120), nullable=True),
        sa.Column("item", sa.String(length=120), nullable=True),
        sa.Column("approval", sa.String(length=12), nullable=True),
        sa.Column("approver_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["approver_id"], ["record.id"], name=op.f("fk_request_approver_id_record")),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_request_id_record")),
        sa.ForeignKeyConstraint(["resolved_by_id"], ["record.id"], name=op.f("fk_request_resolved_by_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request")),
    )
    op.create_index("ix_request_external_key", "request", ["external_key"], unique=False)
    op.create_index(
        "ix_request_pending_until",
        "request",
        ["pending_until"],
        unique=False,
        sqlite_where=sa.text("pending_until IS NOT NULL"),
        postgresql_where=sa.text("pending_until IS NOT NULL"),
    )
    op.create_table(
        "service",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("criticality", sa.String(length=12), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_service_id_record")),
        sa.ForeignKeyConstraint(["owner_id"], ["record.id"], name=op.f("fk_service_owner_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service")),
    )
    op.create_table(
        "shift",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("lead_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_shift_id_record")),
        sa.ForeignKeyConstraint(["lead_id"], ["record.id"], name=op.f("fk_shift_lead_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift")),
    )
    op.create_table(
        "target",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("agreement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("metric", sa.String(length=12), nullable=False),
        sa.Column(
            "kinds", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=True
        ),
        sa.Column(
            "priorities", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=True
        ),
        sa.Column("amount_seconds", sa.Integer(), nullable=True),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("unit", sa.String(length=16), nullable=False),
        sa.Column(
            "warn_percent", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=True
        ),
        sa.Column("objective", sa.String(length=12), nullable=True),
        sa.ForeignKeyConstraint(["agreement_id"], ["record.id"], name=op.f("fk_target_agreement_id_record")),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_target_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target")),
    )
    op.create_index("ix_target_agreement", "target", ["agreement_id"], unique=False)
    op.create_table(
        "team",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("email", sa.String(length=320), nullable=True),
        sa.Column("line", sa.String(length=12), nullable=True),
        sa.Column("lead_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("calendar_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["calendar_id"], ["record.id"], name=op.f("fk_team_calendar_id_record")),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_team_id_record")),
        sa.ForeignKeyConstraint(["lead_id"], ["record.id"], name=op.f("fk_team_lead_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
    )
    op.create_table(
        "template",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("public", sa.Boolean(), server_default=sa.text("(true)"), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_template_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_template")),
    )
    op.create_table(
        "view",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column(
            "kinds", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("sort", sa.String(length=120), nullable=True),
        sa.Column(
            "columns", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=True
        ),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("shared", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("position", sa.Integer(), server_default=sa.text("(100)"), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_view_id_record")),
        sa.ForeignKeyConstraint(["owner_id"], ["record.id"], name=op.f("fk_view_owner_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_view")),
    )
    op.create_table(
        "clock_event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("clock_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("policy_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("threshold", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("seen", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.ForeignKeyConstraint(["clock_id"], ["clock.id"], name=op.f("fk_clock_event_clock_id_clock")),
        sa.ForeignKeyConstraint(["policy_id"], ["policy.id"], name=op.f("fk_clock_event_policy_id_policy")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_event")),
        sa.UniqueConstraint(
            "clock_id", "cycle", "policy_id", "threshold", name=op.f("uq_clock_event_clock_id_cycle_policy_id_threshold")
        ),
    )
    op.create_index("ix_clock_event_recorded", "clock_event", ["recorded_at"], unique=False)


def downgrade() -> None:
    """Take this revision back."""
    op.drop_index("ix_clock_event_recorded", table_name="clock_event")
    op.drop_table("clock_event")
    op.drop_table("view")
    op.drop_table("template")
    op.drop_table("team")
    op.drop_index("ix_target_agreement", table_name="target")
    op.drop_table("target")
    op.drop_table("shift")
    op.drop_table("service")
    op.drop_index("ix_request_pending_until", table_name="request")
    op.drop_index("ix_request_external_key", table_name="request")
    op.drop_table("request")
    op.drop_table("presence")
    op.drop_index("ix_person_email", table_name="person")
    op.drop_table("person")
    op.drop_table("organisation")
    op.drop_index(
        "uq_link_current",
        table_name="link",
        sqlite_where=sa.text("valid_until = 253402300799"),
        postgresql_where=sa.text("valid_until = 253402300799"),
    )
    op.drop_index("ix_link_target", table_name="link")
    op.drop_index("ix_link_source", table_name="link")
    op.drop_table("link")
    op.drop_table("knowledge")
    op.drop_index("ix_journal_tx", table_name="journal")
    op.drop_index("ix_journal_record", table_name="journal")
    op.drop_index("ix_journal_operation", table_name="journal")
    op.drop_table("journal")
    op.drop_index("ix_interaction_about", table_name="interaction")
    op.drop_table("interaction")
    op.drop_index("ix_incident_pending_until", table_name="incident")
    op.drop_index("ix_incident_major", table_name="incident")
    op.drop_index("ix_incident_external_key", table_name="incident")
    op.drop_index("ix_incident_category", table_name="incident")
    op.drop_table("incident")
    op.drop_table("handover_line")
    op.drop_table("handover")
    op.drop_index(
        "ix_clock_next",
        table_name="clock",
        sqlite_where=sa.text("next_at IS NOT NULL"),
        postgresql_where=sa.text("next_at IS NOT NULL"),
    )
    op.drop_index("ix_clock_kept", table_name="clock")
    op.drop_index("ix_clock_broken", table_name="clock")
    op.drop_index("ix_clock_agreement", table_name="clock")
    op.drop_table("clock")
    op.drop_table("ci")
    op.drop_index("ix_calendar_revision_calendar", table_name="calendar_revision")
    op.drop_table("calendar_revision")
    op.drop_table("calendar")
    op.drop_table("announcement")
    op.drop_table("alert_rule")
    op.drop_table("alert_event")
    op.drop_index("ix_alert_record", table_name="alert")
    op.drop_index("ix_alert_group", table_name="alert")
    op.drop_table("alert")
    op.drop_table("agreement")
    op.drop_table("agent")
    op.drop_table("setting")
    op.drop_index("ix_record_snoozed", table_name="record")
    op.drop_index("ix_record_service", table_name="record")
    op.drop_index("ix_record_requester", table_name="record")
    op.drop_index(
        "ix_record_person_customer",
        table_name="record",
        sqlite_where=sa.text("kind = 'person'"),
        postgresql_where=sa.text("kind = 'person'"),
    )
    op.drop_index(
        "ix_record_open_team",
        table_name="record",
        sqlite_where=sa.text("open_since IS NOT NULL"),
        postgresql_where=sa.text("open_since IS NOT NULL"),
    )
    op.drop_index(
        "ix_record_open_priority",
        table_name="record",
        sqlite_where=sa.text("open_since IS NOT NULL"),
        postgresql_where=sa.text("open_since IS NOT NULL"),
    )
    op.drop_index(
        "ix_record_open_due",
        table_name="record",
        sqlite_where=sa.text("open_since IS NOT NULL"),
        postgresql_where=sa.text("open_since IS NOT NULL"),
    )
    op.drop_index(
        "ix_record_open_assignee",
        table_name="record",
        sqlite_where=sa.text("open_since IS NOT NULL"),
        postgresql_where=sa.text("open_since IS NOT NULL"),
    )
    op.drop_index("ix_record_kind_updated", table_name="record")
    op.drop_index("ix_record_kind_title", table_name="record")
    op.drop_index("ix_record_kind_state_done", table_name="record")
    op.drop_index("ix_record_ci", table_name="record")
    op.drop_table("record")
    op.drop_table("policy")
    op.drop_index("ix_operation_actor", table_name="operation")
    op.drop_table("operation")
    op.drop_table("lease")
    op.drop_table("job_fault")
    op.drop_table("job")
    op.drop_table("counter")
