"""`deskterm calc`: the worked examples on JSON lines, refusals in their place, hostile input."""

from __future__ import annotations

import io
import subprocess
import sys

import pytest

from deskterm.cli.calc import functions, run
from deskterm.errors import UsageError
from tests.cli.asking import WEEK, ask, office, one, wrong


class TestWorkedExamples:
    def test_a(self) -> None:
        answer = one(
            "due", calendar=office("08:00", "18:00"), from_="2026-11-23T17:00:00Z", amount_seconds=14_400,
            unit="business-hours", warn_before_seconds=3600,
        )  # fmt: skip
        assert answer == {"due_at": "2026-11-24T11:00:00Z", "warn_at": "2026-11-24T10:00:00Z"}

    @pytest.mark.parametrize(("held", "due"), [(0, "2026-11-26T18:00:00Z"), (1, "2026-11-27T10:00:01Z")])
    def test_b(self, held: int, due: str) -> None:
        pauses = [["2026-11-26T15:30:00Z", f"2026-11-26T16:30:0{held}Z"]]
        calendar = office("10:00", "18:00")
        answer = one("due", calendar=calendar, from_="2026-11-26T15:00:00Z", amount_seconds=7200, pauses=pauses)
        assert answer == {"due_at": due, "warn_at": None}

    @pytest.mark.parametrize(("to", "minutes"), [("2013-06-04T10:45:00Z", 75), ("2013-06-04T12:00:00Z", 150)])
    def test_c(self, to: str, minutes: int) -> None:
        calendar = office("09:00", "18:00", "Europe/Berlin", (*WEEK, "sat", "sun"))
        pauses = [["2013-06-04T10:00:00Z", "2013-06-04T10:30:00Z"]]
        answer = one("elapsed", calendar=calendar, from_="2013-06-04T09:00:00Z", to=to, pauses=pauses)
        assert answer == {"seconds": minutes * 60}

    @pytest.mark.parametrize(("minutes", "due"), [(120, "2016-11-02T09:00:00Z"), (1200, "2016-11-03T15:00:00Z")])
    def test_d(self, minutes: int, due: str) -> None:
        calendar = office("08:00", "20:00", "Europe/Berlin", holidays=["2016-11-01"])
        assert one("due", calendar=calendar, from_="2016-11-01T13:56:21Z", amount_seconds=minutes * 60)["due_at"] == due

    def test_e(self) -> None:
        answer = one("burn", objective=0.999, period_seconds=30 * 86_400, bad_seconds=50 * 60)
        assert answer["budget_seconds"] == 2592
        assert answer["remaining_ratio"] == pytest.approx(-0.1574, abs=5e-5)
        assert answer["burn_rate"] == pytest.approx(1.157, abs=5e-4)

    def test_priority(self) -> None:
        matrix = [[one("priority", impact=i, urgency=u)["priority"] for u in (1, 2, 3)] for i in (1, 2, 3)]
        assert matrix == [[1, 2, 3], [2, 3, 4], [3, 4, 5]]


OFFICE = office("08:00", "18:00", "Europe/Berlin")
MONDAY = {"calendar": OFFICE, "from_": "2026-11-23T09:00:00Z"}


def test_an_inverted_interval_counts_nothing() -> None:
    assert one("elapsed", **MONDAY, to="2026-11-20T09:00:00Z") == {"seconds": 0}


def test_an_instant_without_an_offset_is_local_to_the_calendar() -> None:
    answer = one("due", calendar=OFFICE, from_="2026-07-06T17:00", amount_seconds=7200)
    assert answer["due_at"] == "2026-07-07T07:00:00Z"


def test_without_a_calendar_it_is_utc() -> None:
    answer = one("due", from_="2026-07-06T17:00", amount_seconds=7200, unit="elapsed")
    assert answer["due_at"] == "2026-07-06T19:00:00Z"


def test_business_days_keep_the_time_of_day() -> None:
    answer = one("due", calendar=OFFICE, from_="2026-11-20T15:30:00", days=2)
    assert answer["due_at"] == "2026-11-24T14:30:00Z"
    assert answer == one("due", calendar=OFFICE, from_="2026-11-20T15:30:00", days=2, unit="business-days")


def test_a_calendar_may_have_revisions() -> None:
    calendar = [OFFICE, {**office("10:00", "12:00", "Europe/Berlin"), "valid_from": "2026-11-24"}]
    answer = one("elapsed", calendar=calendar, from_="2026-11-23T00:00:00", to="2026-11-26T00:00:00")
    assert answer == {"seconds": (10 + 2 + 2) * 3600}


def test_priority_by_a_matrix_that_is_being_planned() -> None:
    assert one("priority", impact=1, urgency=2, matrix=[[1, 1], [2, 3]]) == {"priority": 1}


