"""The pane beside a list: caller, care, likeness; and whom a record can be handed to."""

from __future__ import annotations

from deskterm.service_desk.assigning import candidates, handing, named
from deskterm.service_desk.glance import glance
from tests.desks import Cast


def test_a_glance_says_who_calls_and_what_is_like_it(cast: Cast) -> None:
    number = cast.incident(summary="Monitor flickers when docked", ci="vpn-gw-1")
    like = cast.incident(summary="Docked monitor flickers again", requester="Hank Scorpio")
    cast.incident(summary="Payroll run stuck")
    cast.incident(summary="Monitor wanted")
    seen = glance(cast.as_("bob"), number)
    assert (seen.caller, seen.vip, seen.caller_open) == ("Maria Lopez", True, 3)
    assert [(row.number, row.kind) for row in seen.similar[:1]] == [(like, "incident")]
    assert "INC-00003" not in [row.number for row in seen.similar]
    assert seen.caller_words == "3 open"


def test_articles_that_may_answer_stand_beside_it(cast: Cast) -> None:
    article = cast.ada.create("knowledge", {"summary": "Monitor flickers when docked", "body": "Update the dock."}).number
    cast.ada.act(article, "publish")
    number = cast.incident(summary="Monitor flickers when docked again", requester=None)
    seen = glance(cast.as_("bob"), number)
    assert (seen.caller, seen.caller_words) == ("", "")
    assert article in [row.number for row in seen.similar]


def test_handing_over_moves_to_a_team_of_theirs_only_where_it_must(cast: Cast) -> None:
    bob = cast.as_("bob")
    everybody = candidates(bob)
    assert {one.name for one in everybody if one.kind == "team"} == {"network", "desk"}
    eve, sue = named(everybody, "eve"), named(everybody, "Sue")
    assert eve is not None
    assert sue is not None
    assert [name for _, name in eve.teams] == ["network"]
    at_desk, at_network = cast.incident(team="desk"), cast.incident(team="network")
    bob.bulk([at_desk, at_network], "assign", handing(eve))
    for number in (at_desk, at_network):
        view = bob.show(number)
        assert view.names[view.values["assignee"]].title == "eve"
        assert view.names[view.values["team"]].title == "network"
    bob.bulk([at_desk], "assign", handing(sue))
    view = bob.show(at_desk)
    assert view.names[view.values["team"]].title == "desk"


def test_a_name_that_two_bear_means_nobody(cast: Cast) -> None:
    cast.ada.create("team", {"name": "eve"})
    assert named(candidates(cast.ada), "eve") is None
