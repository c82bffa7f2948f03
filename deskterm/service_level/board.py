"""The figures of the live service-level board: what burns now, and who carries it.

Every count comes with the query that lists exactly what it counts. How agreements fare over the days is
`deskterm.service_level.attainment`; drawing is `screens.board`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from data.base import NEVER
from data.queries import board as q
from deskterm.desk import Desk
from deskterm.errors import NotAllowed
from deskterm.permissions import require
from deskterm.records import resolve

HOUR = 3600
URGENT = 10
"""Clocks that the board names."""
PRIORITIES = (1, 2, 3, 4)
"""Columns of load; what is less urgent, or has no priority, is counted with the last."""
SLACK_SECONDS = 300
"""How much later than it happened a threshold may be recorded and still be news."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A count of open work, and the query that lists it."""

    count: int
    query: str


@dataclass(frozen=True, slots=True)
class TeamLoad:
    """What one team carries."""

    team: str
    """Its name; empty for work that no team has."""
    query: str
    open: int
    by_priority: tuple[int, ...]
    """As `PRIORITIES`."""
    breached: int
    at_risk: int
    unassigned: int
    due_at: int | None
    """Due instant of its most urgent running clock."""


@dataclass(frozen=True, slots=True)
class Urgent:
    """One of the records whose clocks are due first."""

    id: int
    number: str
    title: str
    priority: int | None
    due_at: int
    clock_state: str
    state: str
    team: str
    assignee: str


@dataclass(frozen=True, slots=True)
class Figures:
    """The board at an instant."""

    at: int
    kinds: tuple[str, ...]
    """The kinds of work that are counted."""
    open: Figure
    breached: Figure
    at_risk: Figure
    due: Figure
    """Due within the hour, overdue ones not among them."""
    unassigned: Figure
    teams: tuple[TeamLoad, ...]
    """The most pressed first."""
    urgent: tuple[Urgent, ...]


@dataclass(frozen=True, slots=True)
class Crossing:
    """A threshold that a clock of open work crossed."""

    id: int
    record_id: int
    number: str
    title: str
    priority: int | None
    metric: str
    threshold: int
    """Percent of the target; 100 is the breach."""
    at: int


def figures(desk: Desk) -> Figures:
    """Return what burns now, in one consistent view of the desk.

    Costs one pass over open work, whatever else the desk has ever done. Work of kinds the person may not read is not counted.

    Raises:
        NotAllowed: the person is a requester, who sees only what is their own.
    """
    now, kinds = desk.moment, work_kinds(desk)
    with desk.database.read() as connection:
        arguments = {"now": now, "soon": now + HOUR, "kinds": kinds}
        rows = [dict(row) for row in connection.execute(q.OPEN_WORK, arguments).mappings()]
        urgent = [dict(row) for row in connection.execute(q.URGENT, {"kinds": kinds, "limit": URGENT}).mappings()]
        ids = {row[key] for row in urgent for key in ("team_id", "assignee_id")} | {row["team_id"] for row in rows}
        names = resolve.names(connection, {key for key in ids if key is not None})
    title = {key: named.title for key, named in names.items()}
    number = {key: named.number for key, named in names.items()}
    total: dict[str, int] = {key: sum(row[key] for row in rows) for key in ("open", "breached", "at_risk", "due", "unassigned")}
    return Figures(
        now,
        kinds,
        Figure(total["open"], "state:open"),
        Figure(total["breached"], "state:open breached"),
        Figure(total["at_risk"], "state:open at-risk"),
        Figure(total["due"], "state:open due:now..now+1h"),
        Figure(total["unassigned"], "state:open unassigned"),
        _teams(rows, title, number),
        tuple(_urgent(row, title) for row in urgent),
    )


def work_kinds(desk: Desk) -> tuple[str, ...]:
    """Return the kinds of work that the person may read."""
    if desk.actor.restricted:
        raise NotAllowed("the board counts everybody's work; it is for the desk's own people")
    found = []
    for kind in desk.registry.work:
        try:
            require(desk.actor, "read", kind.family, kind.process, kind.name)
        except NotAllowed:
            continue
        found.append(kind.name)
    return tuple(found)


def _teams(rows: Sequence[Mapping[str, Any]], title: Mapping[int, str], number: Mapping[int, str]) -> tuple[TeamLoad, ...]:
    by_team: dict[int | None, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        by_team[row["team_id"]].append(row)
    loads = []
    for team_id, members in by_team.items():
        name = "" if team_id is None else title.get(team_id, "?")
        query = f"state:open team:{'none' if team_id is None else number.get(team_id, 'none')}"
        loads.append(_team(name, query, members))
    return tuple(sorted(loads, key=_pressure))


def _team(name: str, query: str, members: Sequence[Mapping[str, Any]]) -> TeamLoad:
    by_priority = [0] * len(PRIORITIES)
    for row in members:
        by_priority[min(row["priority"] or PRIORITIES[-1], PRIORITIES[-1]) - 1] += row["open"]
    due_at = min(row["due_at"] for row in members)
    return TeamLoad(
        name,
        query,
        sum(row["open"] for row in members),
        tuple(by_priority),
        sum(row["breached"] for row in members),
        sum(row["at_risk"] for row in members),
        sum(row["unassigned"] for row in members),
        None if due_at == NEVER else due_at,
    )


def _pressure(load: TeamLoad) -> tuple[int, int, int, str]:
    return (-load.breached, NEVER if load.due_at is None else load.due_at, -load.open, load.team)


def _urgent(row: Mapping[str, Any], title: Mapping[int, str]) -> Urgent:
    return Urgent(
        row["id"], row["number"], row["title"], row["priority"], row["due_at"], row["clock_state"] or "", row["state"],
        title.get(row["team_id"], ""), title.get(row["assignee_id"], ""),
    )  # fmt: skip


def crossings(desk: Desk, since: int, *, limit: int = 20) -> tuple[Crossing, ...]:
    """Return the thresholds that open work crossed since an instant, the newest first.

    What a scheduler records late is still told, as long as it happened since then less `SLACK_SECONDS`; a back-dated import
    is not news.
    """
    arguments = {"recorded_since": since, "since": since - SLACK_SECONDS, "kinds": work_kinds(desk), "limit": limit}
    with desk.database.read() as connection:
        rows = connection.execute(q.CROSSED, arguments)
        return tuple(
            Crossing(row.id, row.record_id, row.number, row.title, row.priority, row.metric, row.threshold, row.at)
            for row in rows
        )
