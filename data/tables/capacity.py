"""Capacity management's own records: resources, what is installed when, samples and their roll-ups, forecasts, plans."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Double, Index, Integer, String, Table, Text, UniqueConstraint, text

from data.base import Document, extends_record, identity, instant, metadata, reference

resource = Table(
    "resource",
    metadata,
    extends_record(),
    Column("role", String(10), nullable=False),
    Column("metric", String(60), nullable=False),
    Column("unit", String(20)),
    Column("direction", String(4), nullable=False),
    Column("capacity", Double),
    Column("warn", Double),
    Column("critical", Double),
    Column("rearm", Double),
    Column("confirm_samples", Integer, nullable=False, server_default=text("1")),
    Column("lead_time_days", Integer),
    Column("method", String(16), nullable=False),
    Column("basis", String(6), nullable=False),
    Column("keep_samples_days", Integer, nullable=False),
    Column("keep_hours_days", Integer, nullable=False),
    Column("collect", String(8)),
    Column("collect_path", String(400)),
    Column("collect_host", String(255)),
    Column("upgrade_amount", Double),
    Column("upgrade_cost", BigInteger),
    Column("currency", String(3)),
    Column("external_key", String(400)),
    reference("owner_id"),
    Column("description", Text),
    Column("level", String(10), nullable=False, server_default=text("'ok'")),
    instant("level_at"),
    Column("armed", Boolean, nullable=False, server_default=text("true")),
    reference("incident_id"),
)
"""Something that fills up, or a business driver that fills it. `warn`, `critical` and `rearm` are percent of capacity."""
Index("ix_resource_external_key", resource.c.external_key)

resource_capacity = Table(
    "resource_capacity",
    metadata,
    identity(),
    reference("resource_id", nullable=False),
    instant("from_at", nullable=False),
    Column("amount", Double, nullable=False),
    Column("reason", Text),
    reference("change_id"),
    instant("recorded_at", nullable=False),
    Column("actor", String(80), nullable=False),
)
"""What is installed from an instant on. Appended to: of two rows of one instant the later one counts."""
Index("ix_resource_capacity_resource", resource_capacity.c.resource_id, resource_capacity.c.from_at)

sample = Table(
    "sample",
    metadata,
    reference("resource_id", nullable=False, primary_key=True, autoincrement=False),
    instant("at", nullable=False, primary_key=True, autoincrement=False),
    Column("value", Double, nullable=False),
    sqlite_with_rowid=False,
)
"""Measurements, one for each instant. Narrow, and in the order in which they are read."""

sample_dirty = Table(
    "sample_dirty",
    metadata,
    reference("resource_id", nullable=False, primary_key=True, autoincrement=False),
    instant("at", nullable=False, primary_key=True, autoincrement=False),
    Column("marks", Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""Hours whose samples changed since they were last summed up; what the roll-up costs follows from these alone."""


def _roll_up(name: str) -> Table:
    return Table(
        name,
        metadata,
        reference("resource_id", nullable=False, primary_key=True, autoincrement=False),
        instant("at", nullable=False, primary_key=True, autoincrement=False),
        Column("samples", Integer, nullable=False),
        Column("least", Double, nullable=False),
        Column("mean", Double, nullable=False),
        Column("p95", Double, nullable=False),
        Column("most", Double, nullable=False),
        sqlite_with_rowid=False,
    )


resource_hour = _roll_up("resource_hour")
"""What the samples of each hour come to; `at` is its first instant."""
resource_day = _roll_up("resource_day")
"""What the samples of each day (UTC) come to."""

resource_reading = Table(
    "resource_reading",
    metadata,
    reference("resource_id", nullable=False, primary_key=True, autoincrement=False),
    instant("latest_at", nullable=False),
    Column("latest", Double, nullable=False),
    instant("judged_at"),
    instant("samples_from"),
    instant("hours_from"),
)
"""The newest sample of each resource, up to where thresholds were judged, and from when on samples and hours are kept."""

capacity_forecast = Table(
    "capacity_forecast",
    metadata,
    identity(),
    reference("resource_id", nullable=False),
    instant("made_at", nullable=False),
    instant("as_of", nullable=False),
    Column("method", String(16), nullable=False),
    Column("series", String(8), nullable=False),
    Column("points", Integer, nullable=False),
    Column("slope", Double),
    Column("r2", Double),
    Column("threshold", Double),
    Column("seconds_left", Double),
    Column("seconds_left_low", Double),
    Column("seconds_left_high", Double),
    Column("withheld", Text),
    UniqueConstraint("resource_id", "made_at"),
)
"""A forecast as it was told: appended to, so that it can be scored against what happened."""

forecast_score = Table(
    "forecast_score",
    metadata,
    reference("forecast_id", "capacity_forecast.id", nullable=False, primary_key=True, autoincrement=False),
    instant("due_at", nullable=False, primary_key=True, autoincrement=False),
    Column("predicted", Double, nullable=False),
    Column("low", Double, nullable=False),
    Column("high", Double, nullable=False),
    Column("actual", Double),
    instant("scored_at"),
)
"""What a forecast said of one day to come, and what that day came to."""
Index("ix_forecast_score_due", forecast_score.c.scored_at, forecast_score.c.due_at)

capacity_scenario = Table(
    "capacity_scenario",
    metadata,
    extends_record(),
    reference("driver_id", nullable=False),
    Column("growth_percent", Double, nullable=False),
    Column("months", Integer, nullable=False),
    Column("description", Text),
)
"""What if a business driver grows?"""

capacity_plan = Table(
    "capacity_plan",
    metadata,
    extends_record(),
    Column("horizon_days", Integer, nullable=False),
    Column("scope", Text),
    Column("assumptions", Text),
    Column("options", Document),
    Column("recommendations", Text),
    Column("versions", Integer, nullable=False, server_default=text("0")),
    instant("frozen_at"),
)

capacity_plan_version = Table(
    "capacity_plan_version",
    metadata,
    identity(),
    reference("plan_id", nullable=False),
    Column("version", Integer, nullable=False),
    instant("at", nullable=False),
    Column("actor", String(80), nullable=False),
    Column("document", Document, nullable=False),
    Column("digest", String(64), nullable=False),
    UniqueConstraint("plan_id", "version"),
)
"""A capacity plan as it was frozen: appended to, never edited."""
