"""What a service review says of its period: achieved against agreed, breaches with their instants, what is still to be done.

Verdicts are those of `deskterm report sla`, so that a review and a report never disagree.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from data.queries import reports
from data.queries import review as q
from data.tables.service_level import clock
from data.vocab import AgreementType, Metric
from deskterm.kinds import Registry
from deskterm.records import resolve
from deskterm.reports.rules import percent
from deskterm.service_level.review_rules import verdict

MOST = 5_000
"""Breaches that are listed one by one; a service that breaks more promises in a period needs no list."""
CHUNK = 500


@dataclass(frozen=True, slots=True)
class Subject:
    """What a review is about."""

    from_at: int
    to_at: int
    service: int | None = None
    customer: int | None = None
    agreement: int | None = None
    review_id: int | None = None


def gather(connection: Connection, registry: Registry, subject: Subject, now: int) -> dict[str, Any]:
    """Return the content of a review as it stands at an instant, as plain data with instants in seconds."""
    agreements = {row.id: row for row in connection.execute(q.AGREEMENTS)}
    judged = _judged(connection, subject, now)
    targets = list(_targets(connection, subject, agreements, judged))
    ids = [one["target_id"] for one in targets]
    breaches = _breaches(connection, judged, {one["target_id"]: one for one in targets})
    met, missed = (sum(one[side] for one in targets) for side in ("met", "missed"))
    for one in targets:
        del one["target_id"]
    return {
        "from": subject.from_at,
        "to": subject.to_at,
        "as_of": now,
        "targets": targets,
        "total": {"met": met, "missed": missed, "met_percent": percent(met, met + missed)},
        "availability": list(_availability(connection, registry, subject, agreements, now)),
        "breaches": breaches,
        "breaches_left_out": max(0, sum(len(judged[key].late) for key in ids) - len(breaches)),
        "actions": _actions(connection, subject, now),
    }


@dataclass(slots=True)
class _Judged:
    """The clocks of a target that were judged in the period."""

    counts: Counter[int]
    late: list[int]


def _judged(connection: Connection, subject: Subject, now: int) -> dict[int, _Judged]:
    found: dict[int, _Judged] = defaultdict(lambda: _Judged(Counter(), []))
    among = None if subject.service is subject.customer is None else q.subjects(subject.service, subject.customer)
    statement = reports.judged(clock.c.target_id, clock.c.id.label("clock_id"), among=among)
    for row in connection.execute(statement, {"from_at": subject.from_at, "to_at": subject.to_at, "now_at": now}):
        one = found[row.target_id]
        one.counts[row.kept] += 1
        if not row.kept:
            one.late.append(row.clock_id)
    return found


def _targets(
    connection: Connection, subject: Subject, agreements: Mapping[int, Any], judged: Mapping[int, _Judged]
) -> Iterator[dict[str, Any]]:
    for row in connection.execute(q.PROMISES):
        promise = agreements[row.agreement_id]
        if row.metric == Metric.AVAILABILITY or not _is_about(subject, promise):
            continue
        one = judged.get(row.id)
        if one is None and not _is_promised(subject, row, promise):
            continue
        counts = one.counts if one is not None else Counter[int]()
        objective = None if row.objective is None else float(row.objective)
        yield {
            "target_id": row.id,
            "agreement": promise.title,
            "agreement_number": promise.number,
            "type": promise.type,
            "target": row.title,
            "target_number": row.number,
            "metric": row.metric,
            "priorities": list(row.priorities or ()),
            "met": counts[1],
            "missed": counts[0],
            "met_percent": percent(counts[1], counts[1] + counts[0]),
            "objective_percent": objective,
            "verdict": verdict(counts[1], counts[0], objective),
        }


def _availability(
    connection: Connection, registry: Registry, subject: Subject, agreements: Mapping[int, Any], now: int
) -> Iterator[dict[str, Any]]:
    """Yield what was measured of each service whose availability is promised, planned work excused and not."""
    promised = []
    for row in connection.execute(q.PROMISES):
        promise = agreements[row.agreement_id]
        service = promise.service_id if promise.service_id is not None else subject.service
        told = subject.agreement is not None or _fits(subject, promise)
        if row.metric == Metric.AVAILABILITY and service is not None and told and _is_about(subject, promise):
            promised.append((row, promise, service))
    if not promised:
        return
    from deskterm.availability.measuring import measure  # late: only where availability is agreed

    nodes = sorted({service for _, _, service in promised})
    measured = measure(connection, registry, nodes=nodes, start=subject.from_at, end=subject.to_at, now=now)
    names = resolve.names(connection, set(nodes))
    for row, promise, service in promised:
        one = measured.get(service)
        objective = None if row.objective is None else float(row.objective)
        up, down = (0, 0) if one is None else one.up_and_down
        yield {
            "service": names[service].title,
            "agreement": promise.title,
            "target_number": row.number,
            "agreed_seconds": 0 if one is None else one.agreed_seconds,
            "downtime_seconds": None if one is None else one.downtime_seconds,
            "planned_seconds": None if one is None else one.planned_seconds,
            "availability_percent": percent(up, up + down),
            "objective_percent": objective,
            "verdict": verdict(up, down, objective),
        }


def _is_about(subject: Subject, promise: Any) -> bool:
    """Say whether an agreement belongs into the review: the one it names, else those with customers."""
    if subject.agreement is not None:
        return bool(promise.id == subject.agreement)
    return bool(promise.type == AgreementType.SLA)


def _is_promised(subject: Subject, row: Any, promise: Any) -> bool:
    """Say whether a target of which nothing was judged is told of all the same: it was in force, and meant for this subject."""
    standing = row.state == "active" and promise.state == "active"
    in_force = promise.valid_from < subject.to_at and (promise.valid_until is None or promise.valid_until > subject.from_at)
    if not (standing and in_force):
        return False
    if subject.agreement is not None:
        return True
    own_service = promise.service_id is not None and promise.service_id == subject.service
    own_customer = promise.customer_id is not None and promise.customer_id == subject.customer
    return _fits(subject, promise) and (own_service or own_customer)


def _fits(subject: Subject, promise: Any) -> bool:
    """Say whether an agreement is meant for the service and the customer of a review, where it names them."""
    service = subject.service is None or promise.service_id in (None, subject.service)
    return service and (subject.customer is None or promise.customer_id in (None, subject.customer))


def _breaches(
    connection: Connection, judged: Mapping[int, _Judged], targets: Mapping[int, Mapping[str, Any]]
) -> list[dict[str, Any]]:
    ids = sorted(key for target, one in judged.items() if target in targets for key in one.late)[:MOST]
    rows: list[Any] = []
    for start in range(0, len(ids), CHUNK):
        rows += connection.execute(q.BROKEN, {"ids": ids[start : start + CHUNK]})
    found = [
        {
            "number": row.number,
            "title": row.title,
            "priority": row.priority,
            "metric": row.metric,
            "cycle": row.cycle,
            "agreement": targets[row.target_id]["agreement"],
            "target_number": targets[row.target_id]["target_number"],
            "breached_at": row.due_at if row.breached_at is None else row.breached_at,
            "met_at": row.met_at,
        }
        for row in rows
    ]
    return sorted(found, key=lambda one: (one["breached_at"], one["number"], one["metric"], one["cycle"]))


def _actions(connection: Connection, subject: Subject, now: int) -> list[dict[str, Any]]:
    statement = q.open_actions(subject.service, subject.customer, subject.agreement, subject.review_id)
    rows: Sequence[Any] = connection.execute(statement).all()
    names = resolve.names(connection, {row.assignee_id for row in rows if row.assignee_id is not None})
    return [
        {
            "number": row.number,
            "title": row.title,
            "state": row.state,
            "owner": names[row.assignee_id].title if row.assignee_id in names else None,
            "finish_by": row.finish_by,
            "overdue": row.finish_by is not None and row.finish_by < now,
        }
        for row in rows
    ]
