"""How many bytes a key costs on the line. Bytes are the same on every machine, so they are budgets and not measurements."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from tests.pty_harness import PtyApp
from tests.widgets.kitchen import TOTAL

MiB = 1 << 20


def opened(kind: str, thin: str) -> PtyApp:
    app = PtyApp([sys.executable, "-m", "tests.widgets.kitchen", kind], environ={"DESKTERM_THIN": thin})
    app.wait_text("READY")
    app.wait_text("INC-20002")
    app.settle()
    return app


@pytest.fixture(scope="module")
def thin_list() -> Iterator[PtyApp]:
    with opened("list", "on") as app:
        yield app


@pytest.fixture
def thin_all() -> Iterator[PtyApp]:
    with opened("all", "on") as app:
        yield app


def test_the_first_screen(thin_list: PtyApp) -> None:
    assert len(thin_list.output) < 12_000


def test_a_cursor_move(thin_list: PtyApp) -> None:
    assert max(thin_list.bytes_for(key) for key in ("j", "j", "k", "j")) <= 500


def test_a_scroll_at_the_edge(thin_list: PtyApp) -> None:
    thin_list.send("g")
    thin_list.settle()
    thin_list.send("j" * 36)
    thin_list.settle()
    thin_list.wait_until(lambda: "INC-20036" in thin_list.lines[-2], "the cursor at the lower edge")
    down = [thin_list.bytes_for("j") for _ in range(4)]
    thin_list.wait_until(lambda: "INC-20040" in thin_list.lines[-2], "the fourth row further")
    assert max(down) <= 1_000
    assert "INC-20004" in thin_list.lines[2]


def test_a_page(thin_list: PtyApp) -> None:
    assert thin_list.bytes_for("\x1b[6~") <= 7_000


def test_the_end_of_a_million_rows_in_little_memory(thin_list: PtyApp) -> None:
    thin_list.send("G")
    thin_list.wait_text(f"INC-{20000 + TOTAL - 1}"[:8])
    thin_list.settle()
    assert thin_list.rss() < 80 * MiB


def test_a_tick_costs_what_changed(thin_list: PtyApp) -> None:
    thin_list.send("g")
    thin_list.settle()
    assert max(len(thin_list.key_output("t")) for _ in range(4)) <= 400


def test_a_mark(thin_list: PtyApp) -> None:
    assert thin_list.bytes_for(" ") <= 600


def test_idle_is_silent(thin_all: PtyApp) -> None:
    thin_all.send("\t")
    thin_all.settle()
    assert thin_all.settle(quiet=1.6, limit=2.0) == 0


def test_a_typed_letter(thin_all: PtyApp) -> None:
    thin_all.send("\t")
    thin_all.settle()
    assert max(thin_all.bytes_for("a") for _ in range(3)) <= 150
    thin_all.send("\t\x1b[6~\x1b[F")
    thin_all.settle()
    assert max(thin_all.bytes_for("a") for _ in range(3)) <= 150


def test_a_pasted_megabyte_is_taken_and_cut(thin_all: PtyApp) -> None:
    thin_all.send("\t\t")
    thin_all.settle()
    thin_all.paste("pasted " * 150_000)
    thin_all.wait_text("pasted pasted", 20)
    thin_all.settle()
    assert thin_all.bytes_for("\x1b[H") < 12_000


def test_without_thin_display_a_cursor_move_is_two_lines() -> None:
    with opened("list", "off") as app:
        assert max(app.bytes_for(key) for key in ("j", "j", "k")) <= 750


def test_ctrl_l_paints_over_what_others_wrote(thin_list: PtyApp) -> None:
    thin_list.send("g")
    thin_list.settle()
    before = thin_list.lines
    thin_list._stream.feed(b"\x1b[5;1Hsomebody wrote here")
    assert thin_list.lines != before
    thin_list.send("\x0c")
    thin_list.wait_until(lambda: thin_list.lines == before, "the screen as it was")


def test_a_resize_there_and_back(thin_list: PtyApp) -> None:
    thin_list.send("g")
    thin_list.settle()
    before = thin_list.lines
    thin_list.resize(20, 50)
    thin_list.wait_until(lambda: "who" not in thin_list.lines[1], "columns that fit")
    thin_list.settle()
    thin_list.resize(40, 120)
    thin_list.wait_until(lambda: thin_list.lines == before, "the screen as it was")
