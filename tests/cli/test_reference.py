"""`docs/cli.md` says what the table of commands says."""

from __future__ import annotations

from pathlib import Path

from deskterm.cli.command import commands
from deskterm.cli.reference import markdown

ROOT = Path(__file__).parents[2]


def test_the_page_is_up_to_date() -> None:
    """If this fails: python -m deskterm.cli.reference > docs/cli.md."""
    assert (ROOT / "docs" / "cli.md").read_text(encoding="utf-8") == markdown(commands().values())
