"""The event log as it lies there: what it comes to, the same file twice, longer and damaged copies, and who may import it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from data.tables.core import record
from data.tables.service_level import clock
from deskterm.bootstrap import desk_of
from deskterm.doctor import examine
from deskterm.errors import ImportRefused, InvalidInput, NotAllowed
from deskterm.exchange.importing import ImportResult, run_import
from deskterm.records.schema import RecordView
from deskterm.service_level import clocks
from tests.desks import Cast
from tests.exchange.logs import EXCERPT, WHOLE, aggregates, desk_aggregates, generated, rows_of

TEXT = EXCERPT.read_text(encoding="utf-8")
LINES = TEXT.splitlines()
INCIDENTS = 59

CLOCKS = select(clock).order_by(clock.c.id)
SPINES = select(record.c.id, record.c.due_at, record.c.clock_state).where(record.c.kind == "incident").order_by(record.c.id)


def load(cast: Cast, path: Path = EXCERPT, **options: object) -> ImportResult:
    return run_import(cast.ada, "servicenow-log", path, **options)  # type: ignore[arg-type]


def count(cast: Cast, query: str = "", kind: str = "incident") -> int:
    return cast.ada.count(cast.ada.prepare([kind], query), cap=1_000_000)


def journal(view: RecordView, what: str) -> list[tuple[str | None, object, object]]:
    return [(line.field, line.old, line.new) for line in view.journal if line.what == what]


def written(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "log.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_the_excerpt_comes_to_what_plain_python_counts(any_cast: Cast) -> None:
    expected = aggregates(rows_of(TEXT))
    assert load(any_cast) == ImportResult(created=INCIDENTS)
    assert desk_aggregates(any_cast.ada, expected) == expected


def test_the_same_file_again_changes_nothing(any_cast: Cast) -> None:
    load(any_cast)
    before = any_cast.ada.position()
    assert load(any_cast) == ImportResult(unchanged=INCIDENTS)
    assert any_cast.ada.changes(before).items == ()


@pytest.fixture(scope="module")
def whole_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published log, or where it is not at hand a generated one of its shape."""
    path = WHOLE / "incident_event_log.csv"
    if path.exists():
        return path
    path = tmp_path_factory.mktemp("log") / "incident_event_log.csv"
    path.write_text(generated(4_000), encoding="utf-8")
    return path


