"""Fault 20: hostile texts in every field that takes them, shown on every screen of the real console, obeyed by no terminal."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from deskterm.errors import DeskError
from tests.desks import Cast
from tests.faults.real_console import ENTER, ESCAPE, Homes, desk_of_now, start
from tests.hostile import PAYLOADS, obeyed

OWN = re.compile(
    r"\x1b\[[<>=?]?[0-9;]*(?:\$p|[A-Za-z])"  # colours, the cursor, modes
    r"|\x1b\]22;[a-z-]*\x1b\\|\x1b\]22;[a-z-]*\x07"  # the shape of the pointer
    r"|\x1b[()][AB0]|\x1b[78=>]|[\r\n\x07]"
)
"""What the console itself sends besides text: no title, no clipboard, no link, no question to the terminal."""
NEVER = (b"\x1b]0;", b"\x1b]2;", b"\x1b]52;", b"\x1b]8;", b"\x1bP", b"\x1b[6n", b"\x1b[c", b"cm0gLXJmIH4=\x07")
FIELDS = {
    "incident": ("summary", "description"),
    "person": ("name", "note", "location"),
    "organisation": ("name", "note"),
    "team": ("name", "note"),
    "service": ("name", "description"),
    "ci": ("name", "location", "serial"),
    "knowledge": ("summary", "symptom", "body"),
    "announcement": ("summary", "body"),
    "view": ("name",),
}
NEEDED: dict[str, dict[str, object]] = {
    "ci": {"type": "server"},
    "view": {"query": "state:open", "shared": True},
    "incident": {"assignee": "ada"},
}


def fill(cast: Cast) -> Counter[str]:
    """Put every payload into every field; return how many records of each kind the desk took."""
    taken: Counter[str] = Counter()
    for kind, fields in FIELDS.items():
        for name, payload in PAYLOADS.items():
            # A name must be there and be one of its kind; the rest of the fields takes the payload as it is.
            values: dict[str, object] = {**dict.fromkeys(fields, payload), **NEEDED.get(kind, {})}
            values[fields[0]] = f"{name} {payload}"[:200]
            try:
                number = cast.ada.create(kind, values).number
                taken[kind] += 1
                if kind == "incident":
                    cast.ada.note(number, payload or "-", public=True)
            except DeskError:
                continue
    return taken


def test_no_screen_lets_a_stored_text_command_the_terminal(tmp_path: Path) -> None:
    with desk_of_now(tmp_path) as cast:
        taken = fill(cast)
        assert all(taken[kind] > len(PAYLOADS) // 2 for kind in FIELDS), taken
        with start(cast, Homes(tmp_path), "ada", rows=40, columns=120) as app:
            app.wait_text(" found")
            app.settle()
            for place in ("6", "o", "h", "1"):
                app.send(place)
                app.settle()
            app.send("]" * 5)
            app.settle()
            for _ in range(3):
                app.send("\x06\x1b[6~")  # page down
                app.settle()
                app.send(ENTER)
                app.settle()
                app.send("f")
                app.settle()
                app.send(ESCAPE)
                app.settle()
            for wanted in ("owned", "marku", "escape", "admin"):
                app.send(":")
                app.settle()
                app.send(wanted)
                app.settle(0.3)
                app.send(ESCAPE)
                app.settle()
            assert app.status is None, app.text
            app.send("q")
            assert app.wait() == 0, app.text
            output = bytes(app.output)
    assert [text for text in NEVER if text in output] == []
    assert b"escape_title" in output, "nothing hostile was shown at all"
    assert obeyed(OWN.sub("", output.decode("utf-8", "surrogateescape"))) == []
