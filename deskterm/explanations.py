"""Why a figure of a record is what it is (`=` in the console, `deskterm explain`): tables to read, and the same as data.

A figure is explained by whoever reckons it; here the record's own figures are found by name. A process that has more adds them
to `FIGURES`.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from deskterm import desk_settings
from deskterm.clock import format_instant
from deskterm.desk import Desk
from deskterm.errors import NotFound
from deskterm.fields import show_duration
from deskterm.incident.rules import priority_of
from deskterm.records.schema import RecordView
from deskterm.service_level import clock_views
from deskterm.service_level.clock_views import ClockView


@dataclass(frozen=True, slots=True)
class Part:
    """One table of an explanation."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: tuple[int, ...] = ()
    """Columns of figures."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """The facts behind one figure of a record, or behind all of them."""

    parts: tuple[Part, ...]
    data: Mapping[str, Any]


Explained = tuple[Part | tuple[Part, ...], Any]
Figure = Callable[..., Explained | None]
"""Takes the desk, the record, and of a figure that is asked for with a period its name, which may be empty.

It explains the figure by a table or several; None where the record has no such figure.
"""


def explain(desk: Desk, number: str, what: str | None = None) -> Explanation:
    """Return the facts behind a figure of a record, or behind every figure it has.

    Args:
        what: `priority`; of what has one `cost` (a period may follow: `cost:2026-Q4`, and by which method: `cost:2026:direct`);
            of a change `risk` or `vote`, of a release `ready`; of a CI or a
            service `state`, `impact` or `availability` (a period may follow: `availability:2026-10`); of an outage
            `availability`; of an incident `affected` or `breach-risk`; of a resource `forecast` or `lead-time`; of a scenario
            `demand`; of an agreement `back-to-back`; of a review `achieved`; of a CI `value` or `tco`, of a service `nines`,
            of a rule `shares`, of a budget `burn`, of a run `charges`, of a case `worth`; or a clock as `response`, `resolution`,
            `ola:resolution`.
            Of continuity: of an impact analysis `mtpd`; of a plan `recovery`, `objectives` or `evidence`, of a run `recovery`,
            of a CI or a service `objectives`, of a change `continuity`.

    Raises:
        NotFound: there is no such record, or it has no such figure.
    """
    view = desk.show(number)
    parts: list[Part] = []
    data: dict[str, Any] = {"number": view.number, "what": what, "at": format_instant(desk.moment)}
    asked, _, period = (what or "").partition(":")
    if asked in PERIODICAL:
        what = asked
    for name, figure in FIGURES.items():
        found = None
        if what in (None, name):
            found = figure(desk, view, period) if name in PERIODICAL else figure(desk, view)
        if found is not None:
            parts += (found[0],) if isinstance(found[0], Part) else found[0]
            data[name] = found[1]
    if what is None or what not in FIGURES:
        clocks = view.clocks if what is None else (clock_views.one_of(view.clocks, what),)
        parts += [clock_part(clock) for clock in clocks]
        data["clocks"] = [clock_data(clock) for clock in clocks]
    if not parts:
        raise NotFound(f"{view.number} has no figure to explain" + (f" called {what!r}" if what else ""))
    return Explanation(tuple(parts), data)


def clock_part(clock: ClockView) -> Part:
    """Return a clock as the segments of its time with a running total, those to come marked as such."""
    due = "no due instant within ten years" if clock.due_at is None else f"due {format_instant(clock.due_at)}"
    target = "?" if clock.target_seconds is None else show_duration(clock.target_seconds)
    used = f"{show_duration(clock.elapsed_seconds)} of {target}"
    title = f"{clock.metric}, {clock.agreement} ({clock.type.upper()}): {clock.state}, {used}, {due}"
    rows = tuple(
        (
            format_instant(one.from_at),
            format_instant(one.to_at),
            f"{one.state} (to come)" if one.projected else str(one.state),
            one.reason,
            show_duration(one.counted_seconds),
            show_duration(one.running_seconds),
        )
        for one in clock.outlook
    )
    return Part(title, ("from", "to", "state", "why", "counted", "total"), rows, (4, 5))


def clock_data(clock: ClockView) -> dict[str, Any]:
    """Return a clock as `show` prints it, with what its segments add up to and those to come."""
    segments = [
        {
            "from": format_instant(one.from_at),
            "to": format_instant(one.to_at),
            "state": one.state.value,
            "reason": one.reason,
            "counted_seconds": one.counted_seconds,
            "running_seconds": one.running_seconds,
            "projected": one.projected,
        }
        for one in clock.outlook
    ]
    return {**clock.as_json(), "unit": clock.policy.unit.value, "segments": segments}


def _priority(desk: Desk, view: RecordView) -> tuple[Part, Any] | None:
    impact, urgency = view.values.get("impact"), view.values.get("urgency")
    if impact is None or urgency is None:
        return None
    with desk.database.read() as connection:
        matrix = desk_settings.load(connection).priority_matrix
    derived, actual = priority_of(impact, urgency, matrix), view.values.get("priority")
    reason = view.values.get("priority_reason")
    data = {
        "impact": impact, "urgency": urgency, "matrix": [list(row) for row in matrix], "derived": derived, "priority": actual,
        "override_reason": reason,
    }  # fmt: skip
    said = f"impact {impact} and urgency {urgency} give {derived}"
    title = f"priority {actual}: {said}" + (f", overridden: {reason}" if reason else "")
    header = ("", *(f"urgency {i}" for i in range(1, len(matrix[0]) + 1)))
    return Part(title, header, tuple(_matrix_rows(matrix, impact, urgency)), tuple(range(1, len(header)))), data


def _matrix_rows(matrix: Sequence[Sequence[int]], impact: int, urgency: int) -> Iterable[tuple[str, ...]]:
    for i, row in enumerate(matrix, 1):
        yield f"impact {i}", *(f"[{p}]" if (i, j) == (impact, urgency) else f"{p} " for j, p in enumerate(row, 1))


def _risk(desk: Desk, view: RecordView) -> tuple[Part, Any] | None:
    if view.kind != "change":
        return None
    from deskterm.change import explain as change

    return change.risk(desk, view)


def _vote(desk: Desk, view: RecordView) -> tuple[Part, Any] | None:
    if view.kind != "change":
        return None
    from deskterm.change import explain as change

    return change.vote(desk, view)


def _ready(desk: Desk, view: RecordView) -> tuple[Part, Any] | None:
    if view.kind != "release":
        return None
    from deskterm.release.readiness import ready  # only a release needs it

    return ready(desk, view.number)


def _ci_state(desk: Desk, view: RecordView) -> tuple[Part, Any] | None:
    from deskterm.configuration import explaining

    return explaining.state(desk, view)


def _ci_impact(desk: Desk, view: RecordView) -> tuple[Part, Any] | None:
    from deskterm.configuration import explaining

    return explaining.failure(desk, view)


def _affected(desk: Desk, view: RecordView) -> tuple[Part, Any] | None:
    from deskterm.configuration import explaining

    return explaining.affected(desk, view)


def _breach_risk(desk: Desk, view: RecordView) -> tuple[Part, Any] | None:
    if view.kind not in ("incident", "request"):
        return None
    from deskterm.service_level import explaining

    return explaining.breach_risk(desk, view)


def _back_to_back(desk: Desk, view: RecordView) -> tuple[Part, Any] | None:
    if view.kind != "agreement":
        return None
    from deskterm.service_level import explaining

    return explaining.back_to_back_of(desk, view)


def _achieved(desk: Desk, view: RecordView) -> tuple[Part, Any] | None:
    if view.kind != "service-review":
        return None
    from deskterm.service_level import explaining

    return explaining.achieved(desk, view)


def _cost(desk: Desk, view: RecordView, period: str = "") -> Explained | None:
    from deskterm.financial import explaining  # only a figure of money needs it

    return explaining.cost(desk, view, period)


def _of_money(module: str, name: str, kind: str) -> Figure:
    """Return a figure of money that records of one kind have."""

    def figure(desk: Desk, view: RecordView, *period: str) -> Explained | None:
        if view.kind != kind:
            return None
        explains: Figure = getattr(importlib.import_module(f"deskterm.financial.{module}"), name)
        return explains(desk, view, *period)

    return figure


def _forecast(desk: Desk, view: RecordView) -> tuple[Part, Any] | None:
    if view.kind != "resource":
        return None
    from deskterm.capacity import explaining  # only a resource needs it

    return explaining.forecast(desk, view)


def _lead_time(desk: Desk, view: RecordView) -> tuple[Part, Any] | None:
    if view.kind != "resource":
        return None
    from deskterm.capacity import explaining

    return explaining.lead_time(desk, view)


def _availability(desk: Desk, view: RecordView, period: str = "") -> tuple[Part, Any] | None:
    if view.kind not in ("service", "ci", "outage"):
        return None
    from deskterm.availability import explain as of

    return of.availability(desk, view, period)


PERIODICAL = ("availability", "cost", "shares")
"""Figures that are asked for with a period."""
CONTINUITY = ("impact-analysis", "continuity-plan", "exercise")


def _tolerable(desk: Desk, view: RecordView) -> tuple[Part, Any] | None:
    if view.kind not in CONTINUITY:
        return None
    from deskterm.continuity import explain as continuity

    return continuity.tolerable(desk, view)


def _recovery(desk: Desk, view: RecordView) -> tuple[Part, Any] | None:
    if view.kind not in CONTINUITY:
        return None
    from deskterm.continuity import explain as continuity

    return continuity.recovery(desk, view)


def _objectives(desk: Desk, view: RecordView) -> tuple[Part, Any] | None:
    if view.kind not in ("continuity-plan", "ci", "service"):
        return None
    from deskterm.continuity import explain as continuity

    return continuity.asked(desk, view)


def _evidence(desk: Desk, view: RecordView) -> tuple[Part, Any] | None:
    if view.kind not in CONTINUITY:
        return None
    from deskterm.continuity import explain as continuity

    return continuity.shown(desk, view)


def _stale(desk: Desk, view: RecordView) -> tuple[Part, Any] | None:
    if view.kind != "change":
        return None
    from deskterm.continuity import staleness

    return staleness.explained(desk, view)


def _demand(desk: Desk, view: RecordView) -> tuple[Part, Any] | None:
    if view.kind != "scenario":
        return None
    from deskterm.capacity import scenarios

    return scenarios.explain(desk, view)


FIGURES: dict[str, Figure] = {
    "priority": _priority,
    "cost": _cost,
    "risk": _risk,
    "vote": _vote,
    "ready": _ready,
    "state": _ci_state,
    "impact": _ci_impact,
    "affected": _affected,
    "forecast": _forecast,
    "lead-time": _lead_time,
    "availability": _availability,
    "back-to-back": _back_to_back,
    "breach-risk": _breach_risk,
    "achieved": _achieved,
    "value": _of_money("explain_assets", "value", "ci"),
    "tco": _of_money("explain_assets", "tco", "ci"),
    "nines": _of_money("explain_assets", "nines", "service"),
    "shares": _of_money("explain_policy", "shares", "allocation-rule"),
    "burn": _of_money("explain_policy", "burn", "budget"),
    "charges": _of_money("explain_policy", "charges", "charge-run"),
    "worth": _of_money("cases", "worth", "business-case"),
    "demand": _demand,
    "mtpd": _tolerable,
    "recovery": _recovery,
    "objectives": _objectives,
    "evidence": _evidence,
    "continuity": _stale,
}
"""By the name under which a figure is asked for. Clocks are found by their metric."""
