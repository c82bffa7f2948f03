"""When something may have happened to a record: a backfill goes on where the record's story stands, and not before."""

from __future__ import annotations

from sqlalchemy import func, select

from data.tables.core import journal
from deskterm.clock import format_instant
from deskterm.errors import InvalidInput
from deskterm.journal import What
from deskterm.records.draft import Draft
from deskterm.records.unit import Unit


def require_order(unit: Unit, draft: Draft) -> None:
    """Refuse a backfill from before the record began or last changed its state.

    Raises:
        InvalidInput: it says since when.
    """
    if unit.at == unit.recorded_at or unit.actor.system:
        return
    began = min(draft.created_at, draft.old.get("occurred_at") or draft.created_at)
    if unit.at < began:
        raise InvalidInput(
            f"{draft.number} began at {format_instant(began)}; nothing happened to it before", fields={"at": "too early"}
        )
    newest = select(func.max(journal.c.at)).where(journal.c.record_id == draft.id, journal.c.what == What.STATE.value)
    moved = unit.connection.execute(newest).scalar()
    if moved is not None and unit.at < moved:
        said = f"{draft.number} is {draft.state} since {format_instant(moved)}; what is recorded now happened then or later"
        raise InvalidInput(said, fields={"at": "too early"})
