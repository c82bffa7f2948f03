"""Clocks derived again from the journal, by the policy they were judged by, and compared with the rows that cache them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from data.base import NEVER
from data.queries import clocks as q
from data.tables.service_level import agreement
from data.vocab import AgreementType, ClockState, Metric
from deskterm.doctor.findings import Finding, Severity
from deskterm.records.draft import Draft
from deskterm.service_level import clocks
from deskterm.service_level.facts import Cycle, Facts, cycles
from deskterm.service_level.matching import Book
from deskterm.service_level.policy import BREACH, Policy
from deskterm.service_level.rules import read_clock
from deskterm.workflow import Phase

_ON_REOPEN = select(agreement.c.id, agreement.c.on_reopen)
Row = Mapping[str, Any]
Fired = set[tuple[int, int, int]]
"""Percent, policy and instant of every threshold that a clock has fired."""


class ClockCheck:
    """Derives the clocks of records again; keeps what many of them are judged by."""

    def __init__(self, connection: Connection, now: int) -> None:
        self._connection = connection
        self._now = now
        self._book = Book.read(connection)
        self._on_reopen = {row.id: row.on_reopen for row in connection.execute(_ON_REOPEN)}
        self._policies: dict[int, Policy] = {}

    def compare(self, drafts: Sequence[Draft]) -> Iterator[Finding]:
        """Yield what differs between the stored clocks of some records and what their journals say."""
        facts = clocks.facts_of(self._connection, drafts)
        rows: dict[int, list[Row]] = defaultdict(list)
        for row in self._connection.execute(q.OF_RECORDS, {"ids": [draft.id for draft in drafts]}).mappings():
            rows[row["record_id"]].append(dict(row))
        self._read_policies(rows.values())
        fired: dict[int, Fired] = defaultdict(set)
        keys = [row["id"] for group in rows.values() for row in group]
        for event in self._connection.execute(q.EVENTS, {"ids": keys}):
            fired[event.clock_id].add((event.threshold, event.policy_id, event.at))
        for draft in drafts:
            own = rows[draft.id]
            for one in own:
                yield from self._clock(draft, facts[draft.id], one, fired[one["id"]])
            yield from self._missing(draft, facts[draft.id], own)
            yield from spine(draft, own)

    def _read_policies(self, groups: Iterable[Sequence[Row]]) -> None:
        wanted = {row["policy_id"] for group in groups for row in group} - self._policies.keys()
        if wanted:
            found = self._connection.execute(q.POLICIES, {"ids": sorted(wanted)})
            self._policies |= {row.id: Policy.from_json(row.definition) for row in found}

    def _clock(self, draft: Draft, facts: Facts, row: Row, fired: Fired) -> Iterator[Finding]:
        if row["state"] == ClockState.CANCELLED and facts.cancelled_at is None:
            return  # its target stopped covering the record; there is nothing in the journal to derive that from
        cycle = self._cycle(draft, facts, row)
        name = f"{draft.number} {row['metric']}"
        if cycle is None:
            yield Finding("clock", Severity.ERROR, f"the journal knows nothing of the clock {name}", draft.number)
            return
        # A threshold that is due and has not been looked at yet is late, not wrong: read the clock as it was before.
        at = self._now if row["next_at"] is None else min(self._now, row["next_at"] - 1)
        reading = read_clock(self._policies[row["policy_id"]], cycle.history, at)
        one = clocks.ClockSet(None, row, row["type"], row["metric"], cycle, row["policy_id"], reading)
        wrong = sorted(key for key, value in clocks.clock_columns(one).items() if row[key] != value)
        if wrong:
            said = f"the clock {name} says otherwise than its journal: {', '.join(wrong)}"
            yield Finding("clock", Severity.ERROR, said, draft.number)
        told = {(percent, at) for percent, _, at in fired}
        under = {percent for percent, policy_id, _ in fired if policy_id == row["policy_id"]}
        missing = [each for each in reading.crossed() if each.percent not in under and (each.percent, each.at) not in told]
        if missing or (reading.breached_at is not None and (BREACH, reading.breached_at) not in told and not wrong):
            yield Finding("event", Severity.WARNING, f"the clock {name} crossed a point that was not journalled so", draft.number)

    def _cycle(self, draft: Draft, facts: Facts, row: Row) -> Cycle | None:
        on_reopen = self._on_reopen.get(row["agreement_id"], "continue")
        runs = cycles(facts, AgreementType(row["type"]), Metric(row["metric"]), on_reopen)
        return next((run for run in runs if run.number == row["cycle"]), None)

    def _missing(self, draft: Draft, facts: Facts, rows: Sequence[Row]) -> Iterator[Finding]:
        """Find open records without a clock that their agreement gives them."""
        if draft.phase is Phase.FINAL:
            return
        there = {(row["type"], row["metric"], row["cycle"]) for row in rows}
        for target, run in clocks.runs(self._book, clocks.subject_of(draft), facts):
            if (target.type, target.metric, run.number) not in there:
                said = f"{draft.number} lacks the {target.metric} clock that {target.agreement} gives it"
                yield Finding("clock-missing", Severity.ERROR, said, draft.number)


def spine(draft: Draft, rows: Sequence[Row]) -> Iterator[Finding]:
    """Compare the due instant and clock state that queues sort by with the clocks they are taken from."""
    told = [row for row in rows if row["type"] == AgreementType.SLA] or list(rows)
    live = [row for row in told if row["met_at"] is None and row["cancelled_at"] is None]
    due_at = min((row["due_at"] for row in live if row["due_at"] is not None), default=NEVER)
    stored_due, stored = draft.extra["due_at"], draft.extra["clock_state"]
    if stored_due != due_at:
        said = f"{draft.number}: queues sort it by another due instant than its clocks have"
        yield Finding("due", Severity.ERROR, said, draft.number)
    if not live:
        return
    breached = any(row["breached_at"] is not None for row in live)
    running = any(row["state"] != ClockState.PAUSED and row["due_at"] is not None for row in live)
    if breached:
        fine = {ClockState.BREACHED}
    else:
        fine = {ClockState.RUNNING, ClockState.AT_RISK} if running else {ClockState.PAUSED, ClockState.RUNNING}
    if stored not in fine:
        said = f"{draft.number}: queues show its clock as {stored}, its clocks are {' or '.join(sorted(fine))}"
        yield Finding("due", Severity.ERROR, said, draft.number)
