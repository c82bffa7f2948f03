"""A console that dies while somebody types: killed, hung up, told to end. On a real terminal, with the real program."""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path

import pytest

from tests.desks import cast_on, sqlite_file
from tests.pty_harness import PtyApp

TYPED = "VPN gateway drops every session since the storm last night"
A_SECOND_OF_TYPING = 15
"""Keys: nobody types faster for long."""


@pytest.mark.parametrize(
    "end", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, None], ids=["killed", "told to end", "hung up", "line dropped"]
)
def test_a_half_typed_contact_comes_back(tmp_path: Path, end: signal.Signals | None) -> None:
    with cast_on(sqlite_file(tmp_path)):
        pass
    state = {"DESKTERM_STATE": str(tmp_path / "state"), "DESKTERM_CONFIG": str(tmp_path / "config")}
    command = [sys.executable, "-m", "deskterm", "--database", sqlite_file(tmp_path), "--as", "bob"]
    with PtyApp(command, rows=24, columns=80, environ=state) as app:
        app.wait_text("Nothing here")
        app.send("c")
        app.wait_text("New contact")
        app.wait_text("Priority")
        app.send("\t")
        app.settle()
        for place in range(0, len(TYPED), 5):
            app.send(TYPED[place : place + 5])
            app.settle(quiet=0.3)  # as people type: fifteen keys a second
        if end is None:
            app.hang_up()
        else:
            app.kill(end)
        app.wait()
    (kept,) = (tmp_path / "state").rglob("*.draft")
    content = json.loads(kept.read_text())["content"]
    assert len(TYPED) - len(content["answers"]["summary"]["text"]) <= (A_SECOND_OF_TYPING if end is signal.SIGKILL else 0)
    with PtyApp(command, rows=24, columns=80, environ=state) as app:
        app.wait_text("What you were typing")
        app.send("1")
        app.wait_text("Go on with it")
        app.send("1")
        app.wait_text("New contact")
        app.wait_text("VPN gateway drops every session")
