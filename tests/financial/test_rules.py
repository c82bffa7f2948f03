"""Money: what is attributed and what is not add up to what was spent, whatever the figures."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskterm.errors import InvalidInput
from deskterm.financial.allocation_rules import Allocation, allocate
from deskterm.financial.depreciation import Asset, Depreciation, YearEnd, schedule
from deskterm.financial.linear import solve
from deskterm.financial.rules import money, settle, split

amounts = st.decimals(-(10**9), 10**9, places=2, allow_nan=False)
fine_amounts = st.decimals(-(10**6), 10**6, places=11, allow_nan=False)
weights = st.lists(st.fractions(0, 1000, max_denominator=1000), min_size=1, max_size=8)
CENT = Decimal("0.01")


def whole(**given_amounts: int) -> dict[str, Decimal]:
    """Amounts by centre."""
    return {name: Decimal(amount) for name, amount in given_amounts.items()}


@given(amounts | fine_amounts, weights, st.integers(0, 3))
def test_parts_add_up_and_none_is_a_unit_off(amount: Decimal, given_weights: list[Fraction], places: int) -> None:
    spend, total = money(Fraction(amount), places), sum(given_weights)
    if not total:
        with pytest.raises(InvalidInput, match="nothing to split by"):
            split(amount, given_weights, places)
        return
    parts = split(amount, given_weights, places)
    assert sum(parts) == spend
    for part, weight in zip(parts, given_weights, strict=True):
        assert abs(Fraction(part) - Fraction(spend) * weight / total) < Fraction(1, 10**places)
        assert part or not weight or abs(Fraction(spend) * weight / total) < Fraction(1, 10**places)
        assert part.as_tuple().exponent == -places


def test_the_first_among_equals_takes_the_cent() -> None:
    thirds = [Fraction(1)] * 3
    assert split(Decimal(100), thirds) == [Decimal("33.34"), Decimal("33.33"), Decimal("33.33")]
    assert split(Decimal(-100), thirds) == [Decimal("-33.34"), Decimal("-33.33"), Decimal("-33.33")]
    assert split(Decimal(100), thirds, 0) == [Decimal(34), Decimal(33), Decimal(33)]
    assert split(Decimal("0.01"), [Fraction(0), Fraction(1)]) == [Decimal(0), CENT]


def test_halves_are_rounded_away_from_zero() -> None:
    assert [money(Fraction(one, 1000)) for one in (5, -5, 15, 4, -4)] == [CENT, -CENT, Decimal("0.02"), 0, 0]
    assert sum(settle([Fraction(1, 3), Fraction(-1, 3), Fraction(1, 200)])) == CENT


centres = st.sampled_from(["S", "T", "U", "p", "q", "r"])
fractions_of_one = st.dictionaries(centres, st.integers(0, 5), max_size=6)


def _shares(rows: dict[str, dict[str, int]], leak: int) -> dict[str, dict[str, Fraction]]:
    return {
        centre: {to: Fraction(one, sum(row.values()) + leak) for to, one in row.items()} if sum(row.values()) + leak else {}
        for centre, row in rows.items()
    }


def _closed(shares: dict[str, dict[str, Fraction]]) -> set[str]:
    """The oracle: pass a unit on for a hundred rounds; where it is all still inside, it never gets out."""
    trapped = set()
    for start in shares:
        held = {start: 1.0}
        for _ in range(100):
            moved: dict[str, float] = {}
            for centre, unit in held.items():
                for to, share in shares[centre].items():
                    if to in shares:
                        moved[to] = moved.get(to, 0.0) + unit * float(share)
            held = moved
        if sum(held.values()) > 0.999:
            trapped.add(start)
    return trapped


@given(
    st.dictionaries(centres, amounts | fine_amounts, max_size=6),
    st.dictionaries(st.sampled_from("STU"), fractions_of_one, max_size=3),
    st.integers(0, 3),
    st.sampled_from(Allocation),
)
def test_totals_and_unallocated_are_the_spend(
    costs: dict[str, Decimal], rows: dict[str, dict[str, int]], leak: int, method: Allocation
) -> None:
    shares = _shares(rows, leak)
    spend = money(sum((Fraction(one) for one in costs.values()), Fraction(0)))
    loop = _closed(shares) if method is Allocation.RECIPROCAL else set()
    if loop:
        with pytest.raises(InvalidInput, match="closed loop") as refused:
            allocate(costs, shares, method)
        assert {name.removeprefix("shares.") for name in refused.value.fields} == loop
        return
    found = allocate(costs, shares, method)
    assert sum(found.totals.values()) + found.unallocated == spend
    assert found.gross.keys() == shares.keys()
    assert not found.totals.keys() & shares.keys()


def test_reciprocal_by_simultaneous_equations() -> None:
    shares = {"Y": {"Z": Fraction(1, 5), "P": Fraction(4, 5)}, "Z": {"Y": Fraction(3, 10), "P": Fraction(7, 10)}}
    found = allocate({"Y": Decimal(7260), "Z": Decimal(4000)}, shares, Allocation.RECIPROCAL)
    assert found.gross == whole(Y=9000, Z=5800)
    assert found.totals == whole(P=11_260)
    assert found.unallocated == 0


def test_the_order_of_step_down_matters_and_is_kept() -> None:
    shares = {"Y": {"Z": Fraction(1, 2), "P": Fraction(1, 2)}, "Z": {"Y": Fraction(1, 2), "Q": Fraction(1, 2)}}
    costs = {"Y": Decimal(100), "Z": Decimal(100)}
    first = allocate(costs, shares, Allocation.STEP_DOWN, ["Y", "Z"])
    assert (first.gross, first.totals) == (whole(Y=100, Z=150), whole(P=50, Q=150))
    other = allocate(costs, shares, Allocation.STEP_DOWN, ["Z", "Y"])
    assert (other.gross, other.totals) == (whole(Y=150, Z=100), whole(P=150, Q=50))


def test_who_serves_only_service_centres_out_of_reach_is_unallocated() -> None:
    shares = {"Y": {"Z": Fraction(1)}, "Z": {"P": Fraction(1)}}
    found = allocate({"Y": Decimal(10), "Z": Decimal(5)}, shares, Allocation.DIRECT)
    assert found.totals == whole(P=5)
    assert found.unallocated == 10


@given(
    st.integers(1, 5).flatmap(
        lambda n: st.lists(
            st.lists(st.fractions(-9, 9, max_denominator=9), min_size=n + 1, max_size=n + 1), min_size=n, max_size=n
        )
    )
)
def test_a_solution_solves(rows: list[list[Fraction]]) -> None:
    matrix, right = [row[:-1] for row in rows], [row[-1] for row in rows]
    try:
        found = solve(matrix, right)
    except InvalidInput:
        return
    assert [sum((a * x for a, x in zip(row, found, strict=True)), Fraction(0)) for row in matrix] == right


assets = st.builds(
    lambda cost, part, months, day: Asset(cost, (cost * part / 100).quantize(CENT), Fraction(months, 12), day),
    st.decimals(0, 10**7, places=2), st.integers(0, 100), st.integers(1, 240), st.dates(date(1990, 1, 1), date(2100, 12, 31)),
)  # fmt: skip
year_ends = st.dates(date(2000, 1, 1), date(2000, 12, 31)).map(lambda day: YearEnd(day.month, day.day))


@given(assets, year_ends)
def test_straight_line_writes_off_all_but_salvage(asset: Asset, year_end: YearEnd) -> None:
    found = schedule(asset, year_end=year_end)
    assert sum(one.amount for one in found) == asset.cost - asset.salvage
    assert found[-1].book_value == asset.salvage
    assert all(one.amount >= 0 for one in found)
    assert [one.year for one in found] == list(range(found[0].year, found[0].year + len(found)))
    assert asset.in_service.year <= found[0].year <= asset.in_service.year + 1
    assert asset.years <= len(found) <= asset.years + 2


@given(assets, year_ends, st.none() | st.fractions("0.01", 1, max_denominator=100))
def test_declining_balance_never_goes_below_salvage(asset: Asset, year_end: YearEnd, rate: Fraction | None) -> None:
    found = schedule(asset, Depreciation.DECLINING_BALANCE, year_end=year_end, rate=rate)
    assert all(one.amount >= 0 and one.book_value >= asset.salvage for one in found)
    assert asset.cost - sum(one.amount for one in found) == found[-1].book_value


@pytest.mark.parametrize(
    ("day", "year_end", "first"),
    [
        (date(2010, 3, 4), YearEnd(12, 31), (2010, 297)),
        (date(2010, 1, 1), YearEnd(12, 31), (2010, 360)),
        (date(2010, 12, 31), YearEnd(12, 31), (2010, 1)),
        (date(2010, 1, 31), YearEnd(12, 31), (2010, 331)),
        (date(2010, 8, 1), YearEnd(6, 30), (2011, 330)),
        (date(2010, 4, 5), YearEnd(4, 5), (2010, 1)),
        (date(2010, 4, 6), YearEnd(4, 5), (2011, 360)),
        (date(2011, 2, 28), YearEnd(2, 29), (2011, 1)),
        (date(2012, 2, 29), YearEnd(2, 28), (2012, 1)),
    ],
)
def test_the_first_year_is_prorated_by_30_360(day: date, year_end: YearEnd, first: tuple[int, int]) -> None:
    charge = schedule(Asset(Decimal(3600), Decimal(0), Fraction(10), day), year_end=year_end)[0]
    assert (charge.year, int(charge.amount)) == first


def test_twice_the_straight_line_unless_told() -> None:
    asset = Asset(Decimal(1000), Decimal(100), Fraction(5), date(2020, 1, 1))
    amounts = [one.amount for one in schedule(asset, Depreciation.DECLINING_BALANCE)]
    assert amounts == [400, 240, 144, Decimal("86.40"), Decimal("29.60")]
