"""Records against their journals, batch by batch: every value, state and version follows from what was journalled."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, select, text

from data import search
from data.queries import records as rq
from data.tables.core import journal
from deskterm.doctor.clocks import ClockCheck
from deskterm.doctor.findings import Finding, Severity
from deskterm.errors import InvalidInput
from deskterm.fields import Refs
from deskterm.kinds import Registry
from deskterm.records import store
from deskterm.records.draft import Draft
from deskterm.workflow import Phase

BATCH = 300
_HISTORY = (
    select(journal.c.record_id, journal.c.version, journal.c.what, journal.c.field, journal.c.new)
    .where(journal.c.record_id.in_(bindparam("ids", expanding=True)), journal.c.what.in_(("created", "field", "state")))
    .order_by(journal.c.record_id, journal.c.seq)
)
_INDEXED = {
    "sqlite": text("SELECT rowid AS id, number, title, body FROM search WHERE rowid IN :ids").bindparams(
        bindparam("ids", expanding=True)
    ),
    "postgresql": text("SELECT record_id AS id FROM search WHERE record_id IN :ids").bindparams(bindparam("ids", expanding=True)),
}
Row = Mapping[str, Any]
_OPEN = (Phase.ACTIVE, Phase.WAITING)


def examine_records(connection: Connection, registry: Registry, now: int, ids: Sequence[int]) -> Iterator[Finding]:
    """Compare these records with everything that must agree with them."""
    clocks = ClockCheck(connection, now)
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        by_kind: dict[str, list[int]] = defaultdict(list)
        for row in connection.execute(rq.SPINE, {"ids": batch}).mappings():
            by_kind[row["kind"]].append(row["id"])
        history: dict[int, list[Row]] = defaultdict(list)
        for row in connection.execute(_HISTORY, {"ids": batch}).mappings():
            history[row["record_id"]].append(dict(row))
        indexed = {
            row["id"]: dict(row) for row in connection.execute(_INDEXED[connection.dialect.name], {"ids": batch}).mappings()
        }
        for kind_name, members in by_kind.items():
            try:
                kind = registry.kind(kind_name)
            except InvalidInput as problem:
                yield from (Finding("kind", Severity.ERROR, problem.message, f"record {key}") for key in members)
                continue
            drafts = store.load(connection, kind, members)
            yield from (_rowless(key, kind_name) for key in members if key not in drafts)
            for draft in drafts.values():
                yield from against_journal(draft, history[draft.id])
                yield from _phase(draft)
                yield from _search(draft, indexed.get(draft.id))
            if kind.clocked:
                yield from clocks.compare(list(drafts.values()))


def _rowless(key: int, kind: str) -> Finding:
    return Finding("row", Severity.ERROR, f"record {key} has no row of its own as a {kind}", f"record {key}")


def against_journal(draft: Draft, history: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    """Play the journal of a record and compare what comes of it with what is stored."""
    if not history or history[0]["what"] != "created":
        made = any(row["what"] == "created" for row in history)
        said = "changed before it was made, as its journal has it" if made else "has no journal entry of its making"
        yield Finding("journal", Severity.ERROR, f"{draft.number} {said}", draft.number)
        return
    told = dict(history[0]["new"] or {})
    state = told.pop("state", None)
    for row in history[1:]:
        if row["what"] == "state":
            state = row["new"]
        elif row["what"] == "field":
            told[row["field"]] = row["new"]
    version = max(row["version"] for row in history)
    if version != draft.version:
        said = f"{draft.number} is at version {draft.version}, its journal at {version}: a change was written past the journal"
        yield Finding("version", Severity.ERROR, said, draft.number)
    if state != draft.state:
        yield Finding("state", Severity.ERROR, f"{draft.number} is {draft.state}, by its journal {state}", draft.number)
    for name, value in draft.old.items():
        item = draft.kind.all_fields[name]
        if item.stored_as == "state" or isinstance(item.type, Refs) or item.reckoned:  # links may be made from their other end
            continue
        if _plain(value) != _plain(told.get(name)):
            said = f"{draft.number}: {name} is not what the journal says it was last set to"
            yield Finding("value", Severity.ERROR, said, draft.number)


def _plain(value: Any) -> Any:
    """Return a value as JSON brings it back; an empty text or list counts as nothing."""
    if isinstance(value, tuple):
        value = list(value)
    return None if value in ("", [], {}) else value


def _phase(draft: Draft) -> Iterator[Finding]:
    """Compare the marks that queues go by with the state."""
    if not draft.kind.is_work:
        return
    is_open = draft.phase in _OPEN
    if (draft.extra["open_since"] is not None) != is_open or (draft.extra["done_at"] is None) != is_open:
        said = f"{draft.number} is {draft.state}, but queues see it as {'done' if is_open else 'open'}"
        yield Finding("open", Severity.ERROR, said, draft.number)


def _search(draft: Draft, row: Mapping[str, Any] | None) -> Iterator[Finding]:
    advice = "run: deskterm jobs run search-upkeep"
    if row is None:
        yield Finding("search", Severity.WARNING, f"search cannot find {draft.number}; {advice}", draft.number)
        return
    if "body" not in row:  # PostgreSQL keeps words only
        return
    entry = store.search_entry(draft)
    body = search.fold(entry.body[: search.BODY_LIMIT])
    same = (row["number"], row["title"]) == (search.fold(entry.number), search.fold(entry.title))
    if not same or not str(row["body"]).startswith(body.rstrip("\n")):
        said = f"search knows {draft.number} by another text than it has; one of the two is damaged"
        yield Finding("search-text", Severity.ERROR, said, draft.number)
