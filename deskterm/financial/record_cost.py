"""What a record has cost: the time of people at their rates, parts, and the downtime it tells of at what an hour of it costs.

Time is what contacts measured, what the journal shows of work at the desk (`problem.cost.sittings`) and what work orders took.
Parts are costs that name the record. Downtime is what outages of the record did to services, through the dependency graph as it
was (`availability.measuring`), at the `downtime_cost_per_hour` of each; without a rate there is no figure, never a zero.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection

from data.queries import finance as q
from data.queries import problem as pq
from deskterm import desk_settings
from deskterm.errors import InvalidInput
from deskterm.financial.labour import Payroll, cost_of, rate_at
from deskterm.financial.ledger import Money
from deskterm.financial.months import date_at
from deskterm.financial.rules import money
from deskterm.intervals import Spans
from deskterm.kinds import Registry
from deskterm.problem.cost import SITTING_SECONDS, over_at, sittings

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Work:
    """A stretch of somebody's work on a record."""

    record: int
    who: str
    what: str
    """contact, desk or work order."""
    at: int
    seconds: int
    rate: str
    """Number of the rate; empty where none holds."""
    cost: Decimal | None


@dataclass(frozen=True, slots=True)
class Part:
    """A cost that names the record."""

    record: int
    number: str
    title: str
    cost: Decimal


@dataclass(frozen=True, slots=True)
class Downtime:
    """What an outage did to a service."""

    record: int
    service: str
    number: str
    """Of the service."""
    seconds: int
    cost: Decimal


@dataclass(slots=True)
class RecordCost:
    """What records have cost, line by line, in the desk's currency."""

    currency: str
    work: list[Work] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    downtime: list[Downtime] = field(default_factory=list)
    told: bool = False
    """Whether an outage is known at all; without one there is no figure of downtime."""
    priced: bool = False
    """Whether a service that was down says what an hour costs."""
    missing: list[str] = field(default_factory=list)
    """Exchange rates that are not there, each with what it is needed for: what it would be is left out of the figures."""

    @property
    def seconds(self) -> int:
        """Return how long people worked."""
        return sum(one.seconds for one in self.work)

    @property
    def unrated_seconds(self) -> int:
        """Return for how much of it there is no rate."""
        return sum(one.seconds for one in self.work if one.cost is None)

    @property
    def labour(self) -> Decimal | None:
        """Return what the work cost; None where nobody worked, or no rate is known for any of it."""
        known = [one.cost for one in self.work if one.cost is not None]
        return sum(known, Decimal("0.00")) if known else None

    @property
    def spent(self) -> Decimal | None:
        """Return what parts cost; None without any."""
        return sum((one.cost for one in self.parts), Decimal("0.00")) if self.parts else None

    @property
    def lost(self) -> Decimal | None:
        """Return what downtime cost; None where no outage is known, or no service says what an hour costs."""
        return sum((one.cost for one in self.downtime), Decimal("0.00")) if self.told and self.priced else None

    @property
    def total(self) -> Decimal | None:
        """Return what is known of all three; None where nothing is."""
        known = [one for one in (self.labour, self.spent, self.lost) if one is not None]
        return sum(known, Decimal("0.00")) if known else None

    @property
    def gaps(self) -> list[str]:
        """Say what is missing, and what to do about it."""
        found = [*dict.fromkeys(self.missing)]
        if self.unrated_seconds:
            hours = self.unrated_seconds / 3600
            found.append(f"{hours:.2f} h of work have no rate: deskterm new labour-rate amount=… team=… valid_from=…")
        if not self.told:
            found.append("no outage is known of it, so its downtime is n/a")
        elif not self.priced:
            found.append("no service that it brought down says what an hour costs (downtime_cost_per_hour), so downtime is n/a")
        return found

    @property
    def notes(self) -> list[str]:
        """Say what a figure of nothing means: something was down, and nothing that costs anything went down with it."""
        if self.told and self.priced and not self.downtime:
            return ["no service that says what an hour costs was down with it: something stood in, or it was not agreed time"]
        return []

    def of(self, record: int) -> RecordCost:
        """Return what one of the records cost."""
        return RecordCost(
            self.currency,
            [one for one in self.work if one.record == record],
            [one for one in self.parts if one.record == record],
            [one for one in self.downtime if one.record == record],
            any(one.record == record for one in self.downtime),
            any(one.record == record for one in self.downtime),
        )


