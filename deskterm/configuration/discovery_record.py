"""What holds for a scan however it is written: it comes by import alone, and one that is void has seen nothing."""

from __future__ import annotations

from collections.abc import Sequence

from data.queries import discovery as q
from deskterm.errors import InvalidInput
from deskterm.kinds import Rules
from deskterm.records.draft import Draft
from deskterm.records.unit import Unit

AT_ONCE = 500


def by_import_only(unit: Unit, draft: Draft) -> None:
    """Refuse a scan that somebody makes up at a form."""
    if draft.creating:
        raise InvalidInput("a scan comes with a file: deskterm import nmap FILE (or ansible, osquery, netbox, discovery)")


def sightings(unit: Unit, draft: Draft) -> None:
    """Reckon anew when CIs were last seen, where a scan is made void or counts again."""
    if draft.state != draft.state_before and "void" in (draft.state, draft.state_before) and draft.state_before:
        reckon(unit, unit.connection.execute(q.SEEN_IN, {"discovery": draft.id}).scalars().all())


def reckon(unit: Unit, ids: Sequence[int]) -> None:
    """Set when CIs were last seen to what scans and audits say."""
    for start in range(0, len(ids), AT_ONCE):
        some = list(ids[start : start + AT_ONCE])
        seen = {row.ci_id: row.at for row in unit.connection.execute(q.LAST_SIGHTINGS, {"ids": some})}
        unit.connection.execute(q.SET_SEEN, [{"ci": key, "seen_at": seen.get(key)} for key in some])


CHECK = (by_import_only,)
AFTER = (sightings,)
RULES = Rules(check=CHECK, after=AFTER)
