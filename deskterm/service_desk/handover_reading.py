"""Reading shift handovers: whole, line by line, and how far each has come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from data.queries import handover as q
from deskterm.desk import Desk
from deskterm.records import reading, resolve
from deskterm.service_desk.handover_rules import OPEN
from deskterm.service_desk.handover_schema import HandoverView, Line
from deskterm.service_desk.handover_snapshot import Section


def view(desk: Desk, number: str) -> HandoverView:
    """Return a handover, whole.

    Raises:
        NotFound: there is none by that number.
    """
    with desk.database.read() as connection:
        draft = reading.find_one_of(connection, desk.registry, desk.actor, number, "handover")
        rows = connection.execute(q.LINES, {"handover": draft.id}).all()
        ids = {draft.get(name) for name in ("team", "outgoing", "incoming")}
        ids |= {key for row in rows for key in (row.reassigned_to_id, row.assignee_id)}
        names = {key: named.title for key, named in resolve.names(connection, {key for key in ids if key}).items()}
    return HandoverView(
        number=draft.number,
        name=str(draft.get("name")),
        team=names.get(draft.get("team"), ""),
        state=draft.state,
        starts_at=draft.get("starts_at"),
        ends_at=draft.get("ends_at"),
        next_ends_at=draft.get("next_ends_at"),
        frozen_at=draft.created_at,
        outgoing=names.get(draft.get("outgoing"), ""),
        incoming=names.get(draft.get("incoming"), ""),
        outgoing_signed_at=draft.get("outgoing_signed_at"),
        incoming_signed_at=draft.get("incoming_signed_at"),
        lines=tuple(_line(row, names) for row in rows),
    )


def line_of(desk: Desk, number: str, position: int) -> Line:
    """Return one line of a handover."""
    return next(line for line in view(desk, number).lines if line.position == position)


def _line(row: Any, names: Mapping[int, str]) -> Line:
    return Line(
        row.id, row.position, Section(row.section), row.number, row.text, row.facts, row.state, row.answered_by or "",
        row.answered_at, names.get(row.reassigned_to_id, ""), row.comment or "", row.state_now or "",
        names.get(row.assignee_id, "") if row.number else "",
    )  # fmt: skip


def progress(desk: Desk, ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Return by row id how many lines of each handover are answered, and how many there are."""
    found: dict[int, tuple[int, int]] = {}
    with desk.database.read() as connection:
        for row in connection.execute(q.PROGRESS, {"ids": list(ids)}):
            done, total = found.get(row.handover_id, (0, 0))
            found[row.handover_id] = (done + (row.lines if row.state != OPEN else 0), total + row.lines)
    return found
