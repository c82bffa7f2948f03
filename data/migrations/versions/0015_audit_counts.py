"""Audits that were begun before their figures followed every scan: each says what its lines come to."""

from __future__ import annotations

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_LINES = {
    "expected": "expected",
    "scanned": "expected AND scanned_at IS NOT NULL",
    "missing": "expected AND scanned_at IS NULL",
    "unexpected": "NOT expected",
}
STATEMENTS = tuple(
    f"UPDATE audit SET {column} = (SELECT count(*) FROM audit_line WHERE audit_id = audit.id AND ({which}))"
    for column, which in _LINES.items()
)


def upgrade() -> None:
    """Apply this revision."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Take this revision back: true figures hurt nobody."""
