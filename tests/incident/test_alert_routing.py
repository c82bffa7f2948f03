"""Where alerts go: rules by label, what labels name on the desk, owners, the default; and how bad they are."""

from __future__ import annotations

import time
from typing import Any

import pytest

from deskterm.errors import InvalidInput, NotAllowed
from deskterm.incident.alert_places import names_in
from deskterm.incident.alert_routing import Matcher, Severities, worst
from deskterm.incident.alerts import Delivery
from tests.desks import Cast
from tests.incident.alerting import HOUR, alert, incidents, only, tell


@pytest.mark.parametrize(
    ("condition", "value", "holds"),
    [
        ("env=prod", "prod", True), ("env=prod", "prod2", False), ("env=prod|test", "test", True), ("env!=prod", "test", True),
        ("env!=prod|test", "test", False), ("env=", "", True), ("env!=", "", False), ("env=p*d", "prod", True),
        ("env=*", "", True), ('env="prod"', "prod", True), (" env = prod ", "prod", True), ("env=[ab]?", "[ab]?", True),
        ("env=[ab]?", "ax", False), ("env=a=b", "a=b", True), ("env=*\n*", "x\ny", True),
    ],
)  # fmt: skip
def test_conditions(condition: str, value: str, holds: bool) -> None:
    assert Matcher.parse(condition).holds({"env": value} if value else {}) is holds


def test_no_label_makes_a_condition_slow() -> None:
    matcher = Matcher.parse("x=" + "*a" * 20 + "b")
    began = time.process_time()
    assert not matcher.holds({"x": "a" * 4_000})
    assert time.process_time() - began < 1


@pytest.mark.parametrize("text", ["", "env", "=x", "a b=c", "!=x"])
def test_what_is_no_condition(text: str) -> None:
    with pytest.raises(InvalidInput, match="no condition"):
        Matcher.parse(text)


@pytest.mark.parametrize("wrong", [5, "x", {"a": 1}, {"a": [1]}, {"a": [0, 1]}, {"a": [1, 4]}, {"a": [True, 1]}, [["a", 1]], [5]])
def test_what_are_no_severities(wrong: object) -> None:
    with pytest.raises(InvalidInput):
        Severities.parse(wrong)


def test_the_worst_of_several() -> None:
    assert worst([(3, 3), (2, 1), (1, 2), (2, 2)]) == (1, 2)


@pytest.mark.parametrize(
    ("label", "names"),
    [
        ("web1", ("web1",)),
        ("web1:9100", ("web1:9100", "web1")),
        ("web1.example.org:9100", ("web1.example.org:9100", "web1.example.org", "web1")),
        ("https://web1.example.org/x?y#z", ("https://web1.example.org/x?y#z", "web1.example.org", "web1")),
        ("192.0.2.1:9100", ("192.0.2.1:9100", "192.0.2.1")),
        ("[2001:db8::1]:9100", ("[2001:db8::1]:9100", "2001:db8::1")),
        ("two words", ("two words",)),
        ("", ()),
        ("x" * 5_000, ()),
    ],
)  # fmt: skip
def test_what_a_label_may_name(label: str, names: tuple[str, ...]) -> None:
    assert names_in(label)[: len(names)] == names


def place(cast: Cast, **labels: str) -> tuple[Any, ...]:
    """Return CI, service and team, by name, of the incident that an alert with these labels becomes."""
    cast.clock.advance(HOUR)
    tell(cast.ada, alert(f"a{len(incidents(cast))}", 60, labels={"instance": "", **labels}))
    view = cast.ada.show(incidents(cast)[-1].number)
    return tuple(view.names[key].title if (key := view.values[name]) else None for name in ("ci", "service", "team"))


def test_labels_name_what_it_is_about(cast: Cast) -> None:
    cast.ada.create("ci", {"name": "db1", "serial": "SN-77", "attributes": {"fqdn": "db1.acme.example", "ip": "192.0.2.7"}})
    cast.ada.create("ci", {"name": "old", "status": "retired"})
    assert place(cast, instance="VPN-GW-1:9100") == ("vpn-gw-1", "Workplace", None)
    assert place(cast, instance="vpn-gw-1.acme.example:9100")[0] == "vpn-gw-1"
    assert (
        place(cast, instance="db1.acme.example")[0] == place(cast, host="192.0.2.7:22")[0] == place(cast, ci="SN-77")[0] == "db1"
    )
    assert place(cast, instance="old", job="payroll") == (None, "Payroll", None)
    assert place(cast, team="Network", job="nothing") == (None, None, "network")


