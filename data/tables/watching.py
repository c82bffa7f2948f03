"""How far each agent has read the records that they watch. Who watches what is a link, as every relation is."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Table

from data.base import metadata, reference

watch_seen = Table(
    "watch_seen",
    metadata,
    reference("agent_id", nullable=False, primary_key=True),
    reference("record_id", nullable=False, primary_key=True),
    Column("seq", BigInteger, nullable=False),
)
"""The newest entry that an agent's screen has shown of a record's journal. What others wrote after it is news to them."""
