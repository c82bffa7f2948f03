"""How likely running clocks are to be breached, and what was forecast at fixed points, to be scored once it is known."""

from __future__ import annotations

from sqlalchemy import Column, Float, Integer, String, Table, UniqueConstraint

from data.base import identity, instant, metadata, reference

breach_forecast = Table(
    "breach_forecast",
    metadata,
    reference("record_id", nullable=False, primary_key=True),
    reference("clock_id", "clock.id", nullable=False),
    instant("at", nullable=False),
    Column("elapsed_seconds", Integer, nullable=False),
    Column("target_seconds", Integer, nullable=False),
    Column("probability", Float),
    Column("low", Float),
    Column("high", Float),
    Column("at_risk", Integer, nullable=False),
    Column("basis", String(120), nullable=False),
)
"""The newest forecast of each open record's resolution: a cache that the job `breach-forecast` makes again.

Probability and bounds are empty where too few records stand behind them; `at_risk` says how many did.
"""

forecast_point = Table(
    "forecast_point",
    metadata,
    identity(),
    reference("clock_id", "clock.id", nullable=False),
    Column("point", Integer, nullable=False),
    instant("at", nullable=False),
    Column("probability", Float, nullable=False),
    UniqueConstraint("clock_id", "point"),
)
"""What was forecast when a clock had first used so many percent of its target: appended to, and scored afterwards."""
