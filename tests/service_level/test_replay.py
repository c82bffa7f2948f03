"""A past period under another promise: the same figures where nothing is proposed, who changes sides where something is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from data.tables.core import journal
from data.tables.service_level import clock, clock_event, policy
from data.vocab import ClockState
from deskterm.errors import DeskError, InvalidInput, NotAllowed
from deskterm.reports import Period, run
from deskterm.service_level.replay import replay
from deskterm.service_level.replay_rules import EARLIER, MET, MISSED, OPEN, UNCOVERED, Line, Verdict, by_target, tally, verdict
from deskterm.service_level.rules import Reading
from tests.cli.shell import Shell
from tests.desks import MONDAY, Cast
from tests.service_level.test_reviews import check, late_and_early

HOUR, DAY = 3_600, 86_400
WEEK = Period(MONDAY - DAY, MONDAY + 6 * DAY)


def reading(state: ClockState, *, at: int = 100, met: int | None = None, breached: int | None = None) -> Reading:
    return Reading(at, state, 10, 5, None, met, breached, None, ())


@pytest.mark.parametrize(
    ("one", "word", "at"),
    [
        (reading(ClockState.MET, met=60), MET, 60),
        (reading(ClockState.MET, met=40), EARLIER, 40),
        (reading(ClockState.BREACHED, breached=70), MISSED, 70),
        (reading(ClockState.BREACHED, met=90, breached=70), MISSED, 70),
        (reading(ClockState.BREACHED, met=60, breached=40), EARLIER, 40),
        (reading(ClockState.RUNNING), OPEN, None),
        (reading(ClockState.PAUSED), OPEN, None),
        (reading(ClockState.CANCELLED, breached=60), EARLIER, None),
    ],
)
def test_a_clock_is_judged_once_by_what_was_decided_first(one: Reading, word: str, at: int | None) -> None:
    found = verdict(one, 0, 50, "P1")
    assert (found.word, found.at) == (word, at)
    assert verdict(one, 101, 50, "P1").word in (EARLIER, MISSED), "what begins after the reading is not of the period"


WORDS = st.sampled_from([MET, MISSED, OPEN, UNCOVERED, EARLIER])


@given(st.lists(st.tuples(WORDS, WORDS, st.sampled_from(["P1", "P2"]))))
def test_targets_add_up_to_all_together(sides: list[tuple[str, str, str]]) -> None:
    lines = [
        Line(i, "", "", None, "response", 1, Verdict(now, None, name), Verdict(then, None, name))
        for i, (now, then, name) in enumerate(sides)
    ]
    rows = list(by_target(lines))
    for place, whole in enumerate((tally(line.now for line in lines), tally(line.proposed for line in lines)), 1):
        for side in ("met", "missed", "open"):
            assert sum(getattr(row[place], side) for row in rows) == getattr(whole, side)
        assert (whole.percent is None) == (whole.met + whole.missed == 0)


def counts(cast: Cast) -> tuple[int, ...]:
    """How many rows there are that a judgement would write."""
    with cast.database.read() as connection:
        return tuple(
            connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (journal, clock, clock_event, policy)
        )


def test_with_nothing_proposed_it_says_what_the_report_says_and_writes_nothing(any_cast: Cast) -> None:
    late_and_early(any_cast)
    sue, before = any_cast.as_("sue"), counts(any_cast)
    standard = sue.page(sue.prepare(("agreement",), "Standard"), limit=1).rows[0].number
    told: list[tuple[int, int]] = []
    found = replay(sue, standard, {}, WEEK, told=lambda done, total: told.append((done, total)))
    assert (found.moved, found.records, told[-1]) == ((), 2, (2, 2))
    report = {row["target"]: (row["met"], row["missed"]) for row in run(sue, "sla", WEEK, {}).rows}
    for name, now, then in found.targets:
        assert now == then
        assert (now.met, now.missed) == report[name]
    assert counts(any_cast) == before


def target(cast: Cast, words: str) -> str:
    ada = cast.ada
    return next(row.number for row in ada.page(ada.prepare(("target",), "*"), limit=9).rows if words in row.title)


def test_who_changes_sides_under_another_target_and_calendar(any_cast: Cast) -> None:
    late, early = late_and_early(any_cast)
    sue = any_cast.as_("sue")
    urgent = target(any_cast, "P1, P2")
    found = replay(sue, urgent, {"amount_seconds": "6h"}, WEEK)
    assert [(one.number, one.now.word, one.proposed.word) for one in found.moved] == [(late, MISSED, MET)]
    assert (found.now.percent, found.proposed.percent, found.title) == (
        0.0, 100.0, "Standard, resolution 4 h, P1, P2: 6:00 business-hours",
    )  # fmt: skip
    wider = replay(sue, urgent, {"priorities": "1, 2, 3, 4, 5", "amount_seconds": "4h"}, WEEK)
    assert [(one.number, one.now.word, one.proposed.word) for one in wider.moved] == [(early, UNCOVERED, MET)]
    days = replay(sue, urgent, {"days": "1", "unit": "business-days"}, WEEK)
    assert [one.proposed.word for one in days.moved] == [MET]
    standard = sue.page(sue.prepare(("agreement",), "Standard"), limit=1).rows[0].number
    noon = {"tz": "Europe/Berlin", "hours": {"mon": [["12:00", "18:00"]]}}
    shorter = replay(sue, standard, {"calendar": noon}, WEEK)
    assert [(one.number, one.metric, one.proposed.word) for one in shorter.moved] == [(late, "resolution", MET)]
    assert replay(sue, standard, {"query": "service:Workplace"}, WEEK).records == 1


def test_the_end_of_the_period_is_where_it_is_looked_at(cast: Cast) -> None:
    late, _ = late_and_early(cast)
    sue, urgent = cast.as_("sue"), target(cast, "P1, P2")
    found = replay(sue, urgent, {"amount_seconds": "1h"}, Period(MONDAY, MONDAY + 2 * HOUR))
    assert [(one.number, one.now.word, one.proposed.word, one.proposed.at) for one in found.moved] == [
        (late, OPEN, MISSED, MONDAY + HOUR)
    ]
    with pytest.raises(InvalidInput, match="not begun"):
        replay(sue, urgent, {}, Period(MONDAY + 9 * DAY, MONDAY + 10 * DAY))


def test_an_agreement_of_tomorrow_is_tried_as_if_it_had_been_there(cast: Cast) -> None:
    late_and_early(cast)
    gold = {"name": "Gold", "calendar": "Office", "service": "Payroll", "valid_from": MONDAY + 30 * DAY}
    number = cast.ada.create("agreement", gold).number
    cast.ada.create("target", {"agreement": "Gold", "metric": "resolution", "amount_seconds": "2h", "unit": "business-hours"})
    found = replay(cast.as_("sue"), number, {}, WEEK)
    assert [(one.now.word, one.proposed.word) for one in found.moved] == [(UNCOVERED, MISSED)]
    assert found.title == "Gold, as if it had been in force"


@pytest.mark.parametrize(
    ("values", "match"),
    [
        ({"colour": "red"}, "has no 'colour'"), ({"amount_seconds": "soon"}, "amount_seconds"),
        ({"calendar": "Nowhere"}, "calendar"), ({"unit": "business-days"}, "needs days"), ({"query": "colour:red"}, "colour"),
    ],
)  # fmt: skip
def test_what_is_no_proposal_is_refused(cast: Cast, values: dict[str, str], match: str) -> None:
    with pytest.raises(DeskError, match=match):
        replay(cast.as_("sue"), target(cast, "P1, P2"), values, WEEK)
    with pytest.raises(InvalidInput, match="is of a target"):
        replay(cast.as_("sue"), "SLA-00001", {"days": "1"}, WEEK)
    with pytest.raises(InvalidInput, match="neither an agreement nor a target"):
        replay(cast.as_("sue"), cast.incident(), {}, WEEK)
    with pytest.raises(NotAllowed):
        replay(cast.as_("maria"), target(cast, "P1, P2"), {}, WEEK)


def test_scripts_read_both_sides_and_people_the_records_that_move(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    late, _ = late_and_early(cast)
    check(cast)
    shell = Shell(monkeypatch, capsys, tmp_path)
    period = ("--from", "2026-11-01", "--to", "2026-11-08")
    urgent = target(cast, "P1, P2")
    data = json.loads(shell.ok("--json", "replay", urgent, "amount_seconds=6h", *period))
    assert (data["now"]["missed"], data["proposed"]["missed"], data["moved"][0]["number"]) == (1, 0, late)
    assert data["moved"][0]["now"] == {
        "verdict": "missed", "at": "2026-11-02T13:00:00Z", "target": "resolution 4 h, P1, P2"
    }  # fmt: skip
    assert "1 of 1 clocks change sides:" in shell.ok("replay", urgent, "amount_seconds=6h", *period)
    assert "No record changes sides." in shell.ok("replay", urgent, *period)
    noon = json.dumps({"tz": "UTC", "hours": {"mon": [["11:00", "17:00"]]}})
    assert "calendar as proposed" in shell.ok("replay", "SLA-00001", f"calendar={noon}", *period)
    assert shell("replay", "SLA-00001", "calendar={", *period).status == 2
