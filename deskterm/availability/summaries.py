"""What each day and each month came to, per service and per CI that failed: written once it is over, by the scheduler.

A summary is a cache: the facts stand elsewhere. Where a fact comes late the summaries that it touches are *reopened*, which
stands on them and in the journal of the service or CI, and reckoned again; what they said before stays with them. Days and months
are UTC's. Only what changed is worked on: a day that is over is read once, a late fact costs the days it is about.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, update

from data import feed
from data.queries import availability as q
from data.tables.availability import availability_progress, availability_summary
from data.upsert import upsert, upsert_many
from deskterm.availability.blame import blame
from deskterm.availability.explain import percent
from deskterm.availability.gathering import known_of
from deskterm.availability.late_facts import LateFact, late_facts, touched
from deskterm.availability.measuring import History, Measured, history_of, measured_from
from deskterm.availability.nodes import in_parts
from deskterm.availability.periods import DAY, DAY_SECONDS, MONTH, Stretch, floor, stretches
from deskterm.availability.rules import Availability
from deskterm.jobs import JobContext
from deskterm.journal import Entry, What
from deskterm.records import store
from deskterm.records.unit import Unit

LONGEST_PAST_SECONDS = 400 * DAY_SECONDS
"""So far back a desk that never summed anything up begins."""
AT_ONCE = 31
"""Days, or as many months' worth, that one transaction sums up."""
KEPT = 20
"""Earlier figures that a summary keeps."""
_KEYS = ("node_id", "period", "starts_at")
FIGURES = ("agreed_seconds", "downtime_seconds", "planned_seconds", "unknown_seconds", "outages")


def sum_up(context: JobContext) -> int:
    """Write what is over, reopen what late facts touch, reckon it again; return how many summaries were written."""
    with context.database.read() as connection:
        feed.isolate(connection)
        progress = {row.period: row for row in connection.execute(q.PROGRESS)}
        cursor, late = _late(connection, progress)
        first = connection.execute(q.FIRST_OUTAGE).scalar()
    if late:
        with context.unit() as unit:
            _reopen(unit, late)
    count = _again(context)
    for period in (DAY, MONTH):
        known = progress[period].summed_until if period in progress else _beginning(period, first, context.now)
        count += _write_past(context, period, known)
    with context.unit() as unit:
        statement = update(availability_progress).where(availability_progress.c.period == DAY)
        unit.connection.execute(statement.values(cursor=cursor))
    return count


def _late(connection: Connection, progress: Mapping[str, Any]) -> tuple[str, tuple[LateFact, ...]]:
    """Return the facts that came late, and the cursor behind them; the first time there is nothing to be late for."""
    known = progress.get(DAY)
    if known is None or known.cursor is None:
        return feed.position(connection), ()
    return late_facts(connection, known.cursor, max(row.summed_until for row in progress.values()))


def _beginning(period: str, first: int | None, now: int) -> int:
    since = now if first is None else max(first, now - LONGEST_PAST_SECONDS)
    return floor(period, since)


def _write_past(context: JobContext, period: str, known: int) -> int:
    """Sum up the days or months that are over and not yet written, some at a time."""
    whole = list(stretches(period, known, context.now))
    size = AT_ONCE if period == DAY else 1
    count = 0
    for start in range(0, len(whole), size):
        some = whole[start : start + size]
        with context.unit() as unit:
            count += _write(unit, some, _watched(unit.connection, some[0].start, some[-1].end))
            _advance(unit, period, some[-1].end)
    if not whole:
        with context.unit() as unit:
            _advance(unit, period, known)
    return count


def _advance(unit: Unit, period: str, until: int) -> None:
    row = {"period": period, "summed_until": until}
    unit.connection.execute(upsert(unit.dialect, availability_progress, row, keys=["period"], changes={"summed_until": until}))


def _watched(connection: Connection, start: int, end: int) -> list[int]:
    """Return every service in use, and the CIs that failed by themselves in a period."""
    services = [row.id for row in connection.execute(q.IN_USE, {"kind": "service"})]
    every = frozenset(row.id for row in connection.execute(q.IN_USE, {"kind": "ci"}))
    return services + sorted({fact.node for fact in known_of(connection, every, start, end).facts})


def _write(unit: Unit, some: Sequence[Stretch], nodes: Sequence[int], before: Mapping[tuple[int, int], Any] | None = None) -> int:
    """Measure nodes once over all stretches, and write each of these; of a CI only those in which it was not up."""
    start, end = some[0].start, some[-1].end
    history = history_of(unit.connection, nodes, start, end, unit.recorded_at)
    found = measured_from(unit.connection, history, nodes, start, end)
    kinds = {row.id: row.kind for part in in_parts(nodes) for row in unit.connection.execute(q.NAMED, {"ids": part})}
    rows = []
    for node in nodes:
        for one in some:
            known = (before or {}).get((node, one.start))
            of = found[node].during(one.start, one.end)
            if kinds[node] == "service" or known is not None or of.downtime_seconds or of.unknown_seconds:
                rows.append(_row(unit, history, found[node], one, of, known))
    fresh = [row for row in rows if not row["revisions"]]
    if fresh:
        changes = {"recorded_at": unit.recorded_at}
        unit.connection.execute(upsert_many(unit.dialect, availability_summary, keys=list(_KEYS), changes=changes), fresh)
    for row in rows:
        if row["revisions"]:
            unit.update(availability_summary, (before or {})[row["node_id"], row["starts_at"]].id, row)
    return len(rows)


