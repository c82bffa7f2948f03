"""What SQL itself must not do: edit the journal, frozen policies, signed handovers. And the full-text index."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

APPLICATION_ID = 0x4445534B
APPEND_ONLY = ("journal", "policy", "calendar_revision")
FROZEN = ("handover_id", "position", "section", "subject_id", "number", "text", "facts")
"""What of a handover's line is a snapshot; the rest is the answer, until the incoming lead signs."""
_SIGNED = "EXISTS (SELECT 1 FROM handover WHERE id = {row}.handover_id AND {side}_signed_at IS NOT NULL)"
_LINE_GUARDS = {
    "INSERT": _SIGNED.format(row="NEW", side="outgoing"),
    "UPDATE": " OR ".join(
        [*(f"NEW.{name} {{differs}} OLD.{name}" for name in FROZEN), _SIGNED.format(row="OLD", side="incoming")]
    ),
    "DELETE": "1 = 1",
}
_LINE_SENTENCE = "a line of a handover is frozen: only its answer may be given, until both have signed"


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
    for act, guard in _LINE_GUARDS.items():
        op.execute(
            f"CREATE TRIGGER handover_line_{act.lower()} BEFORE {act} ON handover_line "
            f"WHEN {guard.format(differs='IS NOT')} BEGIN SELECT RAISE(ABORT, '{_LINE_SENTENCE}'); END"
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
    for act, guard in _LINE_GUARDS.items():
        name = f"handover_line_{act.lower()}"
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {guard.format(differs='IS DISTINCT FROM')} THEN RAISE EXCEPTION '{_LINE_SENTENCE}'; END IF; "
            f"RETURN {'OLD' if act == 'DELETE' else 'NEW'}; END $$"
        )
        op.execute(f"CREATE TRIGGER {name} BEFORE {act} ON handover_line FOR EACH ROW EXECUTE FUNCTION {name}()")
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
        for act in _LINE_GUARDS:
            op.execute(f"DROP TRIGGER handover_line_{act.lower()}")
        return
    for table in APPEND_ONLY:
        op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
        op.execute(f"DROP TRIGGER {table}_no_truncate ON {table}")
    for act in _LINE_GUARDS:
        op.execute(f"DROP TRIGGER handover_line_{act.lower()} ON handover_line")
        op.execute(f"DROP FUNCTION handover_line_{act.lower()}")
    op.execute("DROP FUNCTION refuse_edit")
    op.execute("ALTER TABLE journal ALTER COLUMN tx DROP DEFAULT")
