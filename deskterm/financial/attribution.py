"""Who bears what: costs to the services they are for, through CIs or by the rules of allocation, and what nobody bears. Pure.

Direct is what was spent on a service, or on a CI that served it. Shared is what rules pass on, from cost centres, shared CIs and
supporting services, direct, step-down or reciprocal (`allocation_rules`). What no rule passes on, what no service is behind and
what a driver of nothing leaves over is unallocated; of that, what is left of a capacity is idle. All of it adds up: the
totals of the services and what is unallocated are the spend, to the cent, and the lines of each row are the row. What is passed
on keeps its element of cost: a service bears people and hardware of a supporting service as such.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from deskterm.financial.allocation_rules import Allocation, pass_on
from deskterm.financial.rule_book import Book, Revision
from deskterm.financial.rules import money, settle_to, total_of
from deskterm.financial.serving import Serving
from deskterm.financial.shares import Handed, hand_out, read_share

ZERO = Fraction(0)
IDLE = "idle"


class Item(NamedTuple):
    """One amount that was spent, in the currency of the reckoning."""

    key: str
    """Number of the record behind it."""
    title: str
    at: int
    """What holds then decides who bears it."""
    exact: Fraction
    element: str
    sort: str
    """cost, depreciation or disposal."""
    service: int | None = None
    ci: int | None = None
    centre: int | None = None
    until: int | None = None
    """The end of what it is spread over, evenly, from `at` on."""
    direct: bool = True
    """For one service by itself; else indirect."""
    fixed: bool = True
    """Whatever the use; else variable with it."""


class Line(NamedTuple):
    """One line of a row: a cost, or what a rule passed on."""

    sort: str
    """direct, shared, idle or unallocated."""
    source: str
    """Number of the cost, the asset, or of whose cost was passed on."""
    title: str
    at: int
    element: str
    ci: int | None
    rule: int | None
    version: int | None
    why: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Row:
    """What one service bears."""

    service: int
    direct: Decimal
    shared: Decimal
    lines: tuple[Line, ...]

    @property
    def total(self) -> Decimal:
        """Return both."""
        return self.direct + self.shared


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who bears what of a spend."""

    spend: Decimal
    attributed: Decimal
    unallocated: Decimal
    """What no service bears, idle capacity included."""
    idle: Decimal
    rows: tuple[Row, ...]
    unallocated_lines: tuple[Line, ...]
    idle_lines: tuple[Line, ...]
    gross: Mapping[int, Decimal] = field(default_factory=dict)
    """What each source cost before it passed that on, its own and what it was handed."""


class Facts(NamedTuple):
    """What the world was like."""

    book: Book
    serving: Serving
    names: Mapping[int, tuple[str, str]]
    """Number and name by id, of services, centres and shared CIs."""
    services: frozenset[int]
    ids: Mapping[str, int]
    """Ids of services and centres by number."""
    starts: Sequence[int]
    """When each stretch begins within which one set of rules holds."""
    place: Callable[[int], int]
    drivers: Callable[[str, int], Mapping[int, int]]
    """By driver and instant: how many each service had in the month of the instant."""
    method: Allocation = Allocation.RECIPROCAL


class _Raw(NamedTuple):
    """A line before it is rounded."""

    line: Line
    exact: Fraction


_DRAFT = Decimal(0)


class _Sum:
    """Exact amounts by who bears them, gathered."""

    def __init__(self) -> None:
        self.direct: dict[int, list[_Raw]] = defaultdict(list)
        self.shared: dict[int, dict[Hashable, _Raw]] = defaultdict(dict)
        self.idle: dict[Hashable, _Raw] = {}
        self.lost: dict[Hashable, _Raw] = {}
        self.pools: list[dict[str, dict[int, list[Fraction]]]] = []
        """By stretch, element and source: what gathered there."""
        self.direct_at: dict[int, dict[int, Fraction]] = {}
        self.gross: dict[int, Fraction] = defaultdict(Fraction)

    def lose(self, key: Hashable, line: Line, exact: Fraction) -> None:
        _add(self.lost, key, line, exact)


def _add(to: dict[Hashable, _Raw], key: Hashable, line: Line, exact: Fraction) -> None:
    before = to.get(key)
    to[key] = _Raw(line, exact if before is None else before.exact + exact)


