"""The facts behind the availability of a service or a CI, and what one outage did: tables to read, and the same as data."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from data.queries import availability as q
from deskterm.availability.gathering import dependants_of
from deskterm.availability.measuring import Measured, history_of, measure, measured_from
from deskterm.availability.nodes import named
from deskterm.availability.segments import Segment, segments
from deskterm.clock import format_instant
from deskterm.desk import Desk
from deskterm.errors import BadQuery, InvalidInput
from deskterm.explanations import Explanation, Part
from deskterm.fields import show_duration
from deskterm.query.instants import instant
from deskterm.query.terms import Value
from deskterm.questions import number
from deskterm.records.schema import RecordView

USUAL_SECONDS = 30 * 86400
MOST_NODES = 2_000
"""So many services and CIs are looked at that an outage may have reached."""


def availability(desk: Desk, view: RecordView, period: str = "") -> tuple[Part, Any] | None:
    """Explain the availability of a service or a CI, or what an outage did; None for any other record.

    Args:
        desk: whose desk.
        view: the record.
        period: `2026-10`, `2026-10-05` or `FROM..TO`; the last thirty days if empty.
    """
    if view.kind == "outage":
        return _of_outage(desk, view)
    return _of_node(desk, view, *period_of(desk, period)) if view.kind in q.NODES else None


def over(desk: Desk, number: str, start: int, end: int) -> Explanation:
    """Return the facts behind the availability of a service or a CI over a period, or what an outage did.

    Raises:
        NotFound: there is no such record.
    """
    view = desk.show(number)
    part, data = _of_outage(desk, view) if view.kind == "outage" else _of_node(desk, view, start, end)
    return Explanation((part,), {"number": number, "availability": data})


def period_of(desk: Desk, text: str) -> tuple[int, int]:
    """Return the instants that a period's name means.

    Raises:
        InvalidInput: it is none.
    """
    if not text:
        return desk.moment - USUAL_SECONDS, desk.moment
    first, _, last = text.partition("..")
    try:
        ends = [instant(Value(end), now=desk.moment, tz=desk.actor.tz) for end in (first, last or first)]
    except BadQuery:
        said = f"{text!r} is no period: write 2026-10, 2026-10-05 or 2026-10-01..2026-10-15"
        raise InvalidInput(said, fields={"what": "no period"}) from None
    if ends[0].start >= min(ends[1].end, desk.moment):
        raise InvalidInput(f"{text} has not begun, or ends before it begins", fields={"what": "no period"})
    return ends[0].start, ends[1].end


def _of_node(desk: Desk, view: RecordView, start: int, end: int) -> tuple[Part, Any]:
    now = desk.moment
    with desk.database.read() as connection:
        history = history_of(connection, [view.id], start, min(end, now), now)
        found = measured_from(connection, history, [view.id], start, min(end, now))[view.id]
        pieces = segments(history, found)
        names = named(connection, {key for one in pieces for key in one.roots})
    rows = tuple(_row(one, names) for one in pieces)
    title = (
        f"availability {percent(found.availability)} from {format_instant(start)} to {format_instant(found.end)}: {_sum(found)}"
    )
    header = ("from", "to", "state", "what failed", "says", "counted", "total")
    data = {**figures(found), "segments": [_segment_data(one, names) for one in pieces]}
    return Part(title, header, rows, (5, 6)), data


def _sum(found: Measured) -> str:
    figures = found.figures
    said = [f"{show_duration(figures.agreed_seconds)} agreed", f"{show_duration(figures.downtime_seconds)} down"]
    if figures.planned_seconds:
        without = percent(figures.availability_excluding_planned)
        said.append(f"{show_duration(figures.planned_seconds)} of it planned ({without} without)")
    if figures.unknown_seconds:
        said.append(f"{show_duration(figures.unknown_seconds)} unknown ({percent(figures.availability_known_time)} of the rest)")
    said.append("no failures" if not figures.outages else f"{figures.outages} failures" if figures.outages > 1 else "1 failure")
    if figures.is_open:
        said.append("still down")
    return ", ".join(said)


def _row(one: Segment, names: Mapping[int, Any]) -> tuple[str, ...]:
    what = ", ".join(names[key].title for key in one.roots if key in names)
    state = {"closed": "down, not agreed time"}.get(one.state, one.state)
    return (
        format_instant(one.from_at), format_instant(one.to_at), state, what, ", ".join(one.numbers),
        show_duration(one.counted_seconds), show_duration(one.running_seconds),
    )  # fmt: skip


def _segment_data(one: Segment, names: Mapping[int, Any]) -> dict[str, Any]:
    return {
        "from": format_instant(one.from_at),
        "to": format_instant(one.to_at),
        "state": one.state,
        "roots": [{"number": names[key].number, "name": names[key].title} for key in one.roots if key in names],
        "records": list(one.numbers),
        "counted_seconds": one.counted_seconds,
        "running_seconds": one.running_seconds,
    }


def percent(value: Fraction | None) -> str:
    """Return `99.95 %`, cut so that only what is whole is called 100 %; n/a where nothing is known."""
    if value is None:
        return "n/a"
    hundredths = int(value * 100)
    return "100 %" if value >= 100 else f"{hundredths // 100}.{hundredths % 100:02d} %"


def figures(found: Measured) -> dict[str, Any]:
    """Return what was measured as scripts read it."""
    of = found.figures
    return {
        "from": format_instant(found.start),
        "to": format_instant(found.end),
        "agreed_seconds": of.agreed_seconds,
        "downtime_seconds": of.downtime_seconds,
        "planned_seconds": of.planned_seconds,
        "unknown_seconds": of.unknown_seconds,
        "availability": number(of.availability),
        "availability_excluding_planned": number(of.availability_excluding_planned),
        "availability_known_time": number(of.availability_known_time),
        "outages": of.outages,
        "open": of.is_open,
        "mtrs_seconds": whole(of.mtrs_seconds),
        "mtbf_seconds": whole(of.mtbf_seconds),
        "mtbsi_seconds": whole(of.mtbsi_seconds),
    }


def whole(seconds: Fraction | None) -> int | None:
    """Return a mean as whole seconds."""
    return None if seconds is None else round(seconds)


_COUNTED = ("agreed_seconds", "downtime_seconds", "planned_seconds", "attributed_seconds")


def _of_outage(desk: Desk, view: RecordView) -> tuple[Part, Any]:
    """Return which services and CIs one outage took along, and for how long of their agreed time it answers."""
    now = desk.moment
    key = view.values["ci"] or view.values["service"]
    start = view.values["started_at"]
    end = now if view.values["ended_at"] is None else view.values["ended_at"]
    rows: list[tuple[str, ...]] = []
    told: list[dict[str, Any]] = []
    if view.state == "down" and start < end:
        with desk.database.read() as connection:
            nodes = sorted(dependants_of(connection, [key], start, end))[:MOST_NODES]
            found = measure(connection, desk.registry, nodes=nodes, start=start, end=end, now=max(now, end))
            names = named(connection, set(found))
        for node, one in sorted(found.items(), key=lambda pair: (pair[0] != key, -pair[1].downtime_seconds)):
            seconds = sum(share.seconds for share in one.attribution if share.node == key)
            if one.downtime_seconds or node == key:
                told.append(
                    {
                        "number": names[node].number, "name": names[node].title, "kind": names[node].kind,
                        "agreed_seconds": one.agreed_seconds, "downtime_seconds": one.downtime_seconds,
                        "planned_seconds": one.planned_seconds, "attributed_seconds": seconds,
                    }
                )  # fmt: skip
    for each in told:
        shown = [show_duration(each[name]) for name in _COUNTED]
        rows.append((each["number"], each["name"], *shown))
    lasted = f"{show_duration(end - start)}{', and goes on' if view.values['ended_at'] is None else ''}"
    counts = "" if view.state == "down" else "; it is no downtime"
    title = f"{view.state} for {lasted} ({view.values['cause']}){counts}"
    header = ("number", "what", "agreed then", "down then", "planned", "its share")
    data = {"state": view.state, "seconds": end - start, "open": view.values["ended_at"] is None, "reached": told}
    return Part(title, header, tuple(rows), (2, 3, 4, 5)), data
