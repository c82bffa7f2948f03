"""A shell on an empty place, and one on a small desk."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.shell import Shell
from tests.desks import cast_on


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Shell:
    """A prompt where no desk is yet; Ada sits at it."""
    return Shell(monkeypatch, capsys, tmp_path)


@pytest.fixture
def desk(shell: Shell) -> Shell:
    """A prompt on a desk with a small cast."""
    with cast_on(shell.database):
        return shell
