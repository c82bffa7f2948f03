"""A real desk's log under another promise: who changes sides is counted in plain Python from the log's own rows.

The excerpt is always there; the whole log is judged where it lies beside the repository, else a generated one of its shape.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import pytest

from deskterm.clock import parse_instant
from deskterm.desk import Desk
from deskterm.exchange.importing import run_import
from deskterm.opening_hours import WEEKDAYS
from deskterm.reports import Period
from deskterm.service_level.replay import Replay, replay
from deskterm.service_level.replay_rules import MET, MISSED
from tests.desks import Cast, cast_on, sqlite_file
from tests.exchange.logs import EXCERPT, WHOLE, Row, generated, instant, rows_of

PUBLISHED = WHOLE / "incident_event_log.csv"
HOUR = 3_600
AGREED_HOURS = 72
YEARS = Period(parse_instant("2016-01-01T00:00:00Z"), parse_instant("2018-01-01T00:00:00Z"))
AGREED_SINCE = "2015-01-01"
ALWAYS = {
    "name": "Always",
    "tz": "UTC",
    "hours": {day: [["00:00", "24:00"]] for day in WEEKDAYS},
}


@dataclass(frozen=True, slots=True)
class Judged:
    """A desk that agreed on something in the years of the log and then lived through it."""

    desk: Desk
    target: str
    seconds: dict[str, int]
    """How long each incident took whose story is plain, by number."""


def plain_stories(rows: Iterable[Row]) -> Iterator[tuple[str, int]]:
    """Yield how long each incident took that never waited, never came back, and whose rows are in order."""
    for number, group in groupby(rows, key=lambda row: row["number"]):
        story = list(group)
        states = [row["incident_state"] for row in story]
        at = [instant(row["sys_updated_at"]) for row in story]
        if "Resolved" not in states or at != sorted(at) or story[-1]["reopen_count"] != "0":
            continue
        first = states.index("Resolved")
        before, after = set(states[:first]), set(states[first:])
        opened = instant(story[0]["opened_at"])
        if before <= {"New", "Active"} and after <= {"Resolved", "Closed"} and at[0] >= opened:
            yield number, int((at[first] - opened).total_seconds())


def agree(cast: Cast) -> str:
    """Agree on three days around the clock, since before the log begins; return the target's number."""
    ada = cast.ada
    for row in ada.page(ada.prepare(("target",), "*"), limit=9).rows:
        ada.act(row.number, "retire")
    ada.create("calendar", ALWAYS)
    ada.edit("SLA-00001", {"valid_from": AGREED_SINCE, "calendar": "Always"})
    values = {"agreement": "Standard", "metric": "resolution", "amount_seconds": AGREED_HOURS * HOUR, "unit": "elapsed"}
    return ada.create("target", values).number


def lived(cast: Cast, log: Path) -> Judged:
    target = agree(cast)
    run_import(cast.ada, "servicenow-log", log)
    seconds = dict(plain_stories(rows_of(log.read_text(encoding="utf-8"))))
    return Judged(cast.ada, target, seconds)


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judged]:
    with cast_on(sqlite_file(tmp_path_factory.mktemp("replayed"))) as cast:
        yield lived(cast, EXCERPT)


def word(seconds: int, hours: float) -> str:
    return MET if seconds <= hours * HOUR else MISSED


def sides(found: Replay, numbers: Iterable[str]) -> dict[str, tuple[str, str]]:
    wanted = set(numbers)
    return {line.number: (line.now.word, line.proposed.word) for line in found.lines if line.number in wanted}


def check_sides(judged: Judged, hours: int) -> int:
    """Check both sides of a proposal against plain Python; return how many records change sides."""
    found = replay(judged.desk, judged.target, {"amount_seconds": f"{hours}h"}, YEARS)
    expected = {number: (word(took, AGREED_HOURS), word(took, hours)) for number, took in judged.seconds.items()}
    assert sides(found, expected) == expected
    moved = {(line.now.word, line.proposed.word) for line in found.moved}
    assert moved == ({(MET, MISSED)} if hours < AGREED_HOURS else {(MISSED, MET)}), "a tighter promise is kept by nobody more"
    changed = {number for number, (now, then) in expected.items() if now != then}
    assert {line.number for line in found.moved} & expected.keys() == changed
    return len(changed)


@pytest.mark.parametrize("hours", [8, 720])
def test_who_changes_sides_is_who_plain_python_says(judged: Judged, hours: int) -> None:
    assert len(judged.seconds) >= 10
    assert check_sides(judged, hours) >= 1


def test_the_whole_log_under_a_tighter_and_a_wider_promise(tmp_path: Path) -> None:
    log = PUBLISHED
    if not log.exists():
        log = tmp_path / "log.csv"
        log.write_text(generated(4_000), encoding="utf-8")
    with cast_on(sqlite_file(tmp_path)) as cast:
        judged = lived(cast, log)
        assert len(judged.seconds) > 1_000
        assert check_sides(judged, 8) > 500
        assert check_sides(judged, 720) > 50


def test_there_and_back_is_the_same(judged: Judged) -> None:
    """What a tighter promise makes late, the one there is would save: the records that lie between the two."""
    tight = replay(judged.desk, judged.target, {"amount_seconds": "8h"}, YEARS)
    between = {line.number for line in tight.moved}
    took = {number for number, seconds in judged.seconds.items() if 8 * HOUR < seconds <= AGREED_HOURS * HOUR}
    assert took
    assert took <= between
    assert tight.now.met - tight.proposed.met == len(between) == tight.proposed.missed - tight.now.missed
    assert tight.now.percent is not None
    assert tight.proposed.percent is not None
    assert tight.now.percent > tight.proposed.percent


def test_another_calendar_moves_records_to_the_better_side_alone_where_it_only_takes_time_away(judged: Judged) -> None:
    """Office hours count less than the clock on the wall: nobody who was in time is late by them."""
    values = {"calendar": "Office", "unit": "business-hours", "amount_seconds": f"{AGREED_HOURS}h"}
    found = replay(judged.desk, judged.target, values, YEARS)
    assert {(line.now.word, line.proposed.word) for line in found.moved} == {(MISSED, MET)}
    same = replay(judged.desk, judged.target, {}, YEARS)
    assert same.moved == ()
    assert same.now == found.now
