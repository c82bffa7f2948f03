"""Samples and roll-ups of a resource as they are kept, for people and programs that want to see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from data.queries import capacity as q
from deskterm.capacity import history
from deskterm.capacity.rules import RollUp
from deskterm.clock import format_instant
from deskterm.desk import Desk
from deskterm.errors import InvalidInput
from deskterm.fields import write_number

USUAL_SECONDS = 30 * history.DAY_SECONDS


@dataclass(frozen=True, slots=True)
class Kept:
    """A stretch of one resource's samples, or of its roll-ups."""

    number: str
    name: str
    unit: str
    by: str | None
    samples: tuple[tuple[int, float], ...] = ()
    rolled: tuple[tuple[int, RollUp], ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return it for a program."""
        about = {"resource": self.name, "number": self.number, "unit": self.unit or None, "by": self.by}
        if self.by is None:
            return {**about, "rows": [{"at": format_instant(at), "value": value} for at, value in self.samples]}
        rows = [
            {"at": format_instant(at), "count": one.samples, "min": one.least, "mean": one.mean, "p95": one.p95, "max": one.most}
            for at, one in self.rolled
        ]
        return {**about, "rows": rows}

    def table(self) -> tuple[tuple[str, ...], list[Sequence[Any]]]:
        """Return it as a heading and rows of cells."""
        if self.by is None:
            return ("at", "value"), [(format_instant(at), write_number(value)) for at, value in self.samples]
        rows = [
            (format_instant(at), one.samples, *(f"{value:.6g}" for value in (one.least, one.mean, one.p95, one.most)))
            for at, one in self.rolled
        ]
        return ("at", "count", "min", "mean", "p95", "max"), list(rows)


def kept(desk: Desk, number: str, low: int | None, high: int | None, by: str | None, *, limit: int) -> Kept:
    """Return what is kept of a resource in a stretch, the newest if there is more than `limit`.

    Args:
        by: None for samples, `hour` or `day` for what those come to.

    Raises:
        InvalidInput: it is no resource.
    """
    view = desk.show(number)
    if view.kind != "resource":
        raise InvalidInput(f"{view.number} is a {view.kind}; samples are of resources")
    with desk.database.read() as connection:
        newest = history.reading(connection, view.id)
        end = high if high is not None else (newest.at + 1 if newest else desk.moment)
        start = low if low is not None else end - USUAL_SECONDS
        about = (view.number, view.title, str(view.values.get("unit") or ""), by)
        if by is None:
            rows = connection.execute(q.WITHIN, {"resource": view.id, "low": start, "high": end})
            return Kept(*about, samples=tuple((row.at, row.value) for row in rows)[-limit:])
        read = history.hours if by == "hour" else history.days
        return Kept(*about, rolled=tuple(read(connection, view.id, start, end))[-limit:])
