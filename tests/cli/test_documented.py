"""Every command line that the documentation promises is understood, and every kind and field that scripts rely on is there."""

from __future__ import annotations

import pytest

from deskterm.cli.command import commands, parse
from deskterm.kinds import declared
from tests.cli.shell import Shell

PROMISED = """
demo
demo --fresh --prepare-only
init
init --admin ada
kinds
fields incident
new incident summary=x description=@notes.txt solution=-
show INC-00001
list incident
list incident state:open --sort due_at,-priority --limit 10 --columns summary,team --csv
list incident -
edit INC-00001 summary=y --version 2
edit INC-00001 INC-00002 urgency=1
edit - urgency=1
do INC-00001 resolve code=solved solution=x
actions INC-00001
note INC-00001 text
note INC-00001 text --public
link CI-00001 depends-on CI-00002
link CI-00001 depends-on CI-00002 --from 2026-01-01 --until 2026-02-01 --group web --need 1
unlink CI-00001 depends-on CI-00002
search vpn gateway
import csv people.csv --dry-run --mapping people.toml
export incident state:open --format csv
export incident --format jsonl
export shift --format ics
export incident --format md
report service-desk --from 2026-01-01 --to 2026-02-01 team=network --format table
report incidents --format json
report sla --format csv
report handover team=network --format md
report changes by=type --format json
report change-schedule
export change --format ics
do CHG-00001 complete code=successful
explain CHG-00001 risk
report cmdb by=location --format csv
report continuity --format json
explain BCP-00001 recovery
continuity copy
continuity read BCP-00001
continuity run EXE-00001 start Restore who=ada
compare BL-00001 now --ci CI-00001
report finance period=2026-11 currency=EUR method=step-down --format csv
import focus bill.csv --skip-bad --mapping cloud.toml
statement CRN-00001 Acme --format md
do CRN-00001 credit reason=outage amount=10
explain INC-00001 cost
explain INC-00001
explain INC-00001 resolution
jobs
jobs run breach-check
jobs run-due
worker
calc elapsed
backup copy.desk
restore copy.desk
doctor
authorized-keys desk ssh-ed25519 AAAA
"""

FIELDS = {
    "change": "summary description state type category reason cis plan backout_plan test_plan window_start window_end "
    "risk_answers",
    "work-order": "summary description state change ci planned_start planned_end actual_start actual_end",
    "organisation": "name",
    "person": "name email organisation vip",
    "team": "name lead members",
    "agent": "login name roles teams",
    "service": "name criticality owner customer",
    "calendar": "name tz hours holidays days valid_from",
    "agreement": "name type service customer calendar valid_from",
    "target": "agreement metric priorities amount_seconds days unit warn_percent",
    "interaction": "caller channel summary outcome record",
    "incident": "summary description requester channel service ci category impact urgency priority team assignee occurred_at "
    "tags",
    "ci": "name type status location owner serial attributes service",
    "cost": "name element amount currency on service ci centre",
    "budget": "name amount currency starts_at ends_at service centre",
    "allocation-rule": "from shares valid_from",
    "charge-run": "starts_at ends_at currency notional total",
    "business-case": "name flows rate npv irr payback roi",
    "impact-analysis": "service rto_seconds rpo_seconds wrt_seconds mtpd_seconds impacts",
    "continuity-plan": "name services",
    "recovery-step": "plan name minutes after role",
    "exercise": "plan disrupted_at invoked_at verified_at newest_data_at",
}
ACTIONS = {
    "charge-run": "reckon issue credit",
    "incident": "assign start pend resume resolve close reopen cancel escalate",
    "change": "submit assess approve reject vote schedule implement complete review close revise cancel",
    "work-order": "start finish cancel",
    "exercise": "begin invoke start-step finish-step assign-step skip-step repeat-step verify reject close cancel",
}
CALC = "elapsed due burn priority"


@pytest.mark.parametrize("line", PROMISED.strip().splitlines())
def test_a_promised_command_line_is_understood(line: str) -> None:
    name, *words = line.split()
    parse(commands()[name], words)


@pytest.mark.parametrize("kind", sorted(FIELDS))
def test_the_fields_that_scripts_rely_on_are_there(kind: str) -> None:
    assert set(FIELDS[kind].split()) <= declared().kind(kind).all_fields.keys()
    actions = {action.name for action in declared().kind(kind).workflow.actions}
    assert set(ACTIONS.get(kind, "").split()) <= actions


def test_calc_offers_what_the_desk_reckons_with(shell: Shell) -> None:
    assert set(CALC.split()) <= set(shell.ok("calc").splitlines())


def test_the_story_of_a_desk_from_nothing(shell: Shell) -> None:
    """The commands one after another, as somebody sets up a desk and works a first incident on it."""
    hours = '{"mon": [["08:00","18:00"]], "tue": [["08:00","18:00"]], "wed": [["08:00","18:00"]]}'
    for line in (
        ["init", "--admin", "ada"],
        ["new", "organisation", "name=Acme"],
        ["new", "person", "name=Maria Lopez", "organisation=Acme", "email=maria@acme.example", "vip=yes"],
        ["new", "team", "name=network"],
        ["new", "agent", "login=bob", 'roles=["agent"]', "teams=network"],
        ["new", "service", "name=VPN", "criticality=high", "owner=Maria Lopez", "customer=Acme"],
        ["new", "calendar", "name=Office", "tz=UTC", f"hours={hours}"],
        ["new", "agreement", "name=Gold", "type=sla", "customer=Acme", "calendar=Office", "valid_from=2026-01-01"],
        ["new", "target", "agreement=Gold", "metric=response", "amount_seconds=3600", "unit=business-hours"],
        ["new", "target", "agreement=Gold", "metric=resolution", "priorities=[1,2]", "amount_seconds=4h", "warn_percent=[75]"],
    ):
        shell.ok(*line)
    bob = ("--as", "bob")
    number = shell.ok(
        *bob, "new", "incident", "summary=VPN drops", "requester=Maria Lopez", "service=VPN", "impact=1", "urgency=1"
    )
    shown = shell.read("show", number)
    assert [(c["metric"], c["agreement"], c["state"]) for c in shown["clocks"]] == [
        ("response", "Gold", "running"),
        ("resolution", "Gold", "running"),
    ]
    shell.ok(*bob, "note", number, "We are on it", "--public")
    shell.ok(*bob, "do", number, "assign", "team=network", "assignee=bob")
    shell.ok(*bob, "do", number, "start")
    shell.ok(*bob, "do", number, "resolve", "code=solved", "solution=Restarted the gateway")
    shell.ok(*bob, "do", number, "close")
    shown = shell.read("show", number)
    assert (shown["state"], shown["assignee"], shown["solution"]) == ("closed", "bob", "Restarted the gateway")
    assert [clock["state"] for clock in shown["clocks"]] == ["met", "met"]
    assert all(clock["elapsed_seconds"] + clock["remaining_seconds"] == clock["target_seconds"] for clock in shown["clocks"])
    assert shell.read("report", "sla")["total"] == {"met": 2, "missed": 0, "met_percent": 100.0}
    assert shell.read("doctor")["findings"] == []
