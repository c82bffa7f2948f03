"""Samples by the file: tables and Prometheus' answers, real and broken; twice is once, and nothing half."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from data.tables import capacity as t
from deskterm.desk import Desk
from deskterm.errors import ImportRefused, InvalidInput, NotAllowed
from deskterm.exchange.importing import ImportResult, run_import
from tests.capacity.resources import resource
from tests.desks import Cast

NAB = """timestamp,value
2014-02-14 14:30:00,0.132
2014-02-14 14:35:00,0.134
2014-02-14 14:40:00,0.15
2014-02-14 14:35:00,0.2
2014-02-14 13:45:00,0.1
"""
"""The layout of the Numenta Anomaly Benchmark (MIT), with a second value of one instant and one that goes back."""


def load(
    desk: Desk, tmp_path: Path, content: str | bytes, *, name: str = "one.csv", form: str = "samples", **more: Any
) -> ImportResult:
    file = tmp_path / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return run_import(desk, form, file, **more)


def held(cast: Cast) -> list[tuple[int, float]]:
    with cast.database.read() as connection:
        return [(row.at, row.value) for row in connection.execute(select(t.sample).order_by(t.sample.c.at))]


def faults(desk: Desk, tmp_path: Path, content: str, **more: Any) -> list[tuple[int, str, str]]:
    with pytest.raises(ImportRefused) as refused:
        load(desk, tmp_path, content, **more)
    return [(row.line, row.field, row.message) for row in refused.value.rows]


def test_a_file_of_one_series_is_kept_in_order_and_twice_is_once(any_cast: Cast, tmp_path: Path) -> None:
    resource(any_cast, "one")
    assert load(any_cast.ada, tmp_path, NAB, dry_run=True) == ImportResult(created=4, unchanged=1)
    assert held(any_cast) == []
    assert load(any_cast.ada, tmp_path, NAB) == ImportResult(created=4, unchanged=1)
    assert load(any_cast.ada, tmp_path, NAB) == ImportResult(unchanged=5)
    assert [value for _, value in held(any_cast)] == [0.1, 0.132, 0.2, 0.15], "the later row of one instant counts"
    with any_cast.database.read() as connection:
        assert connection.execute(select(func.count()).select_from(t.sample_dirty)).scalar() == 0
        assert connection.execute(select(t.resource_hour.c.samples)).scalars().all() == [1, 3]


def test_a_table_names_its_resources_as_people_do(cast: Cast, tmp_path: Path) -> None:
    first = resource(cast, "one", external_key="host-1.disk")
    resource(cast, "two")
    told = (
        f"value;series;at\n1;{first};2026-11-01\n2;host-1.disk;1793491200\n3;two;1793491200000\n4;TWO;2026-11-01T02:00:00+01:00\n"
    )
    assert load(cast.ada, tmp_path, told) == ImportResult(created=3, unchanged=1), "two rows are of one instant"
    again = told.replace("\n4;", "\n40;")
    assert load(cast.ada, tmp_path, again, name="samples.csv", form="csv") == ImportResult(updated=1, unchanged=3)
    mapping = {"resource": "two", "zone": "Europe/Berlin", "factor": 10}
    assert load(cast.ada, tmp_path, "time,usage\n2026-11-01 02:00:00,4\n", mapping=mapping) == ImportResult(unchanged=1)


def test_every_bad_row_is_named_and_the_rest_may_be_kept(cast: Cast, tmp_path: Path) -> None:
    resource(cast, "one")
    content = (
        "resource,at,value\none,2026-11-01,1\none,2026-11-01,NaN\none,2026-11-01,-inf\none,yesterday,1\nnobody,2026-11-01,1\n"
        "one,2026-11-01\none,2026-11-01,1_0\none,2027-01-01,1\none,2026-11-01,1e300\n"
    )
    assert faults(cast.ada, tmp_path, content) == [
        (3, "value", "is NaN, which is no measurement"),
        (4, "value", "is -Inf, which is no measurement"),
        (5, "at", "must be an instant such as 2026-11-22T14:02:00Z, not 'yesterday'"),
        (6, "resource", "there is no resource 'nobody'; give its number or its exact name"),
        (7, "", "is cut short: it has 2 of 3 cells"),
        (8, "value", "must be a number, not '1_0'"),
        (9, "value", "is measured in the future"),
        (10, "value", "is beyond all measure (more than 1e+15)"),
    ]  # fmt: skip
    assert held(cast) == []
    assert load(cast.ada, tmp_path, content, skip_bad=True) == ImportResult(created=1, skipped=8)


@pytest.mark.parametrize(
    ("content", "line", "why"),
    [
        ("", 1, "is empty"), ("a,b\n1,2\n", 1, "there is no column at"), (NAB, 1, "there is no resource"),
        (b"\xff\xfea\x00", 1, "is UTF-16"), ("at,value\n\"2026", 1, "there is no resource"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_table_of_samples_is_refused(cast: Cast, tmp_path: Path, content: str, line: int, why: str) -> None:
    found = faults(cast.ada, tmp_path, content, name="other.csv")
    assert found[0][0] == line
    assert any(why in message for _, _, message in found)


def test_only_who_may_import_resources_does(cast: Cast, tmp_path: Path) -> None:
    resource(cast, "one")
    with pytest.raises(NotAllowed, match="bob may not import a resource"):
        load(cast.as_("bob"), tmp_path, NAB)
    with pytest.raises(InvalidInput, match="zone"):
        load(cast.ada, tmp_path, NAB, mapping={"zone": "Mars/Olympus"})


def answer(*series: tuple[dict[str, str], list[list[Any]]]) -> str:
    result = [{"metric": labels, "values": values} for labels, values in series]
    return json.dumps({"status": "success", "data": {"resultType": "matrix", "result": result}})


def test_an_answer_of_prometheus_finds_its_resources(any_cast: Cast, tmp_path: Path) -> None:
    resource(any_cast, "one", external_key='up{instance="a:9100",job="node"}')
    resource(any_cast, "two", metric="node_load1")
    resource(any_cast, "three")
    told = answer(
        ({"__name__": "up", "job": "node", "instance": "a:9100"}, [[1793491200.781, "1"], [1793491260, "0.5"]]),
        ({"__name__": "node_load1", "instance": "vpn-gw-1:9100"}, [[1793491200, "2"]]),
        ({"device": "sda"}, [[1793491200, "3000"]]),
    )
    mapping = {"series": [{"match": {"device": "sda"}, "resource": "three", "factor": 0.001}]}
    options: dict[str, Any] = {"name": "p.json", "form": "prometheus", "mapping": mapping}
    assert load(any_cast.ada, tmp_path, told, **options) == ImportResult(created=4)
    assert load(any_cast.ada, tmp_path, told, **options) == ImportResult(unchanged=4)
    assert sorted(value for _, value in held(any_cast)) == [0.5, 1.0, 2.0, 3.0]


def test_what_prometheus_did_not_measure_is_refused_by_its_place(cast: Cast, tmp_path: Path) -> None:
    resource(cast, "one", external_key="up")
    told = answer(({"__name__": "up"}, [[1793491200, "1"], [1793491260, "NaN"], [1793491320, "+Inf"], ["x", "1"], [1e300, "1"]]),
                  ({"__name__": "strange"}, [[1793491200, "1"]]))  # fmt: skip
    found = faults(cast.ada, tmp_path, told, name="p.json", form="prometheus")
    assert [(line, field) for line, field, _ in found] == [
        (1, "data.result[0].values[1]"), (1, "data.result[0].values[2]"), (1, "data.result[0].values[3]"),
        (1, "data.result[0].values[4]"), (1, "data.result[1].metric"),
    ]  # fmt: skip
    assert [message for _, _, message in found][:2] == ["is NaN, which is no measurement", "is +Inf, which is no measurement"]
    assert "set the external name of a resource to it" in found[-1][2]
    assert load(cast.ada, tmp_path, told, name="p.json", form="prometheus", skip_bad=True) == ImportResult(created=1, skipped=5)
    broken = (
        '{"status": "error", "error": "query timed out"}',
        '{"status": "success", "data": {"resultType": "vector"}}',
        "{}",
        "[",
        "",
    )
    assert [faults(cast.ada, tmp_path, one, form="prometheus")[0][2].split(":")[0][:30] for one in broken] == [
        "is an error of Prometheus", "must be a matrix, the answer o", "must be a matrix, the answer o", "is not JSON",
        "is empty; a range query answer",
    ]  # fmt: skip


REAL = Path(__file__).parents[3] / "shared" / "data" / "capacity-nab"


def test_real_series_with_duplicates_and_a_step_back_load_and_load_again(cast: Cast, tmp_path: Path) -> None:
    names = ("realAWSCloudwatch/ec2_disk_write_bytes_1ef3de", "realKnownCause/machine_temperature_system_failure")
    for name in names:
        path = REAL / f"{name}.csv"
        content = path.read_text() if path.exists() else NAB
        rows = [line.split(",")[0] for line in content.splitlines()[1:]]
        number = resource(cast, name.partition("/")[2])
        found = load(cast.ada, tmp_path, content, mapping={"resource": number})
        assert (found.created, found.created + found.unchanged) == (len(set(rows)), len(rows))
        assert load(cast.ada, tmp_path, content, mapping={"resource": number}) == ImportResult(unchanged=len(rows))
