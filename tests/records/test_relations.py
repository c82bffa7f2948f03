"""Links by hand: who may make them, which make sense, and which only a field or an action makes."""

from __future__ import annotations

from typing import Any

import pytest

from deskterm.errors import InvalidInput, NotAllowed
from deskterm.kinds import declared
from deskterm.records import relations, store
from deskterm.relation_words import BY_FIELD, SYNONYMS, fitting
from tests.change.changing import assessing, board
from tests.desks import MONDAY, Cast


def test_both_ends_of_a_link_must_be_the_actors_to_link(any_cast: Cast) -> None:
    number, bob = any_cast.incident(), any_cast.as_("bob")
    with pytest.raises(NotAllowed, match="may not link an agent"):
        bob.link(number, "related", "AGT-00001")
    any_cast.ada.link(number, "related", "AGT-00001")
    with pytest.raises(NotAllowed, match="may not link an agent"):
        bob.unlink(number, "related", "AGT-00001")


def test_a_relation_that_a_field_keeps_is_for_whoever_may_edit_both_ends(any_cast: Cast) -> None:
    sam, ada = any_cast.as_("sam"), any_cast.ada
    number = any_cast.incident()
    with pytest.raises(NotAllowed):
        sam.link("AGT-00005", "member-of", "TEAM-00001")
    with pytest.raises(InvalidInput, match="member-of links agent and team, and nothing else"):
        ada.link(number, "member-of", "TEAM-00001")
    assert ada.link("AGT-00005", "member-of", "TEAM-00001")
    assert "teams" in ada.show("AGT-00005").values
    ada.unlink("AGT-00005", "member-of", "TEAM-00001")


@pytest.mark.parametrize(("relation", "action"), [("merged-into", "merge"), ("split-from", "split")])
def test_what_an_action_leaves_behind_is_made_by_that_action_alone(cast: Cast, relation: str, action: str) -> None:
    one, two = cast.incident(), cast.incident()
    with pytest.raises(InvalidInput, match=f"take that action|{action}"):
        cast.ada.link(one, relation, two)
    cast.ada.act(one, "merge", {"into": two})
    with pytest.raises(InvalidInput):
        cast.ada.unlink(one, relation, two)


def test_a_family_is_of_one_kind_of_work_and_has_no_circles(any_cast: Cast) -> None:
    bob = any_cast.as_("bob")
    one, two, three = (any_cast.incident() for _ in range(3))
    request = bob.create("request", {"summary": "A chair"}).number
    with pytest.raises(InvalidInput, match="work of one kind"):
        bob.link(one, "child-of", request)
    bob.link(one, "child-of", two)
    bob.link(two, "child-of", three)
    for ancestor in (two, three):
        with pytest.raises(InvalidInput, match="no circles"):
            bob.link(ancestor, "child-of", one)


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"valid_from": MONDAY, "valid_until": MONDAY}, "until"),
        ({"valid_until": MONDAY - 1}, "until"),
        ({"group": "db", "need": 0}, "need"),
        ({"group": "db", "need": 1_001}, "need"),
        ({"need": 1}, "group"),
        ({"group": "x" * 81, "need": 1}, "group"),
    ],
)
def test_dates_and_groups_of_a_link_make_sense(cast: Cast, options: dict[str, Any], field: str) -> None:
    one, two = cast.incident(), cast.incident()
    with pytest.raises(InvalidInput) as refusal:
        cast.as_("bob").link(one, "related", two, **options)
    assert field in refusal.value.fields


def test_the_same_bounded_link_twice_changes_nothing(any_cast: Cast) -> None:
    one, two, bob = any_cast.incident(), any_cast.incident(), any_cast.as_("bob")
    assert bob.link(one, "related", two, valid_until=MONDAY + 60)
    assert not bob.link(one, "related", two, valid_until=MONDAY + 60)
    assert bob.link(one, "related", two, valid_until=MONDAY + 90)
    assert len(bob.show(one).links) == 2


def test_only_declared_words_link_and_a_refusal_lists_those_that_fit_the_two(any_cast: Cast) -> None:
    one, two, bob = any_cast.incident(), any_cast.incident(), any_cast.as_("bob")
    with pytest.raises(InvalidInput, match="befriends is no relation; from an incident to an incident there are: affects, caus"):
        bob.link(one, "befriends", two)
    with pytest.raises(
        InvalidInput, match=r"child-of does not lead from an incident to a ci; .* there are: affects, caused-by, rel"
    ):
        bob.link(one, "child-of", "CI-00001")
    with pytest.raises(InvalidInput) as refusal:
        any_cast.ada.link("CI-00001", "runs", "CI-00001")
    assert "depends-on" in refusal.value.message
    assert "member-of" not in refusal.value.message
    assert bob.link(one, "related", two)
    assert [line.relation for line in bob.show(one).links] == ["relates-to"]
    bob.unlink(one, "related", two)
    with any_cast.ada.unit("as before words were declared") as unit:
        ends = [bob.show(number).id for number in (one, two)]
        store.connect(unit, ends[0], "befriends", ends[1])
    bob.unlink(one, "befriends", two)
    assert all(line.valid_until is not None for line in bob.show(one).links)


def test_every_relation_that_is_declared_stands_between_kinds_that_there_are() -> None:
    registry = declared()
    assert {"relates-to", "depends-on", "recurrence-of"} <= registry.relations.keys()
    for relation in registry.relations.values():
        pairs = [(one, other) for one in registry for other in registry if relation.fits(one, other)]
        assert pairs, relation.word
        assert all(relation in fitting(registry, one, other) for one, other in pairs)
    assert registry.relations.keys().isdisjoint({*SYNONYMS, *relations.BACKWARDS, *relations.BY_ACTION, *BY_FIELD})
    assert set(SYNONYMS.values()) <= registry.relations.keys()
    words = [one.word for one in fitting(registry, registry.kind("problem"), registry.kind("ci"))]
    assert "affects-ci" in words


def test_what_a_board_decided_on_does_not_change_by_a_link_beside_it(any_cast: Cast) -> None:
    ada = any_cast.ada
    ada.create("ci", {"name": "core-sw", "type": "network-device"})
    board(any_cast, "sue")
    number = assessing(any_cast.as_("bob"))
    any_cast.as_("sue").act(number, "approve")
    for undo in (ada.link, ada.unlink):
        with pytest.raises(InvalidInput, match="changes follows the field cis of a change, on which its board votes; set that"):
            undo(number, "changes", "CI-00002")
    assert ada.edit(number, {"cis": ["vpn-gw-1", "core-sw"]}).state == "assessing"
    assert "changes" not in [one.word for one in fitting(ada.registry, ada.registry.kind("change"), ada.registry.kind("ci"))]
