"""Reading scans: whole, row by row, one row against what is recorded now."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from typing import Any

from sqlalchemy import Connection

from data.queries import discovery as q
from deskterm.configuration.discovery_facts import cis
from deskterm.configuration.discovery_intake import seen_again
from deskterm.configuration.discovery_rules import Difference, differences, numbers_in, package_changes
from deskterm.configuration.discovery_schema import PROPOSALS, Candidate, Outcome, Row, ScanView
from deskterm.desk import Desk
from deskterm.errors import BadQuery, NotFound
from deskterm.records import reading, resolve
from deskterm.records.draft import Draft

PAGE = 200
"""Rows read at once."""
SIGHTINGS = ("nmap", "ansible", "osquery")
UNAUTHORISED = "unauthorised"
SORTS = (*(one.value for one in Outcome), "open", "staged", "discarded", "applied", UNAUTHORISED)
"""What rows can be asked for by: what came of them, how they are decided, and whether no change covers them."""


def view(desk: Desk, number: str) -> ScanView:
    """Return a scan with its counts.

    Raises:
        NotFound: there is none by that number.
    """
    with desk.database.read() as connection:
        scan = find(desk, connection, number)
        held = states_of(scan)
        outcomes: Counter[str] = Counter()
        states: Counter[str] = Counter()
        unauthorised = 0
        for row in connection.execute(q.OUTCOMES, {"discovery": scan.id}):
            outcomes[row.outcome] += 1
            unauthorised += bool(row.unauthorised)
            if state := held(row.position, row.outcome):
                states[state] += 1
    return ScanView(
        scan.number, str(scan.get("name")), scan.get("format"), scan.get("scope"), scan.get("file"), scan.state,
        scan.get("scanned_at"), scan.created_at, bool(scan.get("complete")), scan.version, outcomes, states, unauthorised,
    )  # fmt: skip


def rows(desk: Desk, number: str, *, after: int = 0, limit: int = PAGE) -> tuple[Row, ...]:
    """Return a page of the rows of a scan, in their order: those behind a position."""
    with desk.database.read() as connection:
        scan = find(desk, connection, number)
        found = connection.execute(q.PAGE, {"discovery": scan.id, "after": after, "limit": min(limit, PAGE)}).all()
        return _rows(connection, scan, found)


def rows_of(desk: Desk, number: str, sorts: Collection[str]) -> tuple[Row, ...]:
    """Return the rows of a scan that are of any of some sorts (`SORTS`), in their order."""
    with desk.database.read() as connection:
        scan = find(desk, connection, number)
        positions = _positions(connection, scan, sorts)
        found: list[Row] = []
        for start in range(0, len(positions), PAGE):
            found += _at(connection, scan, positions[start : start + PAGE])
    return tuple(found)


def page_of(desk: Desk, number: str, sorts: Collection[str], *, first: int, limit: int) -> tuple[int, tuple[Row, ...]]:
    """Return how many rows of a scan are of any of some sorts, of every row where none is named, and a page of them.

    Args:
        first: how many of them come before the page.
        limit: rows of the page.
    """
    with desk.database.read() as connection:
        scan = find(desk, connection, number)
        positions = _positions(connection, scan, sorts)
        return len(positions), _at(connection, scan, positions[first : first + min(limit, PAGE)])


def sorts_in(text: str) -> tuple[str, ...]:
    """Return the sorts of rows that a person names, each once.

    Raises:
        BadQuery: a word is no sort; the column points at it.
    """
    found: dict[str, None] = {}
    for word in re.finditer(r"[^\s,]+", text):
        name = word[0].casefold()
        if name not in SORTS:
            raise BadQuery(f"rows are shown by {', '.join(SORTS)}, not by {word[0]!r}", column=word.start() + 1)
        found[name] = None
    return tuple(found)


def is_of(outcome: str, state: str, unauthorised: object, sorts: Collection[str]) -> bool:
    """Return whether a row is of any of some sorts; every row is where none is named."""
    return not sorts or not {outcome, state, UNAUTHORISED if unauthorised else ""}.isdisjoint(sorts)


def _positions(connection: Connection, scan: Draft, sorts: Collection[str]) -> list[int]:
    held = states_of(scan)
    return sorted(
        one.position
        for one in connection.execute(q.OUTCOMES, {"discovery": scan.id})
        if is_of(one.outcome, held(one.position, one.outcome), one.unauthorised, sorts)
    )


def _at(connection: Connection, scan: Draft, positions: Sequence[int]) -> tuple[Row, ...]:
    if not positions:
        return ()
    found = connection.execute(q.SOME, {"discovery": scan.id, "positions": positions}).all()
    return tuple(sorted(_rows(connection, scan, found), key=lambda one: one.position))


def row(desk: Desk, number: str, position: int) -> Row:
    """Return one row as it stands against what is recorded now; of one that was applied, as it was then.

    Raises:
        NotFound: the scan has no such row.
    """
    with desk.database.read() as connection:
        scan = find(desk, connection, number)
        found = connection.execute(q.SOME, {"discovery": scan.id, "positions": [position]}).all()
        if not found:
            raise NotFound(f"{scan.number} has no row {position}")
        return _rows(connection, scan, found, now=True)[0]


def software(desk: Desk, number: str, position: int) -> list[tuple[str, str, str]]:
    """Return the packages that differ from the scan before of the same CI: name, version then, version now."""
    with desk.database.read() as connection:
        scan = find(desk, connection, number)
        one = connection.execute(q.SOME, {"discovery": scan.id, "positions": [position]}).first()
        if one is None or one.ci_id is None or not one.software:
            return []
        arguments = {"ci": one.ci_id, "own": scan.id, "scanned_at": scan.get("scanned_at")}
        before = connection.execute(q.SOFTWARE_BEFORE, arguments).scalar()
    return package_changes(before, one.software) if before else []


def waiting(desk: Desk) -> int:
    """Return how many scans wait to be verified."""
    return desk.count(desk.prepare(("discovery",), "state:waiting"), cap=1_000)


def counts(desk: Desk, ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """Return by row id how many rows of each outcome some scans have."""
    found: dict[int, dict[str, int]] = {}
    with desk.database.read() as connection:
        for one in connection.execute(q.COUNTS, {"ids": list(ids)}):
            found.setdefault(one.discovery_id, {})[one.outcome] = one.rows
    return found


def find(desk: Desk, connection: Connection, number: str) -> Draft:
    """Return a scan.

    Raises:
        NotFound: there is none by that number.
    """
    return reading.find_one_of(connection, desk.registry, desk.actor, number, "discovery")


def states_of(scan: Draft) -> Callable[[int, str], str]:
    """Return what says how a row stands, by its position and outcome; nothing where there is nothing to decide."""
    held = {name: numbers_in(scan.get(name) or "") for name in ("applied", "staged", "discarded")}

    def state(position: int, outcome: str) -> str:
        if outcome not in PROPOSALS:
            return ""
        return next((name for name, positions in held.items() if position in positions), "open")

    return state


def _rows(connection: Connection, scan: Draft, found: Sequence[Any], *, now: bool = False) -> tuple[Row, ...]:
    ids = {one.ci_id for one in found if one.ci_id} | {key for one in found for key in one.candidates or ()}
    choices = scan.get("choices") or {}
    ids |= {held["ci"] for held in choices.values() if isinstance(held.get("ci"), int)}
    ids |= {one.incident_id for one in found if one.incident_id}
    names = resolve.names(connection, ids)
    held, result = states_of(scan), []
    for one in found:
        chosen = choices.get(str(one.position), {})
        changes = tuple(Difference(*each) for each in one.differences or ())
        state = held(one.position, one.outcome)
        if now and state != "applied":
            changes = _now(connection, scan, one, chosen) or changes
        known = names.get(one.ci_id)
        which = chosen.get("ci")
        result.append(
            Row(
                one.id,
                one.position,
                one.line,
                one.source,
                one.name,
                Outcome(one.outcome),
                state,
                one.ci_id,
                known.number if known else "",
                known.title if known else "",
                one.matched_by,
                one.found,
                changes,
                tuple(chosen.get("skip", ())),
                tuple(Candidate(key, *_named(names, key)) for key in one.candidates or ()),
                "new" if which == "new" else names[which].number if which in names else "",
                bool(one.unauthorised),
                one.covered_by or "",
                names[one.incident_id].number if one.incident_id in names else "",
                one.message or "",
            )
        )
    return tuple(result)


def _named(names: Any, key: int) -> tuple[str, str]:
    return (names[key].number, names[key].title) if key in names else ("", "")


def _now(connection: Connection, scan: Draft, one: Any, chosen: Any) -> tuple[Difference, ...]:
    """Return what a row differs in from its CI as that is recorded now."""
    which = chosen.get("ci")
    key = which if isinstance(which, int) else one.ci_id if one.outcome == Outcome.CHANGED else None
    if key is None:
        return ()
    kind_facts = cis(connection, _ci_kind(), [key])
    if key not in kind_facts:
        return ()
    known = kind_facts[key][2]
    macs = one.keys.get("mac", ())
    ports = scan.get("ports") or {}
    found = differences(one.found, known, guessed=one.guessed or (), scanned_ports=ports, macs=macs)
    return found + seen_again(known, sighting=scan.get("format") in SIGHTINGS)


def _ci_kind() -> Any:
    from deskterm.configuration.kinds import CI

    return CI
