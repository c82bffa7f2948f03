"""The demo desk: whole, alive at any hour, true to its own journal and clocks, and never in the way of another file."""

from __future__ import annotations

import itertools
import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from data.engine import Database
from data.tables.core import journal, operation, record
from data.tables.service_level import clock, clock_event
from deskterm.assessment.rules import overall
from deskterm.assessment.running import assess, history
from deskterm.bootstrap import desk_itself, initialise, open_desk
from deskterm.civil_time import wall_of
from deskterm.clock import FrozenClock, parse_instant
from deskterm.configuration import audits
from deskterm.continuity.standing import standing
from deskterm.demo import build, place, prepare
from deskterm.demo.arrivals import CASES
from deskterm.demo.articles import ARTICLES
from deskterm.demo.estate import ITEMS, RELATIONS
from deskterm.demo.roster import BERLIN
from deskterm.demo.terms import STANDARD, public_holidays
from deskterm.desk import Desk
from deskterm.doctor import examine
from deskterm.errors import InvalidInput, NotADesk
from deskterm.health import Word
from deskterm.jobs import JobContext, declared_jobs
from deskterm.kinds import Registry
from deskterm.overview import systems
from deskterm.permissions import Role
from deskterm.service_desk.handover_reading import view
from deskterm.service_level import back_to_back, clocks
from deskterm.service_level.forecasting import scores

HOUR = 3600
NOWS = {
    "wednesday noon": parse_instant("2026-11-18T11:02:00Z"),
    "sunday three in the morning": parse_instant("2026-11-22T02:00:00Z"),
    "29 february": parse_instant("2028-02-29T14:31:07Z"),
    "the hour that comes twice": parse_instant("2026-10-25T01:30:00Z"),
    "new year": parse_instant("2026-12-31T23:04:00Z"),
    "a second after the change of shifts": parse_instant("2026-11-23T05:00:01Z"),
}
NOON = NOWS["wednesday noon"]
WORK = ("incident", "request")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module", params=NOWS, ids=[name.replace(" ", "-") for name in NOWS])
def demo(request: pytest.FixtureRequest, folder: Path) -> Iterator[Desk]:
    """A demo desk of each instant in turn, opened by whoever opens it."""
    now = NOWS[request.param]
    path = folder / f"{now}.db"
    desk = open_desk(str(path), prepare(path, False, now), clock=FrozenClock(now))
    yield desk
    desk.database.close()


def _found(desk: Desk, query: str, kinds: Sequence[str] = WORK) -> int:
    return desk.count(desk.prepare(kinds, query))


def _rows(desk: Desk, *columns: Any, **conditions: Any) -> list[Any]:
    with desk.database.read() as connection:
        return list(connection.execute(select(*columns).filter_by(**conditions)))


def test_the_queue_is_alive(demo: Desk) -> None:
    assert 50 <= _found(demo, "state:open") <= 70
    assert 4 <= _found(demo, "state:open breached") <= 20
    assert _found(demo, "due:<1h -breached state:open") >= 3
    assert _found(demo, "state:open unassigned") >= 8
    assert _found(demo, "state:open mine") >= 4
    assert _found(demo, "state:open team:mine") >= 8
    assert _found(demo, "state:open major:yes", ("incident",)) == 1
    assert _found(demo, "state:pending") >= 8
    assert _found(demo, "pending_until:<12h state:pending") >= 4


def test_every_state_is_there(demo: Desk) -> None:
    for name in WORK:
        kind = demo.registry.kind(name)
        present = {row.state for row in _rows(demo, record.c.state, kind=name)}
        assert present == {state.name for state in kind.workflow.states}


def test_a_quarter_of_plausible_work_lies_behind(demo: Desk) -> None:
    done = _found(demo, "state:closed")
    assert 1_200 <= done <= 1_700
    with demo.database.read() as connection:
        states = Counter(
            connection.execute(
                select(clock.c.state).where(clock.c.type == "sla", clock.c.metric == "resolution", clock.c.met_at.is_not(None))
            ).scalars()
        )
        created = connection.execute(select(record.c.created_at).where(record.c.kind == "incident")).scalars()
        weekdays = Counter(wall_of(at, BERLIN).weekday() for at in created)
    assert 0.05 <= states["breached"] / states.total() <= 0.12
    assert max(weekdays, key=lambda day: weekdays[day]) in (0, 1)
    assert weekdays[6] < weekdays[2] / 2
    assert _found(demo, "reopens:>0") > 20
    assert _found(demo, "reassignments:>1") > 20
    assert _found(demo, "satisfaction:>0") > 100


