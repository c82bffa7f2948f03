"""Service levels: calendars and their revisions, requirements, agreements, targets, and the clocks that judge records by them."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, Text, UniqueConstraint, text

from data.base import Document, extends_record, identity, instant, metadata, reference

calendar = Table(
    "calendar",
    metadata,
    extends_record(),
    Column("tz", String(60), nullable=False),
    Column("hours", Document, nullable=False),
    Column("holidays", Document),
    Column("days", Document),
    instant("valid_from"),
)

calendar_revision = Table(
    "calendar_revision",
    metadata,
    identity(),
    reference("calendar_id", nullable=False),
    instant("valid_from", nullable=False),
    Column("definition", Document, nullable=False),
    instant("recorded_at", nullable=False),
)
"""What a calendar said from which instant on. Appended to by every edit, never changed."""
Index("ix_calendar_revision_calendar", calendar_revision.c.calendar_id, calendar_revision.c.valid_from)

requirement = Table(
    "requirement",
    metadata,
    extends_record(),
    reference("asked_by_id"),
    Column("business_reason", Text),
    Column("metric", String(12), nullable=False),
    Column("amount_seconds", Integer),
    Column("days", Integer),
    Column("unit", String(16), nullable=False),
    reference("calendar_id"),
    Column("objective", String(12)),
    instant("wanted_from"),
    reference("agreement_id"),
    Column("reason", Text),
)
"""What a customer wants to be promised. Service, customer and priority stand in the spine."""
Index("ix_requirement_agreement", requirement.c.agreement_id)

agreement = Table(
    "agreement",
    metadata,
    extends_record(),
    Column("type", String(4), nullable=False),
    reference("calendar_id", nullable=False),
    Column("supplier", String(120)),
    instant("valid_from", nullable=False),
    instant("valid_until"),
    instant("review_at"),
    Column("on_reopen", String(12), nullable=False, server_default=text("'continue'")),
    Column("note", Text),
)
"""An SLA with a customer, an OLA with a team or a UC with a supplier. Service, customer and team stand in the spine."""

target = Table(
    "target",
    metadata,
    extends_record(),
    reference("agreement_id", nullable=False),
    Column("metric", String(12), nullable=False),
    Column("kinds", Document),
    Column("priorities", Document),
    Column("amount_seconds", Integer),
    Column("days", Integer),
    Column("unit", String(16), nullable=False),
    Column("warn_percent", Document),
    Column("objective", String(12)),
)
Index("ix_target_agreement", target.c.agreement_id)

policy = Table(
    "policy",
    metadata,
    identity(),
    Column("digest", String(64), nullable=False, unique=True),
    Column("definition", Document, nullable=False),
)
"""What a clock was judged by, frozen: target, calendar revisions, warning points. Rows are immutable and shared by content."""

clock = Table(
    "clock",
    metadata,
    identity(),
    reference("record_id", nullable=False),
    reference("target_id", nullable=False),
    reference("agreement_id", nullable=False),
    reference("policy_id", "policy.id", nullable=False),
    Column("type", String(4), nullable=False),
    Column("metric", String(12), nullable=False),
    Column("cycle", Integer, nullable=False),
    instant("started_at", nullable=False),
    Column("state", String(12), nullable=False),
    instant("due_at"),
    instant("next_at"),
    Column("next_threshold", Integer),
    instant("met_at"),
    instant("breached_at"),
    instant("cancelled_at"),
    Column("elapsed_seconds", Integer),
    UniqueConstraint("record_id", "type", "metric", "cycle"),
)
"""A cache of what the journal says about one target on one record; `deskterm doctor` derives it again and compares.

`next_at` is the next threshold to fire, so a breach check reads only what is due. `elapsed_seconds` is set when it stops.
"""
Index("ix_clock_agreement", clock.c.agreement_id, clock.c.metric, clock.c.due_at)

clock_event = Table(
    "clock_event",
    metadata,
    identity(),
    reference("clock_id", "clock.id", nullable=False),
    Column("cycle", Integer, nullable=False),
    reference("policy_id", "policy.id", nullable=False),
    Column("threshold", Integer, nullable=False),
    instant("at", nullable=False),
    instant("recorded_at", nullable=False),
    Column("seen", Boolean, nullable=False, server_default=text("false")),
    UniqueConstraint("clock_id", "cycle", "policy_id", "threshold"),
)
"""A threshold (percent of the target; 100 is the breach) that was crossed, at its computed instant, once.

Once under each policy, that is: where a clock got another target, the new promise can be broken as well.
"""
Index("ix_clock_event_recorded", clock_event.c.recorded_at)
