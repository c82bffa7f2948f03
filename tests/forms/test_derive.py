"""Forms derived from kinds: what is asked when, in which order, and that what is shown reads back as what is stored."""

from __future__ import annotations

from typing import Any

import pytest

from deskterm.fields import Money, Named, Number
from deskterm.forms.derive import MORE, answer_of, fields_for, form_field, write_duration
from deskterm.forms.reading import Reader
from deskterm.forms.schema import Answer, FieldKind, FormField, Option, matching
from deskterm.kinds import Kind, declared

REGISTRY = declared()
KINDS = list(REGISTRY)
NOW = 1_795_356_000
READ = Reader(lambda: NOW, "Europe/Berlin")
NAMES = {7: Named("PER-00007", "Lopez, Maria"), 8: Named("CI-00008", "app-pay-02")}
SAMPLES: dict[FieldKind, list[Any]] = {
    FieldKind.TEXT: ["plain", "semi; colon, comma"],
    FieldKind.LINES: ["one\ntwo"],
    FieldKind.NUMBER: [1],
    FieldKind.SCALE: [1, 2],
    FieldKind.FLAG: [True, False],
    FieldKind.INSTANT: [NOW, NOW + 1],
    FieldKind.DURATION: [0, 59, 5400, 183_845],
    FieldKind.JSON: [{"mon": [["08:00", "18:00"]]}, ["2026-12-25"]],
}


def by_name(fields: tuple[FormField, ...]) -> dict[str, FormField]:
    return {item.name: item for item in fields}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_kind_has_a_form_of_every_sort(kind: Kind) -> None:
    new, edit = fields_for(kind), fields_for(kind, {})
    asked = {item.name for item in kind.fields if not item.derived}
    assert {item.belongs_to for item in edit} == asked
    assert {item.belongs_to for item in new} <= asked
    assert {item.name for item in kind.fields if item.required} <= {item.belongs_to for item in new}
    for action in kind.workflow.actions:
        names = list(dict.fromkeys(item.belongs_to for item in fields_for(kind, {}, action)))
        assert names == [*action.accepts, *(item.name for item in action.inputs)]
    sections = [item.section for item in new]
    assert sections == sorted(sections, key=sections.index), "a section stands in one piece"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_what_a_field_shows_reads_back_as_what_is_stored(kind: Kind) -> None:
    for item in kind.fields:
        shown = form_field(item, None, NAMES, READ.tz)
        chosen: list[Any] = [option.value for option in shown.options]
        samples = [0, 5, -123_450] if isinstance(item.type, Money) else SAMPLES.get(shown.kind, [])
        samples = [0.0, 12.5, 1 / 3, 640.0] if isinstance(item.type, Number) else samples
        for value in chosen if shown.kind is FieldKind.CHOICE else samples:
            if shown.kind is FieldKind.NUMBER and value < (shown.low or 0):
                continue
            reading = READ(shown, answer_of(item.type, value, NAMES, READ.tz))
            assert not reading.error
            assert reading.value == value or item.type.parse(reading.value) == value, (item.name, value)


def test_a_reference_reads_back_as_the_number_of_its_record() -> None:
    incident = REGISTRY.kind("incident")
    fields = by_name(fields_for(incident, {"requester": 7, "ci": 8, "service": 99}, names=NAMES))
    assert fields["requester"].answer == Answer("Lopez, Maria", {"Lopez, Maria": "PER-00007"})
    assert READ(fields["requester"], fields["requester"].answer).value == "PER-00007"
    assert fields["ci"].refers == ("ci",)
    assert fields["service"].answer == Answer()


def test_a_new_incident_asks_neither_how_it_ended_nor_what_only_a_major_one_has() -> None:
    fields = by_name(fields_for(REGISTRY.kind("incident")))
    assert not {"code", "solution", "review", "commander", "update_minutes", "state", "due_at"} & fields.keys()
    assert fields["summary"].required
    assert fields["impact"].answer.text == "3 low"
    assert fields["channel"].answer.text == "phone"
    assert fields["occurred_at"].placeholder == "now"
    assert fields["external_key"].section == MORE
    assert [o.value for o in fields["category"].options][:2] == ["hardware", "software"]


def test_editing_asks_all_of_it_and_holds_what_is_stored() -> None:
    fields = by_name(fields_for(REGISTRY.kind("incident"), {"summary": "x", "code": "solved", "tags": ["a", "b"]}))
    assert fields["code"].answer.text == "solved"
    assert fields["tags"].answer.text == "a, b"
    assert fields["impact"].answer.text == ""


def test_an_action_asks_what_it_demands_takes_and_needs() -> None:
    incident = REGISTRY.kind("incident")
    resolve = fields_for(incident, {"code": "solved"}, incident.workflow.action("resolve"))
    assert [(item.name, item.required) for item in resolve] == [("code", True), ("solution", True), ("children", False)]
    assert resolve[0].answer.text == "solved"
    assert {item.section for item in resolve} == {""}
    pend = by_name(fields_for(incident, {}, incident.workflow.action("pend")))
    assert pend["reason"].required
    assert pend["until"].future
    assert pend["message"].kind is FieldKind.LINES


