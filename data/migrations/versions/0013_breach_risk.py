"""What lists show of breach forecasts: a column of incidents and requests."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this revision."""
    for table in ("incident", "request"):
        op.add_column(table, sa.Column("breach_risk", sa.SmallInteger(), nullable=True))


def downgrade() -> None:
    """Take this revision back."""
    for table in ("incident", "request"):
        op.drop_column(table, "breach_risk")
