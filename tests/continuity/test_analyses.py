"""Impact analyses: the MTPD follows from the impacts, unrated is not zero, and every objective has one source."""

from __future__ import annotations

from typing import Any

import pytest

from deskterm.continuity.impacts import read_impacts
from deskterm.errors import DeskError, InvalidInput
from deskterm.explanations import explain
from tests.continuity.planning import HOUR, IMPACTS, managed, rated
from tests.desks import Cast

STORED = {"financial": [[0, 1], [14400, 2], [86400, 4]]}


@pytest.mark.parametrize(
    "given",
    [
        IMPACTS,
        {"financial": {"0": 1, "4h": 2, "24h": "severe"}},
        {"financial": [{"after": "24h", "level": 4}, {"after_seconds": 0, "level": "minor"}, {"at": "4h", "impact": 2}]},
        [{"category": "financial", "after": a, "level": n} for a, n in ((0, 1), (14400, 2), (86400, 4))],
    ],
    ids=["pairs", "map", "objects", "list"],
)
def test_impacts_are_read_in_the_forms_people_write(given: object) -> None:
    assert read_impacts(given) == STORED


def test_ratings_without_a_category_are_overall() -> None:
    assert read_impacts([[0, 1], ["1d", 4]]) == {"overall": [[0, 1], [86400, 4]]}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("x", "must be JSON"),
        ({}, "must be JSON"),
        ({"a": 3}, "list of"),
        ({"a": [["soon", 1]]}, "must be a duration"),
        ({"a": [[0, 6]]}, "is no level; there are 0"),
        ({"a": [[0, True]]}, "is no level"),
        ({"a": [[0, 1], [0, 2]]}, "two levels after 0"),
        ({"a": [[-1, 1]]}, "no length of time"),
        ([1], "is no rating"),
        ({"": [[0, 1]]}, "a category has a name"),
    ],
)
def test_bad_impacts_say_what_is_wrong(given: object, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        read_impacts(given)


def test_the_worked_example_through_the_process(any_cast: Cast) -> None:
    desk = managed(any_cast)
    number = rated(desk, rto_seconds="20h", wrt_seconds="6h")
    view = desk.show(number)
    assert view.title == "Impact of losing Payroll"
    assert view.values["impacts"] == STORED
    assert view.values["mtpd_seconds"] == 24 * HOUR
    data = explain(desk, number, "mtpd").data["mtpd"]
    assert (data["mtpd_seconds"], data["gap_seconds"], data["unacceptable"]) == (24 * HOUR, 2 * HOUR, 4)


def test_the_mtpd_follows_the_impacts_and_nothing_else(cast: Cast) -> None:
    desk = managed(cast)
    number = rated(desk)
    with pytest.raises(InvalidInput, match="24:00"):
        desk.edit(number, {"mtpd_seconds": "2h"})
    desk.edit(number, {"unacceptable": 2})
    assert desk.show(number).values["mtpd_seconds"] == 4 * HOUR
    desk.edit(number, {"impacts": {"financial": [[0, 1]]}})
    assert desk.show(number).values["mtpd_seconds"] is None
    desk.edit(number, {"mtpd_seconds": "3d"})
    assert desk.show(number).values["mtpd_seconds"] == 72 * HOUR
    desk.edit(number, {"impacts": {"financial": [[0, 5]]}, "mtpd_seconds": None})
    assert desk.show(number).values["mtpd_seconds"] == 0


def test_zero_is_an_objective_and_nothing_is_none(cast: Cast) -> None:
    desk = managed(cast)
    number = rated(desk, rto_seconds=0, rpo_seconds="0")
    values = desk.show(number).values
    assert (values["rto_seconds"], values["rpo_seconds"], values["wrt_seconds"]) == (0, 0, None)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"service": None}, "needs a service or a CI"),
        ({"ci": "vpn-gw-1"}, "not both"),
        ({"rto_seconds": "-1"}, "rto_seconds"),
        ({"rto_seconds": "soon"}, "must be a duration"),
    ],
)
def test_what_is_wrong_is_refused(cast: Cast, values: dict[str, Any], said: str) -> None:
    desk = managed(cast)
    with pytest.raises(DeskError, match=said):
        rated(desk, **values)


def test_a_service_is_rated_once(any_cast: Cast) -> None:
    desk = managed(any_cast)
    first = rated(desk)
    with pytest.raises(InvalidInput, match=f"{first} rates it already"):
        rated(desk)
    desk.act(first, "retire")
    rated(desk)
    with pytest.raises(InvalidInput, match="rates it already"):
        desk.act(first, "restore")


def test_agents_read_and_managers_write(cast: Cast) -> None:
    number = rated(managed(cast))
    assert cast.as_("bob").show(number).values["mtpd_seconds"] == 24 * HOUR
    with pytest.raises(DeskError, match="continuity-manager"):
        cast.as_("bob").edit(number, {"note": "x"})
    with pytest.raises(DeskError):
        cast.as_("maria").show(number)


def test_risks_are_scored_and_treated(cast: Cast) -> None:
    desk = managed(cast)
    number = desk.create("risk", {"summary": "The cellar floods", "likelihood": 4, "impact": "catastrophic"}).number
    values = desk.show(number).values
    assert (values["score"], values["level"]) == (20, "extreme")
    told = explain(desk, number)
    assert told.parts[0].title == "risk 20, extreme: likelihood 4 × impact 5 (catastrophic)"  # noqa: RUF001
    assert [row for row in told.parts[0].rows if row[2]] == [("extreme", "15 to 25", "this one")]
    with pytest.raises(DeskError, match="measures"):
        desk.act(number, "treat", {"treatment": "reduce"})
    desk.act(number, "treat", {"treatment": "reduce", "measures": "Pump and sensor", "likelihood": 1})
    values = desk.show(number).values
    assert (values["score"], values["level"]) == (5, "medium")
    with pytest.raises(DeskError, match="owner"):
        desk.act(number, "accept", {"reason": "rare"})
    desk.act(number, "reopen", {"reason": "sensor failed"})
    desk.edit(number, {"owner": "max"})
    desk.act(number, "accept", {"reason": "rare"})
    assert desk.show(number).values["treatment"] == "accept"
