"""The report and the explanations: what they say, that they add up, and what they refuse."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest

from deskterm.clock import parse_instant
from deskterm.errors import ImportRefused, InvalidInput
from deskterm.exchange.exporting import run_export
from deskterm.exchange.importing import run_import
from deskterm.explanations import explain
from deskterm.reports import Period, run
from tests.availability.outages import DAY, NEXT, on, outage, service
from tests.cli.shell import Shell
from tests.desks import Cast, cast_on

PERIOD = Period(parse_instant(DAY), parse_instant(NEXT))


def shop(cast: Cast) -> str:
    number = service(cast.ada, "Shop", A=None, B=None)
    outage(cast.ada, "A", on("01", "10:00"), on("01", "11:00"))
    outage(cast.ada, "B", on("01", "10:30"), on("01", "11:30"), cause="planned")
    outage(cast.ada, "B", on("01", "12:00"), on("01", "13:00"), cause="monitoring-gap")
    return number


def test_the_report_says_what_was_agreed_in_the_interface(any_cast: Cast) -> None:
    shop(any_cast)
    data = run(any_cast.ada, "availability", PERIOD, {}).data
    assert (data["from"], data["to"]) == (DAY, NEXT)
    rows = {row.get("service") or row.get("ci"): row for row in data["rows"]}
    assert set(rows) == {"A", "B", "Shop", "Payroll", "Workplace"}
    row = rows["Shop"]
    wanted = {
        "agreed_seconds": 86400, "downtime_seconds": 5400, "planned_seconds": 3600, "unknown_seconds": 3600,
        "availability": 93.75, "outages": 1, "mtrs_seconds": 5400, "mtbf_seconds": 81000, "mtbsi_seconds": 86400, "open": False,
    }  # fmt: skip
    assert {name: row[name] for name in wanted} == wanted
    assert row["availability_excluding_planned"] == 100 * (86400 - 1800) / 86400
    assert [(share["ci"], share["seconds"]) for share in row["attribution"]] == [("A", 2700), ("B", 2700)]
    payroll = rows["Payroll"]
    assert (payroll["availability"], payroll["mtbf_seconds"], payroll["outages"]) == (100, None, 0)


def test_a_row_without_failures_says_so_and_one_without_agreed_time_is_not_available(cast: Cast) -> None:
    cast.ada.create("calendar", {"name": "Mondays", "tz": "UTC", "hours": {"mon": [["08:00", "09:00"]]}})
    cast.ada.create("agreement", {"name": "P", "service": "Payroll", "calendar": "Mondays", "valid_from": "2020-01-01"})
    shop(cast)
    shown = {row["name"]: row for row in run(cast.ada, "availability", PERIOD, {"by": "service"}).rows}
    assert (shown["Workplace"]["mtbf"], shown["Workplace"]["availability"]) == ("no failures", 100)
    assert (shown["Payroll"]["mtbf"], shown["Payroll"]["availability"]) == ("n/a", None)


def test_of_a_time_before_a_service_was_recorded_and_before_any_outage_nothing_is_known(any_cast: Cast) -> None:
    def told() -> tuple[object, ...]:
        (row,) = run(any_cast.ada, "availability", PERIOD, {"service": "Workplace"}).rows
        return row["availability"], row["available"], row["mtbf"], row["unknown_seconds"], row["agreed_seconds"]

    assert told() == (None, "n/a", "n/a", 86400, 86400)
    any_cast.clock.advance(3600)
    lately = run(any_cast.ada, "availability", Period(any_cast.clock.now() - 86400, any_cast.clock.now()), {})
    assert {row["availability"] for row in lately.rows} == {100}
    any_cast.ada.create("outage", {"service": "Payroll", "started_at": DAY, "ended_at": NEXT})
    assert told() == (100, "100 %", "no failures", 0, 86400), "outages were loaded from that time on: it had none"


def test_the_report_is_about_one_of_them_if_asked(cast: Cast) -> None:
    shop(cast)
    assert [row["name"] for row in run(cast.ada, "availability", PERIOD, {"ci": "A"}).rows] == ["A"]
    assert [row["name"] for row in run(cast.ada, "availability", PERIOD, {"service": "Shop"}).rows] == ["Shop"]
    assert [row["name"] for row in run(cast.ada, "availability", PERIOD, {"by": "ci"}).rows] == ["A", "B"]
    for options, said in (({"ci": "Z"}, "there is no ci 'Z'"), ({"by": "day"}, "by is service"), ({"of": "x"}, "takes service")):
        with pytest.raises(InvalidInput, match=said):
            run(cast.ada, "availability", PERIOD, options)


def test_the_percentage_of_a_service_is_explained_stretch_by_stretch(any_cast: Cast) -> None:
    number = shop(any_cast)
    found = explain(any_cast.ada, number, f"availability:{DAY[:10]}..2026-11-01")
    data = found.data["availability"]
    told = [
        (one["from"][11:16], one["to"][11:16], one["state"], one["records"], one["running_seconds"]) for one in data["segments"]
    ]
    assert told == [
        ("10:00", "10:30", "down", ["OUT-00001"], 1800),
        ("10:30", "11:00", "planned", ["OUT-00001", "OUT-00002"], 3600),
        ("11:00", "11:30", "planned", ["OUT-00002"], 5400),
        ("12:00", "13:00", "unknown", ["OUT-00003"], 5400),
    ]
    assert data["downtime_seconds"] == sum(one["counted_seconds"] for one in data["segments"])
    assert "93.75 %" in found.parts[0].title


def test_downtime_outside_the_agreed_time_is_shown_and_counts_nothing(cast: Cast) -> None:
    service(cast.ada, "Shop", A=None)
    cast.ada.create("agreement", {"name": "Shop", "service": "Shop", "calendar": "Office", "valid_from": "2020-01-01"})
    outage(cast.ada, "A", on("01", "10:00"), on("02", "08:00"))  # Sunday noon to Monday 09:00 in Berlin
    data = explain(cast.ada, "SVC-00003", "availability:2026-11-01..2026-11-02").data["availability"]
    told = [(one["state"], one["counted_seconds"]) for one in data["segments"]]
    assert told == [("closed", 0), ("down", 3600)]
    assert data["downtime_seconds"] == 3600


def test_an_outage_is_explained_by_what_it_took_along(cast: Cast) -> None:
    shop(cast)
    data = explain(cast.ada, "OUT-00001").data["availability"]
    told = {one["name"]: (one["downtime_seconds"], one["planned_seconds"], one["attributed_seconds"]) for one in data["reached"]}
    assert told == {"A": (3600, 0, 3600), "Shop": (3600, 1800, 2700)}
    assert explain(cast.ada, "OUT-00003").data["availability"]["reached"] == []


@pytest.mark.parametrize("period", ["soon", "2027", "2026-11-03..2026-11-01", "2027-01"])
def test_what_is_no_period_is_refused(cast: Cast, period: str) -> None:
    number = service(cast.ada, "Shop")
    with pytest.raises(InvalidInput, match=r"is no period|has not begun"):
        explain(cast.ada, number, f"availability:{period}")


def test_by_command_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    shell = Shell(monkeypatch, capsys, tmp_path)
    with cast_on(shell.database) as cast:
        shop(cast)
    made = shell.ok("new", "outage", "ci=A", "started_at=2026-11-01T20:00:00Z", "ended_at=2026-11-01T21:00:00Z", "state=degraded")
    assert made == "OUT-00004"
    shown = json.loads(shell.ok("--json", "show", made))
    assert (shown["state"], shown["cause"], shown["ci"]) == ("degraded", "unplanned", "A")
    text = shell.ok("report", "availability", "--from", "2026-11-01", "--to", "2026-11-02")
    assert "no failures" in text
    assert "93.75 %" in text
    told = json.loads(shell.ok("--json", "report", "availability", "--from", "2026-11-01", "--to", "2026-11-02"))
    assert {row["availability"] for row in told["rows"] if row.get("service") == "Shop"} == {93.75}
    assert "running" not in shell.ok("explain", "SVC-00003", "availability:2026-11-01")
    assert shell("report", "availability", "by=moon").status == 1


def test_outages_come_and_go_as_a_table(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "outage.csv"
    path.write_text(
        "ci,service,state,started_at,ended_at,cause\n"
        "vpn-gw-1,,down,2026-11-01T10:00:00Z,2026-11-01T11:00:00Z,unplanned\n"
        "vpn-gw-1,,degraded,2026-11-01T12:00:00Z,2026-11-01T13:00:00Z,supplier\n"
        ",Payroll,unknown,2026-11-01T12:00:00Z,,monitoring-gap\n"
    )
    assert run_import(cast.ada, "csv", path).created == 3
    again = run_import(cast.ada, "csv", path)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 3)
    cast.ada.act("OUT-00001", "withdraw", {"reason": "A test"})
    out = StringIO()
    run_export(cast.ada, "csv", cast.ada.registry.kind("outage"), "*", "number", out)
    path.write_text(out.getvalue())
    same = run_import(cast.ada, "csv", path)
    assert (same.created, same.updated, same.unchanged) == (0, 0, 3)
    states = [row.state for row in cast.ada.page(cast.ada.prepare(("outage",), "*", "number")).rows]
    assert states == ["withdrawn", "degraded", "unknown"]
    path.write_text("ci,started_at,ended_at\nvpn-gw-1,2026-11-01T10:00:00Z,2026-11-01T09:00:00Z\n")
    with pytest.raises(ImportRefused) as refusal:
        run_import(cast.ada, "csv", path)
    assert [(row.line, row.field) for row in refusal.value.rows] == [(2, "ended_at")]
