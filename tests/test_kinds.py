"""Declarations are light, and what they name by its place is there."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from deskterm.fields import Structure
from deskterm.kinds import PROCESSES, Kind, Rules, declared
from deskterm.late import named
from deskterm.permissions import Family

ROOT = Path(__file__).parent.parent
LOADED = """
import json, sys
from deskterm.kinds import declared
declared()
print(json.dumps(sorted(sys.modules)))
"""


def test_every_kinds_rules_are_where_they_are_declared() -> None:
    for kind in declared():
        hooks = kind.hooks
        assert all(callable(hook) for hook in (*hooks.complete, *hooks.check, *hooks.after, *hooks.link, *hooks.lasting)), (
            kind.name
        )
        assert all(callable(handler) for handler in hooks.handlers.values()), kind.name
        actions = {action.name for action in kind.workflow.actions}
        assert set(hooks.handlers) <= actions, f"{kind.name}: handlers of actions that there are not"


def test_every_check_and_every_list_of_usual_values_is_where_it_is_declared() -> None:
    inputs = ((kind, item) for kind in declared() for action in kind.workflow.actions for item in action.inputs)
    own = ((kind, item) for kind in declared() for item in kind.fields)
    places = set()
    for _kind, item in (*own, *inputs):
        if item.suggested_by:
            places.add(item.suggested_by)
        if isinstance(item.type, Structure) and isinstance(item.type.check, str) and item.type.check:
            places.add(item.type.check)
    assert "deskterm.configuration.types:names" in places
    assert "deskterm.incident.alert_rules:checked_severities" in places
    for place in places:
        assert callable(named(place)), place


def test_every_kinds_table_is_where_it_is_declared_and_has_its_columns() -> None:
    for kind in declared():
        kind.require_columns()
    assert declared().kind("change").own_table is named("data.tables.change:change")


def test_rules_are_loaded_once_and_a_kind_without_any_has_none() -> None:
    kind = declared().kind("agreement")
    assert isinstance(kind.rules, str)
    assert kind.hooks is kind.hooks is named(kind.rules)
    assert declared().kind("organisation").hooks == Rules()


@pytest.mark.parametrize(
    ("place", "error"),
    [
        ("deskterm.incident.nowhere:RULES", ImportError),
        ("deskterm.incident.service:NOTHING", AttributeError),
        ("deskterm.incident.service:HANDLERS", TypeError),
    ],
)
def test_a_place_without_rules_is_an_error(place: str, error: type[Exception]) -> None:
    kind = Kind(name="lamp", prefix="LAMP", process="incident", family=Family.WORK, fields=(), rules=place)
    with pytest.raises(error):
        _ = kind.hooks


@pytest.mark.parametrize(
    ("place", "error"),
    [
        ("data.tables.nowhere:lamp", ImportError),
        ("data.tables.core:lamp", AttributeError),
        ("data.tables.core:__name__", TypeError),
    ],
)
def test_a_place_without_a_table_is_an_error(place: str, error: type[Exception]) -> None:
    kind = Kind(name="lamp", prefix="LAMP", process="incident", family=Family.WORK, fields=(), table=place)
    with pytest.raises(error):
        _ = kind.own_table


def test_declaring_loads_fields_and_workflows_alone() -> None:
    said = subprocess.run([sys.executable, "-c", LOADED], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    loaded = json.loads(said.stdout)
    assert "deskterm.change.kinds" in loaded
    heavy = [name for name in loaded if name in ("deskterm.desk", "deskterm.records.unit", "deskterm.records.store", "pydantic")]
    assert not heavy
    assert {name for name in loaded if name.startswith("data.tables.")} <= {"data.tables.core"}
    assert not [name for name in loaded if name.startswith(("data.queries.", "apscheduler", "zoneinfo", "sqlite3"))]
    rooms = [name for name in loaded if name.count(".") == 2 and name.split(".")[1] in PROCESSES and name.startswith("deskterm.")]
    services = [name for name in rooms if name.endswith(("service", "upkeep", "actions", "jobs", "health", "hints", "commands"))]
    assert not services
