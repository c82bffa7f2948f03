"""Fault 17: calendars and agreements that change, empty or vanish under running clocks."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from data.errors import DeskError
from data.tables.core import record
from data.tables.service_level import clock
from deskterm.doctor import examine
from deskterm.errors import InvalidInput, WorkflowRefused
from tests.desks import MONDAY, OFFICE, Cast

HOUR = 3600


def due(cast: Cast, number: str) -> int | None:
    """Return the due instant of a record's resolution clock."""
    with cast.database.read() as connection:
        joined = select(clock.c.due_at).join(record, record.c.id == clock.c.record_id)
        found = connection.execute(joined.where(record.c.number == number, clock.c.metric == "resolution")).scalar_one()
    return None if found is None else int(found)


def test_a_calendar_in_use_cannot_be_retired_emptied_or_deleted(any_cast: Cast) -> None:
    number = any_cast.incident(impact=1, urgency=1)
    before = due(any_cast, number)
    with pytest.raises(WorkflowRefused, match="is the calendar of SLA-00001; give them another one first"):
        any_cast.ada.act("CAL-00001", "retire")
    with pytest.raises(InvalidInput):
        any_cast.ada.edit("CAL-00001", {"hours": {}})
    with pytest.raises((IntegrityError, DeskError)), any_cast.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM record WHERE kind = 'calendar'")
    assert due(any_cast, number) == before == MONDAY + 4 * HOUR
    assert examine(any_cast.database, clock=any_cast.clock) == []


def test_a_calendar_that_changes_moves_what_runs_and_not_what_is_done(any_cast: Cast) -> None:
    any_cast.clock.advance(HOUR)
    running, done = any_cast.incident(), any_cast.incident()
    tuesday_at_nine = MONDAY + 23 * HOUR
    assert due(any_cast, running) == due(any_cast, done) == tuesday_at_nine, "seven hours today and one tomorrow"
    any_cast.as_("bob").act(done, "resolve", {"code": "solved", "solution": "Rebooted."})
    any_cast.ada.edit("CAL-00001", {"days": {"2026-11-03": [["12:00", "18:00"]]}})
    assert due(any_cast, running) == tuesday_at_nine + 4 * HOUR
    assert due(any_cast, done) == tuesday_at_nine
    [view] = [one for one in any_cast.ada.show(running).clocks if one.metric == "resolution"]
    assert view.reading.due_at == due(any_cast, running)
    assert examine(any_cast.database, clock=any_cast.clock) == []


def test_an_agreement_that_changes_is_judged_again_from_the_start_with_every_pause(any_cast: Cast) -> None:
    number = any_cast.incident(impact=1, urgency=1)
    bob = any_cast.as_("bob")
    bob.act(number, "pend", {"reason": "supplier"})
    any_cast.clock.advance(HOUR)
    bob.act(number, "resume")
    assert due(any_cast, number) == MONDAY + 5 * HOUR
    any_cast.ada.create("calendar", {**OFFICE, "name": "Mornings", "hours": {"mon": [["08:00", "13:00"]]}})
    any_cast.ada.edit("SLA-00001", {"calendar": "Mornings"})
    week = 7 * 24 * HOUR
    assert due(any_cast, number) == MONDAY + week, "two of its four hours are left for next Monday from eight, which is UTC seven"
    any_cast.ada.edit("SLA-00001", {"calendar": "Office"})
    assert due(any_cast, number) == MONDAY + 5 * HOUR
    assert examine(any_cast.database, clock=any_cast.clock) == []


def test_a_calendar_edit_that_is_undone_is_as_if_it_had_not_been(any_cast: Cast) -> None:
    any_cast.clock.advance(HOUR)
    number = any_cast.incident()
    before = due(any_cast, number)
    for day in ("2026-12-24", "2026-11-03"):
        any_cast.clock.advance(60)
        any_cast.ada.edit("CAL-00001", {"days": {day: [["12:00", "18:00"]]}})
    assert due(any_cast, number) != before
    any_cast.clock.advance(60)
    any_cast.ada.undo()
    assert due(any_cast, number) == before
    any_cast.ada.edit("CAL-00001", {"days": {"2026-11-03": [["12:00", "18:00"]]}, "valid_from": "2026-10-01"})
    assert due(any_cast, number) == (before or 0) + 4 * HOUR, "a later edit that holds from earlier on supersedes"
    any_cast.ada.undo()
    assert due(any_cast, number) == before
    assert examine(any_cast.database, clock=any_cast.clock) == []