def field(kind: FieldKind, **rest: Any) -> FormField:
    return FormField("x", "X", kind, **rest)


THREE = (Option("1", "1 high"), Option("2", "2 medium"), Option("3", "3 low"))
PENDING = (Option("caller", "caller"), Option("change", "change"), Option("problem", "problem"))
TYPED = [
    (field(FieldKind.SCALE, options=THREE), "2", 2),
    (field(FieldKind.SCALE, options=THREE), "HIGH", 1),
    (field(FieldKind.SCALE, options=THREE), "lo", 3),
    (field(FieldKind.CHOICE, options=PENDING), "pro", "problem"),
    (field(FieldKind.CHOICE, options=PENDING), "Caller", "caller"),
    (field(FieldKind.FLAG), "y", True),
    (field(FieldKind.FLAG), "No", False),
    (field(FieldKind.NUMBER, low=1, high=9), " 7 ", 7),
    (field(FieldKind.DURATION), "1:30", 5400),
    (field(FieldKind.DURATION), "1H 30M", 5400),
    (field(FieldKind.LIST), "vpn, , dock 4", ["vpn", "dock 4"]),
    (field(FieldKind.LIST), '["a,b"]', ["a,b"]),
    (field(FieldKind.REFERENCES), "ada; bob ;", ["ada", "bob"]),
    (field(FieldKind.JSON), '{"a": 1}', {"a": 1}),
    (field(FieldKind.TEXT), "  x ", "x"),
    (field(FieldKind.TEXT), "   ", None),
]


@pytest.mark.parametrize(("asked", "text", "value"), TYPED, ids=[f"{row[0].kind}-{row[1]}" for row in TYPED])
def test_what_is_typed_is_understood(asked: FormField, text: str, value: object) -> None:
    reading = READ(asked, Answer(text))
    assert (reading.value, reading.error) == (value, "")


WRONG = [
    (field(FieldKind.SCALE, options=THREE), "4", "must be one of 1 high, 2 medium, 3 low"),
    (field(FieldKind.CHOICE, options=PENDING), "c", "could mean caller, change"),
    (field(FieldKind.FLAG), "perhaps", "must be yes or no"),
    (field(FieldKind.NUMBER, low=1, high=9), "10", "must be a whole number from 1 to 9"),
    (field(FieldKind.NUMBER, low=1, high=9), "9" * 5000, "must be a whole number from 1 to 9"),
    (field(FieldKind.DURATION), "soon", "must be a duration such as 90s, 15m, 4h or 1h 30m"),
    (field(FieldKind.JSON), '{"a": }', "is not JSON: expecting value (line 1, column 7)"),
    (field(FieldKind.JSON), "[" * 90_000, "is nested too deeply"),
    (field(FieldKind.LIST), "[" * 90_000, ""),
    (field(FieldKind.INSTANT), "soon", ""),
]


@pytest.mark.parametrize(("asked", "text", "error"), WRONG, ids=[f"{row[0].kind}-{row[1][:9]}" for row in WRONG])
def test_what_is_wrong_is_said_in_words(asked: FormField, text: str, error: str) -> None:
    said = READ(asked, Answer(text)).error
    assert said
    assert said == error or not error


def test_options_that_begin_with_the_text_come_first() -> None:
    options = (Option("a", "remote access"), Option("b", "access card"), Option("c", "mail", "access by web"))
    assert [o.value for o in matching(options, "acc")] == ["b", "a", "c"]
    assert matching(options, "zzz") == ()
    assert matching(options, "") == options


@pytest.mark.parametrize(("seconds", "text"), [(0, "0s"), (45, "45s"), (5400, "1h 30m"), (187_200, "2d 4h")])
def test_durations_are_written_exactly(seconds: int, text: str) -> None:
    assert write_duration(seconds) == text


def test_questions_of_one_field_are_one_choice_each_with_what_an_answer_is_worth() -> None:
    change = REGISTRY.kind("change")
    stored = {"complexity": "medium", "supplier_present": 2}
    asked = [item for item in fields_for(change, {"risk_answers": stored}) if item.of == "risk_answers"]
    assert [item.question for item in asked] == ["complexity", "experience", "users", "tested", "backout_tested", "timing"]
    assert {item.kind for item in asked} == {FieldKind.CHOICE}
    assert (asked[0].answer.text, asked[1].answer.text) == ("medium", "")
    assert [(one.value, one.detail) for one in asked[0].options] == [
        ("low", "0 of 10 points"), ("medium", "5 of 10 points"), ("high", "10 of 10 points"),
    ]  # fmt: skip
    assert READ(asked[2], Answer("ma")).echo == "many, 7 of 10 points"
    assert all(item.whole == stored for item in asked), "answers to questions that no form asks go along"
