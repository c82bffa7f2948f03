"""The figures of changes, worked by hand, and what the desk says of them by itself, once."""

from __future__ import annotations

from typing import Any

import pytest

from deskterm.change.jobs import remind_voters, watch_windows
from deskterm.errors import InvalidInput
from deskterm.jobs import JobContext
from deskterm.overview import systems
from deskterm.reports import Period, run
from tests.change.changing import HOUR, RFC, assessing, board, implementing
from tests.desks import MONDAY, Cast

START, END = RFC["window_start"], RFC["window_end"]


def done(cast: Cast, code: str, *, late: int = 0, **values: Any) -> str:
    number = implementing(cast, **values)
    cast.clock.at = max(cast.clock.at, {**RFC, **values}["window_end"] + late)
    cast.as_("bob").act(number, "complete", {"code": code, "review": "It went as it went"})
    return number


def test_the_figures(any_cast: Cast) -> None:
    any_cast.ada.create("ci", {"name": "core-sw", "type": "network-device"})
    done(any_cast, "successful")
    done(any_cast, "failed", late=HOUR, cis=["core-sw"], type="emergency")
    bad = done(any_cast, "successful-with-issues")
    done(any_cast, "backed-out")
    incident = any_cast.incident(caused_by=bad, occurred_at=any_cast.clock.at)
    any_cast.incident(category="unauthorised change")
    any_cast.clock.advance(2 * HOUR)
    any_cast.as_("bob").act(incident, "resolve", {"code": "solved", "solution": "Put the old image back"})
    data = run(any_cast.ada, "changes", Period(MONDAY, None), {}).data
    names = ("implemented", "successful", "failed", "backed_out", "caused", "unauthorised")
    assert {name: data[name] for name in names} == dict(zip(names, (4, 2, 1, 1, 1, 1), strict=True))
    assert (data["success_rate"], data["failure_rate"], data["emergency_rate"]) == (50.0, 75.0, 25.0)
    assert (data["overrun_rate"], data["overrun_seconds"], data["clean_rate"]) == (75.0, 3 * HOUR, 25.0)
    assert data["lead_time_seconds"] is not None
    (fragile,) = data["fragile"]
    assert (fragile["ci"], fragile["changes"], fragile["restore_seconds"]) == ("vpn-gw-1", 3, 2 * HOUR)
    assert fragile["score_seconds"] == round(2 * 2 * HOUR / 3)
    assert [(row["group"], row["implemented"]) for row in data["rows"]] == [("normal", 3), ("emergency", 1)]
    only = run(any_cast.ada, "changes", Period(MONDAY, None), {"type": "emergency", "by": "category"}).data
    assert (only["implemented"], only["emergency_rate"]) == (1, 100.0)


def test_of_nothing_there_are_no_rates(cast: Cast) -> None:
    data = run(cast.ada, "changes", Period(), {}).data
    assert (data["implemented"], data["success_rate"], data["emergency_rate"], data["fragile"]) == (0, None, None, [])
    with pytest.raises(InvalidInput, match="grouped by"):
        run(cast.ada, "changes", Period(), {"by": "colour"})


def test_the_schedule_as_a_report(cast: Cast) -> None:
    number = assessing(cast.as_("bob"))
    cast.as_("sue").act(number, "approve")
    data = run(cast.ada, "change-schedule", Period(), {}).data
    assert [one["number"] for one in data["schedule"]] == [number]
    assert [(row["service"], row["down_seconds"], row["changes"]) for row in data["rows"]] == [("Workplace", 2 * HOUR, [number])]
    with pytest.raises(InvalidInput, match="takes no by"):
        run(cast.ada, "change-schedule", Period(), {"by": "x"})


def notes(cast: Cast, number: str) -> list[str | None]:
    return [line.text for line in cast.ada.show(number).journal if line.what == "note"]


def run_jobs(cast: Cast) -> tuple[int, int]:
    context = JobContext("change-windows", cast.database, cast.ada.registry, cast.clock.at)
    return remind_voters(context), watch_windows(context)


def test_reminders_are_given_once_for_each_occasion(any_cast: Cast) -> None:
    board(any_cast, "sue", "sam", rule="all")
    number = assessing(any_cast.as_("bob"))
    any_cast.as_("sue").act(number, "approve")
    assert (run_jobs(any_cast), run_jobs(any_cast)) == ((1, 0), (0, 0))
    assert notes(any_cast, number) == ["Its window is near and it is not decided: sam still to vote."]
    any_cast.as_("sam").act(number, "approve")
    any_cast.clock.at = START
    assert (run_jobs(any_cast), run_jobs(any_cast)) == ((0, 1), (0, 0))
    assert notes(any_cast, number)[-1] == "Its window has begun and nobody has started it."
    for desk, action in (("bob", "schedule"), ("bob", "implement")):
        any_cast.as_(desk).act(number, action)
    any_cast.clock.at = END
    assert run_jobs(any_cast) == (0, 1)
    assert notes(any_cast, number)[-1] == "Its window is over and work goes on: complete it, or back it out."


def test_a_window_that_passed_unused_is_said_and_a_new_one_is_watched_again(cast: Cast) -> None:
    number = assessing(cast.as_("bob"))
    cast.as_("sue").act(number, "approve")
    cast.clock.at = END
    assert run_jobs(cast) == (0, 1)
    assert notes(cast, number)[-1] == "Its window is over and work never began: schedule it anew, or cancel it."
    later = {"window_start": END + HOUR, "window_end": END + 2 * HOUR}
    cast.as_("sue").act(number, "schedule", later)
    assert run_jobs(cast) == (0, 0)
    cast.clock.at = END + HOUR
    assert run_jobs(cast) == (0, 1)


def test_the_overview_says_the_worst_first(cast: Cast) -> None:
    def line() -> Any:
        return next(one.health for one in systems(cast.ada) if one.process == "change")

    assert (line().word.value, line().figure) == ("well", "nothing open")
    number = assessing(cast.as_("bob"))
    assert (line().word.value, line().worst.why) == ("watch", "its window is near and nothing is decided")
    cast.as_("sue").act(number, "approve")
    cast.clock.at = START + 1
    assert (line().word.value, line().worst.why) == ("watch", "its window has begun, work has not")
    cast.clock.at = END + 1
    assert (line().word.value, line().worst.why) == ("trouble", "its window is over and work never began")
    cast.clock.at = START + 1
    for action in ("schedule", "implement"):
        cast.as_("bob").act(number, action)
    assert (line().word.value, line().figure, line().worst) == ("well", "1 open, 1 under way", None)
    cast.clock.at = END + 1
    assert (line().worst.number, line().worst.why) == (number, "work goes on beyond its window")
