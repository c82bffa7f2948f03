"""Service level requirements: what customers want to be promised."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from data.base import Key

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

REFERENCES = ("asked_by_id", "calendar_id", "agreement_id")


def upgrade() -> None:
    """Apply this revision."""
    op.create_table(
        "requirement",
        sa.Column("id", Key, autoincrement=False, nullable=False),
        sa.Column("asked_by_id", Key),
        sa.Column("business_reason", sa.Text()),
        sa.Column("metric", sa.String(12), nullable=False),
        sa.Column("amount_seconds", sa.Integer()),
        sa.Column("days", sa.Integer()),
        sa.Column("unit", sa.String(16), nullable=False),
        sa.Column("calendar_id", Key),
        sa.Column("objective", sa.String(12)),
        sa.Column("wanted_from", sa.BigInteger()),
        sa.Column("agreement_id", Key),
        sa.Column("reason", sa.Text()),
        *(
            sa.ForeignKeyConstraint([name], ["record.id"], name=op.f(f"fk_requirement_{name}_record"))
            for name in ("id", *REFERENCES)
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requirement")),
    )
    op.create_index("ix_requirement_agreement", "requirement", ["agreement_id"])


def downgrade() -> None:
    """Take this revision back."""
    op.drop_table("requirement")
