"""Reports: figures of a period, each reckoned from facts when it is asked for, with the formula that says how.

A report is a function in a module of its own that is handed the desk, a period and options, and returns a `Report`. It is
imported when it is first asked for. A process adds its report to `REPORTS`; printing is left to the console and command line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from deskterm.clock import format_instant
from deskterm.desk import Desk
from deskterm.errors import InvalidInput, NotAllowed
from deskterm.fields import show_duration
from deskterm.late import named

USUAL_SECONDS = 30 * 86400
"""How long a period is where nobody says when it begins."""
NOTHING = "n/a"
"""What a person reads where there is no figure. No data is neither 0 nor 100 %."""


@dataclass(frozen=True, slots=True)
class Period:
    """The instants from `from_at` up to, but not including, `to_at`; what is not given is filled in when the report is run."""

    from_at: int | None = None
    to_at: int | None = None

    def settled(self, now: int) -> tuple[int, int]:
        """Return both ends: up to and with now, and thirty days long, where nobody said otherwise.

        Raises:
            InvalidInput: it ends before it begins.
        """
        to_at = now + 1 if self.to_at is None else self.to_at  # what happens this very second is in it
        from_at = to_at - USUAL_SECONDS if self.from_at is None else self.from_at
        if from_at >= to_at:
            raise InvalidInput("a period ends after it begins", fields={"from": "not before to"})
        return from_at, to_at


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a report: the name that data uses, the title that people read, and what its values are."""

    name: str
    title: str
    unit: str = "text"
    """text, measure, count, part, percent, seconds, number, instant or own: what the row's own `unit` says."""

    @property
    def numeric(self) -> bool:
        """Return whether its values are figures."""
        return self.unit in ("count", "part", "percent", "seconds", "number", "own")


@dataclass(frozen=True, slots=True)
class Report:
    """A report as it is handed out."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Mapping[str, Any], ...]
    """Values by column name, as data: percentages from 0 to 100 and not rounded, whole seconds, None where nothing is known."""
    data: Mapping[str, Any] = field(default_factory=dict)
    """The whole answer for a program: the period, the rows, whatever else there is, and the formulas."""

    def values(self) -> Iterator[list[Any]]:
        """Yield the values of each row in the order of the columns."""
        return ([row.get(column.name) for column in self.columns] for row in self.rows)

    def shown(self) -> Iterator[list[str]]:
        """Yield the rows as people read them."""
        return ([show(row.get(column.name), _unit(row, column)) for column in self.columns] for row in self.rows)


def _unit(row: Mapping[str, Any], column: Column) -> str:
    return str(row.get("unit", "number")) if column.unit == "own" else column.unit


def show(value: Any, unit: str) -> str:
    """Return a value as a person reads it."""
    if value is None:
        return NOTHING if unit in ("percent", "seconds", "count", "number") else ""
    if unit == "measure":
        return str(value).removesuffix("_seconds").removesuffix("_percent").replace("_", " ").capitalize()
    if unit == "percent" and isinstance(value, int | float):
        return f"{value:.1f} %"
    if unit == "seconds" and isinstance(value, int):
        return show_duration(value)
    if isinstance(value, float):
        return f"{value:.2f}"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


Options = Mapping[str, str]
Run = Callable[[Desk, Period, Options], Report]

REPORTS: dict[str, str] = {
    "service-desk": "deskterm.reports.service_desk:report",
    "incidents": "deskterm.reports.incidents:report",
    "sla": "deskterm.reports.sla:report",
    "capacity": "deskterm.reports.capacity:report",
    "staffing": "deskterm.reports.staffing:report",
    "changes": "deskterm.reports.changes:report",
    "change-schedule": "deskterm.reports.change_schedule:report",
    "handover": "deskterm.reports.handover:report",
    "releases": "deskterm.reports.releases:report",
    "cmdb": "deskterm.reports.cmdb:report",
    "assessment": "deskterm.reports.assessment:report",
    "data-quality": "deskterm.reports.data_quality:report",
    "problems": "deskterm.reports.problems:report",
    "finance": "deskterm.reports.finance:report",
    "availability": "deskterm.reports.availability:report",
    "prediction": "deskterm.reports.prediction:report",
    "cfia": "deskterm.reports.cfia:report",
    "continuity": "deskterm.reports.continuity:report",
}
"""By name: the function that makes it, as `module:function`."""


def run(desk: Desk, name: str, period: Period, options: Options) -> Report:
    """Make a report.

    Args:
        options: what it is about, by name; each report says which it takes.

    Raises:
        InvalidInput: there is no such report, or an option is unknown or wrong.
        NotAllowed: the person may not read what it reports, or is a requester.
    """
    place = REPORTS.get(name)
    if place is None:
        raise InvalidInput(f"there is no report {name!r}; there are: {', '.join(REPORTS)}", fields={"name": "unknown"})
    if desk.actor.restricted:
        raise NotAllowed("a report is about everybody's records; it is for the desk's own people")
    return cast(Run, named(place))(desk, period, options)


def heading(name: str, from_at: int, to_at: int, query: str) -> str:
    """Return the title of a report over a period."""
    about = f", {query}" if query else ""
    return f"{name} from {format_instant(from_at)} to {format_instant(to_at)}{about}"


def answer(
    from_at: int, to_at: int, rows: Sequence[Mapping[str, Any]], formulas: Mapping[str, str], **more: Any
) -> dict[str, Any]:
    """Return the data of a report over a period."""
    about = {"from": format_instant(from_at), "to": format_instant(to_at)}
    return {**about, **more, "rows": list(rows), "formulas": dict(formulas)}
