"""Failures on a real desk: through dated relations and groups, services of CIs, circles; and what open incidents say."""

from __future__ import annotations

from typing import Any

import pytest

from deskterm.configuration import graph
from deskterm.configuration.impact import affected_services, impact_of, standing_of
from deskterm.errors import InvalidInput, NotAllowed, NotFound
from deskterm.explanations import explain
from deskterm.reports import Period, run
from tests.configuration.estates import ci, payroll
from tests.desks import MONDAY, Cast

DAY = 86_400


def hit(cast: Cast, number: str) -> dict[str, tuple[bool, str]]:
    """Return what the failure of a node does: by name whether it breaks, and the redundancy afterwards."""
    return {one.node.title: (one.breaks, one.redundancy) for one in impact_of(cast.ada, number).effects}


def test_killing_nodes_of_two_of_three_degrades_and_then_breaks(any_cast: Cast) -> None:
    numbers = payroll(any_cast)
    assert hit(any_cast, numbers["node-1"]) == {"cluster": (False, "2/3 up"), "Payroll": (False, "1/1 up")}
    any_cast.ada.edit(numbers["node-1"], {"status": "in-repair"})
    standing = standing_of(any_cast.ada, numbers["cluster"])
    assert standing.node.state == "degraded"
    nodes = next(need for need in standing.needs if need.group == "nodes")
    assert (nodes.redundancy, nodes.is_spof, nodes.need) == ("2/3 up", True, 2)
    assert [[node.title for node in path] for path in standing.causes] == [["node-1", "cluster"]]
    assert standing_of(any_cast.ada, "SVC-00002").node.state == "degraded"
    assert hit(any_cast, numbers["node-2"]) == {"cluster": (True, "1/3 up"), "Payroll": (True, "0/1 up")}
    any_cast.ada.edit(numbers["node-2"], {"status": "in-repair"})
    assert standing_of(any_cast.ada, "SVC-00002").node.state == "down"
    any_cast.ada.act(numbers["node-1"], "deploy")
    assert standing_of(any_cast.ada, "SVC-00002").node.state == "degraded"


def test_what_only_uses_could_be_degraded_and_paths_are_told(any_cast: Cast) -> None:
    numbers = payroll(any_cast)
    found = impact_of(any_cast.ada, numbers["db-pay"])
    assert [(one.node.title, one.breaks) for one in found.effects] == [("cluster", True), ("Payroll", True), ("report", False)]
    assert [[node.title for node in one.path] for one in found.services] == [["db-pay", "cluster", "Payroll"]]
    rack = impact_of(any_cast.ada, numbers["rack"])
    assert {one.node.title for one in rack.breaks} == {"node-1", "node-2", "node-3", "cluster", "Payroll"}


def test_the_service_of_a_ci_needs_it_unless_a_relation_says_how(any_cast: Cast) -> None:
    one, two, laptop = (ci(any_cast, name, service="Payroll") for name in ("a", "b", "laptop"))
    assert hit(any_cast, one) == {"Payroll": (True, "0/1 up")}
    for member in (one, two):
        any_cast.ada.link(member, "part-of", "SVC-00002", group="pair", need=1)
    any_cast.ada.link(laptop, "uses", "SVC-00002")
    assert hit(any_cast, one) == {"Payroll": (False, "1/2 up"), "laptop": (False, "0/1 up")} or hit(any_cast, one) == {
        "Payroll": (False, "1/2 up")
    }
    assert "Payroll" not in hit(any_cast, laptop)
    any_cast.ada.edit(one, {"service": "Workplace"})
    assert hit(any_cast, one)["Workplace"] == (True, "0/1 up")


