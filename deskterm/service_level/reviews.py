"""Service reviews while they are written: named, checked, sealed when they are published, and never changed after that."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from data.queries import review as q
from deskterm.clock import format_instant
from deskterm.errors import InvalidInput, WorkflowRefused
from deskterm.kinds import Rules
from deskterm.records import resolve
from deskterm.service_level.review_workflow import DRAFT, PUBLISHED

if TYPE_CHECKING:
    from deskterm.records.draft import Draft
    from deskterm.records.unit import Unit
    from deskterm.service_level.review_content import Subject


def subject_of(draft: Draft) -> Subject:
    """Return what a review is about."""
    from deskterm.service_level.review_content import Subject  # late: whoever only reads a queue gathers no review

    values = {name: draft.get(name) for name in ("from_at", "to_at", "service", "customer", "agreement")}
    return Subject(**values, review_id=draft.id or None)


def _complete(unit: Unit, draft: Draft) -> None:
    """Let the agreement say which service and customer it is about, and name the review where nobody did."""
    if draft.state != DRAFT:
        return
    agreement = draft.get("agreement")
    if agreement is not None and agreement != draft.old.get("agreement"):
        found = next((row for row in unit.connection.execute(q.AGREEMENTS) if row.id == agreement), None)
        for name in ("service", "customer"):
            if found is not None and draft.get(name) is None and name not in draft.given:
                draft.new[name] = getattr(found, f"{name}_id")
    if not draft.get("name") or ("name" not in draft.given and draft.get("name") == _usual_name(unit, draft, draft.old)):
        draft.new["name"] = _usual_name(unit, draft, draft.new)


def _usual_name(unit: Unit, draft: Draft, values: Mapping[str, Any]) -> str:
    ids = [int(values[name]) for name in ("agreement", "service", "customer") if values.get(name) is not None]
    named = resolve.names(unit.connection, set(ids))
    about = ", ".join(dict.fromkeys(named[key].title for key in ids if key in named)) or "All services"
    start, end = values.get("from_at"), values.get("to_at")
    period = "" if start is None or end is None else f", {_period(start, end, ZoneInfo(unit.actor.tz))}"
    return f"{about}{period}"[:160]


def _period(from_at: int, to_at: int, tz: ZoneInfo) -> str:
    """Return `2026-10` of a whole month, else the first and the last day."""
    start, end, last = (datetime.fromtimestamp(at, tz) for at in (from_at, to_at, to_at - 1))
    begins = start.day == end.day == 1 and not any((start.hour, start.minute, end.hour, end.minute))
    if begins and (last.year, last.month) == (start.year, start.month):
        return f"{start:%Y-%m}"
    return f"{start:%Y-%m-%d} to {last:%Y-%m-%d}"


def _check(unit: Unit, draft: Draft) -> None:
    start, end = draft.get("from_at"), draft.get("to_at")
    if start is not None and end is not None and end <= start:
        raise InvalidInput("a review's period ends after it begins", fields={"to_at": "not after from_at"})
    if draft.state_before == PUBLISHED and not draft.creating and draft.changed:
        name = next(iter(draft.changed))
        raise WorkflowRefused(
            f"{draft.number} is published and sealed; write a note on it, or a new review", fields={name: "sealed"}
        )


def _publish(unit: Unit, draft: Draft, inputs: Mapping[str, Any]) -> None:
    """Seal what the review says. A period that goes on cannot be judged yet."""
    if draft.get("to_at") > unit.at:
        raise WorkflowRefused(
            f"its period ends at {format_instant(draft.get('to_at'))}; publish it after that, or end the period earlier",
            fields={"to_at": "still to come"},
        )
    from deskterm.service_level.review_content import gather
    from deskterm.service_level.review_rules import digest_of

    unit.flush()
    content = gather(unit.connection, unit.registry, subject_of(draft), unit.at) | {
        "name": draft.get("name"),
        "comments": draft.get("comments"),
        "attendees": draft.get("attendees"),
        "held_at": draft.get("held_at"),
    }
    digest = digest_of(content)
    row = {"review_id": draft.id, "digest": digest, "content": content, "at": unit.recorded_at}
    unit.connection.execute(q.SEAL, row)
    draft.new |= {"published_at": unit.at, "published_by": unit.actor.login, "digest": digest}


def _stays(draft: Draft, fields: frozenset[str]) -> str:
    """Say why publishing is not undone: what was handed out cannot be taken back."""
    return f"{draft.number} is published and sealed; write a new review instead" if "digest" in fields else ""


RULES = Rules(complete=(_complete,), check=(_check,), handlers={"publish": _publish}, lasting=(_stays,))
