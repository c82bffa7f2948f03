"""Clocks of records that were lived through in one go: set once, at the end, with every threshold fired when it was reached."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from data.tables.core import record
from data.tables.service_level import clock, clock_event
from data.vocab import AgreementType
from deskterm.journal import Entry, What
from deskterm.permissions import DESK
from deskterm.records.chronicle import Chronicle
from deskterm.records.draft import Draft
from deskterm.service_level.clocks import ClockSet, clock_columns, clock_sets, event_row, facts_from, summary
from deskterm.service_level.facts import Facts
from deskterm.service_level.matching import Book
from deskterm.service_level.policy import BREACH
from deskterm.service_level.rules import Reading, Threshold

CHECKED_EVERY_SECONDS = 15
"""How often the breach check looks: a threshold is recorded at most so long after it was reached."""


def judge_past(chronicle: Chronicle, drafts: Sequence[Draft]) -> None:
    """Set the clocks of new records as they stand at the end, and journal what the breach check found meanwhile."""
    book = Book.read(chronicle.connection)
    chronicle.at = chronicle.recorded_at = chronicle.until
    for draft in drafts:
        sets = clock_sets(chronicle, book, draft, _facts(draft, chronicle.rows[draft.id]), {}, {})
        decisive = [one.reading for one in sets if one.type == AgreementType.SLA] or [one.reading for one in sets]
        due_at, state = summary(decisive)
        chronicle.update(record, draft.id, {"due_at": due_at, "clock_state": state})
        for one in sets:
            _write(chronicle, draft, one)


def _facts(draft: Draft, rows: Iterable[Mapping[str, Any]]) -> Facts:
    told = [row for row in rows if row["what"] in _TELLING or (row["what"] == "field" and row["field"] in _TELLING_FIELDS)]
    return facts_from(draft, sorted(told, key=itemgetter("at")))


_TELLING = ("created", "state", "reply")
_TELLING_FIELDS = ("team", "pending_reason")
"""What `data.queries.clocks.FACTS` selects, of rows that are not stored yet."""


def _write(chronicle: Chronicle, draft: Draft, one: ClockSet) -> None:
    named = {"record_id": draft.id, "type": one.type, "metric": one.metric, "cycle": one.cycle.number}
    key = chronicle.insert(clock, clock_columns(one) | named)
    for threshold in reached(one.reading):
        seen_at = min(threshold.seen_at + threshold.at % CHECKED_EVERY_SECONDS, chronicle.until)
        chronicle.insert(clock_event, event_row(key, one, threshold) | {"recorded_at": seen_at})
        said = "breached" if threshold.percent == BREACH else f"used {threshold.percent} %"
        version = chronicle.version_at(draft.id, seen_at)
        with chronicle.step(DESK, seen_at, "breach-check"):
            chronicle.journal(
                Entry(
                    draft.id, version, What.CLOCK, one.metric, new=threshold.percent, at=threshold.at,
                    text=f"{one.metric} {said}",
                )
            )  # fmt: skip
    chronicle.at = chronicle.recorded_at = chronicle.until


def reached(reading: Reading) -> tuple[Threshold, ...]:
    """Return every threshold that fired while a clock ran; of one that is over, also the warnings before its end."""
    if reading.met_at is None:
        return reading.crossed()
    return tuple(threshold for threshold in reading.thresholds if threshold.seen_at <= reading.met_at)