def test_a_name_of_several_is_none_and_says_so(cast: Cast) -> None:
    for _ in range(2):
        cast.ada.create("ci", {"name": "twin"})
    assert place(cast, instance="twin:1", host="vpn-gw-1")[0] == "vpn-gw-1"
    assert place(cast, instance="twin:1")[0] is None
    view = cast.ada.show(incidents(cast)[-1].number)
    assert "instance=twin names several configuration items (CI-00002, CI-00003)" in view.values["description"]


def test_owners_stand_between_a_rule_and_the_default(cast: Cast) -> None:
    cast.ada.create("alert-rule", {"name": "everything", "team": "desk", "category": "other", "position": 1})
    assert place(cast, instance="vpn-gw-1") == ("vpn-gw-1", "Workplace", "desk")
    workplace = next(row.number for row in cast.ada.page(cast.ada.prepare(["service"], "name:Workplace")).rows)
    cast.ada.edit(workplace, {"owner": "eve"})
    assert place(cast, instance="vpn-gw-1")[2] == "network"
    cast.ada.create("ci", {"name": "own", "owner": "network"})
    assert place(cast, instance="own") == ("own", None, "network")
    cast.ada.create("alert-rule", {"name": "vpn", "match": ["instance=vpn*"], "team": "desk", "service": "Payroll"})
    assert place(cast, instance="vpn-gw-1") == ("vpn-gw-1", "Payroll", "desk")
    view = cast.ada.show(incidents(cast)[-1].number)
    assert (view.values["category"], view.state) == ("other", "assigned")


def test_the_first_rule_that_matches_decides(cast: Cast) -> None:
    cast.clock.advance(HOUR)
    cast.ada.create("alert-rule", {"name": "late", "position": 200, "match": ["env=test"], "category": "late"})
    cast.ada.create(
        "alert-rule",
        {"name": "early", "position": 100, "match": ["env=test"], "severities": {"critical": [3, 3]}, "grouping": "each"},
    )
    told = tuple(alert(name, 60, labels={"env": "test", "severity": "critical"}) for name in "ab")
    tell(cast.ada, Delivery("alertmanager", told, group_key="g"))
    assert [(row.priority, cast.ada.show(row.number).values["category"]) for row in incidents(cast)] == [(5, None), (5, None)]


def test_a_rule_of_another_source_is_not_asked(cast: Cast) -> None:
    cast.clock.advance(HOUR)
    cast.ada.create("alert-rule", {"name": "n", "source": "nagios", "match": ["alertname=a"], "drop": True})
    tell(cast.ada, alert("a", 60))
    assert only(cast).state == "new"


def test_what_is_dropped_leaves_no_trace(cast: Cast) -> None:
    cast.clock.advance(HOUR)
    rule = cast.ada.create("alert-rule", {"name": "noise", "match": ["alertname=Watchdog|InfoInhibitor"], "drop": True}).number
    before = cast.ada.position()
    assert tell(cast.ada, alert("Watchdog", 60)).dropped == 1
    assert cast.ada.changes(before).items == ()
    cast.ada.act(rule, "retire")
    tell(cast.ada, alert("Watchdog", 60))
    assert only(cast).title == "Watchdog is wrong"


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({}, "says something"),
        ({"drop": True}, "says which alerts"),
        ({"match": ["nonsense"], "team": "desk"}, "no condition"),
        ({"severities": {"critical": [9, 9]}}, "impact and urgency"),
        ({"team": "nobody"}, "no team"),
    ],
)  # fmt: skip
def test_a_rule_that_makes_no_sense_is_refused(cast: Cast, values: dict[str, object], message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        cast.ada.create("alert-rule", {"name": "x", **values})


def test_rules_are_policy_of_incident_managers_and_administrators(cast: Cast) -> None:
    cast.ada.create("agent", {"login": "ivy", "roles": ["incident-manager"]})
    values = {"name": "x", "team": "desk"}
    with pytest.raises(NotAllowed):
        cast.as_("sue").create("alert-rule", values)
    assert cast.as_("ivy").create("alert-rule", values).number == "ARL-00001"
