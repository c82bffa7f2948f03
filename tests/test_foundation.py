"""Proof of the foundation: a kind declared here, in one file with its table, has every face without another file touched."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, String, Table

from data.base import extends_record, metadata, reference
from data.engine import Database
from deskterm.configuration import kinds
from deskterm.desk import Desk
from deskterm.errors import InvalidInput, NotAllowed, NotFound, WorkflowRefused
from deskterm.fields import Choice, Field, Text, Whole, long_text, ref
from deskterm.kinds import Kind
from deskterm.permissions import Family
from deskterm.workflow import Action, Phase, State, When, Workflow
from screens.form import FormScreen
from screens.kind_list import KindListScreen
from screens.record import RecordScreen
from tests.cli.shell import Shell
from tests.desks import Cast, cast_on, sqlite_file
from tests.screens.consoles import LARGE, SMALL, console, go, screen_text, settled, shows, until


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
                Action("prolong", ("out",), None, demands=("days",), when=(When("size", "small", "large ones are short"),)),
            ),
        ),
    )


@pytest.fixture
def loan(monkeypatch: pytest.MonkeyPatch) -> Iterator[Kind]:
    """The kind, declared where its process declares its kinds: all that is done to make it known."""
    kind = loan_kind()
    assert kind.own_table is not None
    monkeypatch.setattr(kinds, "KINDS", (*kinds.KINDS, kind))
    yield kind
    metadata.remove(kind.own_table)


def create_table(database: Database, kind: Kind) -> None:
    """Do what the kind's migration would."""
    assert kind.own_table is not None
    with database.write() as connection:
        kind.own_table.create(connection)


@pytest.fixture
def lenders(loan: Kind, tmp_path: Path) -> Iterator[Cast]:
    """The small desk, which lends devices."""
    with cast_on(sqlite_file(tmp_path), agreements=False) as cast:
        create_table(cast.database, loan)
        yield cast


@pytest.fixture
def lending(lenders: Cast) -> Desk:
    """Ada, who may do everything there."""
    return lenders.ada


def test_it_has_records_a_journal_versions_and_refusals(lending: Desk) -> None:
    with pytest.raises(InvalidInput) as refusal:
        lending.create("loan", {"summary": "For the trip", "days": 400})
    assert "days" in refusal.value.fields
    number = lending.create("loan", {"summary": "For the trip", "borrower": "Maria Lopez", "device": "ThinkPad 3"}).number
    assert number == "LOAN-00001"
    with pytest.raises(WorkflowRefused, match="return is not possible while reserved"):
        lending.act(number, "return")
    lending.act(number, "hand-out")
    assert [action.name for action in lending.actions(number) if not action.refusal] == ["return", "prolong", "watch"]
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


def test_rights_hold_by_family(lenders: Cast) -> None:
    ron, maria = lenders.as_("ron"), lenders.as_("maria")
    with pytest.raises(NotAllowed):
        ron.create("loan", {"summary": "x"})
    assert ron.page(ron.prepare(["loan"], "")).rows == ()
    number = lenders.as_("bob").create("loan", {"summary": "x", "borrower": "Maria Lopez", "device": "y"}).number
    with pytest.raises(NotAllowed):
        ron.act(number, "hand-out")
    assert [row.number for row in ron.page(ron.prepare(["loan"], "")).rows] == [number]
    with pytest.raises(NotFound):  # for a requester what is not theirs is not there
        maria.edit(number, {"days": 90})


def test_every_value_is_json(lending: Desk) -> None:
    from deskterm.records.reading import as_json

    number = lending.create("loan", {"summary": "x", "borrower": "Maria Lopez", "device": "y"}).number
    loan = lending.registry.kind("loan")
    shown = as_json(loan, lending.show(number))
    assert json.loads(json.dumps(shown))["borrower"] == "Maria Lopez"
    assert list(shown) == [item.name for item in loan.told]


