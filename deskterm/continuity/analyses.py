"""What holds for an impact analysis and a backup schedule however they are written: whose it is, what the MTPD follows from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from data.holds import hold
from data.queries import continuity as q
from deskterm.continuity import copy_marks
from deskterm.continuity.rules import Rating, mtpd
from deskterm.errors import InvalidInput
from deskterm.fields import show_duration
from deskterm.kinds import Rules
from deskterm.records import resolve
from deskterm.records.draft import Draft
from deskterm.records.unit import Unit


def ratings(impacts: Mapping[str, Sequence[Sequence[int]]] | None) -> dict[str, list[Rating]]:
    """Return stored impacts as the rules take them."""
    return {category: [Rating(int(after), int(level)) for after, level in rows] for category, rows in (impacts or {}).items()}


def _named(unit: Unit, draft: Draft) -> None:
    """Call it by what it is about, where nobody calls it anything."""
    if draft.get("name"):
        return
    node = draft.get("service") or draft.get("ci")
    named = resolve.names(unit.connection, {node}).get(node) if node is not None else None
    if named is not None:
        draft.new["name"] = f"Impact of losing {named.title}"[:160]


def _tolerable(unit: Unit, draft: Draft) -> None:
    """Work the MTPD out of the impacts; what is said besides them must not say otherwise.

    Raises:
        InvalidInput: the impacts say another one.
    """
    found = mtpd(ratings(draft.get("impacts")), int(draft.get("unacceptable") or 0))
    given = draft.get("mtpd_seconds") if "mtpd_seconds" in draft.given else None
    if found is None:
        before = mtpd(ratings(draft.old.get("impacts")), int(draft.old.get("unacceptable") or 0))
        if given is None and before is not None and draft.get("mtpd_seconds") == before:
            draft.new["mtpd_seconds"] = None  # it followed from ratings that do not say so any more
        return
    if given is not None and given != found:
        said = show_duration(found)
        raise InvalidInput(
            f"mtpd_seconds: the impacts reach the unacceptable level after {said} already or only then; leave it empty, "
            "or change the impacts",
            fields={"mtpd_seconds": f"the impacts say {said}"},
        )
    draft.new["mtpd_seconds"] = found


def _one_subject(unit: Unit, draft: Draft) -> None:
    """Refuse what is about nothing, or about a service and a CI at once."""
    service, ci = draft.get("service"), draft.get("ci")
    if (service is None) == (ci is None):
        wrong = "needs a service or a CI" if service is None else "is about a service or about a CI, not both"
        raise InvalidInput(f"{draft.kind.one} {wrong}", fields={"service": wrong})


def _only_one(unit: Unit, draft: Draft) -> None:
    """Refuse a second analysis of one service: every objective has one source."""
    node = draft.get("service") or draft.get("ci")
    moved = draft.creating or {"service", "ci"} & draft.changed.keys() or draft.state != draft.state_before
    if node is None or draft.state != "active" or not moved:
        return
    hold(unit.connection, f"impact analysis of {node}")
    other = unit.connection.execute(q.OTHER_ANALYSIS, {"own": draft.id, "node": node}).scalar()
    if other is not None:
        field = "service" if draft.get("service") is not None else "ci"
        said = f"{other} rates it already"
        raise InvalidInput(f"{said}; edit that one, or retire it first", fields={field: said})


def changed(unit: Unit, draft: Draft) -> None:
    """Once it is committed, the copies of the plans on this machine are to be written anew."""
    copy_marks.after(unit)


def _takes_time(unit: Unit, draft: Draft) -> None:
    if draft.get("interval_seconds") == 0:
        raise InvalidInput("interval_seconds: nothing is copied every 0 seconds", fields={"interval_seconds": "more than 0"})
    restored: Any = draft.get("restored_at")
    if restored is not None and restored > unit.recorded_at:
        raise InvalidInput("restored_at lies in the future", fields={"restored_at": "in the future"})


RULES = Rules(complete=(_one_subject, _named, _tolerable), check=(_one_subject, _only_one), after=(changed,))
BACKUP_RULES = Rules(check=(_one_subject, _takes_time), after=(changed,))
