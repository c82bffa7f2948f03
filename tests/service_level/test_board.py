"""The board's figures: each count is what its query lists, open work is read by its own indexes, nothing is made up."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import Executable, event

from data.engine import Database
from data.queries import board as q
from data.queries import clocks
from deskterm.clock import parse_instant
from deskterm.errors import NotAllowed
from deskterm.service_level import attainment, board
from deskterm.service_level.clocks import judge_records
from tests.desks import MONDAY, Cast

HOUR = 3600


def log(
    cast: Cast, *, hours_ago: float = 0, team: str | None = "network", impact: int = 3, urgency: int = 3, **values: Any
) -> str:
    """Log an incident that began some hours ago."""
    occurred = cast.clock.now() - int(hours_ago * HOUR)
    return cast.incident(team=team, impact=impact, urgency=urgency, occurred_at=occurred, **values)


def check_clocks(cast: Cast) -> None:
    """Judge every record at the present instant, as the scheduler's job does."""
    with cast.ada.unit("check") as unit:
        rows = unit.connection.exec_driver_sql("SELECT id FROM record WHERE open_since IS NOT NULL").all()
        judge_records(unit, [row.id for row in rows])


def resolve(cast: Cast, number: str) -> None:
    cast.ada.act(number, "resolve", {"code": "solved", "solution": "done"})


@pytest.fixture
def busy(any_cast: Cast) -> Cast:
    """At 13:00 in Berlin: two late, one at risk, one due within the hour, one waiting, one that nobody owns."""
    cast = any_cast
    cast.clock.advance(3 * HOUR)
    log(cast, hours_ago=3, impact=1, urgency=1, assignee="bob")
    log(cast, hours_ago=2, impact=2, urgency=2, assignee="eve")
    log(cast, hours_ago=0.8)
    log(cast, hours_ago=0.25, team="desk")
    waiting = log(cast, hours_ago=0.5, team=None)
    cast.ada.act(waiting, "pend", {"reason": "supplier"})
    log(cast, team=None)
    check_clocks(cast)
    return cast


def test_an_empty_desk_has_nothing_to_show(any_cast: Cast) -> None:
    found = board.figures(any_cast.as_("sue"))
    assert (found.open.count, found.breached.count, found.at_risk.count, found.due.count, found.unassigned.count) == (0,) * 5
    assert (found.teams, found.urgent) == ((), ())


def test_every_count_is_what_its_query_lists(busy: Cast) -> None:
    sue = busy.as_("sue")
    found = board.figures(sue)
    assert found.open.count == 6
    assert found.breached.count == 2
    assert found.unassigned.count == 4
    counts = {figure.query: figure.count for figure in (found.open, found.breached, found.at_risk, found.due, found.unassigned)}
    counts |= {load.query: load.open for load in found.teams}
    assert {query: sue.count(sue.prepare(board.work_kinds(sue), query)) for query in counts} == counts


def test_teams_are_told_by_pressure_with_their_load_and_oldest_clock(busy: Cast) -> None:
    first, second, third = board.figures(busy.as_("sue")).teams
    assert (first.team, first.open, first.by_priority, first.breached) == ("network", 3, (1, 0, 1, 1), 2)
    assert first.due_at == parse_instant("2026-11-02T10:00:00Z")
    assert (second.team, second.open, second.unassigned) == ("desk", 1, 1)
    assert (third.team, third.open, third.query) == ("", 2, "state:open team:none")


def test_the_most_urgent_clocks_come_first_and_what_waits_is_not_among_them(busy: Cast) -> None:
    urgent = board.figures(busy.as_("sue")).urgent
    assert [one.due_at for one in urgent] == sorted(one.due_at for one in urgent)
    assert (urgent[0].assignee, urgent[0].team, urgent[0].clock_state) == ("bob", "network", "breached")
    assert len(urgent) == 5


def test_no_more_than_ten_are_named(cast: Cast) -> None:
    for _ in range(board.URGENT + 2):
        log(cast)
    assert len(board.figures(cast.as_("sue")).urgent) == board.URGENT


def test_a_requester_does_not_count_other_peoples_work(busy: Cast) -> None:
    maria = busy.as_("maria")
    for read in (board.figures, lambda desk: board.crossings(desk, 0), attainment.agreements):
        with pytest.raises(NotAllowed):
            read(maria)


def test_an_agreement_is_judged_once_per_clock_on_the_day_it_was_decided(any_cast: Cast) -> None:
    cast = any_cast
    soon = log(cast, impact=1, urgency=1)
    late = log(cast, impact=1, urgency=1)
    dropped = log(cast, impact=1, urgency=1)
    cast.clock.advance(1800)
    resolve(cast, soon)  # response and resolution in time
    cast.clock.advance(2 * HOUR)
    check_clocks(cast)  # the response of the other two is late
    cast.ada.act(dropped, "cancel", {"reason": "logged twice"})
    cast.clock.advance(24 * HOUR)
    resolve(cast, late)  # its resolution was due yesterday
    (standard,) = attainment.agreements(cast.as_("sue"))
    assert (standard.name, standard.type) == ("Standard", "sla")
    assert standard.days.met[-2:] == (2, 0)
    assert standard.days.missed[-2:] == (2, 0)
    assert standard.days.percent[-2:] == (50.0, None)
    assert standard.days.today is None
    assert standard.days.period == 50.0
    assert sum(standard.days.met[:-2]) == 0