def test_the_cast_is_complete(demo: Desk) -> None:
    held = {role for row in _rows(demo, record.c.number, kind="agent") for role in demo.show(row.number).values["roles"]}
    assert held == {role.value for role in Role}
    assert _found(demo, "vip:yes", ("person",)) >= 5
    counts = Counter(row.kind for row in _rows(demo, record.c.kind))
    assert counts["organisation"] == 4
    assert counts["team"] == 6
    assert counts["person"] == 59
    assert counts["ci"] >= 80
    assert counts["knowledge"] == len(ARTICLES)
    assert {"calendar", "agreement", "target", "template", "announcement", "view", "shift", "handover"} <= counts.keys()


def test_every_record_stands_where_its_journal_says(demo: Desk) -> None:
    with demo.database.read() as connection:
        stands = {row.id: row.state for row in connection.execute(select(record.c.id, record.c.state))}
        told: dict[int, str] = {}
        statement = select(journal.c.record_id, journal.c.what, journal.c.old, journal.c.new).order_by(journal.c.seq)
        for row in connection.execute(statement.where(journal.c.what.in_(("created", "state")))):
            if row.what == "state":
                assert row.old == told[row.record_id]
            told[row.record_id] = row.new["state"] if row.what == "created" else row.new
        assert told == stands


def test_the_journal_is_in_order_and_knows_no_future(demo: Desk) -> None:
    with demo.database.read() as connection:
        rows = connection.execute(
            select(journal.c.record_id, journal.c.at, journal.c.recorded_at, journal.c.operation).order_by(journal.c.seq)
        )
        last: dict[int, int] = {}
        operations = set(connection.execute(select(operation.c.id)).scalars())
        for row in rows:
            assert row.at <= row.recorded_at <= demo.now()
            assert row.recorded_at >= last.get(row.record_id, 0)
            assert row.operation in operations
            last[row.record_id] = row.recorded_at


def test_every_field_of_a_record_is_what_its_journal_adds_up_to(demo: Desk) -> None:
    for row in _rows(demo, record.c.id, record.c.number, kind="incident")[::37]:
        values: dict[str, Any] = {}
        for entry in _rows(demo, journal.c.what, journal.c.field, journal.c.new, record_id=row.id):
            values |= entry.new if entry.what == "created" else {entry.field: entry.new} if entry.what == "field" else {}
        values.pop("state")
        fields = demo.registry.kind("incident").all_fields
        stored = {name: value for name, value in demo.show(row.number).values.items() if not fields[name].reckoned}
        blank: tuple[Any, ...] = (None, "", [])
        assert {name: value for name, value in stored.items() if value not in blank and name != "state"} == {
            name: value for name, value in values.items() if value not in blank
        }


def test_judging_all_clocks_again_changes_nothing(demo: Desk) -> None:
    itself = desk_itself(demo.database, clock=demo.clock, registry=demo.registry)
    ids = [row.id for name in WORK for row in _rows(demo, record.c.id, kind=name)]
    tables = (clock, clock_event, record)
    with itself.unit("check", keep=False) as unit:
        before = [unit.connection.execute(select(table).order_by(table.c.id)).all() for table in tables]
        clocks.judge_records(unit, ids)
        after = [unit.connection.execute(select(table).order_by(table.c.id)).all() for table in tables]
    for table, old, new in zip(tables, before, after, strict=True):
        assert old == new, table.name


def test_the_doctor_finds_nothing(demo: Desk) -> None:
    assert examine(demo.database, clock=demo.clock, registry=demo.registry) == []


def test_no_job_finds_anything_to_do(demo: Desk) -> None:
    for job in declared_jobs():
        context = JobContext(job.name, demo.database, demo.registry, demo.now())
        assert job.run(context) == 0, job.name


