"""Changes, the boards that decide on them with their votes and meetings, work orders, templates and freezes."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, SmallInteger, String, Table, Text, text

from data.base import Document, extends_record, identity, instant, metadata, reference


def _plan_columns() -> list[Column[object]]:
    """Return the columns that a change has in common with the template it may come from."""
    return [
        Column("description", Text),
        Column("category", String(12)),
        Column("reason", Text),
        Column("plan", Text),
        Column("backout_plan", Text),
        Column("test_plan", Text),
        Column("risk_answers", Document),
        Column("disruption", String(12)),
    ]


change = Table(
    "change",
    metadata,
    extends_record(),
    *_plan_columns(),
    Column("type", String(12), nullable=False),
    reference("template_id"),
    reference("board_id"),
    reference("author_id"),
    instant("window_start"),
    instant("window_end"),
    instant("actual_start"),
    instant("actual_end"),
    Column("downtime_seconds", Integer),
    Column("risk", SmallInteger),
    Column("risk_level", String(12)),
    Column("risk_basis", Document),
    Column("approval_round", Integer, nullable=False, server_default=text("1")),
    Column("content", String(64)),
    Column("approved_content", String(64)),
    instant("submitted_at"),
    instant("approved_at"),
    Column("code", String(24)),
    Column("review", Text),
    instant("reviewed_at"),
    reference("reviewed_by_id"),
    Column("tags", Document),
    Column("external_key", String(120)),
)
"""A request for change and what became of it. `content` digests what a board decides on; `approved_content` what it decided."""
Index("ix_change_window", change.c.window_end, change.c.window_start)
Index("ix_change_actual_end", change.c.actual_end)

change_template = Table(
    "change_template",
    metadata,
    extends_record(),
    *_plan_columns(),
    Column("duration_seconds", Integer),
)
"""A change that is approved once for every time it is done."""

board = Table(
    "board",
    metadata,
    extends_record(),
    Column("type", String(8), nullable=False),
    Column("rule", String(12), nullable=False),
    Column("quorum", SmallInteger, nullable=False),
    reference("chair_id"),
    Column("note", Text),
)
"""A change advisory board, or its emergency committee. Its members are links, effective-dated."""

change_vote = Table(
    "change_vote",
    metadata,
    identity(),
    reference("change_id", nullable=False),
    reference("board_id"),
    reference("seat_id", nullable=False),
    reference("voter_id", nullable=False),
    Column("vote", String(8), nullable=False),
    Column("comment", Text),
    Column("approval_round", Integer, nullable=False),
    Column("content", String(64), nullable=False),
    instant("at", nullable=False),
    instant("recorded_at", nullable=False),
    sqlite_autoincrement=True,
)
"""One vote: who (`voter`) for which member's seat, on which content. Appended to, never edited: triggers refuse it."""
Index("ix_change_vote_change", change_vote.c.change_id, change_vote.c.id)

work_order = Table(
    "work_order",
    metadata,
    extends_record(),
    reference("change_id", nullable=False),
    Column("position", SmallInteger, nullable=False),
    Column("step", String(12), nullable=False),
    Column("description", Text),
    instant("planned_start"),
    instant("planned_end"),
    instant("actual_start"),
    instant("actual_end"),
    Column("result", Text),
)
"""One step of a change, with when it shall be done, and when it was."""
Index("ix_work_order_change", work_order.c.change_id, work_order.c.position)

freeze = Table(
    "freeze",
    metadata,
    extends_record(),
    instant("starts_at", nullable=False),
    instant("ends_at", nullable=False),
    Column("reason", Text),
    Column("emergencies", Boolean, nullable=False, server_default=text("true")),
)
"""A stretch of time in which nothing may be changed; what it covers are links, without any it is everything."""
Index("ix_freeze_ends_at", freeze.c.ends_at)

board_meeting = Table(
    "board_meeting",
    metadata,
    extends_record(),
    reference("board_id", nullable=False),
    reference("chair_id"),
    instant("starts_at", nullable=False),
    instant("ends_at"),
    Column("minutes", Text),
)
"""One meeting of a board, with its minutes."""