def test_the_whole_log_comes_to_its_published_figures_and_a_damaged_copy_to_nothing(
    cast: Cast, whole_log: Path, tmp_path: Path
) -> None:
    content = whole_log.read_bytes()
    lines = content.split(b"\n")
    damaged = min(70_000, len(lines) // 2)
    lines[damaged - 1] = lines[damaged - 1].replace(b"Caller", b"Call\xffer", 1)
    bad = written(tmp_path, b"\n".join(lines))
    with pytest.raises(ImportRefused) as refusal:
        load(cast, bad)
    assert [(row.line, row.field) for row in refusal.value.rows] == [(damaged, "caller_id")]
    assert count(cast) == 0

    figures = aggregates(rows_of(content.decode()))
    if (WHOLE / "expected_aggregates.json").exists():
        published = json.loads((WHOLE / "expected_aggregates.json").read_text(encoding="utf-8"))
        # The copy breaks off while INC0029233 is new; its row knows a resolution that lies ahead of it, the desk does not.
        published["resolve_hours_opened_to_resolved"]["n"] -= 1
        assert {name: published[name] for name in figures} == figures
    told: list[tuple[int, int]] = []
    result = load(cast, whole_log, progress=lambda done, total: told.append((done, total)))
    assert result == ImportResult(created=figures["incidents"])
    assert desk_aggregates(cast.ada, figures) == figures
    assert load(cast, whole_log) == ImportResult(unchanged=figures["incidents"])
    assert told == sorted(told)
    assert told[-1] == (len(content), len(content))


def test_a_generated_log_comes_to_its_own_figures(cast: Cast, tmp_path: Path) -> None:
    text = generated(300)
    expected = aggregates(rows_of(text))
    assert load(cast, written(tmp_path, text)) == ImportResult(created=300)
    assert desk_aggregates(cast.ada, expected) == expected


def test_history_is_journalled_at_its_own_times_by_those_who_made_it(cast: Cast) -> None:
    load(cast)
    view = cast.ada.show("INC0000045")
    told = [(line.at, line.actor, line.what, line.field, line.new) for line in view.journal]
    assert isinstance(view.journal[0].new, dict)
    assert {"state": "new", "team": "Group 56", "requester": "Caller 2403"}.items() <= view.journal[0].new.items()
    assert told[0][:3] == (1456708560, "Opened by  8", "created")
    assert told[1:-1] == [
        (1456735980, "Updated by 642", "field", "first_response_at", "2016-02-29T08:53:00Z"),
        (1456735980, "Updated by 642", "state", "state", "resolved"),
        (1456745340, "Updated by 804", "field", "resolved_at", "2016-02-29T11:29:00Z"),
        (1456745340, "Updated by 804", "field", "code", "code 5"),
        (1457179200, "Updated by 908", "state", "state", "closed"),
    ]
    assert told[-1][:4] == (cast.clock.now(), "ada", "note", "servicenow-log")
    assert all(line.recorded_at == cast.clock.now() for line in view.journal)
    assert (view.created_at, view.updated_at, view.version) == (1456708560, 1457179200, 4)
    assert (view.extra["open_since"], view.extra["done_at"]) == (None, 1456735980)


def test_what_lies_ahead_is_not_known_before_it_happens(cast: Cast) -> None:
    load(cast)
    broken_off = cast.ada.show("INC0029233")
    assert (broken_off.state, broken_off.values["resolved_at"], broken_off.values["code"]) == ("new", None, None)
    assert broken_off.extra["open_since"] == broken_off.created_at
    for number in ("INC0000045", "INC0028089"):
        view = cast.ada.show(number)
        known = next(line.at for line in view.journal if line.field == "resolved_at")
        assert known == view.values["resolved_at"]


def test_the_unknown_state_of_the_published_log_keeps_the_one_before(cast: Cast) -> None:
    load(cast)
    assert journal(cast.ada.show("INC0028089"), "state") == [("state", "new", "resolved"), ("state", "resolved", "closed")]


def test_links_once_known_stay_and_a_team_that_is_gone_is_gone(cast: Cast) -> None:
    load(cast)
    view = cast.ada.show("INC0000517")
    assert view.names[view.values["problem"]].title == "Problem ID  24"
    assert count(cast, "-team:*") == sum(
        story["assignment_group"] == "?" for story in {row["number"]: row for row in rows_of(TEXT)}.values()
    )


def test_every_step_in_the_journal_follows_from_the_one_before(cast: Cast) -> None:
    load(cast)
    workflow = cast.ada.registry.kind("incident").workflow
    allowed = {(source, action.target) for action in workflow.actions for source in action.sources}
    reopened_though_closed = ("closed", "in-progress")
    for number in {row["number"] for row in rows_of(TEXT)}:
        view = cast.ada.show(number)
        state = "new"
        for _, old, new in journal(view, "state"):
            assert old == state, number
            assert (old, new) in allowed | {reopened_though_closed}, number
            state = str(new)
        assert state == view.state
        assert [line.at for line in view.journal] == sorted(line.at for line in view.journal)


def test_whoever_worked_on_them_cannot_log_in(cast: Cast) -> None:
    load(cast)
    agent = cast.ada.show(
        next(row.number for row in cast.ada.search("resolver-15", kinds=["agent"]) if row.title == "resolver-15")
    )
    assert (agent.title, agent.values["name"], agent.values["active"]) == ("resolver-15", "Resolver 15", False)
    with pytest.raises(NotAllowed):
        desk_of(cast.database, "resolver-15")


def test_callers_and_teams_the_desk_knows_are_not_made_again(cast: Cast) -> None:
    cast.ada.create("organisation", {"name": "Initech"})
    cast.ada.create("person", {"name": "Caller 2403", "organisation": "Initech"})
    cast.ada.create("team", {"name": "Group 56"})
    load(cast)
    assert count(cast, 'name:"Caller 2403"', "person") == 1
    assert count(cast, 'name:"Group 56"', "team") == 1
    view = cast.ada.show("INC0000045")
    assert view.names[view.values["customer"]].title == "Initech"


def test_new_numbers_and_ids_begin_after_those_of_the_log(any_cast: Cast) -> None:
    load(any_cast)
    assert any_cast.incident() == "INC-29234"
    assert any_cast.ada.show("INC-29234").journal[0].what == "created"


def test_full_text_finds_what_was_imported(any_cast: Cast) -> None:
    load(any_cast)
    assert [row.number for row in any_cast.ada.search("INC0000045")] == ["INC0000045"]
    assert any_cast.ada.search("Caller 2403")[0].kind == "person"


def test_clocks_of_agreements_that_were_in_force_are_read(any_cast: Cast) -> None:
    any_cast.ada.create("agreement", {"name": "Back then", "calendar": "Office", "valid_from": "2010-01-01"})
    any_cast.ada.create(
        "target", {"agreement": "Back then", "metric": "resolution", "amount_seconds": "8h", "unit": "business-hours"}
    )
    load(any_cast)
    view = any_cast.ada.show("INC0000045")
    [clock] = view.clocks
    assert clock.state == "met"
    assert view.extra["clock_state"] == "met"
    assert count(any_cast, "breached") > 0


def test_clocks_are_those_that_reading_every_record_back_would_set_and_the_doctor_finds_nothing(any_cast: Cast) -> None:
    office = {"calendar": "Office", "valid_from": "2010-01-01"}
    any_cast.ada.create("team", {"name": "Group 70"})
    any_cast.ada.create("agreement", {"name": "To callers", "on_reopen": "new-cycle", **office})
    any_cast.ada.create("agreement", {"name": "Within", "type": "ola", "team": "Group 70", **office})
    any_cast.ada.create("agreement", {"name": "By supplier", "type": "uc", "supplier": "code 8s", **office})
    targets = (("To callers", "response"), ("To callers", "resolution"), ("Within", "resolution"), ("By supplier", "resolution"))
    for name, metric in targets:
        any_cast.ada.create("target", {"agreement": name, "metric": metric, "amount_seconds": "9h", "unit": "business-hours"})
    load(any_cast)
    with any_cast.database.read() as connection:
        imported = connection.execute(CLOCKS).all()
        spines = connection.execute(SPINES).all()
    assert {row.type for row in imported} == {"sla", "ola", "uc"}
    assert max(row.cycle for row in imported) > 1
    assert examine(any_cast.database, clock=any_cast.clock) == []
    before = any_cast.ada.position()
    with any_cast.ada.unit("judge again") as unit:
        clocks.judge_records(unit, sorted({row.id for row in spines}))
    with any_cast.database.read() as connection:
        assert connection.execute(CLOCKS).all() == imported
        assert connection.execute(SPINES).all() == spines
    assert any_cast.ada.changes(before).items == ()


def test_what_no_row_can_mend_is_refused_whatever_may_be_left_out(cast: Cast, tmp_path: Path) -> None:
    for text in ("", TEXT.replace("sys_updated_at", "updated")):
        with pytest.raises(ImportRefused):
            load(cast, written(tmp_path, text), skip_bad=True)


def test_a_caller_whose_name_several_have_is_refused_and_may_be_left_out(cast: Cast) -> None:
    for _ in range(2):
        cast.ada.create("person", {"name": "Caller 2403"})
    with pytest.raises(ImportRefused, match="INC0000045 names 'Caller 2403', as several are called") as refusal:
        load(cast)
    assert [(row.line, row.field) for row in refusal.value.rows] == [(2, "number"), (489, "number")]
    assert load(cast, skip_bad=True) == ImportResult(created=INCIDENTS - 2, skipped=2)


def test_a_dry_run_tells_and_keeps_nothing(cast: Cast) -> None:
    before = cast.ada.position()
    assert load(cast, dry_run=True) == ImportResult(created=INCIDENTS)
    assert cast.ada.position() == before


def damage(line: int, change: Callable[[list[str]], list[str]]) -> str:
    cells = LINES[line - 1].split(",")
    return "\n".join([*LINES[: line - 1], ",".join(change(cells)), *LINES[line:]]) + "\n"


def cell(column: str, value: str) -> Callable[[list[str]], list[str]]:
    place = LINES[0].split(",").index(column)
    return lambda cells: [*cells[:place], value, *cells[place + 1 :]]


@pytest.mark.parametrize(
    ("text", "line", "field", "message"),
    [
        (damage(300, lambda cells: cells[:7]), 300, "", "is cut short: it has 7 of 36 columns"),
        (damage(300, lambda cells: [*cells, "x"]), 300, "", "is garbled: it has 37 of 36 columns"),
        (damage(7, cell("sys_updated_at", "2016-03-01 09:00")), 7, "sys_updated_at", "must be a time such as 29/2/2016 01:16"),
        (damage(7, cell("opened_at", "30/2/2016 01:16")), 7, "opened_at", "is no time of any day"),
        (damage(7, cell("opened_at", "?")), 7, "opened_at", "is unknown"),
        (damage(7, cell("opened_at", "1/1/2036 01:16")), 7, "opened_at", "lies in the future"),
        (damage(9, cell("incident_state", "Actve")), 9, "incident_state", "'Actve' is not a known state"),
        (damage(9, cell("incident_state", "-101")), 9, "incident_state", "'-101' is not a known state"),
        (damage(11, cell("impact", "5 - Huge")), 11, "impact", "must be a level"),
        (damage(11, cell("reopen_count", "-1")), 11, "reopen_count", "must be a whole number"),
        (damage(11, cell("made_sla", "maybe")), 11, "made_sla", "must be true or false"),
        (damage(11, cell("contact_type", "Pigeon")), 11, "contact_type", "is not a known way of contact"),
        (damage(11, cell("number", "12")), 11, "number", "must be a number such as INC0000045"),
        (damage(11, cell("category", "x" * 200)), 11, "category", "at most 80 fit"),
        (damage(11, cell("category", "x\0y")), 11, "category", "holds a NUL"),
        (damage(11, cell("category", '"x')), 11, "", "is not a line of a CSV file"),
        ("\n".join([*LINES, LINES[1], LINES[2]]), 516, "number", "its rows do not stand together"),
        (TEXT.replace("sys_updated_at", "updated"), 1, "sys_updated_at", "is missing in the heading"),
        ("", 1, "", "is empty"),
    ],
)  # fmt: skip
def test_a_damaged_copy_names_its_bad_row_and_loads_nothing(
    cast: Cast, tmp_path: Path, text: str, line: int, field: str, message: str
) -> None:
    with pytest.raises(ImportRefused, match="nothing was loaded") as refusal:
        load(cast, written(tmp_path, text))
    [row] = refusal.value.rows
    assert (row.line, row.field) == (line, field)
    assert message in row.message
    assert count(cast) == count(cast, 'name:"Group*"', "team") == 0


def test_all_bad_rows_are_named_at_once_and_may_be_left_out(any_cast: Cast, tmp_path: Path) -> None:
    lines = [line.encode() for line in LINES]
    lines[299] = lines[299].replace(b"Category", b"Cat\xe9gory")
    lines[399] = lines[399][:50]
    lines[510] = lines[510].replace(b"/2016", b".2016")
    path = written(tmp_path, b"\r\n".join(lines))
    with pytest.raises(ImportRefused) as refusal:
        load(any_cast, path)
    assert {row.line for row in refusal.value.rows} == {300, 400, 511}
    assert count(any_cast) == 0
    assert load(any_cast, path, skip_bad=True) == ImportResult(created=INCIDENTS - 3, skipped=3)
    assert load(any_cast) == ImportResult(created=3, unchanged=INCIDENTS - 3), "the repaired copy brings what was missing"


def test_a_longer_copy_adds_what_happened_since(any_cast: Cast, tmp_path: Path) -> None:
    cut = next(i for i, line in enumerate(LINES) if line.startswith("INC0000441,Resolved")) + 1
    number = LINES[cut - 1].split(",")[0]
    load(any_cast, written(tmp_path, "\n".join(LINES[:cut]) + "\n"))
    partly = any_cast.ada.show(number)
    assert partly.state == "resolved"
    result = load(any_cast)
    assert (result.updated, result.unchanged) == (1, len({line.split(",")[0] for line in LINES[1:cut]}) - 1)
    fully = any_cast.ada.show(number)
    assert fully.state == "closed"
    assert fully.journal[: len(partly.journal)] == partly.journal
    alone = [line for line in fully.journal if line.field != "servicenow-log"]
    assert [line.at for line in alone] == sorted(line.at for line in alone)
    expected = aggregates(rows_of(TEXT))
    assert desk_aggregates(any_cast.ada, expected) == expected
    assert load(any_cast) == ImportResult(unchanged=INCIDENTS)


def test_what_was_worked_on_since_is_not_overwritten(cast: Cast, tmp_path: Path) -> None:
    cut = next(i for i, line in enumerate(LINES) if line.startswith("INC0000441,Resolved")) + 1
    shorter = written(tmp_path, "\n".join(LINES[:cut]) + "\n")
    load(cast, shorter)
    cast.ada.edit("INC0000441", {"category": "network"})
    assert load(cast, shorter).unchanged > 0, "the same file has nothing to add"
    with pytest.raises(ImportRefused, match="was changed on the desk since"):
        load(cast)
    assert load(cast, skip_bad=True).skipped == 1
    assert cast.ada.show("INC0000441").values["category"] == "network"


def test_another_history_under_a_known_number_is_refused(cast: Cast, tmp_path: Path) -> None:
    load(cast)
    with pytest.raises(ImportRefused, match="was imported with another history"):
        load(cast, written(tmp_path, damage(3, cell("category", "Category 1"))))
    with pytest.raises(ImportRefused, match="it is an older copy"):
        load(cast, written(tmp_path, "\n".join(LINES[:3])))
    with pytest.raises(ImportRefused, match="or the mapping does"):
        load(cast, mapping={"zone": "America/Sao_Paulo"})


def test_a_number_of_the_desks_own_is_not_taken(cast: Cast) -> None:
    cast.ada.create("incident", {"summary": "Ours"}, number="INC0000045")
    with pytest.raises(ImportRefused, match="was not imported from a log"):
        load(cast)


def test_a_mapping_gives_zone_and_states(cast: Cast, tmp_path: Path) -> None:
    mapping = tmp_path / "log.toml"
    mapping.write_text('zone = "America/Sao_Paulo"\n[states]\n"Parked" = "pending supplier"\n', encoding="utf-8")
    first = next(i for i, line in enumerate(LINES) if ",Awaiting Problem," in line) + 1
    load(cast, written(tmp_path, damage(first, cell("incident_state", "Parked"))), mapping=mapping)
    assert cast.ada.show("INC0000045").created_at == 1456708560 + 3 * 3600
    parked = cast.ada.show(LINES[first - 1].split(",")[0])
    assert "supplier" in [new for field, _, new in journal(parked, "field") if field == "pending_reason"]
    assert "waiting for supplier" in [line.text for line in parked.journal]


@pytest.mark.parametrize(
    ("mapping", "field"),
    [({"zone": "Mars/Base"}, "zone"), ({"states": {"New": "fresh"}}, "states"), ({"zones": "UTC"}, "zones")],
)
def test_a_wrong_mapping_is_refused_by_name(cast: Cast, mapping: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        load(cast, mapping=mapping)
    assert list(refusal.value.fields) == [field]


@pytest.mark.parametrize("login", ["bob", "sam", "ron", "maria", "sue"])
def test_who_may_not_import_is_refused_and_that_is_journalled(cast: Cast, login: str) -> None:
    """A supervisor may import incidents, but not make the teams and agents that this log needs."""
    desk = cast.as_(login)
    with pytest.raises(NotAllowed, match="may not import"):
        run_import(desk, "servicenow-log", EXCERPT)
    assert count(cast) == 0
    agent = cast.ada.show(next(row.number for row in cast.ada.search(login, kinds=["agent"])))
    assert [line.what for line in agent.journal][-1] == "refused"