def test_search_finds_everything(demo: Desk) -> None:
    assert demo.search("vpn gateway drops")[0].title == "VPN gateway drops every session"
    assert [row.title for row in demo.search("docking station shows")][:1] == ["Docking station shows no picture"]
    assert demo.search("נועה")[0].title == "נועה לוי"


def test_the_tabs_work_and_the_shifts_are_handed_over(demo: Desk) -> None:
    for row in _rows(demo, record.c.number, kind="view"):
        values = demo.show(row.number).values
        _found(demo, values["query"], values["kinds"])
    handovers = {row.state: row.number for row in _rows(demo, record.c.state, record.c.number, kind="handover")}
    assert handovers.keys() == {"accepted", "handed-over"}
    waiting = view(demo, handovers["handed-over"])
    assert waiting.incoming == "ada"
    assert len(waiting.lines) >= 6
    assert not any(line.is_answered for line in waiting.lines)
    assert all(line.is_answered for line in view(demo, handovers["accepted"]).lines)
    current = "starts_at:<=now ends_at:>now"
    assert _found(demo, current, ("shift",)) == 1
    assert _found(demo, current, ("announcement",)) == 1


def test_the_handover_that_waits_lists_what_stood_when_it_was_signed_and_nothing_later(demo: Desk) -> None:
    waiting = view(demo, _rows(demo, record.c.number, kind="handover", state="handed-over")[0].number)
    named = {line.number for line in waiting.lines}
    down = demo.page(demo.prepare(("outage",), "ended_at:none")).rows
    assert down
    assert {row.number for row in down} <= named
    (signed_at,) = {entry.at for entry in demo.show(waiting.number).journal if entry.new == "handed-over"}
    came = {row.number: row.created_at for row in _rows(demo, record.c.number, record.c.created_at)}
    assert [number for number in named if number and came[number] > signed_at] == []


def test_one_place_was_audited_and_another_is_half_way(demo: Desk) -> None:
    found = {row.state: audits.view(demo, row.number) for row in _rows(demo, record.c.state, record.c.number, kind="audit")}
    assert found.keys() == {"closed", "open"}
    closed, running = found["closed"], found["open"]
    assert closed.expected > closed.scanned > 10
    assert (closed.missing, closed.unexpected) == (1, 2)
    assert 0 < running.scanned < running.expected


def test_the_big_mail_outage_has_children_updates_and_a_review(demo: Desk) -> None:
    listing = demo.prepare(("incident",), "major:yes state:closed service:Mail")
    (row,) = demo.page(listing).rows
    whole = demo.show(row.number)
    assert len([line for line in whole.links if line.relation == "child-of"]) >= 40
    assert "What we change" in whole.values["review"]
    assert sum(line.what == "reply" for line in whole.journal) >= 5


# The file


