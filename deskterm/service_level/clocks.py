"""Clocks on records: set, judged again and stopped in the unit of work that changes the record. Rows are a cache of the journal.

Reading a clock for show is `deskterm.service_level.clock_views`; firing what is due is `deskterm.service_level.jobs`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, update

from data.base import NEVER
from data.queries import clocks as q
from data.queries import records as rq
from data.tables.core import record
from data.tables.service_level import clock
from data.vocab import AgreementType, ClockState
from deskterm.journal import Entry, What
from deskterm.records import store
from deskterm.records.draft import Draft
from deskterm.records.unit import Unit
from deskterm.service_level.facts import Cycle, Facts, cycles, read_facts
from deskterm.service_level.matching import Book, Subject, Target
from deskterm.service_level.policy import BREACH, Policy
from deskterm.service_level.rules import Reading, Threshold, read_clock
from deskterm.workflow import Phase

JUDGED_BY = frozenset(
    {
        "priority",
        "service",
        "customer",
        "team",
        "vendor",
        "occurred_at",
        "first_response_at",
        "resolved_at",
        "requester",
        "pending_reason",
    }
)
"""Fields whose change may move a clock."""


def judge(unit: Unit, draft: Draft) -> None:
    """Set or judge again the clocks of a record that was just written; what was closed before stays as it was judged."""
    final = draft.phase is Phase.FINAL and draft.phase_before is Phase.FINAL
    moved = draft.creating or draft.state != draft.state_before or draft.said is not None
    if final or not (moved or JUDGED_BY & draft.changed.keys()):
        return
    unit.flush()
    _judge(unit, _book(unit), [draft])


def judge_records(unit: Unit, ids: Sequence[int]) -> None:
    """Judge the clocks of some records again, because what they are judged by has changed."""
    unit.flush()
    kinds: dict[str, list[int]] = defaultdict(list)
    for start in range(0, len(ids), 500):
        for row in unit.connection.execute(rq.SPINE, {"ids": list(ids[start : start + 500])}).mappings():
            kinds[row["kind"]].append(row["id"])
    book = Book.read(unit.connection)
    for name, members in kinds.items():
        drafts = list(store.load(unit.connection, unit.registry.kind(name), members, locked=True).values())
        _judge(unit, book, drafts)


def _book(unit: Unit) -> Book:
    return Book.read(unit.connection)


def facts_of(connection: Connection, drafts: Sequence[Draft]) -> dict[int, Facts]:
    """Return what happened to each record, from its journal."""
    rows: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for row in connection.execute(q.FACTS, {"ids": [draft.id for draft in drafts]}).mappings():
        rows[row["record_id"]].append(dict(row))
    return {draft.id: facts_from(draft, rows[draft.id]) for draft in drafts}


def facts_from(draft: Draft, rows: Iterable[Mapping[str, Any]]) -> Facts:
    """Return what happened to a record, from the rows of its journal in order of when it happened."""
    answered_at = draft.get("first_response_at")
    return read_facts(draft.kind.workflow, rows, started_at=started_at(draft), first_response_at=answered_at)


def started_at(draft: Draft) -> int:
    """Return when a record's clocks start: when the trouble began, not when somebody typed."""
    return int(draft.get("occurred_at") or draft.created_at)


def subject_of(draft: Draft) -> Subject:
    """Return what of a record decides by which targets it is judged."""
    return Subject(
        draft.kind.name,
        draft.get("priority"),
        draft.get("service"),
        draft.get("customer"),
        draft.get("team"),
        draft.get("vendor"),
        started_at(draft),
        draft.created_at,
    )


@dataclass(slots=True)
class ClockSet:
    """One clock as it is to be stored."""

    target: Target | None
    row: Mapping[str, Any] | None
    type: str
    metric: str
    cycle: Cycle
    policy_id: int
    reading: Reading


