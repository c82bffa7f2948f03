"""The fields: still, clean, bounded, and never silent about what they cut."""

from __future__ import annotations

import pytest
from textual import events
from textual.app import App, ComposeResult

from tests.hostile import PAYLOADS
from widgets.text_area import LIMIT as AREA_LIMIT
from widgets.text_area import LINE_LIMIT, DeskTextArea
from widgets.text_input import LIMIT, TextInput


class Form(App[None]):
    BINDINGS = [("ctrl+s", "save", "Save")]

    def __init__(self) -> None:
        super().__init__()
        self.saves = 0
        self.told: list[str] = []

    def compose(self) -> ComposeResult:
        yield TextInput(id="input")
        yield DeskTextArea(id="area")

    def action_save(self) -> None:
        self.saves += 1

    def on_text_input_trimmed(self, event: TextInput.Trimmed) -> None:
        self.told.append(event.text)

    def on_desk_text_area_trimmed(self, event: DeskTextArea.Trimmed) -> None:
        self.told.append(event.text)

    @property
    def input(self) -> TextInput:
        return self.query_one(TextInput)

    @property
    def area(self) -> DeskTextArea:
        return self.query_one(DeskTextArea)


async def test_nothing_blinks() -> None:
    app = Form()
    async with app.run_test():
        assert not app.input.cursor_blink
        assert not app.area.cursor_blink


@pytest.mark.parametrize("field", ["#input", "#area"])
async def test_save_is_not_swallowed_and_letters_are_typed(field: str) -> None:
    app = Form()
    async with app.run_test() as pilot:
        app.query_one(field).focus()
        await pilot.press("a", "q", "ctrl+s", "question_mark", "ctrl+s")
        assert app.saves == 2
        assert (app.input.value or app.area.text) == "aq?"


async def test_a_pasted_megabyte_is_cut_and_that_is_told() -> None:
    app = Form()
    async with app.run_test() as pilot:
        app.input.focus()
        await pilot.pause()
        app.post_message(events.Paste("y" * 1_000_000))
        await pilot.pause()
        assert app.input.value == "y" * LIMIT
        app.area.focus()
        await pilot.pause()
        app.post_message(events.Paste("z" * 1_000_000))
        await pilot.pause()
        assert app.area.text == "z" * AREA_LIMIT
        await pilot.press("w")
        assert app.area.text == "z" * AREA_LIMIT
        assert app.told == [
            "999,000 characters did not fit (this field holds 1,000).",
            "900,000 characters did not fit (this field holds 100,000).",
            "1 characters did not fit (this field holds 100,000).",
        ]


async def test_a_paste_fills_the_room_that_is_left() -> None:
    app = Form()
    async with app.run_test() as pilot:
        app.input.value = "a" * (LIMIT - 3)
        app.input.focus()
        app.input.cursor_position = 2
        app.post_message(events.Paste("12345"))
        await pilot.pause()
        assert app.input.value.startswith("aa123a")
        assert len(app.input.value) == LIMIT


async def test_nul_is_refused_and_that_is_told() -> None:
    app = Form()
    async with app.run_test() as pilot:
        for field in (app.input, app.area):
            field.focus()
            await pilot.pause()
            app.post_message(events.Paste("a\x00b\x1b[31mc"))
            await pilot.pause()
        assert app.input.value == "ab[31mc"
        assert app.area.text == "ab[31mc"
        assert app.told == ["2 control characters were left out."] * 2


async def test_pasted_lines_are_joined_in_a_line_and_kept_in_an_area() -> None:
    app = Form()
    async with app.run_test() as pilot:
        for field in (app.input, app.area):
            field.focus()
            await pilot.pause()
            app.post_message(events.Paste("one\r\ntwo\n\tthree\n"))
            await pilot.pause()
        assert app.input.value == "one two  three"
        assert app.area.text == "one\ntwo\n\tthree\n"
        assert app.told == []


async def test_lines_without_end_are_cut() -> None:
    app = Form()
    async with app.run_test() as pilot:
        app.area.focus()
        await pilot.pause()
        app.post_message(events.Paste("\n" * 9_000))
        await pilot.pause()
        assert app.area.document.line_count <= LINE_LIMIT + 1
        assert len(app.told) == 1


async def test_undo_gives_back_what_was_there() -> None:
    app = Form()
    async with app.run_test() as pilot:
        app.area.focus()
        await pilot.press("a", "b")
        app.post_message(events.Paste("c\x00d"))
        await pilot.pause()
        await pilot.press("ctrl+z")
        assert app.area.text == "ab"
        await pilot.press("ctrl+y")
        assert app.area.text == "abcd"


@pytest.mark.parametrize("name", PAYLOADS)
async def test_fields_hold_nothing_a_database_refuses(name: str) -> None:
    app = Form()
    async with app.run_test() as pilot:
        for paste in (False, True):
            for field in (app.input, app.area):
                field.focus()
                await pilot.pause()
                if paste:
                    app.post_message(events.Paste(PAYLOADS[name]))
                elif isinstance(field, TextInput):
                    field.value = PAYLOADS[name]
                else:
                    field.text = PAYLOADS[name]
                await pilot.pause()
            await pilot.pause()
            for text in (app.input.value, app.area.text):
                assert "\x00" not in text
                assert "\x1b" not in text
                text.encode("utf-8")
            assert "\n" not in app.input.value
            assert len(app.input.value) <= LIMIT
            assert len(app.area.text) <= AREA_LIMIT
