"""How far agents have read what they watch."""

import sqlalchemy as sa
from alembic import op

from data.base import Key

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "watch_seen",
        sa.Column("agent_id", Key, nullable=False),
        sa.Column("record_id", Key, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["record.id"], name=op.f("fk_watch_seen_agent_id_record")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_watch_seen_record_id_record")),
        sa.PrimaryKeyConstraint("agent_id", "record_id", name=op.f("pk_watch_seen")),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("watch_seen")