def test_relations_hold_from_and_until_their_dates(any_cast: Cast) -> None:
    any_cast.clock.at = MONDAY + 10 * DAY
    web, old, new = (ci(any_cast, name) for name in ("web", "old", "new"))
    any_cast.ada.link(web, "depends-on", old, valid_from=MONDAY, valid_until=MONDAY + DAY)
    any_cast.ada.link(web, "depends-on", new, valid_from=MONDAY + DAY)
    with any_cast.database.read() as connection:
        ids = {row.number: row.id for row in any_cast.ada.rows([web, old, new])}
        for at, member in ((MONDAY, old), (MONDAY + DAY - 1, old), (MONDAY + DAY, new), (MONDAY + 9 * DAY, new)):
            assert [need.members for need in graph.direct_needs(connection, [ids[web]], at)] == [(ids[member],)]
        assert graph.direct_needs(connection, [ids[web]], MONDAY - 1) == ()


def test_the_service_a_ci_belonged_to_is_read_for_any_instant(any_cast: Cast) -> None:
    moved = ci(any_cast, "moved", service="Workplace")
    any_cast.clock.at = MONDAY + DAY
    any_cast.ada.edit(moved, {"service": "Payroll"})
    any_cast.clock.at = MONDAY + 2 * DAY
    any_cast.ada.edit(moved, {"status": "retired"})
    with any_cast.database.read() as connection:
        key = any_cast.ada.rows([moved])[0].id

        def owners(at: int) -> list[str]:
            needs = graph.direct_dependants(connection, [key], at)
            return [graph.named(connection, [need.owner])[need.owner].title for need in needs]

        assert owners(MONDAY) == ["Workplace"]
        assert owners(MONDAY + DAY) == ["Payroll"]
        assert owners(MONDAY + 2 * DAY) == []


def test_circles_are_legal_and_shown(any_cast: Cast) -> None:
    a, b, c = (ci(any_cast, name) for name in "abc")
    for one, other in ((a, b), (b, c), (c, a)):
        any_cast.ada.link(one, "depends-on", other)
    found = impact_of(any_cast.ada, a)
    assert {one.node.title for one in found.breaks} == {"b", "c"}
    assert [{node.title for node in ring} for ring in found.circles] == [{"a", "b", "c"}]
    assert standing_of(any_cast.ada, a).node.state == "up"


def test_open_incidents_say_what_is_down_and_what_limps(any_cast: Cast) -> None:
    numbers = payroll(any_cast)
    down = any_cast.incident(ci="db-pay", impact=1, urgency=1)
    standing = standing_of(any_cast.ada, "SVC-00002")
    assert (standing.node.state, [[n.title for n in path] for path in standing.causes]) == (
        "down",
        [["db-pay", "cluster", "Payroll"]],
    )
    assert standing_of(any_cast.ada, numbers["db-pay"]).reasons == (f"down: {down}, priority 1",)
    any_cast.ada.edit(down, {"urgency": 2})
    assert standing_of(any_cast.ada, "SVC-00002").node.state == "degraded"
    any_cast.ada.act(down, "resolve", {"code": "solved", "solution": "Restarted"})
    assert standing_of(any_cast.ada, "SVC-00002").node.state == "up"


def test_an_incident_takes_only_the_services_that_somebody_pins(any_cast: Cast) -> None:
    payroll(any_cast)
    number = any_cast.incident(ci="db-pay")
    ci_id = any_cast.ada.show(number).values["ci"]
    assert [one.node.title for one in affected_services(any_cast.ada, ci_id)] == ["Payroll"]
    assert any_cast.ada.show(number).links == ()
    data: Any = explain(any_cast.ada, number, "affected").data["affected"]
    assert ([one["number"] for one in data["services"]], data["pinned"]) == (["SVC-00002"], [])
    any_cast.as_("bob").link(number, "affects", "SVC-00002")
    any_cast.ada.link(number, "affects", "SVC-00001")
    told = explain(any_cast.ada, number, "affected")
    assert any("SVC-00001" in row[0] and row[4] == "pinned" for part in told.parts for row in part.rows), "beyond the graph too"
    any_cast.ada.unlink(number, "affects", "SVC-00001")
    pinned: Any = explain(any_cast.ada, number, "affected").data["affected"]
    assert pinned["pinned"] == ["SVC-00002"]


