"""The desk as one person works with it: every use case on records, each in one unit of work; console and CLI call this."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar

from data import feed, search
from data.engine import Database
from data.errors import TransactionLost
from deskterm import late
from deskterm.clock import Clock
from deskterm.errors import DeskError, InvalidInput, NotAllowed, NotFound
from deskterm.fields import Named, Names
from deskterm.journal import Entry, What
from deskterm.kinds import Kind, Registry
from deskterm.permissions import Actor, require
from deskterm.records import listing, reading, resolve, store
from deskterm.records.draft import Draft
from deskterm.records.schema import Outcome, Page, PossibleAction, Receipt, RecordView, Row, UndoReport
from deskterm.records.unit import Unit, unit_of_work

if TYPE_CHECKING:
    from deskterm.records import undo, writing
else:
    undo, writing = map(late.module, ("deskterm.records.undo", "deskterm.records.writing"))  # the first page is only read

T = TypeVar("T")
Values = Mapping[str, Any]
Step = Callable[[Unit, Draft], Draft]
"""What a bulk act does to each record."""
TRIES = 3
"""So many times a unit of work is begun that the database gives up for somebody else's."""


@dataclass(slots=True)
class Desk:
    """One person's access to a desk. Safe to use from several threads: it holds no connection of its own."""

    database: Database
    registry: Registry
    clock: Clock
    actor: Actor
    at: int | None = None
    """The instant at which everything happens or is looked at, for backfill and for looking back; None is now."""
    known: dict[int, Named] = field(default_factory=dict)
    """Names already read. Whoever keeps a desk open for long empties it when the feed says that names changed."""

    def now(self) -> int:
        """Return the present instant."""
        return self.clock.now()

    @property
    def moment(self) -> int:
        """The instant from which reading looks at clocks and relative times."""
        return self.now() if self.at is None else self.at

    @contextmanager
    def unit(self, what: str, *, keep: bool = True) -> Iterator[Unit]:
        """Yield a unit of work of this person."""
        with unit_of_work(self.database, self.registry, self.actor, self.now(), what, at=self.at, keep=keep) as unit:
            yield unit

    # Writing

    def create(self, kind_name: str, values: Values, *, number: str | None = None) -> Receipt:
        """Make a record and return its number."""
        kind = self.registry.kind(kind_name)
        with self.refusals():
            return self._run(f"new {kind.name}", lambda unit: _receipt(writing.create(unit, kind, values, number=number), unit))

    def edit(self, number: str, values: Values, *, base_version: int | None = None) -> Receipt:
        """Change fields of one record; see `writing.edit` for what happens when two people do."""
        return self._change(number, "edit", lambda unit, draft: writing.edit(unit, draft, values, base_version=base_version))

    def act(self, number: str, action: str, values: Values | None = None, *, base_version: int | None = None) -> Receipt:
        """Take a workflow action on one record."""
        given = values or {}
        return self._change(
            number, action, lambda unit, draft: writing.act(unit, draft, action, given, base_version=base_version)
        )

    def note(self, number: str, text: str, *, public: bool = False) -> Receipt:
        """Append a note, or with `public` a reply that the requester reads."""
        what = "reply" if public else "note"
        return self._change(number, what, lambda unit, draft: writing.note(unit, draft, text, public=public))

    def link(self, source: str, relation: str, target: str, **options: Any) -> bool:
        """Link two records; return whether the link is new."""

        def join(unit: Unit) -> bool:
            one, other = writing.fetch_both(unit, source, target)
            return writing.link(unit, one, relation, other, **options)

        with self.refusals(source):
            return self._run("link", join)

    def unlink(self, source: str, relation: str, target: str) -> None:
        """End a link between two records."""

        def part(unit: Unit) -> None:
            one, other = writing.fetch_both(unit, source, target)
            writing.unlink(unit, one, relation, other)

        with self.refusals(source):
            self._run("unlink", part)

    def bulk(self, numbers: Sequence[str], what: str, step: Step, *, preview: bool = False) -> tuple[Outcome, ...]:
        """Do one thing to many records: all of them or none.

        Args:
            what: a word for it, as undo lists it.
            step: what is done to each, such as `editing(values)` or `acting(action, values)`.
            preview: do it, say what would come of each record, and keep nothing.

        Raises:
            InvalidInput: one or more records refuse; `fields` says why for each number. Not raised by a preview.
        """
        denied: dict[str, str] = {}

        def all_or_none(unit: Unit) -> tuple[Outcome, ...]:
            denied.clear()
            known = resolve.ids(unit.connection, numbers)
            chosen: dict[int | str, str] = {}
            for number in numbers:
                chosen.setdefault(known.get(number, number), number)
            store.lock(unit, known.values())
            outcomes = tuple(_one_of_many(unit, number, step, denied) for number in chosen.values())
            refused = {o.number: o.message for o in outcomes if not o.ok}
            if refused and not preview:
                first, why = next(iter(refused.items()))
                raise InvalidInput(
                    f"{len(refused)} of {len(outcomes)} refuse, nothing was changed; {first}: {why}", fields=refused
                )
            return outcomes

        try:
            return self._run(what, all_or_none, keep=not preview)
        finally:
            for number, message in () if preview else denied.items():
                self._journal_refusal(number, message)

    def undo(self, operation: str | None = None) -> UndoReport:
        """Take back an operation, the person's own newest one if none is named."""
        with self.refusals():
            return self._run("undo", lambda unit: undo.undo(unit, operation or undo.last_of(unit)))

    def _change(self, number: str, what: str, step: Step) -> Receipt:
        def change(unit: Unit) -> Receipt:
            draft = writing.fetch(unit, number)
            step(unit, draft)
            return _receipt(draft, unit)

        with self.refusals(number):
            return self._run(what, change)

    def _run(self, what: str, work: Callable[[Unit], T], *, keep: bool = True) -> T:
        """Do a unit of work, anew where the database gave it up for somebody else's: nothing of it had been written."""
        for _ in range(TRIES - 1):
            try:
                return self._once(what, work, keep)
            except TransactionLost:
                continue
        return self._once(what, work, keep)

    def _once(self, what: str, work: Callable[[Unit], T], keep: bool) -> T:
        with self.unit(what, keep=keep) as unit:
            result = work(unit)
        return result

    @contextmanager
    def refusals(self, number: str | None = None) -> Iterator[None]:
        """Journal what somebody tried without the right to: on the record, or on their own where there is none yet."""
        try:
            yield
        except NotAllowed as refusal:
            self._journal_refusal(number, refusal.message)
            raise

    def tried(self, number: str, message: str) -> None:
        """Journal what somebody tried without the right to where it was refused before a service was asked.

        Args:
            number: the record it was tried on; their own if empty.
            message: what they were told.
        """
        self._journal_refusal(number or None, message)

    def _journal_refusal(self, number: str | None, message: str) -> None:
        with unit_of_work(self.database, self.registry, self.actor, self.now(), "refused") as unit:
            if number is not None:
                draft = writing.fetch(unit, number)
                unit.journal(Entry(draft.id, draft.version, What.REFUSED, text=message))
            elif self.actor.agent_id is not None:
                unit.journal(Entry(self.actor.agent_id, 1, What.REFUSED, text=message))

    # Reading

    def show(self, number: str, *, before: int | None = None) -> RecordView:
        """Return one record, whole, with its newest page of the journal or the page before entry `before`."""
        with self.database.read() as connection:
            draft = reading.find(connection, self.registry, self.actor, number)
            view = reading.view(connection, self.registry, self.actor, draft, before=before)
            if not draft.kind.clocked:
                return view
            from deskterm.service_level import clock_views  # only a record shown whole needs them

            return replace(view, clocks=clock_views.of_record(connection, draft, self.moment))

    def actions(self, number: str) -> tuple[PossibleAction, ...]:
        """Return what can be done with a record, and why the rest cannot."""
        with self.database.read() as connection:
            return reading.possible(self.actor, reading.find(connection, self.registry, self.actor, number))

    def prepare(self, kinds: Sequence[str], query: str, sort: str = "") -> listing.Listing:
        """Return a prepared list; kept, so that asking again costs nothing.

        Raises:
            BadQuery: the query is not understood.
        """
        found = self.registry.kinds(kinds)
        for kind in found:
            require(self.actor, "read", kind.family, kind.process, kind.name)
        return listing.prepare(found, query, sort, self.database.dialect, self.actor.tz, self.actor.restricted)

    def page(self, prepared: listing.Listing, **options: Any) -> Page:
        """Return one page of a list; see `listing.page`."""
        with self.database.read() as connection:
            return listing.page(connection, prepared, self.actor, self.moment, known=self.known, **options)

    def count(self, prepared: listing.Listing, *, cap: int = 10_000) -> int:
        """Return how many records a list has, at most `cap`."""
        with self.database.read() as connection:
            return listing.count(connection, prepared, self.actor, self.moment, cap=cap)

    def rows(self, numbers: Sequence[str], *, columns: Sequence[str] = ()) -> tuple[Row, ...]:
        """Return records by number, in that order, as lists show them.

        Raises:
            NotFound: there is no such record, or none that this person may see.
        """
        with self.database.read() as connection:
            drafts = [reading.find(connection, self.registry, self.actor, number) for number in dict.fromkeys(numbers)]
            kinds = list(dict.fromkeys(draft.kind for draft in drafts))
            ids = [draft.id for draft in drafts]
            found: dict[int, Row] = {}
            for start in range(0, len(ids), listing.MAX_PAGE):
                some = ids[start : start + listing.MAX_PAGE]
                found |= {row.id: row for row in listing.by_ids(connection, kinds, some, self.actor, self.known, columns)}
        return tuple(found[key] for key in ids)

    def search(self, text: str, *, limit: int = 50, kinds: Sequence[str] = ()) -> tuple[Row, ...]:
        """Return the records that match a text best, of every kind they may read: what is open or in use first, logs last."""
        wanted = tuple(k for k in (self.registry.kinds(kinds) if kinds else self.registry) if self._reads(k))
        words = search.tokens(text)
        if not words:
            raise InvalidInput("search needs at least one word or number", fields={"text": "nothing to look for"})
        needles = [search.Needle(word) for word in words[:-1]] + [search.Needle(words[-1], prefix=True)]
        logs = [kind.name for kind in self.registry if kind.is_log]
        with self.database.read() as connection:
            hits = search.find(connection, needles, limit=limit * 3, behind=logs)
            ranks = {hit.record_id: place for place, hit in enumerate(hits)}
            rows = listing.by_ids(connection, wanted, list(ranks), self.actor, self.known)
        return tuple(sorted(rows, key=lambda row: ranks[row.id])[:limit])

    def _reads(self, kind: Kind) -> bool:
        try:
            require(self.actor, "read", kind.family, kind.process, kind.name)
        except NotAllowed:
            return False
        return True

    def position(self) -> str:
        """Return the change feed's cursor of this moment."""
        with self.database.read() as connection:
            return feed.position(connection)

    def changes(self, cursor: str) -> feed.Changes:
        """Return the records changed since a cursor; names that may have changed are forgotten."""
        with self.database.read() as connection:
            feed.isolate(connection)
            changes = feed.since(connection, cursor)
        if changes.overflow:
            self.known.clear()
        for change in changes.items:
            self.known.pop(change.record_id, None)
        return changes


