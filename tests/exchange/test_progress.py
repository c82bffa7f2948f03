"""The progress bar: what it says, and that it says nothing where nobody looks."""

from __future__ import annotations

import io

import pytest

from deskterm.exchange.progress import ProgressBar, progress_line


class Terminal(io.StringIO):
    """A stream that claims to be a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("done", "total", "seconds", "line"),
    [
        (0, 100, 0.0, "[........................]   0 %"),
        (50, 100, 0.5, "[############............]  50 %"),
        (10_000_000, 40_000_000, 10.0, "[######..................]  25 %  1.0 MB/s  0:30 left"),
        (40_000_000, 40_000_000, 20.0, "[########################] 100 %  2.0 MB/s"),
        (1, 1_000_000_000, 2.0, "[........................]   0 %  0.0 MB/s  33333333:18 left"),
        (0, 0, 5.0, "[########################] 100 %"),
        (110, 100, 0.0, "[########################] 100 %"),
    ],
)
def test_a_line_says_how_much_how_fast_and_how_long(done: int, total: int, seconds: float, line: str) -> None:
    assert progress_line(done, total, seconds) == line


def test_it_draws_over_itself_not_too_often_and_leaves_a_clean_line() -> None:
    stream, now = Terminal(), [0.0]
    bar = ProgressBar(stream, seconds=lambda: now[0])
    for done in range(0, 101):
        now[0] = done / 100
        bar(done, 100)
    drawn = stream.getvalue()
    assert drawn.count("\r") == 11
    assert drawn.rstrip().endswith("100 %  0.0 MB/s")
    bar.clear()
    bar.clear()
    assert stream.getvalue() == f"{drawn}\r{' ' * len('[########################] 100 %  0.0 MB/s')}\r"


def test_it_says_nothing_where_nobody_looks() -> None:
    stream = io.StringIO()
    bar = ProgressBar(stream)
    bar(1, 2)
    bar.clear()
    assert stream.getvalue() == ""
