"""The problems and changes that a ServiceNow log names beside its incidents: the log knows only their numbers, and when.

Each is made from the first time that any incident names it. What became of a problem the log does not say: it stands as new. A
change that incidents name was done: it is closed, as of the last time that it was named.
"""

from __future__ import annotations

import re
from typing import Any, Final

from sqlalchemy import update

from data.tables.core import record
from deskterm import desk_settings
from deskterm.errors import InvalidInput
from deskterm.exchange.bulk import NewRecords, fresh_draft, given
from deskterm.exchange.importing import Job
from deskterm.exchange.names import Names
from deskterm.incident.rules import priority_of
from deskterm.journal import Entry, What
from deskterm.records.draft import Draft

_FOREIGN_CHANGE: Final = re.compile(r"CHG\d{5,12}")
"""A number of another system: without the dash that the desk's own have."""


class Logged(Names):
    """Records of one kind that a log names, dated back to when it first names them."""

    def __init__(self, job: Job, records: NewRecords, kind_name: str) -> None:
        super().__init__(job, records, kind_name)
        self._made: dict[int, Draft] = {}
        self._first: dict[int, tuple[int, str]] = {}
        """When each was first named, and by whom."""
        self._last: dict[int, int] = {}

    def named(self, name: str, at: int, actor: str) -> int:
        """Return the id of the record that an incident names at an instant."""
        key = self.id_of(name)
        if key in self._made:
            if key not in self._first or at < self._first[key][0]:
                self._first[key] = (at, actor)
            self._last[key] = max(at, self._last.get(key, at))
        return key

    def _add(self, name: str, title: str) -> int:
        self.job.require(self.kind)
        draft = self.add(name, title)
        self._records.add(draft, at=self.job.unit.at, silent=True)
        self._made[draft.id] = draft
        return draft.id

    def times(self, first: int, last: int) -> dict[str, Any]:
        """Return the instants of a record that was named from `first` to `last`, as its spine keeps them."""
        raise NotImplementedError

    def finish(self) -> None:
        """Date each record back, which can be done once the whole log is read, and journal that it came into being."""
        unit = self.job.unit
        for key, draft in self._made.items():
            at, actor = self._first.get(key, (unit.at, unit.actor.login))
            spine = {"created_at": at, "updated_at": at, **self.times(at, self._last.get(key, at))}
            unit.connection.execute(update(record).where(record.c.id == key).values(spine))
            facts = {**given(draft.new), "state": draft.state}
            if "occurred_at" in spine:
                facts["occurred_at"] = at
            text = "Named by incidents of a ServiceNow log"
            unit.journal(Entry(key, 1, What.CREATED, new=facts, text=text, at=at, actor=actor))
        self._made.clear()
        unit.flush()


class LoggedProblems(Logged):
    """Problems by the number they have in the log."""

    def __init__(self, job: Job, records: NewRecords) -> None:
        super().__init__(job, records, "problem")
        impact, urgency = (self.kind.all_fields[name].default for name in ("impact", "urgency"))
        try:
            self._priority: int | None = priority_of(impact, urgency, desk_settings.load(job.unit.connection).priority_matrix)
        except InvalidInput:
            self._priority = None

    def further(self, name: str) -> dict[str, Any]:
        """Return its number there, by which it is found again, and the priority of a problem of which nothing is known."""
        return {"external_key": name[:120], "priority": self._priority}

    def times(self, first: int, last: int) -> dict[str, Any]:
        """It was first seen when it was first named, and is open since."""
        return {"open_since": first, "occurred_at": first}


class LoggedChanges(Logged):
    """Changes by their own number: over and done with, nothing else is known of them."""

    def __init__(self, job: Job, records: NewRecords) -> None:
        super().__init__(job, records, "change")

    def add(self, name: str, title: str) -> Draft:
        """Return a change that is closed already; it keeps its number where the desk can tell it from its own."""
        spoken = name.upper() if _FOREIGN_CHANGE.fullmatch(name.upper()) else None
        draft = fresh_draft(self._records, self.kind, {"summary": title, "external_key": name[:120]}, number=spoken)
        draft.state = "closed"
        draft.extra = {"open_since": None, "done_at": self.job.unit.at}
        return draft

    def times(self, first: int, last: int) -> dict[str, Any]:
        """It was done when it was last named, at the latest."""
        return {"open_since": None, "done_at": last}
