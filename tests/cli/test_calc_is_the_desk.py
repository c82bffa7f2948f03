"""`deskterm calc` reckons with the very functions that the desk judges records by: seen at work here, and called there."""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import deskterm
from deskterm.cli.calc import functions
from tests.cli.asking import called as seen_at_work
from tests.cli.test_calc_hostile import QUESTIONS


class Shared(NamedTuple):
    """A function that a question goes through, and a module of the process that calls the same."""

    home: str
    name: str
    caller: str


SHARED: dict[str, list[Shared]] = {
    "elapsed": [Shared("deskterm.calendars", "Calendar.elapsed", "deskterm.service_level.policy")],
    "due": [Shared("deskterm.service_level.policy", "Policy.due", "deskterm.service_level.rules")],
    "burn": [Shared("deskterm.service_level.error_budget", "burn", "deskterm.service_level.attainment")],
    "availability": [Shared("deskterm.availability.rules", "measure", "deskterm.availability.measuring")],
    "service": [
        Shared("deskterm.availability.rules", "measure", "deskterm.availability.measuring"),
        Shared("deskterm.availability.attribution", "charged", "deskterm.availability.blame"),
        Shared("deskterm.availability.decision_diagrams", "Diagram.essential", "deskterm.availability.blame"),
        Shared("deskterm.intervals", "at_least", "deskterm.availability.needs"),
    ],
    "fault-tree": [Shared("deskterm.availability.fault_trees", "analyse", "deskterm.availability.prediction")],
    "forecast": [
        Shared("deskterm.capacity.forecasts", "forecast", "deskterm.capacity.outlook"),
        Shared("deskterm.capacity.forecasts", "fit", "deskterm.capacity.outlook"),
    ],
    "erlang-c": [Shared("deskterm.capacity.queues", "erlang_c", "deskterm.capacity.staffing")],
    "allocate": [
        Shared("deskterm.financial.allocation_rules", "pass_on", "deskterm.financial.attribution"),
        Shared("deskterm.financial.rules", "settle", "deskterm.financial.budgets"),
    ],
    "split": [Shared("deskterm.financial.rules", "split", "deskterm.financial.charging")],
    "depreciation": [Shared("deskterm.financial.depreciation", "schedule", "deskterm.financial.assets")],
    "investment": [Shared("deskterm.financial.investment", "appraise", "deskterm.financial.case_rules")],
    "recovery": [Shared("deskterm.continuity.recovery_plans", "schedule", "deskterm.continuity.plans")],
    "priority": [Shared("deskterm.incident.rules", "priority_of", "deskterm.incident.service")],
}
"""By function of `calc`."""
ROWS = [(function, shared) for function, all_of_it in SHARED.items() for shared in all_of_it]


def found(shared: Shared) -> Callable[..., Any]:
    """Return the function itself."""
    here: Any = importlib.import_module(shared.home)
    for name in shared.name.split("."):
        here = getattr(here, name)
    function: Callable[..., Any] = inspect.unwrap(here)
    return function


def imports(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield what a module imports, early or late: where from, and the name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node.module, alias.name) for alias in node.names)


def called(tree: ast.Module) -> set[str]:
    """Return the last names of all that a module calls."""
    calls = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    return {
        func.attr if isinstance(func, ast.Attribute) else func.id for func in calls if isinstance(func, ast.Attribute | ast.Name)
    }


def test_every_function_is_here_and_every_function_of_the_interface_is_there() -> None:
    told = (Path(deskterm.__file__).parents[1] / "docs" / "calc.md").read_text(encoding="utf-8")
    documented = {line.split("`")[1] for line in told.splitlines() if line.startswith("| `")}
    assert functions().keys() == SHARED.keys()
    assert documented == functions().keys()


@pytest.mark.parametrize(("function", "shared"), ROWS, ids=[f"{function}: {shared.name}" for function, shared in ROWS])
def test_the_question_runs_through_what_the_process_calls(function: str, shared: Shared) -> None:
    one = found(shared)
    with seen_at_work() as seen:
        functions()[function](QUESTIONS[function])
    assert one.__code__ in seen, "calc goes through it"
    home, _, own = shared.home.rpartition(".")
    source = Path(importlib.import_module(shared.caller).__file__ or "").read_text(encoding="utf-8")
    tree = ast.parse(source)
    owner, name = shared.name.split(".")[0], shared.name.split(".")[-1]
    known = set(imports(tree))
    assert (shared.home, owner) in known or (home, own) in known, f"{shared.caller} has it from there"
    assert name in called(tree), f"{shared.caller} calls it"
