"""Looking up what a reference may name, and who is calling: by number, name, mail, telephone and organisation."""

from __future__ import annotations

import pytest

from deskterm.errors import NotFound
from deskterm.service_desk import callers, lookup
from deskterm.service_desk.telephone import digits_of, endings
from tests.desks import Cast
from tests.hostile import PAYLOADS


def populate(cast: Cast) -> Cast:
    ada = cast.ada
    ada.edit("PER-00001", {"phone": "+49 (30) 1234-567"})
    ada.create(
        "person", {"name": "María Núñez", "email": "m.nunez@acme.example", "phone": "030/99 88 77", "organisation": "Acme"}
    )
    ada.create("person", {"name": "Ana Maria Braun", "email": "braun@globex.example", "organisation": "Globex"})
    ada.create("person", {"name": "Otto"})
    gone = ada.create("person", {"name": "Maria Retired"}).number
    ada.act(gone, "retire")
    return cast


@pytest.fixture
def people(cast: Cast) -> Cast:
    return populate(cast)


FOUND = [
    ("maria", ["Maria Lopez", "María Núñez", "Ana Maria Braun"]),
    ("MARÍA N", ["María Núñez"]),
    ("lop", ["Maria Lopez"]),
    ("lopez maria", ["Maria Lopez"]),
    ("maria@acme", ["Maria Lopez", "María Núñez"]),
    ("maria@acme.example", ["Maria Lopez", "María Núñez"]),
    ("lopez acme", ["Maria Lopez"]),
    ("m.nun", ["María Núñez"]),
    ("PER-00002", ["Hank Scorpio"]),
    ("per-2", ["Hank Scorpio", "Maria Lopez"]),
    ("2", ["Hank Scorpio", "Maria Lopez"]),
    ("123456", ["Maria Lopez"]),
    ("1234 567", ["Maria Lopez"]),
    ("+49 30 1234", ["Maria Lopez"]),
    ("030 998877", ["María Núñez"]),
    ("567", ["Maria Lopez"]),
    ("67", []),
    ("acme", ["Maria Lopez", "María Núñez"]),
    ("glo", ["Hank Scorpio", "Ana Maria Braun"]),
    ("retired", []),
    ("zzz", []),
    ("", []),
    ("   ", []),
    ('" OR "a', []),
    ("%", []),
]


def test_who_a_text_may_mean(any_cast: Cast) -> None:
    bob = populate(any_cast).as_("bob")
    found = {text: sorted(one.name for one in callers.callers(bob, text)) for text, _ in FOUND}
    assert found == {text: sorted(names) for text, names in FOUND}


def test_the_beginning_of_a_name_comes_before_its_middle(people: Cast) -> None:
    assert [one.name for one in callers.callers(people.as_("bob"), "maria")][-1] == "Ana Maria Braun"


def test_a_caller_says_what_tells_them_from_others(people: Cast) -> None:
    people.incident()
    people.incident()
    (option,) = callers.caller_options(people.as_("bob"), "lopez")
    assert (option.value, option.label, option.mark) == ("PER-00001", "Maria Lopez", "VIP")
    assert option.detail == "Acme · maria@acme.example · 2 open"


def test_no_more_than_eight_are_offered_and_a_changed_number_is_found_by_its_new_digits(cast: Cast) -> None:
    for i in range(20):
        cast.ada.create("person", {"name": f"Smith {i:02}", "phone": f"555-{i:04}"})
    bob = cast.as_("bob")
    assert [one.name for one in callers.callers(bob, "smith")] == [f"Smith {i:02}" for i in range(8)]
    assert [one.name for one in callers.callers(bob, "5550017")] == ["Smith 17"]
    number = callers.callers(bob, "5550017")[0].number
    cast.ada.edit(number, {"phone": "777 0000"})
    assert callers.callers(bob, "5550017") == ()
    assert [one.name for one in callers.callers(bob, "7770")] == ["Smith 17"]


