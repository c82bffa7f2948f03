"""Service level requirements from the shell: made, listed, shown, negotiated, held against what is promised."""

from __future__ import annotations

from tests.cli.shell import Shell


def test_a_requirement_goes_its_way_from_the_shell(desk: Shell) -> None:
    number = desk.ok(
        "new", "requirement", "summary=Pay runs again within 2 h", "customer=Acme", "service=Payroll", "metric=resolution",
        "priority=1", "amount_seconds=2h", "objective=95", "asked_by=Maria Lopez", "wanted_from=2026-12-01",
    )  # fmt: skip
    assert number == "SLR-00001"
    shown = desk.read("show", number)
    assert (shown["kind"], shown["state"], shown["customer"], shown["amount_seconds"]) == (
        "requirement",
        "proposed",
        "Acme",
        7200,
    )
    assert "SLR-00001" in desk.ok("list", "requirement", "state:proposed customer:Acme metric:resolution")
    said = desk.ok("explain", number, "met")
    assert "met: promised less than wanted; in 90 days n/a" in said
    assert "Standard: resolution 4 h, business hours" in said
    found = desk.read("explain", number, "met")["met"]
    assert (found["promised"], found["kept"], found["promises"][0]["target_number"]) == (
        "promised less than wanted", "n/a", "TGT-00002",
    )  # fmt: skip
    assert len(found["promises"][0]["lacking"]) == 2
    desk.ok("do", number, "negotiate")
    assert "agreement" in desk.refused("do", number, "agree")
    desk.ok("do", number, "agree", "agreement=Standard")
    assert desk.read("show", number)["agreement"] == "Standard"
    assert number in desk.ok("list", "requirement", "agreement:Standard")