def _judge(unit: Unit, book: Book, drafts: Sequence[Draft]) -> None:
    facts = facts_of(unit.connection, drafts)
    stored: dict[int, dict[tuple[str, str, int], Mapping[str, Any]]] = defaultdict(dict)
    for row in unit.connection.execute(q.OF_RECORDS, {"ids": [draft.id for draft in drafts]}).mappings():
        stored[row["record_id"]][row["type"], row["metric"], row["cycle"]] = dict(row)
    frozen = _frozen_policies(unit.connection, stored.values())
    for draft in drafts:
        sets = clock_sets(unit, book, draft, facts[draft.id], stored[draft.id], frozen)
        _write(unit, draft, sets, stored[draft.id])


def _frozen_policies(connection: Connection, stored: Iterable[Mapping[Any, Mapping[str, Any]]]) -> dict[int, Policy]:
    ids = {row["policy_id"] for rows in stored for row in rows.values()}
    if not ids:
        return {}
    return {row.id: Policy.from_json(row.definition) for row in connection.execute(q.POLICIES, {"ids": sorted(ids)})}


def clock_sets(
    unit: Unit, book: Book, draft: Draft, facts: Facts, rows: Mapping[tuple[str, str, int], Mapping[str, Any]],
    frozen: Mapping[int, Policy],
) -> list[ClockSet]:  # fmt: skip
    """Return every clock a record has: what is over keeps the policy it was judged by, what runs is judged by today's."""
    found: list[ClockSet] = []
    for target, cycle in runs(book, subject_of(draft), facts):
        row = rows.get((target.type.value, target.metric.value, cycle.number))
        over = cycle.history.met_at is not None or cycle.history.cancelled_at is not None
        kept = row is not None and over and row["policy_id"] in frozen
        policy_id = row["policy_id"] if kept and row else book.policy_id(unit.connection, target.policy)
        policy = frozen[policy_id] if kept else target.policy
        reading = read_clock(policy, cycle.history, unit.recorded_at)
        chosen = None if kept else target
        found.append(ClockSet(chosen, row, target.type.value, target.metric.value, cycle, policy_id, reading))
    return found


def runs(book: Book, subject: Subject, facts: Facts) -> Iterator[tuple[Target, Cycle]]:
    """Yield every run of every clock that the book gives a record, with its target; an OLA's for each team that had it."""
    for target in book.match(subject):
        if target.type is not AgreementType.OLA:
            yield from ((target, cycle) for cycle in cycles(facts, target.type, target.metric, target.on_reopen))
    for team in sorted({team for _, team in facts.teams if team is not None}) if book.has_olas else ():
        for target in book.match(replace(subject, team=team)):
            if target.type is AgreementType.OLA:
                stays = cycles(facts, target.type, target.metric, target.on_reopen)
                yield from ((target, stay) for stay in stays if stay.team == team)


def _write(unit: Unit, draft: Draft, sets: Sequence[ClockSet], rows: Mapping[tuple[str, str, int], Mapping[str, Any]]) -> None:
    crossed: list[tuple[int, ClockSet]] = []
    for one in sets:
        values = clock_columns(one)
        if one.row is None:
            assert one.target is not None
            values |= {"record_id": draft.id, "type": one.type, "metric": one.metric, "cycle": one.cycle.number}
            key = int(unit.connection.execute(q.INSERT, values).inserted_primary_key[0])  # type: ignore[index]
        else:
            key = one.row["id"]
            if any(one.row[name] != value for name, value in values.items()):
                unit.connection.execute(update(clock).where(clock.c.id == key).values(values))
        crossed.append((key, one))
    kept = {(one.type, one.metric, one.cycle.number) for one in sets}
    for identity, row in rows.items():
        if identity not in kept and row["met_at"] is None and row["cancelled_at"] is None:
            _cancel(unit, row)
    _fire(unit, draft, crossed)
    summarise(unit, draft.id, [one.reading for one in sets if one.type == AgreementType.SLA] or [one.reading for one in sets])