def attribute(items: Sequence[Item], facts: Facts) -> Attribution:
    """Attribute what was spent.

    Raises:
        InvalidInput: rules pass costs round in a closed loop; the message names them.
    """
    found = _Sum()
    found.pools = [defaultdict(lambda: defaultdict(list)) for _ in facts.starts]
    rules = [facts.book.all_at(at) for at in facts.starts]
    for item in items:
        _take(item, facts, rules, found)
    for place, pool in enumerate(found.pools):
        if pool:
            _pass_on(place, pool, rules[place], facts, found)
    return _settled(items, found)


def _take(item: Item, facts: Facts, rules: Sequence[Mapping[int, Revision]], found: _Sum) -> None:
    """Put one amount where it belongs: to a service, into the pool of a rule, or nowhere."""
    place = facts.place(item.at)
    for target in (item.service, item.ci, item.centre):
        if target is not None and target in rules[place]:
            found.pools[place][item.element][target].append(item.exact)
            return
    if item.service is not None:
        found.direct[item.service].append(_Raw(_direct(item, "for it"), item.exact))
        return
    if item.ci is not None:
        _through_ci(item, place, facts, rules[place], found)
        return
    if item.centre is not None:
        number, name = facts.names.get(item.centre, ("", "a cost centre"))
        why = f"no rule passes on what {name} costs"
        found.lose(("centre", item.centre), _lost(number, name, item.at, why), item.exact)
        return
    found.lose(("nothing", item.key), _lost(item.key, item.title, item.at, "it is for no service, CI or cost centre"), item.exact)


def _through_ci(item: Item, place: int, facts: Facts, rules: Mapping[int, Revision], found: _Sum) -> None:
    """Let the services bear a cost that a CI served: for what is spread over time, each as long as it did."""
    assert item.ci is not None
    at, end = item.at, item.at + 1 if item.until is None else item.until
    while at < end:
        until, served = facts.serving.during(item.ci, at)
        until = min(until, end)
        part = item.exact if (at, until) == (item.at, end) else item.exact * (until - at) / (end - item.at)
        if not served:
            line = _lost(item.key, item.title, at, "its CI served no service then", item.ci)
            found.lose(("ci", item.key), line, part)
        share = part / len(served) if len(served) > 1 else part
        why = "through its CI" if len(served) == 1 else f"through its CI, one of {len(served)} services that it served"
        for one in served:
            if one in rules:
                found.pools[place][item.element][one].append(share)
            else:
                found.direct[one].append(_Raw(_direct(item, why, at), share))
        at = until


def _direct(item: Item, why: str, at: int | None = None) -> Line:
    return Line("direct", item.key, item.title, item.at if at is None else at, item.element, item.ci, None, None, why, _DRAFT)


def _lost(source: str, title: str, at: int, why: str, ci: int | None = None) -> Line:
    return Line("unallocated", source, title, at, "", ci, None, None, why, _DRAFT)


def _pass_on(
    place: int, pool: Mapping[str, Mapping[int, Sequence[Fraction]]], rules: Mapping[int, Revision], facts: Facts, found: _Sum
) -> None:
    """Let the sources of one stretch pass on what gathered on them, element by element: what each hands to whom is the same."""
    at = facts.starts[place]
    handed = {source: _handed(one, at, facts, place, found) for source, one in rules.items()}
    label = {source: "{1} ({0})".format(*facts.names.get(source, (str(source), "?"))) for source in rules}
    back = {name: source for source, name in label.items()}
    final: dict[str, int] = {}
    shares: dict[str, dict[str, Fraction]] = {}
    for source, one in handed.items():
        targets: dict[str, Fraction] = {}
        for to, share in one.to.items():
            name = label[to] if to in label and to != source else f"to {to}"
            final.setdefault(name, to)
            targets[name] = targets.get(name, ZERO) + share
        if one.idle:
            targets[IDLE] = one.idle
        shares[label[source]] = targets
    for element, gathered in pool.items():
        gross, flows = pass_on({label[key]: total_of(some) for key, some in gathered.items()}, shares, facts.method, None)
        for name, flow in zip(shares, flows, strict=True):
            source = back[name]
            _hand(source, rules[source], element, gross[name], flow, final, back.keys(), at, facts, found)


