"""Instants as people type them: one table per question, every zone's odd days, and nothing that takes long."""

from __future__ import annotations

import contextlib
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskterm.errors import InvalidInput
from deskterm.forms.moments import read_moment, say_distance, say_moment, write_moment

BERLIN = "Europe/Berlin"


def local(text: str, tz: str = BERLIN) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(tz)).timestamp())


NOW = local("2026-11-22T14:00")  # a Sunday

READINGS = [
    ("now", "2026-11-22T14:00", "2026-11-22T14:00"),
    ("+2h", "2026-11-22T16:00", "2026-11-22T16:00"),
    ("in 2h", "2026-11-22T16:00", "2026-11-22T16:00"),
    ("now+1h 30m", "2026-11-22T15:30", "2026-11-22T15:30"),
    ("now - 30m", "2026-11-22T13:30", "2026-11-22T13:30"),
    ("-30m", "2026-11-22T13:30", "2026-11-22T13:30"),
    ("30m ago", "2026-11-22T13:30", "2026-11-22T13:30"),
    ("2h", "2026-11-22T12:00", "2026-11-22T16:00"),
    ("1d", "2026-11-21T14:00", "2026-11-23T14:00"),
    ("13:30", "2026-11-22T13:30", "2026-11-23T13:30"),
    ("14:30", "2026-11-21T14:30", "2026-11-22T14:30"),
    ("14:00", "2026-11-22T14:00", "2026-11-23T14:00"),
    ("2:30pm", "2026-11-21T14:30", "2026-11-22T14:30"),
    ("9 am", "2026-11-22T09:00", "2026-11-23T09:00"),
    ("12am", "2026-11-22T00:00", "2026-11-23T00:00"),
    ("today 9:00", "2026-11-22T09:00", "2026-11-22T09:00"),
    ("Tomorrow 9:00", "2026-11-23T09:00", "2026-11-23T09:00"),
    ("tomorrow at 9:00", "2026-11-23T09:00", "2026-11-23T09:00"),
    ("yesterday", "2026-11-21T00:00", "2026-11-21T00:00"),
    ("fri", "2026-11-20T00:00", "2026-11-27T00:00"),
    ("friday 9:00", "2026-11-20T09:00", "2026-11-27T09:00"),
    ("sun 13:00", "2026-11-22T13:00", "2026-11-29T13:00"),
    ("sun 15:00", "2026-11-15T15:00", "2026-11-22T15:00"),
    ("24.12.", "2025-12-24T00:00", "2026-12-24T00:00"),
    ("24.12. 9:00", "2025-12-24T09:00", "2026-12-24T09:00"),
    ("24.12.2027 9:00", "2027-12-24T09:00", "2027-12-24T09:00"),
    ("24 Dec", "2025-12-24T00:00", "2026-12-24T00:00"),
    ("1 march 2027 08:15", "2027-03-01T08:15", "2027-03-01T08:15"),
    ("2026-12-24", "2026-12-24T00:00", "2026-12-24T00:00"),
    ("2026-12-24 09:00", "2026-12-24T09:00", "2026-12-24T09:00"),
    ("2026-12-24T08:00:00Z", "2026-12-24T09:00", "2026-12-24T09:00"),
    ("  2026-12-24T09:00+01:00 ", "2026-12-24T09:00", "2026-12-24T09:00"),
]


@pytest.mark.parametrize(("text", "past", "future"), READINGS, ids=[row[0] for row in READINGS])
def test_what_people_write(text: str, past: str, future: str) -> None:
    assert read_moment(text, now=NOW, tz=BERLIN) == local(past)
    assert read_moment(text, now=NOW, tz=BERLIN, future=True) == local(future)


@pytest.mark.parametrize(
    "text",
    ["", " ", "soon", "25:00", "13:60", "13pm", "0am", "32.1.", "30 feb 2027", "2026-13-01", "+", "+h", "2h3", "on friday", "9",
     "now now", "in", "2026-11-22 14:00 extra", "+999999w", "0001-01-01", "9" * 1_000_000, "\x1b[2J", "\uff11\uff14:30x"],
)  # fmt: skip
def test_what_is_no_time_is_refused_in_words(text: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        read_moment(text, now=NOW, tz=BERLIN)
    assert len(refusal.value.message) < 120


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("2026-03-29 02:30", "2026-03-29 03:30"),  # skipped: as far after the change as it would have been
        ("2026-10-25 02:30", "2026-10-25 02:30"),  # twice: the first
        ("2026-10-25 02:30+01:00", "2026-10-25 02:30:00+01:00"),  # the second, said by its offset
    ],
)
def test_local_times_that_are_not_exactly_one_instant(text: str, means: str) -> None:
    assert write_moment(read_moment(text, now=NOW, tz=BERLIN), BERLIN) == means


@given(st.integers(0, 4_102_444_800), st.sampled_from([BERLIN, "UTC", "America/St_Johns", "Pacific/Apia", "Asia/Kathmandu"]))
def test_what_is_shown_reads_back_as_the_same_instant(at: int, tz: str) -> None:
    assert read_moment(write_moment(at, tz), now=NOW, tz=tz) == at


@given(st.text(max_size=80))
def test_any_text_is_an_instant_or_refused(text: str) -> None:
    with contextlib.suppress(InvalidInput):
        read_moment(text, now=NOW, tz=BERLIN)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "now"), (59, "now"), (-59, "now"), (60, "in 1 min"), (-3599, "59 min ago"), (7199, "in 119 min"), (7200, "in 2 h"),
     (-86_400, "24 h ago"), (172_800, "in 2 d")],
)  # fmt: skip
def test_distances_are_said_in_one_unit(seconds: int, said: str) -> None:
    assert say_distance(seconds) == said


def test_the_echo_says_day_time_and_distance() -> None:
    assert say_moment(local("2026-11-25T14:02"), now=NOW, tz=BERLIN) == "Wed 25 Nov 14:02, in 3 d"
    assert say_moment(local("2025-11-25T14:02"), now=NOW, tz=BERLIN) == "Tue 25 Nov 2025 14:02, 361 d ago"