def editing(values: Values) -> Step:
    """Return the bulk step that changes fields."""
    return lambda unit, draft: writing.edit(unit, draft, values)


def acting(action: str, values: Values) -> Step:
    """Return the bulk step that takes a workflow action."""
    return lambda unit, draft: writing.act(unit, draft, action, values)


def _receipt(draft: Draft, unit: Unit) -> Receipt:
    return Receipt(draft.number, draft.version, draft.state, unit.id, draft.id)


def _one_of_many(unit: Unit, number: str, step: Step, denied: dict[str, str]) -> Outcome:
    """Do the step to one record within a savepoint, so that a refusal leaves no trace of it but in `denied`."""
    try:
        with unit.attempt():
            draft = writing.fetch(unit, number)
            before, state = dict(draft.old), draft.state
            step(unit, draft)
    except DeskError as refusal:
        if isinstance(refusal, NotAllowed):
            denied[number] = refusal.message
        title = "" if isinstance(refusal, NotFound) else str(draft.get(draft.kind.title_field) or "")
        return Outcome(number, title, False, refusal.message)
    old_and_new = {name: (before.get(name), new) for name, (_, new) in draft.changed.items()}
    ids = set().union(*(store.references(draft.kind, {name: one}) for name, both in old_and_new.items() for one in both))
    names = resolve.names(unit.connection, ids)
    changes = {
        name: (_brief(draft, name, old, names), _brief(draft, name, new, names)) for name, (old, new) in old_and_new.items()
    }
    if draft.state != state:
        changes["state"] = (state, draft.state)
    return Outcome(number, str(draft.get(draft.kind.title_field) or ""), True, "", changes)


def _brief(draft: Draft, name: str, value: Any, names: Names) -> str:
    return draft.kind.all_fields[name].type.show(value, names) if name in draft.kind.all_fields else str(value)
