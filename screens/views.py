"""The views of the queue: saved ones of one's own and shared ones, or the usual six where none are stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from screens.paging import Question

if TYPE_CHECKING:
    from deskterm.desk import Desk

CONTACTS = ("incident", "request")
"""The kinds the queue lists unless a view says otherwise."""
FIELDS = ("assignee", "state", "team", "requester", "service")
"""What a row shows besides clock, priority, number and summary; on a narrow terminal the last fold away first."""
WATCHED = ("incident", "request", "problem", "change", "work-order", "release")
"""The kinds of work that somebody may follow who does not do it."""
MOST_VIEWS = 40
"""So many tabs are read; nobody finds anything among more."""


@dataclass(frozen=True, slots=True)
class View:
    """One list of the queue."""

    name: str
    query: str
    kinds: tuple[str, ...] = CONTACTS
    sort: str = "due_at"
    columns: tuple[str, ...] = ()
    """Fields shown besides number and summary; empty means the usual ones."""
    number: str = ""
    """The record it is saved as; empty for one that is not."""
    owner: str = ""
    """Whose it is, by login; empty for one that is not saved."""

    def question(self) -> Question:
        """Return what the list asks the desk."""
        return Question(self.kinds, self.query, self.sort, self.columns or FIELDS)


USUAL = (
    View("Mine", "state:open mine -snoozed"),
    View("Team", "state:open team:mine -snoozed"),
    View("Unassigned", "state:open unassigned -snoozed"),
    View("Breaching", "state:open (breached OR at-risk)"),
    View("Major", "state:open major:yes", kinds=("incident",)),
    View("All", "state:open"),
    View("Watching", "state:open watching", kinds=WATCHED),
)
"""What a desk works with before anybody saves a view."""


def load(desk: Desk) -> tuple[View, ...]:
    """Return the person's views, their own first, then the shared ones; the usual ones if there are none."""
    listing = desk.prepare(("view",), "state:active (owner:me OR shared:yes)", "position,name")
    page = desk.page(listing, limit=MOST_VIEWS, columns=("query", "kinds", "sort", "columns", "owner", "shared"))
    login = desk.actor.login
    found = [_view(row.title, row.number, row.values, row.shown.get("owner", "")) for row in page.rows]
    return tuple(sorted(found, key=lambda view: view.owner != login)) or USUAL


def _view(name: str, number: str, values: Mapping[str, Any], owner: str) -> View:
    return View(
        name,
        values.get("query") or "",
        tuple(values.get("kinds") or CONTACTS),
        values.get("sort") or "due_at",
        tuple(values.get("columns") or ()),
        number,
        owner,
    )


def save(desk: Desk, name: str, view: View) -> View:
    """Store a list as a view of the person's own and return it; one of theirs by that name is replaced.

    Raises:
        InvalidInput: the name or the query is refused.
    """
    wanted = name.strip()
    mine = [one for one in load(desk) if one.number and one.owner == desk.actor.login]
    same = next((one for one in mine if one.name.casefold() == wanted.casefold()), None)
    values = {"name": wanted, "query": view.query, "kinds": list(view.kinds), "sort": view.sort, "columns": list(view.columns)}
    if same is not None:
        number = desk.edit(same.number, values).number
    else:
        if not mine:
            _keep_usual(desk)
        number = desk.create("view", values | {"position": 100}).number
    return View(wanted, view.query, view.kinds, view.sort, view.columns, number, desk.actor.login)


def _keep_usual(desk: Desk) -> None:
    """Store the usual views first, so that the first view of one's own does not take them away."""
    for place, view in enumerate(USUAL):
        values = {"name": view.name, "query": view.query, "kinds": list(view.kinds), "sort": view.sort}
        desk.create("view", values | {"position": place * 10})
