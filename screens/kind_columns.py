"""The columns of a list of any kind, as the kind declares them: number, name, its own fields, the state. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deskterm.fields import Flag, Instant, Refs
from screens.when import short
from widgets.columns import Cell, Column

if TYPE_CHECKING:
    from deskterm.fields import Field
    from deskterm.kinds import Kind
    from deskterm.records.schema import Row

WIDEST = 28
"""Cells that a field takes at most, whatever it would like."""
RETIRED = frozenset({"retired", "withdrawn", "void", "disposed"})
"""States of what is kept for history only."""


def fields_of(kind: Kind) -> tuple[str, ...]:
    """Return the fields that a list of the kind shows besides number, name and state."""
    usual = (*kind.columns, "updated_at")
    shown = (name for name in dict.fromkeys(usual) if name not in ("state", kind.title_field))
    return tuple(name for name in shown if not isinstance(kind.all_fields[name].type, Refs))


def columns(kind: Kind, tz: str) -> list[Column[Row]]:
    """Return the columns of a list; the last fields fold away first.

    Args:
        kind: What is listed.
        tz: The person's time zone.
    """
    title = kind.all_fields[kind.title_field]
    fields = [_column(kind.all_fields[name], place, tz) for place, name in enumerate(fields_of(kind), 1)]
    return [
        Column("number", "number", 10, lambda row, _: (row.number, "muted" if row.state in RETIRED else "")),
        Column(
            kind.title_field,
            title.title.lower(),
            max(16, min(title.width, 40)),
            lambda row, _: (row.title, "muted" if row.state in RETIRED else ""),
            min_width=title.least,
            grow=1,
        ),
        *fields,
        Column("state", "state", 10, lambda row, _: (row.state.replace("-", " "), "muted"), priority=1),
    ]


def _column(item: Field, place: int, tz: str) -> Column[Row]:
    name = item.name

    def cell(row: Row, now: int) -> Cell:
        if isinstance(item.type, Instant):
            at = row.values.get(name)
            return "" if at is None else (short(at, now, tz), "muted")
        text = row.shown.get(name) or ""
        if isinstance(item.type, Flag):
            return "yes" if row.values.get(name) else ""
        return text.splitlines()[0] if text else ""

    width = 13 if isinstance(item.type, Instant) else min(WIDEST, max(item.width, 4))
    align = "right" if item.type.numeric and not isinstance(item.type, Instant) else "left"
    return Column(name, item.title.lower(), max(width, 4), cell, priority=place + 1, align=align)  # type: ignore[arg-type]
