"""Facts that came late: what was recorded since the summaries were written and is about days they tell of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from data import feed
from data.queries import availability as q
from deskterm.availability.gathering import HIGHEST, dependants_of
from deskterm.availability.nodes import in_parts

KINDS = ("outage", "incident", "change", "ci", "service")
WHATS = ("created", "field", "state", "link", "unlink")
_MOVES = ("started_at", "ended_at", "window_start", "window_end", "actual_start", "actual_end")
"""Fields that say from when until when: where one is moved, what lies between is another now."""
_WEIGHTY = ("cause", "ci", "service", "change", "incident", "supplier", "cis", "disruption", "downtime_seconds", "approved_at")
"""Fields of which each bears on the whole of a fact."""
_VOID = ("cancelled", "rejected", "withdrawn", "down", "degraded", "unknown")
"""States that say whether there is a fact at all, and of what sort."""
_PLACES = ("ci", "service")


@dataclass(frozen=True, slots=True)
class LateFact:
    """A stretch of the past of which something else is known by now."""

    number: str
    """The record that says so."""
    nodes: frozenset[int]
    """What it is about by itself; what needs that is touched as well."""
    start: int
    end: int


def late_facts(connection: Connection, cursor: str, summed_until: int) -> tuple[str, tuple[LateFact, ...]]:
    """Return the facts recorded since a cursor that touch days before an instant, and the new cursor.

    The connection is in one snapshot throughout; see `feed.isolate`.
    """
    after, entries = feed.entries(connection, cursor, KINDS, WHATS)
    told: dict[int, list[Any]] = defaultdict(list)
    for entry in entries:
        told[entry.record_id].append(entry)
    by_kind: dict[str, list[int]] = defaultdict(list)
    for key, said in told.items():
        by_kind[said[0].kind].append(key)
    found = [
        *_outages(connection, by_kind["outage"], told, summed_until),
        *_incidents(connection, by_kind["incident"], told, summed_until),
        *_changes(connection, by_kind["change"], told, summed_until),
        *_relations(connection, (*by_kind["ci"], *by_kind["service"]), told),
    ]
    return after, tuple(one for one in found if one.start < min(one.end, summed_until) and one.nodes)


def touched(connection: Connection, fact: LateFact) -> set[int]:
    """Return every node whose past a fact may have changed: what it is about, and whatever needed that then."""
    return dependants_of(connection, fact.nodes, fact.start, fact.end)


def _outages(connection: Connection, ids: Sequence[int], told: dict[int, list[Any]], until: int) -> Iterator[LateFact]:
    times = {row.id: row for part in in_parts(ids) for row in connection.execute(q.OUTAGE_TIMES, {"ids": part})}
    for row in _places(connection, ids):
        own = times[row.id]
        span = _changed((own.started_at, own.ended_at), told[row.id], until)
        yield LateFact(row.number, _nodes(row, told[row.id]), *span)


def _incidents(connection: Connection, ids: Sequence[int], told: dict[int, list[Any]], until: int) -> Iterator[LateFact]:
    for row in _places(connection, ids):
        said = told[row.id]
        once = any(one.field == "priority" and HIGHEST in (one.old, one.new) for one in said)
        if row.priority != HIGHEST and not once:
            continue
        # A step that happens now changes nothing of the past; one that is said to have happened earlier does.
        earliest = min(one.at for one in said)
        began = any(one.what == "created" or one.field in (*_PLACES, "occurred_at", "priority") for one in said)
        start = earliest if not began or row.occurred_at is None else min(earliest, row.occurred_at)
        yield LateFact(row.number, _nodes(row, said), start, 1 + (until if row.done_at is None else row.done_at))


def _changes(connection: Connection, ids: Sequence[int], told: dict[int, list[Any]], until: int) -> Iterator[LateFact]:
    numbers = {row.id: row.number for row in _places(connection, ids)}
    rows: dict[int, list[Any]] = defaultdict(list)
    for part in in_parts(ids):
        for row in connection.execute(q.CHANGE_TIMES, {"ids": part}):
            rows[row.id].append(row)
    for key, each in rows.items():
        first = each[0]
        began = min((at for at in (first.window_start, first.actual_start) if at is not None), default=None)
        if began is not None:
            span = _changed((began, first.actual_end), told[key], until)
            yield LateFact(numbers[key], frozenset(row.target_id for row in each), *span)


def _relations(connection: Connection, ids: Iterable[int], told: dict[int, list[Any]]) -> Iterator[LateFact]:
    for key in ids:
        for one in told[key]:
            other = one.new if one.new is not None else one.old
            if one.what not in ("link", "unlink") or not isinstance(other, int) or str(one.field).endswith(" of"):
                continue
            for row in connection.execute(q.LINKS_BETWEEN, {"one": key, "other": other}):
                owner = row.target_id if row.relation == "part-of" else row.source_id
                yield LateFact(str(one.field), frozenset({owner}), row.valid_from, row.valid_until)


def _changed(span: tuple[int, int | None], said: Iterable[Any], until: int) -> tuple[int, int]:
    """Return from when until when a fact has become another; nothing where only words about it changed."""
    whole = [span[0], until if span[1] is None else span[1]]
    edges: list[int] = []
    for one in said:
        if one.what == "created" or one.field in _WEIGHTY or (one.what == "state" and {one.old, one.new} & set(_VOID)):
            edges += whole
        elif one.field in _MOVES:
            edges += [value if isinstance(value, int) else until for value in (one.old, one.new)]
    return (min(edges), max(edges) + 1) if edges else (until, until)


def _nodes(row: Any, said: Iterable[Any]) -> frozenset[int]:
    """Return what a record is about, and was before."""
    own = row.ci_id if row.ci_id is not None else row.service_id
    before = [value for one in said if one.field in _PLACES for value in (one.old, one.new) if isinstance(value, int)]
    return frozenset({key for key in (own, *before) if key is not None})


def _places(connection: Connection, ids: Sequence[int]) -> Iterator[Any]:
    for part in in_parts(ids):
        yield from connection.execute(q.PLACES, {"ids": part}).all()