def test_an_incident_without_a_ci_says_that_it_has_none_and_what_to_do(any_cast: Cast) -> None:
    payroll(any_cast)
    number = any_cast.incident(ci=None)
    with pytest.raises(NotFound, match=f"{number} names no CI, .* deskterm edit {number} ci=NUMBER, or .* link {number} affects"):
        explain(any_cast.ada, number, "affected")
    assert "affected" not in explain(any_cast.ada, number).data, "unasked, it is no figure of the incident"
    problem = any_cast.ada.create("problem", {"summary": "It is slow"}).number
    with pytest.raises(NotFound, match=f"nobody has said what {problem} affects; .* deskterm link {problem} affects"):
        explain(any_cast.ada, problem, "affected")
    with pytest.raises(NotFound, match="CI-00001 has no figure 'affected'"):
        explain(any_cast.ada, "CI-00001", "affected")
    any_cast.ada.edit(number, {"ci": "db-pay"})
    assert explain(any_cast.ada, number, "affected").data["affected"]["services"]


def test_figures_explain_themselves_as_data(any_cast: Cast) -> None:
    numbers = payroll(any_cast)
    any_cast.ada.edit(numbers["node-1"], {"status": "in-repair"})
    data: Any = explain(any_cast.ada, numbers["cluster"]).data
    group = next(need for need in data["state"]["needs"] if need["group"])
    assert {name: group[name] for name in ("group", "need", "up", "of", "spof", "short")} == {
        "group": "nodes", "need": 2, "up": 2, "of": 3, "spof": True, "short": False,
    }  # fmt: skip
    assert [one["number"] for one in data["impact"]["would_break"]] == ["SVC-00002"]
    points = {row["service"]: row["single_points"] for row in run(any_cast.ada, "cmdb", Period(), {}).data["single_points"]}
    assert [one["name"] for one in points["Payroll"]] == ["cluster", "node-2", "node-3", "db-pay", "rack"]


def test_neither_strangers_nor_other_records_are_asked_about_failures(any_cast: Cast) -> None:
    numbers = payroll(any_cast)
    with pytest.raises(InvalidInput, match="neither a CI nor a service"):
        impact_of(any_cast.ada, any_cast.incident())
    with pytest.raises(NotAllowed):
        impact_of(any_cast.as_("maria"), numbers["rack"])


def test_bad_relations_are_refused_in_words(any_cast: Cast) -> None:
    numbers = payroll(any_cast)
    gone, spare = ci(any_cast, "gone", status="retired"), ci(any_cast, "spare")
    link = any_cast.ada.link
    for source, relation, target, options, said in (
        (spare, "depends-on", gone, {}, "is retired: what is gone carries nothing"),
        (gone, "part-of", spare, {}, "is retired"),
        (spare, "connects-to", numbers["rack"], {"group": "g", "need": 1}, "carries no failure"),
        (numbers["cluster"], "depends-on", spare, {"group": "nodes", "need": 3}, "needs 2 of its members already"),
        (spare, "depends-on", any_cast.incident(), {}, "does not lead from a ci to an incident"),
        (spare, "belongs-to", "SVC-00001", {}, "follows the field service"),
    ):
        with pytest.raises(InvalidInput, match=said):
            link(source, relation, target, **options)
    assert link(spare, "depends-on", gone, valid_from=MONDAY - DAY, valid_until=MONDAY - 1)
    with pytest.raises(InvalidInput, match="set that"):
        any_cast.ada.unlink("CI-00001", "belongs-to", "SVC-00001")


def test_a_group_with_fewer_members_than_it_needs_is_marked(any_cast: Cast) -> None:
    owner, member = ci(any_cast, "owner"), ci(any_cast, "member")
    any_cast.ada.link(owner, "depends-on", member, group="few", need=3)
    need = standing_of(any_cast.ada, owner).needs[0]
    assert (need.is_short, need.redundancy, need.need) == (True, "1/1 up", 3)
    data: Any = explain(any_cast.ada, owner, "state").data["state"]
    assert data["needs"][0]["short"] is True
