"""Everything that hangs on one CI or service, for the pane beside the tree: fields, state, needs, work, history; or the past."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from data.queries import browsing as q
from deskterm.configuration import baselines, quality
from deskterm.configuration.impact import impact_of, standing_of
from deskterm.configuration.past import view_at
from deskterm.configuration.schema import Impact, Standing, WorkLine
from deskterm.configuration.snapshots import Difference
from deskterm.configuration.words import NODES
from deskterm.desk import Desk
from deskterm.errors import NotFound
from deskterm.kinds import Kind
from deskterm.permissions import allows
from deskterm.records.schema import RecordView

MOST_WORK = 60
ABOUT = ("incident", "problem", "known-error", "change", "release", "outage", "request", "agreement", "cost", "resource")
"""Kinds of record that hang on CIs and services, the most urgent first; those that the desk does not know are left out."""


@dataclass(frozen=True, slots=True)
class Detail:
    """A CI or a service whole."""

    kind: Kind
    view: RecordView
    standing: Standing
    impact: Impact
    work: tuple[WorkLine, ...]
    """What is about it, open work first, then by the order of `ABOUT`."""
    flaws: tuple[quality.Finding, ...] = ()
    """What is wrong with what is recorded of it."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A CI beside what it was."""

    kind: Kind
    now: RecordView
    then: RecordView | None
    """As it was; None where it was not there yet, or a baseline froze only what differs."""
    side: baselines.Side
    differences: tuple[Difference, ...]


def detail(desk: Desk, number: str) -> Detail:
    """Return everything about one CI or service.

    Raises:
        NotFound: there is no such record.
        InvalidInput: it is neither a CI nor a service.
    """
    view = desk.show(number)
    flaws: tuple[quality.Finding, ...] = ()
    if view.kind == "ci" and not desk.actor.restricted:
        with desk.database.read() as connection:
            flaws = quality.findings_of(connection, view.id, desk.moment)
    kind = desk.registry.kind(view.kind)
    return Detail(kind, view, standing_of(desk, number), impact_of(desk, number), _work(desk, view), flaws)


def _work(desk: Desk, view: RecordView) -> tuple[WorkLine, ...]:
    kinds = [desk.registry.kind(name) for name in ABOUT if name in desk.registry]
    readable = [k.name for k in kinds if allows(desk.actor.roles, "read", k.family, k.process) or desk.actor.system]
    found: dict[str, WorkLine] = {}
    if readable:
        with desk.database.read() as connection:
            for row in connection.execute(q.WORK[view.kind], {"id": view.id, "kinds": readable, "limit": MOST_WORK}):
                line = WorkLine(row.kind, row.number, row.title, row.state, row.priority, row.open_since is not None)
                found[row.number] = line
    for link in view.links:
        if link.kind not in NODES and link.kind in readable and link.valid_until is None:
            how = f"{link.relation} (from there)" if link.inverse else link.relation
            phase = desk.registry.kind(link.kind).workflow.phase(link.state)
            found.setdefault(
                link.number,
                WorkLine(link.kind, link.number, link.title, link.state, None, phase.value in ("active", "waiting"), how),
            )
    return tuple(sorted(found.values(), key=lambda one: (not one.is_open, ABOUT.index(one.kind), one.priority or 9)))


def compared(desk: Desk, number: str, side: baselines.Side) -> Compared:
    """Return a CI beside what it was at an instant or in a baseline."""
    view = desk.show(number)
    then: RecordView | None = None
    with suppress(NotFound):
        then = view_at(desk, number, side.at)
    differences: tuple[Difference, ...] = ()
    if view.kind == "ci":
        differences = baselines.compare(desk, side, baselines.side(desk, baselines.NOW), number=number)
    return Compared(desk.registry.kind(view.kind), view, then, side, differences)
