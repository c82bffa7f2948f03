"""What typing in a form costs on the line. Bytes are the same on every machine; only a list of choices draws more."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.pty_harness import PtyApp

BUDGET = 150
"""Bytes a typed character may cost on a terminal of 120 by 40."""


@pytest.fixture
def form() -> Iterator[PtyApp]:
    with PtyApp.python("-m", "tests.widgets.form_kitchen", rows=40, columns=120, environ={"DESKTERM_THIN": "on"}) as app:
        app.wait_text("READY")
        app.settle()
        yield app


def test_a_typed_character_is_cheap_in_one_line_and_in_many(form: PtyApp) -> None:
    form.send("\t\t")
    form.settle()
    line = [form.bytes_for(letter) for letter in "VPN gateway"]
    form.send("\t")
    form.settle()
    lines = [form.bytes_for(letter) for letter in "drops every session"]
    assert "drops every session" in form.text
    assert max(line) <= BUDGET
    assert max(lines) <= BUDGET


def test_a_form_at_rest_writes_nothing(form: PtyApp) -> None:
    before = len(form.output)
    form.settle(quiet=1.5, limit=3)
    assert len(form.output) == before


def test_a_list_of_choices_costs_less_than_a_screen(form: PtyApp) -> None:
    form.send("m")
    form.wait_text("Maria Lopez")
    form.settle()
    assert form.bytes_for("a") <= 1_000
    assert form.bytes_for("\x1b[B") <= 500, "moving in it repaints two rows"
