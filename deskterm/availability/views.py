"""What the console shows of availability: services with figures and trend, one of them in full, the matrix of impact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from data.queries import availability as q
from deskterm.availability import rules
from deskterm.availability.cfia import cfia
from deskterm.availability.gathering import Fact
from deskterm.availability.life_cycle import TimeSpent, stamps_of, where_it_went
from deskterm.availability.measuring import Measured, facts_below, history_of, measured_from
from deskterm.availability.nodes import in_parts, may_read, named
from deskterm.availability.prediction import Prediction, fault_tree_lines, predict
from deskterm.desk import Desk

TREND = 14
"""Points of a trend."""
MOST_OUTAGES = 40


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """One service in a period."""

    id: int
    number: str
    name: str
    figures: rules.Availability
    objective: float | None
    met: bool | None
    trend: tuple[float | None, ...]
    """Availability of equal parts of the period, the oldest first."""
    worst: str
    """What most of its downtime is charged to."""
    worst_seconds: int


@dataclass(frozen=True, slots=True)
class ShareLine:
    """A part of a downtime, by name."""

    number: str
    name: str
    seconds: int
    how: str
    """The change or the supplier it was; empty where it was neither."""


@dataclass(frozen=True, slots=True)
class OutageLine:
    """One fact that bears on a service."""

    number: str
    name: str
    state: str
    cause: str
    start: int
    end: int | None


@dataclass(frozen=True, slots=True)
class ServiceDetail:
    """One service in full."""

    line: ServiceLine
    vital: tuple[str, ...]
    shares: tuple[ShareLine, ...]
    outages: tuple[OutageLine, ...]
    """The newest first."""
    spent: TimeSpent
    predicted: Fraction | None
    parts: int
    known_parts: int
    """Of so many there is more than that no failure was recorded."""
    shortest_seconds: int | None
    """The shortest history that the prediction stands on."""
    withheld: str
    single_points: tuple[str, ...]
    cut_sets: tuple[tuple[str, ...], ...]
    """Those of more than one, the smallest first."""
    tree: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MatrixLine:
    """One CI of the matrix."""

    number: str
    name: str
    cells: tuple[str, ...]
    breaks: int
    weakens: int


@dataclass(frozen=True, slots=True)
class MatrixView:
    """The matrix by names."""

    services: tuple[str, ...]
    lines: tuple[MatrixLine, ...]


def services(desk: Desk, start: int, end: int) -> tuple[ServiceLine, ...]:
    """Return every service in use as it was in a period; those furthest below what was agreed first.

    Raises:
        NotAllowed: the person may not read outages.
    """
    may_read(desk)
    now = desk.moment
    until = min(end, now)
    with desk.database.read() as connection:
        rows = connection.execute(q.IN_USE, {"kind": "service"}).all()
        if until <= start or not rows:
            return ()
        nodes = [row.id for row in rows]
        found = measured_from(connection, history_of(connection, nodes, start, until, now), nodes, start, until)
        names = named(connection, {share.node for one in found.values() for share in one.attribution[:1]})
    lines = [_line(row, found[row.id], names) for row in rows]
    return tuple(sorted(lines, key=_pressing))


def _pressing(line: ServiceLine) -> tuple[bool, bool, float, str]:
    measured = line.figures.availability
    return not line.figures.is_open, line.met is not False, 101.0 if measured is None else float(measured), line.name.casefold()


def _line(row: Any, one: Measured, names: dict[int, Any]) -> ServiceLine:
    first = one.attribution[0] if one.attribution else None
    step = max(1, -(-(one.end - one.start) // TREND))
    cuts = range(one.start, one.end, step)
    trend = tuple(_percent(one.during(at, min(at + step, one.end)).availability) for at in cuts)
    worst = "" if first is None or first.node not in names else names[first.node].title
    return ServiceLine(
        row.id, row.number, row.title, one.figures, one.objective, one.met, trend, worst, 0 if first is None else first.seconds
    )


def _percent(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def detail(desk: Desk, number: str, start: int, end: int) -> ServiceDetail:
    """Return one service or CI in full.

    Raises:
        NotFound: there is no such record.
        NotAllowed: the person may not read outages.
    """
    may_read(desk)
    view = desk.show(number)
    now = desk.moment
    until = min(end, now)
    with desk.database.read() as connection:
        history = history_of(connection, [view.id], start, until, now)
        one = measured_from(connection, history, [view.id], start, until)[view.id]
        facts = sorted(facts_below(history, view.id, start, until), key=lambda fact: (-fact.start, -fact.record))
        predicted = predict(connection, [view.id], now)[view.id]
        shared = {key for share in one.attribution for key in (share.node, share.change) if key is not None}
        nodes = {part.node for part in predicted.parts} | {fact.node for fact in facts} | shared
        names = named(connection, nodes)
        told = _incidents(connection, facts)
    row = names.get(view.id) or view
    line = _line(row, one, names)
    shares = tuple(_share(share, names) for share in one.attribution)
    outages = tuple(_outage(fact, names) for fact in facts[:MOST_OUTAGES])
    return ServiceDetail(
        line, tuple(view.values.get("vital_functions") or ()), shares, outages, where_it_went(told), predicted.availability,
        len(predicted.parts), predicted.known_parts, predicted.shortest_seconds, predicted.withheld, *_tree(predicted, names),
    )  # fmt: skip


def _tree(found: Prediction, names: dict[int, Any]) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...], tuple[str, ...]]:
    titles = {key: row.title for key, row in names.items()}
    sets = tuple(tuple(titles.get(key, "?") for key in one) for one in found.cut_sets if len(one) > 1)
    fails = {part.node: 1 - part.availability for part in found.parts}
    points = tuple(titles.get(key, "?") for key in found.single_points)
    return points, sets, tuple(fault_tree_lines(found.structure, titles, fails))


def _incidents(connection: Any, facts: Sequence[Fact]) -> list[dict[str, int | None]]:
    """Return the stamps of the incidents that tell of these facts, by themselves or through an outage."""
    ids = {fact.record for fact in facts}
    ids |= {row.incident_id for part in in_parts(sorted(ids)) for row in connection.execute(q.OUTAGE_INCIDENTS, {"ids": part})}
    wanted = sorted(key for key in ids if key is not None)
    return [stamps_of(row) for part in in_parts(wanted) for row in connection.execute(q.LIFE_CYCLES, {"ids": part})]


def _share(share: Any, names: dict[int, Any]) -> ShareLine:
    root, change = names.get(share.node), names.get(share.change)
    how = change.number if change is not None else f"supplier {share.supplier}".strip() if share.supplier is not None else ""
    return ShareLine("" if root is None else root.number, "?" if root is None else root.title, share.seconds, how)


def _outage(fact: Fact, names: dict[int, Any]) -> OutageLine:
    title = names[fact.node].title if fact.node in names else "?"
    return OutageLine(fact.number, title, fact.state, fact.cause, fact.start, fact.end)


def matrix(desk: Desk) -> MatrixView:
    """Return which CI takes which service along, as the graph is now.

    Raises:
        NotAllowed: the person may not read outages.
    """
    may_read(desk)
    with desk.database.read() as connection:
        served = connection.execute(q.IN_USE, {"kind": "service"}).all()
        found = cfia(connection, [row.id for row in served], desk.moment)
        names = named(connection, {row.ci for row in found})
    lines = [
        MatrixLine(
            names[row.ci].number, names[row.ci].title, tuple(row.marks.get(service.id, "") for service in served),
            row.breaks, row.weakens,
        )
        for row in found
    ]  # fmt: skip
    return MatrixView(tuple(row.title for row in served), tuple(lines))
