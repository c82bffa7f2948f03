"""A change from nothing to its report by the command line alone, as scripts do it."""

from __future__ import annotations

from tests.cli.shell import Shell
from tests.desks import cast_on

WINDOW = ("window_start=2026-12-01T21:00:00Z", "window_end=2026-12-01T23:00:00Z")
PLANS = ("reason=Sessions drop", "plan=Flash it", "backout_plan=Flash the old image", "test_plan=Connect", "category=minor")
RISK = 'risk_answers={"complexity": "low", "backout_tested": true, "supplier_present": 2}'


def raised(shell: Shell, *more: str) -> str:
    return shell.ok("--as", "bob", "new", "change", "summary=New firmware", "cis=vpn-gw-1", *PLANS, *WINDOW, RISK, *more)


def test_the_way_of_a_change_and_what_is_refused_on_it(shell: Shell) -> None:
    with cast_on(shell.database):
        bare = shell.ok("new", "change", "summary=Something")
        said = shell.refused("do", bare, "submit")
        assert all(
            name in said for name in ("reason", "cis", "plan", "backout_plan", "test_plan", "window_start", "risk_answers")
        )
        number = raised(shell)
        for action in ("submit", "assess"):
            shell.ok("--as", "bob", "do", number, action)
        assert "nobody votes on their own request" in shell.refused("--as", "bob", "do", number, "approve")
        shell.ok("--as", "sue", "do", number, "approve", "comment=Good")
        assert shell.read("show", number)["state"] == "approved"
        for words in (["schedule"], ["implement"], ["complete", "code=successful"], ["close"]):
            shell.ok("--as", "bob", "do", number, *words)
        failed = raised(shell, "type=emergency")
        shell.ok("--as", "bob", "do", failed, "submit")
        shell.ok("do", failed, "approve")
        for words in (["schedule"], ["implement"], ["complete", "code=failed"]):
            shell.ok("--as", "bob", "do", failed, *words)
        assert "post-implementation review" in shell.refused("--as", "bob", "do", failed, "close")
        shell.ok("--as", "bob", "do", failed, "review", "review=It was the wrong image")
        shell.ok("--as", "bob", "do", failed, "close")
        shown = shell.read("show", failed)
        assert (shown["state"], shown["code"], shown["cis"]) == ("closed", "failed", ["vpn-gw-1"])
        report = shell.read("report", "changes")
        keys = ("implemented", "successful", "failed", "backed_out", "success_rate", "emergency_rate", "unauthorised")
        assert [report[key] for key in keys] == [2, 1, 1, 0, 50.0, 50.0, 0]
        risk = shell.read("explain", number, "risk")["risk"]
        assert risk["risk"] == sum(part["points"] for part in risk["parts"])
        assert "supplier_present 2" in risk["parts"][0]["why"]
        other = raised(shell)
        shell.ok("--as", "bob", "do", other, "submit")
        (met,) = shell.read("explain", raised(shell), "conflicts")["conflicts"]
        assert (met["conflict"], met["number"], met["cis"]) == ("same-ci", other, ["CI-00001"])
        assert "same CI" in shell.ok("explain", raised(shell), "conflicts")
        said = shell.refused("explain", number, "conflicts")
        assert f"{number} has no figure 'conflicts'; it has: " in said
        assert said.rstrip().endswith("cost, risk")
        assert "ends before it starts" in shell.refused("edit", bare, "window_start=2026-12-02", "window_end=2026-12-01")
        assert shell.read("doctor")["findings"] == []
