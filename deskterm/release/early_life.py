"""Early-life support: for some days after a release is out, incidents on its CIs are listed with it, and the review owes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection

from data.queries import release as q
from deskterm.civil_time import DAY_SECONDS
from deskterm.errors import WorkflowRefused
from deskterm.journal import Entry, What
from deskterm.records import resolve, store
from deskterm.records.draft import Draft
from deskterm.records.relations import EARLY_LIFE_OF
from deskterm.records.unit import Unit
from deskterm.release.cells import CellState
from deskterm.release.schema import Support
from deskterm.release.waves import count, gates_of, read

MOST = 200
"""Incidents listed."""


def begin(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    """Begin early life, once every wave is accepted and something is installed.

    Raises:
        WorkflowRefused: it names the waves that are not accepted.
    """
    waves, cells = read(unit, draft.id)
    gates = gates_of(waves, cells)
    waiting = [f"wave {wave.position} ({wave.name})" for wave in gates if not wave.accepted]
    if waiting:
        raise WorkflowRefused(
            f"{draft.number} is not out: {', '.join(waiting)} not accepted", fields={"waves": ", ".join(waiting)}
        )
    on_their_way = [cell.title for cell in cells if cell.state == CellState.DISTRIBUTING]
    if on_their_way:
        raise WorkflowRefused(f"{draft.number} is not out: it is being distributed to {', '.join(on_their_way[:5])}")
    if not any(cell.state == CellState.INSTALLED for cell in cells):
        raise WorkflowRefused(f"{draft.number} is installed nowhere; back it out instead")
    draft.new["rolled_out_at"] = unit.at
    draft.new["early_life_until"] = unit.at + int(draft.get("early_life_days") or 0) * DAY_SECONDS
    count(unit, draft)


def end(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    """Note that the time is over, with the incidents that the review owes a word to."""
    if not unit.actor.system:
        raise WorkflowRefused("early life ends by itself when its days are over")
    draft.new["early_life_ended_at"] = unit.at
    found = incidents(unit.connection, draft.id, int(draft.get("early_life_until")))
    _link(unit, draft, found)
    said = ", ".join(f"{one.number} on {one.ci}" for one in found) or "no incident on its CIs"
    text = f"early life is over: {said}. The review is owed"
    unit.journal(Entry(draft.id, draft.version + 1, What.NOTE, text=text))


def close(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    """Close it, with the incidents of its early life beside the review; early life that is not over ends with it, visibly."""
    end_at = int(draft.get("early_life_until") or unit.at)
    found = incidents(unit.connection, draft.id, min(end_at, unit.at + 1))  # what happens this very second is in it
    _link(unit, draft, found)
    said = ", ".join(f"{one.number} on {one.ci}" for one in found) or "none"
    early = end_at - unit.at
    if early > 0:
        said += f"; closed {-(-early // DAY_SECONDS)} day{'' if early <= DAY_SECONDS else 's'} before early life was over"
    if draft.get("early_life_ended_at") is None:
        draft.new["early_life_ended_at"] = min(end_at, unit.at)
    unit.journal(Entry(draft.id, draft.version + 1, What.NOTE, text=f"incidents of its early life: {said}"))


def _link(unit: Unit, draft: Draft, found: Iterable[Support]) -> None:
    """Let the record of the release and those of its incidents name each other."""
    for one in found:
        if store.connect(unit, one.id, EARLY_LIFE_OF, draft.id):
            store.journal_link(unit, What.LINK, one.id, EARLY_LIFE_OF, draft.id)


def incidents(connection: Connection, release_id: int, until: int) -> tuple[Support, ...]:
    """Return the incidents on CIs of a release from its installation there up to an instant."""
    rows = connection.execute(q.INCIDENTS, {"release": release_id, "until": until, "limit": MOST}).all()
    names = resolve.names(connection, {row.ci_id for row in rows})
    return tuple(Support(row.id, row.number, row.title, row.state, names[row.ci_id].title, row.occurred_at) for row in rows)
