"""Services, configuration items, their types and baselines: what incidents hit and agreements are about."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, SmallInteger, String, Table, Text, text

from data.base import Document, extends_record, identity, instant, metadata, reference

service = Table(
    "service",
    metadata,
    extends_record(),
    Column("criticality", String(12)),
    Column("description", Text),
    reference("owner_id"),
    Column("vital_functions", Document),
    Column("downtime_cost_per_hour", BigInteger),
)

ci = Table(
    "ci",
    metadata,
    extends_record(),
    Column("type", String(60), nullable=False),
    Column("location", String(120)),
    Column("serial", String(120)),
    reference("owner_id"),
    Column("attributes", Document),
    reference("support_team_id"),
    Column("environment", String(20)),
    Column("criticality", String(12)),
    Column("asset_number", String(120)),
    Column("uuid", String(36)),
    Column("mac", String(17)),
    Column("fqdn", String(255)),
    Column("manufacturer", String(120)),
    Column("model", String(120)),
    Column("installed_version", String(120)),
    reference("supplier_id"),
    instant("purchased_at"),
    instant("in_service_at"),
    instant("warranty_until"),
    instant("maintenance_until"),
    Column("cost", BigInteger),
    Column("currency", String(3)),
    Column("depreciation", String(20)),
    Column("depreciation_rate", String(16)),
    Column("life_years", SmallInteger),
    Column("salvage", BigInteger),
    instant("disposed_at"),
    Column("proceeds", BigInteger),
    reference("maintenance_window_id"),
    instant("last_seen_at"),
    instant("missing_since"),
    Column("description", Text),
    Column("mtbf_seconds", BigInteger),
    Column("mtrs_seconds", BigInteger),
    Column("cost_element", String(16)),
)
"""A configuration item; its status is the record's state, its cost is in hundredths of its currency."""
Index("ix_ci_type", ci.c.type, ci.c.id)
Index("ix_ci_location", ci.c.location, ci.c.id)
Index("ix_ci_serial", ci.c.serial)
Index("ix_ci_uuid", ci.c.uuid)
Index("ix_ci_mac", ci.c.mac)
Index("ix_ci_fqdn", ci.c.fqdn)
Index("ix_ci_asset_number", ci.c.asset_number)

ci_type = Table(
    "ci_type",
    metadata,
    extends_record(),
    reference("parent_id"),
    Column("attributes", Document),
    Column("open_ended", Boolean, nullable=False, server_default=text("false")),
    Column("description", Text),
)
"""A type of configuration items and the attributes it declares; its name is the word that `ci.type` holds."""
Index("ix_ci_type_parent", ci_type.c.parent_id)

baseline = Table(
    "baseline",
    metadata,
    extends_record(),
    Column("scope", String(4000), nullable=False),
    Column("reason", Text),
    instant("taken_at", nullable=False),
)
"""The configuration as it was recorded at an instant, under a name."""

baseline_item = Table(
    "baseline_item",
    metadata,
    identity(),
    reference("baseline_id", nullable=False),
    reference("ci_id", nullable=False),
    Column("number", String(40), nullable=False),
    Column("title", Text, nullable=False),
    Column("state", String(40), nullable=False),
    Column("facts", Document, nullable=False),
    Column("relations", Document, nullable=False),
)
"""One CI of a baseline, frozen: its fields and its relations as scripts read them."""
Index("ix_baseline_item_baseline", baseline_item.c.baseline_id, baseline_item.c.ci_id, unique=True)

baseline_seal = Table(
    "baseline_seal",
    metadata,
    reference("baseline_id", nullable=False, primary_key=True, autoincrement=False),
    reference("last_item_id", "baseline_item.id", nullable=False),
    Column("items", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
)
"""Closes a baseline: how many items it has and their digest. Triggers refuse to edit, delete or add an item afterwards.

It points at the last item so that whoever copies a desk, table by table in the order of references, brings the items first.
"""