def test_what_is_overdue_counts_although_no_scheduler_looked(cast: Cast) -> None:
    log(cast, impact=1, urgency=1)
    cast.clock.advance(2 * HOUR)
    (standard,) = attainment.agreements(cast.as_("sue"))
    assert (standard.days.met[-1], standard.days.missed[-1], standard.days.today) == (0, 1, 0.0)


def test_burn_rate_and_budget_need_an_objective_and_something_judged(cast: Cast) -> None:
    (standard,) = attainment.agreements(cast.as_("sue"))
    assert (standard.days.today, standard.objective, standard.burn_rate, standard.budget_left) == (None, None, None, None)
    target = cast.ada.page(cast.ada.prepare(("target",), "metric:response")).rows[0].number
    cast.ada.edit(target, {"objective": "90"})
    (standard,) = attainment.agreements(cast.as_("sue"))
    assert (standard.objective, standard.burn_rate, standard.budget_left) == (90.0, None, None)
    for _ in range(3):
        cast.ada.act(log(cast), "start")
    log(cast)
    cast.clock.advance(2 * HOUR)
    (standard,) = attainment.agreements(cast.as_("sue"))
    assert standard.days.today == 75.0
    assert standard.burn_rate == pytest.approx(2.5)
    assert standard.budget_left == pytest.approx(-1.5)


def test_days_are_local_and_of_their_true_length() -> None:
    edges = attainment.day_edges(parse_instant("2026-10-26T12:00:00Z"), "Europe/Berlin", 3)
    assert [later - earlier for earlier, later in pairwise(edges)] == [86_400, 90_000, 86_400]
    assert edges[-1] == parse_instant("2026-10-26T23:00:00Z")


def test_a_crossing_is_told_with_its_record_and_only_while_it_is_news(any_cast: Cast) -> None:
    cast = any_cast
    number = log(cast, impact=1, urgency=1)
    cast.clock.advance(HOUR + 60)
    check_clocks(cast)
    sue = cast.as_("sue")
    newest, *_ = board.crossings(sue, cast.clock.now() - 120)
    assert (newest.number, newest.metric, newest.threshold, newest.at) == (number, "response", 100, MONDAY + HOUR)
    assert board.crossings(sue, cast.clock.now() + 1) == ()
    imported = log(cast, hours_ago=96, impact=1, urgency=1)
    assert imported != number
    told = {one.number for one in board.crossings(sue, cast.clock.now() - 120)}
    assert told == {number}


# What it costs: SQLite says by which index it finds its rows.


def plan(database: Database, statement: Executable, arguments: Mapping[str, object]) -> list[str]:
    """Return the plan of a statement, as SQLite explains it."""
    sent: list[tuple[str, Any]] = []
    with database.read() as connection:

        @event.listens_for(connection.engine, "before_cursor_execute")
        def note(_connection: object, _cursor: object, text: str, parameters: Any, _context: object, _many: bool) -> None:
            sent.append((text, parameters))

        connection.execute(statement, arguments).all()
        event.remove(connection.engine, "before_cursor_execute", note)
        text, parameters = sent[-1]
        return [row.detail for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", parameters)]


EDGES = {f"d{i}": i for i in range(q.DAYS + 1)}
KINDS = ["incident", "request"]
PLANS = [
    (q.OPEN_WORK, {"now": 1, "soon": 2, "kinds": KINDS}, {"ix_record_open_team"}),
    (q.URGENT, {"kinds": KINDS, "limit": 10}, {"ix_record_open_due"}),
    (q.JUDGED, {"now": 1, **EDGES}, {"ix_clock_kept", "ix_clock_broken", "ix_clock_next"}),
    (q.AGREEMENTS, {"now": 1}, {"ix_record_kind_state_done"}),
    (clocks.AGREEMENTS, {}, {"ix_record_kind_state_done"}),
    (q.CROSSED, {"recorded_since": 1, "since": 1, "kinds": KINDS, "limit": 5}, {"ix_clock_event_recorded"}),
]


@pytest.mark.parametrize(
    ("statement", "arguments", "indexes"), PLANS, ids=["open-work", "urgent", "judged", "in-force", "book", "crossed"]
)
def test_a_million_closed_records_cost_nothing(
    cast: Cast, statement: Executable, arguments: dict[str, object], indexes: set[str]
) -> None:
    found = plan(cast.database, statement, arguments)
    used = {word for line in found for word in line.split() if word.startswith("ix_")}
    assert used == indexes, found
    assert not [line for line in found if line.startswith("SCAN") and "USING" not in line and "SUBQUERY" not in line.upper()], (
        found
    )
