"""Desks whose library has a folder, on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest

from deskterm.administration import change
from tests.desks import Cast


@pytest.fixture
def any_cast(any_cast: Cast, tmp_path: Path) -> Cast:
    """The desk on each database in turn; one in a server is told where its library is."""
    if any_cast.database.path is None:
        change(any_cast.ada, "library_folder", str(tmp_path / "shared" / "library"))
    return any_cast
