"""Few causes make most of the trouble: incidents of a period counted by problem, category, CI or service, the largest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from data.queries import problem as q
from deskterm.desk import Desk
from deskterm.errors import InvalidInput
from deskterm.permissions import require
from deskterm.problem.rules import Bar, pareto
from deskterm.records import resolve

BY: Final = ("problem", "category", "ci", "service")
NONE: Final = {"problem": "no problem linked", "category": "no category", "ci": "no CI named", "service": "no service named"}
MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the chart."""

    bar: Bar
    number: str
    """The record it stands for; empty where it is none."""


def lines(desk: Desk, by: str, from_at: int, to_at: int) -> tuple[Line, ...]:
    """Return the chart of the incidents that began in a period, those that name nothing last; cancelled ones are none.

    Raises:
        InvalidInput: incidents are not counted by that.
        NotAllowed: the person may not read incidents.
    """
    if by not in BY:
        raise InvalidInput(f"incidents are counted by {', '.join(BY)}, not by {by!r}", fields={"by": "unknown"})
    kind = desk.registry.kind("incident")
    require(desk.actor, "read", kind.family, kind.process, kind.name)
    with desk.database.read() as connection:
        rows = connection.execute(q.COUNTED[by], {"from_at": from_at, "to_at": to_at, "limit": MOST}).all()
        names = resolve.names(connection, {row.subject for row in rows if isinstance(row.subject, int)})
    counts: dict[str, int] = {}
    numbers: dict[str, str] = {}
    unnamed = 0
    for row in rows:
        if row.subject in (None, ""):
            unnamed += row.incidents
            continue
        named = names.get(row.subject) if isinstance(row.subject, int) else None
        title = str(row.subject) if named is None else _title(by, named.number, named.title)
        counts[title] = counts.get(title, 0) + row.incidents
        if named is not None:
            numbers[title] = named.number
    return tuple(Line(bar, numbers.get(bar.name, "")) for bar in pareto(counts, {NONE[by]: unnamed}))


def _title(by: str, number: str, title: str) -> str:
    return f"{number} {title}" if by == "problem" else title
