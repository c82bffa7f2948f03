"""`deskterm import servicenow-log`: whole incident histories from a ServiceNow event log, streamed incident by incident.

What each column means is `servicenow_rows`, what follows from an incident's rows is `servicenow_history`. Here is the rest: the
file's lines, what the desk has of them already, writing in batches, and the clocks of agreements that were in force then.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select, update

from data.queries import records as q
from data.tables.core import journal, record
from deskterm import desk_settings
from deskterm.errors import InvalidInput
from deskterm.exchange.bulk import NewRecords, fresh_draft, given
from deskterm.exchange.faults import brief
from deskterm.exchange.importing import ImportResult, Job
from deskterm.exchange.mapping import rules_of
from deskterm.exchange.names import Agents, Names, People
from deskterm.exchange.past_clocks import PastClocks
from deskterm.exchange.servicenow_history import History
from deskterm.exchange.servicenow_links import LoggedChanges, LoggedProblems
from deskterm.exchange.servicenow_rows import LogRow, LogRules, RowReader
from deskterm.exchange.source import undecodable
from deskterm.incident.rules import priority_of
from deskterm.journal import Entry, What
from deskterm.service_level import clocks

MARK = "servicenow-log"
"""The `field` of the note that says which rows of the log a record was made from."""
BATCH = 400
"""Incidents that are written together."""
MOST_ROWS = 10_000
"""Rows one incident may have: far more than any person wrote, few enough to hold."""
HIGHEST_COUNTER = 99_999_999

_MARKS = (
    select(journal.c.record_id, journal.c.new)
    .where(journal.c.what == What.NOTE.value, journal.c.field == MARK)
    .order_by(journal.c.seq)
)
_BY_NUMBERS = select(record.c.id, record.c.number, record.c.kind, record.c.version)


@dataclass(slots=True)
class Group:
    """The rows of one incident, as they stand together in the file."""

    number: str
    line: int
    rows: list[LogRow] = field(default_factory=list)
    digests: list[str] = field(default_factory=list)
    """After each row: a digest of all rows up to it. A longer copy of the same log begins with the same ones."""
    bad: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """What was imported of an incident before."""

    rows: int
    digest: str
    version: int
    """The record's version then: a higher one means that somebody has worked on it since."""


def load(job: Job) -> ImportResult:
    """Load an event log; see `docs/import.md` for what becomes what."""
    log = _Log(job)
    log.read()
    return log.result()


