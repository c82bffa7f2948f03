"""Who bears what: whatever was spent, whichever rules hold, it adds up; and each way a cost goes says why."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskterm.errors import InvalidInput
from deskterm.financial.allocation_rules import Allocation
from deskterm.financial.attribution import Attribution, Facts, Item, attribute
from deskterm.financial.months import Segments, month_named
from deskterm.financial.rule_book import Book, Revision, revisions
from deskterm.financial.rules import money
from deskterm.financial.serving import Serving
from deskterm.financial.shares import hand_out, read_share

START, END = month_named("2026-11")
DAY = 86_400
SERVICES, CENTRES, CIS = (1, 2, 3), (11, 12, 13), (21, 22)
NAMES = {key: (f"N-{key}", f"name {key}") for key in (*SERVICES, *CENTRES, *CIS)}


@dataclass(frozen=True)
class Served:
    member_id: int
    owner_id: int
    valid_from: int = 0
    valid_until: int = END * 2


def made(source: int, shares: dict[int, str], *, driver: str = "fixed", capacity: str | None = None, start: int = 0) -> Revision:
    said = {f"N-{key}": share for key, share in shares.items()}
    return Revision(900 + source, 1, start, None, source, driver, said, capacity, None, source)


def world(
    rules: list[Revision], served: list[Served] | None = None, counts: dict[int, int] | None = None,
    method: Allocation = Allocation.RECIPROCAL,
) -> Facts:  # fmt: skip
    book = Book()
    for one in rules:
        book.by_source[one.source].append(one)
    cut = Segments.of(START, END, book.boundaries())
    ids = {number: key for key, (number, _) in NAMES.items()}
    return Facts(
        book, Serving(served or [], SERVICES), NAMES, frozenset(SERVICES), ids, cut.starts, cut.place,
        lambda driver, at: counts or {}, method,
    )  # fmt: skip


def item(amount: str | Fraction, **target: Any) -> Item:
    return Item("COST-1", "x", target.pop("at", START), Fraction(amount), "people", "cost", **target)


def check(items: list[Item], found: Attribution) -> None:
    assert found.spend == money(sum((one.exact for one in items), Fraction(0)))
    assert found.attributed + found.unallocated == found.spend
    assert sum((row.total for row in found.rows), Decimal(0)) == found.attributed
    assert sum((line.amount for line in found.idle_lines), Decimal(0)) == found.idle
    assert sum((line.amount for line in found.unallocated_lines), found.idle) == found.unallocated
    for row in found.rows:
        assert sum((line.amount for line in row.lines), Decimal(0)) == row.total
        assert all(line.element for line in row.lines), "whatever a service bears is of some element of cost"


def check_elements(items: list[Item], found: Attribution, facts: Facts) -> None:
    """Each element passed on alone goes where it goes among the others, but for what each line is rounded by."""
    for element in {one.element for one in items}:
        alone = attribute([one for one in items if one.element == element], facts)
        for row in alone.rows:
            among = next((one.lines for one in found.rows if one.service == row.service), ())
            some = [line.amount for line in among if line.element == element]
            assert abs(sum(some, Decimal(0)) - row.total) <= Decimal("0.01") * (len(some) + len(row.lines) + 1)


targets: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.sampled_from(SERVICES).map(lambda key: {"service": key}),
    st.sampled_from(CENTRES).map(lambda key: {"centre": key}),
    st.sampled_from(CIS).map(lambda key: {"ci": key}),
    st.just({}),
)
amounts = st.fractions(-(10**7), 10**7, max_denominator=10**6)
spendings = st.lists(
    st.tuples(amounts, targets, st.integers(0, 29), st.integers(0, 40), st.sampled_from(["people", "hardware", "external"])).map(
        lambda one: Item("C", "x", START + one[2] * DAY, one[0], one[4], "cost", **one[1], direct=bool(one[2] % 2),
                         fixed=bool(one[2] % 3),
                         until=min(END, START + one[2] * DAY + one[3] * DAY) if one[3] else None)
    ),
    max_size=12,
)  # fmt: skip
handed = st.dictionaries(
    st.sampled_from((*SERVICES, *CENTRES)), st.sampled_from(["0", "1", "2", "1/3", "0.25", "0.1"]), max_size=4
)
books = st.lists(
    st.tuples(st.sampled_from((*CENTRES, 21, 3)), handed, st.sampled_from([None, "50"]), st.sampled_from(["fixed", "incidents"]),
              st.integers(0, 20)),
    max_size=6,
)  # fmt: skip


@given(spendings, books, st.sampled_from(Allocation), st.dictionaries(st.sampled_from(SERVICES), st.integers(0, 9)))
def test_it_adds_up_whatever_was_spent_and_whatever_the_rules(
    items: list[Item], rules: list[tuple[int, dict[int, str], str | None, str, int]], method: Allocation, counts: dict[int, int]
) -> None:
    made_rules = [
        made(source, {to: share for to, share in shares.items() if to != source}, capacity=capacity, driver=driver,
             start=START + day * DAY if day else 0)
        for source, shares, capacity, driver, day in rules
    ]  # fmt: skip
    served = [Served(21, 1), Served(21, 2, START + 9 * DAY), Served(22, 3, 0, START + 5 * DAY), Served(22, 1, START + 12 * DAY)]
    try:
        found = attribute(items, world(made_rules, served, counts, method))
    except InvalidInput as refusal:
        if method is not Allocation.RECIPROCAL or "closed loop" not in refusal.message:
            raise
        return
    check(items, found)
    check_elements(items, found, world(made_rules, served, counts, method))


def test_what_is_passed_on_keeps_its_element() -> None:
    rules = [made(11, {12: "0.5", 1: "0.5"}), made(12, {1: "0.5", 2: "0.5"})]
    items = [item("100", centre=11), item("60", centre=11)._replace(element="hardware"), item("7", service=1)]
    found = attribute(items, world(rules))
    check(items, found)
    borne = {
        row.service: [(line.sort, line.source, line.element, line.amount) for line in row.lines] for row in found.rows
    }  # fmt: skip
    assert borne == {
        1: [
            ("direct", "COST-1", "people", Decimal("7.00")), ("shared", "N-11", "people", Decimal("50.00")),
            ("shared", "N-12", "people", Decimal("25.00")), ("shared", "N-11", "hardware", Decimal("30.00")),
            ("shared", "N-12", "hardware", Decimal("15.00")),
        ],
        2: [("shared", "N-12", "people", Decimal("25.00")), ("shared", "N-12", "hardware", Decimal("15.00"))],
    }  # fmt: skip


def test_service_departments_that_serve_each_other_are_solved_together() -> None:
    """Worked example a: Y = 7260 + 0.3 Z, Z = 4000 + 0.2 Y."""
    rules = [made(11, {12: "0.2", 1: "0.5", 2: "0.3"}), made(12, {11: "0.3", 1: "0.3", 2: "0.4"})]
    items = [item("7260", centre=11), item("4000", centre=12)]
    found = attribute(items, world(rules))
    check(items, found)
    assert found.gross == {11: Decimal("9000.00"), 12: Decimal("5800.00")}
    assert {row.service: row.total for row in found.rows} == {1: Decimal("6240.00"), 2: Decimal("5020.00")}


def test_equal_shares_of_a_hundred() -> None:
    """Worked example b: 100.00 over three equal shares."""
    items = [item("100", centre=11)]
    found = attribute(items, world([made(11, {1: "1", 2: "1", 3: "1"})]))
    assert [row.total for row in found.rows] == [Decimal("33.34"), Decimal("33.33"), Decimal("33.33")]


def test_idle_capacity_and_a_driver_of_nothing_are_lines_of_their_own() -> None:
    items = [item("1000", centre=11), item("60", centre=12), item("7", centre=13), item("0.01")]
    rules = [made(11, {1: "30", 2: "50"}, capacity="100"), made(12, {}, driver="incidents")]
    found = attribute(items, world(rules))
    check(items, found)
    assert {row.service: row.total for row in found.rows} == {1: Decimal("300.00"), 2: Decimal("500.00")}
    assert (found.idle, found.unallocated) == (Decimal("200.00"), Decimal("267.01"))
    assert sorted((line.amount, line.why) for line in found.unallocated_lines) == [
        (Decimal("0.01"), "it is for no service, CI or cost centre"),
        (Decimal("7.00"), "no rule passes on what name 13 costs"),
        (Decimal("60.00"), "its driver has nothing"),
    ]


def test_a_live_driver_shares_by_what_each_had() -> None:
    found = attribute([item("90", centre=11)], world([made(11, {}, driver="incidents")], counts={1: 2, 3: 1}))
    assert {row.service: row.shared for row in found.rows} == {1: Decimal("60.00"), 3: Decimal("30.00")}


def test_direct_cost_is_a_driver_too() -> None:
    items = [item("300", service=1), item("100", service=2), item("-50", service=3), item("40", centre=11)]
    found = attribute(items, world([made(11, {}, driver="direct-cost")]))
    check(items, found)
    assert {row.service: row.shared for row in found.rows if row.shared} == {1: Decimal("30.00"), 2: Decimal("10.00")}


def test_each_day_is_passed_on_by_the_rule_that_held_then() -> None:
    old, new = made(11, {1: "1"}), made(11, {2: "1"}, start=START + 10 * DAY)
    items = [item("10", centre=11, at=START + 9 * DAY), item("20", centre=11, at=START + 10 * DAY)]
    found = attribute(items, world([old, new]))
    assert {row.service: row.total for row in found.rows} == {1: Decimal("10.00"), 2: Decimal("20.00")}


def test_a_service_that_supports_others_keeps_its_own_share() -> None:
    found = attribute([item("100", service=3)], world([made(3, {3: "0.7", 1: "0.3"})]))
    assert {row.service: row.total for row in found.rows} == {1: Decimal("30.00"), 3: Decimal("70.00")}


def test_a_ci_is_borne_by_what_it_served_when_the_money_was_spent() -> None:
    served = [Served(21, 1, START, START + 10 * DAY), Served(21, 2, START + 10 * DAY)]
    items = [item("10", ci=21, at=START + 9 * DAY), item("20", ci=21, at=START + 10 * DAY), item("5", ci=22)]
    found = attribute(items, world([], served))
    check(items, found)
    assert {row.service: row.total for row in found.rows} == {1: Decimal("10.00"), 2: Decimal("20.00")}
    assert [line.why for line in found.unallocated_lines] == ["its CI served no service then"]


def test_what_is_spread_over_time_follows_the_graph_day_by_day() -> None:
    served = [Served(21, 1, 0, START + 10 * DAY), Served(21, 2, START + 10 * DAY)]
    month = Item("C", "x", START, Fraction(30), "people", "cost", ci=21, until=END)
    found = attribute([month], world([], served))
    assert {row.service: row.total for row in found.rows} == {1: Decimal("10.00"), 2: Decimal("20.00")}


def test_a_graph_with_a_cycle_is_no_trap_and_the_first_relation_counts_for_the_time_before() -> None:
    serving = Serving([Served(21, 22, START), Served(22, 21, START), Served(22, 1, START + 100)], SERVICES)
    assert serving.services_of(21, START - 90 * DAY) == (1,)
    assert serving.path(21, 1, START + 200) == (21, 22, 1)
    assert serving.path(21, 2, START + 200) == ()


def test_a_closed_loop_is_refused_by_name() -> None:
    rules = [made(11, {12: "1"}), made(12, {11: "1"})]
    with pytest.raises(InvalidInput, match=r"name 11 \(N-11\) and name 12 \(N-12\) pass all their costs to one another"):
        attribute([item("1", centre=11)], world(rules))


@pytest.mark.parametrize(
    ("weights", "capacity", "to", "idle", "left"),
    [
        ({"a": "0.5", "b": "0.25"}, None, {"a": "1/2", "b": "1/4"}, "0", "1/4"),
        ({"a": "3", "b": "1"}, None, {"a": "3/4", "b": "1/4"}, "0", "0"),
        ({"a": "30", "b": "50"}, "100", {"a": "3/10", "b": "1/2"}, "1/5", "0"),
        ({"a": "90", "b": "30"}, "100", {"a": "3/4", "b": "1/4"}, "0", "0"),
        ({"a": "0"}, None, {}, "0", "1"),
        ({}, "10", {}, "1", "0"),
    ],
)
def test_what_a_rule_hands_out(weights: dict[str, str], capacity: str | None, to: dict[str, str], idle: str, left: str) -> None:
    found = hand_out({key: read_share(one) for key, one in weights.items()}, None if capacity is None else Fraction(capacity))
    assert dict(found.to) == {key: Fraction(one) for key, one in to.items()}
    assert (found.idle, found.left) == (Fraction(idle), Fraction(left))


@pytest.mark.parametrize("bad", ["x", "-1", "1/0", "1e99", "nan", True, "1_0", "", "1/2/3"])
def test_a_share_that_is_none_is_refused(bad: object) -> None:
    with pytest.raises(ValueError, match="must be"):
        read_share(bad)


def test_an_edit_supersedes_what_was_to_hold_from_then_on_and_nothing_before() -> None:
    said = {"from": 11, "driver": "fixed", "shares": {"N-1": "1"}, "position": 5}
    last = (4, 240, {**said, "in_use": False})
    found = revisions(7, [(1, 100, said), (2, 300, said), (3, 200, {**said, "valid_until": 250}), last])
    assert [(one.version, one.start, one.end) for one in found] == [(1, 100, 200), (3, 200, 240)]
