"""Tables of any kind: what a row means, which record it is about, and that nothing is loaded where one row is wrong."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from deskterm.errors import ImportRefused, InvalidInput, NotAllowed
from deskterm.exchange.exporting import run_export
from deskterm.exchange.importing import ImportResult, run_import
from tests.desks import Cast
from tests.hostile import PAYLOADS

Load = Callable[..., ImportResult]


@pytest.fixture
def load(cast: Cast, tmp_path: Path) -> Load:
    """Import a text under a file name, as the administrator."""
    return loader(cast, tmp_path)


def loader(cast: Cast, folder: Path) -> Load:
    def run(text: str | bytes, name: str = "people.csv", *, login: str = "ada", **options: object) -> ImportResult:
        path = folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))
        form = "jsonl" if name.endswith("jsonl") else "csv"
        return run_import(cast.as_(login), form, path, **options)  # type: ignore[arg-type]

    return run


def count(cast: Cast, kind: str, query: str = "") -> int:
    return cast.ada.count(cast.ada.prepare([kind], query))


def number(cast: Cast, kind: str, query: str) -> str:
    [row] = cast.ada.page(cast.ada.prepare([kind], query), limit=2).rows
    return row.number


def refused(load: Load, text: str | bytes, name: str = "people.csv", **options: object) -> list[tuple[int, str, str]]:
    with pytest.raises(ImportRefused, match="nothing was loaded") as refusal:
        load(text, name, **options)
    return [(row.line, row.field, row.message) for row in refusal.value.rows]


def test_people_are_created_then_updated_and_otherwise_left_alone(any_cast: Cast, tmp_path: Path) -> None:
    load = loader(any_cast, tmp_path)
    table = "name,email,organisation,vip\nAnn,ann@acme.example,Acme,yes\nBea,bea@acme.example,Acme,\n"
    assert load(table) == ImportResult(created=2)
    assert load(table) == ImportResult(unchanged=2)
    assert load(table.replace("bea@acme.example,Acme", "bea@acme.example,Globex")) == ImportResult(updated=1, unchanged=1)
    view = any_cast.ada.show(number(any_cast, "person", "name:Bea"))
    assert view.names[view.values["organisation"]].title == "Globex"
    assert [(line.what, line.field, line.old, line.new) for line in view.journal][1:] == [
        ("field", "organisation", "Acme", "Globex")
    ]


def test_a_later_row_may_name_what_an_earlier_one_makes(cast: Cast, load: Load) -> None:
    table = "kind,name,organisation\norganisation,Initech,\nperson,Peter,initech\n"
    assert load(table, "all.csv") == ImportResult(created=2)
    view = cast.ada.show(number(cast, "person", "name:Peter"))
    assert view.names[view.values["organisation"]].title == "Initech"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_whatever_a_spreadsheet_writes_is_read(cast: Cast, load: Load, delimiter: str, end: str, mark: str) -> None:
    rows = [["Name", "Note"], ["Ann, Bea; Cleo", 'says "hi"\nand goes'], ["", ""], ["Dora", ""]]
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=end).writerows(rows)
    assert load(mark + out.getvalue()) == ImportResult(created=2)
    assert cast.ada.show(number(cast, "person", "name:Ann")).values["note"] == 'says "hi"\nand goes'


def test_columns_may_be_called_by_label_and_mapped(cast: Cast, load: Load, tmp_path: Path) -> None:
    mapping = tmp_path / "staff.toml"
    mapping.write_text(
        'kind = "person"\nencoding = "cp1252"\n[columns]\n"Full name" = "name"\nShoe = ""\n[constants]\norganisation = "Acme"\n',
        encoding="utf-8",
    )
    table = "Full name;Time zone;Shoe\nJörg;Europe/Berlin;44\n".encode("cp1252")
    assert load(table, "export-7.csv", mapping=mapping) == ImportResult(created=1)
    view = cast.ada.show(number(cast, "person", "name:Jörg"))
    assert view.values["tz"] == "Europe/Berlin"
    assert view.names[view.values["organisation"]].title == "Acme"


def test_instants_are_read_in_the_format_and_zone_of_the_mapping(cast: Cast, load: Load) -> None:
    table = "summary,occurred_at\nVPN drops,31.10.2026 09:30\n"
    load(table, "incident.csv", mapping={"date_format": "%d.%m.%Y %H:%M", "zone": "Europe/Berlin"})
    assert cast.ada.show("INC-00001").values["occurred_at"] == 1793435400
    wrong = refused(load, "summary,occurred_at\nx,2026-10-31\n", "incident.csv", mapping={"date_format": "%d.%m.%Y"})
    assert wrong == [(2, "occurred_at", "must be an instant like %d.%m.%Y, not '2026-10-31'")]


def test_work_is_derived_and_judged_as_at_a_form_and_known_again_by_its_row(any_cast: Cast, tmp_path: Path) -> None:
    load = loader(any_cast, tmp_path)
    table = "summary,requester,impact,urgency,team\nVPN drops,Maria Lopez,high,1,network\nVPN drops,Maria Lopez,high,1,network\n"
    assert load(table, "incident.csv") == ImportResult(created=2)
    view = any_cast.ada.show("INC-00001")
    assert (view.state, view.values["priority"], len(view.clocks)) == ("assigned", 1, 2)
    any_cast.ada.edit("INC-00001", {"category": "network"})
    assert load(table, "incident.csv") == ImportResult(unchanged=2), "and what was changed since stays"
    assert load(table + "VPN drops,Maria Lopez,high,1,network\n", "incident.csv") == ImportResult(created=1, unchanged=2)


def test_work_with_a_key_of_its_own_is_updated(cast: Cast, load: Load) -> None:
    table = "external_key,summary,category\nT-1,VPN drops,\nT-2,No mail,mail\n"
    assert load(table, "incident.csv") == ImportResult(created=2)
    assert load(table.replace("drops,", "drops,network"), "incident.csv") == ImportResult(updated=1, unchanged=1)
    assert cast.ada.show("INC-00001").values["category"] == "network"
    assert load(table, "incident.csv") == ImportResult(unchanged=2), "an empty cell says nothing"
    assert load(table, "incident.csv", mapping={"clear": True}) == ImportResult(updated=1, unchanged=1)
    assert cast.ada.show("INC-00001").values["category"] is None


def test_people_of_one_name_are_told_apart_by_mail(cast: Cast, load: Load) -> None:
    table = "name,email,phone\nJo Doe,a@x.example,1\nJo Doe,b@x.example,2\n"
    assert load(table) == ImportResult(created=2)
    assert load(table.replace(",2", ",3")) == ImportResult(updated=1, unchanged=1)
    assert refused(load, "name,phone\nJo Doe,4\n") == [
        (2, "name", "is the name of several (PER-00003, PER-00004); give the number")
    ]
    assert refused(load, "name\nAnn\nAnn\n") == [(3, "name", "is what line 2 is about already; number them")]


def test_numbers_are_kept_and_given_out_after_them(cast: Cast, load: Load) -> None:
    assert load("number,name\nPER-00070,Ann\n") == ImportResult(created=1)
    assert cast.ada.create("person", {"name": "Bea"}).number == "PER-00071"
    assert load("number,name\nPER-00070,Anne\n", "export.csv") == ImportResult(updated=1), "a number says what a row is"
    assert refused(load, "number,name\nINC-9,Cleo\n", mapping={"kind": "person"}) == [
        (2, "number", "must be a number such as PER-00001")
    ]
    assert refused(load, "number,name\nTEAM-00001,Cleo\n", mapping={"kind": "person"}) == [
        (2, "number", "is the number of a team, not of a person")
    ]


def test_every_bad_row_is_named_by_line_and_heading(cast: Cast, load: Load) -> None:
    table = (
        'Name,Email,VIP,Organisation,Note\nAnn,,maybe,Acme,\n,,,,x\nBea,,,Nowhere,"two\nlines"\n'
        'Cleo,,\nDora,,,Acme,"a\0b"\nEve,,,,\n'
    )
    rows = refused(load, table)
    assert [(line, heading) for line, heading, _ in rows] == [
        (2, "VIP"), (3, "Name"), (4, "Organisation"), (6, ""), (7, "Note"),
    ]  # fmt: skip
    said = "\n".join(message for *_, message in rows)
    for part in ("yes or no", "is required", "there is no organisation 'Nowhere'", "is cut short: it has 3 of 5", "NUL"):
        assert part in said
    assert count(cast, "person") == 2
    assert load(table, skip_bad=True) == ImportResult(created=1, skipped=5)
    assert count(cast, "person", "name:Eve") == 1


@pytest.mark.parametrize(
    ("table", "heading", "message"),
    [
        (b"", "", "is empty"),
        (b"name,shoes\nAnn,44\n", "shoes", "is no field"),
        (b"name,naem\nAnn,x\n", "naem", "did you mean name?"),
        (b"name,Name\nAnn,x\n", "name", "stands there twice"),
        ("name\nAnn\n".encode("utf-16"), "", "save the file as UTF-8"),
        (b'"name\nAnn\n', "", "holds no headings"),
    ],
)
def test_headings_that_mean_nothing_are_refused(load: Load, table: bytes, heading: str, message: str) -> None:
    line, found, said = refused(load, table)[0]
    assert (line, found) == (1, heading)
    assert message in said


def test_a_row_in_the_middle_that_is_no_text_is_named(cast: Cast, load: Load) -> None:
    lines = [b"name,note", *(f"Person {i},x".encode() for i in range(2_000))]
    lines[1_500] = b"Pers\xffon,x"
    assert refused(load, b"\n".join(lines)) == [
        (1_501, "", "holds bytes that are not UTF-8 text, the first at byte 5 of the line")
    ]
    assert count(cast, "person") == 2
    assert load(b"\n".join(lines), skip_bad=True) == ImportResult(created=1_999, skipped=1)


def test_a_quote_that_never_closes_and_a_line_that_never_ends_are_refused_in_bounds(load: Load) -> None:
    rows = refused(load, 'name,note\nAnn,"' + "x\n" * 200_000)
    assert rows[0][0] == 2
    assert "is not a row of a CSV file" in rows[0][2]
    assert refused(load, b"name,note\nAnn," + b"x" * (3 << 20) + b"\nBea,y\n") == [
        (2, "", "is longer than 1,048,576 bytes; is a line break missing?")
    ]


def test_a_file_beyond_reason_is_refused_unread(cast: Cast, tmp_path: Path) -> None:
    huge = tmp_path / "huge.csv"
    with huge.open("wb") as file:
        file.truncate(2 << 30)
    with pytest.raises(InvalidInput, match=r"at most 1,024 MiB are read; split it"):
        run_import(cast.ada, "csv", huge)


def test_what_is_no_file_is_refused(cast: Cast, tmp_path: Path) -> None:
    for path in (tmp_path / "absent.csv", tmp_path, Path("/dev/null")):
        with pytest.raises(InvalidInput):
            run_import(cast.ada, "csv", path)
    with pytest.raises(InvalidInput, match=r"there is no format 'xls'; there are: .*csv, "):
        run_import(cast.ada, "xls", tmp_path / "absent.csv")


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_an_export_reads_back_and_changes_nothing(any_cast: Cast, tmp_path: Path, form: str) -> None:
    load = loader(any_cast, tmp_path)
    any_cast.incident(impact=1, tags=["a", "b,c"], ci="vpn-gw-1", description="=1+1\n'quoted'", affected=3)
    any_cast.incident(summary="=cmd|'/C calc'!A0")
    any_cast.ada.create("person", {"name": "maria lopez", "phone": "+49 30", "note": "'=x"})
    any_cast.ada.act("SVC-00001", "retire")
    for kind in any_cast.ada.registry:
        out = io.StringIO()
        run_export(any_cast.ada, form, kind, "", "", out)
        total = count(any_cast, kind.name)
        if total:
            assert load(out.getvalue(), f"anything.{form}") == ImportResult(unchanged=total), kind.name


def test_an_export_makes_another_desk_the_same(cast: Cast, postgres_cast: Cast, tmp_path: Path) -> None:
    cast.ada.create("person", {"name": "=Ann", "phone": "+49 30", "note": "'-x\n@y"})
    out = io.StringIO()
    run_export(cast.ada, "csv", cast.ada.registry.kind("person"), "", "number", out)
    assert loader(postgres_cast, tmp_path)(out.getvalue()) == ImportResult(created=1, unchanged=2)
    again = io.StringIO()
    run_export(postgres_cast.ada, "csv", postgres_cast.ada.registry.kind("person"), "", "number", again)
    assert again.getvalue() == out.getvalue()


@pytest.mark.parametrize("name", sorted(PAYLOADS))
def test_hostile_cells_are_stored_as_they_came_or_refused(cast: Cast, load: Load, name: str) -> None:
    text = PAYLOADS[name]
    row = json.dumps({"kind": "person", "name": "Ann", "note": text})
    if name in ("nul", "halves", "long_line"):
        assert refused(load, row, "x.jsonl")[0][1] in ("note", "")
        assert count(cast, "person", "name:Ann") == 0
        return
    assert load(row, "x.jsonl") == ImportResult(created=1)
    kept = cast.ada.show(number(cast, "person", "name:Ann")).values["note"] or ""
    out = io.StringIO()
    run_export(cast.ada, "csv", cast.ada.registry.kind("person"), "name:Ann", "", out)
    assert load(out.getvalue()) == ImportResult(unchanged=1)
    assert (cast.ada.show(number(cast, "person", "name:Ann")).values["note"] or "") == kept


def test_json_lines_that_are_none_are_named(load: Load) -> None:
    text = '{"kind": "person", "name": "Ann"}\n[1]\n{"kind": \n\n' + "[" * 100_000 + '\n{"kind": "pigeon"}\n{"name": "Bea"}\n'
    rows = refused(load, text, "things.jsonl")
    assert [line for line, *_ in rows] == [2, 3, 5, 6, 7]
    assert "there is no kind 'pigeon'" in rows[3][2]


def test_states_of_what_is_no_work_follow_the_table(cast: Cast, load: Load) -> None:
    assert load("name,state\nOld desk,retired\nNew desk,active\n", "team.csv") == ImportResult(created=2)
    assert cast.ada.show(number(cast, "team", 'name:"Old desk"')).state == "retired"
    assert load("name,state\nOld desk,active\nNew desk,active\n", "team.csv") == ImportResult(updated=1, unchanged=1)
    assert "in one step" in refused(load, "name,state\nNew desk,burnt\n", "team.csv")[0][2]


def test_new_work_begins_where_the_workflow_does(cast: Cast, load: Load) -> None:
    assert refused(load, "summary,state\nVPN drops,closed\n", "incident.csv") == [
        (2, "state", "cannot be closed: a new incident begins as new; leave the column out")
    ]
    assert count(cast, "incident") == 0


@pytest.mark.parametrize(
    ("login", "name", "table"),
    [
        ("bob", "people.csv", "name\nAnn\n"),
        ("ron", "incident.csv", "summary\nx\n"),
        ("sue", "agent.csv", "login,roles\nsue,administrator\n"),
        ("maria", "incident.csv", "summary\nx\n"),
    ],
)
def test_nobody_imports_what_they_may_not(cast: Cast, load: Load, login: str, name: str, table: str) -> None:
    with pytest.raises(NotAllowed, match="may not import"):
        load(table, name, login=login)
    [row] = cast.ada.page(cast.ada.prepare(["agent"], f"login:{login}"), limit=2).rows
    assert cast.ada.show(row.number).journal[-1].what == "refused"


def test_an_import_needs_the_rights_of_what_it_writes_too(cast: Cast, load: Load) -> None:
    """A supervisor may import incidents, and override a priority as at a form, but not without a reason."""
    assert load("summary\nx\n", "incident.csv", login="sue") == ImportResult(created=1)
    rows = refused(load, "summary,impact,urgency,priority\ny,3,3,1\n", "incident.csv", login="sue")
    assert [(line, heading) for line, heading, _ in rows] == [(2, "priority_reason")]


def test_a_dry_run_tells_and_keeps_nothing(cast: Cast, load: Load) -> None:
    before = cast.ada.position()
    assert load("name\nAnn\nMaria Lopez\n", dry_run=True) == ImportResult(created=1, unchanged=1)
    assert cast.ada.position() == before


@pytest.mark.parametrize(
    ("mapping", "field"),
    [
        ({"delimiter": "::"}, "delimiter"),
        ({"encoding": "utf-16"}, "encoding"),
        ({"zone": "Mars"}, "zone"),
        ({"kinds": "person"}, "kinds"),
        ({"columns": 3}, "columns"),
    ],
)
def test_a_wrong_mapping_is_refused_by_name(load: Load, mapping: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        load("name\nAnn\n", mapping=mapping)
    assert list(refusal.value.fields) == [field]


def test_a_mapping_that_is_no_toml_is_refused(load: Load, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text("kind = person", encoding="utf-8")
    for mapping in (wrong, tmp_path / "absent.toml"):
        with pytest.raises(InvalidInput, match="the mapping"):
            load("name\nAnn\n", mapping=mapping)
