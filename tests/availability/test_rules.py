"""Availability and attribution: laws that hold for any facts, and the conventions that peers get wrong."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskterm.availability.attribution import attribute
from deskterm.availability.rules import Availability, Facts, Outage, agreed_time, facts, measure
from deskterm.availability.structures import Event, Gate, Structure, downtime, event_names, fails_with_any, needing
from deskterm.errors import InvalidInput
from deskterm.intervals import Spans
from tests.availability.test_fault_trees import NAMES, failed, structures

END = 60
pairs = st.tuples(st.integers(-10, END + 10), st.integers(0, 30)).map(lambda one: (one[0], one[0] + one[1]))
spans = st.lists(pairs, max_size=4).map(Spans.of)
parts_down = st.fixed_dictionaries(dict.fromkeys(NAMES, spans))


def tell(known: Facts, service_time: Spans | None = None) -> Availability:
    return measure(known, 0, END, service_time)


@given(st.lists(pairs, max_size=6), spans, spans, st.none() | spans)
def test_the_figures_of_any_facts_agree(down: list[tuple[int, int]], planned: Spans, unknown: Spans, hours: Spans | None) -> None:
    known = facts([Outage(*one) for one in down], END, planned=planned, unknown=unknown)
    found = tell(known, hours)
    agreed = {at for at in range(END) if hours is None or at in hours}
    lost = {at for at in agreed if any(start <= at < end for start, end in down)}
    assert found.agreed_seconds == len(agreed)
    assert found.downtime_seconds == len(lost) <= sum(end - start for start, end in down)  # union <= sum
    assert found.planned_seconds == len({at for at in lost if at in planned})
    assert found.unknown_seconds == len({at for at in agreed - lost if at in unknown})
    if found.known_seconds == 0:
        assert found.availability is found.availability_excluding_planned is found.availability_known_time is None
    else:
        assert found.availability == Fraction(100 * (len(agreed) - len(lost)), len(agreed))
        assert found.availability_excluding_planned is not None
        assert found.availability_known_time is not None
        assert found.availability_known_time <= found.availability <= found.availability_excluding_planned <= 100
    if found.outages:
        assert found.mtrs_seconds is not None
        assert found.mtbf_seconds is not None
        assert found.mtbsi_seconds == found.mtrs_seconds + found.mtbf_seconds
    else:
        assert found.mtrs_seconds is found.mtbf_seconds is found.mtbsi_seconds is None


@given(structures, parts_down)
def test_downtime_through_a_structure_is_that_of_each_instant(structure: Structure, parts: dict[str, Spans]) -> None:
    down = downtime(structure, parts)
    for at in range(-10, END + 40):
        assert (at in down) == failed(structure, {name for name, spans in parts.items() if at in spans})


@given(st.lists(spans, min_size=1, max_size=5))
def test_a_series_is_no_better_than_any_part_and_no_worse_than_all_together(several: list[Spans]) -> None:
    parts = {str(place): one for place, one in enumerate(several)}
    series = downtime(fails_with_any([Event(name) for name in parts]), parts).seconds
    assert max(one.seconds for one in several) <= series <= sum(one.seconds for one in several)


@given(st.lists(spans, min_size=1, max_size=5), st.data())
def test_k_of_n_is_down_when_fewer_than_k_are_up(several: list[Spans], data: st.DataObject) -> None:
    k = data.draw(st.integers(1, len(several)))
    parts = {str(place): one for place, one in enumerate(several)}
    down = downtime(needing(k, [Event(name) for name in parts]), parts)
    assert down == Spans.of((at, at + 1) for at in range(-10, END + 40) if sum(at not in one for one in several) < k)


@given(structures, parts_down, st.none() | spans)
def test_what_is_attributed_is_the_downtime(structure: Structure, parts: dict[str, Spans], hours: Spans | None) -> None:
    agreed = agreed_time(0, END, hours)
    blame = attribute(structure, parts, agreed)
    assert sum(blame.values()) == (downtime(structure, parts) & agreed).seconds
    assert all(0 < seconds <= (parts[name] & agreed).seconds for name, seconds in blame.items())
    assert set(blame) <= set(event_names(structure))


def test_a_part_that_changed_nothing_bears_no_blame() -> None:
    a, b = Event("a"), Event("b")
    parts = {"a": Spans.between(0, 10), "b": Spans.between(0, 10)}
    shared = Gate(1, (a, Gate(2, (a, b))))
    assert attribute(shared, parts, Spans.between(0, END)) == {"a": 10}


def test_seconds_that_do_not_divide_go_to_the_first_named() -> None:
    parts = {name: Spans.between(0, 10) for name in "abc"}
    assert attribute(fails_with_any([Event(name) for name in "abc"]), parts, Spans.between(0, END)) == {"a": 4, "b": 3, "c": 3}


def test_an_outage_is_a_failure_of_the_period_in_which_it_began() -> None:
    known = facts([Outage(-5, 5), Outage(50, 70)], 100)
    found = tell(known)
    assert (found.downtime_seconds, found.outages, found.is_open) == (15, 1, False)
    later = measure(known, END, 2 * END)
    assert (later.downtime_seconds, later.outages, later.mtrs_seconds) == (10, 0, None)


def test_an_open_outage_lasts_until_now_and_is_flagged() -> None:
    found = tell(facts([Outage(10, 20), Outage(40, None)], 50))
    assert (found.downtime_seconds, found.outages, found.is_open) == (20, 2, True)
    assert tell(facts([Outage(70, None)], 80)).is_open is False


def test_touching_and_overlapping_outages_are_one() -> None:
    assert tell(facts([Outage(0, 10), Outage(10, 20), Outage(5, 15)], END)).outages == 1


def test_an_outage_outside_service_hours_is_none() -> None:
    found = tell(facts([Outage(0, 10)], END), Spans.between(20, 40))
    assert found.availability == 100
    assert found.outages == 0


@pytest.mark.parametrize("end", [0, -1])
def test_a_period_that_does_not_end_after_it_starts_is_refused(end: int) -> None:
    with pytest.raises(InvalidInput, match="later end"):
        measure(Facts(Spans.EMPTY), 0, end)
