"""What is kept of releases: the doctor sees what was meddled with, a backup brings all of it back, an export is read again."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from data.engine import Database
from deskterm.backup import backup, restore
from deskterm.bootstrap import desk_of
from deskterm.doctor import examine
from deskterm.release.reading import view
from tests.desks import Cast
from tests.release.rollouts import rolling, through

MEDDLED = [
    ("build", "release_build_item", "update", "UPDATE release_build_item SET sha256 = 'aa'"),
    ("build", "release_build_item", "delete", "DELETE FROM release_build_item"),
    ("campaign", "release_case", "delete", "DELETE FROM release_case WHERE position = 1"),
    ("rollout", "", "", "UPDATE release_cell SET state = 'installed' WHERE state = 'planned'"),
    ("guard", "release_build", "update", ""),
]


@pytest.mark.parametrize(("code", "table", "act", "statement"), MEDDLED, ids=[f"{one[0]}-{one[2]}" for one in MEDDLED])
def test_the_doctor_sees_what_was_meddled_with(cast: Cast, code: str, table: str, act: str, statement: str) -> None:
    rolling(cast)
    assert not examine(cast.database, clock=cast.clock)
    with cast.database.write() as connection:
        if table:
            connection.execute(text(f"DROP TRIGGER {table}_{act}_guard"))
        if statement:
            connection.execute(text(statement))
    assert code in {one.code for one in examine(cast.database, clock=cast.clock)}


def test_a_missing_guard_is_seen_in_a_server_too(postgres_cast: Cast) -> None:
    with postgres_cast.database.write() as connection:
        connection.execute(text("DROP TRIGGER release_case_update_guard ON release_case"))
    found = examine(postgres_cast.database, clock=postgres_cast.clock)
    assert [one.subject for one in found if one.code == "guard"] == ["release_case_update"]


def test_a_backup_brings_builds_tests_and_waves_back_on_either_database(
    any_cast: Cast, tmp_path: Path, postgres_url: str
) -> None:
    desk, number, _ = rolling(any_cast)
    through(desk, number, 1)
    before = view(desk, number)
    backup(any_cast.database, tmp_path / "copy.backup")
    places = [str(tmp_path / "again.db")] + ([postgres_url] if any_cast.database.path is not None else [])
    for place in places:
        restore(tmp_path / "copy.backup", place)
        again = Database(place)
        try:
            after = view(desk_of(again, "rex", clock=any_cast.clock), number)
            assert (after.builds, after.campaigns, after.waves, after.gates) == (
                before.builds, before.campaigns, before.waves, before.gates,
            )  # fmt: skip
            assert not [one for one in examine(again, clock=any_cast.clock) if one.severity.value == "error"]
        finally:
            again.close()
