"""The text of a clock, its tone, and how long it stays true."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from widgets.clock_cell import WIDTH, clock_text

NOW = 1_800_000_000


@pytest.mark.parametrize(
    ("left", "text", "style", "change"),
    [
        (-1, "✖ −0:00", "breach", 59),  # noqa: RUF001
        (-60, "✖ −0:01", "breach", 60),  # noqa: RUF001
        (-2520, "✖ −0:42", "breach", 60),  # noqa: RUF001
        (-90_000, "✖ −1d 1h", "breach", 3600),  # noqa: RUF001
        (0, "! 0:00:00", "risk", 1),
        (451, "! 0:07:31", "risk", 1),
        (899, "! 0:14:59", "risk", 1),
        (900, "▏ 0:15", "soon", 1),
        (3060, "▏ 0:51", "soon", 1),
        (3119, "▏ 0:51", "soon", 60),
        (7199, "▏ 1:59", "soon", 60),
        (7200, "  2:00", "", 1),
        (11_520, "  3:12", "", 1),
        (86_399, "  23:59", "", 60),
        (86_400, "  1d 0h", "", 1),
        (187_200, "  2d 4h", "", 1),
        (10 * 86_400 - 1, "  9d 23h", "", 3600),
        (10 * 86_400, "  10d", "", 1),
        (-11 * 86_400, "✖ −11d", "breach", 86_400),  # noqa: RUF001
    ],
)
def test_running(left: int, text: str, style: str, change: int) -> None:
    assert clock_text(NOW + left, NOW) == (text, style, change)


@pytest.mark.parametrize(
    ("state", "due_at", "shown"),
    [
        ("paused", NOW + 5, ("‖ paused", "paused", None)),
        ("met", NOW - 5, ("✓ met", "good", None)),
        ("cancelled", NOW + 5, ("  –", "muted", None)),  # noqa: RUF001
        ("running", None, ("  –", "muted", None)),  # noqa: RUF001
    ],
)
def test_standing(state: str, due_at: int | None, shown: tuple[str, str, int | None]) -> None:
    assert clock_text(due_at, NOW, state=state) == shown


def test_at_risk_is_marked_before_the_last_quarter() -> None:
    assert clock_text(NOW + 7260, NOW, at_risk=True)[:2] == ("! 2:01", "risk")


@pytest.mark.parametrize("left", [-50, 100, 4000, 99_999])
@pytest.mark.parametrize("state", ["running", "paused", "met", "cancelled"])
def test_ascii(left: int, state: str) -> None:
    assert clock_text(NOW + left, NOW, state=state, ascii_only=True).text.isascii()


@given(st.integers(-99 * 86_400, 99 * 86_400), st.booleans())
def test_the_text_changes_exactly_when_it_says(left: int, at_risk: bool) -> None:
    now = clock_text(NOW + left, NOW, at_risk=at_risk)
    assert cell_len(now.text) <= WIDTH
    assert now.next_change_seconds is not None
    just_before = clock_text(NOW + left, NOW + now.next_change_seconds - 1, at_risk=at_risk)
    then = clock_text(NOW + left, NOW + now.next_change_seconds, at_risk=at_risk)
    assert just_before[:2] == now[:2]
    assert then[:2] != now[:2]