@pytest.mark.parametrize("login", ["maria", "hank"])
def test_a_requester_looks_nobody_up(people: Cast, login: str) -> None:
    desk = people.as_(login)
    assert callers.callers(desk, "maria") == ()
    assert lookup.options(desk, ["person"], "maria") == ()
    with pytest.raises(NotFound):
        callers.card(desk, "PER-00001")


@pytest.mark.parametrize(
    ("text", "digits"),
    [("+49 30 1234", "49301234"), ("0049 30", "4930"), ("(030) 99-88", "309988"), ("123", ""), ("0123", ""), ("12ab34", ""),
     ("", ""), ("1" * 41, ""), ("١٢٣٤", "")],
)  # fmt: skip
def test_what_looks_like_a_telephone_number(text: str, digits: str) -> None:
    assert digits_of(text) == digits


def test_every_ending_of_a_number_is_found_by_its_beginning() -> None:
    assert endings("12-34 56") == ["123456", "23456", "3456"]
    assert endings("123") == []
    assert len(endings("9" * 60)) == 17


def test_a_card_shows_open_work_what_was_and_what_they_work_with(people: Cast) -> None:
    bob = people.as_("bob")
    first = people.incident(ci="vpn-gw-1", service="Workplace")
    second = people.incident(summary="Printer", service="Workplace", impact=1, urgency=1)
    done = people.incident(summary="Mouse", assignee="bob")
    bob.act(done, "resolve", {"code": "solved", "solution": "new mouse"})
    people.ada.edit("PER-00001", {"note": "speaks Spanish"})
    card = callers.card(bob, "PER-00001")
    assert card.caller.open_count == 2
    assert [line.number for line in card.open] == [second, first], "the most urgent first"
    assert [line.number for line in card.recent] == [done]
    assert [(one.name, one.detail) for one in card.services] == [("Workplace", "2×")]  # noqa: RUF001
    assert [one.name for one in card.cis] == ["vpn-gw-1"]
    assert card.note == "speaks Spanish"


@pytest.mark.parametrize("number", ["PER-99999", "INC-00001", "TEAM-00001"])
def test_a_card_of_nobody_is_not_found(people: Cast, number: str) -> None:
    people.incident()
    with pytest.raises(NotFound):
        callers.card(people.as_("bob"), number)


REFERENCES = [
    (["service"], "pay", ["Payroll"]),
    (["service"], "", ["Payroll", "Workplace"]),
    (["ci"], "gw", ["vpn-gw-1"]),
    (["ci"], "vpn-g", ["vpn-gw-1"]),
    (["team", "agent"], "net", ["network"]),
    (["person", "agent"], "han", ["Hank Scorpio", "hank"]),
    (["unheard-of"], "x", []),
    (["service", "unheard-of"], "work", ["Workplace"]),
]


def test_what_a_reference_may_name(any_cast: Cast) -> None:
    bob = any_cast.as_("bob")
    for kinds, text, labels in REFERENCES:
        assert sorted(option.label for option in lookup.options(bob, kinds, text)) == sorted(labels), (kinds, text)


def test_with_nothing_typed_ones_own_comes_first(cast: Cast) -> None:
    bob = cast.as_("bob")
    assert lookup.options(bob, ["agent"], "")[0].label == "bob"
    assert {option.label for option in lookup.options(bob, ["team"], "")[:2]} == {"network", "desk"}


def test_work_is_found_by_number_by_words_and_newest_first(cast: Cast) -> None:
    first, second = cast.incident(), cast.incident(summary="Printer jams")
    bob = cast.as_("bob")
    assert [option.value for option in lookup.options(bob, ["incident"], "")] == [second, first]
    assert [option.value for option in lookup.options(bob, ["incident"], first.lower())] == [first]
    assert [option.value for option in lookup.options(bob, ["incident"], "1")] == [first]
    assert [option.label for option in lookup.options(bob, ["incident"], "jam")] == [f"{second} Printer jams"]


def test_any_text_may_be_looked_up(any_cast: Cast) -> None:
    bob = any_cast.as_("bob")
    for name, payload in PAYLOADS.items():
        assert len(callers.callers(bob, payload)) <= 8, name
        assert len(lookup.options(bob, ["person", "incident"], payload)) <= 8, name
