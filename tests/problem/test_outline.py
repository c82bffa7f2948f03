"""The five whys: rows that grow, move and are judged, each step in the journal; what makes no sense is refused."""

from __future__ import annotations

from typing import Any

import pytest

from deskterm.desk import Desk
from deskterm.errors import DeskError, InvalidInput, WorkflowRefused
from deskterm.problem import outline
from tests.desks import Cast
from tests.problem.test_problems import HELP, error_of, problem


def told(desk: Desk, number: str) -> list[str]:
    view = desk.show(number)
    with desk.database.read() as connection:
        return [f"{line.number} {line.text}" for line in outline.lines(connection, view.id)]


def ask(desk: Desk, number: str, *answers: tuple[str, str]) -> None:
    for under, text in answers:
        desk.act(number, "ask-why", {"text": text, **({"under": under} if under else {})})


def test_answers_stand_under_what_they_explain_and_move(any_cast: Cast) -> None:
    bob = any_cast.as_("bob")
    number = problem(bob, workaround=HELP)
    ask(
        bob,
        number,
        ("", "Sessions end"),
        ("1", "The gateway drops them"),
        ("1.1", "Its table is full"),
        ("1", "A cable"),
        ("", "Heat"),
    )
    assert told(bob, number) == [
        "1 Sessions end",
        "1.1 The gateway drops them",
        "1.1.1 Its table is full",
        "1.2 A cable",
        "2 Heat",
    ]
    bob.act(number, "edit-why", {"why": "1.2", "place": 1, "verdict": "rejected", "evidence": "swapped it"})
    assert told(bob, number)[1:3] == ["1.1 A cable", "1.2 The gateway drops them"]
    bob.act(number, "edit-why", {"why": "2", "under": "1.2.1"})
    assert told(bob, number)[-1] == "1.2.1.1 Heat"
    bob.act(number, "edit-why", {"why": "1.2.1.1", "under": "0", "place": 1})
    assert told(bob, number)[:2] == ["1 Heat", "2 Sessions end"]
    bob.act(number, "drop-why", {"why": "2.1"})
    assert told(bob, number) == ["1 Heat", "2 Sessions end", "2.1 The gateway drops them", "2.1.1 Its table is full"]
    notes = [line.text for line in bob.show(number).journal if line.field == "whys"]
    assert notes[0] == "Why 1: Sessions end"
    assert notes[5] == "Why 1.1 (was 1.2): A cable, rejected: swapped it"
    assert len(notes) == 9
    bob.act(number, "root-cause", {"why": "2.1.1", "root_cause_code": "capacity"})
    view = bob.show(number)
    assert (view.values["root_cause"], view.state, error_of(bob, number) is not None) == (
        "Its table is full",
        "known-error",
        True,
    )
    with bob.database.read() as connection:
        assert outline.lines(connection, view.id)[-1].verdict == "confirmed"


@pytest.mark.parametrize(
    ("action", "values", "says"),
    [
        ("ask-why", {"text": "x", "under": "7"}, "there is no answer '7'"),
        ("ask-why", {}, "ask-why needs text"),
        ("edit-why", {"why": "1", "under": "1.1"}, "does not explain itself"),
        ("edit-why", {"why": "1.1", "verdict": "perhaps"}, "verdict"),
        ("drop-why", {"why": "3"}, "there is no answer '3'"),
        ("root-cause", {"why": "2"}, "was rejected"),
        ("set-whys", {"whys": "[1]"}, "no answer with text"),
    ],
)
def test_what_makes_no_sense_is_refused_and_leaves_the_outline_as_it_was(
    cast: Cast, action: str, values: dict[str, Any], says: str
) -> None:
    bob = cast.as_("bob")
    number = problem(bob)
    ask(bob, number, ("", "A"), ("1", "B"), ("", "C"))
    bob.act(number, "edit-why", {"why": "2", "verdict": "rejected"})
    before, entries = told(bob, number), len(bob.show(number).journal)
    with pytest.raises((InvalidInput, WorkflowRefused), match=says):
        bob.act(number, action, values)
    assert (told(bob, number), len(bob.show(number).journal)) == (before, entries)


def test_a_whole_outline_is_set_and_read_back_alike(any_cast: Cast) -> None:
    bob = any_cast.as_("bob")
    number = problem(bob)
    whole = [
        {"text": "A", "verdict": "confirmed", "evidence": "log", "whys": [{"text": "B", "whys": [{"text": "C"}]}, {"text": "D"}]},
        {"text": "E", "verdict": "rejected"},
    ]
    bob.act(number, "set-whys", {"whys": whole})
    assert told(bob, number) == ["1 A", "1.1 B", "1.1.1 C", "1.2 D", "2 E"]
    with bob.database.read() as connection:
        again = outline.nested(outline.lines(connection, bob.show(number).id))
    entries = len(bob.show(number).journal)
    bob.act(number, "set-whys", {"whys": again})
    assert len(bob.show(number).journal) == entries, "the same outline changes nothing"
    bob.act(number, "set-whys", {"whys": []})
    assert told(bob, number) == []
    for under in ("", *(".".join("1" * depth) for depth in range(1, 8))):
        ask(bob, number, (under, "because"))
    with pytest.raises(WorkflowRefused, match="at most 8 answers deep"):
        ask(bob, number, (".".join("1" * 8), "because"))


def test_an_outline_is_for_those_who_may_work_on_it(cast: Cast) -> None:
    number = problem(cast.as_("bob"))
    for who in ("ron", "maria"):
        with pytest.raises(DeskError):
            cast.as_(who).act(number, "ask-why", {"text": "x"})
