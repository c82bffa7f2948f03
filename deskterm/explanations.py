"""Why a figure of a record is what it is (`=` in the console, `deskterm explain`): tables to read, and the same as data.

A figure is explained by whoever reckons it; here the record's own figures are found by name. A process that has more adds them
to `FIGURES`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from deskterm import desk_settings, late
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


def explain(desk: Desk, number: str, what: str | None = None, *, pended_until_at: int | None = None) -> Explanation:
    """Return the facts behind a figure of a record, or behind every figure it has.

    Args:
        what: `priority`; of what has one `cost` (a period may follow: `cost:2026-Q4`, and by which method: `cost:2026:direct`);
            of a change `risk`, `vote` or `conflicts`, of a release `ready`; of a CI or a
            service `state`, `impact`, `prediction` or `availability` (a period may follow: `availability:2026-10`); of an outage
            `availability`; of an incident `affected` or `breach-risk`; of a resource `forecast` or `lead-time`; of a scenario
            `demand`; of a requirement `met`, of an agreement `back-to-back`, of a review `achieved`; of a CI `value` or `tco`,
            of a service `nines`, of a rule `shares`, of a budget `burn`, of a run `charges`, of a case `worth`; or a clock as
            `response`, `resolution`, `ola:resolution`.
            Of continuity: of an impact analysis `mtpd`; of a plan `recovery`, `objectives` or `evidence`, of a run `recovery`,
            of a CI or a service `objectives`, of a backup schedule `loses`, of a risk `score`, of a change `continuity`.
        pended_until_at: What if the record waited from now until this instant: running clocks say when they would be due.

    Raises:
        NotFound: there is no such record, or it has no such figure.
        InvalidInput: the wait would end before it begins.
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
        clocks = view.clocks if what is None else clock_views.called(view.clocks, what)
        parts += [clock_part(clock, pended_until_at) for clock in clocks]
        data["clocks"] = [clock_data(clock, pended_until_at) for clock in clocks]
    if not parts:
        raise NotFound(_none(desk, view, what))
    return Explanation(tuple(parts), data)


def _none(desk: Desk, view: RecordView, what: str | None) -> str:
    """Return why a record has no such figure and what would give it one, or the figures that it has."""
    if what is None:
        return f"{view.number} has no figure to explain"
    if what in LACKING and (why := late.named(f"deskterm.{LACKING[what]}")(desk, view)):
        return str(why)
    known = [name for name, figure in FIGURES.items() if figure(desk, view) is not None]
    known += [clock.metric if clock.type == "sla" else f"{clock.type}:{clock.metric}" for clock in view.clocks]
    return f"{view.number} has no figure {what!r}; it has: {', '.join(dict.fromkeys(known)) or 'none'}"


def clock_part(clock: ClockView, pended_until_at: int | None = None) -> Part:
    """Return a clock as the segments of its time with a running total, those to come marked as such."""
    due = "no due instant within ten years" if clock.due_at is None else f"due {format_instant(clock.due_at)}"
    target = "?" if clock.target_seconds is None else show_duration(clock.target_seconds)
    used = f"{show_duration(clock.elapsed_seconds)} of {target}"
    title = f"{clock.metric}, {clock.agreement} ({clock.type.upper()}): {clock.state}, {used}, {due}"
    if pended_until_at is not None and clock.can_wait:
        later = clock.if_pended(pended_until_at)
        becomes = "no due instant within ten years" if later is None else format_instant(later)
        told = "it goes on waiting" if clock.waits else "pended now"
        title += f"; if {told} until {format_instant(pended_until_at)}, due becomes {becomes}"
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


def clock_data(clock: ClockView, pended_until_at: int | None = None) -> dict[str, Any]:
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
    data = {**clock.as_json(), "unit": clock.policy.unit.value, "segments": segments}
    if pended_until_at is not None:
        due_at = clock.if_pended(pended_until_at) if clock.can_wait else clock.due_at
        due = None if due_at is None else format_instant(due_at)
        data["if_pended"] = {"until": format_instant(pended_until_at), "due_at": due}
    return data


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


def _of(place: str, *kinds: str) -> Figure:
    """Return a figure that records of some kinds have, of any kind where none is named; its module loads when one is explained.

    Args:
        place: `module:function` of the process that reckons it, below `deskterm`.
        kinds: names of kinds.
    """

    def figure(desk: Desk, view: RecordView, *period: str) -> Explained | None:
        if kinds and view.kind not in kinds:
            return None
        found: Explained | None = late.named(f"deskterm.{place}")(desk, view, *period)
        return found

    return figure


PERIODICAL = ("availability", "cost", "shares")
"""Figures that are asked for with a period."""
_RUNS = ("impact-analysis", "continuity-plan", "exercise")
FIGURES: dict[str, Figure] = {
    "priority": _priority,
    "cost": _of("financial.explaining:cost"),
    "risk": _of("change.explain:risk", "change"),
    "vote": _of("change.explain:vote", "change"),
    "conflicts": _of("change.explain:in_its_way", "change"),
    "ready": _of("release.readiness:ready", "release"),
    "state": _of("configuration.explaining:state"),
    "impact": _of("configuration.explaining:failure"),
    "affected": _of("configuration.explaining:affected"),
    "forecast": _of("capacity.explaining:forecast", "resource"),
    "lead-time": _of("capacity.explaining:lead_time", "resource"),
    "availability": _of("availability.explain:availability", "service", "ci", "outage"),
    "prediction": _of("availability.explain_prediction:prediction", "service", "ci"),
    "back-to-back": _of("service_level.explaining:back_to_back_of", "agreement"),
    "breach-risk": _of("service_level.explaining:breach_risk", "incident", "request"),
    "met": _of("service_level.explaining:met", "requirement"),
    "achieved": _of("service_level.explaining:achieved", "service-review"),
    "value": _of("financial.explain_assets:value", "ci"),
    "tco": _of("financial.explain_assets:tco", "ci"),
    "nines": _of("financial.explain_assets:nines", "service"),
    "shares": _of("financial.explain_policy:shares", "allocation-rule"),
    "burn": _of("financial.explain_policy:burn", "budget"),
    "charges": _of("financial.explain_policy:charges", "charge-run"),
    "worth": _of("financial.cases:worth", "business-case"),
    "demand": _of("capacity.scenarios:explain", "scenario"),
    "mtpd": _of("continuity.explain:tolerable", *_RUNS),
    "recovery": _of("continuity.explain:recovery", *_RUNS),
    "objectives": _of("continuity.explain:asked", "continuity-plan", "ci", "service"),
    "evidence": _of("continuity.explain:shown", *_RUNS),
    "loses": _of("continuity.explain_protection:copied", "backup-schedule"),
    "score": _of("continuity.explain_protection:scored", "risk"),
    "continuity": _of("continuity.staleness:explained", "change"),
}
"""By the name under which a figure is asked for. Clocks are found by their metric."""
LACKING: Mapping[str, str] = {"affected": "configuration.explaining:affects_nothing"}
"""By figure: what says why a record that could have it has none, and what to do; an empty text where it could not."""
