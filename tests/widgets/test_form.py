"""The form, driven by keys: choices, look-ups, times, errors in words, drafts, hostile text, and what a key costs."""

from __future__ import annotations

import pytest
from textual.geometry import Region, Size
from textual.pilot import Pilot

from deskterm.forms.derive import fields_for
from deskterm.forms.schema import Answer, FieldKind, FormField, Option
from deskterm.kinds import declared
from tests.hostile import PAYLOADS, obeyed
from tests.widgets.form_kitchen import NOW, PEOPLE, FormKitchen, kitchen
from tests.widgets.looking import painted
from widgets.form.choosing import WAIT
from widgets.form.drop_down import DropDown
from widgets.form.editors import LineEditor, LinesEditor

SMALL, LARGE = (80, 24), (120, 40)


async def keys(pilot: Pilot[None], *pressed: str) -> None:
    """Press keys; `~` waits until a look-up was asked for and answered."""
    for key in pressed:
        if key == "~":
            await pilot.pause(WAIT * 1.5)
            await pilot.pause()
        else:
            await pilot.press(key)
    await pilot.pause()


def line_of(app: FormKitchen, label: str) -> str:
    return next(line for line in painted(app) if f"{label} " in line.replace("*", " ") and "│" in line)


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_it_starts_in_the_first_field_with_labels_aligned_and_required_marked(size: tuple[int, int]) -> None:
    app = kitchen()
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        assert isinstance(app.focused, LineEditor)
        assert app.focused.field_name == "requester"
        assert "Summary*│" in "\n".join(painted(app))
        assert {line.index("│") for line in painted(app) if "│" in line} == {17}
        assert "─ Contact ─" in "\n".join(painted(app))
        assert not app.form.changed
        assert app.form.changes == {}


async def test_a_reference_is_looked_up_while_typing_and_chosen_with_the_arrows() -> None:
    app = kitchen()
    async with app.run_test(size=SMALL) as pilot:
        await keys(pilot, *"mar", "~")
        assert app.looked_up[-1] == "mar"
        assert app.query_one(DropDown).is_open
        await keys(pilot, "down", "enter")
        assert not app.query_one(DropDown).is_open
        assert app.form.changes == {"requester": "PER-00002"}
        assert "Acme" in line_of(app, "Caller")


async def test_leaving_a_reference_takes_the_choice_that_is_shown() -> None:
    app = kitchen()
    async with app.run_test(size=SMALL) as pilot:
        await keys(pilot, *"mar", "~", "tab")
        assert app.form.changes == {"requester": "PER-00001"}
        assert "VIP" in line_of(app, "Caller")


async def test_two_of_one_name_stay_two() -> None:
    app = kitchen()
    async with app.run_test(size=SMALL) as pilot:
        await keys(pilot, *"maria", "~", "down", "enter")
        assert app.form.changes == {"requester": "PER-00004"}


async def test_a_reference_that_was_changed_after_it_was_chosen_is_looked_up_again() -> None:
    app = kitchen()
    async with app.run_test(size=SMALL) as pilot:
        await keys(pilot, *"mar", "~", "enter", "backspace", "~")
        assert app.looked_up[-1] == "Maria Lope"
        assert app.form.changes == {"requester": "Maria Lope"}


async def test_answers_to_what_was_typed_over_are_left_aside() -> None:
    app = kitchen()
    app.answering = False
    async with app.run_test(size=SMALL) as pilot:
        await keys(pilot, *"mar", "~", *"y ", "~")
        app.form.feed("requester", "mar", PEOPLE[:2])
        await pilot.pause()
        assert not app.query_one(DropDown).is_open
        app.form.feed("requester", "mary", PEOPLE[2:3])
        await pilot.pause()
        assert [o.value for o in app.query_one(DropDown).options] == ["PER-00003"]


@pytest.mark.parametrize(
    ("found", "value", "note"), [(1, "PER-00001", "VIP"), (2, "mar", "2 could be meant"), (0, "mar", "nothing found")]
)
async def test_an_answer_that_comes_after_the_field_was_left_settles_it_or_says_why_not(
    found: int, value: str, note: str
) -> None:
    app = kitchen()
    app.answering = False
    async with app.run_test(size=LARGE) as pilot:
        await keys(pilot, *"mar", "tab")
        assert app.looked_up[-1] == "mar", "leaving asks at once"
        app.form.feed("requester", "mar", PEOPLE[:found])
        await pilot.pause()
        assert app.form.changes["requester"] == value
        assert note in line_of(app, "Caller")
        assert app.focused is not None
        assert app.focused.id == "edit-channel", "and takes no focus"


