"""The local copy: the plans stay readable when the shared database is the casualty."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from deskterm.continuity import copying, local_copy
from deskterm.continuity.copy_text import plan_page
from deskterm.drafts import STATE_VARIABLE
from deskterm.errors import NotFound
from deskterm.jobs import LocalJob, declared_local_jobs
from deskterm.scheduler import Scheduler
from tests.continuity.planning import approved, managed, rated
from tests.desks import Cast
from tests.processes import eventually

CALLS = "Grace, lead, +49 30 1\n  Tarik, directory, +49 30 2"


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of state of the test's own."""
    monkeypatch.setenv(STATE_VARIABLE, str(tmp_path / "state"))
    return tmp_path / "state"


def test_a_desk_without_plans_leaves_nothing(cast: Cast, state: Path) -> None:
    assert copying.refresh(cast.database, cast.clock.now()) is False
    assert not state.exists()
    with pytest.raises(NotFound, match="deskterm continuity copy makes one"):
        local_copy.read(local_copy.folder_for(cast.database.label))


def test_it_holds_the_plans_whole(any_cast: Cast) -> None:
    desk = managed(any_cast)
    rated(desk, rto_seconds="3h")
    approved(desk, call_tree=CALLS, trigger="The data centre is lost", site="Luckenau")
    desk.act("BCP-00001", "revise")
    desk.edit("STP-00001", {"minutes": 500, "instructions": "# not a heading\n\x07bell"})
    folder = copying.copy(any_cast.database, any_cast.clock.now())
    kept = local_copy.read(folder)
    (plan,) = kept["plans"]
    assert (plan["state"], plan["version"], plan["rto_seconds"]) == ("approved", 1, 10_800)
    assert [one["seconds"] for one in plan["steps"]] == [1800, 2700, 3600]  # what was approved, not the draft
    page = (folder / "BCP-00001.md").read_text()
    for text in ("# BCP-00001 Payroll recovery", "RTO: 3:00", "  - Tarik (directory, +49 30 2)", "Waits for: Restore database"):
        assert text in page
    assert "Payroll" in (folder / "README.md").read_text()
    assert folder.stat().st_mode & 0o077 == 0
    assert (folder / "plans.json").stat().st_mode & 0o077 == 0
    assert not list(folder.glob(".*"))


def test_what_people_wrote_is_text_there(cast: Cast) -> None:
    desk = managed(cast)
    desk.create("continuity-plan", {"name": "Odd | \u202e name", "services": ["Payroll"]})
    desk.create(
        "recovery-step", {"plan": "BCP-00001", "name": "One", "minutes": 1, "instructions": "# no heading\n| no | table |"}
    )
    kept = local_copy.read(copying.copy(cast.database, cast.clock.now()))
    page = plan_page(kept["plans"][0], kept)
    assert "\u202e" not in page
    assert "\n    # no heading\n    | no | table |" in page


def test_it_is_written_anew_only_when_something_changed(cast: Cast) -> None:
    desk = managed(cast)
    approved(desk)
    now = cast.clock.now()
    assert copying.refresh(cast.database, now) is True
    assert copying.refresh(cast.database, now + 60) is False
    assert copying.refresh(cast.database, now + 7200) is True  # so that its date says that it was looked at
    desk.edit("BCP-00001", {"evidence_days": 10})
    assert copying.refresh(cast.database, now + 7201) is True
    desk.act("BCP-00001", "retire")
    assert copying.refresh(cast.database, now + 7202) is True
    folder = local_copy.folder_for(cast.database.label)
    assert not (folder / "BCP-00001.md").exists()


def test_a_damaged_copy_is_written_again(cast: Cast) -> None:
    approved(managed(cast))
    folder = copying.copy(cast.database, cast.clock.now())
    (folder / "plans.json").write_bytes(b"{")
    with pytest.raises(NotFound):
        local_copy.read(folder)
    assert copying.refresh(cast.database, cast.clock.now()) is True
    assert local_copy.read(folder)["plans"]


def test_every_process_with_a_scheduler_keeps_one_whoever_leads(cast: Cast) -> None:
    approved(managed(cast))
    assert [job.name for job in declared_local_jobs()] == ["plans-copy"]
    first = Scheduler(cast.database, jobs=(), local_jobs=())
    first.start()
    eventually(lambda: first.leading, what="the first leads")
    second = Scheduler(cast.database, jobs=(), local_jobs=declared_local_jobs())
    second.start()
    folder = local_copy.folder_for(cast.database.label)
    try:
        eventually(lambda: (folder / "plans.json").exists(), what="a copy is there")
        assert not second.leading
    finally:
        second.stop()
        first.stop()


def test_a_local_job_that_fails_keeps_nothing_else_from_running(cast: Cast) -> None:
    ran = threading.Event()

    def fail(*_: object) -> bool:
        raise OSError("disk full")

    def note(*_: object) -> bool:
        ran.set()
        return True

    jobs = (LocalJob("bad", 1, fail, ""), LocalJob("good", 1, note, ""))
    scheduler = Scheduler(cast.database, jobs=(), local_jobs=jobs)
    scheduler.start()
    try:
        assert ran.wait(60)
        eventually(lambda: scheduler.leading, what="it leads all the same")
    finally:
        scheduler.stop()
