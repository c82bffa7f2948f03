"""Which changes may have caused an incident: those that ended on its CI, or on what that CI needs, not long before it began."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row

from data.queries import change as q
from deskterm.configuration import graph
from deskterm.desk import Desk
from deskterm.records.schema import Receipt, RecordView

LOOK_BACK_SECONDS = 72 * 3600
"""A change that ended longer ago is no longer suspected by itself."""
MOST = 10


@dataclass(frozen=True, slots=True)
class Suspect:
    """A change that ended near an incident, in place and time."""

    number: str
    title: str
    state: str
    code: str
    """How it ended; empty while work goes on."""
    ended_at: int | None
    """None while work goes on."""
    ci: str
    """Name of the CI that it changed."""
    upstream: bool
    """It changed something that the incident's CI needs, not the CI itself."""

    @property
    def where(self) -> str:
        """Return on what it was done, seen from the incident."""
        return f"upstream, on {self.ci}" if self.upstream else f"on {self.ci}"


def suspects(connection: Connection, ci: int | None, service: int | None, at: int) -> tuple[Suspect, ...]:
    """Return the changes to suspect, those on the CI itself first, then the latest first.

    Args:
        connection: where to read.
        ci: row id of the incident's CI.
        service: row id of its service, which counts where no CI is named.
        at: when the incident began: changes that ended in the 72 hours before, or are still being implemented then.
    """
    own = ci if ci is not None else service
    if own is None:
        return ()
    reached = sorted(graph.needed(connection, [own], at).reached | {own})
    rows: list[Row[Any]] = []
    for start in range(0, len(reached), graph.ASKED_AT_ONCE):
        asked = {"ci_ids": reached[start : start + graph.ASKED_AT_ONCE], "since": at - LOOK_BACK_SECONDS, "at": at, "limit": MOST}
        rows.extend(connection.execute(q.ENDED_NEAR, asked))
    found: dict[str, Suspect] = {}
    for row in sorted(rows, key=lambda row: (row.ci_id != own, -(row.actual_end or at + 1), row.number)):
        upstream = row.ci_id != own and ci is not None
        ended = row.actual_end if row.actual_end is not None and row.actual_end <= at else None
        code = (row.code or "") if ended is not None else ""
        found.setdefault(row.number, Suspect(row.number, row.title, row.state, code, ended, row.ci, upstream))
    return tuple(found.values())[:MOST]


def suspects_for(desk: Desk, view: RecordView) -> tuple[Suspect, ...]:
    """Return the changes to suspect for an incident that was read; nothing for anything else, and to a requester."""
    if desk.actor.restricted or view.kind != "incident":
        return ()
    began = view.values.get("occurred_at") or view.created_at
    with desk.database.read() as connection:
        return suspects(connection, view.values.get("ci"), view.values.get("service"), began)


def blame(desk: Desk, incident: str, change: str) -> Receipt:
    """Record that a change caused an incident."""
    return desk.edit(incident, {"caused_by": change})
