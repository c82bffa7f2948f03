"""The worked examples of availability and capacity at a prompt: by the process and by `calc`, which are one function."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deskterm.availability import attribution, fault_trees
from deskterm.availability import rules as measuring
from deskterm.capacity import forecasts, queues
from tests.cli.asking import answer, called
from tests.cli.shell import Shell

DAY = ("--from", "2024-03-04", "--to", "2024-03-05")
DOWN = {"A": ["2024-03-04T10:00:00Z", "2024-03-04T11:00:00Z"], "B": ["2024-03-04T10:30:00Z", "2024-03-04T11:30:00Z"]}
FIGURES = ("agreed_seconds", "downtime_seconds", "planned_seconds", "unknown_seconds", "availability",
           "availability_excluding_planned", "outages", "mtrs_seconds", "mtbf_seconds", "mtbsi_seconds")  # fmt: skip
"""What `report availability` and `calc` tell alike."""
Y = (0, 10, 20, 30, 40, 0, 10, 20, 30, 40, 50)
WEEKDAYS = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}


@pytest.fixture
def desk(shell: Shell) -> Shell:
    """A desk with nothing on it."""
    shell.ok("init", "--admin", "ada")
    return shell


def server(desk: Shell, name: str, *fields: str) -> str:
    """Return the number of a server, which is made where there is none of that name."""
    items = desk.read("list", "ci", f"name:{name}")["items"]
    return str(items[0]["number"]) if items else desk.ok("new", "ci", f"name={name}", "type=server", *fields)


def relate(desk: Shell, service: str, *names: str, **group: str) -> None:
    number = desk.ok("new", "service", f"name={service}")
    for name in names:
        extra = [word for key, value in group.items() for word in (f"--{key}", value)]
        desk.ok("link", number, "depends-on", server(desk, name), "--from", "2020-01-01", *extra)


def figures(desk: Shell, name: str, period: tuple[str, ...] = DAY) -> dict[str, Any]:
    (row,) = desk.read("report", "availability", *period, f"service={name}")["rows"]
    return dict(row)


def shared_downtime(desk: Shell) -> None:
    relate(desk, "Both", "A", "B")
    relate(desk, "Either", "A", "B", group="pair", need="1")
    for name, (start, end) in DOWN.items():
        desk.ok("new", "outage", f"ci={name}", f"started_at={start}", f"ended_at={end}")
    parts = {name: [pair] for name, pair in DOWN.items()}
    for service, needs, percent in (("Both", {"all": ["A", "B"]}, 93.75), ("Either", {"k": 1, "of": ["A", "B"]}, 100 - 100 / 48)):
        row = figures(desk, service)
        calc = answer(desk, "service", **{"from": "2024-03-04T00:00:00Z", "to": "2024-03-05T00:00:00Z"}, needs=needs, parts=parts)
        assert row["availability"] == pytest.approx(percent)
        assert {name: row[name] for name in FIGURES} == {name: calc[name] for name in FIGURES}
        assert {one["ci"]: one["seconds"] for one in row["attribution"]} == calc["attribution"]


def means(desk: Shell) -> None:
    desk.ok("new", "calendar", "name=Weekdays", "tz=UTC", f"hours={json.dumps(WEEKDAYS)}")
    relate(desk, "Batch", "host")
    desk.ok("new", "agreement", "name=Batch", "service=Batch", "calendar=Weekdays", "valid_from=2020-01-01")
    down = [
        [f"2024-03-{day}T08:00:00Z", f"2024-03-{day}T{8 + hours:02d}:00:00Z"] for day, hours in (("04", 2), ("05", 4), ("07", 3))
    ]
    for start, end in down:
        desk.ok("new", "outage", "ci=host", f"started_at={start}", f"ended_at={end}")
    row = figures(desk, "Batch", ("--from", "2024-03-04", "--to", "2024-03-11"))
    question = {"from": "2024-03-04T00:00:00Z", "to": "2024-03-11T00:00:00Z", "service_hours": {"tz": "UTC", "hours": WEEKDAYS}}
    calc = answer(desk, "availability", **question, down=down)
    assert {name: row[name] for name in FIGURES} == {name: calc[name] for name in FIGURES}
    assert (row["mtbf_seconds"], row["mtrs_seconds"], row["availability"]) == (37 * 3600, 3 * 3600, 92.5)


def power(desk: Shell) -> None:
    for name, fails in (("mains", 3), ("generator", 2), ("relay", 5)):
        server(desk, name, f"mtbf_seconds={(100 - fails) * 3600}", f"mtrs_seconds={fails * 3600}")
    for name in ("generator", "relay"):
        desk.ok("link", server(desk, "backup"), "depends-on", server(desk, name), "--from", "2020-01-01")
    relate(desk, "Power", "mains", "backup", group="feeds", need="1")
    (row,) = desk.read("report", "prediction", "service=Power")["rows"]
    top = {"and": ["mains", {"or": ["generator", "relay"]}]}
    calc = answer(desk, "fault-tree", top=top, events={"mains": 0.03, "generator": 0.02, "relay": 0.05})
    assert (row["unavailability"], calc["probability"]) == (0.00207, 0.00207)
    told = [sorted(one) for one in row["cut_sets"] if not {"backup", "Power"} & set(one)]
    assert sorted(told) == calc["cut_sets"] == [["generator", "mains"], ["mains", "relay"]]
    assert row["single_points"] == calc["single_points"] == []


def days_left(desk: Shell) -> None:
    desk.ok("new", "resource", "name=disk", "metric=disk", "capacity=100")
    lines = [f"2024-03-04T{at // 3600:02d}:{at % 3600 // 60:02d}:00Z,{y}" for at, y in zip(range(0, 3001, 300), Y, strict=True)]
    Path(desk.folder / "disk.csv").write_text("\n".join(["timestamp,value", *lines]), encoding="utf-8")
    desk.ok("import", "samples", str(desk.folder / "disk.csv"))
    (row,) = desk.read("report", "capacity", "--from", "2024-03-04", "--to", "2024-03-04T00:50:00Z")["rows"]
    samples = [[line.split(",")[0], float(line.split(",")[1])] for line in lines]
    calc = answer(desk, "forecast", samples=samples, method="least-squares", threshold=100)
    plain = answer(
        desk, "forecast", samples=[[300 * i, y] for i, y in enumerate(Y)], method="least-squares", threshold=100, at=6600
    )
    assert plain["slope"] == pytest.approx(0.0106060606)
    assert plain["value"] == pytest.approx(76.818182)
    assert (row["days_left"] * 86_400, row["r2"]) == (pytest.approx(calc["seconds_left"]), calc["r2"])
    assert row["trend_per_day"] == pytest.approx(86_400 * calc["slope"])
    assert calc["seconds_left"] == pytest.approx(5785.714, abs=1e-3)


def agents(desk: Shell) -> None:
    rows = [f"call {i},phone,2024-03-04T09:{i % 30:02d}:{i // 30:02d}Z,180" for i in range(100)]
    path = desk.folder / "interaction.csv"
    path.write_text("\n".join(["summary,channel,occurred_at,handle_seconds", *rows]), encoding="utf-8")
    desk.ok("import", "csv", str(path))
    peak = desk.read("report", "staffing", "--from", "2024-03-04", "--to", "2024-03-11")["peak"]
    calc = answer(desk, "erlang-c", calls=100, interval_seconds=1800, handle_seconds=180, agents=14, target_seconds=20)
    assert (peak["agents"], peak["contacts"]) == (14, 100)
    assert peak["service_level"] == 100 * calc["service_level"] == pytest.approx(88.835, abs=1e-3)
    assert peak["occupancy"] == 100 * calc["occupancy"] == pytest.approx(71.42857)
    assert (calc["p_wait"], calc["mean_wait_seconds"]) == (pytest.approx(0.1741319, abs=1e-7), pytest.approx(7.83594, abs=1e-5))


@pytest.mark.parametrize(
    ("example", "functions"),
    [
        (shared_downtime, (measuring.measure, attribution.charged)), (means, (measuring.measure,)),
        (power, (fault_trees.analyse,)), (days_left, (forecasts.forecast, forecasts.fit)),
        (agents, (queues.erlang_c, queues.agents_needed)),
    ],
    ids=["availability a", "availability b", "availability d", "capacity a", "capacity b"],
)  # fmt: skip
def test_the_process_and_calc_answer_alike_by_the_same_function(
    desk: Shell, example: Callable[[Shell], None], functions: tuple[Callable[..., Any], ...]
) -> None:
    with called() as seen:
        example(desk)
    assert {function.__code__ for function in functions} <= seen
