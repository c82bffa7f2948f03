"""While a change is typed: what its window runs into, how risky it is and why. While an incident is: which changes to suspect."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from deskterm.change import conflicts, reach
from deskterm.change.conflict_rules import Conflict, Severity, Wish
from deskterm.change.risk import read_answers
from deskterm.change.risk_score import answered, risk_of
from deskterm.change.suspects import suspects
from deskterm.desk import Desk
from deskterm.errors import DeskError
from deskterm.fields import as_list
from deskterm.forms.schema import Hint, HintAct
from deskterm.kinds import Kind
from deskterm.records import resolve

SHOWN = 6
"""Conflicts told of while a window is typed."""
TONES = {Severity.FREEZE: "breach", Severity.SAME_CI: "risk", Severity.DEPENDENT_CI: "soon"}


def hints(desk: Desk, kind: Kind, values: Mapping[str, Any]) -> list[Hint]:
    """Return the hints of a change; the other kinds of the process have none."""
    if kind.name != "change":
        return []
    with desk.database.read() as connection:
        cis = frozenset(_ids(connection, values.get("cis"), "ci"))
        return [
            *_window(desk, connection, values, cis),
            *_risk(desk, connection, values, cis),
            *_continuity(desk, connection, cis),
        ]


def _ids(connection: Connection, given: object, kind: str) -> Iterator[int]:
    """Yield the ids of the records that are named so far; what names nothing yet is passed over."""
    parts = given if isinstance(given, list | tuple) else str(given or "").split(";")
    for part in parts:
        key = resolve.meant(connection, part.strip() if isinstance(part, str) else part, kind)
        if key is not None:
            yield key


def _window(desk: Desk, connection: Connection, values: Mapping[str, Any], cis: frozenset[int]) -> Iterator[Hint]:
    start, end = values.get("window_start"), values.get("window_end")
    if not isinstance(start, int) or not isinstance(end, int):
        return
    if end <= start:
        yield Hint("The window ends before it starts", ("“Window until” comes after “Window from”.",), tone="breach")
        return
    own = next(_ids(connection, values.get("number"), "change"), 0)
    implementer = next(_ids(connection, values.get("assignee"), "agent"), None)
    services = frozenset(_ids(connection, values.get("service"), "service"))
    wish = Wish(start, end, cis, services, implementer, str(values.get("type") or "normal"), own)
    found = conflicts.find(connection, wish, desk.moment)
    if not found:
        yield Hint("Nothing stands in its way", ("no freeze, no other change, within maintenance hours",), tone="good")
    for one in found[:SHOWN]:
        yield conflict_hint(one, desk.actor.tz, connection)
    if len(found) > SHOWN:
        yield Hint(f"{len(found) - SHOWN} conflicts more", tone="soon")


def conflict_hint(one: Conflict, tz: str, connection: Connection) -> Hint:
    """Return a conflict as it stands beside a form."""
    named = resolve.names(connection, set(one.cis))
    on = ", ".join(named[ci].title for ci in one.cis if ci in named)
    lines = [one.title, f"{moment(one.start, tz)} to {moment(one.end, tz)}" + (f" · {one.state}" if one.state else "")]
    if on and one.severity is not Severity.MAINTENANCE:
        lines.append(f"on {on}")
    word = one.severity.word
    title = f"{word[0].upper()}{word[1:]}: {one.number}"
    return Hint(title, tuple(lines), HintAct("open", one.number, one.number), TONES.get(one.severity, ""))


def moment(at: int, tz: str) -> str:
    """Return an instant as it stands in a narrow place: `Mon 23 Nov 22:00`."""
    return f"{datetime.fromtimestamp(at, ZoneInfo(tz)):%a %d %b %H:%M}"


def _risk(desk: Desk, connection: Connection, values: Mapping[str, Any], cis: frozenset[int]) -> Iterator[Hint]:
    answers = values.get("risk_answers")
    if not answers:
        return
    try:
        read = read_answers(answers)
    except DeskError as problem:
        yield Hint("Risk", (problem.message,), tone="soon")
        return
    change_type = str(values.get("type") or "normal")
    past = reach.past(connection, cis, change_type, 0)
    found = risk_of(read, past, reach.hit(connection, cis, str(values.get("disruption") or "down"), desk.moment))
    sums = " + ".join(f"{part.name} {part.points}" for part in found.parts)
    said = (line.replace("_", " ") for line in answered(read))
    lines = (sums, *said, *(f"{part.name}: {part.why}" for part in found.parts[1:]))
    yield Hint(f"Risk {found.points}, {found.level.replace('-', ' ')}", lines, tone="risk" if found.points >= 50 else "")


def _continuity(desk: Desk, connection: Connection, cis: frozenset[int]) -> Iterator[Hint]:
    """Yield the plans whose evidence ends with the change: what was shown to come back is not there any more."""
    from deskterm.continuity.staleness import touched  # only a change that names CIs needs it

    found = touched(connection, cis, desk.moment) if cis else []
    for one in [each for each in found if each.latest][:3]:
        lines = (one.title, f"shown by {one.latest}, through {one.through}", "plan another exercise after it")
        yield Hint(f"Makes stale: {one.number}", lines, HintAct("open", one.number, one.number), "soon")


def suspect_hints(desk: Desk, values: Mapping[str, Any]) -> Iterator[Hint]:
    """Yield the changes that an incident which is being typed may come from."""
    if desk.actor.restricted:
        return
    occurred = values.get("occurred_at")
    with desk.database.read() as connection:
        ci = next(_ids(connection, as_list(values.get("ci")), "ci"), None)
        service = next(_ids(connection, as_list(values.get("service")), "service"), None)
        found = suspects(connection, ci, service, occurred if isinstance(occurred, int) else desk.moment)
    for one in found[:3]:
        when = "work goes on" if one.ended_at is None else f"ended {moment(one.ended_at, desk.actor.tz)}"
        told = f"{one.where} · {when}" + (f" · {one.code}" if one.code else "")
        yield Hint(f"Changed lately: {one.number}", (one.title, told), HintAct("cause", one.number, one.number), "soon")
