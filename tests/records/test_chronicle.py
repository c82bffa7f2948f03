"""A past that is lived through in one go leaves what the same steps leave one by one: rows, journal, links, clocks, search."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from data.tables.core import journal, link, operation, record
from data.tables.service_level import clock
from deskterm.bootstrap import identify
from deskterm.incident.service import judge_clocks
from deskterm.permissions import Actor
from deskterm.records.chronicle import Chronicle
from deskterm.records.draft import Draft
from deskterm.service_level.past import judge_past
from tests.desks import MONDAY, Cast

STEPS: tuple[tuple[int, str, str, dict[str, Any]], ...] = (
    (300, "bob", "start", {}),
    (600, "bob", "note", {"text": "Cable is fine."}),
    (900, "bob", "assign", {"team": "network", "assignee": "eve"}),
    (1200, "eve", "start", {}),
    (1500, "eve", "pend", {"reason": "caller", "message": "Which dock?"}),
    (6000, "maria", "reply", {"text": "The grey one."}),
    (7000, "eve", "edit", {"urgency": 1}),
    (9000, "eve", "resolve", {"code": "solved", "solution": "Firmware."}),
    (9500, "bob", "reopen", {"reason": "Again."}),
    (30000, "eve", "resolve", {"code": "solved", "solution": "Dock replaced."}),
    (40000, "maria", "rate", {"score": 4, "comment": "At last."}),
)
CREATED = {"summary": "Screen flickers", "description": "In the dock.", "requester": "Maria Lopez", "service": "Workplace"}


def _one_by_one(cast: Cast) -> str:
    number = cast.as_("bob").create("incident", CREATED).number
    for after, who, do, values in STEPS:
        cast.clock.at = MONDAY + after
        desk = cast.as_(who)
        match do:
            case "note" | "reply":
                desk.note(number, values["text"], public=do == "reply")
            case "edit":
                desk.edit(number, values)
            case action:
                desk.act(number, action, values)
    return number


def _chronicle(cast: Cast, connection: Any) -> Chronicle:
    return Chronicle(
        connection, cast.ada.registry, Actor("desk", system=True), MONDAY, MONDAY, "past",
        until=MONDAY + 50_000, batched={judge_clocks: judge_past},
    )  # fmt: skip


def _in_one_go(cast: Cast) -> str:
    with cast.database.write() as connection:
        chronicle = _chronicle(cast, connection)
        kind = cast.ada.registry.kind("incident")
        draft = chronicle.create(identify(connection, "bob"), MONDAY, kind, CREATED)
        for after, who, do, values in STEPS:
            draft = _step(chronicle, draft, identify(connection, who), MONDAY + after, do, values)
        chronicle.finish()
    return draft.number


def _step(chronicle: Chronicle, draft: Draft, actor: Actor, at: int, do: str, values: dict[str, Any]) -> Draft:
    match do:
        case "note" | "reply":
            return chronicle.note(draft, actor, at, values["text"], public=do == "reply")
        case "edit":
            return chronicle.edit(draft, actor, at, values)
        case action:
            return chronicle.act(draft, actor, at, action, values)


_ENTRIES = (
    journal.c.version, journal.c.at, journal.c.recorded_at, journal.c.actor, journal.c.what, journal.c.field, journal.c.old,
    journal.c.new, journal.c.text, journal.c.public,
)  # fmt: skip
_CLOCKS = tuple(column for column in clock.c if column.name not in ("id", "record_id"))


def _left(cast: Cast, number: str) -> dict[str, Any]:
    """Everything a record leaves behind, but for its identity."""
    with cast.database.read() as connection:
        row = connection.execute(select(record).where(record.c.number == number)).mappings().one()
        told = select(*_ENTRIES).where(journal.c.record_id == row["id"], journal.c.what != "clock").order_by(journal.c.seq)
        clocks = select(*_CLOCKS).where(clock.c.record_id == row["id"]).order_by(clock.c.type, clock.c.metric, clock.c.cycle)
        return {
            "spine": {name: value for name, value in row.items() if name not in ("id", "number", "due_at", "clock_state")},
            "values": cast.ada.show(number).values,
            "journal": [tuple(entry) for entry in connection.execute(told)],
            "clocks": [tuple(one) for one in connection.execute(clocks)],
        }


def test_it_leaves_what_the_same_steps_leave_one_by_one(any_cast: Cast) -> None:
    single = _left(any_cast, _one_by_one(any_cast))
    together = _left(any_cast, _in_one_go(any_cast))
    for part, left in single.items():
        assert together[part] == left, part


def test_numbers_operations_and_search_go_on_behind_it(any_cast: Cast) -> None:
    number = _in_one_go(any_cast)
    any_cast.clock.at = MONDAY + 60_000
    after = any_cast.incident()
    assert (number, after) == ("INC-00001", "INC-00002")
    assert [row.number for row in any_cast.ada.search("flickers dock")] == [number]
    with any_cast.database.read() as connection:
        ids = set(connection.execute(select(journal.c.operation).where(journal.c.at >= MONDAY)).scalars())
        known = set(connection.execute(select(operation.c.id)).scalars())
    assert ids <= known
    assert [row.number for row in any_cast.ada.page(any_cast.ada.prepare(["incident"], "", "number")).rows] == [number, after]


def test_warnings_fire_when_they_are_reached_though_the_clock_was_met_later(cast: Cast) -> None:
    number = _in_one_go(cast)
    fired = [line for line in cast.ada.show(number).journal if line.what == "clock"]
    assert fired
    assert all(line.at <= line.recorded_at <= line.at + 16 for line in fired)
    seqs = [line.seq for line in sorted(cast.ada.show(number).journal, key=lambda line: line.recorded_at)]
    assert seqs == sorted(seqs)


def test_links_name_the_version_that_was_current(cast: Cast) -> None:
    with cast.database.write() as connection:
        chronicle = _chronicle(cast, connection)
        bob, kind = identify(connection, "bob"), cast.ada.registry.kind("incident")
        parent = chronicle.create(bob, MONDAY, kind, CREATED)
        child = chronicle.create(bob, MONDAY + 60, kind, CREATED)
        parent = chronicle.act(parent, bob, MONDAY + 600, "start")
        chronicle.connect(bob, MONDAY + 120, child, "child-of", parent)
        chronicle.finish()
        linked = connection.execute(select(link.c.source_id, link.c.target_id).where(link.c.relation == "child-of")).one()
        entry = connection.execute(select(journal.c.version).where(journal.c.field == "child-of of")).scalar_one()
    assert tuple(linked) == (child.id, parent.id)
    assert entry == 1
    assert [line.number for line in cast.ada.show(parent.number).links] == [child.number]
