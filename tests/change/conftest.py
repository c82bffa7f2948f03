"""A prompt, as the tests of the command line have it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.shell import Shell


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Shell:
    """A prompt where Ada sits; the desk is the one of the test's own folder, if it makes one."""
    return Shell(monkeypatch, capsys, tmp_path)