def _hand(
    source: int, rule: Revision, element: str, gross: Fraction, flow: Mapping[str, Fraction], final: Mapping[str, int],
    sources: AbstractSet[str], at: int, facts: Facts, found: _Sum,
) -> None:  # fmt: skip
    """Book what one source hands out, and what of it goes nowhere."""
    if not gross:
        return
    found.gross[source] += gross
    number, name = facts.names.get(source, ("", "?"))
    by = "by its shares" if rule.driver == "fixed" else f"by {rule.driver} in the month"
    key = (source, rule.rule_id, rule.version)
    gone = ZERO
    for to, amount in flow.items():
        gone += amount
        if to in sources or not amount:
            continue
        if to == IDLE:
            line = Line("idle", number, name, at, "", None, rule.rule_id, rule.version, "capacity that nobody used", _DRAFT)
            _add(found.idle, key, line, amount)
        elif final[to] in facts.services:
            line = Line("shared", number, name, at, element, None, rule.rule_id, rule.version, f"{name}, {by}", _DRAFT)
            _add(found.shared[final[to]], (*key, element), line, amount)
        else:
            _, centre = facts.names.get(final[to], ("", "?"))
            line = _lost(number, name, at, f"passed on to {centre}, which no rule passes on")
            found.lose((*key, to), line._replace(rule=rule.rule_id, version=rule.version), amount)
    if gross != gone:
        why = "its driver has nothing" if not flow else "its shares leave it over"
        line = _lost(number, name, at, why)._replace(rule=rule.rule_id, version=rule.version)
        found.lose((*key, "left"), line, gross - gone)


def _handed(rule: Revision, at: int, facts: Facts, place: int, found: _Sum) -> Handed[int]:
    """Return what a rule hands to whom in a stretch."""
    capacity = None if rule.capacity is None else Fraction(rule.capacity)
    said = {facts.ids[number]: read_share(one) for number, one in rule.shares.items() if number in facts.ids}
    if rule.driver == "fixed":
        return hand_out(said, capacity)
    if rule.driver == "direct-cost":
        counts = dict(_direct_at(place, facts, found))
    else:
        counts = {service: Fraction(count) for service, count in facts.drivers(rule.driver, at).items()}
    counts.pop(rule.source, None)
    weights = {key: count * said.get(key, ZERO) for key, count in counts.items()} if said else counts
    return hand_out(weights, capacity, units=True)


def _direct_at(place: int, facts: Facts, found: _Sum) -> Mapping[int, Fraction]:
    """Return what each service bears directly in a stretch; a service that was given money back has nothing of the driver."""
    if place not in found.direct_at:
        found.direct_at[place] = {
            service: max(ZERO, total_of(raw.exact for raw in raws if facts.place(raw.line.at) == place))
            for service, raws in found.direct.items()
        }
    return found.direct_at[place]


def _settled(items: Sequence[Item], found: _Sum) -> Attribution:
    """Round everything so that it adds up, from the spend down to each line."""
    services = sorted(found.direct.keys() | found.shared.keys())
    direct = {one: total_of(raw.exact for raw in found.direct.get(one, ())) for one in services}
    shared = {one: total_of(raw.exact for raw in found.shared.get(one, {}).values()) for one in services}
    idle = total_of(raw.exact for raw in found.idle.values())
    lost = total_of(raw.exact for raw in found.lost.values())
    spend = money(total_of(item.exact for item in items))
    *totals, unused, nowhere = settle_to([*(direct[one] + shared[one] for one in services), idle, lost], spend)
    rows = []
    for one, total in zip(services, totals, strict=True):
        own, passed = settle_to([direct[one], shared[one]], total)
        lines = (*_lines(found.direct.get(one, ()), own), *_lines(found.shared.get(one, {}).values(), passed))
        rows.append(Row(one, own, passed, lines))
    return Attribution(
        spend,
        sum(totals, Decimal("0.00")),
        unused + nowhere,
        unused,
        tuple(rows),
        _lines(found.lost.values(), nowhere),
        _lines(found.idle.values(), unused),
        {source: money(exact) for source, exact in found.gross.items()},
    )


def _lines(raws: Iterable[_Raw], total: Decimal) -> tuple[Line, ...]:
    listed = list(raws)
    amounts = settle_to([raw.exact for raw in listed], total)
    return tuple(Line(*raw.line[:-1], amount) for raw, amount in zip(listed, amounts, strict=True))
