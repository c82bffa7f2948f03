"""What a service ought to be, what alone brings it down, what hangs on what, and where the time of an incident went."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskterm.availability import views
from deskterm.availability.life_cycle import PHASES, STAMPS, phases, where_it_went
from deskterm.availability.prediction import cfia, predict
from deskterm.errors import InvalidInput
from deskterm.records import resolve
from tests.availability.outages import ci, on, outage, service
from tests.desks import MONDAY, Cast

HOUR = 3600


def power(cast: Cast) -> str:
    """Make the worked example: power is lost with the mains and (the generator or the relay)."""
    ada = cast.ada
    number = service(ada, "Power")
    for name, fails in (("mains", 3), ("generator", 2), ("relay", 5)):
        ci(ada, name, mtbf_seconds=(100 - fails) * HOUR, mtrs_seconds=fails * HOUR)
    backup = ci(ada, "backup")
    for name in ("generator", "relay"):
        ada.link(backup, "depends-on", _number(cast, name), valid_from=0)
    for name in ("mains", "backup"):
        ada.link(number, "depends-on", _number(cast, name), valid_from=0, group="feeds", need=1)
    return number


def _number(cast: Cast, name: str) -> str:
    return cast.ada.page(cast.ada.prepare(("ci",), f"name:{name}")).rows[0].number


def test_example_d_exactly_from_minimal_cut_sets(any_cast: Cast) -> None:
    number = power(any_cast)
    with any_cast.database.read() as connection:
        node = resolve.by_number(connection, number).id
        found = predict(connection, node, any_cast.clock.now())
        names = resolve.names(connection, {part.node for part in found.parts})
    assert found.unavailability == Fraction(207, 100_000)
    sets = [{names[one].title for one in each} for each in found.cut_sets]
    assert {"mains", "generator"} in sets
    assert {"mains", "relay"} in sets
    assert found.single_points == ()


def test_a_part_without_figures_is_judged_by_its_own_last_year(cast: Cast) -> None:
    number = service(cast.ada, "Shop", A=None)
    outage(cast.ada, "A", on("01", "10:00"), on("01", "11:00"))
    outage(cast.ada, "A", on("01", "20:00"), on("01", "23:00"), cause="planned")
    with cast.database.read() as connection:
        found = predict(connection, resolve.by_number(connection, number).id, MONDAY)
    assert found.unavailability == Fraction(HOUR, 365 * 24 * HOUR)
    assert [part.basis for part in found.parts] == ["history", "no failures"]
    assert len(found.single_points) == 1


def test_the_matrix_says_what_breaks_and_what_an_alternative_takes_over(any_cast: Cast) -> None:
    number = power(any_cast)
    any_cast.ada.link("SVC-00001", "depends-on", _number(any_cast, "relay"), valid_from=0)
    with any_cast.database.read() as connection:
        services = [resolve.by_number(connection, one).id for one in (number, "SVC-00001")]
        found = cfia(connection, services, any_cast.clock.now())
        ids = {name: resolve.by_number(connection, _number(any_cast, name)).id for name in ("mains", "relay", "generator")}
    assert [found.cells.get((ids[name], services[0])) for name in ids] == ["A", "A", "A"]
    assert found.cells[ids["relay"], services[1]] == "X"
    assert found.cis[0] in (ids["relay"], resolve_vpn(any_cast))


def resolve_vpn(cast: Cast) -> int:
    with cast.database.read() as connection:
        return resolve.by_number(connection, "CI-00001").id


def test_the_detail_of_a_service_sets_predicted_beside_measured(cast: Cast) -> None:
    number = power(cast)
    found = views.detail(cast.ada, number, MONDAY - 24 * HOUR, MONDAY)
    assert (found.predicted, found.withheld) == (Fraction(100) - Fraction(207, 1000), "")
    assert any("mains fails" in line for line in found.tree)
    assert views.services(cast.ada, MONDAY - 24 * HOUR, MONDAY)[0].figures.agreed_seconds == 24 * HOUR


stamps = st.fixed_dictionaries(dict.fromkeys(STAMPS, st.none() | st.integers(0, 1_000)))


@given(st.lists(stamps, max_size=5))
def test_phases_never_overlap_and_add_up(cycles: list[dict[str, int | None]]) -> None:
    for cycle in cycles:
        found = phases(cycle)
        assert all(one.end <= other.start for one, other in pairwise(found))
    assert where_it_went(cycles).total == sum(one.seconds for cycle in cycles for one in phases(cycle))
    assert set(where_it_went(cycles).seconds) == set(PHASES)


def test_the_desk_stamps_what_actions_tell_and_refuses_what_runs_backwards(any_cast: Cast) -> None:
    bob = any_cast.as_("bob")
    number = any_cast.incident(occurred_at=MONDAY - HOUR)
    assert bob.show(number).values["detected_at"] == MONDAY
    any_cast.clock.advance(2 * HOUR)
    bob.edit(number, {"diagnosed_at": MONDAY + HOUR})
    with pytest.raises(InvalidInput, match="repaired_at lies before diagnosed_at"):
        bob.edit(number, {"repaired_at": MONDAY + HOUR - 1})
    with pytest.raises(InvalidInput, match="in the future"):
        bob.edit(number, {"repaired_at": MONDAY + 9 * HOUR})
    bob.act(number, "resolve", {"code": "solved", "solution": "Restarted"})
    assert bob.show(number).values["restored_at"] == MONDAY + 2 * HOUR
    bob.act(number, "reopen")
    assert bob.show(number).values["restored_at"] is None
