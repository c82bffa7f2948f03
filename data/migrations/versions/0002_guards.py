"""What SQL itself must not do: edit the journal, frozen policies and fired thresholds. And the full-text index."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

APPLICATION_ID = 0x4445534B
APPEND_ONLY = ("journal", "policy", "calendar_revision")


def upgrade() -> None:
    """Create the triggers and the search index."""
    if op.get_bind().dialect.name == "sqlite":
        _sqlite()
    else:
        _postgresql()


def _sqlite() -> None:
    op.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    for table in APPEND_ONLY:
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only: entries are never edited or deleted'); END"
            )
    op.execute("CREATE VIRTUAL TABLE search USING fts5(number, title, body, tokenize='unicode61')")


def _postgresql() -> None:
    op.execute(
        "CREATE FUNCTION refuse_edit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION '% is append-only: entries are never edited or deleted', TG_TABLE_NAME; END $$"
    )
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_edit()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_edit()"
        )
    op.execute("ALTER TABLE journal ALTER COLUMN tx SET DEFAULT (pg_current_xact_id()::text::bigint)")
    op.execute(
        "CREATE TABLE search (record_id bigint PRIMARY KEY REFERENCES record(id) ON DELETE CASCADE, document tsvector NOT NULL)"
    )
    op.execute("CREATE INDEX ix_search_document ON search USING gin (document)")


def downgrade() -> None:
    """Drop the triggers and the search index."""
    op.execute("DROP TABLE search")
    if op.get_bind().dialect.name == "sqlite":
        for table in APPEND_ONLY:
            for act in ("update", "delete"):
                op.execute(f"DROP TRIGGER {table}_no_{act}")
        return
    for table in APPEND_ONLY:
        op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
        op.execute(f"DROP TRIGGER {table}_no_truncate ON {table}")
    op.execute("DROP FUNCTION refuse_edit")
    op.execute("ALTER TABLE journal ALTER COLUMN tx DROP DEFAULT")
