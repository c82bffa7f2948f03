"""Instants in short: what is past is never taken for what is to come."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskterm.clock import parse_instant
from screens.when import DAYS, short

NOW = parse_instant("2026-11-25T12:00:00Z")
"""A Wednesday."""
SAID = [
    ("2026-11-25T08:15:00Z", "08:15"), ("2026-11-26T09:00:00Z", "Thu 09:00"), ("2026-12-01T09:00:00Z", "Tue 09:00"),
    ("2026-12-02T09:00:00Z", "2 Dec 09:00"), ("2026-11-24T09:00:00Z", "24 Nov 09:00"), ("2026-11-18T09:00:00Z", "18 Nov 09:00"),
    ("2027-01-02T09:00:00Z", "2 Jan 2027"), ("2025-11-25T09:00:00Z", "25 Nov 2025"),
]  # fmt: skip


@pytest.mark.parametrize(("at", "said"), SAID)
def test_a_weekday_alone_is_one_of_the_coming_six_days(at: str, said: str) -> None:
    assert short(parse_instant(at), NOW, "UTC") == said


@given(st.integers(NOW - 800 * 86_400, NOW + 800 * 86_400), st.integers(0, 800 * 86_400))
def test_no_past_instant_reads_like_one_that_is_to_come(one: int, later: int) -> None:
    text = short(one, NOW, "Europe/Berlin")
    if one < NOW - 86_400:
        assert text.split()[0] not in DAYS
        assert text != short(NOW + later, NOW, "Europe/Berlin")
