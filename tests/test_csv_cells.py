"""Cells: harmless in a spreadsheet, and the same text again when read back, whatever it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskterm.csv_cells import guard, unguard
from tests.hostile import PAYLOADS

DANGEROUS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"


@pytest.mark.parametrize("start", DANGEROUS)
def test_what_a_spreadsheet_would_run_is_guarded(start: str) -> None:
    assert guard(f"{start}cmd|' /C calc'!A0") == f"'{start}cmd|' /C calc'!A0"


@pytest.mark.parametrize("text", ["", "plain", "'quoted'", "a=b", "1-2", "O'Neill", " =1", "''"])
def test_what_is_harmless_stays_as_it_is(text: str) -> None:
    assert guard(text) == text
    assert unguard(text) == text


@given(st.one_of(st.text(), st.text(alphabet=f"'{DANGEROUS}a")))
def test_reading_gives_back_what_was_written(text: str) -> None:
    assert unguard(guard(text)) == text
    assert guard(text)[:1] not in tuple(DANGEROUS)


@pytest.mark.parametrize("name", PAYLOADS)
def test_hostile_texts_come_back_whole(name: str) -> None:
    assert unguard(guard(PAYLOADS[name])) == PAYLOADS[name]
