"""Audits and the quality of records: what is expected, what codes mean, what is missing at the end; what is wrong with CIs."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from deskterm.configuration import audits, quality
from deskterm.configuration.audits import codes_of
from deskterm.doctor import examine
from deskterm.errors import InvalidInput, NotAllowed, NotFound, WorkflowRefused
from deskterm.jobs import JobContext
from deskterm.reports import Period, run
from tests.configuration.scanning import DAY, known
from tests.desks import MONDAY, Cast

FIGURES = ("expected", "scanned", "missing", "unexpected")


def corridor(cast: Cast) -> str:
    """Begin an audit of a floor where four things are expected, and return its number."""
    for place in range(1, 4):
        known(
            cast,
            name=f"lt-{place}",
            asset_number=f"1004{place}",
            serial=f"SN-000{place}-Q",
            location="Haus A, room 3",
            type="laptop",
        )
    known(cast, name="beamer", serial="SN-BEAM-1", location="haus a", type="peripheral")
    known(cast, name="lt-9", serial="SN-STRAY-9", location="Haus B", type="laptop")
    known(cast, name="old", asset_number="10099", location="Haus A", type="laptop", status="retired")
    known(cast, name="Haus A2 printer", location="Haus A2", type="printer")
    return cast.ada.create("audit", {"location": "Haus A"}).number


def test_an_audit_from_the_expected_list_to_the_missing(any_cast: Cast) -> None:
    cast = any_cast
    number = corridor(cast)
    begun = cast.ada.show(number)
    assert (begun.title, begun.values["expected"], begun.values["missing"]) == ("Haus A, 2026-11-02", 4, 4)
    known(cast, name="late", asset_number="10047", location="Haus A", type="laptop")  # recorded after it was frozen
    cast.clock.advance(60)
    results = audits.scan(
        cast.as_("sam"), number, ["10041", "sn-0002-q", "CI-00005", "10041", "SN-STRAY-9", "10099", "nothing", "10047"]
    )
    assert [(one.result, one.number) for one in results] == [
        ("found", "CI-00002"),
        ("found", "CI-00003"),
        ("found", "CI-00005"),
        ("again", "CI-00002"),
        ("unexpected", "CI-00006"),
        ("unexpected", "CI-00007"),
        ("unknown", ""),
        ("unexpected", "CI-00009"),
    ]
    view = audits.view(cast.ada, number)
    assert (view.expected, view.scanned, view.missing, view.unexpected) == (4, 3, 1, 4)
    assert view.accuracy == pytest.approx(100 * 3 / 8)
    assert [(line.state, line.number) for line in view.lines if line.state != "scanned"][-1] == ("missing", "CI-00004")
    assert cast.ada.show("CI-00002").values["last_seen_at"] == MONDAY + 60
    assert audits.take_back(cast.as_("sam"), number, ["nothing", "10047", "10041"]) == 3
    assert (audits.view(cast.ada, number).scanned, audits.view(cast.ada, number).unexpected) == (2, 2)
    assert examine(cast.database, clock=cast.clock, registry=cast.ada.registry) == []
    with cast.database.write() as connection:
        connection.execute(text("UPDATE ci SET last_seen_at = 7"))
    assert {one.code for one in examine(cast.database, clock=cast.clock, registry=cast.ada.registry)} == {"sighting"}
    with cast.database.write() as connection:
        connection.execute(text("UPDATE ci SET last_seen_at = NULL"))
    cast.as_("sam").create("audit", {"types": ["printer"]})
    cast.ada.act(number, "close", {"mark_missing": True})
    closed = cast.ada.show(number).values
    assert {name: closed[name] for name in ("expected", "scanned", "missing", "unexpected")} == {
        "expected": 4, "scanned": 2, "missing": 2, "unexpected": 2,
    }  # fmt: skip
    assert cast.ada.show("CI-00004").values["missing_since"] == MONDAY + 60
    assert [line.text for line in cast.ada.show("CI-00004").journal if line.what == "note"] == [
        f"not found by {number}, Haus A, 2026-11-02"
    ]
    cast.ada.undo()
    assert cast.ada.show(number).state == "open"
    assert cast.ada.show("CI-00004").values["missing_since"] is None


def figures(cast: Cast, number: str) -> tuple[int, ...]:
    """Return what the list of audits says: expected, scanned, missing, unexpected; it must be what the lines come to."""
    (row,) = cast.ada.rows([number], columns=FIGURES)
    said = tuple(row.values[name] for name in FIGURES)
    view = audits.view(cast.ada, number)
    assert said == (view.expected, view.scanned, view.missing, view.unexpected)
    return said


def miscounted(cast: Cast) -> list[str]:
    return [one.subject for one in examine(cast.database, clock=cast.clock, registry=cast.ada.registry) if one.code == "audit"]


def test_the_figures_of_an_audit_are_those_of_its_lines_at_every_moment(any_cast: Cast) -> None:
    cast = any_cast
    number = corridor(cast)
    assert figures(cast, number) == (4, 0, 4, 0)
    audits.scan(cast.ada, number, ["10041", "SN-STRAY-9"])
    assert figures(cast, number) == (4, 1, 3, 1)
    version = cast.ada.show(number).version
    audits.scan(cast.as_("sam"), number, ["10042", "10042", "no such label"])
    assert figures(cast, number) == (4, 2, 2, 2)
    audits.take_back(cast.ada, number, ["no such label", "10041"])
    assert figures(cast, number) == (4, 1, 3, 1)
    shown = cast.ada.show(number)
    assert shown.version == version, "scanning is no edit of the audit: nobody's form is out of date by it"
    assert {line.field for line in shown.journal if line.what == "field"} == set(), "each figure would be one more line a scan"
    assert miscounted(cast) == []


def test_an_undo_brings_no_older_figures_back(any_cast: Cast) -> None:
    cast = any_cast
    number = corridor(cast)
    audits.scan(cast.ada, number, ["10041"])
    cast.ada.edit(number, {"note": "begun on Monday"})
    audits.scan(cast.as_("sam"), number, ["10042", "SN-STRAY-9"])
    cast.ada.undo()
    assert (cast.ada.show(number).values["note"], figures(cast, number)) == (None, (4, 2, 2, 1))
    cast.ada.act(number, "close")
    assert figures(cast, number) == (4, 2, 2, 1)
    cast.ada.undo()
    assert (cast.ada.show(number).state, figures(cast, number)) == ("open", (4, 2, 2, 1))
    other = cast.ada.create("audit", {"location": "Haus B"}).number
    cast.ada.undo()
    assert (cast.ada.show(other).state, figures(cast, other)) == ("void", (1, 0, 1, 0))
    assert miscounted(cast) == []


def test_no_undo_calls_missing_what_a_scan_found(any_cast: Cast) -> None:
    cast = any_cast
    number = corridor(cast)
    cast.ada.edit("CI-00002", {"missing_since": "2026-10-01"})
    audits.scan(cast.as_("sam"), number, ["lt-1"])
    with pytest.raises(WorkflowRefused, match=f"taken back one by one: deskterm audit {number} take-back CODE"):
        cast.as_("sam").undo()
    assert cast.ada.show("CI-00002").values["missing_since"] is None
    assert figures(cast, number) == (4, 1, 3, 0)
    cast.as_("sam").note(number, "half of the floor is done")
    assert "only notes were written" in cast.as_("sam").undo().kept[0].message


def test_figures_that_are_not_those_of_the_lines_are_found_and_put_right_by_the_next_scan(any_cast: Cast) -> None:
    cast = any_cast
    number = corridor(cast)
    audits.scan(cast.ada, number, ["10041"])
    with cast.database.write() as connection:
        connection.execute(text("UPDATE audit SET scanned = 0, missing = 4"))
    assert miscounted(cast) == [number]
    audits.scan(cast.ada, number, ["10042"])
    assert (figures(cast, number), miscounted(cast)) == ((4, 2, 2, 0), [])


def test_audits_begun_before_are_counted_by_the_migration(any_cast: Cast) -> None:
    cast = any_cast
    number = corridor(cast)
    audits.scan(cast.ada, number, ["10041", "SN-STRAY-9"])
    with cast.database.write() as connection:
        connection.execute(text("UPDATE audit SET expected = 7, scanned = 0, missing = 4, unexpected = 0"))
        for statement in import_module("data.migrations.versions.0015_audit_counts").STATEMENTS:
            connection.execute(text(statement))
    assert figures(cast, number) == (4, 1, 3, 1)


def test_what_was_missing_and_is_scanned_is_missing_no_more(cast: Cast) -> None:
    number = corridor(cast)
    cast.ada.edit("CI-00002", {"missing_since": "2026-10-01"})
    audits.scan(cast.ada, number, ["lt-1"])
    assert cast.ada.show("CI-00002").values["missing_since"] is None
    assert f"found again by {number}" in (cast.ada.show("CI-00002").journal[-1].text or "")


def test_what_is_no_audit_is_refused_with_the_reason(cast: Cast) -> None:
    number = corridor(cast)
    known(cast, name="twin", asset_number="10041")
    assert [one.result for one in audits.scan(cast.ada, number, ["10041"])] == ["ambiguous"]
    desk = cast.ada
    for values, said in (
        ({}, "give one of them"),
        ({"location": "Mars"}, "nothing that is in use is recorded there"),
        ({"location": "%"}, "nothing"),
    ):
        with pytest.raises(InvalidInput, match=said):
            desk.create("audit", values)
    with pytest.raises(WorkflowRefused, match="froze what it expects"):
        desk.edit(number, {"location": "Haus B"})
    with pytest.raises(NotFound, match="was not scanned"):
        audits.take_back(desk, number, ["10042"])
    for codes, said in (([], "give 1 to"), (["x" * 121], "is 121 characters long"), (["a\x00"], "NUL"), ([" "], "is empty")):
        with pytest.raises(InvalidInput, match=said):
            audits.scan(desk, number, codes)
    with pytest.raises(NotAllowed):
        audits.scan(cast.as_("bob"), number, ["10042"])
    with pytest.raises(InvalidInput, match="not an audit"):
        audits.scan(desk, "CI-00002", ["10042"])
    desk.act(number, "close")
    with pytest.raises(WorkflowRefused, match="nothing is scanned into it any more"):
        audits.scan(desk, number, ["10042"])


@given(
    st.lists(
        st.text(st.characters(exclude_characters="\r\n,;\t", exclude_categories=["C", "Z"]), min_size=1, max_size=8), max_size=9
    )
)
def test_codes_come_apart_at_line_ends_and_commas(codes: list[str]) -> None:
    for separator in ("\n", "\r\n", ",", ";", "\t", "\n\n"):
        assert codes_of(separator.join(codes)) == codes


@pytest.fixture
def flawed(any_cast: Cast) -> Cast:
    """A desk with one CI of each flaw."""
    cast = any_cast
    cast.ada.edit("CI-00001", {"owner": "Maria Lopez"})
    known(cast, name="stale", service="Workplace")
    cast.clock.advance(91 * DAY)
    cast.ada.edit("CI-00001", {"location": "Berlin"})
    known(cast, name="orphan")
    known(cast, name="one", serial="SN-0001-X", service="Workplace")
    known(cast, name="two", serial=" sn-0001-x", service="Workplace")
    known(cast, name="nobody's", service="Workplace", owner=None)
    known(cast, name="blank", service="Workplace", serial="To Be Filled By O.E.M.")
    known(cast, name="gone", service="Workplace", missing_since=cast.clock.now() - 3 * DAY)
    known(cast, name="paper", service="Workplace", type="document")
    known(cast, name="retired", status="retired", serial="SN-0001-X", owner=None)
    return cast


def found(cast: Cast) -> dict[str, list[str]]:
    with cast.database.read() as connection:
        result: dict[str, list[str]] = {}
        for one in quality.findings(connection, cast.clock.now()):
            result.setdefault(one.sort, []).append(one.title)
        return result


def keep(cast: Cast) -> int:
    return quality.keep_current(JobContext("data-quality", cast.database, cast.ada.registry, cast.clock.now()))


def test_each_flaw_is_found_and_kept_with_the_day_since_when(flawed: Cast) -> None:
    cast = flawed
    assert found(cast) == {
        "stale": ["stale"],
        "orphan": ["orphan"],
        "duplicate": ["one", "two"],
        "no-owner": ["nobody's"],
        "placeholder-serial": ["blank"],
        "missing": ["gone"],
    }
    begun = cast.clock.now()
    assert keep(cast) == 7
    assert keep(cast) == 0
    cast.clock.advance(DAY)
    cast.ada.edit("CI-00002", {"location": "seen on Monday"})
    number = cast.ada.show("CI-00003").number
    cast.ada.link(number, "connects-to", "CI-00001")
    assert keep(cast) == 3  # two are cured, one is missing a day longer
    report = run(cast.ada, "data-quality", Period(), {})
    assert report.data["counts"] == {
        "stale": 0, "orphan": 0, "duplicate": 2, "no_owner": 1, "placeholder_serial": 1, "missing": 1,
    }  # fmt: skip
    assert (report.data["cis"], report.data["unauthorised"]) == (9, 0)
    assert report.data["clean_percent"] == pytest.approx(100 * 4 / 9)
    assert {row["name"]: row["since"] is not None for row in report.rows}["blank"]
    assert [row["name"] for row in run(cast.ada, "data-quality", Period(), {"finding": "no-owner"}).rows] == ["nobody's"]
    assert begun < cast.clock.now()
    for options, said in (({"finding": "x"}, "there is no finding"), ({"x": "y"}, "does not take")):
        with pytest.raises(InvalidInput, match=said):
            run(cast.ada, "data-quality", Period(), options)


def test_the_flaws_of_one_ci_are_those_that_all_of_them_say(flawed: Cast) -> None:
    keep(flawed)
    with flawed.database.read() as connection:
        everything = list(quality.findings(connection, flawed.clock.now()))
        for number in range(1, 11):
            key = flawed.ada.show(f"CI-{number:05}").id
            own = tuple(one for one in everything if one.ci_id == key)
            assert quality.findings_of(connection, key, flawed.clock.now()) == own


@settings(max_examples=40)
@given(st.lists(st.sampled_from(["SN-1111", "sn-1111", "NA", "0000", None, "SN-2222"]), max_size=8))
def test_only_usable_serial_numbers_make_duplicates(serials: list[Any]) -> None:
    """Against the definition: as many rows share a number as are called duplicates."""
    rows = [
        {"id": i, "number": f"CI-{i}", "serial": serial, "uuid": None, "mac": None, "fqdn": None, "asset_number": None}
        for i, serial in enumerate(serials)
    ]
    real = [serial.casefold() for serial in serials if serial and serial not in ("NA", "0000")]
    twice = quality._twice(rows)  # type: ignore[arg-type]  # rows of a database are read like these
    assert len(twice) == sum(real.count(serial) for serial in set(real) if real.count(serial) > 1)
