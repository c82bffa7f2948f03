"""While continuity is typed: what a step does to its plan, what the impacts come to, what a backup loses, how a run went."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

from data.search import fold
from deskterm.configuration import graph
from deskterm.continuity import objectives
from deskterm.continuity.plans import scheduled, steps_of
from deskterm.continuity.recovery_plans import Step, schedule
from deskterm.continuity.rules import Objectives, Rating, Recovery, backup_gap, gap, mtpd, objective_gap, out_of_order, risk_level
from deskterm.desk import Desk
from deskterm.errors import InvalidInput
from deskterm.fields import as_list, show_duration
from deskterm.forms.hints import TellOne, Values, told_by
from deskterm.forms.schema import Hint
from deskterm.kinds import Kind
from deskterm.records import resolve

SHOWN = 4


def hints(desk: Desk, kind: Kind, values: Values) -> list[Hint]:
    """Return the hints of a step, an analysis, a backup schedule, a run or a risk; plans have none."""
    tellers: dict[str, TellOne] = {
        "recovery-step": _step, "impact-analysis": _analysis, "backup-schedule": _backup, "exercise": _run, "risk": _risk,
    }  # fmt: skip
    return told_by(tellers, desk, kind, values)


def _number(given: object) -> int | None:
    return given if isinstance(given, int) and not isinstance(given, bool) and given >= 0 else None


def _step(desk: Desk, connection: Connection, values: Values) -> Iterator[Hint]:
    """How long the plan takes with the step as the form says it, against its RTO and against what it takes now."""
    plan, minutes = resolve.meant(connection, values.get("plan"), "continuity-plan"), _number(values.get("minutes"))
    name = str(values.get("name") or "").strip()
    if plan is None or minutes is None or not name:
        return
    steps = steps_of(connection, [plan])[plan]
    own = next((one for one in steps if one.number == values.get("number")), None)
    before = own.name if own is not None else name
    others = [one for one in steps if one is not own]
    words = {fold(one.name): one.name for one in others} | {fold(one.number): one.name for one in others}
    after = tuple(words[fold(str(word))] for word in as_list(values.get("after")) if fold(str(word)) in words)
    tried = [Step(one.name, one.seconds, tuple(name if a == before else a for a in one.after)) for one in others]
    try:
        now, then = scheduled(steps), schedule([*tried, Step(name, minutes * 60, after)])
    except InvalidInput as problem:
        yield Hint("It cannot be run so", (problem.message,), tone="breach")
        return
    rto, _ = objectives.tightest_of(objectives.of_plan(connection, plan).values())
    over = gap(rto, then.elapsed_seconds)
    against = "no RTO to meet" if rto is None else f"RTO {show_duration(rto)}"
    told = [f"{against}{f': {show_duration(over)} beyond it' if over else ''}"]
    more = then.elapsed_seconds - (now.elapsed_seconds if now is not None else 0)
    told.append("as long as now" if not more else f"{show_duration(abs(more))} {'more' if more > 0 else 'less'} than now")
    told.append(f"critical path: {' → '.join(then.critical_path)}")
    tone = "breach" if over else "" if rto is None else "good"
    yield Hint(f"The plan takes {show_duration(then.elapsed_seconds)}", tuple(told), tone=tone)


def _analysis(desk: Desk, connection: Connection, values: Values) -> Iterator[Hint]:
    """What the impacts come to, whether RTO and WRT fit into that, and who needs it sooner."""
    from deskterm.continuity.impacts import read_impacts

    rto, rpo, wrt = (_number(values.get(f"{name}_seconds")) for name in ("rto", "rpo", "wrt"))
    unacceptable = _number(values.get("unacceptable"))
    try:
        read = read_impacts(values["impacts"]) if values.get("impacts") else {}
    except InvalidInput as problem:
        yield Hint("Impacts", (problem.message,), tone="risk")
        return
    rated = {category: [Rating(*one) for one in rows] for category, rows in read.items()}
    found = mtpd(rated, unacceptable) if unacceptable is not None else None
    tolerable = found if found is not None else _number(values.get("mtpd_seconds"))
    if tolerable is not None:
        over = objective_gap(Objectives(rto, rpo, wrt), tolerable)
        fits = "RTO or WRT is not rated yet" if over is None else (
            f"RTO + WRT is {show_duration((rto or 0) + (wrt or 0))}: "
            + (f"{show_duration(over)} too long" if over else "it fits")
        )  # fmt: skip
        source = "from the impacts" if found is not None else "as it is said here"
        yield Hint(f"MTPD {show_duration(tolerable)}", (source, fits), tone={None: "", 0: "good"}.get(over, "breach"))
    node = resolve.meant(connection, values.get("service"), "service") or resolve.meant(connection, values.get("ci"), "ci")
    if node is None or rto is None:
        return
    above = graph.dependants(connection, [node], desk.moment).reached
    promises = {key: one.rto_seconds for key, one in objectives.analyses(connection, above).items() if key != node}
    network, _ = objectives.network_of(connection, {node, *promises}, desk.moment)
    asked = objectives.inherit(network, promises).get(node)
    if asked is not None and asked.seconds < rto:
        named = graph.named(connection, asked.path)
        path = " → ".join(named[key].title for key in asked.path if key in named)
        said = (f"{named[asked.source].title} must be back within {show_duration(asked.seconds)}", f"through {path}")
        yield Hint(f"RTO inversion: {show_duration(rto - asked.seconds)} later than asked", said, tone="breach")


def _backup(desk: Desk, connection: Connection, values: Values) -> Iterator[Hint]:
    """What the schedule loses at worst, against each RPO that hangs on its data."""
    from deskterm.continuity.explain_protection import asked_of

    every, takes, lag = (_number(values.get(f"{name}_seconds")) for name in ("interval", "duration", "lag"))
    if every is None:
        return
    takes, lag = takes or 0, lag or 0
    node = resolve.meant(connection, values.get("service"), "service") or resolve.meant(connection, values.get("ci"), "ci")
    asked = asked_of(connection, node, desk.moment)[:SHOWN] if node is not None else []
    over = [backup_gap(one.rpo_seconds, every, takes, lag) or 0 for one in asked]
    told = [
        f"{one.name}: RPO {show_duration(one.rpo_seconds)}, {f'{show_duration(late)} beyond it' if late else 'within it'}"
        for one, late in zip(asked, over, strict=True)
    ]
    tone = "" if not asked else "breach" if any(over) else "good"
    nobody = ("nobody who needs it says how much may be lost",) if node is not None else ()
    yield Hint(f"Loses {show_duration(every + takes + lag)} at worst", tuple(told) or nobody, tone=tone)


def _run(desk: Desk, connection: Connection, values: Values) -> Iterator[Hint]:
    """How a run went by its stamps, against what is asked of its plan now; and stamps that cannot be."""
    failed, invoked, verified, newest = (
        _number(values.get(name)) for name in ("disrupted_at", "invoked_at", "verified_at", "newest_data_at")
    )
    if failed is None:
        return
    one = Recovery(failed, invoked, verified, newest)
    wrong = out_of_order(one, desk.moment)
    if wrong:
        yield Hint("Stamps that cannot be", tuple(f"{name} is {why}" for name, why in wrong.items()), tone="breach")
        return
    plan = resolve.meant(connection, values.get("plan"), "continuity-plan")
    rto, rpo = objectives.tightest_of(objectives.of_plan(connection, plan).values()) if plan is not None else (None, None)
    for name, actual, asked in (("RTO", one.rto_actual_seconds, rto), ("RPO", one.rpo_actual_seconds, rpo)):
        if actual is None:
            continue
        late = gap(asked, actual)
        told = "none is asked for" if asked is None else f"of {show_duration(asked)}" + (
            f": missed by {show_duration(late)}" if late else ": met"
        )  # fmt: skip
        yield Hint(f"{name} actual {show_duration(actual)}", (told,), tone={None: "", 0: "good"}.get(late, "breach"))


def _risk(desk: Desk, connection: Connection, values: Values) -> Iterator[Hint]:
    likelihood, impact = _number(values.get("likelihood")), _number(values.get("impact"))
    if likelihood and impact:
        level = risk_level(likelihood, impact)
        tone = {"extreme": "breach", "high": "risk", "medium": "soon"}.get(level, "")
        yield Hint(f"Risk {likelihood * impact}: {level}", (f"likelihood {likelihood} × impact {impact}",), tone=tone)  # noqa: RUF001
