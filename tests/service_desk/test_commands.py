"""A shift handed over from the command line, from closing it to the last signature."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.shell import Shell
from tests.desks import cast_on


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Shell:
    shell = Shell(monkeypatch, capsys, tmp_path)
    with cast_on(shell.database):
        return shell


def test_a_shift_is_handed_over_line_by_line(desk: Shell) -> None:
    bob, eve = ("--as", "bob"), ("--as", "eve")
    first, second = (
        desk.ok(*bob, "new", "incident", f"summary={what}", "team=network", "impact=1", "urgency=1") for what in ("VPN", "Proxy")
    )
    times = ("starts_at=2026-11-02T07:00Z", "ends_at=2026-11-02T15:00Z", "next_ends_at=2026-11-02T23:00Z")
    number = desk.ok(*bob, "new", "handover", "team=network", "incoming=eve", "note=The heating hums", *times)
    lines = desk.read("handover", number)["lines"]
    assert [(line["line"], line["section"], line["number"], line["answer"]) for line in lines] == [
        (1, "urgent", first, "open"),
        (2, "urgent", second, "open"),
        (3, "note", None, "open"),
    ]
    desk.ok(*bob, "do", number, "sign")
    assert "neither" in desk.refused(*eve, "do", number, "accept")
    desk.ok(*eve, "handover", number, "acknowledge", "1", "3", "comment=Seen")
    answered = desk.read(*eve, "handover", number, "reassign", "2", "team=desk")["lines"]
    assert [(line["answer"], line["receiver"], line["answered_by"]) for line in answered] == [("reassigned", "desk", "eve")]
    assert desk.read("show", second)["team"] == "desk"
    assert "acknowledged by eve" in desk.ok("handover", number)
    desk.ok(*eve, "do", number, "accept")
    assert desk.read("show", number)["state"] == "accepted"
    assert [row["answer"] for row in desk.read("report", "handover", f"number={number}")["rows"]] == [
        "acknowledged", "reassigned", "acknowledged",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("burn", "1"), 2, "acknowledge, reassign"),
        (("acknowledge",), 2, "say which lines"),
        (("acknowledge", "one"), 2, "a line's number"),
        (("acknowledge", "1", "team=desk"), 2, "does not take team"),
    ],
)
def test_what_cannot_be_said_to_a_line(desk: Shell, words: tuple[str, ...], status: int, said: str) -> None:
    assert said in desk.refused("handover", "HND-00001", *words, status=status)
    assert "there is no record" in desk.refused("handover", "HND-00001")
