"""What holds for an audit however it is written: a new one freezes what it expects, a closed one stands as it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from data.queries import audits as q
from deskterm.clock import format_instant
from deskterm.configuration.discovery_record import reckon
from deskterm.errors import InvalidInput, WorkflowRefused
from deskterm.journal import Entry, What
from deskterm.kinds import Rules
from deskterm.records import store, writing
from deskterm.records.draft import Draft
from deskterm.records.unit import Unit

MOST_LINES = 50_000
SCANS = "scans"
"""The part of an audit that notes of scans are about: its lines."""


def _named(unit: Unit, draft: Draft) -> None:
    if not draft.get("name"):
        what = " and ".join(filter(None, (", ".join(draft.get("types") or ()), draft.get("location") or "")))
        draft.new["name"] = f"{what or 'everything'}, {format_instant(unit.at)[:10]}"[:160]


def _bounded(unit: Unit, draft: Draft) -> None:
    """Refuse an audit of everything, and another place or other types once the expected list is frozen."""
    if draft.creating and not draft.get("location") and not draft.get("types"):
        raise InvalidInput("an audit is of a place or of types of CI; give one of them", fields={"location": "or types"})
    if draft.creating and not draft.get("expected"):
        said = "nothing that is in use is recorded there; check how the place is spelt"
        raise InvalidInput(said, fields={"location": "nothing there"})
    if draft.creating and draft.get("expected") > MOST_LINES:
        said = f"{draft.get('expected'):,} CIs are too many for one audit; take a part of them"
        raise InvalidInput(said, fields={"location": "too many"})
    wrong = sorted({"location", "types"} & draft.changed.keys()) if not draft.creating else []
    if wrong:
        said = f"{draft.number} froze what it expects when it was begun; begin another for another {wrong[0]}"
        raise WorkflowRefused(said, fields=dict.fromkeys(wrong, "frozen"))


def expected(unit: Unit, location: str | None, types: list[str] | None) -> list[int]:
    """Return the CIs that should be at a place, and of these types, as they are recorded now."""
    place = (location or "").strip().casefold()
    escaped = place.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    arguments = {
        "types": list(types or [""]), "any_type": not types, "anywhere": not place, "place": place, "below": f"{escaped},%",
    }  # fmt: skip
    return [row.id for row in unit.connection.execute(q.EXPECTED, arguments)]


def _counted(unit: Unit, draft: Draft) -> None:
    """Count what is expected before it is written; `_freeze` finds the same in the same transaction."""
    if draft.creating and (draft.get("location") or draft.get("types")):
        count = len(expected(unit, draft.get("location"), draft.get("types")))
        draft.new |= {"expected": count, "missing": count}


def _freeze(unit: Unit, draft: Draft) -> None:
    if not draft.creating:
        return
    ids = expected(unit, draft.get("location"), draft.get("types"))
    unit.connection.execute(q.INSERT, [{"audit_id": draft.id, "ci_id": key, "expected": True} for key in ids])


def count_lines(unit: Unit, draft: Draft) -> None:
    """Let an audit say what its lines come to, whatever its journal or an undo put there."""
    unit.connection.execute(q.COUNT_LINES, {"audit": draft.id})


def _close(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    draft.new["closed_at"] = unit.at
    if not inputs.get("mark_missing"):
        return
    kind = unit.registry.kind("ci")
    lines = unit.connection.execute(q.LINES, {"audit": draft.id}).all()
    missing = [line.ci_id for line in lines if line.expected and line.scanned_at is None]
    for start in range(0, len(missing), 500):
        for ci in store.load(unit.connection, kind, missing[start : start + 500], locked=True).values():
            if ci.get("missing_since") is None:
                writing.edit(unit, ci, {"missing_since": unit.at})
                unit.journal(Entry(ci.id, ci.version, What.NOTE, text=f"not found by {draft.number}, {draft.get('name')}"))


def _forget(unit: Unit, draft: Draft) -> None:
    """Reckon anew when CIs were last seen, where an audit is made void or counts again."""
    if draft.state != draft.state_before and "void" in (draft.state, draft.state_before) and draft.state_before:
        lines = unit.connection.execute(q.LINES, {"audit": draft.id})
        reckon(unit, [line.ci_id for line in lines if line.ci_id is not None and line.scanned_at is not None])


def _scans_stand(draft: Draft, fields: frozenset[str]) -> str:
    """Say why scanning is not undone: nor is a CI that was found called missing again while its line says that it was found."""
    if SCANS not in fields:
        return ""
    return f"codes are taken back one by one: deskterm audit {draft.number} take-back CODE, or f6 in the audit"


COMPLETE = (_named, _counted)
CHECK = (_bounded,)
AFTER = (_freeze, count_lines, _forget)
HANDLERS = {"close": _close}
RULES = Rules(COMPLETE, CHECK, AFTER, handlers=HANDLERS, lasting=(_scans_stand,))
