"""Pictures of the configuration: as it is, as it was at an instant, or as a baseline froze it; and what differs between two.

A picture is read CI by CI in the order of their ids, so that two of a hundred thousand CIs are compared without holding either.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from data.queries import accounting as q
from deskterm.configuration.past import BATCH, relations_at, states_at
from deskterm.kinds import Kind
from deskterm.records import resolve, store

Relation = tuple[str, str, str, int]
"""Word with its direction (`depends-on`, or `← depends-on`), the other's number, group, need (0 for none)."""


@dataclass(frozen=True, slots=True)
class Item:
    """One CI of a picture."""

    id: int
    number: str
    title: str
    state: str
    facts: Mapping[str, Any]
    """Fields that say something, as scripts read them."""
    relations: tuple[Relation, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing in which a CI differs between two pictures."""

    number: str
    title: str
    change: str
    """added, removed, field, or relation."""
    field: str
    old: Any
    new: Any


def read(connection: Connection, kind: Kind, ids: Sequence[int], at: int) -> list[Item]:
    """Return CIs as they were at an instant, in the order of their ids; those that were not there are left out."""
    ordered = sorted(ids)
    then = states_at(connection, ordered, at)
    rows = relations_at(connection, ordered, at)
    around = {row.source_id for row in rows} | {row.target_id for row in rows}
    wanted = set(around)
    for one in then.values():
        wanted |= store.references(kind, one.values)
    names = resolve.names(connection, wanted | set(ordered))
    by_ci: dict[int, list[Relation]] = {}
    for row in rows:
        label = (row.group or "", row.need or 0)
        by_ci.setdefault(row.source_id, []).append((row.relation, names[row.target_id].number, *label))
        by_ci.setdefault(row.target_id, []).append((f"← {row.relation}", names[row.source_id].number, *label))
    items = []
    for key in ordered:
        past = then.get(key)
        if past is None:
            continue
        facts = {}
        for item in kind.fields:
            value = past.values.get(item.name)
            if value not in (None, "", [], {}) and not item.derived:
                facts[item.name] = item.type.export(value, names)
        title = str(past.values.get(kind.title_field) or "")
        relations = tuple(sorted(by_ci.get(key, ())))
        items.append(Item(key, names[key].number, title, past.state, facts, relations))
    return items


def at_instant(connection: Connection, kind: Kind, at: int, ids: Sequence[int] | None = None) -> Iterator[Item]:
    """Yield the CIs that were there at an instant: all of them, or those named."""
    if ids is not None:
        for start in range(0, len(ids), BATCH):
            yield from read(connection, kind, sorted(ids)[start : start + BATCH], at)
        return
    after = 0
    while page := list(connection.execute(q.CIS_AFTER, {"after": after}).scalars()):
        yield from read(connection, kind, page, at)
        after = page[-1]


def of_baseline(connection: Connection, baseline_id: int, ids: Sequence[int] | None = None) -> Iterator[Item]:
    """Yield the CIs that a baseline froze: all of them, or those named."""
    if ids is not None:
        for key in sorted(ids):
            for row in connection.execute(q.ITEM, {"id": baseline_id, "ci_id": key}):
                yield _frozen(row)
        return
    after = 0
    while rows := connection.execute(q.ITEMS, {"id": baseline_id, "after": after, "limit": BATCH}).all():
        yield from map(_frozen, rows)
        after = rows[-1].ci_id


def _frozen(row: Any) -> Item:
    relations = tuple((str(a), str(b), str(c), int(d)) for a, b, c, d in row.relations)
    return Item(row.ci_id, row.number, row.title, row.state, row.facts, relations)


def digest_of(items: Iterator[Item], add: Any = None) -> str:
    """Return the digest of a picture; `add`, where given, is handed each item on the way."""
    total = hashlib.sha256()
    for item in items:
        total.update(canonical(item).encode())
        if add is not None:
            add(item)
    return total.hexdigest()


def canonical(item: Item) -> str:
    """Return one spelling of an item, whatever order its facts were stored in."""
    plain = [item.number, item.title, item.state, dict(item.facts), [list(one) for one in item.relations]]
    return json.dumps(plain, sort_keys=True, ensure_ascii=True)


def differences(old: Iterator[Item], new: Iterator[Item]) -> Iterator[Difference]:
    """Yield what differs between two pictures, both in the order of ids."""
    left, right = next(old, None), next(new, None)
    while left is not None or right is not None:
        if right is None or (left is not None and left.id < right.id):
            assert left is not None
            yield Difference(left.number, left.title, "removed", "", left.title, None)
            left = next(old, None)
        elif left is None or right.id < left.id:
            yield Difference(right.number, right.title, "added", "", None, right.title)
            right = next(new, None)
        else:
            yield from between(left, right)
            left, right = next(old, None), next(new, None)


def between(old: Item, new: Item) -> Iterator[Difference]:
    """Yield what differs in one CI."""
    for name in sorted(old.facts.keys() | new.facts.keys()):
        before, after = old.facts.get(name), new.facts.get(name)
        if before == after or name == "status":
            continue
        if name == "attributes":
            yield from _attributes(new, before or {}, after or {})
        else:
            yield Difference(new.number, new.title, "field", name, before, after)
    if old.state != new.state:
        yield Difference(new.number, new.title, "field", "status", old.state, new.state)
    gone, come = set(old.relations) - set(new.relations), set(new.relations) - set(old.relations)
    for relation in sorted(gone):
        yield Difference(new.number, new.title, "relation", relation[0], told(relation), None)
    for relation in sorted(come):
        yield Difference(new.number, new.title, "relation", relation[0], None, told(relation))


def _attributes(item: Item, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name):
            yield Difference(item.number, item.title, "field", f"attributes.{name}", before.get(name), after.get(name))


def told(relation: Relation) -> str:
    """Return the other end of a relation and its group, for a person."""
    _, number, group, need = relation
    return f"{number} ({need} of {group})" if group else number
