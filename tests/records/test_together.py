"""Several records at once: one number however it is spelt, locks in one order, and a lost transaction done again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from deskterm.desk import acting, editing
from deskterm.errors import InvalidInput
from deskterm.records import writing
from deskterm.records.draft import Draft
from deskterm.records.unit import Unit
from tests.desks import Cast


def test_a_number_spelt_twice_is_one_record(any_cast: Cast) -> None:
    one, two, bob = any_cast.incident(), any_cast.incident(), any_cast.as_("bob")
    outcomes = bob.bulk([two, f" {two.lower()} ", one, two], "affect", acting("affect", {}))
    assert [outcome.number for outcome in outcomes] == [two, one]
    assert bob.show(two).values["affected"] == 2


def test_those_who_change_the_same_records_in_other_orders_all_get_through(postgres_cast: Cast) -> None:
    numbers = [postgres_cast.incident() for _ in range(8)]

    def change(turn: int) -> None:
        some = numbers if turn % 2 else numbers[::-1]
        postgres_cast.as_("bob").bulk(some, "edit", editing({"category": f"c{turn}"}))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(change, range(8)))


def test_a_unit_of_work_that_the_database_gave_up_is_done_again(postgres_cast: Cast) -> None:
    one, two = postgres_cast.incident(), postgres_cast.incident()
    other, both_hold_one, waited = {one: two, two: one}, Barrier(2), set[str]()

    def step(unit: Unit, draft: Draft) -> Draft:
        if draft.number not in waited:
            waited.add(draft.number)
            both_hold_one.wait(30)
        writing.fetch(unit, other[draft.number])
        return writing.edit(unit, draft, {"category": "x"})

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda number: postgres_cast.as_("bob").bulk([number], "edit", step), (one, two)))
    assert [postgres_cast.ada.show(number).version for number in (one, two)] == [2, 2]


@pytest.mark.parametrize("key", [1, 10**30, -1, 0, 999_999, True])
def test_an_id_from_outside_is_a_record_of_the_right_kind_or_refused(any_cast: Cast, key: int) -> None:
    number = any_cast.incident()
    with pytest.raises(InvalidInput) as refusal:
        any_cast.as_("bob").edit(number, {"team": key})
    assert set(refusal.value.fields) == {"team"}
    with pytest.raises(InvalidInput):
        any_cast.ada.edit("TEAM-00001", {"members": [2, 10**30]})
