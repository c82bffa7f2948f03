"""What a service ought to be, what alone brings it down, what hangs on what, and where the time of an incident went."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskterm.availability import views
from deskterm.availability.cfia import cfia
from deskterm.availability.life_cycle import PHASES, STAMPS, phases, where_it_went
from deskterm.availability.prediction import known_since, predict
from deskterm.clock import format_instant, parse_instant
from deskterm.errors import InvalidInput, NotFound
from deskterm.explanations import explain
from deskterm.records import resolve
from deskterm.reports import Period, run
from tests.availability.outages import ci, on, outage, service
from tests.cli.shell import Shell
from tests.desks import MONDAY, Cast, cast_on

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
        found = predict(connection, [node], any_cast.clock.now())[node]
        names = resolve.names(connection, {part.node for part in found.parts})
    assert found.unavailability == Fraction(207, 100_000)
    sets = [{names[one].title for one in each} for each in found.cut_sets]
    assert {"mains", "generator"} in sets
    assert {"mains", "relay"} in sets
    assert found.single_points == ()


def test_a_prediction_explains_itself(cast: Cast) -> None:
    number = power(cast)
    found = explain(cast.ada, number, "prediction")
    data = found.data["prediction"]
    assert (data["predicted"], data["withheld"]) == (99.793, None)
    assert data["unavailability"] == pytest.approx(0.00207)
    likeliest = data["cut_sets"][0]
    assert (set(likeliest["parts"]), likeliest["probability"]) == ({"mains", "relay"}, 0.0015)
    assert [one["name"] for one in data["parts"][:3]] == ["relay", "mains", "generator"]
    sets, parts = found.parts
    assert sets.title.startswith("prediction 99.79 % = 100 x (1 - 0.00207)")
    assert parts.rows[0] == ("relay", "95.00 %", "fields", "0", "0")
    alone = ci(cast.ada, "alone")
    with pytest.raises(NotFound, match="no figure 'prediction'"):
        explain(cast.ada, alone, "prediction")
    withheld = explain(cast.ada, service(cast.ada, "New", fresh=None), "prediction")
    assert withheld.data["prediction"]["predicted"] is None
    assert withheld.parts[0].title.startswith("prediction withheld: no part has an MTBF")


def test_a_part_without_figures_is_judged_by_its_own_last_year(cast: Cast) -> None:
    number = service(cast.ada, "Shop", A=None)
    outage(cast.ada, "A", on("01", "10:00"), on("01", "11:00"))
    outage(cast.ada, "A", on("01", "20:00"), on("01", "23:00"), cause="planned")
    with cast.database.read() as connection:
        node = resolve.by_number(connection, number).id
        found = predict(connection, [node], MONDAY)[node]
    since = parse_instant(on("01", "10:00"))  # before it was recorded: history was loaded, and reaches back to there
    assert found.unavailability == Fraction(HOUR, MONDAY - since)
    assert [(part.basis, part.observed_seconds) for part in found.parts] == [("history", MONDAY - since), ("no failures", 0)]
    assert len(found.single_points) == 1


@pytest.mark.parametrize(("recorded", "in_service", "first_fact", "since"), [
    (100, None, None, 100), (100, None, 150, 100), (100, None, 40, 40), (100, 130, None, 130), (100, 60, None, 100),
    (100, 60, 80, 60), (100, 60, 40, 40), (100, 130, 120, 120), (100, 130, 130, 130),
])  # fmt: skip
def test_failures_are_known_since_a_part_is_recorded_and_in_service(
    recorded: int, in_service: int | None, first_fact: int | None, since: int
) -> None:
    assert known_since(recorded, in_service, first_fact) == since


def test_a_young_part_is_judged_by_the_time_since_it_is_known_and_the_explanation_says_so(any_cast: Cast) -> None:
    day = 24 * HOUR
    number = service(any_cast.ada, "Shop", A=None)
    any_cast.clock.advance(10 * day)
    now = any_cast.clock.now()
    outage(any_cast.ada, "A", format_instant(now - 36 * HOUR), format_instant(now - 12 * HOUR))
    data = explain(any_cast.ada, number, "prediction").data["prediction"]
    part = next(one for one in data["parts"] if one["name"] == "A")
    assert part == {"name": "A", "availability": 90, "basis": "history", "failures": 1, "observed_seconds": 10 * day}
    assert data["predicted"] == 90
    parts = explain(any_cast.ada, number, "prediction").parts[1]
    assert parts.header[-1] == "days on record"
    assert ("A", "90.00 %", "history", "1", "10") in parts.rows
    any_cast.ada.edit(_number(any_cast, "A"), {"in_service_at": now - 5 * day})
    row = run(any_cast.ada, "prediction", Period(), {"service": "Shop"}).data["rows"][0]
    assert (row["predicted"], row["parts"][0]["observed_seconds"]) == (80, 5 * day)
    any_cast.clock.advance(800 * day)
    found = run(any_cast.ada, "prediction", Period(), {"service": "Shop"}).data["rows"][0]["parts"][0]
    assert (found["basis"], found["observed_seconds"], found["failures"]) == ("no failures", 365 * day, 0)


def test_the_matrix_says_what_breaks_and_what_an_alternative_takes_over(any_cast: Cast) -> None:
    number = power(any_cast)
    any_cast.ada.link("SVC-00001", "depends-on", _number(any_cast, "relay"), valid_from=0)
    with any_cast.database.read() as connection:
        services = [resolve.by_number(connection, one).id for one in (number, "SVC-00001")]
        found = cfia(connection, services, any_cast.clock.now())
        ids = {name: resolve.by_number(connection, _number(any_cast, name)).id for name in ("mains", "relay", "generator")}
    marks = {row.ci: row.marks for row in found}
    assert [marks[ids[name]].get(services[0]) for name in ids] == ["A", "A", "A"]
    assert marks[ids["relay"]][services[1]] == "X"
    assert [(row.breaks, row.weakens) for row in found if row.ci == ids["relay"]] == [(1, 1)]
    assert [row.breaks for row in found] == sorted((row.breaks for row in found), reverse=True)


def test_the_detail_of_a_service_sets_predicted_beside_measured(cast: Cast) -> None:
    number = power(cast)
    found = views.detail(cast.ada, number, MONDAY - 24 * HOUR, MONDAY)
    assert (found.predicted, found.withheld) == (Fraction(100) - Fraction(207, 1000), "")
    assert any("mains fails" in line for line in found.tree)
    assert views.services(cast.ada, MONDAY - 24 * HOUR, MONDAY)[0].figures.agreed_seconds == 24 * HOUR


def test_by_command_line_prediction_and_matrix_are_those_of_the_example(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    shell = Shell(monkeypatch, capsys, tmp_path)
    with cast_on(shell.database) as cast:
        number = power(cast)
    told = json.loads(shell.ok("--json", "report", "prediction", "service=Power"))
    assert [row["number"] for row in told["rows"]] == [number]
    row = told["rows"][0]
    assert (row["predicted"], row["unavailability"], row["known_parts"]) == (99.793, 0.00207, 3)
    pairs = {frozenset(one) for one in row["cut_sets"] if len(one) == 2}
    assert pairs == {frozenset({"mains", other}) for other in ("generator", "relay", "backup")}
    relay = row["parts"][0]
    assert (relay["name"], relay["availability"], relay["basis"], relay["failures"]) == ("relay", 95, "fields", 0)
    assert "99.79 %" in shell.ok("report", "prediction")
    matrix = json.loads(shell.ok("--json", "report", "cfia", "service=Power"))
    assert matrix["services"] == ["Power"]
    assert {one["ci"]: one["cells"] for one in matrix["rows"]}["mains"] == {"Power": "A"}
    assert (
        shell.ok("report", "cfia", "ci=mains", "--format", "csv").splitlines()[0] == "ci,breaks,weakens,Payroll,Power,Workplace"
    )
    for name in ("prediction", "cfia"):
        refused = shell("report", name, "by=ci")
        assert (refused.status, "this report takes service, ci" in refused.err) == (1, True)
        assert shell("report", name, "service=Nowhere").status == 1


def test_the_reports_tell_what_the_graph_was_then(cast: Cast) -> None:
    number = service(cast.ada, "Shop")
    cast.ada.link(number, "depends-on", ci(cast.ada, "A"), valid_from=MONDAY - HOUR)
    for end, marks in ((MONDAY - 2 * HOUR, []), (MONDAY, [("A", "X")])):
        period = Period(end - 24 * HOUR, end)
        rows = run(cast.ada, "cfia", period, {"service": "Shop"}).data["rows"]
        assert [(row["ci"], row["cells"]["Shop"]) for row in rows] == marks
        parts = run(cast.ada, "prediction", period, {"service": "Shop"}).data["rows"][0]["parts"]
        assert len(parts) == 1 + len(marks)


def test_a_service_named_like_a_column_has_one_of_its_own(cast: Cast) -> None:
    service(cast.ada, "breaks", A=None)
    found = run(cast.ada, "cfia", Period(), {"service": "breaks"})
    assert [column.title for column in found.columns] == ["CI", "Breaks", "Weakens", "service breaks"]
    assert list(found.values()) == [["A", 1, 0, "X"]]


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


def test_a_service_of_whose_parts_nothing_is_known_is_not_predicted_but_its_single_points_are_told(cast: Cast) -> None:
    number = service(cast.ada, "Shop", A=None, B={"group": "web", "need": 1}, C={"group": "web", "need": 1})
    with cast.database.read() as connection:
        node = resolve.by_number(connection, number).id
        found = predict(connection, [node], MONDAY)[node]
        names = resolve.names(connection, {part.node for part in found.parts})
    assert (found.availability, found.known_parts) == (None, 0)
    assert "no part has an MTBF" in found.withheld
    assert [names[one].title for one in found.single_points] == ["A"]
