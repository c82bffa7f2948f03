"""The tabs of the problems screen: what each lists, under which columns, and what is read for the pane below."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from deskterm.problem.rules import FIRST_PERCENT
from screens.kind_columns import columns
from screens.problem_lines import candidate_detail, error_detail, problem_detail
from screens.scrolled_lines import Line
from widgets.columns import Cell, Column

if TYPE_CHECKING:
    from deskterm.desk import Desk
    from deskterm.kinds import Kind
    from deskterm.problem.pareto import Line as ParetoLine
    from deskterm.problem.schema import Dossier
    from deskterm.records.schema import RecordView, Row


@dataclass(frozen=True, slots=True)
class Section:
    """A tab."""

    label: str
    kind: str
    """What it lists; empty for the chart."""
    query: str
    sort: str
    empty: str


SECTIONS: Final = (
    Section("Problems", "problem", "(state:open OR recurred_at:*)", "priority,-updated_at",
            "No problem is open.\nn makes one   ] candidates are proposed by the desk   / another filter: * lists all"),
    Section("Known errors", "known-error", "(state:known-error OR state:fix-in-progress OR state:risk-accepted)", "-updated_at",
            "No error is known.\nOne is as soon as root cause and workaround of a problem are both recorded."),
    Section("Candidates", "problem-candidate", "state:proposed", "-updated_at",
            "Nothing recurs that nobody looks into.\nThe desk looks every hour: on CIs, services, categories, and at words."),
    Section("Pareto", "", "", "", "No incident began in this period."),
)  # fmt: skip
PARETO: Final = len(SECTIONS) - 1
DAYS: Final = 90
"""The chart is of so many days."""
BAR: Final = 20
STATE: Final = 15
"""Cells of the longest state: fix in progress."""
HIDDEN: Final = (
    frozenset({"accept", "dismiss_candidate"}),
    frozenset({"accept", "dismiss_candidate", "take", "assign", "whys", "incidents", "edit", "pend", "reply", "affects"}),
    frozenset({"take", "assign", "whys", "incidents", "edit", "workaround", "pend", "reply", "affects"}),
    frozenset({
        "accept", "dismiss_candidate", "take", "assign", "whys", "incidents", "edit", "workaround", "pend", "reply", "state",
        "note", "link", "affects", "explain", "copy", "filter",
    }),
)  # fmt: skip
"""By tab: actions that make no sense there, so that the footer shows those that do."""
SHOWN: Final = {
    "problem": ("state", "assignee", "service", "category"),
    "known-error": ("state", "service", "category"),
    "problem-candidate": ("pattern", "state"),
}
"""Columns besides number and name, those that fold last first."""


@dataclass(frozen=True, slots=True)
class Read:
    """What the pane shows of a record."""

    view: RecordView
    dossier: Dossier | None = None


def read(desk: Desk, number: str) -> Read:
    """Read a record for the pane; called in a thread."""
    from deskterm.problem.dossier import of_view

    view = desk.show(number)
    return Read(view, of_view(desk, view) if view.kind == "problem" else None)


def detail(found: Read, now: int, tz: str, width: int, *, ascii_only: bool) -> list[Line]:
    """Return the lines of the pane."""
    if found.dossier is not None:
        return problem_detail(found.view, found.dossier, now, tz, width, ascii_only=ascii_only)
    if found.view.kind == "known-error":
        return error_detail(found.view, width, ascii_only=ascii_only)
    return candidate_detail(found.view, width, ascii_only=ascii_only)


def columns_of(kind: Kind, tz: str) -> list[Column[Row]]:
    """Return the columns of a tab: number, name and what decides, priority first where there is one."""
    known = {column.key: column for column in columns(kind, tz)}
    title = replace(known[kind.title_field], width=44, min_width=24)
    chosen = [replace(known[name], priority=place) for place, name in enumerate(SHOWN[kind.name], 1) if name in known]
    chosen = [replace(one, width=STATE) if one.key == "state" else one for one in chosen]
    first: list[Column[Row]] = []
    if kind.name == "problem":
        first = [Column("priority", "P", 1, lambda row, _: "" if row.priority is None else str(row.priority))]
    return [*first, known["number"], title, *chosen]


def pareto_columns(by: str, *, ascii_only: bool) -> list[Column[ParetoLine]]:
    """Return the columns of the chart."""
    block = "#" if ascii_only else "█"

    def bar(line: ParetoLine, now: int) -> Cell:
        share = line.bar.percent
        return "" if share is None else (block * max(1, round(share * BAR / 100)), "accent")

    def percent(line: ParetoLine, now: int) -> Cell:
        return ("n/a", "muted") if line.bar.percent is None else f"{line.bar.percent:.1f} %"

    def so_far(line: ParetoLine, now: int) -> Cell:
        share = line.bar.cumulative_percent
        return ("n/a", "muted") if share is None else (f"{share:.0f} %", "strong" if share <= FIRST_PERCENT else "muted")

    return [
        Column("name", by, 40, lambda line, _: line.bar.name, min_width=24, grow=1),
        Column("count", "incidents", 9, lambda line, _: f"{line.bar.count:,}", align="right"),
        Column("percent", "share", 7, percent, align="right", priority=1),
        Column("so_far", "so far", 6, so_far, align="right"),
        Column("bar", "", BAR, bar, priority=2),
    ]
