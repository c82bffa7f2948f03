"""Samples: one for each instant, in any order, summed up by what changed; resources and what is installed when."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, exc, select, text, update

from data.tables import capacity as t
from deskterm.capacity import rolling, samples
from deskterm.capacity.outlook import outlooks
from deskterm.capacity.rules import Capacity, effective, level_of, steps_of
from deskterm.errors import DeskError, InvalidInput, NotAllowed
from tests.capacity.resources import DAY, HOUR, fill, id_of, resource, run
from tests.desks import MONDAY, Cast, cast_on

DAY_AT = MONDAY - MONDAY % DAY


def rows(cast: Cast, table: Any) -> list[tuple[Any, ...]]:
    with cast.database.read() as connection:
        return [tuple(row)[1:] for row in connection.execute(select(table).order_by(table.c.at))]


def test_hours_and_days_are_summed_up_and_a_late_sample_sums_its_own_up_anew(any_cast: Cast) -> None:
    number = resource(any_cast)
    told = [(DAY_AT + 2 * HOUR, 30.0), (DAY_AT, 10.0), (DAY_AT + 60, 20.0), (DAY_AT, 12.0), (DAY_AT - DAY, 1.0)]
    assert fill(any_cast, number, told, rolled=False) == samples.Tally(created=4, unchanged=1)
    assert run(any_cast, "capacity-roll-up") == 3
    first = (DAY_AT, 2, 12.0, 16.0, 20.0, 20.0)
    assert rows(any_cast, t.resource_hour) == [
        (DAY_AT - DAY, 1, 1.0, 1.0, 1.0, 1.0), first, (DAY_AT + 2 * HOUR, 1, 30.0, 30.0, 30.0, 30.0),
    ]  # fmt: skip
    assert rows(any_cast, t.resource_day)[1] == (DAY_AT, 3, 12.0, 62 / 3, 30.0, 30.0)
    assert run(any_cast, "capacity-roll-up") == 0, "nothing changed"
    assert fill(any_cast, number, told) == samples.Tally(unchanged=5), "telling the same again changes nothing"
    assert fill(any_cast, number, [(DAY_AT + 1, 100.0), (DAY_AT + 2 * HOUR, 3.0)]) == samples.Tally(created=1, corrected=1)
    assert rows(any_cast, t.resource_hour)[1][1:] == (3, 12.0, 44.0, 100.0, 100.0)
    assert rows(any_cast, t.resource_day)[1] == (DAY_AT, 4, 3.0, 33.75, 100.0, 100.0)
    assert not rows(any_cast, t.sample_dirty)
    with any_cast.database.read() as connection:
        assert connection.execute(select(t.resource_reading.c.latest_at, t.resource_reading.c.latest)).one() == (
            DAY_AT + 2 * HOUR, 3.0,
        )  # fmt: skip


pairs = st.lists(st.tuples(st.integers(0, 5 * DAY), st.floats(-1e6, 1e6, width=32)), min_size=1, max_size=60)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=pairs, cut=st.integers(0, 60))
def test_in_whatever_order_and_portions_samples_come_the_sums_are_the_same(
    tmp_path_factory: pytest.TempPathFactory, told: list[tuple[int, float]], cut: int
) -> None:
    unique = sorted(dict(told).items())
    shuffled = [*unique[cut:], *unique[:cut]]
    with cast_on(str(tmp_path_factory.mktemp("any") / "desk.db")) as cast:
        one, other = resource(cast, "one"), resource(cast, "other")
        fill(cast, one, unique)
        fill(cast, other, shuffled[: len(shuffled) // 2])
        fill(cast, other, shuffled[len(shuffled) // 2 :])
        with cast.database.read() as connection:
            for table in (t.resource_hour, t.resource_day, t.sample):
                found = [
                    [tuple(row)[1:] for row in connection.execute(select(table).where(table.c.resource_id == key))]
                    for key in (id_of(cast, one), id_of(cast, other))
                ]
                assert found[0] == found[1]
            assert sum(row[1] for row in rows_of(connection, t.resource_day, id_of(cast, one))) == len(unique)


def rows_of(connection: Any, table: Any, key: int) -> list[tuple[Any, ...]]:
    return [tuple(row)[1:] for row in connection.execute(select(table).where(table.c.resource_id == key))]


def test_what_is_older_than_is_kept_is_forgotten_and_its_days_stay(any_cast: Cast) -> None:
    number = resource(any_cast, keep_samples_days=2, keep_hours_days=5)
    fill(any_cast, number, [(DAY_AT - i * HOUR, float(i)) for i in range(10 * 24)])
    assert run(any_cast, "capacity-retention") == 1
    assert run(any_cast, "capacity-retention") == 0
    assert len(rows(any_cast, t.sample)) == 2 * 24 + 1
    assert len(rows(any_cast, t.resource_hour)) == 5 * 24 + 1
    assert len(rows(any_cast, t.resource_day)) == 11
    left = fill(any_cast, number, [(DAY_AT - 3 * DAY, 5.0), (DAY_AT - DAY, 5.0)])
    assert left == samples.Tally(corrected=1, left_out=1), "the hour of the first is summed up, and its samples are gone"
    with pytest.raises(InvalidInput, match="older than the 2 days for which samples of RES-00001 are kept"):
        samples.add(any_cast.ada, {"resource": id_of(any_cast, number), "at": DAY_AT - 4 * DAY, "value": 1.0})


def test_samples_that_are_none_are_refused_by_name_and_the_dropped_ones_are_gone(any_cast: Cast) -> None:
    number = resource(any_cast)
    fact = any_cast.ada.registry.facts["sample"]
    for value, why in (
        ("NaN", "value is NaN, which is no measurement"),
        ("-inf", "value is -inf"),
        ("x", "value must be a number"),
    ):
        with pytest.raises(InvalidInput, match=why):
            fact.add(any_cast.ada, {"resource": number, "value": value})
    with pytest.raises(InvalidInput, match="value is required"):
        fact.add(any_cast.ada, {"resource": number})
    with pytest.raises(InvalidInput, match="no field 'when'; it has resource, at, value"):
        fact.add(any_cast.ada, {"resource": number, "value": 1, "when": "now"})
    with pytest.raises(InvalidInput, match="is still to come"):
        fact.add(any_cast.ada, {"resource": number, "value": 1, "at": "2027-01-01"})
    with pytest.raises(NotAllowed, match="bob may not edit a resource"):
        fact.add(any_cast.as_("bob"), {"resource": number, "value": 1})
    assert fact.add(any_cast.ada, {"resource": "fs-01 /data", "value": "12.5"})["done"] == "new"
    assert fact.add(any_cast.ada, {"resource": number, "value": 12.5})["done"] == "unchanged"
    fill(any_cast, number, [(MONDAY - 60, 1e9)])
    assert samples.drop(any_cast.ada, number, MONDAY - 90, MONDAY) == 1
    run(any_cast, "capacity-roll-up")
    assert [row[-1] for row in rows(any_cast, t.resource_day)] == [12.5]
    any_cast.ada.act(number, "retire")
    with pytest.raises(InvalidInput, match="is retired; restore it first"):
        fact.add(any_cast.ada, {"resource": number, "value": 1})


def test_what_was_marked_between_is_summed_up_with_what_was_asked_for(any_cast: Cast) -> None:
    number = resource(any_cast)
    day = DAY_AT - DAY_AT % DAY
    fill(any_cast, number, [(day + i * HOUR, float(i)) for i in range(3)], rolled=False)
    with any_cast.ada.unit("roll-up") as unit:  # the middle hour was marked after the others were looked up
        rolling._roll_stretch(unit.connection, id_of(any_cast, number), [day, day + 2 * HOUR])
    assert [row[0] for row in rows(any_cast, t.resource_hour)] == [day, day + HOUR, day + 2 * HOUR]
    assert [row[1] for row in rows(any_cast, t.resource_day)] == [3]
    assert run(any_cast, "capacity-roll-up") == 0
    with any_cast.ada.unit("roll-up") as unit:  # and another one was quicker
        rolling._roll_stretch(unit.connection, id_of(any_cast, number), [day])
    assert len(rows(any_cast, t.resource_hour)) == 3


def test_samples_that_are_taken_back_leave_the_newest_of_the_others_or_nothing(any_cast: Cast) -> None:
    number, other = resource(any_cast, keep_samples_days=1), resource(any_cast, "other", warn=80)
    fill(any_cast, number, [(MONDAY - i * HOUR, float(i)) for i in range(72)])
    run(any_cast, "capacity-retention")
    kept_from = MONDAY - MONDAY % DAY - DAY
    with pytest.raises(InvalidInput, match=f"{number} are kept since 2026-11-01T00:00:00Z; what is older is summed up already"):
        samples.drop(any_cast.ada, number, kept_from - 1, MONDAY)
    assert samples.drop(any_cast.ada, number, MONDAY - HOUR, MONDAY + 1) == 2
    assert outlooks(any_cast.ada)[0].latest == 2
    samples.drop(any_cast.ada, number, kept_from, MONDAY + 1)
    run(any_cast, "capacity-roll-up")
    (one,) = (one for one in outlooks(any_cast.ada) if one.number == number)
    assert (one.latest_at, one.latest) == (kept_from - HOUR, 34), "the newest hour that is summed up"
    fill(any_cast, other, [(MONDAY - 60, 99.0)])
    run(any_cast, "capacity-watch")
    assert samples.drop(any_cast.ada, other, MONDAY - DAY, MONDAY) == 1
    (one,) = (one for one in outlooks(any_cast.ada) if one.number == other)
    assert (one.latest, one.forecast.withheld) == (None, "no samples")
    with pytest.raises(InvalidInput, match="the stretch ends after it begins"):
        samples.drop(any_cast.ada, other, 5, 5)


def test_every_change_of_capacity_is_kept_with_its_instant_and_sql_cannot_edit_it(any_cast: Cast) -> None:
    number = resource(any_cast)
    any_cast.clock.advance(10 * DAY)
    any_cast.ada.edit(number, {"capacity": 200})
    any_cast.ada.act(number, "set-capacity", {"amount": 150, "from_at": "2026-11-05", "reason": "one shelf more"})
    assert any_cast.ada.show(number).values["capacity"] == 200, "what is installed now came later"
    any_cast.ada.act(number, "set-capacity", {"amount": 300})
    assert any_cast.ada.show(number).values["capacity"] == 300
    with any_cast.database.read() as connection:
        told = [Capacity(row.from_at, row.amount) for row in connection.execute(select(t.resource_capacity))]
    at = any_cast.clock.now()
    assert [one.amount for one in steps_of(told)] == [100, 150, 300], "of two of one instant the later word counts"
    assert [effective(told, moment) for moment in (0, MONDAY, MONDAY + 5 * DAY, at)] == [100, 100, 150, 300]
    with pytest.raises(InvalidInput, match="is still to come"):
        any_cast.ada.act(number, "set-capacity", {"amount": 1, "from_at": "2027-01-01"})
    for statement in (update(t.resource_capacity).values(amount=1), delete(t.resource_capacity)):
        with pytest.raises((exc.DBAPIError, DeskError), match="append-only"), any_cast.database.write() as connection:
            connection.execute(statement)
    journal = any_cast.ada.show(number).journal
    assert any("one shelf more" in (entry.text or "") for entry in journal)


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"warn": 90, "critical": 80}, "the warning is at most the critical threshold"),
        ({"warn": 10, "critical": 20, "direction": "down"}, "the warning is at least the critical threshold"),
        ({"rearm": 50}, "needs a warning or a critical threshold"),
        ({"warn": 80, "rearm": 80}, "the re-arm mark lies below the first threshold"),
        ({"role": "driver"}, "a driver has no capacity"),
        ({"collect_path": "/data"}, "only a disk is measured at a path"),
        ({"warn": 1001}, "warn is percent of the capacity, 1000 at most, or an amount within it"),
        ({"capacity": -1}, "capacity must be a number from 0"),
        ({"capacity": "inf"}, "capacity is inf, which is no measurement"),
    ],
)
def test_a_resource_that_makes_no_sense_is_refused(cast: Cast, values: dict[str, Any], why: str) -> None:
    with pytest.raises(InvalidInput, match=why):
        resource(cast, **values)


def test_thresholds_are_shares_and_an_amount_within_the_capacity_is_read_as_one(cast: Cast) -> None:
    number = resource(cast, capacity=500, warn=400, critical=90)
    shown = cast.ada.show(number).values
    assert (shown["warn"], shown["critical"]) == (80, 90)
    assert (level_of(80, 500), level_of(80, None), level_of(80, 0), level_of(None, 5)) == (400, 80, None, None)


def test_an_amount_that_is_a_threshold_stays_one_when_a_capacity_comes_or_goes(cast: Cast) -> None:
    def marks(number: str) -> list[float]:
        return [cast.ada.show(number).values[name] for name in ("warn", "critical", "rearm")]

    assert marks(resource(cast, "store", capacity=20_000, warn=15_000, critical=19_000, rearm=12_000)) == [75, 95, 60]
    number = resource(cast, "sessions", capacity=None, warn=3_000, critical=4_500, rearm=2_800)
    assert marks(number) == [3_000, 4_500, 2_800]
    cast.ada.act(number, "set-capacity", {"amount": 5_000})
    assert marks(number) == [60, 90, 56]
    cast.ada.edit(number, {"capacity": None})
    assert marks(number) == [3_000, 4_500, 2_800]
    cast.ada.edit(number, {"capacity": 5_000, "warn": 70})
    assert marks(number) == [70, 90, 56]


def test_a_resource_is_for_the_service_of_its_ci_and_is_found_by_its_figures(cast: Cast) -> None:
    number = resource(cast, upgrade_cost="12.50")
    view = cast.ada.show(number)
    assert cast.ada.rows([number], columns=("service",))[0].shown["service"] == "Workplace"
    assert view.values["currency"] == "EUR"
    found = {query: [row.number for row in cast.ada.page(cast.ada.prepare(("resource",), query)).rows] for query in (
        "capacity:>=99.5", "capacity:100", "capacity:<100", "ci:vpn-gw-1", "level:ok",
    )}  # fmt: skip
    assert found == {
        "capacity:>=99.5": [number], "capacity:100": [number], "capacity:<100": [], "ci:vpn-gw-1": [number], "level:ok": [number],
    }  # fmt: skip


def test_one_new_hour_is_looked_up_by_key_whatever_the_history(cast: Cast) -> None:
    with cast.database.read() as connection:
        plan = connection.execute(
            text("EXPLAIN QUERY PLAN SELECT at, value FROM sample WHERE resource_id = 1 AND at >= 2 AND at < 3 ORDER BY at")
        ).all()
    assert "USING PRIMARY KEY (resource_id=? AND at>? AND at<?)" in plan[0].detail
