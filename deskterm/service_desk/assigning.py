"""Whom a record can be handed to: teams and agents by name, and what handing it over means for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from data.queries import records as q
from deskterm.records import writing
from deskterm.records.draft import Draft
from deskterm.records.unit import Unit
from deskterm.relation_words import MEMBER_OF

if TYPE_CHECKING:
    from deskterm.desk import Desk, Step

MOST = 200
"""So many teams and so many agents are offered."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A team or an agent."""

    name: str
    kind: str
    """`team` or `agent`."""
    id: int
    teams: tuple[tuple[int, str], ...] = ()
    """An agent's teams, id and name."""

    @property
    def detail(self) -> str:
        """What tells it from others of the name."""
        return "team" if self.kind == "team" else ", ".join(name for _, name in self.teams)


def candidates(desk: Desk) -> tuple[Candidate, ...]:
    """Return everybody a record can be handed to: one's own teams and their people first."""
    teams = desk.page(desk.prepare(("team",), "state:active", "name"), limit=MOST).rows
    people = desk.page(desk.prepare(("agent",), "state:active active:yes", "login"), limit=MOST).rows
    names = {row.id: row.title for row in teams}
    members: dict[int, list[tuple[int, str]]] = {row.id: [] for row in people}
    with desk.database.read() as connection:
        for team in teams:
            for found in connection.execute(q.LINKED_TO, {"relation": MEMBER_OF, "id": team.id}):
                if found.source_id in members:
                    members[found.source_id].append((team.id, names[team.id]))
    own = set(desk.actor.team_ids)
    everybody = [
        *(Candidate(row.title, "team", row.id) for row in teams),
        *(Candidate(row.title, "agent", row.id, tuple(members[row.id])) for row in people),
    ]
    return tuple(sorted(everybody, key=lambda one: not (one.id in own or own & {team for team, _ in one.teams})))


def handing(to: Candidate) -> Step:
    """Return the bulk step that hands a record over; an agent gets it within the team it is in, where that is theirs."""

    def step(unit: Unit, draft: Draft) -> Draft:
        return writing.act(unit, draft, "assign", values_for(to, draft.get("team")))

    return step


def values_for(to: Candidate, team_now: int | None) -> dict[str, Any]:
    """Return what the action `assign` is given for a record that is in a team now."""
    if to.kind == "team":
        return {"team": to.id}
    own = [team for team, _ in to.teams]
    moves = bool(own) and team_now not in own
    return {"assignee": to.id} | ({"team": own[0]} if moves else {})


def named(everybody: Sequence[Candidate], text: str) -> Candidate | None:
    """Return who is meant by a name, if only one is."""
    wanted = text.strip().casefold()
    found = [one for one in everybody if one.name.casefold() == wanted]
    return found[0] if len(found) == 1 else None
