"""What calendars, agreements and targets check and derive while they are written, and what their changes do to running clocks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import insert, select

from data.queries import clocks as q
from data.tables.core import record
from data.tables.service_level import agreement, calendar_revision
from data.vocab import AgreementType, Metric
from deskterm.clock import parse_instant
from deskterm.errors import InvalidInput, WorkflowRefused
from deskterm.kinds import Rules
from deskterm.records.draft import Draft
from deskterm.records.unit import Unit
from deskterm.service_level.facts import UNDO

BATCH = 200
"""Records judged at once when an agreement changes."""


def definition_of(draft: Draft) -> dict[str, Any]:
    """Return a calendar's definition as `calc` writes it."""
    parts = {name: draft.get(name) for name in ("tz", "hours", "holidays", "days")}
    return {name: value for name, value in parts.items() if value}


def _read_calendar(unit: Unit, draft: Draft) -> None:
    """Refuse a calendar that cannot be reckoned with, naming the field: an unknown zone, overlaps, no working time at all."""
    from deskterm.calendars import Calendar  # late: nobody who only reads a queue reckons working time

    Calendar.from_json(definition_of(draft))


def _public_holidays(unit: Unit, draft: Draft) -> None:
    """Write out the holidays of a country, where a calendar asks for them."""
    from deskterm.service_level import public_holidays  # late, as above

    if "holidays" in draft.given and public_holidays.is_asked(draft.get("holidays")):
        draft.new["holidays"] = public_holidays.written_out(draft.get("holidays"))


def _valid_from(unit: Unit, draft: Draft) -> None:
    """An edit counts from now unless it says from when."""
    edited = {"tz", "hours", "holidays", "days"} & draft.changed.keys()
    if not draft.creating and edited and "valid_from" not in draft.given:
        draft.new["valid_from"] = unit.at


def _retired_in_use(unit: Unit, draft: Draft) -> None:
    """Refuse to retire a calendar that agreements still judge by."""
    if draft.state != "retired" or draft.state_before == "retired" or draft.creating:
        return
    users = unit.connection.execute(
        select(record.c.number)
        .join(agreement, agreement.c.id == record.c.id)
        .where(agreement.c.calendar_id == draft.id, record.c.state == "active")
    )
    numbers = [row.number for row in users]
    if numbers:
        raise WorkflowRefused(f"{draft.number} is the calendar of {', '.join(numbers)}; give them another one first")


def _revisions_again(unit: Unit, draft: Draft) -> list[tuple[int, dict[str, Any]]]:
    """Return the revisions that put back what held before the edit that is undone, from the instant at which that took over.

    Empty where nothing is undone, or the calendar is not again what it was before its latest edit.
    """
    if draft.creating or draft.reason != UNDO:
        return []
    from deskterm.service_level.matching import in_force  # late, as above

    rows = unit.connection.execute(q.REVISIONS_OF, {"calendar": draft.id})
    recorded = [(row.valid_from, row.definition) for row in rows]
    if len(recorded) < 2:
        return []
    undone_from, before = recorded[-1][0], in_force(recorded[:-1])
    starts = [0 if one["valid_from"] is None else parse_instant(one.pop("valid_from")) for one in before]
    for one in before:
        one.pop("valid_from", None)
    if before[-1] != definition_of(draft):
        return []
    ruled = max(number for number, at in enumerate(starts) if at <= undone_from or number == 0)
    return [(max(at, undone_from), one) for at, one in zip(starts[ruled:], before[ruled:], strict=True)]


def _keep_revision(unit: Unit, draft: Draft) -> None:
    """Append the calendar's definition to its history, and judge running clocks by it again."""
    changed = {"tz", "hours", "holidays", "days", "valid_from"} & (draft.changed.keys() if not draft.creating else {"tz"})
    if not changed:
        return
    start = 0 if draft.creating and draft.get("valid_from") is None else draft.get("valid_from") or unit.at
    revisions = _revisions_again(unit, draft) or [(start, definition_of(draft))]
    for valid_from, definition in revisions:
        unit.connection.execute(
            insert(calendar_revision),
            {"calendar_id": draft.id, "valid_from": valid_from, "definition": definition, "recorded_at": unit.recorded_at},
        )
    if not draft.creating:
        users = select(agreement.c.id).where(agreement.c.calendar_id == draft.id)
        _judge_again(unit, [row.id for row in unit.connection.execute(users)])


CALENDAR_COMPLETE = (
    _public_holidays,
    _valid_from,
)
CALENDAR_CHECK = (_read_calendar, _retired_in_use)
CALENDAR_AFTER = (_keep_revision,)


