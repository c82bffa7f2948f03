"""What the desk does by itself to incidents: at the instant it was due, once, and never over a person's head."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from data.queries import upkeep as q
from data.tables.core import job_fault, journal, presence, record
from data.tables.incident import incident as incident_table
from data.tables.incident import request as request_table
from data.tables.service_level import clock
from deskterm.desk_settings import save
from deskterm.incident.major import owed_updates
from deskterm.job_runs import run_due
from deskterm.records import indexing
from tests.desks import MONDAY, Cast
from tests.scheduler.plans import query_plan

DAY = 86400


def run(cast: Cast, name: str) -> int:
    [done] = run_due(cast.database, cast.ada.registry, cast.clock, name)
    assert done.error is None
    with cast.database.read() as connection:
        assert connection.execute(select(job_fault)).all() == []
    return done.changed


def entries(cast: Cast, number: str, what: str, field: str | None = None) -> list[tuple[int, int, str, object]]:
    lines = cast.ada.show(number).journal
    return [(line.at, line.recorded_at, line.actor, line.new) for line in lines if (line.what, line.field) == (what, field)]


def _resolve(cast: Cast, number: str) -> None:
    cast.as_("bob").act(number, "resolve", {"code": "solved", "solution": "Plugged it in."})


def test_what_waited_until_an_instant_resumes_at_that_instant(any_cast: Cast) -> None:
    number = any_cast.incident(impact=1, urgency=1)
    bob = any_cast.as_("bob")
    bob.act(number, "pend", {"reason": "supplier", "until": "2026-11-02T10:00:00Z"})
    any_cast.clock.advance(3599)
    assert run(any_cast, "pending-wake-up") == 0
    any_cast.clock.advance(1801)
    assert run(any_cast, "pending-wake-up") == 1
    shown = any_cast.ada.show(number)
    assert (shown.state, shown.values["pending_until"], shown.values["pending_reason"]) == ("in-progress", None, None)
    assert entries(any_cast, number, "state", "state")[-1] == (MONDAY + 3600, MONDAY + 5400, "desk", "in-progress")
    with any_cast.database.read() as connection:
        due = connection.execute(select(clock.c.due_at).where(clock.c.metric == "resolution")).scalar_one()
    assert due == MONDAY + 5 * 3600, "the clock stood still for an hour, not for the hour and a half until the job ran"
    assert run(any_cast, "pending-wake-up") == 0


def test_what_is_snoozed_comes_back(any_cast: Cast) -> None:
    number = any_cast.incident()
    any_cast.as_("bob").act(number, "snooze", {"until": "2026-11-02T09:30:00Z"})
    assert run(any_cast, "snooze-end") == 0
    any_cast.clock.advance(3600)
    assert run(any_cast, "snooze-end") == 1
    assert any_cast.ada.show(number).values["snoozed_until"] is None
    assert entries(any_cast, number, "field", "snoozed_until")[-1] == (MONDAY + 1800, MONDAY + 3600, "desk", None)
    assert run(any_cast, "snooze-end") == 0


def test_what_was_resolved_closes_once_nobody_objected(any_cast: Cast) -> None:
    number = any_cast.incident()
    any_cast.clock.advance(60)
    _resolve(any_cast, number)
    any_cast.clock.advance(5 * DAY - 1)
    assert run(any_cast, "auto-close") == 0
    any_cast.clock.advance(3601)
    assert run(any_cast, "auto-close") == 1
    assert any_cast.ada.show(number).state == "closed"
    closed_at = MONDAY + 60 + 5 * DAY
    assert entries(any_cast, number, "state", "state")[-1] == (closed_at, closed_at + 3600, "desk", "closed")
    assert run(any_cast, "auto-close") == 0


def test_a_word_begins_the_wait_anew_and_the_desk_sets_how_long_it_is(cast: Cast) -> None:
    number = cast.incident()
    _resolve(cast, number)
    with cast.database.write() as connection:
        save(connection, "auto_close_seconds", 2 * DAY)
    cast.clock.advance(DAY)
    cast.as_("maria").note(number, "It is back again!", public=True)
    cast.clock.advance(DAY)
    assert run(cast, "auto-close") == 0
    cast.clock.advance(DAY)
    assert run(cast, "auto-close") == 1
    assert entries(cast, number, "state", "state")[-1][0] == MONDAY + 3 * DAY


def test_a_major_incident_without_a_review_stays_open(cast: Cast) -> None:
    number = cast.incident()
    cast.as_("sue").act(number, "declare-major")
    _resolve(cast, number)
    cast.clock.advance(6 * DAY)
    assert run(cast, "auto-close") == 0
    cast.as_("sue").act(number, "review", {"review": "We had one cable too few."})
    assert run(cast, "auto-close") == 1


def test_more_than_a_batch_is_done_in_one_run(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from deskterm.incident import jobs

    monkeypatch.setattr(jobs, "BATCH", 2)
    for _ in range(5):
        _resolve(cast, cast.incident())
    cast.clock.advance(6 * DAY)
    assert run(cast, "auto-close") == 5


def test_a_status_update_that_is_owed_is_journalled_once_and_seen_until_it_is_given(any_cast: Cast) -> None:
    number = any_cast.incident()
    sue = any_cast.as_("sue")
    sue.act(number, "declare-major", {"update_minutes": 30})
    any_cast.clock.advance(1799)
    assert run(any_cast, "major-updates") == 0
    any_cast.clock.advance(2)
    assert run(any_cast, "major-updates") == 1
    assert run(any_cast, "major-updates") == 0
    assert entries(any_cast, number, "note", "status-update") == [(MONDAY + 1800, MONDAY + 1801, "desk", MONDAY + 1800)]
    with any_cast.database.read() as connection:
        [owed] = owed_updates(connection, any_cast.clock.now())
    assert (owed.number, owed.owed_at, owed.last_at, owed.reminded) == (number, MONDAY + 1800, MONDAY, True)
    any_cast.as_("maria").note(number, "Hello?", public=True)
    with any_cast.database.read() as connection:
        assert owed_updates(connection, any_cast.clock.now()), "the caller's question is no status update"
    sue.note(number, "We are replacing the router.", public=True)
    with any_cast.database.read() as connection:
        assert owed_updates(connection, any_cast.clock.now()) == ()


def test_after_hours_of_silence_one_reminder_says_it(cast: Cast) -> None:
    number = cast.incident()
    cast.as_("sue").act(number, "declare-major", {"update_minutes": 30})
    cast.clock.advance(8 * 3600 + 60)
    assert run(cast, "major-updates") == 1
    assert entries(cast, number, "note", "status-update")[0][0] == MONDAY + 8 * 3600
    _resolve(cast, number)
    cast.clock.advance(8 * 3600)
    assert run(cast, "major-updates") == 0


def test_the_jobs_read_by_what_is_due(cast: Cast) -> None:
    page = {"now": 1, "after_at": -1, "after_id": 0, "limit": 10}
    for statement, index in (
        (q.waking(incident_table), "ix_incident_pending_until"),
        (q.waking(request_table), "ix_request_pending_until"),
        (q.SNOOZED, "ix_record_snoozed"),
        (q.RESOLVED, "ix_record_kind_state_done"),
        (q.MAJOR, "ix_incident_major"),
    ):
        plan = query_plan(cast, statement, page | {"kind": "incident"})
        assert index in plan, plan
        assert "SCAN record" not in plan, plan
        assert "TEMP B-TREE" not in plan, plan


def test_records_that_search_cannot_find_are_indexed_again(any_cast: Cast) -> None:
    number = any_cast.incident(summary="Xylophone out of tune")
    assert [row.number for row in any_cast.ada.search("xylophone")] == [number]
    with any_cast.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM search")
    assert any_cast.ada.search("xylophone") == ()
    with any_cast.database.read() as connection:
        count = len(connection.execute(select(record.c.id)).all())
        assert len(indexing.missing(connection, limit=1000)) == count
    assert run(any_cast, "search-upkeep") == count
    assert [row.number for row in any_cast.ada.search("xylophone")] == [number]
    assert run(any_cast, "search-upkeep") == 0


def test_presence_that_ended_without_a_word_is_forgotten(any_cast: Cast) -> None:
    from deskterm import presence as who

    number = any_cast.incident()
    key = any_cast.ada.show(number).id
    who.announce(any_cast.database, key, "one", "bob")
    who.announce(any_cast.database, key, "two", "eve", who.Mode.TYPING)
    who.announce(any_cast.database, key, "one", "bob", who.Mode.TYPING)
    seen = who.others(any_cast.database, [key], "two")
    assert [(one.agent, one.mode) for one in seen] == [("bob", who.Mode.TYPING)]
    who.leave(any_cast.database, "one", key)
    assert who.others(any_cast.database, [key], "two") == ()
    with any_cast.database.write() as connection:
        connection.execute(presence.update().values(seen_at=presence.c.seen_at - who.EXPIRY_SECONDS))
    assert who.others(any_cast.database, [key], "one") == (), "expired, though its row is still there"
    with any_cast.database.write() as connection:
        connection.execute(presence.update().values(seen_at=presence.c.seen_at - 60))
    assert run(any_cast, "presence-cleanup") == 1


def test_jobs_leave_a_journal_that_adds_up(cast: Cast) -> None:
    number = cast.incident()
    cast.as_("bob").act(number, "pend", {"reason": "supplier", "until": "2026-11-02T10:00:00Z"})
    cast.clock.advance(2 * 3600)
    run(cast, "pending-wake-up")
    with cast.database.read() as connection:
        key = connection.execute(select(record.c.id).where(record.c.number == number)).scalar_one()
        version = connection.execute(select(record.c.version).where(record.c.id == key)).scalar_one()
        versions = connection.execute(select(journal.c.version).where(journal.c.record_id == key)).scalars().all()
    assert max(versions) == version
