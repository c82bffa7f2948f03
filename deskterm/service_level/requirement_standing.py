"""How far a service level requirement is met: what is promised today, and what was achieved in the ninety days before.

What is promised is what a record of that customer, service and priority would be judged by: the targets of the agreement that
counts (`matching`), the strictest of them where there are several. What was achieved is counted as reviews and reports count it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from data.queries import reports
from data.queries import review as q
from data.tables.service_level import clock
from data.vocab import AgreementType, Metric, Unit
from deskterm.clock import format_instant
from deskterm.desk import Desk
from deskterm.records.schema import RecordView
from deskterm.reports.rules import percent
from deskterm.service_level import back_to_back, review_print
from deskterm.service_level.matching import Subject, applies, specificity
from deskterm.service_level.requirement_rules import Figure, Finding, Offer, found, overall
from deskterm.service_level.review_rules import verdict
from deskterm.service_level.service import amount_words

DAYS = 90
PERIOD_SECONDS = DAYS * 86_400


@dataclass(frozen=True, slots=True)
class Achieved:
    """What was achieved: clocks in time and late, or of an availability seconds up and down, planned work excused."""

    from_at: int
    to_at: int
    met: int
    missed: int
    objective: float | None
    """The share it is held against: the wanted one, else the promised one."""
    verdict: str

    @property
    def percent(self) -> float | None:
        """Return the share in percent; None where nothing was judged."""
        return percent(self.met, self.met + self.missed)


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a requirement is met."""

    wanted: Figure
    findings: tuple[Finding, ...]
    achieved: Achieved

    @property
    def promised(self) -> str:
        """Return promised, promised less than wanted, or not promised."""
        return overall(one.verdict for one in self.findings)

    @property
    def words(self) -> str:
        """Return both answers in a line."""
        return f"{self.promised}; in {DAYS} days {self.achieved.verdict}"


def standing(desk: Desk, view: RecordView) -> Standing:
    """Return how far a requirement is met now."""
    values, now = view.values, desk.moment
    with desk.database.read() as connection:
        promises = back_to_back.read(connection, now)
        wanted = _figure(values, None if values["calendar"] is None else promises.calendars[values["calendar"]])
        findings = tuple(_findings(promises, values, wanted, now))
        promised = [one.offer.figure.objective for one in findings if one.offer and one.offer.figure.objective is not None]
        objective = wanted.objective if wanted.objective is not None else max(promised, default=None)
        count = _measured if wanted.metric is Metric.AVAILABILITY else _judged
        met, missed = count(connection, desk, values, now)
    achieved = Achieved(now - PERIOD_SECONDS, now, met, missed, objective, verdict(met, missed, objective))
    return Standing(wanted, findings, achieved)


def _figure(values: Mapping[str, Any], calendar: Any) -> Figure:
    share = None if values["objective"] is None else float(values["objective"])
    return Figure(Metric(values["metric"]), Unit(values["unit"]), values["amount_seconds"], values["days"], share, calendar)


def _findings(promises: back_to_back.Promises, values: Mapping[str, Any], wanted: Figure, now: int) -> Iterator[Finding]:
    """Yield what is promised, the priorities together of which the same is."""
    if wanted.metric is Metric.AVAILABILITY:
        yield found(wanted, (), tuple(_offers(promises, values, None, now)), now)
        return
    asked = back_to_back.PRIORITIES if values["priority"] is None else (values["priority"],)
    by_offers: dict[tuple[Offer, ...], list[int]] = {}
    for priority in asked:
        by_offers.setdefault(tuple(_offers(promises, values, priority, now)), []).append(priority)
    for offers, priorities in by_offers.items():
        yield found(wanted, tuple(priorities), offers, now)


def _offers(promises: back_to_back.Promises, values: Mapping[str, Any], priority: int | None, now: int) -> Iterator[Offer]:
    """Yield the targets of the agreement that counts, whatever kind of record they are about."""
    subject = Subject("", priority, values["service"], values["customer"], None, None, now)
    for row in sorted(promises.agreements.values(), key=specificity, reverse=True):
        if row["type"] != AgreementType.SLA or not applies(row, subject, now):
            continue
        targets = [
            one
            for one in promises.targets.get(row["id"], ())
            if one["metric"] == values["metric"] and (priority is None or not one["priorities"] or priority in one["priorities"])
        ]
        for one in targets:
            figure = _figure(one, promises.calendars[row["calendar_id"]])
            yield Offer(row["title"], row["number"], one["title"], one["number"], figure)
        if targets:
            return