def _agreement_makes_sense(unit: Unit, draft: Draft) -> None:
    kind = draft.get("type")
    if kind == AgreementType.OLA and draft.get("team") is None:
        raise InvalidInput("an OLA is a team's promise: name the team", fields={"team": "required for an OLA"})
    if kind == AgreementType.UC and not draft.get("supplier"):
        raise InvalidInput("a UC is a supplier's promise: name the supplier", fields={"supplier": "required for a UC"})
    start, end = draft.get("valid_from"), draft.get("valid_until")
    if end is not None and start is not None and end <= start:
        raise InvalidInput("an agreement ends after it begins", fields={"valid_until": "not after valid_from"})


AGREEMENT_CHECK = (_agreement_makes_sense,)


def _name_target(unit: Unit, draft: Draft) -> None:
    """Give a target a name that says what it is, where nobody gave one."""
    if draft.get("name") and "name" in draft.given:
        return
    covered = ", ".join(f"P{number}" for number in draft.get("priorities") or ()) or "all priorities"
    draft.new["name"] = f"{draft.get('metric')} {amount_words(draft.get('amount_seconds'), draft.get('days'))}, {covered}"


def amount_words(seconds: int | None, days: int | None) -> str:
    """Return how long a target is in words: `4 h`, `2 days`."""
    return f"{days} days" if days else _amount(seconds)


def _amount(seconds: int | None) -> str:
    if not seconds:
        return "?"
    return f"{seconds // 3600} h" if seconds % 3600 == 0 else f"{seconds // 60} min" if seconds % 60 == 0 else f"{seconds} s"


def figure_makes_sense(unit: Unit, draft: Draft) -> None:
    """Refuse a figure that cannot be measured: an amount in the wrong unit or of nothing, a share that is none."""
    if draft.get("metric") == Metric.AVAILABILITY:
        _objective(draft.get("objective"))
        return
    if draft.get("objective"):
        _objective(draft.get("objective"))
    amount, days, unit_name = draft.get("amount_seconds"), draft.get("days"), draft.get("unit")
    if (unit_name == "business-days") != (days is not None) or (days is None) == (amount is None):
        raise InvalidInput(
            "a target in business-days has days, any other one amount_seconds, and never both",
            fields={"amount_seconds": "or days", "days": "only with business-days"},
        )
    if amount == 0:
        raise InvalidInput("a target of no time cannot be met", fields={"amount_seconds": "must be more than 0"})


def _objective(value: str | None) -> None:
    try:
        share = float(value or "")
    except ValueError:
        share = -1.0
    if not 0 < share < 100:
        raise InvalidInput("the objective is an agreed share in percent, such as 99.9", fields={"objective": "0 to 100"})


def _retarget(unit: Unit, draft: Draft) -> None:
    """Judge open work again once an agreement, or one of its targets, changed: what it judged, and what it may judge now."""
    target = draft.kind.name == "target"
    agreement_id = draft.get("agreement") if target else draft.id
    if draft.creating and not target:
        return  # it has no targets yet
    wanted = q.judged_by_target(draft.id) if target else q.judged_by_agreements([agreement_id])
    ids = {row.record_id for row in unit.connection.execute(wanted)}
    kinds = [kind.name for kind in unit.registry if kind.clocked]
    row = unit.connection.execute(q.COVERAGE, {"agreement": agreement_id}).first()
    if row is not None and draft.state == "active":
        ids |= set(unit.connection.execute(q.coverable(kinds, row)).scalars())
    _judge(unit, ids)


def _judge_again(unit: Unit, agreements: list[int]) -> None:
    """Judge again what runs under some agreements."""
    _judge(unit, {row.record_id for row in unit.connection.execute(q.judged_by_agreements(agreements))})


def _judge(unit: Unit, ids: Iterable[int]) -> None:
    from deskterm.service_level import clocks  # late, as above

    wanted = sorted(ids)
    for start in range(0, len(wanted), BATCH):
        clocks.judge_records(unit, wanted[start : start + BATCH])


TARGET_COMPLETE = (_name_target,)
TARGET_CHECK = (figure_makes_sense,)
POLICY_AFTER = (_retarget,)
CALENDAR_RULES = Rules(CALENDAR_COMPLETE, CALENDAR_CHECK, CALENDAR_AFTER)
AGREEMENT_RULES = Rules(check=AGREEMENT_CHECK, after=POLICY_AFTER)
TARGET_RULES = Rules(TARGET_COMPLETE, TARGET_CHECK, POLICY_AFTER)
