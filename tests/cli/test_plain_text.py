"""Text for a terminal: nothing obeyed, everything measured, columns in line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskterm.cli.plain_text import aligned, cut, pad, visible, visible_lines, width
from tests.hostile import PAYLOADS, obeyed


@pytest.mark.parametrize("name", sorted(PAYLOADS))
def test_nothing_hostile_is_obeyed(name: str) -> None:
    assert obeyed(visible(PAYLOADS[name][:20_000])) == []


@given(st.text(alphabet=st.characters()))
def test_no_text_at_all_is_obeyed(text: str) -> None:
    assert obeyed(visible(text)) == []
    assert obeyed("".join(visible_lines(text))) == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("a\nb\tc", "a\\nb\\tc"),
        ("\x1b[31m\x9b\x00", "\\x1b[31m\\x9b\\x00"),
        ("\u202egpj", "\\u202egpj"),
        ("\ud800", "\\ud800"),
        ("\U000e0041", "\\U000e0041"),
        ("❤️", "❤"),
        ("\u845b\U000e0100", "\u845b"),
        ("Grüße 日本", "Grüße 日本"),
    ],
)
def test_what_would_be_obeyed_is_spelled_out(text: str, shown: str) -> None:
    assert visible(text) == shown


@pytest.mark.parametrize(
    ("text", "cells"), [("", 0), ("abc", 3), ("日本", 4), ("e\u0301", 1), ("각", 2), ("\u1112\u1161\u11ab", 2)]
)
def test_a_text_is_measured_in_cells(text: str, cells: int) -> None:
    assert width(text) == cells


@given(st.text(), st.integers(0, 40))
def test_a_cut_text_fits(text: str, cells: int) -> None:
    shown = visible(text)
    assert width(cut(shown, cells)) <= cells
    if width(shown) <= cells:
        assert cut(shown, cells) == shown
        assert width(pad(shown, cells)) == cells


def test_columns_line_up_whatever_stands_in_them() -> None:
    lines = aligned([("n", "what"), ("1", "日本語"), ("22", "abc"), ("333", "\x1b")], right=frozenset({0}))
    assert lines == ["  n  what", "  1  日本語", " 22  abc", "333  \\x1b"]


def test_the_widest_columns_are_cut_to_the_line() -> None:
    rows = [("INC-00001", "x" * 100, "y" * 60)]
    (line,) = aligned(rows, limit=80)
    assert width(line) <= 80
    assert line.startswith("INC-00001  xxx")
    (narrow,) = aligned(rows, limit=5)
    assert narrow.split("  ")[0] == "INC-000…", "no column is cut beyond sense"
    assert aligned([]) == []
