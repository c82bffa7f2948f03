"""The choke point and the helpers: nothing a terminal obeys, and the width the layout counted on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.color import Color

from tests.hostile import PAYLOADS, obeyed
from widgets.safe_text import MAX_COMBINING, SafeLineFilter, fit, harmless, typed, visible

BLACK = Color(0, 0, 0)
TRICKY = st.text(
    st.one_of(
        st.characters(codec=None),
        st.sampled_from("\x00\x1b\n\t\x9b\u200d\ufe0f\u202e\ud800❤👨👩日é\u0301🇩🇪\U0001f3fd\xad\u3164a "),
    )
)


@pytest.mark.parametrize("name", PAYLOADS)
def test_harmless_leaves_nothing_to_obey_and_keeps_the_width(name: str) -> None:
    text = PAYLOADS[name]
    clean = harmless(text)
    assert obeyed(clean) == []
    assert cell_len(clean) == cell_len(text)


@given(TRICKY)
def test_harmless_holds_for_any_text(text: str) -> None:
    clean = harmless(text)
    assert obeyed(clean) == []
    assert cell_len(clean) == cell_len(text)
    assert harmless(clean) == clean


@given(TRICKY, st.integers(0, 40), st.booleans(), st.sampled_from(["left", "right", "center"]))
def test_fit_fills_exactly(text: str, width: int, ascii_only: bool, align: str) -> None:
    fitted = fit(text, width, align, ascii_only=ascii_only)  # type: ignore[arg-type]
    assert cell_len(fitted) == width
    assert obeyed(fitted) == []
    assert not ascii_only or fitted.isascii()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred", "␛[31mred"),
        ("a\x00b", "a␀b"),
        ("one\r\ntwo", "one␍␊two"),
        ("a\tb", "a b"),
        ("\x9b31m", "�31m"),
        ("x\u202ey", "x�y"),
        ("👨‍👩‍👧!", "👨!"),
        ("❤️", "❤"),
        ("🇩🇪", "DE"),
        ("\ud800", "�"),
        ("[/b] stays", "[/b] stays"),
    ],
)
def test_visible_shows_what_is_there(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_visible_in_ascii() -> None:
    assert visible("\x1b[31m José – Łódź, groß 日", ascii_only=True) == "^[[31m Jose - Lodz, gross ?"  # noqa: RUF001


def test_visible_cuts_by_cells() -> None:
    assert visible("日本語", 5) == "日本…"
    assert visible("日本語", 4) == "日…"
    assert visible("abcdef", 6) == "abcdef"
    assert visible("abcdefg", 6) == "abcde…"
    assert visible("abc def", 5) == "abc…"
    assert visible("abcdefg", 6, ascii_only=True) == "abcde~"
    assert visible("abc", 0) == ""


def test_fit_aligns() -> None:
    assert fit("12", 5, "right") == "   12"
    assert fit("12", 5) == "12   "
    assert fit("12", 5, "center") == " 12  "


def test_marks_are_kept_but_not_without_end() -> None:
    assert harmless("e\u0301") == "e\u0301"
    assert harmless("Z" + "\u0300" * 200) == "Z" + "\u0300" * MAX_COMBINING


def test_the_filter_drops_links_and_controls_and_leaves_the_rest_alone() -> None:
    line = SafeLineFilter()
    clean = [Segment("plain é", Style(bold=True)), Segment("日")]
    assert line.apply(clean, BLACK) is clean
    dirty = [Segment("a\x1bb", Style(link="http://evil.example")), Segment("c", None, [(1,)])]  # type: ignore[list-item]
    filtered = line.apply(dirty, BLACK)
    assert [segment.text for segment in filtered] == ["ab"]
    assert filtered[0].style is not None
    assert filtered[0].style.link is None


@pytest.mark.parametrize(
    ("text", "lines", "kept", "removed"),
    [
        ("a\x00b", True, "ab", 1),
        ("a\r\nb\rc", True, "a\nb\nc", 0),
        ("a\nb\n", False, "a b", 0),
        ("a\tb", True, "a\tb", 0),
        ("a\tb", False, "a b", 0),
        ("\x1b[31m\u202e\ud800", True, "[31m", 3),
        ("👨‍👩‍👧", True, "👨‍👩‍👧", 0),
        ("\u200d\u200da\u200d \u200db", True, "a b", 0),
    ],
)
def test_typed(text: str, lines: bool, kept: str, removed: int) -> None:
    assert typed(text, lines=lines) == (kept, removed)