def _row(unit: Unit, history: History, of: Measured, one: Stretch, figures: Availability, known: Any) -> dict[str, Any]:
    within = of.down.clip(one.start, one.end)
    shares = blame(history.graph, of.node, within, history.roots) if within else {}
    charged = [[root.node, seconds, root.change, root.supplier] for root, seconds in shares.items()]
    return {
        "node_id": of.node, "period": one.period, "starts_at": one.start, "ends_at": one.end,
        **{name: getattr(figures, name) for name in FIGURES},
        "attribution": sorted(charged, key=lambda share: -share[1]), "recorded_at": unit.recorded_at, "reopened_at": None,
        "revisions": 0 if known is None else known.revisions + 1,
    }  # fmt: skip


def _reopen(unit: Unit, late: Iterable[LateFact]) -> None:
    """Mark the summaries that late facts touch, with what they say and why that no longer holds, and journal it."""
    why: dict[int, tuple[Any, list[str]]] = {}
    for fact in late:
        nodes = sorted(touched(unit.connection, fact))
        for period in (DAY, MONTH):
            for part in in_parts(nodes):
                asked = {"ids": part, "period": period, "from_at": fact.start, "to_at": fact.end}
                for row in unit.connection.execute(q.SUMMARIES_OF, asked):
                    why.setdefault(row.id, (row, []))[1].append(fact.number)
        _open_new(unit, fact)
    by_node: dict[int, list[tuple[Any, str]]] = defaultdict(list)
    for row, numbers in why.values():
        named = ", ".join(dict.fromkeys(numbers))
        told = {name: getattr(row, name) for name in FIGURES}
        kept = [*(row.before or ()), {"at": unit.recorded_at, "why": named, **told}][-KEPT:]
        unit.update(availability_summary, row.id, {"reopened_at": unit.recorded_at, "before": kept})
        by_node[row.node_id].append((row, named))
    for node, rows in by_node.items():
        _journal(unit, node, rows)


def _open_new(unit: Unit, fact: LateFact) -> None:
    """Give a CI the summaries that it has none of, for it was up all the time as far as anybody knew; they wait as well."""
    named = unit.connection.execute(q.NAMED, {"ids": sorted(fact.nodes)}).all()
    cis = [row.id for row in named if row.kind == "ci"]
    for period, since, until in unit.connection.execute(q.SUMMED).all() if cis else ():
        past = [one for one in stretches(period, max(since, floor(period, fact.start)), until) if one.start < fact.end]
        for node in cis:
            for one in past:
                row = {
                    "node_id": node, "period": period, "starts_at": one.start, "ends_at": one.end, **dict.fromkeys(FIGURES, 0),
                    "agreed_seconds": one.end - one.start, "recorded_at": unit.recorded_at, "reopened_at": unit.recorded_at,
                    "before": [{"at": unit.recorded_at, "why": fact.number, **dict.fromkeys(FIGURES, 0),
                                "agreed_seconds": one.end - one.start}],
                }  # fmt: skip
                unit.connection.execute(upsert(unit.dialect, availability_summary, row, keys=list(_KEYS), changes={}))


def _journal(unit: Unit, node: int, rows: Sequence[tuple[Any, str]]) -> None:
    said = [f"{Stretch(row.period, row.starts_at, row.ends_at).name} said {percent(availability_of(row))}" for row, _ in rows[:3]]
    more = f" and {len(rows) - 3} more" if len(rows) > 3 else ""
    numbers = ", ".join(dict.fromkeys(named for _, named in rows))
    text = f"Availability reopened by {numbers}: {'; '.join(said)}{more}"
    unit.journal(Entry(node, store.version_of(unit, node), What.NOTE, "availability", text=text))


def availability_of(row: Any) -> Any:
    """Return the availability that a summary comes to; None where nothing was agreed or known."""
    return Availability(
        row.agreed_seconds, row.downtime_seconds, row.planned_seconds, row.unknown_seconds, row.outages, is_open=False
    ).availability


def _again(context: JobContext) -> int:
    """Reckon the summaries again that are reopened, stretch by stretch."""
    count = 0
    while True:
        with context.unit() as unit:
            rows = unit.connection.execute(q.REOPENED, {"limit": 2_000}).all()
            by_stretch: dict[Stretch, list[Any]] = defaultdict(list)
            for row in rows:
                by_stretch[Stretch(row.period, row.starts_at, row.ends_at)].append(row)
            for one, each in by_stretch.items():
                known = {(row.node_id, row.starts_at): row for row in each}
                count += _write(unit, [one], [row.node_id for row in each], known)
        if len(rows) < 2_000:
            return count
