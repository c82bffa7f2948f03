"""Release management: the definitive library, releases, what was built of which items, how it was tested, where it went."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table, Text, UniqueConstraint

from data.base import extends_record, identity, instant, metadata, reference

release_unit = Table(
    "release_unit",
    metadata,
    extends_record(),
    Column("level", String(20), nullable=False),
    Column("description", Text),
)

definitive_item = Table(
    "definitive_item",
    metadata,
    extends_record(),
    Column("item_version", String(60), nullable=False),
    reference("unit_id"),
    Column("licence", String(255)),
    reference("licence_ci_id"),
    Column("supplier", String(160)),
    Column("note", Text),
    Column("path", String(400)),
    Column("sha256", String(64)),
    Column("size_bytes", BigInteger),
    Column("deposited_by", String(80)),
    instant("deposited_at"),
    Column("qa_result", String(10)),
    Column("qa_evidence", Text),
    Column("qa_by", String(80)),
    instant("qa_at"),
    Column("integrity", String(12)),
    Column("integrity_note", String(400)),
)
"""An item of the definitive software library. `path` lies within the library's folder, with `/` between its parts."""
Index("ix_definitive_item_unit", definitive_item.c.unit_id)

library_check = Table(
    "library_check",
    metadata,
    reference("item_id", nullable=False, primary_key=True),
    instant("checked_at", nullable=False),
    Column("result", String(12), nullable=False),
    Column("detail", String(400), nullable=False),
    Column("checked_by", String(80), nullable=False),
)
"""When the file of an item was last read again, and what came of it; the record's journal has every change of the result."""

release = Table(
    "release",
    metadata,
    extends_record(),
    Column("description", Text),
    Column("type", String(12), nullable=False),
    Column("category", String(12), nullable=False),
    reference("unit_id"),
    Column("release_version", String(40)),
    Column("plan", Text),
    Column("backout_plan", Text),
    instant("backout_rehearsed_at"),
    Column("backout_evidence", Text),
    instant("target_at"),
    Column("early_life_days", Integer, nullable=False),
    Column("review", Text),
    Column("progress", String(255)),
    instant("rollout_started_at"),
    instant("rolled_out_at"),
    instant("early_life_until"),
    instant("early_life_ended_at"),
)
Index("ix_release_unit", release.c.unit_id)

release_build = Table(
    "release_build",
    metadata,
    identity(),
    reference("release_id", nullable=False),
    Column("position", Integer, nullable=False),
    Column("state", String(12), nullable=False),
    Column("started_by", String(80), nullable=False),
    instant("started_at", nullable=False),
    Column("finished_by", String(80)),
    instant("finished_at"),
    Column("note", Text),
    Column("items", Integer),
    Column("digest", String(64)),
    UniqueConstraint("release_id", "position"),
)
"""A build record; once it is finished, triggers refuse to touch it. `items` is then how many items it was made of."""

release_build_item = Table(
    "release_build_item",
    metadata,
    identity(),
    reference("build_id", "release_build.id", nullable=False),
    reference("item_id", nullable=False),
    Column("number", String(40), nullable=False),
    Column("name", String(255), nullable=False),
    Column("item_version", String(60), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    instant("verified_at"),
    UniqueConstraint("build_id", "item_id"),
)
"""One library item that a build was made of, as the library had it then."""
Index("ix_release_build_item_item", release_build_item.c.item_id)

release_campaign = Table(
    "release_campaign",
    metadata,
    identity(),
    reference("release_id", nullable=False),
    Column("name", String(120), nullable=False),
    Column("round", Integer, nullable=False),
    reference("build_id", "release_build.id"),
    Column("cases", Integer),
    Column("verdict", String(10)),
    Column("signed_by", String(80)),
    instant("signed_at"),
    Column("note", Text),
    UniqueConstraint("release_id", "name", "round"),
)
"""A campaign of tests of one build; signed, triggers refuse to touch it and its cases. `cases` is then how many it had."""

release_case = Table(
    "release_case",
    metadata,
    identity(),
    reference("campaign_id", "release_campaign.id", nullable=False),
    Column("position", Integer, nullable=False),
    Column("name", String(255), nullable=False),
    Column("mandatory", Boolean, nullable=False),
    Column("result", String(10), nullable=False),
    Column("tested_by", String(80)),
    instant("tested_at"),
    Column("evidence", Text),
    UniqueConstraint("campaign_id", "position"),
)

release_wave = Table(
    "release_wave",
    metadata,
    identity(),
    reference("release_id", nullable=False),
    Column("position", Integer, nullable=False),
    Column("name", String(120), nullable=False),
    instant("planned_at"),
    Column("accepted_by", String(80)),
    instant("accepted_at"),
    Column("note", Text),
    UniqueConstraint("release_id", "position"),
)
"""A wave of a rollout: what is distributed together, and who accepted it before the next one opened."""

release_cell = Table(
    "release_cell",
    metadata,
    identity(),
    reference("release_id", nullable=False),
    reference("wave_id", "release_wave.id", nullable=False),
    reference("ci_id", nullable=False),
    Column("site", String(120), nullable=False),
    Column("state", String(16), nullable=False),
    Column("version", String(120)),
    Column("previous", String(120)),
    instant("changed_at", nullable=False),
    instant("installed_at"),
    Column("changed_by", String(80), nullable=False),
    Column("reason", String(400)),
    UniqueConstraint("release_id", "ci_id"),
)
"""One CI in one wave: how far the release has come there, what it put there and what was there before."""
Index("ix_release_cell_ci", release_cell.c.ci_id, release_cell.c.id)
Index("ix_release_cell_wave", release_cell.c.wave_id, release_cell.c.state)
