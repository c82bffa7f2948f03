"""What shows that services can be brought back: runs of plans, and major incidents as drills that nobody had planned.

Evidence grows stale with age, with a newer version of the plan, and when anything in its scope changes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from data.queries import continuity as q
from deskterm.civil_time import DAY_SECONDS
from deskterm.configuration.past import states_at
from deskterm.configuration.words import BY_HAND
from deskterm.continuity.objectives import Analysis
from deskterm.continuity.rules import Recovery, stands_until
from deskterm.continuity.schema import Drill, Evidence
from deskterm.intervals import Spans

SIGNIFICANT = ("type", "installed_version", "attributes", "environment", "location", "fqdn", "service")
"""Fields of a CI: what differs in one of them may have to be brought back otherwise."""
RELATIONS = (*BY_HAND, *(f"{word} of" for word in BY_HAND))
MAJOR = "major incident"
USUAL_DAYS = 365
"""How long a recovery is evidence where no plan says otherwise."""
AT_ONCE = 800


def of_runs(rows: Iterable[Any], node: int | None, current: Analysis | None) -> list[Drill]:
    """Return the runs among rows that were verified, each judged by the objective that was kept with it.

    Args:
        rows: runs.
        node: the service or CI whose objective counts; the plan's tightest if None.
        current: what is asked now, for runs before anything was.
    """
    found = []
    for row in rows:
        if row.disrupted_at is None or row.verified_at is None or row.state == "cancelled":
            continue
        kept = (row.objectives or {}).get(str(node)) if node is not None else {"rto": row.rto_seconds, "rpo": row.rpo_seconds}
        rto, rpo = (kept or {}).get("rto"), (kept or {}).get("rpo")
        if current is not None:
            rto = current.rto_seconds if rto is None else rto
            rpo = current.rpo_seconds if rpo is None else rpo
        one = Recovery(row.disrupted_at, row.invoked_at, row.verified_at, row.newest_data_at)
        found.append(_drill(row.number, row.type, row.title, one, rto, rpo, row.plan_version))
    return found


def reached_by_majors(connection: Connection) -> dict[int, list[Any]]:
    """Return the major incidents that are over by what hung on their CI, or on what their outages were of, while they lasted."""
    rows = connection.execute(q.MAJORS).all()
    outages = _outages_of(connection, [row.id for row in rows])
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        nodes = {row.ci_id, *(one.node_id for one in outages[row.id])} - {None}
        if not nodes:
            continue
        from deskterm.availability.gathering import dependants_of

        began, over = _stamps(row)
        start = min([began, *(one.started_at for one in outages[row.id])])
        end = max([over, *(one.ended_at or over for one in outages[row.id])])
        for node in sorted(dependants_of(connection, nodes, start, max(end, start + 1))):
            found[node].append(row)
    return found


def _outages_of(connection: Connection, incidents: Sequence[int]) -> dict[int, list[Any]]:
    outages: dict[int, list[Any]] = defaultdict(list)
    for start in range(0, len(incidents), AT_ONCE):
        for each in connection.execute(q.TOLD_BY_OUTAGES, {"ids": list(incidents[start : start + AT_ONCE])}):
            outages[each.incident_id].append(each)
    return outages


def _stamps(row: Any) -> tuple[int, int]:
    """Return when a major incident began and was over by its own account."""
    began = row.occurred_at if row.occurred_at is not None else row.created_at
    return began, max(began, row.restored_at if row.restored_at is not None else row.resolved_at)


def of_incidents(
    connection: Connection, service: int, current: Analysis | None, now: int, answered: Container[int] = (),
    through: Iterable[Any] = (),
) -> list[Drill]:  # fmt: skip
    """Return the major incidents that hit a service and are over.

    Where outages tell of one, it failed when they first took the service down, through the graph as it was, and was back when
    they last did not; one that goes on is no recovery yet. Otherwise its own stamps count; of one that does not name the
    service, when the service was down meanwhile, and where it never was, it is no drill of its. The plan was as good as invoked
    when it was declared major. What it is judged by is what the impact analysis asked for then.

    Args:
        connection: to the desk.
        service: the service.
        current: what is asked now.
        now: the present instant.
        answered: incidents that a run of a plan answered, which is the better evidence and told of by itself.
        through: incidents on something that the service needed then (`reached_by_majors`).
    """
    named = {row.id: row for row in connection.execute(q.MAJOR_OF, {"service": service})}
    rows = [row for row in {**{row.id: row for row in through}, **named}.values() if row.id not in answered]
    if not rows:
        return []
    ids = [row.id for row in rows]
    declared = {row.record_id: row.at for row in connection.execute(q.DECLARED, {"ids": ids})}
    outages = _outages_of(connection, ids)
    found = []
    for row in rows:
        began, over = _stamps(row)
        if any(one.ended_at is None for one in outages[row.id]):
            continue
        went_on = Spans.of([(one.started_at, max(one.started_at, one.ended_at)) for one in outages[row.id]])
        if row.id not in named and not outages[row.id]:
            went_on = Spans.of([(began, over)])
        down = _down(connection, service, went_on, now)
        if row.id not in named and not down:
            continue
        failed, back = (down.intervals[0].start, down.intervals[-1].end) if down else (began, over)
        invoked = max(failed, declared.get(row.id, row.created_at))
        one = Recovery(failed, invoked if invoked <= back else None, back, row.newest_data_at)
        rto, rpo = _asked_then(connection, current, failed)
        told_by = ", ".join(one.number for one in outages[row.id]) if down else ""
        found.append(_drill(row.number, MAJOR, row.title, one, rto, rpo, None, told_by))
    return found


def _down(connection: Connection, service: int, went_on: Spans, now: int) -> Spans:
    """Return when a service was down while an incident went on; never, where others stood in for what failed."""
    if not went_on:
        return Spans.EMPTY
    from deskterm.availability.measuring import history_of

    history = history_of(connection, [service], went_on.intervals[0].start, went_on.intervals[-1].end, now)
    return history.down.get(service, Spans.EMPTY) & went_on


def _asked_then(connection: Connection, current: Analysis | None, at: int) -> tuple[int | None, int | None]:
    if current is None:
        return None, None
    then = states_at(connection, [current.id], at).get(current.id)
    if then is None or then.values.get("rto_seconds") is None:
        return current.rto_seconds, current.rpo_seconds
    return then.values.get("rto_seconds"), then.values.get("rpo_seconds")


def _drill(
    number: str, kind: str, title: str, one: Recovery, rto: int | None, rpo: int | None, plan_version: int | None,
    told_by: str = "",
) -> Drill:  # fmt: skip
    return Drill(
        number, kind, title, one.failed_at, one.invoked_at, one.verified_at, rto, one.rto_actual_seconds,
        one.rto_actual_from_invocation_seconds, rpo, one.rpo_actual_seconds, plan_version, told_by,
    )  # fmt: skip


def changes_in(connection: Connection, nodes: Sequence[int], after: int) -> tuple[int, str] | None:
    """Return the first change of anything in a scope after an instant, and what it was."""
    first: tuple[int, str] | None = None
    for start in range(0, len(nodes), AT_ONCE):
        ids = nodes[start : start + AT_ONCE]
        asked = {"ids": ids, "after": after, "limit": 1}
        row = connection.execute(q.CHANGED_CIS, {**asked, "fields": SIGNIFICANT, "relations": RELATIONS}).first()
        if row is not None and (first is None or row.at < first[0]):
            name = next((one.title for one in connection.execute(q.NAMES, {"ids": [row.record_id]})), "a CI")
            what = "status" if row.what == "state" else str(row.field).replace("_", " ")
            first = (row.at, f"{what} of {name} changed")
        done = connection.execute(q.CHANGES_DONE, asked).first()
        if done is not None and (first is None or done.at <= first[0]):
            first = (done.at, f"{done.number} changed it: {done.title}")
    return first


def evidence_of(
    connection: Connection, drills: Iterable[Drill], scope: Sequence[int], now: int, *, days: int = USUAL_DAYS,
    approved: Mapping[int, int] | None = None,
) -> Evidence:  # fmt: skip
    """Return evidence and until when it stands.

    Args:
        connection: to the desk.
        drills: verified recoveries.
        scope: the services and CIs that were recovered.
        now: the present instant.
        days: how long a recovery is evidence.
        approved: by version of the plan, when it was approved.
    """
    known = tuple(sorted(drills, key=lambda one: (one.failed_at, one.number)))
    latest = max(known, key=lambda one: one.verified_at or 0, default=None)
    if latest is None or latest.verified_at is None:
        return Evidence(known, None, None, "nothing was ever shown")
    seconds = days * DAY_SECONDS
    events: list[tuple[int, str]] = []
    change = changes_in(connection, scope, latest.verified_at) if scope else None
    if change is not None:
        events.append(change)
    if latest.plan_version is not None:
        newer = [(at, f"version {v} of the plan was approved") for v, at in (approved or {}).items() if v > latest.plan_version]
        events += [one for one in newer if one[0] > latest.verified_at][:1]
    until = stands_until(latest.verified_at, seconds, [at for at, _ in events])
    assert until is not None
    why = next((text for at, text in sorted(events) if at == until), f"{latest.number} is {days} days old by then")
    stale = until <= now
    if stale and not any(at == until for at, _ in events):
        why = f"{latest.number} is older than {days} days"
    return Evidence(known, until, stale, why)
