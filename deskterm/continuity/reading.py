"""A run and a plan as they are read whole: for the console, the command line and `explain`."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from data.queries import continuity as q
from deskterm.configuration import graph
from deskterm.continuity import evidence, objectives, standing
from deskterm.continuity.plans import scheduled, steps_of
from deskterm.continuity.recovery_plans import Step, schedule
from deskterm.continuity.rules import gap
from deskterm.continuity.run_steps import rows_of
from deskterm.continuity.schema import Gap, InheritedLine, Node, PlanView, RunStep, RunView, StepLine
from deskterm.desk import Desk
from deskterm.errors import InvalidInput, NotFound
from deskterm.fields import show_duration
from deskterm.permissions import require
from deskterm.records import reading, resolve
from deskterm.records.draft import Draft


def _found(desk: Desk, connection: Connection, number: str, kind: str) -> Draft:
    draft = reading.find(connection, desk.registry, desk.actor, number)
    if draft.kind.name != kind:
        raise NotFound(f"{number} is {draft.kind.one}, no {kind.replace('-', ' ')}; list them with: deskterm list {kind}")
    require(desk.actor, "read", draft.kind.family, draft.kind.process, draft.kind.name)
    return draft


def run_view(desk: Desk, number: str) -> RunView:
    """Return a run, whole.

    Raises:
        NotFound: there is none by that number.
    """
    with desk.database.read() as connection:
        draft = _found(desk, connection, number, "exercise")
        wanted = {draft.get(name) for name in ("plan", "lead", "verified_by")} - {None}
        names = resolve.names(connection, wanted)
        steps = tuple(rows_of(connection, draft.id))
        if not steps and draft.state == "planned":
            steps = _to_come(connection, int(draft.get("plan")))
    plan = names.get(draft.get("plan"))
    path, planned = _path(steps)

    def title(name: str) -> str:
        return names[draft.get(name)].title if draft.get(name) in names else ""

    return RunView(
        draft.id, draft.number, str(draft.get("summary")), draft.state, draft.version, str(draft.get("type")),
        plan.title if plan else "", plan.number if plan else "", draft.get("plan_version"), title("lead"),
        str(draft.get("scenario") or ""), draft.get("disrupted_at"), draft.get("invoked_at"), draft.get("verified_at"),
        draft.get("newest_data_at"), title("verified_by"), draft.get("planned_at"), draft.get("rto_seconds"),
        draft.get("rpo_seconds"), draft.get("rto_actual_seconds"), draft.get("from_invocation_seconds"),
        draft.get("rpo_actual_seconds"), str(draft.get("result") or ""), str(draft.get("progress") or ""),
        str(draft.get("review") or ""), steps, frozenset(path), planned,
        left_seconds(steps, desk.moment) if draft.state == "running" else None,
    )  # fmt: skip


def _to_come(connection: Connection, plan: int) -> tuple[RunStep, ...]:
    """Return what a run that has not begun would run, as its plan is now."""
    return tuple(
        RunStep(0, place, one.number, one.name, one.seconds, one.after, one.role, one.instructions, "waiting", "", None, "", None,
                "", "", "")
        for place, one in enumerate(steps_of(connection, [plan])[plan], 1)
    )  # fmt: skip


def _path(steps: Sequence[RunStep]) -> tuple[tuple[str, ...], int | None]:
    try:
        found = schedule([Step(one.name, one.seconds, one.after) for one in steps]) if steps else None
    except InvalidInput:
        found = None
    return (found.critical_path, found.elapsed_seconds) if found is not None else ((), None)


def left_seconds(steps: Sequence[RunStep], now: int) -> int | None:
    """Return how long what is left of a run takes by its plan: what is over takes nothing more, what runs its rest.

    A step that has run longer than planned is taken to end now. None where a run has no steps.
    """
    if not steps:
        return None

    def rest(one: RunStep) -> int:
        if one.is_over:
            return 0
        return one.seconds if one.started_at is None else max(0, one.started_at + one.seconds - now)

    try:
        return schedule([Step(one.name, rest(one), one.after) for one in steps]).elapsed_seconds
    except InvalidInput:
        return None


def plan_view(desk: Desk, number: str) -> PlanView:
    """Return a plan, whole: its schedule, what it needs and what is asked of that, what was shown.

    Raises:
        NotFound: there is none by that number.
    """
    with desk.database.read() as connection:
        draft = _found(desk, connection, number, "continuity-plan")
        brief = next(one for one in standing.plans_of(connection, all_states=True) if one.id == draft.id)
        rated = objectives.of_plan(connection, draft.id)
        rto, rpo = objectives.tightest_of(rated.values())
        runs = connection.execute(q.RUNS_OF, {"ids": [draft.id]}).all()
        scope, nodes = scope_of(connection, (*brief.services, *brief.cis), desk.moment)
        approved = {row.version: row.approved_at for row in connection.execute(q.VERSIONS, {"ids": [draft.id]})}
        shown = evidence.evidence_of(
            connection, evidence.of_runs(runs, None, None), nodes, desk.moment,
            days=int(draft.get("evidence_days")), approved=approved,
        )  # fmt: skip
        lines = step_lines(connection, draft.id)
        named = graph.named(connection, brief.services)
    services = tuple(Node(one.id, one.number, one.title) for key in brief.services if (one := named.get(key)) is not None)
    texts = {name: str(draft.get(name) or "") for name in ("description", "trigger", "site")}
    over = gap(rto, brief.planned_seconds)
    gaps = (
        [Gap("planned", f"takes {show_duration(brief.planned_seconds or 0)}: {show_duration(over)} beyond the RTO", over)]
        if over
        else []
    )
    told = tuple((row.number, row.title, row.state) for row in reversed(runs))
    return PlanView(
        brief, draft.version, services, rto, rpo, lines, scope, shown, str(draft.get("call_tree") or ""), texts,
        str(draft.get("approved_by") or ""), draft.get("approved_at"), told, tuple(gaps),
    )  # fmt: skip


def step_lines(connection: Connection, plan: int) -> tuple[StepLine, ...]:
    """Return the steps of a plan with when each can begin and end, counted from its first."""
    steps = steps_of(connection, [plan])[plan]
    try:
        found = scheduled(steps)
    except InvalidInput:
        found = None
    named = graph.named(connection, {one.ci_id for one in steps if one.ci_id is not None})
    lines = []
    for one in steps:
        starts = found.starts[one.name] if found is not None else 0
        ci = named[one.ci_id].title if one.ci_id is not None and one.ci_id in named else ""
        critical = found is not None and one.name in found.critical_path
        lines.append(StepLine(one, starts, starts + one.seconds, critical, ci))
    return tuple(lines)


def scope_of(connection: Connection, roots: Sequence[int], now: int) -> tuple[tuple[InheritedLine, ...], list[int]]:
    """Return what these services and CIs cannot do without, with the tightest RTO that is asked of each and by whom.

    Whoever else depends on it asks as well: the walk goes up from everything that was reached.
    """
    if not roots:
        return (), []
    network, _ = objectives.network_of(connection, roots, now)
    nodes = sorted({node for root in roots for node in objectives.below(network, root)})
    above = graph.dependants(connection, nodes, now)
    rated = objectives.analyses(connection, above.reached)
    whole, _ = objectives.network_of(connection, {*rated, *roots}, now)
    asked = objectives.inherit(whole, {key: one.rto_seconds for key, one in rated.items()})
    ids = {*nodes, *(key for node in nodes if node in asked for key in asked[node].path)}
    named = graph.named(connection, ids)
    lines = []
    for node in nodes:
        if node not in named:
            continue
        one, own = asked.get(node), rated.get(node)
        source = named.get(one.source) if one is not None else None
        lines.append(
            InheritedLine(
                Node(node, named[node].number, named[node].title), named[node].kind, own.rto_seconds if own is not None else None,
                None if one is None else one.seconds, None if source is None else Node(source.id, source.number, source.title),
                () if one is None else tuple(named[key].title for key in one.path if key in named),
            )
        )  # fmt: skip
    lines.sort(key=lambda one: (one.seconds is None, one.seconds or 0, one.kind != "service", one.node.title.casefold()))
    return tuple(lines), nodes
