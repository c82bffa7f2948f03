"""What resembles a contact: ranked by shared CI, service and words, with the reason; bounded, whatever the size of the desk."""

from __future__ import annotations

import pytest

from deskterm.service_desk.schema import Likeness
from deskterm.service_desk.similar import MOST_WORDS, articles, open_work, significant
from tests.desks import Cast
from tests.hostile import PAYLOADS

WORDS = [
    ("The VPN gateway is down", False, ("vpn", "gateway", "down")),
    ("Drucker geht nicht mehr", False, ("drucker",)),
    ("please help", False, ()),
    ("mail mail MAIL", False, ("mail",)),
    ("vpn ga", True, ("vpn", "ga")),
    ("vpn g", True, ("vpn",)),
    ("vpn th", True, ("vpn", "th")),
    ("", True, ()),
]


@pytest.mark.parametrize(("text", "typing", "words"), WORDS)
def test_only_words_that_say_something_are_looked_for(text: str, typing: bool, words: tuple[str, ...]) -> None:
    assert significant(text, typing=typing) == words


def test_a_long_text_is_cut_to_a_few_words() -> None:
    assert len(significant(" ".join(f"word{i}" for i in range(500)))) == MOST_WORDS


def test_open_work_is_ranked_by_ci_service_and_words(any_cast: Cast) -> None:
    cast = any_cast
    bob = cast.as_("bob")
    same_ci = cast.incident(summary="No connection from home", ci="vpn-gw-1", service="Workplace")
    words = cast.incident(summary="VPN gateway drops every session")
    some = cast.incident(summary="Gateway to the garage")
    in_text = cast.incident(summary="Cannot work", description="the vpn says no")
    cast.incident(summary="Printer jams")
    done = cast.incident(summary="VPN gateway down", assignee="bob")
    bob.act(done, "resolve", {"code": "solved", "solution": "rebooted"})
    found = open_work(bob, Likeness("VPN gateway down ", ci="vpn-gw-1", service="Workplace"))
    assert [one.number for one in found] == [same_ci, words, some, in_text]
    assert {one.number: one.why for one in found} == {
        same_ci: "same CI, same service",
        words: "vpn, gateway",
        some: "gateway",
        in_text: "in its text",
    }
    assert all(0 < one.score <= 1 for one in found)
    without_ci = open_work(bob, Likeness("VPN gateway down "))
    assert without_ci[0].number == words
    assert same_ci not in [one.number for one in without_ci]
    assert words not in [one.number for one in open_work(bob, Likeness("VPN gateway down ", without=words))]


def test_the_word_being_typed_counts_already(cast: Cast) -> None:
    number = cast.incident(summary="VPN gateway drops every session")
    assert [one.number for one in open_work(cast.as_("bob"), Likeness("gatew"))] == [number]
    assert open_work(cast.as_("bob"), Likeness("gatew ")) == ()


def test_a_similar_record_says_how_many_it_affects_and_who_has_it(cast: Cast) -> None:
    number = cast.incident(assignee="bob", affected=14)
    (found,) = open_work(cast.as_("eve"), Likeness("VPN drops "))
    assert (found.number, found.affected, found.assignee, found.kind) == (number, 14, "bob", "incident")


@pytest.mark.parametrize(
    "likeness", [Likeness(), Likeness("the and for"), Likeness(ci="nowhere"), Likeness(ci="app", service="x")]
)
def test_nothing_to_go_by_finds_nothing(cast: Cast, likeness: Likeness) -> None:
    cast.incident()
    assert open_work(cast.as_("bob"), likeness) == ()
    assert articles(cast.as_("bob"), likeness) == ()


def test_articles_are_found_among_many_tickets_and_only_published_ones(any_cast: Cast) -> None:
    cast = any_cast
    ada = cast.ada
    for i in range(30):
        cast.incident(summary=f"VPN gateway drops {i}")
    known = ada.create(
        "knowledge", {"summary": "VPN drops after sleep", "symptom": "gateway lost", "body": "restart the client"}
    ).number
    draft = ada.create("knowledge", {"summary": "VPN gateway drops", "body": "x"}).number
    other = ada.create("knowledge", {"summary": "Payslip is missing", "body": "ask payroll", "service": "Payroll"}).number
    for number in (known, other):
        ada.act(number, "publish")
    ada.act(known, "use")
    found = articles(cast.as_("bob"), Likeness("VPN gateway drops "))
    assert [one.number for one in found] == [known]
    assert (found[0].affected, found[0].why) == (1, "vpn, drops")
    assert draft not in [one.number for one in found]
    assert [one.number for one in articles(cast.as_("bob"), Likeness("nothing of it ", service="Payroll"))] == [other]


def test_a_requester_sees_no_strangers_work(cast: Cast) -> None:
    cast.incident()
    assert open_work(cast.as_("hank"), Likeness("VPN drops ")) == ()


def test_any_text_may_be_typed(any_cast: Cast) -> None:
    any_cast.incident()
    bob = any_cast.as_("bob")
    for name, text in PAYLOADS.items():
        likeness = Likeness(text, description=text, ci=text, service=text)
        assert len(open_work(bob, likeness)) <= 5, name
        assert len(articles(bob, likeness)) <= 5, name