def clock_columns(one: ClockSet) -> dict[str, Any]:
    """Return a clock as it is stored, by column."""
    reading, upcoming = one.reading, one.reading.next_event()
    over = reading.is_over
    values: dict[str, Any] = {
        "policy_id": one.policy_id,
        "started_at": one.cycle.history.started_at,
        "state": reading.state.value,
        "due_at": None if reading.held_since_at is not None and not over else reading.due_at,
        "next_at": upcoming.seen_at if upcoming else None,
        "next_threshold": upcoming.percent if upcoming else None,
        "met_at": reading.met_at,
        "breached_at": reading.breached_at,
        "cancelled_at": one.cycle.history.cancelled_at if reading.state is ClockState.CANCELLED else None,
        "elapsed_seconds": reading.elapsed_seconds if over else None,
    }
    if one.target is not None:
        values |= {"target_id": one.target.id, "agreement_id": one.target.agreement_id}
    return values


def _cancel(unit: Unit, row: Mapping[str, Any]) -> None:
    """Stop a clock whose target no longer covers the record."""
    values = {
        "state": ClockState.CANCELLED.value,
        "cancelled_at": unit.at,
        "next_at": None,
        "next_threshold": None,
        "due_at": None,
    }
    unit.connection.execute(update(clock).where(clock.c.id == row["id"]).values(values))


def _fire(unit: Unit, draft: Draft, clocks: Sequence[tuple[int, ClockSet]]) -> None:
    """Journal every threshold that was crossed and has not fired yet, at the instant it was crossed.

    Each fires once under each policy, so that a clock with another target can break the new promise as well; where the change
    left the instant as it was, that has been told.
    """
    if not clocks:
        return
    fired, told = set(), set()
    for event in unit.connection.execute(q.EVENTS, {"ids": [key for key, _ in clocks]}):
        fired.add((event.clock_id, event.cycle, event.threshold, event.policy_id))
        told.add((event.clock_id, event.cycle, event.threshold, event.at))
    for key, one in clocks:
        for threshold in one.reading.crossed():
            crossing = (key, one.cycle.number, threshold.percent)
            if (*crossing, one.policy_id) in fired or (*crossing, threshold.at) in told:
                continue
            unit.connection.execute(q.INSERT_EVENT, event_row(key, one, threshold) | {"recorded_at": unit.recorded_at})
            said = "breached" if threshold.percent == BREACH else f"used {threshold.percent} %"
            entry = Entry(
                draft.id, draft.version, What.CLOCK, one.metric, new=threshold.percent, at=threshold.at,
                text=f"{one.metric} {said}", actor="desk",
            )  # fmt: skip
            unit.journal(entry)


def event_row(key: int, one: ClockSet, threshold: Threshold) -> dict[str, Any]:
    """Return a threshold that a clock crossed as it is stored; when that is recorded is for the caller to add."""
    crossing = {"cycle": one.cycle.number, "policy_id": one.policy_id, "threshold": threshold.percent, "at": threshold.at}
    return {"clock_id": key, **crossing}


def summarise(unit: Unit, record_id: int, readings: Sequence[Reading]) -> None:
    """Put the most urgent clock of a record where queues sort by it."""
    due_at, state = summary(readings)
    changed = (record.c.due_at != due_at) | (record.c.clock_state.is_distinct_from(state))
    unit.connection.execute(update(record).where(record.c.id == record_id, changed).values(due_at=due_at, clock_state=state))


def summary(readings: Sequence[Reading]) -> tuple[int, str | None]:
    """Return the earliest due instant of the clocks that run, and the state of the most urgent one."""
    live = [reading for reading in readings if not reading.is_over]
    if not live:
        over = ClockState.BREACHED if any(r.breached_at is not None for r in readings) else ClockState.MET
        return NEVER, over.value if readings else None
    running = [reading for reading in live if reading.held_since_at is None]
    breached = [reading for reading in live if reading.breached_at is not None]
    if not running:
        return NEVER, ClockState.BREACHED.value if breached else ClockState.PAUSED.value
    due_at = min((reading.due_at for reading in running if reading.due_at is not None), default=NEVER)
    if breached:
        return due_at, ClockState.BREACHED.value
    risk = any(reading.crossed() for reading in running)
    return due_at, ClockState.AT_RISK.value if risk else ClockState.RUNNING.value