async def test_choices_are_searched_and_taken_by_leaving_and_the_arrows_show_all() -> None:
    app = kitchen()
    async with app.run_test(size=SMALL) as pilot:
        await keys(pilot, "tab", "w", "tab")
        assert app.form.changes == {"channel": "walk-in"}
        await keys(pilot, "shift+tab", "down", "down", "enter")
        assert app.form.changes == {"channel": "mail"}
        await keys(pilot, "down", "escape")
        assert app.left == [], "the first esc closes the choices"
        assert app.form.changes == {"channel": "mail"}


async def test_usual_values_are_offered_and_others_allowed() -> None:
    app = kitchen()
    async with app.run_test(size=LARGE) as pilot:
        app.form.focus_first("category")
        await keys(pilot, *"ha", "tab")
        assert app.form.changes == {"category": "ha"}, "what was typed stays unless a choice is taken"
        app.form.focus_first("category")
        await keys(pilot, "r", "down", "enter")
        assert app.form.changes == {"category": "hardware"}


async def test_times_are_understood_and_the_understanding_is_said() -> None:
    app = kitchen("incident", "pend")
    async with app.run_test(size=SMALL) as pilot:
        await keys(pilot, "c", "tab", *"+2h")
        assert "Sun 22 Nov 17:00, in 2 h" in line_of(app, "Until")
        await keys(pilot, "tab")
        assert app.form.changes == {"reason": "caller", "until": NOW + 7200}
        await keys(pilot, "shift+tab", "end", "x", "tab")
        assert "✖" in line_of(app, "Until")
        assert "is no time" in line_of(app, "Until")


async def test_saving_says_what_is_wrong_beside_the_field_and_goes_there() -> None:
    app = kitchen()
    async with app.run_test(size=SMALL) as pilot:
        await keys(pilot, "ctrl+s")
        assert app.submitted == []
        assert any("✖ required" in line for line in painted(app))
        assert app.focused is not None
        assert app.focused.id == "edit-summary"
        await keys(pilot, *"VPN", "ctrl+s")
        assert app.submitted == [{"summary": "VPN"}]
        assert not any("✖" in line for line in painted(app))


async def test_errors_of_a_service_land_beside_their_fields_and_are_scrolled_to() -> None:
    app = kitchen()
    async with app.run_test(size=SMALL) as pilot:
        assert app.form.show_errors({"vendor": "is unknown", "elsewhere": "x"})
        await pilot.pause()
        assert "✖ is unknown" in "\n".join(painted(app))
        assert not app.form.show_errors({"elsewhere": "x"})


async def test_ctrl_s_takes_the_choice_that_is_shown_first() -> None:
    app = kitchen("incident", "pend")
    async with app.run_test(size=SMALL) as pilot:
        await keys(pilot, *"sup", "ctrl+s")
        assert app.submitted == [{"reason": "supplier"}]


async def test_only_what_the_person_changed_is_told_and_typing_back_is_no_change() -> None:
    app = kitchen()
    async with app.run_test(size=SMALL) as pilot:
        app.form.focus_first("summary")
        await keys(pilot, "x")
        assert app.form.changed
        await keys(pilot, "backspace")
        assert not app.form.changed
        app.form.focus_first("affected")
        await keys(pilot, "backspace")
        assert app.form.changes == {"affected": None}, "emptied is told as nothing"
        await keys(pilot, "escape")
        assert app.left == [True]


async def test_what_was_typed_is_given_and_taken_back_whole() -> None:
    first = kitchen()
    async with first.run_test(size=LARGE) as pilot:
        await keys(pilot, *"mar", "~", "enter", "tab", "tab", *"VPN", "tab", *"one", "enter", *"two")
        answers = first.form.answers
    assert answers["description"] == Answer("one\ntwo")
    second = kitchen()
    async with second.run_test(size=LARGE) as pilot:
        second.form.restore({**answers, "of_another_kind": Answer("x")})
        await pilot.pause()
        assert second.form.changes == {"requester": "PER-00001", "summary": "VPN", "description": "one\ntwo"}
        assert second.looked_up == []
        assert not second.query_one(DropDown).is_open


async def test_several_references_are_chosen_one_by_one() -> None:
    app = FormKitchen((FormField("members", "Members", FieldKind.REFERENCES, refers=("agent",), limit=4000),))
    async with app.run_test(size=SMALL) as pilot:
        await keys(pilot, *"mario", "~", "enter", *"; mary", "~", "enter")
        assert app.form.changes == {"members": ["PER-00002", "PER-00003"]}
        assert "Mario Rossi; Mary Poppins" in "\n".join(painted(app))


