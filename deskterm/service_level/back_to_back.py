"""The back-to-back check: whether what teams and suppliers promise fits into what customers are promised, calendars included.

Which promises stand behind one: those of teams (OLA) and suppliers (UC) that are about everything, about the same service, or
about one that it needs; for the same customer or for all. Along the escalation path a record passes one team of each line, and
then a supplier: its worst is the sum of theirs. First answers are given by one team, so there each promise counts alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any

from sqlalchemy import Connection

from data.queries import clocks, reports
from data.queries import review as q
from data.vocab import AgreementType, Metric, Unit
from deskterm.calendars import Calendar
from deskterm.configuration import graph
from deskterm.service_level.chain_rules import Walk, spare, worst
from deskterm.service_level.matching import in_force
from deskterm.service_level.policy import Policy

AHEAD_SECONDS = 28 * 86_400
"""So far ahead beginnings are tried: every day of the week, and the holidays of four weeks."""
LINES = ("first", "second", "third", "supplier")
PRIORITIES = (1, 2, 3, 4, 5)
MOST_PATHS = 60
"""Ways through the lines that are tried; more teams on each line than this needs hardly happen."""
FITS, LATE, UNKNOWN = "fits", "too late", "n/a"


@dataclass(frozen=True, slots=True)
class Support:
    """A target of a team or a supplier, as a step of the path."""

    agreement: str
    number: str
    """The agreement's."""
    target: str
    type: str
    line: str
    policy: Policy


@dataclass(frozen=True, slots=True)
class Finding:
    """What is found about one target of an SLA, for some of its priorities."""

    agreement: str
    agreement_number: str
    target: str
    target_number: str
    metric: str
    priorities: tuple[int, ...]
    verdict: str
    """fits, too late, or n/a: nothing stands behind it."""
    path: tuple[Support, ...] = ()
    walk: Walk | None = None
    """The worst way; None where none had to be gone."""
    spare_percent: float | None = None
    """For availability: what share of time is left, in percent points."""

    @property
    def margin_seconds(self) -> int | None:
        """Return how much is left in the worst case, by the clock on the wall; negative where it is too late."""
        return None if self.walk is None else self.walk.margin_seconds


@dataclass(slots=True)
class Promises:
    """Every agreement with its targets and calendar, and which services each service needs."""

    agreements: dict[int, Mapping[str, Any]]
    targets: dict[int, list[Mapping[str, Any]]]
    """By agreement."""
    calendars: dict[int, Calendar]
    lines: Mapping[int, str | None]
    """By team."""
    needs: dict[int, frozenset[int]] = field(default_factory=dict)
    """By service: itself and every service or CI it needs."""

    def with_target(self, key: int | None, values: Mapping[str, Any]) -> Promises:
        """Return the same with a target as somebody is about to save it, in place of the one there is."""
        targets: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
        for agreement, rows in self.targets.items():
            targets[agreement] = [row for row in rows if row["id"] != key]
        targets[values["agreement_id"]].append(values)
        return replace(self, targets=targets)

    def with_agreement(self, key: int, values: Mapping[str, Any]) -> Promises:
        """Return the same with an agreement as somebody is about to save it."""
        return replace(self, agreements=self.agreements | {key: {**self.agreements[key], **values}})


def read(connection: Connection, now: int) -> Promises:
    """Read every promise that stands, and what services need at an instant."""
    rows: list[Mapping[str, Any]] = [dict(row) for row in connection.execute(q.AGREEMENTS).mappings()]
    agreements = {int(row["id"]): row for row in rows if _stands(row, now)}
    targets: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for row in connection.execute(q.PROMISES).mappings():
        if row["agreement_id"] in agreements and row["state"] == "active":
            targets[row["agreement_id"]].append(dict(row))
    recorded: dict[int, list[tuple[int, Mapping[str, Any]]]] = defaultdict(list)
    for revision in connection.execute(clocks.REVISIONS):
        recorded[revision.calendar_id].append((revision.valid_from, revision.definition))
    calendars = {key: Calendar.from_json(in_force(revisions)) for key, revisions in recorded.items()}
    lines = {row.id: row.line for row in connection.execute(reports.LINES)}
    found = Promises(agreements, targets, calendars, lines)
    for service in {row["service_id"] for row in agreements.values()} - {None}:
        found.needs[service] = graph.needed(connection, [service], now).reached
    return found


def _stands(row: Mapping[str, Any], now: int) -> bool:
    return row["state"] == "active" and (row["valid_until"] is None or row["valid_until"] > now)