def _judged(connection: Connection, desk: Desk, values: Mapping[str, Any], now: int) -> tuple[int, int]:
    """Count the clocks of customers' agreements that were in time and late, as reviews and reports do."""
    among = q.subjects(values["service"], values["customer"], values["priority"])
    statement = reports.judged(clock.c.metric, clock.c.type, among=among)
    counts: Counter[int] = Counter()
    for row in connection.execute(statement, {"from_at": now - PERIOD_SECONDS, "to_at": now + 1, "now_at": now}):
        if row.type == AgreementType.SLA and row.metric == values["metric"]:
            counts[row.kept] += 1
    return counts[1], counts[0]


def _measured(connection: Connection, desk: Desk, values: Mapping[str, Any], now: int) -> tuple[int, int]:
    """Measure the seconds that the service was up and down, planned work excused, as reports do; none where nothing is known."""
    from deskterm.availability.measuring import measure  # late: only where availability is wanted

    service = values["service"]
    one = measure(connection, desk.registry, nodes=[service], start=now - PERIOD_SECONDS, end=now, now=now).get(service)
    return (0, 0) if one is None else one.up_and_down


def figure_words(one: Figure) -> str:
    """Return what is wanted or promised: `resolution 4 h, business hours, for 95 %`."""
    share = None if one.objective is None else f"{one.objective:g} %"
    if one.metric is Metric.AVAILABILITY:
        return f"availability {share or 'n/a'}"
    unit = "" if one.days is not None else f", {one.unit.value.replace('-', ' ')}"
    return f"{one.metric.value} {amount_words(one.amount_seconds, one.days)}{unit}" + (f", for {share}" if share else "")


def rows(one: Standing) -> Iterator[tuple[str, str, str]]:
    """Yield line by line what is compared, what it comes to, and the verdict."""
    yield "wanted", figure_words(one.wanted), ""
    for finding in one.findings:
        several = len(one.findings) > 1
        whom = " for " + ", ".join(f"P{number}" for number in finding.priorities) if several else ""
        offer = finding.offer
        said = "n/a" if offer is None else f"{offer.agreement}: {figure_words(offer.figure)}"
        yield f"promised today{whom}", said, finding.verdict
        for line in finding.lacking:
            yield "", line, ""
    yield f"achieved in {DAYS} days", achieved_words(one), one.achieved.verdict


def achieved_words(one: Standing) -> str:
    """Return what was achieved: `96.6 % (58 of 60 in time), 95 % wanted`; n/a where nothing was judged."""
    done = one.achieved
    if done.percent is None:
        return "n/a"
    counted = (
        "of the agreed time" if one.wanted.metric is Metric.AVAILABILITY else f"({done.met} of {done.met + done.missed} in time)"
    )
    against = "wanted" if one.wanted.objective is not None else "promised"
    held = "" if done.objective is None else f", {done.objective:g} % {against}"
    return f"{review_print.percent(done.percent)} {counted}{held}"


def as_json(one: Standing) -> dict[str, Any]:
    """Return it as data."""
    done = one.achieved
    return {
        "promised": one.promised,
        "kept": done.verdict,
        "wanted": _plain(one.wanted),
        "promises": [
            {
                "priorities": list(finding.priorities), "verdict": finding.verdict, "lacking": list(finding.lacking),
                **({} if finding.offer is None else {
                    "agreement": finding.offer.agreement, "agreement_number": finding.offer.agreement_number,
                    "target": finding.offer.target, "target_number": finding.offer.target_number, **_plain(finding.offer.figure),
                }),
            }
            for finding in one.findings
        ],
        "achieved": {
            "from": format_instant(done.from_at), "to": format_instant(done.to_at), "met": done.met, "missed": done.missed,
            "counted": "seconds" if one.wanted.metric is Metric.AVAILABILITY else "clocks",
            "percent": done.percent, "objective_percent": done.objective,
        },
    }  # fmt: skip


def _plain(one: Figure) -> dict[str, Any]:
    return {
        "metric": one.metric.value, "unit": one.unit.value, "amount_seconds": one.amount_seconds, "days": one.days,
        "objective_percent": one.objective,
    }  # fmt: skip
