"""From the names a file uses to the records they mean; who or what the desk does not know yet is added."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import select

from data.queries import records as q
from data.search import fold
from data.tables.core import record
from deskterm.exchange.bulk import NewRecords, fresh_draft
from deskterm.exchange.faults import brief
from deskterm.exchange.importing import Job
from deskterm.permissions import Role
from deskterm.records.draft import Draft


class Names:
    """Finds the records of one kind by name, each looked up once, and adds those that are missing."""

    def __init__(self, job: Job, records: NewRecords, kind_name: str) -> None:
        self.job = job
        self.kind = job.unit.registry.kind(kind_name)
        self._records = records
        self._by_name: dict[str, int] = {}
        self._by_key: dict[str, int] = {}
        """By folded title: what was added and may not stand in the database yet."""

    def id_of(self, name: str) -> int:
        """Return the id of the record with this name.

        Raises:
            ValueError: several records are called that, or nothing can be called that.
            NotAllowed: it would have to be added, and the actor may not.
        """
        found = self._by_name.get(name)
        if found is None:
            title = self.title(name)
            key = fold(title)
            found = self._by_key.get(key) or self._stored(name, key) or self._add(name, title)
            self._by_name[name] = self._by_key[key] = found
        return found

    def _stored(self, name: str, key: str) -> int | None:
        rows = self.job.unit.connection.execute(q.BY_TITLE, {"kinds": [self.kind.name], "title_key": key}).all()
        if len(rows) > 1:
            numbers = ", ".join(row.number for row in rows)
            raise ValueError(f"names {brief(name)}, as several are called ({numbers}); rename them first")
        return int(rows[0].id) if rows else None

    def _add(self, name: str, title: str) -> int:
        self.job.require(self.kind)
        draft = self.add(name, title)
        self._records.add(draft, at=self.job.unit.at)
        return draft.id

    def add(self, name: str, title: str) -> Draft:
        """Return the record that is added for a name."""
        item = self.kind.all_fields[self.kind.title_field]
        return fresh_draft(self._records, self.kind, {item.name: item.type.parse(title), **self.further(name)})

    def title(self, name: str) -> str:
        """Return what the record is called on the desk."""
        return name

    def further(self, name: str) -> dict[str, Any]:
        """Return what else is known of a record that is added."""
        return {}


class People(Names):
    """Callers, with the organisation that each belongs to."""

    def __init__(self, job: Job, records: NewRecords) -> None:
        super().__init__(job, records, "person")
        self._organisations: dict[int, int | None] = {}

    def organisation_of(self, person: int) -> int | None:
        """Return whose a person is, None for nobody's and for whoever is new."""
        if person not in self._organisations:
            statement = select(record.c.customer_id).where(record.c.id == person)
            self._organisations[person] = self.job.unit.connection.execute(statement).scalar()
        return self._organisations[person]


class Agents(Names):
    """Whoever worked on records elsewhere: an agent under a login made of the name, who cannot log in until made active."""

    def __init__(self, job: Job, records: NewRecords) -> None:
        super().__init__(job, records, "agent")

    def title(self, name: str) -> str:
        """Return a login: the name without spaces."""
        return re.sub(r"\s+", "-", name.strip()).casefold()

    def further(self, name: str) -> dict[str, Any]:
        """Return the name as it was, the least of the roles that work, and that they may not log in."""
        return {"name": name, "roles": [Role.AGENT.value], "active": False}
