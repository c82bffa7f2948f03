"""The problems that a ServiceNow log names beside its incidents: the log knows no more of them than their number and when.

A problem is made from the first time that any incident names it. What became of it the log does not say: it stands as new.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import update

from data.tables.core import record
from deskterm.exchange.bulk import NewRecords, fresh_draft, given
from deskterm.exchange.importing import Job
from deskterm.exchange.names import Names
from deskterm.journal import Entry, What
from deskterm.records.draft import Draft


class LoggedProblems(Names):
    """Problems by the number they have in the log."""

    def __init__(self, job: Job, records: NewRecords) -> None:
        super().__init__(job, records, "problem")
        self._made: dict[int, Draft] = {}
        self._first: dict[int, tuple[int, str]] = {}
        """When each was first named, and by whom."""

    def named(self, name: str, at: int, actor: str) -> int:
        """Return the id of the problem that an incident names at an instant."""
        key = self.id_of(name)
        if key in self._made and (key not in self._first or at < self._first[key][0]):
            self._first[key] = (at, actor)
        return key

    def further(self, name: str) -> dict[str, Any]:
        """Keep its number there, by which it is found again."""
        return {"external_key": name, "category": None}

    def _add(self, name: str, title: str) -> int:
        self.job.require(self.kind)
        item = self.kind.all_fields[self.kind.title_field]
        values = {item.name: item.type.parse(title), "priority": 4, **self.further(name)}
        draft = fresh_draft(self._records, self.kind, values)
        self._records.add(draft, at=self.job.unit.at, silent=True)
        self._made[draft.id] = draft
        return draft.id

    def finish(self) -> None:
        """Date each problem back to when it was first named, which is known once the whole log is read, and journal it."""
        unit = self.job.unit
        for key, draft in self._made.items():
            at, actor = self._first.get(key, (unit.at, unit.actor.login))
            spine = {"created_at": at, "updated_at": at, "open_since": at, "occurred_at": at}
            unit.connection.execute(update(record).where(record.c.id == key).values(spine))
            facts = {**given(draft.new), "occurred_at": at, "state": draft.state}
            text = "Named by incidents of a ServiceNow log"
            unit.journal(Entry(key, 1, What.CREATED, new=facts, text=text, at=at, actor=actor))
        self._made.clear()
        unit.flush()
