"""A shell for tests: commands run through `main` on a real desk, what they print and how they end."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from deskterm.cli.main import main


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a command."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The answer for a program; there is exactly one."""
        return json.loads(self.out)

    @property
    def word(self) -> str:
        """The one word it printed, such as a number."""
        assert self.status == 0, self.err
        return self.out.strip()


class Shell:
    """Somebody at a prompt, with a desk in a folder of their own."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], folder: Path) -> None:
        self.monkeypatch, self.capsys, self.folder = monkeypatch, capsys, folder
        self.database = str(folder / "desk.db")
        monkeypatch.setenv("DESKTERM_DATABASE", self.database)
        monkeypatch.setenv("DESKTERM_AGENT", "ada")
        monkeypatch.delenv("DESKTERM_FIXED_AGENT", raising=False)
        for name in ("XDG_DATA_HOME", "XDG_STATE_HOME"):
            monkeypatch.setenv(name, str(folder / name.lower()))

    def __call__(self, *words: str, stdin: str | bytes = "") -> Done:
        """Run a command."""
        raw = stdin.encode() if isinstance(stdin, str) else stdin
        self.monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw), encoding="utf-8"))
        status = main(words)
        captured = self.capsys.readouterr()
        return Done(status, captured.out, captured.err)

    def ok(self, *words: str, stdin: str = "") -> str:
        """Run a command that works and return what it printed."""
        done = self(*words, stdin=stdin)
        assert (done.status, done.err) == (0, ""), done
        return done.out.strip()

    def read(self, *words: str, stdin: str = "") -> Any:
        """Run a command that works with `--json` and return its answer."""
        return json.loads(self.ok("--json", *words, stdin=stdin))

    def refused(self, *words: str, status: int = 1, stdin: str = "") -> str:
        """Run a command that is refused and return the sentence that says why."""
        done = self(*words, stdin=stdin)
        assert done.status == status, done
        *_, last = done.err.splitlines()
        assert last.startswith("error: "), done.err
        return last.removeprefix("error: ")