@pytest.mark.parametrize(
    ("function", "question", "fields"),
    [
        ("elapsed", {"from_": "2026-11-23", "to": "2026-11-24"}, {"calendar"}),
        ("elapsed", MONDAY, {"to"}),
        ("elapsed", {**MONDAY, "to": "tomorrow"}, {"to"}),
        ("elapsed", {**MONDAY, "to": 1_700_000_000}, {"to"}),
        ("elapsed", {**MONDAY, "to": "2200-01-02T00:00:00Z"}, {"to"}),
        ("elapsed", {**MONDAY, "to": "2026-11-24", "pause": []}, {"pause"}),
        ("elapsed", {**MONDAY, "to": "2026-11-24", "pauses": [["2026-11-23"]]}, {"pauses.0.1"}),
        ("elapsed", {**MONDAY, "to": "2026-11-24", "pauses": [["2026-11-23", "x"]]}, {"pauses.0.1"}),
        ("elapsed", {**MONDAY, "to": "2026-11-24", "pauses": [["2026-11-24", "2026-11-23"]]}, {"pauses.0"}),
        ("due", MONDAY, {"amount_seconds"}),
        ("due", {**MONDAY, "amount_seconds": 60, "days": 1}, {"amount_seconds"}),
        ("due", {**MONDAY, "amount_seconds": 60, "unit": "business-days"}, {"days"}),
        ("due", {**MONDAY, "amount_seconds": -60}, {"amount_seconds"}),
        ("due", {**MONDAY, "amount_seconds": "60"}, {"amount_seconds"}),
        ("due", {**MONDAY, "amount_seconds": True}, {"amount_seconds"}),
        ("due", {**MONDAY, "amount_seconds": 10**10}, {"amount_seconds"}),
        ("due", {**MONDAY, "days": 100_000}, {"days"}),
        ("due", {**MONDAY, "amount_seconds": 60, "unit": "hours"}, {"unit"}),
        ("due", {**MONDAY, "amount_seconds": 60, "calendar": "office"}, {"calendar"}),
        ("due", {**MONDAY, "amount_seconds": 60, "calendar": office("08:00", "07:00", "X")},
         {"calendar.tz", *(f"calendar.hours.{day}" for day in WEEK)}),
        ("burn", {"objective": 1.1, "period_seconds": 60, "bad_seconds": 0}, {"objective"}),
        ("burn", {"objective": 0.9, "period_seconds": 60}, {"bad_seconds"}),
        ("priority", {"impact": 4, "urgency": 1}, {"impact"}),
        ("priority", {"impact": 1}, {"urgency"}),
        ("priority", {"impact": 1, "urgency": 1, "prio": 1}, {"prio"}),
        ("priority", {"impact": 1, "urgency": 1, "matrix": 5}, {"matrix"}),
    ],
)  # fmt: skip
def test_a_refusal_names_the_field(function: str, question: dict[str, object], fields: set[str]) -> None:
    assert wrong(function, **question).keys() == fields


@pytest.mark.parametrize(
    "line",
    [
        "{", "[]", "7", "null", '{"objective": NaN, "period_seconds": 1, "bad_seconds": 0}', "9" * 5000, "[" * 100_000,
        "{\"objective\": " + "[" * 990 + "]" * 990 + "}", '{"objective": 1e999, "period_seconds": 1, "bad_seconds": 0}',
        '{"objective": "\\ud800", "period_seconds": 1, "bad_seconds": 0}',
    ],
    ids=range(10),
)  # fmt: skip
def test_a_hostile_line_is_refused_and_the_next_is_answered(line: str) -> None:
    good = {"objective": 0.5, "period_seconds": 60, "bad_seconds": 15}
    status, [before, bad, after] = ask("burn", good, line, good)
    assert status == 1
    assert before == after == {"budget_seconds": 30, "remaining_ratio": 0.5, "burn_rate": 0.5}
    assert bad["error"]["code"] == "invalid"


def test_blank_lines_are_no_questions() -> None:
    assert ask("priority", "", '{"impact": 1, "urgency": 1}\n', "  \n") == (0, [{"priority": 1}])


def test_nothing_to_stand_on_is_null() -> None:
    answer = one("burn", objective=1, period_seconds=60, bad_seconds=0)
    assert answer == {"budget_seconds": 0, "remaining_ratio": None, "burn_rate": None}


def test_an_unknown_function_is_a_usage_error_that_lists_them() -> None:
    with pytest.raises(UsageError, match=r"elapse.*burn.*due.*elapsed.*priority"):
        run("elapse", [], io.StringIO())
    assert functions().keys() >= {"elapsed", "due", "burn", "priority"}


def test_no_database_is_brought_along() -> None:
    script = "import sys, deskterm.cli.calc as calc; calc.functions(); print('sqlalchemy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