def findings(promises: Promises, from_at: int, only: Iterable[int] | None = None) -> list[Finding]:
    """Check every SLA, or some agreements: of an OLA or UC the SLAs that it stands behind.

    Args:
        promises: what stands.
        from_at: from which instant on beginnings are tried, for four weeks.
        only: row ids of agreements; None is all.
    """
    wanted = None if only is None else set(only)
    found: list[Finding] = []
    for key, row in promises.agreements.items():
        if row["type"] != AgreementType.SLA:
            continue
        behind = [one for one in promises.agreements.values() if _underpins(promises, one, row)]
        if wanted is not None and key not in wanted and not any(one["id"] in wanted for one in behind):
            continue
        for target in promises.targets[key]:
            found += _about(promises, row, target, behind, from_at)
    return found


def _underpins(promises: Promises, one: Mapping[str, Any], promise: Mapping[str, Any]) -> bool:
    """Say whether an agreement stands behind another one."""
    if one["type"] == AgreementType.SLA or one["customer_id"] not in (None, promise["customer_id"]):
        return False
    service, about = promise["service_id"], one["service_id"]
    return about is None or service is None or about == service or about in promises.needs.get(service, ())


def _about(
    promises: Promises, row: Mapping[str, Any], target: Mapping[str, Any], behind: Sequence[Mapping[str, Any]], from_at: int
) -> Iterator[Finding]:
    basis = Finding(row["title"], row["number"], target["title"], target["number"], target["metric"], (), UNKNOWN)
    if target["metric"] == Metric.AVAILABILITY:
        yield _availability(promises, basis, target, behind)
        return
    if target["metric"] == Metric.UPDATE:
        return  # nobody promises the desk when it will tell the caller something
    by_path: dict[tuple[Support, ...], list[int]] = {}
    ways: dict[tuple[Support, ...], list[tuple[Support, ...]]] = {}
    for priority in target["priorities"] or PRIORITIES:
        supports = tuple(_supports(promises, target, priority, behind))
        by_path.setdefault(supports, []).append(priority)
        ways.setdefault(supports, list(_paths(supports, target["metric"])))
    policy = _policy(promises, row, target)
    for supports, priorities in by_path.items():
        mine = replace(basis, priorities=tuple(priorities))
        if policy is None or not supports:
            yield mine
            continue
        walks = [(worst(policy, [one.policy for one in path], from_at, from_at + AHEAD_SECONDS), path) for path in ways[supports]]
        way, path = min(walks, key=lambda pair: _least(pair[0]))
        yield replace(mine, verdict=FITS if way.fits else LATE, path=path, walk=way)


def _least(one: Walk) -> tuple[bool, int]:
    return one.margin_seconds is not None or one.fits, one.margin_seconds or 0


def _supports(
    promises: Promises, target: Mapping[str, Any], priority: int, behind: Sequence[Mapping[str, Any]]
) -> Iterator[Support]:
    for one in behind:
        for each in promises.targets[one["id"]]:
            covers = not each["priorities"] or priority in each["priorities"]
            alike = not each["kinds"] or not target["kinds"] or set(each["kinds"]) & set(target["kinds"])
            policy = _policy(promises, one, each)
            if each["metric"] == target["metric"] and covers and alike and policy is not None:
                is_team = one["type"] == AgreementType.OLA
                line = (promises.lines.get(one["team_id"]) or LINES[0]) if is_team else LINES[-1]
                yield Support(one["title"], one["number"], each["title"], one["type"], line, policy)


def _paths(supports: Sequence[Support], metric: str) -> Iterator[tuple[Support, ...]]:
    """Yield the ways a record may go: one team of each line and a supplier; for a first answer each promise alone."""
    if metric == Metric.RESPONSE:
        yield from ((one,) for one in supports)
        return
    lines: dict[str, list[Support]] = defaultdict(list)
    for one in supports:
        lines[one.line].append(one)
    ordered = [lines[line] for line in LINES if lines[line]]
    for number, path in enumerate(product(*ordered)):
        if number >= MOST_PATHS:
            return
        yield path


def _policy(promises: Promises, row: Mapping[str, Any], target: Mapping[str, Any]) -> Policy | None:
    """Return what a target means; None where it grants no time, or its calendar is not there."""
    calendar = promises.calendars.get(row["calendar_id"])
    amount, days = target["amount_seconds"], target["days"]
    if calendar is None or (amount is None and days is None):
        return None
    return Policy(Metric(target["metric"]), Unit(target["unit"]), calendar, amount, days)


def _availability(promises: Promises, basis: Finding, target: Mapping[str, Any], behind: Sequence[Mapping[str, Any]]) -> Finding:
    """Compare what may be lost: in the worst case, what supports fail to give is lost one after the other."""
    shares = [
        float(each["objective"])
        for one in behind
        for each in promises.targets[one["id"]]
        if each["metric"] == Metric.AVAILABILITY and each["objective"] is not None
    ]
    if target["objective"] is None or not shares:
        return basis
    left = spare(float(target["objective"]), shares)
    return replace(basis, verdict=FITS if left >= 0 else LATE, spare_percent=left)
