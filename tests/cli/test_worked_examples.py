"""The worked examples of continuity and finance at a prompt: by the process and by `calc`, which are one function."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from deskterm.continuity import recovery_plans
from deskterm.financial import allocation_rules, depreciation, investment, rules
from tests.cli.asking import answer, called
from tests.cli.shell import Shell

STEPS: dict[str, dict[str, Any]] = {
    "hosts": {"minutes": 30},
    "database": {"minutes": 45},
    "check": {"minutes": 60, "after": ["hosts", "database"]},
}
SHARES = {"Y": {"Z": 0.2, "A": 0.5, "B": 0.3}, "Z": {"Y": 0.3, "A": 0.3, "C": 0.4}}
FLOWS = [-15000, 1500, 2500, 3500, 4500, 6000]
MAINFRAME = ("type=server", "service=A", "cost=100000", "life_years=5", "in_service_at=2010-03-04")
WRITTEN_OFF = [[2010, 16500], *([year, 20000] for year in range(2011, 2015)), [2015, 3500]]


@pytest.fixture
def desk(shell: Shell) -> Shell:
    """A desk with three services."""
    shell.ok("init", "--admin", "ada")
    for name in ("A", "B", "C"):
        shell.ok("new", "service", f"name={name}")
    return shell


def recovery(desk: Shell) -> None:
    desk.ok("new", "continuity-plan", "name=Plan", "services=A")
    for name, step in STEPS.items():
        waits = [f"after={json.dumps(step['after'])}"] if "after" in step else []
        desk.ok("new", "recovery-step", "plan=BCP-00001", f"name={name}", f"minutes={step['minutes']}", *waits)
    found = desk.read("explain", "BCP-00001", "recovery")["recovery"]
    calc = answer(desk, "recovery", steps=STEPS)
    assert (found["elapsed_seconds"], found["effort_seconds"]) == (105 * 60, 135 * 60)
    assert (calc["elapsed_minutes"], calc["effort_minutes"]) == (105, 135)
    assert [one["step"] for one in found["critical_path"]] == calc["critical_path"] == ["database", "check"]


def allocate(desk: Shell) -> None:
    for centre, amount in (("Y", "7260"), ("Z", "4000")):
        desk.ok("new", "cost", "name=x", f"amount={amount}", "on=2026-10-05", f"centre={centre}")
    for source, shares in SHARES.items():
        desk.ok("new", "allocation-rule", f"from={source}", f"shares={json.dumps(shares)}", "valid_from=2026-01-01")
    found = desk.read("report", "finance", "period=2026-10")
    calc = answer(desk, "allocate", costs={"Y": 7260, "Z": 4000}, shares=SHARES, method="reciprocal")
    assert calc["gross"] == {"Y": 9000, "Z": 5800}
    assert {row["service"]: float(row["total"]) for row in found["rows"]} == calc["totals"]
    for name, gross in (("CEN-00001", "9000.00"), ("CEN-00002", "5800.00")):
        assert desk.read("explain", name, "cost:2026-10")["cost"]["gross"] == gross


def split(desk: Shell) -> None:
    desk.ok("new", "cost", "name=x", "amount=100.00", "on=2026-10-05", "service=A")
    for name in ("Acme", "Borg", "Cyan"):
        desk.ok("new", "organisation", f"name={name}")
    desk.ok("new", "price", "basis=shares", 'shares={"Acme": 1, "Borg": 1, "Cyan": 1}', "valid_from=2026-01-01")
    number = desk.ok("new", "charge-run", "starts_at=2026-10-01", "ends_at=2026-11-01")
    charged = [one["charged"] for one in desk.read("statement", number)["customers"]]
    calc = answer(desk, "split", amount=100, weights=[1, 1, 1])
    assert charged == ["33.34", "33.33", "33.33"]
    assert calc["parts"] == [33.34, 33.33, 33.33]


def written_off(desk: Shell) -> None:
    number = desk.ok("new", "ci", "name=mainframe", *MAINFRAME)
    found = [[one["year"], float(one["amount"])] for one in desk.read("explain", number, "value")["value"]["schedule"]]
    asset = {"cost": 100000, "salvage": 0, "years": 5, "in_service": "2010-03-04", "year_end": "12-31"}
    assert found == answer(desk, "depreciation", **asset, method="straight-line")["schedule"] == WRITTEN_OFF
    years = [float(desk.read("report", "finance", f"period={year}")["spend"]) for year in range(2010, 2016)]
    assert years == [amount for _, amount in WRITTEN_OFF], "and the ledger books just that"


def invest(desk: Shell) -> None:
    number = desk.ok("new", "business-case", "name=x", f"flows={json.dumps(FLOWS)}", "rate=5")
    calc = answer(desk, "investment", flows=FLOWS, rate=0.05)
    assert (desk.read("show", number)["npv"], calc["npv"]) == ("122.89", 122.89)
    told = desk.read("explain", number, "worth")["worth"]
    assert (told["npv"], told["irr"]) == ("122.89", f"{calc['irr'] * 100:.4f} %")
    assert told["payback"] == f"{calc['payback']:.2f}"


@pytest.mark.parametrize(
    ("example", "function"),
    [
        (recovery, recovery_plans.schedule),
        (allocate, allocation_rules.pass_on),
        (split, rules.split),
        (written_off, depreciation.schedule),
        (invest, investment.appraise),
    ],
    ids=["continuity b", "finance a", "finance b", "finance c", "finance d"],
)
def test_the_process_and_calc_say_the_same(desk: Shell, example: Callable[[Shell], None], function: Callable[..., Any]) -> None:
    with called() as seen:
        example(desk)
    assert function.__code__ in seen


@pytest.mark.parametrize(
    ("question", "name", "process", "function"),
    [
        ({"steps": STEPS}, "recovery", "deskterm.continuity.plans:schedule", recovery_plans.schedule),
        ({"steps": STEPS}, "recovery", "deskterm.continuity.reading:schedule", recovery_plans.schedule),
        ({"costs": {"Y": 1}, "shares": {"Y": {"A": 1}}, "method": "direct"}, "allocate",
         "deskterm.financial.attribution:pass_on", allocation_rules.pass_on),
        ({"amount": 1, "weights": [1]}, "split", "deskterm.financial.charging:split", rules.split),
        ({"cost": 1, "years": 1, "in_service": "2026-01-01"}, "depreciation", "deskterm.financial.assets:schedule",
         depreciation.schedule),
        ({"flows": [-1, 2], "rate": 0}, "investment", "deskterm.financial.investment:appraise", investment.appraise),
    ],
)  # fmt: skip
def test_calc_calls_the_very_function_that_the_process_calls(
    desk: Shell, question: dict[str, Any], name: str, process: str, function: Callable[..., Any]
) -> None:
    """No second arithmetic: what the process imports is what `calc` runs, the same object."""
    from deskterm.late import named

    assert named(process) is function
    with called() as seen:
        answer(desk, name, **question)
    assert function.__code__ in seen


def test_continuity_a_an_analysis_says_its_mtpd_and_its_gap(desk: Shell) -> None:
    impacts = json.dumps({"financial": [["0", 1], ["4h", 2], ["24h", 4]]})
    asked = ("rto_seconds=20h", "wrt_seconds=6h", "unacceptable=4")
    number = desk.ok("new", "impact-analysis", "service=A", f"impacts={impacts}", *asked)
    found = desk.read("explain", number, "mtpd")["mtpd"]
    assert (found["mtpd_seconds"], found["gap_seconds"]) == (24 * 3600, 2 * 3600)
    (row,) = desk.read("report", "continuity")["rows"]
    assert row["mtpd_seconds"] == 24 * 3600
    assert {gap["code"]: gap["seconds"] for gap in row["gaps"]}["mtpd"] == 2 * 3600
    assert "RTO + WRT is 26:00, the MTPD 24:00: 2:00 too long" in desk.ok("report", "continuity")


def test_continuity_c_a_run_says_what_was_lost_and_by_how_much_it_was_late(desk: Shell) -> None:
    desk.ok("new", "impact-analysis", "service=A", "rto_seconds=3h")
    recovery(desk)
    stamps = ("disrupted_at=2026-10-20T10:00Z", "newest_data_at=2026-10-20T09:40Z", "invoked_at=2026-10-20T10:25Z")
    number = desk.ok("new", "exercise", "plan=BCP-00001", *stamps, "verified_at=2026-10-20T13:10Z")
    found = desk.read("explain", number, "recovery")["recovery"]
    assert (found["rpo_actual_seconds"], found["rto_actual_seconds"]) == (20 * 60, 190 * 60)
    assert (found["from_invocation_seconds"], found["rto_seconds"], found["result"]) == (165 * 60, 180 * 60, "missed")
    (row,) = desk.read("report", "continuity")["rows"]
    assert {gap["code"]: gap["seconds"] for gap in row["gaps"]}["missed"] == 10 * 60
    assert (row["drills"], row["met"], row["worst_seconds"], row["latest_seconds"]) == (1, 0, 190 * 60, 190 * 60)