class _Log:
    """One run over one file."""

    def __init__(self, job: Job) -> None:
        self.job, self.unit = job, job.unit
        self.kind = self.unit.registry.kind("incident")
        job.require(self.kind)
        self.rules = rules_of(LogRules, job.mapping)
        self.meaning = self.rules.model_dump_json()
        self.reader = RowReader(self.rules, self.unit.recorded_at)
        self.records = NewRecords(self.unit)
        self.names = {
            "requester": People(job, self.records),
            "team": Names(job, self.records, "team"),
            "assignee": Agents(job, self.records),
            "ci": Names(job, self.records, "ci"),
        }
        changes = LoggedChanges(job, self.records)
        self.logged = {"problem": LoggedProblems(job, self.records), "change": changes, "caused_by": changes}
        self.clocks = PastClocks(self.unit)
        self.matrix = desk_settings.load(self.unit.connection).priority_matrix
        self.defaults = {item.name: item.initial(0) for item in self.kind.fields if item.default is not None}
        self.group: Group | None = None
        self.waiting: list[Group] = []
        self.seen: dict[str, int] = {}
        self.created = self.updated = self.unchanged = self.skipped = 0
        self.highest = 0

    def result(self) -> ImportResult:
        return ImportResult(self.created, self.updated, self.unchanged, self.skipped)

    # Reading

    def read(self) -> None:
        """Read every line; write incidents once they are whole."""
        for line, raw in self.job.source.lines(self.job.faults):
            cells = self._cells(line, raw)
            if not self.reader.columns:
                self.reader.heading(cells or [], self.job.faults)
                if self.job.faults:
                    self.job.refuse()
            elif cells is None:
                self._lost(line, raw)
            elif cells:
                self._take(line, raw, cells)
        if not self.reader.columns:
            self.job.faults.add(1, "", "is empty; a log begins with its heading")
            self.job.refuse()
        self._close_group()
        self._write()
        for links in (self.logged["problem"], self.logged["change"]):
            links.finish()
        if 0 < self.highest <= HIGHEST_COUNTER:
            self.unit.connection.execute(q.RAISE_NUMBER, {"prefix": self.kind.prefix, "value": self.highest})

    def _cells(self, line: int, raw: bytes) -> list[str] | None:
        """Return a line's cells, none for an empty line, or None where it is no text or its quotes are broken."""
        try:
            text = raw.decode("utf-8").rstrip("\r\n")
        except UnicodeDecodeError as problem:
            self.job.faults.add(line, *undecodable(raw, problem, self.reader.columns))
            return None
        if "\x00" in text:
            position = text.count(",", 0, text.index("\x00"))
            column = self.reader.columns[position] if position < len(self.reader.columns) else ""
            self.job.faults.add(line, column, "holds a NUL character, which no text has")
            return None
        if '"' not in text:
            return text.split(",") if text else []
        try:
            return next(csv.reader([text], strict=True))
        except csv.Error as problem:
            self.job.faults.add(line, "", f"is not a line of a CSV file: {problem}")
            return None

    def _take(self, line: int, raw: bytes, cells: Sequence[str]) -> None:
        read = self.reader.read(line, cells, self.job.faults)
        if read is None:
            self._lost(line, raw)
            return
        number, row = read
        group = self._group_of(number, line)
        if len(group.rows) >= MOST_ROWS:
            self.job.faults.add(line, "number", f"is row {MOST_ROWS + 1:,} of {number}; nobody changed an incident so often")
            group.bad = True
            return
        group.rows.append(row)
        before = group.digests[-1] if group.digests else self.meaning
        group.digests.append(hashlib.sha256(before.encode() + raw.rstrip(b"\r\n")).hexdigest())

    def _lost(self, line: int, raw: bytes) -> None:
        """Leave out the whole incident that a bad row belongs to: a history with a hole in it is a wrong one."""
        number = raw.split(b",", 1)[0].decode("utf-8", "replace").strip().strip('"')
        if re.fullmatch(r"[A-Z]{2,10}\d{1,12}", number):
            self._group_of(number, line).bad = True
        else:
            self.skipped += 1

    def _group_of(self, number: str, line: int) -> Group:
        if self.group is None or self.group.number != number:
            self._close_group()
            self.group = Group(number, line)
            if number in self.seen:
                first = self.seen[number]
                self.job.faults.add(
                    line, "number", f"{number} began on line {first}, and its rows do not stand together; sort them"
                )
                self.group.bad = True
            self.seen.setdefault(number, line)
        return self.group

    def _close_group(self) -> None:
        if self.group is not None:
            self.waiting.append(self.group)
            self.group = None
        if len(self.waiting) >= BATCH:
            self._write()

    # Writing

    def _write(self) -> None:
        """Write the incidents that wait. After a bad row it goes on, to find the others; nothing of it will be kept."""
        groups, self.waiting = self.waiting, []
        self.skipped += sum(group.bad for group in groups)
        sound = [group for group in groups if not group.bad]
        stored, marks = self._stored([group.number for group in sound])
        longer: list[int] = []
        for group in sound:
            self.highest = max(self.highest, int(re.sub(r"\D", "", group.number)))
            known = stored.get(group.number)
            try:
                if known is None:
                    self._create(group)
                elif self._is_longer(group, known, marks.get(known["id"])):
                    longer.append(self._append(group, known["id"], marks[known["id"]]))
                else:
                    self.unchanged += 1
            except ValueError as problem:
                self.job.faults.add(group.line, "number", f"{group.number} {problem}")
                self.skipped += 1
        self.records.flush()
        self.clocks.flush()
        if longer and self.clocks.wanted:
            clocks.judge_records(self.unit, longer)

    def _stored(self, numbers: Sequence[str]) -> tuple[dict[str, Any], dict[int, Mark]]:
        """Return which of these incidents the desk has, and what was imported of each."""
        rows = self.unit.connection.execute(_BY_NUMBERS.where(record.c.number.in_(numbers))).mappings()
        found = {row["number"]: row for row in rows}
        ids = [row["id"] for row in found.values()]
        marked = self.unit.connection.execute(_MARKS.where(journal.c.record_id.in_(ids))) if ids else ()
        return found, {row.record_id: Mark(**row.new) for row in marked}

    def _is_longer(self, group: Group, known: Any, mark: Mark | None) -> bool:
        """Return whether the file knows more of an incident than was imported before.

        Raises:
            ValueError: it tells another story, or the record has gone its own way since.
        """
        if mark is None:
            raise ValueError("is the number of a record that was not imported from a log")
        if len(group.rows) < mark.rows:
            raise ValueError(f"was imported from {mark.rows} rows, this file has only {len(group.rows)}; it is an older copy")
        if group.digests[mark.rows - 1] != mark.digest:
            raise ValueError("was imported with another history; the rows differ, or the mapping does")
        longer = len(group.rows) > mark.rows
        if longer and known["version"] != mark.version:
            raise ValueError("goes on in this file, but was changed on the desk since it was imported")
        return longer

    def _create(self, group: Group) -> None:
        draft = fresh_draft(self.records, self.kind, {}, number=group.number)
        history = self._history(draft.id, group.rows)
        draft.new, draft.state, draft.version = history.values, history.state, history.version
        draft.created_at, draft.updated_at = history.created_at, history.updated_at
        draft.extra = {"open_since": history.open_since, "done_at": history.done_at}
        facts = {**given(history.facts), "state": self.kind.workflow.initial}
        self.clocks.judge(draft, facts, history.entries)
        self.records.add(draft, at=history.created_at, actor=group.rows[0].opened_by or "unknown", facts=facts)
        self._journal(group, history, history.entries)
        self.created += 1

    def _append(self, group: Group, record_id: int, mark: Mark) -> int:
        """Add what a longer copy of the log knows besides."""
        known = len(self._history(record_id, group.rows[: mark.rows]).entries)
        history = self._history(record_id, group.rows)
        spine = {
            "state": history.state, "version": history.version, "updated_at": history.updated_at,
            "open_since": history.open_since, "done_at": history.done_at,
        }  # fmt: skip
        own: dict[str, Any] = {}
        for name, column in self.kind.stored.items():
            if name != self.kind.title_field:
                (spine if column.table is record else own)[column.name] = history.values.get(name)
        table = self.kind.own_table
        assert table is not None
        self.unit.connection.execute(update(record).where(record.c.id == record_id).values(spine))
        self.unit.connection.execute(update(table).where(table.c.id == record_id).values(own))
        self._journal(group, history, history.entries[known:])
        self.updated += 1
        return record_id

    def _journal(self, group: Group, history: History, entries: Sequence[Entry]) -> None:
        """Journal what happened, and from which rows it is known."""
        for entry in entries:
            self.unit.journal(entry)
        rows = len(group.rows)
        mark = {"rows": rows, "digest": group.digests[-1], "version": history.version}
        text = f"Imported from a ServiceNow log, {rows} rows, up to line {group.rows[-1].line} of {brief(self.job.source.name)}"
        self.unit.journal(Entry(history.record_id, history.version, What.NOTE, MARK, new=mark, text=text))

    def _history(self, record_id: int, rows: Sequence[LogRow]) -> History:
        for row in rows:
            self._resolve(row)
        history = History.begin(record_id, self.kind.workflow, self._priority, self.defaults, rows[0])
        for row in rows[1:]:
            history.update(row)
        return history

    def _resolve(self, row: LogRow) -> None:
        """Put ids where a row has names."""
        values = row.values
        for name, names in self.names.items():
            if isinstance(values[name], str):
                values[name] = names.id_of(values[name])
        for name, links in self.logged.items():
            if isinstance(values[name], str):
                values[name] = links.named(values[name], row.at, row.actor)
        people = self.names["requester"]
        if isinstance(people, People) and values["requester"] is not None:
            values["customer"] = people.organisation_of(values["requester"])

    def _priority(self, impact: int, urgency: int) -> int | None:
        try:
            return priority_of(impact, urgency, self.matrix)
        except InvalidInput:
            return None
