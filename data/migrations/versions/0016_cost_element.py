"""Which element of cost a CI is written off as."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this revision."""
    op.add_column("ci", sa.Column("cost_element", sa.String(length=16), nullable=True))


def downgrade() -> None:
    """Take this revision back."""
    op.drop_column("ci", "cost_element")