async def test_yes_and_no_by_space() -> None:
    app = kitchen("incident", "resolve")
    async with app.run_test(size=SMALL) as pilot:
        app.form.focus_first("children")
        await keys(pilot, "space")
        assert app.form.changes == {"children": True}
        await keys(pilot, "space")
        assert app.form.changes == {"children": False}


async def test_hidden_fields_are_not_asked_for() -> None:
    app = kitchen()
    async with app.run_test(size=SMALL) as pilot:
        app.form.show_fields(["summary"], False)
        await keys(pilot, "ctrl+s")
        assert app.submitted == [{}]


async def test_what_does_not_fit_is_said() -> None:
    app = kitchen()
    async with app.run_test(size=LARGE) as pilot:
        app.form.focus_first("summary")
        app.query_one("#edit-summary", LineEditor).insert("x" * 300, 0)
        await keys(pilot, "~")
        assert "45 characters did not fit" in "\n".join(painted(app))


@pytest.mark.parametrize("kind", FieldKind)
async def test_hostile_text_is_shown_harmlessly_in_every_sort_of_field(kind: FieldKind) -> None:
    fields = []
    for name, text in PAYLOADS.items():
        offered, answer = (Option("1", text, text, text),), Answer(text, {text: "X-1"})
        fields.append(FormField(name, text, kind, False, text, offered, answer, None, text, text, text, 100_000))
    app = FormKitchen(tuple(fields))
    async with app.run_test(size=(60, 200)) as pilot:
        await pilot.pause()
        assert obeyed("".join(painted(app))) == []


async def test_hostile_text_is_shown_harmlessly_among_choices_and_as_an_error() -> None:
    app = kitchen()
    async with app.run_test(size=(60, 20)) as pilot:
        for name, text in PAYLOADS.items():
            app.form.show_errors({"requester": text})
            app.query_one(DropDown).open([Option("1", text, text, text)] * 3, below=Region(20, 3, 20, 1), within=Size(60, 20))
            await pilot.pause()
            assert obeyed("".join(painted(app))) == [], name


async def test_hostile_text_typed_or_pasted_is_kept_as_far_as_a_database_can() -> None:
    app = kitchen()
    async with app.run_test(size=SMALL) as pilot:
        for name, text in PAYLOADS.items():
            app.form.put("summary", Answer())
            app.form.put("description", Answer())
            app.query_one("#edit-summary", LineEditor).insert(text, 0)
            app.query_one("#edit-description", LinesEditor).insert(text)
            await pilot.pause()
            for value in app.form.changes.values():
                assert "\x00" not in str(value), name
                assert len(str(value)) <= 100_000, name
                str(value).encode()


async def test_answers_to_the_questions_of_one_field_are_one_object() -> None:
    stored = {"complexity": "low", "supplier_present": 2}
    kind = next(one for one in declared() if one.name == "change")
    app = FormKitchen(fields_for(kind, {"risk_answers": stored}))
    async with app.run_test(size=(80, 24)) as pilot:
        form = app.form
        assert form.changes == {}
        assert form.values["risk_answers"] == stored
        await pilot.pause()
        assert form.rows["risk_answers__complexity"].note == "0 of 10 points"
        form.focus_first("risk_answers__users")
        await pilot.press(*"ma", "tab", "tab", *"no", "tab")
        assert form.changes == {"risk_answers": {**stored, "users": "many", "backout_tested": "no"}}
        assert form.values["risk_answers"] == form.changes["risk_answers"]
        form.put("risk_answers__complexity", Answer())
        assert "complexity" not in form.changes["risk_answers"]
        assert form.show_errors({"risk_answers": "answers at least one question"})
        assert form.rows["risk_answers__complexity"].is_error
        assert not form.rows["risk_answers__users"].is_error


async def test_one_answer_is_enough_where_answers_are_demanded() -> None:
    kind = next(one for one in declared() if one.name == "change-template")
    app = FormKitchen(fields_for(kind, {}, kind.workflow.action("approve")))
    async with app.run_test(size=(80, 24)):
        assert app.form.faults()["risk_answers"] == "answer at least one of these"
        app.form.put("risk_answers__timing", Answer("edge"))
        assert "risk_answers" not in app.form.faults()
        assert app.form.changes == {"risk_answers": {"timing": "edge"}}