def cost_of_records(connection: Connection, registry: Registry, ids: Sequence[int], now: int) -> RecordCost:
    """Return what records have cost: incidents, requests, problems, changes, work orders, releases.

    Work orders of changes among them count as well. Outages of one CI that overlap are counted once, with the first.
    """
    settings = desk_settings.load(connection)
    found = RecordCost(settings.currency)
    purse, payroll = Money.read(connection, settings.currency), Payroll.read(connection)
    for start in range(0, len(ids), CHUNK):
        some = {"ids": list(ids[start : start + CHUNK])}
        _work(connection, some, payroll, purse, now, found)
        for row in connection.execute(q.PARTS_OF, some):
            exact = Fraction(row.exact) if row.exact is not None else Fraction(row.amount, 100)
            try:
                value = money(purse.exact(exact, row.currency, date_at(row.on_at), row.number))
            except InvalidInput as problem:
                found.missing.append(problem.message)
                continue
            found.parts.append(Part(row.about_id, row.number, row.title, value))
    _downtime(connection, registry, ids, now, found)
    return found


def _work(
    connection: Connection, some: dict[str, list[int]], payroll: Payroll, purse: Money, now: int, found: RecordCost
) -> None:
    teams = {row.id: row.team_id for row in connection.execute(q.TEAM_OF, some)}

    def add(record: int, who: str | int | None, what: str, at: int, seconds: int, team: int | None) -> None:
        worker = payroll.of(who)
        rate = rate_at(payroll.rates, worker, at, team)
        cost = None
        if rate is not None:
            try:
                cost = money(purse.exact(cost_of(seconds, rate), rate.currency, date_at(at), rate.number))
            except InvalidInput as problem:
                found.missing.append(problem.message)
        found.work.append(Work(record, worker.login, what, at, seconds, rate.number if rate and cost is not None else "", cost))

    for contact in connection.execute(q.TAKEN_BY, some):
        add(
            contact.about_id, contact.assignee_id, "contact", contact.at, int(contact.handle_seconds), teams.get(contact.about_id)
        )
    worked: dict[tuple[int, str], list[int]] = defaultdict(list)
    for entry in connection.execute(pq.WORKED_ON, some):
        if entry.recorded_at - entry.at <= SITTING_SECONDS:
            worked[entry.record_id, entry.actor].append(entry.at)
    for (record, actor), instants in worked.items():
        add(record, actor, "desk", min(instants), sittings(instants), teams.get(record))
    for order in connection.execute(q.WORK_ORDERS, some):
        seconds = (now if order.actual_end is None else order.actual_end) - order.actual_start
        about = order.change_id if order.change_id in teams else order.id
        if seconds > 0:
            add(about, order.assignee_id, f"work order {order.number}", order.actual_start, seconds, order.team_id)


def _downtime(connection: Connection, registry: Registry, ids: Sequence[int], now: int, found: RecordCost) -> None:
    """Cost what outages of these records did to services: each stretch of a CI once."""
    by_node: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    spoken: set[int] = set()
    for start in range(0, len(ids), CHUNK):
        some = {"ids": list(ids[start : start + CHUNK])}
        for row in connection.execute(q.DOWN_BY, some):
            spoken.add(row.incident_id)
            if row.state == "down":
                until = now if row.ended_at is None else row.ended_at
                by_node[row.node_id].append((row.started_at, max(row.started_at, until), row.incident_id))
        for one in connection.execute(q.LASTED, some):
            if one.priority == 1 and one.id not in spoken and one.node_id is not None and one.state != "cancelled":
                over = over_at(one)
                by_node[one.node_id].append((one.began_at, max(one.began_at, now if over is None else over), one.id))
    found.told = bool(spoken or by_node)
    for node, spans in by_node.items():
        seen = Spans.EMPTY
        for start, end, record in sorted(spans):
            fresh = Spans.between(start, end) - seen if end > start else Spans.EMPTY
            seen = seen | fresh
            for stretch in fresh.intervals:
                _lost(connection, registry, node, stretch.start, stretch.end, record, now, found)


def _lost(
    connection: Connection, registry: Registry, node: int, start: int, end: int, record: int, now: int, found: RecordCost
) -> None:
    from deskterm.availability.gathering import dependants_of
    from deskterm.availability.measuring import measure

    reached = sorted(dependants_of(connection, [node], start, end))
    rates: dict[int, Any] = {}
    for place in range(0, len(reached), CHUNK):
        rates |= {row.id: row for row in connection.execute(q.DOWNTIME_RATES, {"ids": reached[place : place + CHUNK]})}
    if not rates:
        return
    found.priced = True
    measured = measure(connection, registry, nodes=sorted(rates), start=start, end=end, now=now)
    for service, one in sorted(measured.items()):
        seconds = sum(share.seconds for share in one.attribution if share.node == node)
        if seconds:
            row = rates[service]
            cost = money(Fraction(row.downtime_cost_per_hour, 100) * seconds / 3600)
            found.downtime.append(Downtime(record, row.title, row.number, seconds, cost))


def records_of_problem(connection: Connection, problem: int) -> list[int]:
    """Return what a problem's cost is made of: itself, its incidents, and the change that mends it."""
    one = {"ids": [problem]}
    incidents = [row.id for row in connection.execute(q.INCIDENTS_OF, one)]
    changes = [row.change_id for row in connection.execute(q.CHANGE_OF, one)]
    return [problem, *incidents, *changes]
