"""Rules of allocation while they are written, and as a book: which one held for a source at an instant, and in which version.

Every edit holds from its `valid_from` on, from today if nobody says. What held before stays what it was: a revision is appended,
none is changed, and figures of the past stay as they are unless an edit is dated back on purpose.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, select

from data.queries import finance as q
from data.tables.core import record
from deskterm.errors import InvalidInput
from deskterm.financial.cost_rules import ordered
from deskterm.financial.named_shares import shares_by_number
from deskterm.financial.shares import hand_out, read_share, require_within
from deskterm.kinds import Rules
from deskterm.records import resolve
from deskterm.records.draft import Draft
from deskterm.records.unit import Unit

TARGETS = ("service", "cost-centre")
SAID = ("from", "driver", "shares", "capacity", "unit", "position", "valid_until")
"""What a revision keeps, besides whether the rule is in use."""


@dataclass(frozen=True, slots=True)
class Revision:
    """What a rule says in a stretch of time."""

    rule_id: int
    version: int
    start: int
    end: int | None
    source: int
    driver: str
    shares: Mapping[str, str]
    """By number of the service or centre."""
    capacity: str | None
    unit: str | None
    position: int

    def holds(self, at: int) -> bool:
        """Return whether it holds at an instant."""
        return self.start <= at and (self.end is None or at < self.end)


@dataclass(slots=True)
class Book:
    """Every rule, with all its revisions."""

    by_source: dict[int, list[Revision]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def read(cls, connection: Connection, *, without: int = 0) -> Book:
        """Read the book; `without` leaves one rule out, for whoever is just writing it."""
        recorded: dict[int, list[Any]] = defaultdict(list)
        for row in connection.execute(q.REVISIONS):
            if row.rule_id != without:
                recorded[row.rule_id].append((row.version, row.valid_from, row.definition))
        book = cls()
        for rule_id, rows in recorded.items():
            for one in revisions(rule_id, rows):
                book.by_source[one.source].append(one)
        return book

    def at(self, source: int, at: int) -> Revision | None:
        """Return the rule that holds for a source: of several the one that began last, of those the one made last."""
        holding = [one for one in self.by_source.get(source, ()) if one.holds(at)]
        return max(holding, key=lambda one: (one.start, one.rule_id)) if holding else None

    def all_at(self, at: int) -> dict[int, Revision]:
        """Return the rule of every source that has one at an instant, in the order of their turns."""
        found = {source: one for source in self.by_source if (one := self.at(source, at)) is not None}
        return dict(sorted(found.items(), key=lambda pair: (pair[1].position, pair[1].rule_id)))

    def boundaries(self) -> set[int]:
        """Return the instants at which another rule takes over."""
        ends = {one.end for rules in self.by_source.values() for one in rules if one.end is not None}
        return ends | {one.start for rules in self.by_source.values() for one in rules}


def revisions(rule_id: int, recorded: Iterable[tuple[int, int, Mapping[str, Any]]]) -> list[Revision]:
    """Return what a rule said when, of its revisions in the order of recording.

    Each holds from its start on for good: it supersedes whatever was recorded before it to hold from that instant or later.
    """
    kept: list[tuple[int, int, Mapping[str, Any]]] = []
    for version, start, said in recorded:
        kept = [one for one in kept if one[1] < start]
        kept.append((version, start, said))
    found = []
    for place, (version, start, said) in enumerate(kept):
        after = kept[place + 1][1] if place + 1 < len(kept) else None
        until = said.get("valid_until")
        ends = [one for one in (after, until) if one is not None]
        end = min(ends) if ends else None
        if said.get("in_use", True) and (end is None or end > start):
            found.append(Revision(
                rule_id, version, start, end, said["from"], said["driver"], said.get("shares") or {}, said.get("capacity"),
                said.get("unit"), said.get("position") or 100,
            ))  # fmt: skip
    return found


# While a rule is written.


def _read_shares(unit: Unit, draft: Draft) -> None:
    """Spell the shares by number, and say from when an edit holds."""
    shares = draft.get("shares")
    if shares and shares != draft.old.get("shares"):
        draft.new["shares"] = shares_by_number(unit, shares, TARGETS, '{"Payroll": 0.6}')
    today = unit.at - unit.at % 86_400  # money goes by days
    if draft.get("valid_from") is None:
        draft.new["valid_from"] = today
    edited = set(SAID) & draft.changed.keys()
    if not draft.creating and edited and "valid_from" not in draft.given and draft.reason != "undo":
        draft.new["valid_from"] = today
    if not draft.get("name") and draft.get("from") is not None:
        whose = unit.connection.execute(select(record.c.title).where(record.c.id == draft.get("from"))).scalar()
        how = "by shares" if draft.get("driver") == "fixed" else f"by {draft.get('driver')}"
        draft.new["name"] = f"{whose} {how}"[:160]


def _makes_sense(unit: Unit, draft: Draft) -> None:
    ordered(draft, "valid_from", "valid_until", "a rule")
    shares = draft.get("shares") or {}
    if draft.get("driver") == "fixed" and not shares:
        raise InvalidInput(
            "a rule with the driver fixed says who bears how much: give shares", fields={"shares": "required for fixed"}
        )
    if draft.get("driver") == "direct-cost" and draft.get("capacity") is not None:
        raise InvalidInput("direct cost has no capacity", fields={"capacity": "not with the driver direct-cost"})
    capacity = draft.get("capacity")
    if draft.get("driver") == "fixed":
        total = sum((read_share(one) for one in shares.values()), Fraction(0))
        require_within(total, None if capacity is None else Fraction(capacity))
    source = unit.connection.execute(select(record.c.number, record.c.kind).where(record.c.id == draft.get("from"))).first()
    if source is not None and source.kind != "service" and source.number in shares:
        raise InvalidInput("what is passed on does not come back: it is among its own shares", fields={"shares": "itself"})


def _no_closed_loop(unit: Unit, draft: Draft) -> None:
    """Refuse a rule with which costs would go round for ever and never come out."""
    if draft.state == "retired" or draft.get("driver") != "fixed":
        return
    from deskterm.financial.allocation_rules import refuse_closed_loop

    at = draft.get("valid_from")
    book = Book.read(unit.connection, without=draft.id)
    rules = {key: one for key, one in book.all_at(at).items() if one.driver == "fixed"}
    own = {"shares": draft.get("shares") or {}, "capacity": draft.get("capacity")}
    ids = {row.number: row.id for row in unit.connection.execute(q.NUMBERED_TARGETS)}
    said = {key: _fractions(one.shares, one.capacity, ids) for key, one in rules.items()}
    said[draft.get("from")] = _fractions(own["shares"], own["capacity"], ids)
    names = resolve.names(unit.connection, set(said))
    label = {key: f"{names[key].title} ({names[key].number})" for key in said}
    refuse_closed_loop({
        label[key]: {label.get(to, f"to {to}") if to != key else f"{key} itself": share for to, share in one.items()}
        for key, one in said.items()
    })  # fmt: skip


def _fractions(shares: Mapping[str, str], capacity: str | None, ids: Mapping[str, int]) -> dict[int, Fraction]:
    weights = {ids[number]: read_share(one) for number, one in shares.items() if number in ids}
    return dict(hand_out(weights, None if capacity is None else Fraction(capacity)).to)


def _keep_revision(unit: Unit, draft: Draft) -> None:
    """Append what the rule says to its history."""
    retired, was = draft.state == "retired", draft.state_before == "retired"
    if not draft.creating and not {*SAID, "valid_from"} & draft.changed.keys() and retired == was:
        return
    turned = not draft.creating and retired != was
    since = unit.at - unit.at % 86_400 if turned else draft.get("valid_from")
    said = {name: draft.get(name) for name in SAID} | {"in_use": not retired}
    row = {"rule_id": draft.id, "version": draft.version, "valid_from": since, "definition": said}
    unit.connection.execute(q.ADD_REVISION, {**row, "recorded_at": unit.recorded_at})


RULES = Rules(complete=(_read_shares,), check=(_makes_sense, _no_closed_loop), after=(_keep_revision,))
