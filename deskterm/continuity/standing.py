"""How continuity stands: service by service what is asked, what is planned, what was shown, and every gap between them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from data.queries import continuity as q
from deskterm.configuration import graph
from deskterm.configuration.rules import Network
from deskterm.continuity import evidence, objectives
from deskterm.continuity.objectives import Analysis
from deskterm.continuity.plans import scheduled, steps_of
from deskterm.continuity.rules import Objectives, backup_gap, gap, loses_at_worst, objective_gap
from deskterm.continuity.schema import Evidence, Gap, PlanBrief, PlanStep, ServiceLine, Standing
from deskterm.desk import Desk
from deskterm.errors import InvalidInput
from deskterm.fields import show_duration
from deskterm.permissions import require
from deskterm.records import resolve

Between = tuple[int, int]
"""From one instant up to, but not including, another."""


def standing(desk: Desk, services: Iterable[int] | None = None, between: Between | None = None) -> Standing:
    """Return how continuity stands, the services with the tightest RTO first.

    Args:
        desk: the desk.
        services: only these; all that have an analysis or a plan if None.
        between: only what was verified then counts as evidence.

    Raises:
        NotAllowed: the person may not read plans.
    """
    kind = desk.registry.kind("continuity-plan")
    require(desk.actor, "read", kind.family, kind.process, kind.name)
    with desk.database.read() as connection:
        return of(connection, desk.moment, services, between)


def of(connection: Connection, now: int, wanted: Iterable[int] | None = None, between: Between | None = None) -> Standing:
    """Return how continuity stands at an instant, as far as is known now."""
    rated = objectives.analyses(connection)
    plans = plans_of(connection)
    chosen = None if wanted is None else set(wanted)
    nodes = {*rated, *(node for plan in plans for node in plan.services)}
    rows = connection.execute(q.SERVICES, {"ids": sorted(nodes)}).all() if nodes else []
    services = [row for row in rows if row.state == "active" and (chosen is None or row.id in chosen)]
    network, truncated = objectives.network_of(connection, {*nodes, *(ci for plan in plans for ci in plan.cis)}, now)
    promises = {key: one.rto_seconds for key, one in rated.items()}
    inverted = _named_inversions(connection, network, promises)
    facts = _Facts(connection, now, rated, plans, network, inverted, between)
    lines = [facts.line(row) for row in services]
    order = sorted(lines, key=lambda one: (one.rto_seconds is None, one.rto_seconds or 0, one.service.casefold()))
    return Standing(now, tuple(order), tuple(plans), tuple(inverted), truncated)


def plans_of(connection: Connection, *, all_states: bool = False) -> list[PlanBrief]:
    """Return the plans in use, with how long each takes."""
    rows = connection.execute(q.PLANS if all_states else q.PLANS_IN_USE).all()
    ids = [row.id for row in rows]
    covered: dict[int, dict[str, list[int]]] = defaultdict(lambda: {q.CONTINUES: [], q.RECOVERS: []})
    for link in connection.execute(q.COVERED, {"ids": ids}) if ids else ():
        covered[link.plan_id][link.relation].append(link.target_id)
    steps = steps_of(connection, ids)
    owners = resolve.names(connection, {row.assignee_id for row in rows if row.assignee_id is not None})
    return [
        brief(row, steps[row.id], covered[row.id], owners[row.assignee_id].title if row.assignee_id in owners else "")
        for row in rows
    ]  # fmt: skip


def brief(row: Any, steps: Sequence[PlanStep], covered: Mapping[str, list[int]], owner: str) -> PlanBrief:
    """Return a plan as its services tell of it."""
    try:
        found = scheduled(steps)
    except InvalidInput:  # rules refuse it when written; SQL may have
        found = None
    return PlanBrief(
        row.id, row.number, row.title, row.state, row.plan_version, row.strategy or "", owner, row.review_at,
        None if found is None else found.elapsed_seconds, None if found is None else found.effort_seconds,
        () if found is None else found.critical_path, tuple(sorted(covered[q.CONTINUES])), tuple(sorted(covered[q.RECOVERS])),
        len(steps),
    )  # fmt: skip


class _Facts:
    """What the lines of all services are made of, read once."""

    def __init__(
        self, connection: Connection, now: int, rated: Mapping[int, Analysis], plans: Sequence[PlanBrief], network: Network,
        inverted: Sequence[Mapping[str, Any]], between: Between | None,
    ) -> None:  # fmt: skip
        self.connection, self.now, self.rated, self.network = connection, now, rated, network
        self.between = between
        self.inverted = inverted
        self.by_node: dict[int, list[PlanBrief]] = defaultdict(list)
        for plan in plans:
            for node in plan.services:
                self.by_node[node].append(plan)
        ids = [plan.id for plan in plans]
        self.runs: dict[int, list[Any]] = defaultdict(list)
        for row in connection.execute(q.RUNS_OF, {"ids": ids}) if ids else ():
            self.runs[row.plan_id].append(row)
        self.approved: dict[int, dict[int, int]] = defaultdict(dict)
        for row in connection.execute(q.VERSIONS, {"ids": ids}) if ids else ():
            self.approved[row.plan_id][row.version] = row.approved_at
        self.majors = evidence.reached_by_majors(connection)
        self.days = {row.id: row.evidence_days for row in connection.execute(q.PLANS)}
        self.backups: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
        for row in connection.execute(q.BACKUPS):
            node = row.service_id if row.service_id is not None else row.ci_id
            self.backups[node].append((row.interval_seconds, row.duration_seconds, row.lag_seconds))

    def line(self, row: Any) -> ServiceLine:
        """Return the line of one service."""
        rated = self.rated.get(row.id)
        plan = chosen_plan(self.by_node.get(row.id, ()))
        loses, unprotected = self._losses(row.id)
        shown = self.evidence(row.id, plan, rated)
        found = [
            *_rating_gaps(rated),
            *_plan_gaps(plan, rated, self.now),
            *self._backup_gaps(rated, loses, unprotected),
            *self._inversion_gaps(row.id),
            *_evidence_gaps(shown),
        ]
        if rated is None:
            return ServiceLine(row.id, row.number, row.title, "", None, None, None, None, loses, plan, shown, tuple(found))
        asked = (rated.rto_seconds, rated.rpo_seconds, rated.wrt_seconds, rated.mtpd_seconds)
        return ServiceLine(row.id, row.number, row.title, rated.number, *asked, loses, plan, shown, tuple(found))

    def evidence(self, service: int, plan: PlanBrief | None, rated: Analysis | None) -> Evidence:
        """Return what shows that a service can be brought back."""
        runs = [row for one in self.by_node.get(service, ()) for row in self.runs[one.id]]
        drills = evidence.of_runs(runs, service, rated)
        shown = {one.number for one in drills}
        answered = {row.incident_id for row in runs if row.number in shown and row.incident_id is not None}
        drills += evidence.of_incidents(self.connection, service, rated, self.now, answered, self.majors.get(service, ()))
        if self.between is not None:
            begin, end = self.between
            drills = [one for one in drills if one.verified_at is not None and begin <= one.verified_at < end]
        scope = sorted({*objectives.below(self.network, service), *(plan.cis if plan is not None else ())})
        days = self.days.get(plan.id, evidence.USUAL_DAYS) if plan is not None else evidence.USUAL_DAYS
        versions = self.approved.get(plan.id, {}) if plan is not None else {}
        return evidence.evidence_of(self.connection, drills, scope, self.now, days=days, approved=versions)

    def _losses(self, service: int) -> tuple[int | None, bool]:
        """Return what is lost at worst of a service's data, and whether nothing at all is copied.

        Of one CI the best of its schedules counts; of several CIs the worst.
        """
        parts = [self.backups[node] for node in objectives.below(self.network, service) if node in self.backups]
        each = [loses for one in parts if (loses := loses_at_worst(one)) is not None]
        return max(each, default=None), not each

    def _backup_gaps(self, rated: Analysis | None, loses: int | None, unprotected: bool) -> Iterable[Gap]:
        if rated is None or rated.rpo_seconds is None:
            return
        if unprotected:
            yield Gap("no-backup", "an RPO is asked for and no backup schedule says how data are copied")
            return
        over = backup_gap(rated.rpo_seconds, loses, 0, 0)
        if over:
            yield Gap("backup", f"backups lose {show_duration(loses or 0)} at worst: {show_duration(over)} beyond the RPO", over)

    def _inversion_gaps(self, service: int) -> Iterable[Gap]:
        for one in self.inverted:
            if one["dependant_id"] == service:
                said = f"needs {one['part']}, which promises {show_duration(one['part_rto_seconds'])}"
                yield Gap("inversion", f"{said}: {show_duration(one['gap_seconds'])} later", one["gap_seconds"])


def chosen_plan(plans: Iterable[PlanBrief]) -> PlanBrief | None:
    """Return the plan that brings a service back: an approved one before a draft, then the quickest."""
    return min(
        plans,
        key=lambda one: (one.state != "approved", one.planned_seconds is None, one.planned_seconds or 0, one.number),
        default=None,
    )


def _rating_gaps(rated: Analysis | None) -> Iterable[Gap]:
    if rated is None:
        yield Gap("unrated", "nobody has rated its loss: there is no impact analysis")
        return
    given = (
        ("RTO", rated.rto_seconds), ("RPO", rated.rpo_seconds), ("WRT", rated.wrt_seconds), ("MTPD", rated.mtpd_seconds)
    )  # fmt: skip
    missing = [name for name, value in given if value is None]
    if missing:
        yield Gap("unrated", f"{', '.join(missing)} not rated in {rated.number}")
    over = objective_gap(Objectives(rated.rto_seconds, rated.rpo_seconds, rated.wrt_seconds), rated.mtpd_seconds)
    alone = gap(rated.mtpd_seconds, rated.rto_seconds) if rated.wrt_seconds is None else None
    if over or alone:
        total = (rated.rto_seconds or 0) + (rated.wrt_seconds or 0)
        what = "RTO + WRT is" if over else "the RTO alone is"
        said = f"{what} {show_duration(total)}, the MTPD {show_duration(rated.mtpd_seconds or 0)}"
        yield Gap("mtpd", f"{said}: {show_duration(over or alone or 0)} too long{'' if over else ' at least'}", over or alone)


def _plan_gaps(plan: PlanBrief | None, rated: Analysis | None, now: int) -> Iterable[Gap]:
    if plan is None:
        yield Gap("no-plan", "no plan brings it back")
        return
    if plan.state != "approved":
        yield Gap("not-approved", f"{plan.number} is {plan.state}")
    if plan.planned_seconds is None and plan.strategy != "do-nothing":
        yield Gap("no-steps", f"{plan.number} has no step")
    over = gap(rated.rto_seconds if rated is not None else None, plan.planned_seconds)
    if over:
        said = f"{plan.number} takes {show_duration(plan.planned_seconds or 0)} as planned"
        yield Gap("planned", f"{said}: {show_duration(over)} beyond the RTO", over)
    if plan.review_at is not None and plan.review_at <= now:
        yield Gap("review", f"{plan.number} was to be looked through", now - plan.review_at)


def _evidence_gaps(shown: Evidence) -> Iterable[Gap]:
    latest = shown.latest
    if latest is None:
        yield Gap("never-shown", "nothing shows that it can be brought back: no exercise, no invocation")
        return
    if latest.met is False:
        late = (latest.rto_actual_seconds or 0) - (latest.rto_seconds or 0)
        yield Gap("missed", f"{latest.number} missed the RTO by {show_duration(late)}", late)
    lost = gap(latest.rpo_seconds, latest.rpo_actual_seconds)
    if lost:
        yield Gap("lost", f"{latest.number} lost {show_duration(lost)} more than the RPO allows", lost)
    if shown.stale:
        yield Gap("stale", f"evidence is stale: {shown.why}")


def _named_inversions(connection: Connection, network: Network, promises: Mapping[int, int | None]) -> list[dict[str, Any]]:
    found = objectives.invert(network, promises)
    named = graph.named(connection, {node for one in found for node in one.path})

    def title(node: int) -> str:
        return named[node].title if node in named else f"record {node}"

    def number(node: int) -> str:
        return named[node].number if node in named else ""

    return [
        {
            "part": title(one.part), "part_number": number(one.part), "part_rto_seconds": one.part_rto_seconds,
            "dependant": title(one.dependant), "dependant_number": number(one.dependant), "dependant_id": one.dependant,
            "dependant_rto_seconds": one.dependant_rto_seconds, "gap_seconds": one.gap_seconds,
            "path": [title(node) for node in one.path],
        }
        for one in found
    ]  # fmt: skip
