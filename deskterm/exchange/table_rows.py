"""Rows of a table as records: found or made, and brought to what the row says. Files are taken apart elsewhere.

Every row goes through `records.writing`, so that what a person may not do at a form, no file can do either. A record that
exists is found by its number, else by its external key, else by a name that means one record only. Work has no name: an
incident without number or key is known again by its row, so that the same row never makes a second one.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, select

from data.queries import records as q
from data.search import fold
from data.tables.core import record
from deskterm.errors import DeskError, NotAllowed, NotFound
from deskterm.exchange.importing import ImportResult, Job
from deskterm.exchange.table_columns import BadRow, Cells, Columns, Row, TableRules
from deskterm.kinds import Kind
from deskterm.records import resolve, store, writing
from deskterm.records.draft import Draft

HOMONYMS = 100
"""So many records of one name are looked at to tell them apart."""

_BY_NAME = (
    select(record.c.id)
    .where(record.c.kind == bindparam("kind"), record.c.title_key == bindparam("title_key"))
    .order_by(record.c.id)
    .limit(HOMONYMS)
)


class TableImport:
    """One run over one table."""

    def __init__(self, job: Job, rules: TableRules) -> None:
        self.job, self.unit, self.rules = job, job.unit, rules
        self.columns = Columns(self.unit.registry, rules, job.source.path.stem)
        self._lines: dict[int, int] = {}
        """By record: the line that was about it."""
        self._twins: Counter[str] = Counter()
        self._created = self._updated = self._unchanged = self._skipped = 0

    def result(self) -> ImportResult:
        """Return what was done so far."""
        return ImportResult(self._created, self._updated, self._unchanged, self._skipped)

    def skip(self) -> None:
        """Count a row that could not be taken apart."""
        self._skipped += 1

    def take(self, line: int, cells: Cells, heading_line: int = 0) -> None:
        """Make or update the record that a row is about; what is wrong with the row is noted, by heading.

        Args:
            heading_line: where the headings stand, if they do not stand in the row itself.
        """
        try:
            row = self.columns.row(heading_line or line, cells, self.job.faults)
        except BadRow as bad:
            self._refuse(line, bad.faults)
            return
        self.job.require(row.kind)
        if row.kind.hooks.after:  # such rules may write the journal: what earlier rows wait to say must not share this one's fate
            self.unit.flush()
        marks = len(self.unit.entries), len(self.unit.indexed)
        savepoint = self.unit.connection.begin_nested() if self.job.skip_bad else None
        try:
            self._load(line, row)
        except NotAllowed:
            raise
        except (BadRow, DeskError) as refusal:
            if savepoint is not None:
                savepoint.rollback()
                del self.unit.entries[marks[0] :], self.unit.indexed[marks[1] :]
            self._refuse(line, _reasons(row, refusal))
        else:
            if savepoint is not None:
                savepoint.commit()

    def _refuse(self, line: int, reasons: Mapping[str, str]) -> None:
        self._skipped += 1
        for heading, message in reasons.items():
            self.job.faults.add(line, heading, message)

    def _load(self, line: int, row: Row) -> None:
        kind = row.kind
        said = {name: value for name, value in row.values.items() if value is not None}
        row_key = self._row_key(kind, said) if not row.number else ""
        values = writing.read(self.unit, kind, said | ({"external_key": row_key} if row_key else {}))
        key = self._find(row, values)
        if key is None:
            draft = self._create(row, values)
            self._created += 1
        else:
            if key in self._lines:
                raise BadRow(row.heading(kind.title_field), f"is what line {self._lines[key]} is about already; number them")
            draft = store.load(self.unit.connection, kind, [key], locked=True)[key]
            if not row_key and self._update(row, draft, values):
                self._updated += 1
            else:
                self._unchanged += 1
        self._lines[draft.id] = line

    def _row_key(self, kind: Kind, said: Mapping[str, Any]) -> str:
        """Return the key of work that came without one: a digest of its row, and which of its equals it is."""
        if not _nameless(kind) or "external_key" not in kind.all_fields or said.get("external_key"):
            return ""
        content = json.dumps([kind.name, sorted(said.items())], default=str)
        digest = hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:32]
        self._twins[digest] += 1
        return f"row:{digest}:{self._twins[digest]}"

    # Finding

    def _find(self, row: Row, values: Mapping[str, Any]) -> int | None:
        """Return the id of the record that a row is about, None if there is none yet."""
        if row.number:
            return self._numbered(row)
        kind, external = row.kind, values.get("external_key")
        if external and kind.own_table is not None:
            found = self.unit.connection.execute(
                select(kind.own_table.c.id)
                .join(record, record.c.id == kind.own_table.c.id)
                .where(kind.own_table.c.external_key == external, record.c.kind == kind.name)
                .limit(2)
            ).all()
            if len(found) > 1:
                raise BadRow(row.heading("external_key"), "is the key of several records; give a number")
            if found:
                return int(found[0].id)
        return None if _nameless(kind) else self._named(row, values)

    def _numbered(self, row: Row) -> int | None:
        try:
            found = resolve.by_number(self.unit.connection, row.number)
        except NotFound:
            return None
        if found.kind != row.kind.name:
            raise BadRow(row.heading("number"), f"is the number of a {found.kind}, not of a {row.kind.name}")
        return found.id

    def _named(self, row: Row, values: Mapping[str, Any]) -> int | None:
        """Find a record by its name; mail addresses and keys tell those of one name apart, where both have one."""
        kind, title = row.kind, values.get(row.kind.title_field)
        if not title:
            return None
        rows = self.unit.connection.execute(_BY_NAME, {"kind": kind.name, "title_key": fold(str(title))}).all()
        if not rows:
            return None
        drafts = store.load(self.unit.connection, kind, [found.id for found in rows])
        alike = [draft for draft in drafts.values() if not _differ(draft, values)]
        surely = [draft for draft in alike if values.get("email") and draft.get("email") == values.get("email")]
        found = surely or alike
        if len(found) > 1:
            numbers = ", ".join(draft.number for draft in found[:3])
            raise BadRow(row.heading(kind.title_field), f"is the name of several ({numbers}); give the number")
        return found[0].id if found else None

    # Writing

    def _create(self, row: Row, values: Mapping[str, Any]) -> Draft:
        kind = row.kind
        number = row.number or None
        if number is not None:
            shape = re.fullmatch(rf"{kind.prefix}-?(\d{{1,9}})", number)
            if shape is None:
                raise BadRow(row.heading("number"), f"must be a number such as {kind.prefix}-00001")
            self.unit.connection.execute(q.RAISE_NUMBER, {"prefix": kind.prefix, "value": int(shape[1])})
        draft = writing.create(self.unit, kind, values, number=number)
        if kind.is_work and row.state not in ("", draft.state):
            begins = f"cannot be {row.state}: a new {kind.name} begins as {draft.state}; leave the column out"
            raise BadRow(row.heading("state"), begins)
        self._move(row, draft.id, draft.state)
        return draft

    def _update(self, row: Row, draft: Draft, values: Mapping[str, Any]) -> bool:
        """Change what differs; return whether anything did."""
        version = draft.version
        cleared = [name for name, value in row.values.items() if value is None] if self.rules.clear else []
        wanted = {**dict.fromkeys(cleared), **values}
        differing = {name: value for name, value in wanted.items() if (value or None) != (draft.get(name) or None)}
        if differing:
            writing.edit(self.unit, draft, differing)
        moved = not row.kind.is_work and self._move(row, draft.id, draft.state)
        return moved or draft.version != version or bool(draft.changed)

    def _move(self, row: Row, key: int, state: str) -> bool:
        """Take the one step that brings a record that is no work to the state its row names."""
        kind = row.kind
        held_by_field = any(item.stored_as == "state" and not item.derived for item in kind.fields)
        if kind.is_work or row.state in ("", state) or held_by_field:
            return False
        for action in kind.workflow.actions:
            asks = any(item.required for item in action.inputs)
            if state in action.sources and action.target == row.state and not action.automatic and not asks:
                draft = store.load(self.unit.connection, kind, [key], locked=True)[key]
                writing.act(self.unit, draft, action.name, {})
                return True
        raise BadRow(row.heading("state"), f"cannot become {row.state} from {state} in one step")


def _nameless(kind: Kind) -> bool:
    """Return whether nobody knows a record of the kind by its name: work, and what is logged time and again, such as outages."""
    return kind.is_work or (kind.is_log and "external_key" in kind.all_fields)


def _differ(draft: Draft, values: Mapping[str, Any]) -> bool:
    """Return whether a record of the same name is somebody else: another mail address, another key."""
    return any(values.get(name) and draft.get(name) and values[name] != draft.get(name) for name in ("email", "external_key"))


def _reasons(row: Row, refusal: BadRow | DeskError) -> dict[str, str]:
    """Return what is wrong with a row, by heading."""
    if isinstance(refusal, BadRow):
        return refusal.faults
    if not refusal.fields:
        return {"": refusal.message}
    return {row.heading(name): "is required" if problem == "required" else problem for name, problem in refusal.fields.items()}