def _contents(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, but for the names of operations that no dice were thrown for and how SQLite merged the index."""
    with closing(sqlite3.connect(path)) as connection:
        names = [
            name
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'")
        ]
        found = {}
        for name in sorted(set(names) - {"search_data", "search_idx"}):
            columns = [column for _, column, *_ in connection.execute(f"PRAGMA table_info({name})")]
            kept = [column for column in columns if (name, column) not in {("journal", "operation"), ("operation", "id")}]
            shown = ", ".join(f'"{column}"' for column in kept)
            found[name] = sorted(connection.execute(f"SELECT {shown} FROM {name}"), key=repr)
    return found


def test_the_same_instant_gives_the_same_desk(folder: Path) -> None:
    first, second = folder / "once.db", folder / "again.db"
    prepare(first, False, NOON)
    prepare(second, False, NOON)
    one, two = _contents(first), _contents(second)
    assert one.keys() == two.keys()
    for name, rows in one.items():
        assert rows == two[name], name


def test_no_story_leaves_a_clock_for_the_jobs_to_put_right(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: dict[str, int] = {}

    def counted(database: Database, registry: Registry, now: int) -> None:
        done.update({job.name: job.run(JobContext(job.name, database, registry, now)) for job in declared_jobs()})

    monkeypatch.setattr(build, "_let_jobs_run", counted)
    prepare(folder / "counted.db", False, NOON)
    assert done["availability-summaries"] > 0
    assert done["breach-check"] == 0


def _made_at(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("SELECT value FROM setting WHERE name = ?", (place.MARK,)).fetchone()[0])


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where only the file matters, a desk without a quarter of work in it will do."""
    monkeypatch.setattr(build, "build", lambda database, now: None)


@pytest.mark.usefixtures("small")
def test_it_is_kept_for_a_day_and_made_anew_after_that_or_when_asked(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "demo.db"
    assert prepare(path, False, NOON) == "ada"
    prepare(path, False, NOON + 23 * HOUR)
    assert _made_at(path) == NOON
    prepare(path, True, NOON + 23 * HOUR)
    assert _made_at(path) == NOON + 23 * HOUR
    prepare(path, False, NOON + 48 * HOUR)
    assert _made_at(path) == NOON + 48 * HOUR
    prepare(path, False, NOON)
    assert _made_at(path) == NOON, "a desk from the future is no better than an old one"
    assert [one.name for one in path.parent.iterdir()] == ["demo.db"]


@pytest.mark.usefixtures("small")
def test_a_log_that_a_killed_console_left_does_not_get_into_the_new_desk(tmp_path: Path) -> None:
    path = tmp_path / "demo.db"
    prepare(path, False, NOON)
    for ending in ("-wal", "-shm"):
        path.with_name(path.name + ending).write_bytes(b"old")
    prepare(path, True, NOON)
    assert _made_at(path) == NOON
    assert Database(str(path)).path == path


def test_any_other_file_is_left_alone(tmp_path: Path) -> None:
    text, real = tmp_path / "diary.txt", tmp_path / "desk.db"
    text.write_text("Dear diary", encoding="utf-8")
    database, _ = initialise(str(real), "ada")
    database.close()
    for path in (text, real):
        before = path.read_bytes()
        with pytest.raises(NotADesk, match="is no demo desk"):
            prepare(path, True, NOON)
        assert path.read_bytes() == before
    with pytest.raises(InvalidInput, match="file of its own"):
        prepare("postgresql://desk", False, NOON)


_KILLED = """
import sys
from deskterm.demo import library, prepare

def die(*args):
    print("half way", flush=True)
    sys.stdin.read()

library.without_record = die
prepare(sys.argv[1], False, int(sys.argv[2]))
"""


def test_a_kill_half_way_leaves_no_half_desk(tmp_path: Path) -> None:
    path = tmp_path / "demo.db"
    with subprocess.Popen(
        [sys.executable, "-c", _KILLED, str(path), str(NOON)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[1],
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "half way\n"
        os.kill(process.pid, signal.SIGKILL)
    assert not path.exists()
    left = list(tmp_path.iterdir())
    assert left
    later = int(max(one.stat().st_mtime for one in left)) + place.ABANDONED_SECONDS + 1
    prepare(path, False, later)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["demo.db", "demo.db.library"]


# The texts


@cache
def _articles() -> frozenset[str]:
    return frozenset(article.title for article in ARTICLES)


def test_texts_name_only_what_there_is() -> None:
    names = set(itertools.chain.from_iterable(names for *_, names in ITEMS))
    assert {name for source, _, target in RELATIONS for name in (source, target)} <= names
    for case in CASES:
        assert not case.article or case.article in _articles(), case.tales
        assert not case.cis or any(name.startswith(case.cis) for name in names), case.tales


def test_holidays_are_those_of_brandenburg_by_name() -> None:
    found = public_holidays(range(2026, 2028))
    assert found["2026-10-31"] == "Reformationstag"
    assert "2027-10-31" in found
    assert "2026-11-01" not in found


def test_a_release_is_being_rolled_out_and_another_is_in_early_life(demo: Desk) -> None:
    from deskterm.release import library
    from deskterm.release.reading import view as release

    states = {one.state: one.number for one in demo.page(demo.prepare(("release",), "*"), limit=10).rows}
    assert set(states) == {"rolling-out", "early-life", "planning"}
    rolling = release(demo, states["rolling-out"])
    assert {cell.state.value for cell in rolling.cells} == {"installed", "failed", "planned", "held"}
    assert all(gate.is_open for gate in rolling.gates)
    early = release(demo, states["early-life"])
    assert early.early_life_until is not None
    assert early.early_life_until > demo.now()
    assert {one.result for one in library.verify(demo)} == {"verified"}
    assert library.strays(demo) == ()


@pytest.mark.usefixtures("small")
def test_a_demo_of_another_build_is_made_anew_though_its_revision_is_the_same(tmp_path: Path) -> None:
    path = tmp_path / "demo.db"
    prepare(path, False, NOON)
    with closing(sqlite3.connect(path)) as connection, connection:
        [(mark,)] = connection.execute("SELECT value FROM setting WHERE name = ?", (place.BUILD,))
        assert json.loads(mark) == place.build_mark()
        connection.execute("DROP TABLE watch_seen")
        connection.execute("UPDATE setting SET value = '\"0.0.9 abc\"' WHERE name = ?", (place.BUILD,))
    prepare(path, False, NOON + HOUR)
    assert _made_at(path) == NOON + HOUR
    with closing(sqlite3.connect(path)) as connection, connection:
        assert connection.execute("SELECT count(*) FROM watch_seen").fetchone() is not None
        connection.execute("DELETE FROM setting WHERE name = ?", (place.BUILD,))
    prepare(path, False, NOON + 2 * HOUR)
    assert _made_at(path) == NOON + 2 * HOUR, "a demo from before there was such a mark"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DELETE FROM setting WHERE name = ?", (place.MARK,))
    with pytest.raises(NotADesk, match="is no demo desk and is left as it is"):
        prepare(path, True, NOON + 3 * HOUR)


def test_continuity_has_plans_that_were_run_and_one_service_that_stands_well(demo: Desk) -> None:
    found = {one.service: one for one in standing(demo).services}
    payroll = found["Payroll"]
    assert payroll.plan is not None
    assert (payroll.plan.state, payroll.plan.planned_seconds, payroll.evidence.met) == ("approved", 140 * 60, 1)
    assert [drill.kind for drill in payroll.evidence.drills] == ["exercise", "exercise"]
    assert "invocation" in {drill.kind for drill in found["Patient records"].evidence.drills}
    assert {drill.kind for drill in found["Mail"].evidence.drills} == {"major incident"}
    assert {gap.code for gap in found["ERP"].gaps} >= {"mtpd", "no-plan"}
    assert found["Printing"].rto_seconds is None


def test_the_overview_is_mixed_as_at_a_real_desk(demo: Desk) -> None:
    """A supervisor sees at a glance where hands are needed: some systems are well, most want an eye, few are in trouble."""
    found = systems(demo)
    words = Counter(line.health.word for line in found)
    said = {line.process: (line.health.word.value, line.health.figure) for line in found}
    assert set(words) <= {Word.WELL, Word.WATCH, Word.TROUBLE}, said
    assert 2 <= words[Word.TROUBLE] <= 3, said
    assert 2 <= words[Word.WELL] <= 5, said
    assert words[Word.WATCH] >= 4, said
    for line in found:
        assert (line.health.worst is None) == (line.health.word is Word.WELL), said


def test_promises_are_checked_one_by_one_and_most_of_the_standard_ones_fit(demo: Desk) -> None:
    with demo.database.read() as connection:
        checked = back_to_back.findings(back_to_back.read(connection, demo.now()), demo.now())
    known = [one for one in checked if one.verdict != back_to_back.UNKNOWN]
    fits = [one for one in known if one.verdict == back_to_back.FITS]
    assert 0.3 <= len(fits) / len(known) <= 0.8
    assert {one.verdict for one in known if one.agreement == STANDARD} == {back_to_back.FITS, back_to_back.LATE}
    margins = [one.margin_seconds for one in known if one.agreement == STANDARD and one.margin_seconds is not None]
    assert min(margins) > -3 * 86_400


def test_what_was_thought_before_can_be_held_against_today(demo: Desk) -> None:
    kept = history(demo)
    assert len(kept) == 1
    assert kept[0].at == demo.now() - 26 * 86_400
    now = overall(one.maturity for one in assess(demo))
    assert kept[0].overall is not None
    assert now is not None
    assert now > kept[0].overall, "it has become better since"
    scored = scores(demo, demo.now() - 30 * 86_400, demo.now())
    assert scored[25].count >= 100, scored
    assert scored[50].count >= 20, scored
    assert scored[75].count >= 1, scored
    assert scored[25].brier is not None
    assert scored[25].brier < 0.2, "saying 50 % each time would be 0.25"
