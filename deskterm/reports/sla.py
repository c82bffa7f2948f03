"""What was achieved of what was agreed: per agreement and target, how many clocks were in time."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection

from data.queries import reports as q
from data.tables.service_level import clock
from data.vocab import AgreementType
from deskterm.clock import format_instant
from deskterm.desk import Desk
from deskterm.errors import InvalidInput
from deskterm.permissions import require
from deskterm.reports import Column, Options, Period, Report, answer, heading, rules
from deskterm.reports.population import scope_of, selection

AVAILABILITY = "availability"
"""The metric that no clock runs for: it is measured."""
COLUMNS = (
    Column("agreement", "Agreement"),
    Column("type", "Type"),
    Column("target", "Target"),
    Column("met", "Met", "count"),
    Column("missed", "Missed", "count"),
    Column("met_percent", "Met", "percent"),
    Column("objective_percent", "Agreed", "percent"),
    Column("open", "Open", "count"),
)

FORMULAS = {
    "met": "clocks met in the period, in time; of availability, services that kept it",
    "missed": "clocks that fell due in the period unmet, also if they were met later or are still open; services that did not",
    "met_percent": "met / (met + missed) x 100; cancelled clocks are neither. of availability, the part of their agreed "
    "time that these services were up, planned work excused",
    "open": "clocks that now run or wait and are not late",
}


def report(desk: Desk, period: Period, options: Options) -> Report:
    """Return a row per agreement and target that was in force in the period or judged anything in it.

    Options: `agreement` (name or number), `type` (sla, ola, uc), `query` and any field of the records that are judged;
    `check=back-to-back` reports instead whether what stands behind each SLA fits into it, `check=forecast` how good the
    breach forecasts of the period were.
    """
    if "check" in options:
        return _checked(desk, period, options)
    own = {name: options[name] for name in ("agreement", "type") if name in options}
    if own.get("type", "sla") not in [one.value for one in AgreementType]:
        raise InvalidInput(f"type is sla, ola or uc, not {own['type']!r}", fields={"type": "unknown"})
    promise = desk.registry.kind("agreement")
    require(desk.actor, "read", promise.family, promise.process, promise.name)
    from_at, to_at = period.settled(desk.moment)
    kinds = tuple(kind.name for kind in desk.registry if kind.clocked)
    about = {name: value for name, value in options.items() if name not in own}
    scope = scope_of(desk, kinds, from_at, to_at, about)
    with desk.database.read() as connection:
        among, parameters = selection(desk, scope, connection)
        within = among if scope.query else None
        judged: dict[int, Counter[int]] = defaultdict(Counter)
        for row in connection.execute(q.judged(clock.c.target_id, among=within), parameters):
            judged[row.target_id][row.kept] += 1
        running = {row.target_id: row.clocks for row in connection.execute(q.open_clocks(within), parameters)}
        targets = [dict(row) for row in connection.execute(q.TARGETS).mappings()]
        asked = [
            target
            for target in targets
            if _is_asked(target, own) and (judged[target["id"]] or running.get(target["id"]) or _in_force(target, from_at, to_at))
        ]
        up = _kept_up(connection, desk, asked, from_at, to_at)
    rows = tuple(
        _row(target) | (up[target["id"]] if target["id"] in up else _clocks(judged[target["id"]], running.get(target["id"], 0)))
        for target in asked
    )
    met, missed = (sum(row[name] for row in rows if row["metric"] != AVAILABILITY) for name in ("met", "missed"))
    total = {"met": met, "missed": missed, "met_percent": rules.percent(met, met + missed)}
    data = answer(from_at, to_at, rows, FORMULAS, query=scope.query, total=total)
    return Report(heading("Service levels", from_at, to_at, scope.query), COLUMNS, rows, data)


BACK_TO_BACK = (
    Column("agreement", "Agreement"),
    Column("target", "Target"),
    Column("covers", "For"),
    Column("verdict", "Verdict"),
    Column("margin", "Margin"),
    Column("path", "Behind it"),
    Column("worst", "Worst beginning", "instant"),
)
CHECKED = {
    "verdict": "fits if the promise is used up no earlier than the last step of the path behind it, from every beginning tried",
    "margin_seconds": "promise used up - path used up, by the clock on the wall, at the worst beginning within four weeks",
    "spare_percent": "(100 - objective) - sum of (100 - objective) of the agreements behind it",
}


def _checked(desk: Desk, period: Period, options: Options) -> Report:
    """Return what stands behind each SLA, and whether it fits, from the end of the period on."""
    from deskterm.service_level import back_to_back, back_to_back_words

    if options["check"] == "forecast" and len(options) == 1:
        return _scored(desk, period)
    if options["check"] != "back-to-back" or set(options) - {"check", "agreement"}:
        told = "the check is check=forecast, or check=back-to-back, which takes agreement besides"
        raise InvalidInput(told, fields={"check": "back-to-back or forecast"})
    promise = desk.registry.kind("agreement")
    require(desk.actor, "read", promise.family, promise.process, promise.name)
    from_at, to_at = period.settled(desk.moment)
    with desk.database.read() as connection:
        promises = back_to_back.read(connection, to_at)
    named = options.get("agreement", "").strip().casefold()
    keys = [key for key, row in promises.agreements.items() if named in ("", row["title"].casefold(), row["number"].casefold())]
    found = back_to_back.findings(promises, to_at, keys)
    rows = tuple(
        {
            **back_to_back_words.as_json(one),
            "covers": back_to_back_words.covered(one),
            "margin": back_to_back_words.margin(one),
            "path": " + ".join(back_to_back_words.step(step) for step in one.path),
            "worst": None if one.walk is None else back_to_back_words.moment(one.walk.start_at, desk.actor.tz),
        }
        for one in found
    )
    data = answer(from_at, to_at, rows, CHECKED, late=sum(one.verdict == back_to_back.LATE for one in found))
    return Report(f"What stands behind each SLA, from {format_instant(to_at)} on", BACK_TO_BACK, rows, data)


SCORES = (
    Column("point", "Target used, %", "count"),
    Column("forecasts", "Forecasts", "count"),
    Column("said_percent", "Said, mean", "percent"),
    Column("late_percent", "Came late", "percent"),
    Column("brier", "Brier score", "number"),
    Column("reference", "Reference", "number"),
    Column("skill", "Skill", "number"),
)
SCORED = {
    "point": "the forecast made when a clock had first used so many percent of its target",
    "said_percent": "mean of the probabilities; what is well calibrated comes to late_percent",
    "late_percent": "share that was breached",
    "brier": "mean of (probability - 1 if breached, else 0)^2; 0 is perfect, 0.25 is saying 50 % each time",
    "reference": "the same for saying each time the share that was breached, which nobody knew then: s x (1 - s)",
    "skill": "1 - brier / reference; 0 is no better than the reference",
}


def _scored(desk: Desk, period: Period) -> Report:
    """Return how good the breach forecasts of a period were, of clocks of which it is known by now what came."""
    from deskterm.service_level.forecasting import scores

    kind = desk.registry.kind("incident")
    require(desk.actor, "read", kind.family, kind.process, kind.name)
    from_at, to_at = period.settled(desk.moment)
    rows = tuple(
        {
            "point": point,
            "forecasts": one.count,
            "said_percent": _percent(one.said),
            "late_percent": _percent(one.came),
            "brier": one.brier,
            "reference": one.reference,
            "skill": one.skill,
        }
        for point, one in scores(desk, from_at, to_at).items()
    )
    return Report(heading("Breach forecasts", from_at, to_at, ""), SCORES, rows, answer(from_at, to_at, rows, SCORED))


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share


def _is_asked(target: Mapping[str, Any], own: Mapping[str, str]) -> bool:
    named = own.get("agreement", "").strip().casefold()
    return own.get("type") in (None, target["type"]) and (
        not named or named in (target["agreement"].casefold(), target["agreement_number"].casefold())
    )


def _in_force(target: Mapping[str, Any], from_at: int, to_at: int) -> bool:
    standing = target["state"] == "active" and target["agreement_state"] == "active"
    return standing and target["valid_from"] < to_at and (target["valid_until"] is None or target["valid_until"] > from_at)


def _kept_up(
    connection: Connection, desk: Desk, targets: Iterable[Mapping[str, Any]], from_at: int, to_at: int
) -> dict[int, dict[str, Any]]:
    """Return by target of availability how many services kept it, and what part of their agreed time they were up.

    A service is judged by the one agreement that counts for it (`deskterm.availability.agreed`), planned downtime excused.
    """
    by_agreement = {one["agreement_number"]: one["id"] for one in targets if one["metric"] == AVAILABILITY}
    found: dict[int, dict[str, Any]] = {key: {"met": 0, "missed": 0, "met_percent": None} for key in by_agreement.values()}
    if not found or from_at >= to_at:
        return found
    from data.queries.availability import IN_USE
    from deskterm.availability.measuring import measure  # late: only where availability is agreed

    nodes = [row.id for row in connection.execute(IN_USE, {"kind": "service"})]
    known: dict[int, int] = defaultdict(int)
    up: dict[int, Fraction] = defaultdict(Fraction)
    for one in measure(connection, desk.registry, nodes=nodes, start=from_at, end=to_at, now=desk.moment).values():
        promise = next((promise for promise in one.agreed.promises if promise.objective), None)
        key = None if promise is None else by_agreement.get(promise.agreement)
        share = one.availability_excluding_planned
        if key is None or share is None:
            continue
        found[key]["met" if one.met else "missed"] += 1
        known[key] += one.agreed_seconds - one.unknown_seconds
        up[key] += share * (one.agreed_seconds - one.unknown_seconds)
    for key, seconds in known.items():
        found[key]["met_percent"] = float(up[key] / seconds) if seconds else None
    return found


def _clocks(judged: Counter[int], running: int) -> dict[str, Any]:
    met, missed = judged[1], judged[0]
    return {"met": met, "missed": missed, "met_percent": rules.percent(met, met + missed), "open": running}


def _row(target: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "agreement": target["agreement"],
        "agreement_number": target["agreement_number"],
        "type": target["type"],
        "target": target["title"],
        "target_number": target["number"],
        "metric": target["metric"],
        "priorities": target["priorities"] or [],
        "met": None,
        "missed": None,
        "met_percent": None,
        "objective_percent": None if target["objective"] is None else float(target["objective"]),
        "open": None,
    }
