"""The incidents of a status page as outages: what counts, what is apart, the same file twice, what is wrong with a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from deskterm.availability.gathering import known_of
from deskterm.clock import parse_instant
from deskterm.errors import ImportRefused, NotAllowed
from deskterm.exchange.importing import run_import
from deskterm.intervals import Spans
from deskterm.reports import Period, run
from tests.desks import Cast

EXCERPT = Path(__file__).parent / "github_status.jsonl"
WHOLE = Path(__file__).parents[2].parent / "shared" / "data" / "availability" / "github-status"
SINCE, UNTIL = parse_instant("2022-03-01T00:00:00Z"), parse_instant("2026-09-01T00:00:00Z")


def rows_of(cast: Cast) -> dict[str, Any]:
    found = run(cast.ada, "availability", Period(SINCE, UNTIL), {})
    return {row["name"]: row for row in found.rows}


def test_an_excerpt_becomes_outages_of_its_components_once(any_cast: Cast) -> None:
    first = run_import(any_cast.ada, "github-status", EXCERPT)
    again = run_import(any_cast.ada, "github-status", EXCERPT)
    # Ten incidents that count for something, one of them on ten components; one has no impact and is left out.
    assert (first.created, first.unchanged, first.skipped) == (19, 1, 0)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 20)
    rows = rows_of(any_cast)
    minutes = {name: row["downtime_seconds"] // 60 for name, row in rows.items() if row["downtime_seconds"]}
    assert minutes["GitHub"] == 57 + 332 + 50 + 44 + 10
    assert (minutes["Actions"], minutes["Codespaces"], minutes["Pages"]) == (57 + 44 + 10, 332 + 44, 44)
    assert rows["GitHub"]["planned_seconds"] == 0  # the two maintenances are apart: degraded, and planned
    assert rows["GitHub"]["degraded_seconds"] == 60 * 5511  # the one lies within the other
    assert sum(share["seconds"] for share in rows["GitHub"]["attribution"]) == rows["GitHub"]["downtime_seconds"]


def test_a_mapping_says_what_impact_means_and_whose_failure_it_is(cast: Cast) -> None:
    mapping = {"service": "Code hosting", "supplier": "GitHub", "minor": "down", "none": "degraded", "maintenance": "down"}
    assert run_import(cast.ada, "github-status", EXCERPT, mapping=mapping).created == 20
    row = rows_of(cast)["Code hosting"]
    assert row["planned_seconds"] == 60 * 5511
    overlap = 112  # the minor incident on Codespaces lies within maintenance
    assert row["downtime_seconds"] == 60 * (5511 + 57 + 332 + 50 + 44 + 10 + 112 - overlap + 247 + 179)
    assert {share["supplier"] for share in row["attribution"]} == {"GitHub", None}


def test_an_incident_that_was_mended_later_is_brought_up_to_date(cast: Cast, tmp_path: Path) -> None:
    line = json.loads(EXCERPT.read_text().splitlines()[4])
    path = tmp_path / "incidents.jsonl"
    path.write_text(json.dumps({**line, "downtime_end": None}))
    run_import(cast.ada, "github-status", path)
    assert cast.ada.page(cast.ada.prepare(("outage",), "ended_at:none")).rows
    path.write_text(json.dumps(line))
    assert run_import(cast.ada, "github-status", tmp_path).updated == 1
    assert not cast.ada.page(cast.ada.prepare(("outage",), "ended_at:none")).rows


def test_every_bad_line_is_named_and_nothing_is_loaded(any_cast: Cast, tmp_path: Path) -> None:
    good = json.loads(EXCERPT.read_text().splitlines()[4])
    bad: list[str | dict[str, Any]] = [
        "{", {**good, "id": "b", "impact": "awful"}, {**good, "id": "c", "downtime_end": "2020-01-01T00:00:00Z"},
        {**good, "id": "d", "downtime_start": "yesterday"}, good, good,
        {**good, "id": "e", "downtime_end": "2027-01-01T00:00:00Z"},
    ]  # fmt: skip
    path = tmp_path / "incidents.jsonl"
    path.write_text("\n".join(one if isinstance(one, str) else json.dumps(one) for one in bad))
    with pytest.raises(ImportRefused) as refusal:
        run_import(any_cast.ada, "github-status", path)
    assert [row.line for row in refusal.value.rows] == [1, 2, 3, 4]
    assert not any_cast.ada.page(any_cast.ada.prepare(("outage",), "*")).rows
    found = run_import(any_cast.ada, "github-status", path, skip_bad=True)
    assert (found.created, found.skipped) == (1, 6)


def test_importing_takes_the_right_to(cast: Cast) -> None:
    with pytest.raises(NotAllowed, match="import"):
        run_import(cast.as_("bob"), "github-status", EXCERPT)


def aggregates(path: Path) -> dict[str, Any]:
    """Work out from the file itself what its publishers say of it."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]

    def union(*impacts: str) -> int:
        some = [line for line in lines if line["impact"] in impacts]
        return (
            Spans.of((parse_instant(line["downtime_start"]), parse_instant(line["downtime_end"])) for line in some).seconds // 60
        )

    return {
        "union_minutes_major_or_critical": union("major", "critical"),
        "union_minutes_minor_major_critical": union("minor", "major", "critical"),
    }


def test_an_archive_comes_to_its_published_aggregates(cast: Cast) -> None:
    path = WHOLE / "incidents.jsonl" if WHOLE.exists() else EXCERPT
    expected = aggregates(path)
    if WHOLE.exists():
        published = json.loads((WHOLE / "expected_aggregates.json").read_text(encoding="utf-8"))
        assert {name: published[name] for name in expected} == expected
    run_import(cast.ada, "github-status", path)
    assert run_import(cast.ada, "github-status", path).created == 0
    assert rows_of(cast)["GitHub"]["downtime_seconds"] == 60 * expected["union_minutes_major_or_critical"]
    with cast.database.read() as connection:
        nodes = frozenset(row.id for row in cast.ada.page(cast.ada.prepare(("ci", "service"), "*"), limit=100).rows)
        facts = known_of(connection, nodes, SINCE, UNTIL).facts
    failures = Spans.of((fact.start, fact.until(UNTIL)) for fact in facts if fact.cause != "planned")
    assert failures.seconds == 60 * expected["union_minutes_minor_major_critical"]