@pytest.fixture
def prompt(loan: Kind, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Shell:
    """A prompt on a desk that lends devices."""
    shell = Shell(monkeypatch, capsys, tmp_path)
    with cast_on(shell.database, agreements=False) as cast:
        create_table(cast.database, loan)
    return shell


TRIP = ("summary=For the trip", "borrower=Maria Lopez", "device=ThinkPad 3")


def test_the_command_line_knows_it(prompt: Shell) -> None:
    assert "A device lent for a while." in prompt.ok("kinds")
    help_ = prompt.ok("fields", "loan")
    assert "How long it may be kept." in help_
    assert "states: reserved, out, back" in help_
    assert [field["name"] for field in prompt.read("fields", "loan")["fields"]][:4] == ["summary", "borrower", "device", "size"]
    assert prompt.refused("new", "loan", *TRIP, "days=400") == "days must be a whole number from 1 to 90"

    number = prompt.ok("new", "loan", *TRIP)
    assert "ThinkPad 3" in prompt.ok("show", number)
    assert [row["number"] for row in prompt.read("list", "loan", "device:think* days:<10")["items"]] == [number]
    assert number in prompt.ok("search", "thinkpad")
    prompt.ok("edit", number, "days=14", "note=with its charger")
    prompt.ok("note", number, "The bag is torn")
    assert prompt.refused("do", number, "return") == "return is not possible while reserved; it is possible while out"
    prompt.ok("do", number, "hand-out")
    assert "large ones are short" not in prompt.ok("actions", number)
    prompt.ok("edit", number, "size=large")
    assert "large ones are short" in prompt.ok("actions", number)
    assert prompt.refused("do", number, "prolong") == "prolong is not possible: large ones are short"
    shown = prompt.read("show", number)
    assert (shown["kind"], shown["state"], shown["days"], shown["borrower"]) == ("loan", "out", 14, "Maria Lopez")
    told = [line["what"] for line in shown["journal"]]
    assert told == ["created", "field", "field", "note", "state", "field"]
    assert "ron may not create" in prompt.refused("--as", "ron", "new", "loan", *TRIP)


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_it_goes_out_and_comes_back(prompt: Shell, tmp_path: Path, form: str) -> None:
    first, second = (prompt.ok("new", "loan", *TRIP, f"note={note}") for note in ("fragile", "=1+1\nsecond line"))
    prompt.ok("do", second, "hand-out")
    before = [prompt.read("show", number) for number in (first, second)]
    out = tmp_path / f"loan.{form}"
    out.write_text(prompt.ok("export", "loan", "--format", form) + "\n", encoding="utf-8")
    again = prompt.read("import", form, str(out))
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, 2)
    assert [prompt.read("show", number) for number in (first, second)] == before
    assert "ThinkPad 3" in prompt.ok("export", "loan", "--format", "md")


def test_a_file_of_it_is_loaded_whole_or_not_at_all(prompt: Shell, tmp_path: Path) -> None:
    path = tmp_path / "loan.csv"
    path.write_text(
        "summary,borrower,device,days\nTrip,Maria Lopez,Beamer,5\nFair,Nobody,Screen,5\nFair,Hank Scorpio,Screen,many\n",
        encoding="utf-8",
    )
    done = prompt("--json", "import", "csv", str(path))
    assert done.status == 1
    assert [(row["line"], row["field"]) for row in done.json["rows"]] == [(3, "borrower"), (4, "days")]
    assert prompt.read("list", "loan")["items"] == []
    path.write_text("summary,borrower,device,days\nTrip,Maria Lopez,Beamer,5\n", encoding="utf-8")
    assert prompt.read("import", "csv", str(path), "--dry-run")["created"] == 1
    assert prompt.read("import", "csv", str(path))["created"] == 1
    assert prompt.read("list", "loan")["items"][0]["device"] == "Beamer"


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
async def test_the_console_knows_it(lenders: Cast, size: tuple[int, int]) -> None:
    """Chosen by `n`, typed into its form with its help, checked, listed by `:`, opened, moved on by `s`."""
    async with console(lenders, "bob", size=size) as pilot:
        await go(pilot, "", "n")
        await pilot.press(*"loan", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen))
        await pilot.press(*"For the trip", "tab", *"lop")
        await shows(pilot, "Maria Lopez")
        await pilot.press("enter", "tab", *"ThinkPad 3", "tab", "tab", *"400")
        await shows(pilot, "How long it may be kept.")
        await go(pilot, "", "ctrl+s")
        await shows(pilot, "must be a whole number from 1 to 90")
        await go(pilot, "", "ctrl+u", *"14", "ctrl+s")
        await until(pilot, lambda: not isinstance(pilot.app.screen, FormScreen))
        number = lenders.ada.page(lenders.ada.prepare(["loan"], "device:think*")).rows[0].number

        await go(pilot, "queue", "colon")
        await pilot.press(*"loan")
        await shows(pilot, "List: Loans")
        await until(pilot, lambda: "List: Loans" in screen_text(pilot))
        await go(pilot, "", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, KindListScreen))
        await shows(pilot, number)
        assert "ThinkPad 3" in screen_text(pilot)
        await go(pilot, "", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, RecordScreen))
        await go(pilot, "", "s", *"hand", "enter")
        if lenders.ada.show(number).state != "out":
            await go(pilot, "", "ctrl+s")
        await until(pilot, lambda: lenders.ada.show(number).state == "out")
        await settled(pilot)
        await shows(pilot, "reserved → out")
