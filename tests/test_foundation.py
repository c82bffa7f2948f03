"""Proof of the foundation: a kind declared here, in one file with its table, has every face without another file touched."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, String, Table

from data.base import extends_record, metadata, reference
from deskterm.bootstrap import desk_of, initialise
from deskterm.clock import FrozenClock
from deskterm.desk import Desk
from deskterm.errors import InvalidInput, NotAllowed, WorkflowRefused
from deskterm.fields import Choice, Field, Text, Whole, long_text, ref
from deskterm.kinds import Kind, Registry, declared
from deskterm.permissions import Family
from deskterm.workflow import Action, Phase, State, Workflow
from tests.desks import MONDAY, sqlite_file


def loan_kind() -> Kind:
    """Declare the kind, its table on the desk's own metadata; who calls this takes the table off again."""
    return Kind(
        name="loan",
        prefix="LOAN",
        process="configuration",
        family=Family.WORK,
        table=Table(
            "loan",
            metadata,
            extends_record(),
            Column("device", String(80), nullable=False),
            Column("size", String(8)),
            Column("days", Integer),
            Column("note", String),
            reference("borrower_id"),
        ),
        columns=("borrower", "device", "state"),
        help="A device lent for a while.",
        fields=(
            Field("summary", Text(120), required=True, searchable=True),
            Field("borrower", ref("person"), required=True),
            Field("device", Text(80), required=True, searchable=True),
            Field("size", Choice(("small", "large")), default="small"),
            Field("days", Whole(1, 90), default=7, help="How long it may be kept."),
            Field("note", long_text(), searchable=True),
        ),
        workflow=Workflow(
            (State("reserved", Phase.ACTIVE), State("out", Phase.WAITING), State("back", Phase.FINAL)),
            (
                Action("hand-out", ("reserved",), "out", demands=("days",)),
                Action("return", ("out",), "back", inputs=(Field("damage", Text(80)),)),
            ),
        ),
    )


@pytest.fixture
def lending(tmp_path: Path) -> Iterator[Desk]:
    """A desk that lends devices."""
    clock = FrozenClock(MONDAY)
    database, _ = initialise(sqlite_file(tmp_path), "ada", clock=clock)
    loan = loan_kind()
    assert loan.table is not None
    with database.write() as connection:
        loan.table.create(connection)
    registry: Registry = declared()
    registry.add(loan)
    desk = desk_of(database, "ada", clock=clock, registry=registry)
    desk.create("person", {"name": "Maria Lopez"})
    yield desk
    database.close()
    metadata.remove(loan.table)


def test_it_has_records_a_journal_versions_and_refusals(lending: Desk) -> None:
    with pytest.raises(InvalidInput) as refusal:
        lending.create("loan", {"summary": "For the trip", "days": 400})
    assert "days" in refusal.value.fields
    number = lending.create("loan", {"summary": "For the trip", "borrower": "Maria Lopez", "device": "ThinkPad 3"}).number
    assert number == "LOAN-00001"
    with pytest.raises(WorkflowRefused, match="return is not possible while reserved"):
        lending.act(number, "return")
    lending.act(number, "hand-out")
    lending.edit(number, {"days": 14})
    view = lending.show(number)
    assert [line.what for line in view.journal] == ["created", "state", "field"]
    assert (view.version, view.values["size"], view.values["days"]) == (3, "small", 14)
    lending.undo()
    assert lending.show(number).values["days"] == 7


def test_it_is_listed_queried_and_found(lending: Desk) -> None:
    for device in ("ThinkPad 3", "Beamer 1"):
        lending.create("loan", {"summary": "For the trip", "borrower": "Maria Lopez", "device": device, "note": "fragile"})
    page = lending.page(
        lending.prepare(["loan"], "state:open borrower:Maria* days:<10 device:think*"),
        columns=lending.registry.kind("loan").columns,
    )
    assert [row.shown for row in page.rows] == [{"borrower": "Maria Lopez", "device": "ThinkPad 3", "state": "reserved"}]
    assert [row.values["device"] for row in lending.page(lending.prepare(["loan"], "", "-device"), columns=("device",)).rows] == [
        "ThinkPad 3",
        "Beamer 1",
    ]
    assert [row.number for row in lending.search("beamer frag")] == ["LOAN-00002"]


def test_rights_hold_by_family(lending: Desk) -> None:
    lending.create("agent", {"login": "ron", "roles": ["read-only"]})
    ron = desk_of(lending.database, "ron", clock=lending.clock, registry=lending.registry)
    with pytest.raises(NotAllowed):
        ron.create("loan", {"summary": "x"})
    assert ron.page(ron.prepare(["loan"], "")).rows == ()


def test_every_value_is_json(lending: Desk) -> None:
    from deskterm.records.reading import as_json

    number = lending.create("loan", {"summary": "x", "borrower": "Maria Lopez", "device": "y"}).number
    loan = lending.registry.kind("loan")
    shown = as_json(loan, lending.show(number))
    assert json.loads(json.dumps(shown))["borrower"] == "Maria Lopez"
    assert list(shown) == [item.name for item in loan.fields]
