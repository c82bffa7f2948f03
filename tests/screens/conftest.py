"""Every test of a screen: a terminal that is always the same, folders of its own, and no database on the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from data.engine import Database
from tests.screens import consoles


@pytest.fixture(autouse=True)
def same_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A modern terminal, and nothing of the person who runs the tests."""
    for name in ("NO_COLOR", "SSH_CONNECTION", "DESKTERM_ASCII", "LC_ALL", "LC_CTYPE"):
        monkeypatch.delenv(name, raising=False)
    wanted = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
    for name, value in {**wanted, "DESKTERM_STATE": str(tmp_path / "state"), "DESKTERM_CONFIG": str(tmp_path / "config")}.items():
        monkeypatch.setenv(name, value)


class OnTheLoop(AssertionError):
    """The event loop touched the database: every key would wait for it."""


@pytest.fixture(autouse=True)
def no_database_on_the_loop(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Refuse every connection that the application opens in its event loop. The test itself may, in its own task.

    Yields:
        What was refused, should somebody have caught it.
    """
    caught: list[str] = []

    def guarded(name: str) -> Any:
        original = getattr(Database, name)

        def method(self: Database) -> AbstractContextManager[Any]:
            try:
                task = asyncio.current_task()
            except RuntimeError:
                return original(self)  # type: ignore[no-any-return]
            if consoles.driver.task is not None and task is not consoles.driver.task:
                caught.append(f"Database.{name} in {task}")
                raise OnTheLoop(caught[-1])
            return original(self)  # type: ignore[no-any-return]

        return method

    monkeypatch.setattr(consoles.driver, "task", None)
    for name in ("read", "write", "dedicated"):
        monkeypatch.setattr(Database, name, guarded(name))
    yield caught
    assert caught == []
